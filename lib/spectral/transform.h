/**
 * @file
 * Transforms between physical fields and spectral fields, recorded in a chain as calls on the whole team.
 *
 * All lines of a dimension go through the one plan of their length, whoever runs them, so that the bits are the same
 * for any number of threads. Levels along z (where z is not transformed), components and fields are batches.
 */
#ifndef PELAGOS_SPECTRAL_TRANSFORM_H
#define PELAGOS_SPECTRAL_TRANSFORM_H

#include "spectral/space.h"

enum { PEL_TRANSFORM_MOST = 16 }; /* fields at once, each component counted as one */

/** A physical field (double, or complex in a complex space, at cell centres) and its spectral field, of as many
 * components; both lie along all dimensions of their grids. */
typedef struct pel_transform_pair {
    pel_field *physical;
    int physical_level;
    pel_field *spectral;
    int spectral_level;
    bool is_spent; /**< backward: the coefficients are not needed any more and may be overwritten, which saves memory
                      and time, most of it in three dimensions; default: they are left as they are */
} pel_transform_pair;

/** Records physical -> spectral for up to PEL_TRANSFORM_MOST pairs. Coefficients are scaled (spectral/space.h). */
void pel_transform_forward(pel_space *space, pel_chain *chain, const char *name, const pel_transform_pair *pairs,
                           int count);
/** Records spectral -> physical. */
void pel_transform_backward(pel_space *space, pel_chain *chain, const char *name, const pel_transform_pair *pairs,
                            int count);

#endif
