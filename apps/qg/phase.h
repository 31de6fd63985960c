/**
 * @file
 * Random phases of the coefficients of a real field.
 */
#ifndef PELAGOS_APPS_QG_PHASE_H
#define PELAGOS_APPS_QG_PHASE_H

#include <math.h>

#include "base/random.h"

/** What the draws of phases are for. */
enum { QG_PHASE_FORCING, QG_PHASE_INITIAL, QG_DRAW_X, QG_DRAW_Y };

/** The angle of the coefficient of whole numbers (k, l) of wavelengths, uniform in [0, 2 pi): the same on any grid. For
 * k = 0 the angles of l and -l are opposite, as the coefficients are conjugate. */
static inline double qg_phase(uint64_t seed, uint64_t draw, uint64_t step, int k, int l)
{
    const int is_mirrored = k == 0 && l < 0;
    const uint64_t id = (uint64_t)(uint32_t)k << 32 | (uint32_t)(is_mirrored ? -l : l);
    const double angle = 2 * M_PI * pel_random_uniform((pel_random_key){seed, id, step, draw});
    return is_mirrored ? -angle : angle;
}

#endif
