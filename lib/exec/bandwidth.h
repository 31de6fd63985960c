/**
 * @file
 * Measured limits of a team: the bandwidth of memory and caches, and peak arithmetic.
 */
#ifndef PELAGOS_EXEC_BANDWIDTH_H
#define PELAGOS_EXEC_BANDWIDTH_H

#include <stdbool.h>

#include "exec/team.h"

/**
 * STREAM triad a = b + s c (McCalpin 1995) with arrays of 64 MB or four times the last-level cache's size, whichever
 * is larger but at most 256 MB for each such cache, on the whole team; the best of several rounds after a warm-up.
 *
 * @param bytes_per_second  receives 24 bytes an element over the time taken (a read of b and c, a write of a)
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status pel_bandwidth_triad(pel_team *team, double *bytes_per_second);
/** Whether the arrays that pel_bandwidth_triad() takes for so many threads are four times the last-level caches: else
 * those may hold a part of them. */
bool pel_bandwidth_leaves_caches(const pel_topology *topology, int threads);
/**
 * The same triad with arrays that stay in the cache of `level`, 1 to 3: each thread has its own, within its share.
 *
 * @param bytes_per_second  receives the rate of all threads together; NAN where there is no such cache, or a thread's
 *                          share of it is less than four times its share of the level below
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status pel_bandwidth_cache(pel_team *team, int level, double *bytes_per_second);
/**
 * Fused multiply-adds in registers on the whole team: the best of several rounds.
 *
 * @param flops_per_second  receives operations a second of all threads, two a fused multiply-add
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status pel_peak_measure(pel_team *team, double *flops_per_second);

#endif
