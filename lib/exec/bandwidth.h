/**
 * @file
 * Measured memory bandwidth of a team: the limit that stencil codes run against.
 */
#ifndef PELAGOS_EXEC_BANDWIDTH_H
#define PELAGOS_EXEC_BANDWIDTH_H

#include "exec/team.h"

/**
 * STREAM triad a = b + s c (McCalpin 1995) with arrays of 64 MB or four times the last-level cache's share, whichever
 * is larger but at most 256 MB, on the whole team; the best of several rounds after a warm-up.
 *
 * @param bytes_per_second  receives 24 bytes an element over the time taken (a read of b and c, a write of a)
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status pel_bandwidth_triad(pel_team *team, double *bytes_per_second);

#endif
