/**
 * @file
 * Inside the team. For lib/exec only.
 */
#ifndef PELAGOS_EXEC_TEAM_INSIDE_H
#define PELAGOS_EXEC_TEAM_INSIDE_H

#include <stddef.h>

#include "exec/team.h"
#include "exec/wait_inside.h"

/** The NUMA domain of a thread; of one that is not placed, a guess. */
int pel_team_domain(const pel_team *team, int thread);
/** Bytes of the cache of level 1 to 3 that a core sees; 0 if there is none. */
size_t pel_team_cache_bytes(const pel_team *team, int level);

/** Bytes a second between memory and all threads: measured if pel_bandwidth_triad() was called for this number of
 * threads, else kept ones of this machine (pel_team_figures()), else nominal. */
double pel_team_memory_rate(const pel_team *team);
void pel_team_set_memory_rate(pel_team *team, double rate);
/** Whether work can be run: false for a machine given as text that has more threads than this one could pretend. */
bool pel_team_can_run(const pel_team *team);

#endif
