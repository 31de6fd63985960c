/**
 * @file
 * Units: UDUNITS-2 behind three functions that lose no digits.
 *
 * A number and its unit are split before UDUNITS sees the unit. A value that is already in the wanted unit is not
 * converted; one that differs by a power of ten ("3840 km" as m) is read with its exponent shifted, so that it is the
 * double nearest to what was written. The calorie is the thermochemical one. The database is read once;
 * UDUNITS2_XML_PATH may say where it is. Thread-safe.
 */
#ifndef PELAGOS_DECK_UNITS_H
#define PELAGOS_DECK_UNITS_H

#include "base/status.h"

/**
 * Converts `value` in the unit `from` to the unit `to`; NULL or "" is the unit of a plain number.
 * @param result  receives the converted value; untouched on failure
 * @return PEL_OK, PEL_ERR_DECK if a unit is unknown or the two measure different things, PEL_ERR_FILE if there is no
 *         units database
 */
pel_status pel_units_convert(double value, const char *from, const char *to, double *result);

/**
 * Reads "500 m", "7e-5 s-1" or "500" as a number of `unit`; a bare number is in `unit` already.
 * @param calendar  "365_day", "360_day", "366_day" or "standard": the length of years and months in a duration; NULL
 *                  leaves them to UDUNITS
 * @param value     receives a finite number; untouched on failure
 * @return as pel_units_convert(); PEL_ERR_DECK also if the text is no number with a unit
 */
pel_status pel_units_parse(const char *text, const char *unit, const char *calendar, double *value);

/** Whether UDUNITS knows the unit. @return PEL_OK, PEL_ERR_DECK or PEL_ERR_FILE */
pel_status pel_units_check(const char *unit);

#endif
