/**
 * @file
 * Inside the counters of a team. For lib/exec only.
 */
#ifndef PELAGOS_EXEC_COUNTERS_INSIDE_H
#define PELAGOS_EXEC_COUNTERS_INSIDE_H

#include "exec/counters.h"

typedef struct pel_counters pel_counters;

/* team.c */
/** The team's counters while they count; else NULL. */
pel_counters *pel_team_counting(const pel_team *team);
/** The team's counters, counting or not; NULL: it has none. */
pel_counters *pel_team_counters(const pel_team *team);
/** Gives the team, which has none yet, counters that it owns from now on. */
void pel_team_set_counters(pel_team *team, pel_counters *counters);

/* counters.c */
/** Makes room for `threads` threads; figures stay. @return PEL_OK or PEL_ERR_MEMORY, with all as it was */
pel_status pel_counters_reserve(pel_counters *counters, int threads);
void pel_counters_destroy(pel_counters *counters);
bool pel_counters_are_on(const pel_counters *counters);

/** A piece of work that is counted: what a region runs in its place is pel_counters_work() with this as its data. */
typedef struct pel_counted_work {
    pel_counters *counters;
    pel_team_work *work;
    void *data;
} pel_counted_work;
pel_team_work pel_counters_work;
/** Takes in a region of `threads` threads that began at `start` and has just ended. By the calling thread. */
void pel_counters_end_region(pel_counters *counters, int threads, double start);

/** Adds `seconds` of waiting, or of stolen tiles, within the work of `thread`. Only by that thread. */
void pel_counters_add_wait(pel_counters *counters, int thread, double seconds);
void pel_counters_add_stolen(pel_counters *counters, int thread, double seconds);

#endif
