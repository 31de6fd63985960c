/* The reference executor: one thread, step after step, loop after loop, whole boxes. Everything else is tested against
 * it bit for bit, so it stays short enough to be seen right. */
#include "exec/run_inside.h"

static pel_status run_pieces(slot *s, const pel_view *views, const pel_step *step)
{
    for (long i = 0; i < s->piece_count; i++) pel_slot_run_piece(s, i, views, step);
    return PEL_OK;
}

pel_status pel_reference_run_slot(const stretch *r, slot *s, long k, const pel_step *step)
{
    pel_view views[MOST_ARGS + 1];
    pel_slot_views(r->chain, s, k, views);
    const pel_box all = pel_tiling_part(s, 0, 1);
    switch (s->kind) {
    case SLOT_BOUNDARY:
        pel_boundary_fill(s, &all, &views[0], step);
        return PEL_OK;
    case SLOT_TILES:
        return run_pieces(s, views, step);
    case SLOT_CALL:
        return s->call(&(pel_call){.team = r->team, .arg = views, .step = step, .params = s->params});
    case SLOT_REDUCE:
        pel_reduce_reset(s, 0);
        break;
    default:
        break;
    }
    if (!pel_box_is_empty(s->box)) pel_slot_run_box(r, s, 0, &s->box, views, step, k);
    return PEL_OK;
}

pel_status pel_reference_run(const stretch *r, int count)
{
    pel_step step = r[0].first;
    for (long k = 0; k < r[0].steps; k++, step = pel_step_next(step))
        for (size_t i = 0; i < r[0].chain->plan.count; i++) {
            const slot *s = &r[0].chain->plan.slots[i];
            if (s->is_prologue && k > 0) continue;
            const double start = pel_note_slot_now(&r[0]);
            if (s->kind == SLOT_EXCHANGE) PEL_TRY(pel_slot_exchange(r, count, i, k));
            else
                for (int b = 0; b < count; b++)
                    PEL_TRY(pel_reference_run_slot(&r[b], &r[b].chain->plan.slots[i], k, &step));
            pel_note_slot(&r[0], s, 0, start, false);
        }
    return PEL_OK;
}
