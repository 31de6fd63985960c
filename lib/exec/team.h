/**
 * @file
 * The team: all threads of the process, placed once, that run everything that runs in parallel.
 */
#ifndef PELAGOS_EXEC_TEAM_H
#define PELAGOS_EXEC_TEAM_H

#include <stdbool.h>

#include "base/status.h"
#include "machine/placement.h"
#include "machine/topology.h"

typedef struct pel_team pel_team;

/** How a team is made; zero means the default. */
typedef struct pel_team_spec {
    int threads;      /**< 0: one for each core that the machine grants */
    bool is_unplaced; /**< leave placement to the system */
    bool is_quiet;    /**< no warnings about shared cores */
} pel_team_spec;

/** Makes the team and places its threads. One team at a time computes. @return PEL_OK, PEL_ERR_ARGUMENT, PEL_ERR_MEMORY
 */
pel_status pel_team_create(const pel_team_spec *spec, pel_team **team);
void pel_team_destroy(pel_team *team);
int pel_team_threads(const pel_team *team);
/** The machine that the team runs on, and where its threads were put. They live as long as the team. */
const pel_topology *pel_team_topology(const pel_team *team);
const pel_placement *pel_team_placement(const pel_team *team);

/** Work of one member of the team: thread `thread` of `threads`. */
typedef void pel_team_work(int thread, int threads, void *data);
/** Runs `work` on every thread at once; returns when all are done. Not from within team work. */
void pel_team_run(pel_team *team, pel_team_work *work, void *data);

/** The share [*lo, *hi) of `count` items that falls to `thread` of `threads`: contiguous, near-even. */
void pel_team_share(long count, int thread, int threads, long *lo, long *hi);

#endif
