/**
 * @file
 * Inside a run: a stretch of a chain, and what its executors share. For lib/exec only.
 *
 * run.c prepares a stretch, gives it to one executor, and takes in what it left; reference.c, spatial.c and temporal.c
 * are the executors; slot.c runs one slot on one box, as all of them do in the end.
 */
#ifndef PELAGOS_EXEC_RUN_INSIDE_H
#define PELAGOS_EXEC_RUN_INSIDE_H

#include "exec/chain_inside.h"
#include "exec/counters_inside.h"
#include "exec/team_inside.h"

enum { MOST_ARGS = 64 };

/** One stretch of one chain. */
typedef struct stretch {
    pel_chain *chain;
    pel_team *team;
    const pel_run_options *options;
    pel_step first; /* of the stretch */
    long steps;
    size_t cache_bytes;
    int first_thread, threads; /* the group of the team that runs it; executors number its threads from 0, what is kept
                                  for the whole team (traces, counters) goes by first_thread + that */
    pel_counters *counters;    /* of the team; NULL: it does not count */
} stretch;

/**
 * A stretch made ready for a group of threads: each of them calls `work` once, with its number in the group. A thread
 * whose own group has ended may call `help`, with its number in the team, at any time until `end`; where the work is
 * done it returns at once. NULL: this executor takes no help.
 */
typedef struct crew {
    pel_team_work *work, *help;
    void (*end)(void *data); /* returns what the crew holds, when no thread works any more */
    void *data;
} crew;

/* run.c */
/** A stretch for the whole team. */
stretch pel_stretch_of(pel_chain *chain, pel_team *team, const pel_run_options *options, pel_step first, long steps);
/** Checks that it can run, marks waits for its group, makes counters and partial sums for the whole team. */
pel_status pel_stretch_prepare(const stretch *r);
/** Takes in what the stretches of `count` blocks left: reductions, levels, probes, and that they took `seconds`. */
pel_status pel_stretch_finish(const stretch *r, int count, double seconds);

/* beside.c */
/** Deals at least as many threads as there are needs: one each, then each to who would otherwise end last. */
void pel_beside_deal(const double *need, int count, int threads, int *dealt);

/* What threads do is noted where it happens, once, for the stretch's trace and for its team's counters. Threads have
 * their numbers in the team. */
/** The time now, for the start of what will be noted; 0 where nobody wants it. */
static inline double pel_note_now(const stretch *r)
{
    return r->options->trace || r->counters ? pel_clock_seconds() : 0;
}
/** Notes that `thread` has waited for others since `start`. @return the time now */
double pel_note_wait(const stretch *r, int thread, double start);
/** Notes that it was at a tile since `start`. @return the time now */
double pel_note_tile(const stretch *r, int thread, const char *name, double start, bool is_stolen);
/** The same of what a slot does, which may be tiny: the time now where there is a trace, else 0. */
static inline double pel_note_slot_now(const stretch *r)
{
    return r->options->trace ? pel_clock_seconds() : 0;
}
/** Notes it. Counters leave all to what remains of a region's time, but stolen tiles, whose start is pel_note_now().
 * @return the time now; 0 where it was not noted */
double pel_note_slot(const stretch *r, const slot *s, int thread, double start, bool is_stolen);

/* slot.c */
/** The views of a slot's accesses in step `k` of a stretch. */
void pel_slot_views(const pel_chain *chain, const slot *s, long k, pel_view *views);
/**
 * Runs a loop, a reduction or a probe on the points of a box. `views` has room for one more than the accesses. Where
 * the run checks accesses, the box is checked first; once a check has failed, no box is run any more.
 */
void pel_slot_run_box(const stretch *r, slot *s, int thread, const pel_box *box, pel_view *views, const pel_step *step,
                      long k);
/** Whether the slot has nothing to do in step `k`: it belongs to the first step, or only its last result counts. */
static inline bool pel_slot_is_idle(const stretch *r, const slot *s, long k)
{
    return (s->is_prologue && k > 0) || (s->kind == SLOT_REDUCE && k < r->steps - 1);
}
/** Runs one piece of a slot of tiles, and keeps its cost. */
void pel_slot_run_piece(slot *s, long piece, const pel_view *views, const pel_step *step);
/** Fills the halo of one block from its neighbours, as the field stands in step k. All blocks at once. */
pel_status pel_slot_exchange(const stretch *r, int count, size_t i, long k);

/* the executors; `r` holds `count` stretches, one a block */
pel_status pel_reference_run(const stretch *r, int count);
/** One slot of step k on the calling thread, over its whole box; exchanges excepted. Only a call can fail. */
pel_status pel_reference_run_slot(const stretch *r, slot *s, long k, const pel_step *step);
pel_status pel_spatial_run(const stretch *r, int count);
/** Steps [from, to) of one chain without calls and exchanges; *at, the step `from`, moves on to the step `to`. */
pel_status pel_spatial_run_steps(const stretch *r, long from, long to, pel_step *at);
/** Makes a stretch of a chain without calls and exchanges ready for a group of threads. */
pel_status pel_spatial_crew(const stretch *r, crew *made);
/** The same in tiles of the plan, of a stretch that has its group; threads of other groups may help. Where the stretch
 * cannot be run so in one piece, `made` is left as it is. */
pel_status pel_temporal_crew(const stretch *r, const pel_plan *plan, crew *made);
/** Likewise, tiled in time as planned. */
pel_status pel_temporal_run_steps(const stretch *r, const pel_plan *plan, long from, long to, pel_step *at);
/** Slots [begin, end) of step k alone, between calls. `is_done` receives whether they can be tiled at all. */
pel_status pel_temporal_run_slots(const stretch *r, size_t begin, size_t end, long k, const pel_step *step,
                                  bool *is_done);

/* alone.c */
/** Runs steps from `from` on, `to` at most, on the calling thread if a step is too short for a team, and a few steps to
 * find that out. The chain has no calls and exchanges. @return the step that comes next; *at is that step */
long pel_alone_run_steps(const stretch *r, long from, long to, pel_step *at);

/* auto.c */
/** One chain, in the way that is planned, tried and chosen. */
pel_status pel_auto_run(const stretch *r);

#endif
