/**
 * @file
 * Arrays of other people's netCDF-4 and HDF5 files: shapes, coordinates, units, values as doubles.
 */
#ifndef PELAGOS_IO_INPUT_H
#define PELAGOS_IO_INPUT_H

#include <stdbool.h>

#include "base/status.h"

typedef struct pel_input pel_input;

/** One dimension of an input. */
typedef struct pel_input_dimension {
    const char *name;          /**< "" where the file gives none */
    long length;               /**< in cells */
    const double *coordinates; /**< `length` values, or NULL where the file has none */
    const char *units;         /**< of the coordinates ("m", "seconds since 2000-01-01"); "" where not given */
    const char *calendar;      /**< of a time coordinate ("noleap"); "" where not given */
    bool is_time;              /**< whether its units say "... since ..." or its standard name is time */
} pel_input_dimension;

/**
 * Opens the array `variable` of a file. The sentence of a failure names the file and what it holds; classic netCDF
 * files are refused with the command that converts them.
 * @return PEL_OK; PEL_ERR_NAME (no such array; the nearest is suggested); PEL_ERR_MISMATCH (not numbers);
 *         PEL_ERR_FILE; PEL_ERR_CORRUPT (truncated)
 */
pel_status pel_input_open(const char *path, const char *variable, pel_input **input);
/** Closes and frees it with all that it handed out. NULL does nothing. */
void pel_input_close(pel_input *input);

/** The number of dimensions, 0 to 5. */
int pel_input_rank(const pel_input *input);
/** A dimension, slowest first; lives as long as the input. */
const pel_input_dimension *pel_input_dimension_get(const pel_input *input, int dimension);
/** The array's units, "" where the file gives none. */
const char *pel_input_units(const pel_input *input);

/**
 * Reads the box [start, start + count) as doubles, slowest dimension first. scale_factor and add_offset are applied;
 * _FillValue and missing_value become NaN.
 * @return PEL_OK; PEL_ERR_ARGUMENT (outside the array); PEL_ERR_CORRUPT (damaged data)
 */
pel_status pel_input_read(const pel_input *input, const long start[], const long count[], double *values);
/** Reads all of one record: index `record` of the slowest dimension. */
pel_status pel_input_read_record(const pel_input *input, long record, double *values);

#endif
