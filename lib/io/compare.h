/**
 * @file
 * Whether two HDF5 files hold the same: every array and attribute, bit for bit.
 */
#ifndef PELAGOS_IO_COMPARE_H
#define PELAGOS_IO_COMPARE_H

#include "base/status.h"
#include "base/text.h"

/**
 * Compares names, shapes, types and values of all arrays and attributes of two files; NaNs are equal where their bits
 * are. References to other objects are equal where those have the same path. Storage (chunks, compression, order of
 * creation) does not count. Arrays are read in blocks of bounded size.
 *
 * @param report        receives a line for each difference: where, the first index, how many values, the largest
 *                      absolute difference; after 100 lines only their number. NULL: none wanted
 * @param differences   receives the number of arrays and attributes that differ or stand in one file only
 * @return PEL_OK whether they differ or not; PEL_ERR_FILE or PEL_ERR_CORRUPT if a file cannot be read
 */
pel_status pel_file_compare(const char *a, const char *b, pel_text *report, long *differences);

/**
 * The same, without what `ignored` (ended by NULL) names: an array or group ("u", "state"; all below it too), an
 * attribute of one object ("u@units", "@history" for the file's own), or of all objects ("*@history").
 */
pel_status pel_file_compare_except(const char *a, const char *b, const char *const *ignored, pel_text *report,
                                   long *differences);

#endif
