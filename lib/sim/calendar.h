/**
 * @file
 * Dates in the calendars of CF: how far apart two moments are. For lib/sim only.
 */
#ifndef PELAGOS_SIM_CALENDAR_H
#define PELAGOS_SIM_CALENDAR_H

#include <stdbool.h>

#include "base/status.h"

/** Whether two names stand for one calendar ("365_day" and "noleap", "standard" and "gregorian"). */
bool pel_calendar_is_same(const char *a, const char *b);
/**
 * Seconds from 0000-01-01 to the moment `text`: "2000-01-01", "2000-1-1 12:30", "2000-01-01T12:30:05.5Z".
 * @param calendar  365_day, 360_day, 366_day, or standard (here proleptic: no gap in 1582)
 * @return PEL_OK or PEL_ERR_DECK
 */
pel_status pel_calendar_seconds(const char *text, const char *calendar, double *seconds);
/**
 * What turns times in `units` ("days since 2000-01-01", or plain "hours": since the start) into seconds since
 * `reference`: seconds = factor * time + offset.
 */
pel_status pel_calendar_axis(const char *units, const char *calendar, const char *reference, double *factor,
                             double *offset);

#endif
