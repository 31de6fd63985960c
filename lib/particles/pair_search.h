/**
 * @file
 * All pairs of a configuration within a distance, for looking at it now and then: distribution functions, profiles.
 *
 * Forces have lists of their own; here cells are made anew at each call, for any distance up to half the box.
 */
#ifndef PELAGOS_PARTICLES_PAIR_SEARCH_H
#define PELAGOS_PARTICLES_PAIR_SEARCH_H

#include "exec/team.h"
#include "particles/configuration.h"

/** Called for a pair of rows i < j by any thread; `apart` is r_i - r_j, the nearest image, and r2 its square. */
typedef void pel_pair_visit(long i, long j, const double apart[3], double r2, int thread, void *data);

/**
 * Visits each pair with r2 < reach^2 once, in any order, by all threads at once.
 * @param atoms  wrapped into the box
 * @return PEL_OK; PEL_ERR_ARGUMENT if `reach` is not > 0 or is beyond half a periodic length; PEL_ERR_MEMORY
 */
pel_status pel_pair_search(pel_team *team, const pel_configuration *atoms, double reach, pel_pair_visit *visit,
                           void *data);

#endif
