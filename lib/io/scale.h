/**
 * @file
 * Which dimension scale an array lies along, in files of any origin.
 */
#ifndef PELAGOS_IO_SCALE_H
#define PELAGOS_IO_SCALE_H

#include "io/file.h"

/**
 * The path of the scale of dimension `dimension` of the array, in *name for the caller to free(); NULL where there is none.
 * @return PEL_OK, PEL_ERR_NAME if there is no such array, or PEL_ERR_FILE
 */
pel_status pel_file_scale(const pel_file *file, const char *array, int dimension, char **name);

#endif
