/**
 * @file
 * The units of parameters in each system of units.
 */
#ifndef PELAGOS_APPS_MD_UNITS_H
#define PELAGOS_APPS_MD_UNITS_H

/** A pel_unit_of: length, time, mass, energy ... and what is made of them, "" in reduced units. */
const char *md_unit_of(const char *system, const char *quantity);

/** The same as files have it: "1" where numbers are plain. */
const char *md_file_unit(const char *system, const char *quantity);

#endif
