/**
 * @file
 * Profiles along an axis of the box: density, temperature, and the pressure tensor's normal and tangential parts, whose
 * difference integrates to the surface tension of a slab.
 *
 * Numbers of atoms are counts and all else is summed exactly within a frame, so that nothing depends on an order. The
 * sums are plain arrays for the caller to checkpoint, and to divide into fields on a grid of bins.
 */
#ifndef PELAGOS_PARTICLES_PROFILE_H
#define PELAGOS_PARTICLES_PROFILE_H

#include "exec/team.h"
#include "particles/configuration.h"
#include "particles/potential.h"
#include "particles/unit_system.h"

/** Sums over all frames sampled. Arrays may be checkpointed and put back; the rest is read only. */
typedef struct pel_profile {
    int types, bins, axis;       /**< bins share the box's length along axis 0, 1 or 2 */
    int64_t frames, pair_frames; /**< sampled; sampled with a potential */
    int64_t *count;              /**< [types][bins]: atoms */
    double *kinetic;             /**< [2][bins]: sum of m v^2 u along the axis; across it, mean of both directions */
    double *virial;              /**< [2][bins]: likewise of r_a f_a of pairs, shared by length over the bins crossed */
    double *volume;              /**< [1]: sum over frames of the volume of a bin */
} pel_profile;

/** Makes an empty one. @return PEL_OK; PEL_ERR_ARGUMENT (types, bins < 1, no such axis); PEL_ERR_MEMORY */
pel_status pel_profile_create(int types, int bins, int axis, pel_profile *profile);
void pel_profile_free(pel_profile *profile);
/**
 * Adds a configuration (wrapped). Atoms beyond an open side along the axis are in the outermost bin.
 * @param potential  a pair potential (pel_pairs_create()), for pressures; NULL: none
 * @return PEL_OK; PEL_ERR_ARGUMENT for other types, a potential that is none of pairs, or a cutoff beyond half a
 *         periodic length; PEL_ERR_MEMORY
 */
pel_status pel_profile_sample(pel_profile *profile, pel_team *team, const pel_configuration *atoms,
                              const pel_potential *potential, const pel_unit_system *units);

/** Means over the frames in bin `bin`, 0 where nothing was sampled. Number density of a type (from 1; 0: of all). */
double pel_profile_density(const pel_profile *profile, int type, int bin);
/** The temperature of the atoms met in the bin, over 3 degrees of freedom each. */
double pel_profile_temperature(const pel_profile *profile, int bin, const pel_unit_system *units);
/** Pressure along (normal) or across (tangential) the axis; of pairs and motion, so only where all frames had a
 * potential. */
double pel_profile_normal_pressure(const pel_profile *profile, int bin, const pel_unit_system *units);
double pel_profile_tangential_pressure(const pel_profile *profile, int bin, const pel_unit_system *units);

#endif
