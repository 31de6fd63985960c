/**
 * @file
 * What a team counts of its own work: time at work, time waiting, for each thread.
 *
 * A region is one pel_team_run(), timed by the calling thread. Of each thread of a region it is known how long it was
 * in the region's work, how long of that it waited for others (executors say so), and how long before the last thread
 * it had finished, which is waiting too. What is left of threads times the region's time is overhead: the region's
 * beginning and end, until the threads have come and gone. Outside regions one thread works.
 *
 * Counting never changes a result. Each thread writes to cache lines of its own, without locks.
 */
#ifndef PELAGOS_EXEC_COUNTERS_H
#define PELAGOS_EXEC_COUNTERS_H

#include <stdbool.h>

#include "base/status.h"
#include "exec/team.h"
#include "exec/trace.h"

/** What one thread has done in regions, seconds. */
typedef struct pel_thread_counts {
    double busy;    /**< at work, its waits taken out */
    double waiting; /**< for other threads, within the work and after it */
    double stolen;  /**< of `busy`: in tiles of another thread's share */
} pel_thread_counts;

/** What a team has counted. */
typedef struct pel_team_counts {
    int threads; /**< that have worked: pel_team_thread_counts() has figures of each */
    long regions;
    double region_seconds; /**< all regions, by the clock of the calling thread */
    double thread_seconds; /**< the same, each region times its threads: busy, waiting and overhead of all of them */
    double file_seconds;   /**< outside regions, reading and writing files */
} pel_team_counts;

/**
 * Gives the team counters, switched off; does nothing if it has some. They are the team's, and follow its size.
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status pel_team_counters_make(pel_team *team);
/** Lets counters count or rest; does nothing to a team without. Between two pieces of work, as all that follow. */
void pel_team_counters_switch(pel_team *team, bool is_on);
/** Sets all figures to 0. */
void pel_team_counters_reset(pel_team *team);
/** Gives the sums so far. @return false, with all zero, for a team without counters */
bool pel_team_counters_read(const pel_team *team, pel_team_counts *counts);
/** Those of one thread; all zero for one that has not worked. */
pel_thread_counts pel_team_thread_counts(const pel_team *team, int thread);

/** Whether the team counts now: work may then say what it knows by the functions below. At any time. */
bool pel_team_is_counting(const pel_team *team);
/** Adds `seconds` that thread `thread` has spent on what was another's. Only by that thread, while the team counts. */
void pel_team_count_stolen(pel_team *team, int thread, double seconds);
/** Notes that the calling thread has read or written the file `name` since `start`, outside regions: in the counters,
 * if the team counts, and in the trace, unless it is NULL. The name outlives the trace. */
void pel_team_note_file(pel_team *team, pel_trace *trace, const char *name, double start);

#endif
