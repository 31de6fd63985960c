/* The counters of a team.
 *
 * A region needs two readings of the clock a thread, one at the beginning of its work and one at the end, and two by
 * the thread that called. Who finished last is known only when all have. Asking every time would move a cache line from
 * each thread and back in each region; so a thread keeps a series of times when it finished, which the calling thread
 * looks through after so many regions, or when it is asked for figures.
 *
 * The figures are those that parallel efficiency is split by: with busy times b of p threads in a region of time T,
 * load balance is mean(b) / max(b), and all efficiency in the region sum(b) / (p T). */
#include "exec/counters_inside.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"

enum { SERIES = 64 };

/* What a thread itself notes; seconds. */
typedef struct pel_counter_line {
    _Alignas(64) double inside; /* in work, with its waits */
    double waited, stolen;      /* within the work */
    double ended[SERIES];       /* the work of the latest regions: pel_clock_seconds() */
} line;

struct pel_counters {
    line *lines;
    double *after; /* of each thread: waited for the last one to finish, s */
    int room;      /* threads that there are lines for */
    bool is_on;
    int pending, pending_threads; /* regions of which it is not known yet who finished last, of so many threads */
    pel_team_counts sums;
};

/* ---- who waited for whom ---- */

/* Finds who finished last in the regions that are pending, and what the others waited for that. */
static void settle(pel_counters *counters)
{
    for (int i = 0; i < counters->pending; i++) {
        double last = 0;
        for (int t = 0; t < counters->pending_threads; t++) last = fmax(last, counters->lines[t].ended[i]);
        for (int t = 0; t < counters->pending_threads; t++) counters->after[t] += last - counters->lines[t].ended[i];
    }
    counters->pending = 0;
}

/* ---- making and ending ---- */

static pel_status make_lines(int room, line **lines, double **after)
{
    PEL_TRY(pel_memory_new((size_t)room, sizeof **after, after));
    const size_t bytes = (size_t)room * sizeof **lines;
    *lines = aligned_alloc(_Alignof(line), bytes);
    if (!*lines) return pel_fail(PEL_ERR_MEMORY, "no memory for the counters of %d threads", room);
    memset(*lines, 0, bytes);
    return PEL_OK;
}

static void free_lines(line *lines, double *after)
{
    free(lines);
    free(after);
}

pel_status pel_counters_reserve(pel_counters *counters, int threads)
{
    line *lines = NULL;
    double *after = NULL;
    if (threads <= counters->room) return PEL_OK;
    settle(counters);
    const pel_status status = make_lines(threads, &lines, &after);
    if (status != PEL_OK) {
        free_lines(lines, after);
        return status;
    }
    if (counters->room > 0) {
        memcpy(lines, counters->lines, (size_t)counters->room * sizeof *lines);
        memcpy(after, counters->after, (size_t)counters->room * sizeof *after);
    }
    free_lines(counters->lines, counters->after);
    counters->lines = lines, counters->after = after, counters->room = threads;
    return PEL_OK;
}

void pel_counters_destroy(pel_counters *counters)
{
    if (!counters) return;
    free_lines(counters->lines, counters->after);
    free(counters);
}

pel_status pel_team_counters_make(pel_team *team)
{
    pel_counters *fresh = NULL;
    if (pel_team_counters(team)) return PEL_OK;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    const pel_status status = pel_counters_reserve(fresh, pel_team_threads(team));
    if (status == PEL_OK) pel_team_set_counters(team, fresh);
    else pel_counters_destroy(fresh);
    return status;
}

/* ---- counting ---- */

bool pel_counters_are_on(const pel_counters *counters)
{
    return counters->is_on;
}

pel_counted_region pel_counters_begin_region(pel_counters *counters, int threads)
{
    if (counters->pending == SERIES || threads != counters->pending_threads) settle(counters);
    counters->pending_threads = threads;
    return (pel_counted_region){counters->lines, counters->pending, threads, pel_clock_seconds()};
}

void pel_counters_work(line *lines, int number, int thread, int threads, pel_team_work *work, void *data)
{
    line *mine = &lines[thread];
    const double start = pel_clock_seconds();
    work(thread, threads, data);
    const double end = pel_clock_seconds();
    mine->ended[number] = end;
    mine->inside += end - start;
}

void pel_counters_end_region(pel_counters *counters, const pel_counted_region *region)
{
    const double seconds = pel_clock_seconds() - region->start;
    pel_team_counts *sums = &counters->sums;
    counters->pending++;
    sums->regions++;
    sums->region_seconds += seconds;
    sums->thread_seconds += region->threads * seconds;
    if (region->threads > sums->threads) sums->threads = region->threads;
}

void pel_counters_add_wait(pel_counters *counters, int thread, double seconds)
{
    counters->lines[thread].waited += seconds;
}

void pel_counters_add_stolen(pel_counters *counters, int thread, double seconds)
{
    counters->lines[thread].stolen += seconds;
}

void pel_team_count_stolen(pel_team *team, int thread, double seconds)
{
    pel_counters_add_stolen(pel_team_counters(team), thread, seconds);
}

bool pel_team_is_counting(const pel_team *team)
{
    return pel_team_counting(team) != NULL;
}

void pel_team_note_file(pel_team *team, pel_trace *trace, const char *name, double start)
{
    pel_counters *counters = pel_team_counting(team);
    const double end = pel_clock_seconds();
    if (trace) pel_trace_span(trace, 0, PEL_TRACE_FILE, name, start, end, false);
    if (counters) counters->sums.file_seconds += end - start;
}

/* ---- for who asks ---- */

void pel_team_counters_switch(pel_team *team, bool is_on)
{
    pel_counters *counters = pel_team_counters(team);
    if (!counters) return;
    if (!is_on) settle(counters);
    counters->is_on = is_on;
}

void pel_team_counters_reset(pel_team *team)
{
    pel_counters *counters = pel_team_counters(team);
    if (!counters) return;
    memset(counters->lines, 0, (size_t)counters->room * sizeof *counters->lines);
    memset(counters->after, 0, (size_t)counters->room * sizeof *counters->after);
    counters->pending = 0;
    counters->sums = (pel_team_counts){0};
}

bool pel_team_counters_read(const pel_team *team, pel_team_counts *counts)
{
    const pel_counters *counters = pel_team_counters(team);
    *counts = counters ? counters->sums : (pel_team_counts){0};
    return counters != NULL;
}

pel_thread_counts pel_team_thread_counts(const pel_team *team, int thread)
{
    pel_counters *counters = pel_team_counters(team);
    if (!counters || thread >= counters->room) return (pel_thread_counts){0};
    const line *of = &counters->lines[thread];
    settle(counters);
    return (pel_thread_counts){
        .busy = of->inside - of->waited, .waiting = of->waited + counters->after[thread], .stolen = of->stolen};
}
