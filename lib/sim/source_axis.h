/**
 * @file
 * One dimension of an array of a foreign file: where the points of a field lie in it. For lib/sim/source.c only.
 */
#ifndef PELAGOS_SIM_SOURCE_AXIS_H
#define PELAGOS_SIM_SOURCE_AXIS_H

#include "io/input.h"
#include "mesh/field.h"

/** Point i of the field lies between the values low[i] and high[i] of the file: (1 - weight) low + weight high. */
typedef struct pel_axis {
    bool is_single;  /**< the array does not lie along it */
    bool is_falling; /**< rising points go down in the file */
    long length;     /**< of the array */
    int count;       /**< points of the field, from 0 */
    long *low, *high;
    double *weight;
} pel_axis;

/** The axis of a dimension that the field does not lie along: one point, one value. */
pel_status pel_axis_make_single(pel_axis *axis);
/**
 * Places the points of dimension d of `field` along a dimension of the array.
 * @return PEL_OK; PEL_ERR_NAME (without a sentence) if there are no coordinates and the numbers differ;
 * PEL_ERR_MISMATCH; PEL_ERR_DECK (unit); PEL_ERR_MEMORY. The axis is for pel_axis_free() in any case
 */
pel_status pel_axis_make(const pel_input_dimension *dimension, const pel_field *field, int d, pel_axis *axis);
void pel_axis_free(pel_axis *axis);
/** The times along a dimension, in seconds since `reference`. */
pel_status pel_axis_times(const pel_input_dimension *dimension, const char *calendar, const char *reference,
                          double *times);

#endif
