/**
 * @file
 * Inside the team. For lib/exec only.
 */
#ifndef PELAGOS_EXEC_TEAM_INSIDE_H
#define PELAGOS_EXEC_TEAM_INSIDE_H

#include <stddef.h>

#include "exec/team.h"
#include "exec/wait_inside.h"

/** The NUMA domain of a thread. */
int pel_team_domain(const pel_team *team, int thread);
/** Bytes of the cache of level 1 to 3 that a core sees; 0 if there is none. */
size_t pel_team_cache_bytes(const pel_team *team, int level);

#endif
