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

/** A region to come, of so many threads; by the calling thread, with the time as it begins. */
typedef struct pel_counted_region {
    struct pel_counter_line *lines;
    int number, threads;
    double start; /* pel_clock_seconds() */
} pel_counted_region;
pel_counted_region pel_counters_begin_region(pel_counters *counters, int threads);
/** Does one thread's work in it. */
void pel_counters_work(struct pel_counter_line *lines, int number, int thread, int threads, pel_team_work *work,
                       void *data);
/** Takes in the region, which has just ended. By the calling thread. */
void pel_counters_end_region(pel_counters *counters, const pel_counted_region *region);

/** Adds `seconds` of waiting, or of stolen tiles, within the work of `thread`. Only by that thread. */
void pel_counters_add_wait(pel_counters *counters, int thread, double seconds);
void pel_counters_add_stolen(pel_counters *counters, int thread, double seconds);

#endif
