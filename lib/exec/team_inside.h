/**
 * @file
 * Inside the team. For lib/exec only.
 */
#ifndef PELAGOS_EXEC_TEAM_INSIDE_H
#define PELAGOS_EXEC_TEAM_INSIDE_H

#include <stddef.h>

#include "exec/team.h"

/**
 * Waits for all `threads` threads of the running team; every thread of one pel_team_run() calls it equally often. A
 * wait spins briefly and then sleeps, so that on a shared machine others can run meanwhile.
 */
void pel_team_barrier(int threads);
/** Bytes of the cache of level 1 to 3 that a core sees; 0 if there is none. */
size_t pel_team_cache_bytes(const pel_team *team, int level);

#endif
