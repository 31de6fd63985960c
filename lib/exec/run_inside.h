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

/** One stretch of one chain. */
typedef struct stretch {
    pel_chain *chain;
    pel_team *team;
    const pel_run_options *options;
    pel_step first; /* of the stretch */
    long steps;
    size_t cache_bytes;
} stretch;

/* slot.c */
/** The views of a slot's accesses in step `k` of a stretch. */
void pel_slot_views(const pel_chain *chain, const slot *s, long k, pel_view *views);
/** Runs a loop, a reduction or a probe on the points of a box. `views` has room for one more than the accesses. */
void pel_slot_run_box(slot *s, int thread, const pel_box *box, pel_view *views, const pel_step *step, long k);
/** Runs one piece of a slot of tiles, and keeps its cost. */
void pel_slot_run_piece(slot *s, long piece, const pel_view *views, const pel_step *step);
/** Fills the halo of one block from its neighbours, as the field stands in step k. All blocks at once. */
pel_status pel_slot_exchange(const stretch *r, int count, size_t i, long k);

/* the executors; `r` holds `count` stretches, one a block */
pel_status pel_reference_run(const stretch *r, int count);
pel_status pel_spatial_run(const stretch *r, int count);
/** One chain alone. `is_done` receives whether it could be tiled in time; where not, `why` the reason. */
pel_status pel_temporal_run(const stretch *r, bool *is_done, const char **why);

#endif
