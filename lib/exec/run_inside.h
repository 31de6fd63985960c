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
#include "exec/team_inside.h"

enum { MOST_ARGS = 64 };

/** What failed first in a stretch, on whichever thread; zero to begin with. */
typedef struct first_failure {
    atomic_int state; /* 0: nothing yet; 1: somebody writes it; 2: it is there */
    pel_status status;
    char sentence[1024];
} first_failure;

/** One stretch of one chain. */
typedef struct stretch {
    pel_chain *chain;
    pel_team *team;
    const pel_run_options *options;
    pel_step first; /* of the stretch */
    long steps;
    size_t cache_bytes;
    first_failure *failure; /* of all blocks */
} stretch;

/* slot.c */
/** The views of a slot's accesses in step `k` of a stretch. */
void pel_slot_views(const pel_chain *chain, const slot *s, long k, pel_view *views);
/**
 * Runs a loop, a reduction or a probe on the points of a box. `views` has room for one more than the accesses. Where
 * the run checks accesses, the box is checked first; once a check has failed, no box is run any more.
 */
void pel_slot_run_box(const stretch *r, slot *s, int thread, const pel_box *box, pel_view *views, const pel_step *step,
                      long k);
/** Runs one piece of a slot of tiles, and keeps its cost. */
void pel_slot_run_piece(slot *s, long piece, const pel_view *views, const pel_step *step);
/** Notes in the stretch's trace, if it has one, that `thread` was at the slot since `start`. @return the time now */
static inline double pel_slot_trace(const stretch *r, const slot *s, int thread, double start, bool is_stolen)
{
    if (!r->options->trace) return 0;
    const bool is_global = s->kind == SLOT_CALL || s->kind == SLOT_EXCHANGE;
    return pel_trace_add(r->options->trace, thread, is_global ? PEL_TRACE_CALL : PEL_TRACE_TILE, s->name, start,
                         is_stolen);
}
/** Fills the halo of one block from its neighbours, as the field stands in step k. All blocks at once. */
pel_status pel_slot_exchange(const stretch *r, int count, size_t i, long k);

/* the executors; `r` holds `count` stretches, one a block */
pel_status pel_reference_run(const stretch *r, int count);
pel_status pel_spatial_run(const stretch *r, int count);
/** One chain alone. `is_done` receives whether it could be tiled in time; where not, `why` the reason. */
pel_status pel_temporal_run(const stretch *r, bool *is_done, const char **why);

#endif
