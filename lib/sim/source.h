/**
 * @file
 * Arrays of foreign netCDF-4 and HDF5 files, interpolated to the points of a field. For lib/sim only.
 *
 * The dimensions of a variable are (time,) z, y, x, as many of them as the field lies along. Where the file has a
 * coordinate (a dimension scale, rising or falling, in any unit of length) values are interpolated linearly along it;
 * where it has none the numbers of values and points must agree.
 */
#ifndef PELAGOS_SIM_SOURCE_H
#define PELAGOS_SIM_SOURCE_H

#include "mesh/field.h"

typedef struct pel_source pel_source;

/** Where from: a variable of a file, and the meaning of model time 0. */
typedef struct pel_source_spec {
    const char *path, *variable;
    const char *reference, *calendar; /**< of the run */
} pel_source_spec;

/**
 * Opens a variable to serve fields with the points of `field`; checks all that can be checked without its values.
 * @return PEL_OK; PEL_ERR_FILE, PEL_ERR_NAME, PEL_ERR_MISMATCH with file, variable and reason; PEL_ERR_MEMORY
 */
pel_status pel_source_open(const pel_source_spec *spec, const pel_field *field, pel_source **source);
/** Closes it; NULL is allowed. */
void pel_source_close(pel_source *source);
/** Number of records; 1 if the variable does not depend on time. */
long pel_source_records(const pel_source *source);
/** Model time of a record, s. */
double pel_source_time(const pel_source *source, long record);
/**
 * Interpolates a record to the owned points of level 0 of `field`, a field like that of pel_source_open(). Fields of
 * whole numbers take the nearest value.
 * @return PEL_OK; PEL_ERR_MISMATCH if a value that is needed is missing there; PEL_ERR_FILE; PEL_ERR_MEMORY
 */
pel_status pel_source_read(pel_source *source, long record, pel_field *field);

#endif
