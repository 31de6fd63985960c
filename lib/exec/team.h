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

/** Where the threads of a team sit. */
typedef enum pel_team_places {
    PEL_TEAM_AUTO,    /**< bound one a core if they are as many as the machine grants, else left to the system, as
                         another run may be on the same cores */
    PEL_TEAM_COMPACT, /**< bound to the first cores: fewest domains, shared caches */
    PEL_TEAM_SPREAD,  /**< bound evenly over all cores: most bandwidth */
    PEL_TEAM_UNPLACED /**< left to the system */
} pel_team_places;

/** How a team is made; zero means the default. */
typedef struct pel_team_spec {
    int threads; /**< 0: one for each core that the machine grants */
    pel_team_places places;
    bool is_quiet; /**< no warnings about shared cores */
    /** NULL: this machine; else another as hwloc's synthetic text, "pack:2 numa:4 core:16 l2:1(size=1MiB) pu:1": a team
     * to plan for, with one thread a core if `threads` is 0, not bound. Chains run on it with up to 64 threads only. */
    const char *machine;
} pel_team_spec;

/**
 * Makes the team and places its threads. One team at a time computes.
 * @return PEL_OK, PEL_ERR_ARGUMENT, PEL_ERR_MEMORY
 */
pel_status pel_team_create(const pel_team_spec *spec, pel_team **team);
void pel_team_destroy(pel_team *team);
int pel_team_threads(const pel_team *team);
/** The machine that the team runs on, and where its threads were put; until the team is resized or destroyed. */
const pel_topology *pel_team_topology(const pel_team *team);
const pel_placement *pel_team_placement(const pel_team *team);

/**
 * Gives the team another number of threads, between two pieces of work, and places them anew. What was computed stays
 * as it is, bit for bit, and so does what the next stretch computes; memory stays in the NUMA domains that touched it
 * first.
 * @return PEL_OK, PEL_ERR_ARGUMENT, PEL_ERR_MEMORY, with the team as it was
 */
pel_status pel_team_resize(pel_team *team, int threads);
/**
 * Looks at what the machine grants (pel_grant_read()), and if that is another number of processors than at the latest
 * look, gives the team as many threads and logs a line. Between two pieces of work; costs some ten microseconds if
 * nothing has changed.
 *
 * @param root  "" for this machine; else as for pel_grant_read(), for tests
 * @return PEL_OK, PEL_ERR_MEMORY, PEL_ERR_SYSTEM, with the team as it was
 */
pel_status pel_team_follow(pel_team *team, const char *root);

/** Work of one member of the team: thread `thread` of `threads`. */
typedef void pel_team_work(int thread, int threads, void *data);
/** Runs `work` on every thread at once; returns when all are done. Not from within team work. */
void pel_team_run(pel_team *team, pel_team_work *work, void *data);

/** The share [*lo, *hi) of `count` items that falls to `thread` of `threads`: contiguous, near-even. */
void pel_team_share(long count, int thread, int threads, long *lo, long *hi);

#endif
