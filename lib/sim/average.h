/**
 * @file
 * Running means and variances of fields: one pass, by Welford's update. For lib/sim only.
 *
 * An average owns fields of the component that belong to its state, so that checkpoints hold them; a chain updates them
 * at each sample. Their names begin with PEL_AVERAGE_PREFIX: they are no fields for a person to name.
 */
#ifndef PELAGOS_SIM_AVERAGE_H
#define PELAGOS_SIM_AVERAGE_H

#include "sim/component.h"

#define PEL_AVERAGE_PREFIX "average."

/** The accumulators of one field. */
typedef struct pel_average {
    pel_field *source;
    pel_field *mean;    /**< of the samples so far */
    pel_field *squares; /**< the sum of squared deviations from it; NULL: not wanted */
} pel_average;

/** Whether a field is an accumulator. */
bool pel_average_owns(const pel_field *field);
/** Declares the accumulators of `source` (doubles or floats) for the stream `stream`, and records their update in
 * `chain`. */
pel_status pel_average_declare(pel_field *source, const char *stream, bool with_squares, pel_chain *chain,
                               pel_average *average);
/** Sets the number (from 1) of the sample that the next run of `chain` takes of this average; 1 starts afresh. */
pel_status pel_average_number(const pel_average *average, pel_chain *chain, long number);

#endif
