/* One slot on one box: what every executor does in the end. */
#include <stdio.h>

#include "base/clock.h"
#include "exec/run_inside.h"

void pel_slot_views(const pel_chain *chain, const slot *s, long k, pel_view *views)
{
    for (int a = 0; a < s->arg_count; a++) {
        const pel_field *field = s->args[a].field;
        const long more = pel_chain_rotates(chain, field) ? k : 0;
        views[a] = pel_field_view_at(field, s->args[a].level, pel_field_rotations(field) + more);
    }
}

/* The cells of the probe that lie in the box. */
static void run_probe(slot *s, const pel_box *box, const pel_view *view, long k)
{
    for (int i = 0; i < s->cell_count; i++) {
        const int *at = s->cells[i];
        const pel_box cell = {{at[0], at[1], at[2]}, {at[0] + 1, at[1] + 1, at[2] + 1}};
        if (pel_box_contains(*box, cell)) s->probed[k * s->cell_count + i] = *pel_at(*view, at[0], at[1], at[2]);
    }
}

static void keep_failure(first_failure *failure, pel_status status)
{
    int nothing = 0;
    if (!atomic_compare_exchange_strong_explicit(&failure->state, &nothing, 1, memory_order_relaxed,
                                                 memory_order_relaxed))
        return;
    failure->status = status;
    snprintf(failure->sentence, sizeof failure->sentence, "%s", pel_failure());
    atomic_store_explicit(&failure->state, 2, memory_order_release);
}

static bool passes(const stretch *r, const slot *s, const pel_box *box, const pel_view *views, const pel_step *step)
{
    if (atomic_load_explicit(&r->chain->failure.state, memory_order_relaxed)) return false;
    const pel_status status = pel_check_box(s, box, views, step);
    if (status != PEL_OK) keep_failure(&r->chain->failure, status);
    return status == PEL_OK;
}

void pel_slot_run_box(const stretch *r, slot *s, int thread, const pel_box *box, pel_view *views, const pel_step *step,
                      long k)
{
    if (r->options->check_access && !passes(r, s, box, views, step)) return;
    if (s->kind == SLOT_REDUCE) pel_reduce_box(s, thread, box, views, step);
    else if (s->kind == SLOT_PROBE) run_probe(s, box, views, k);
    else s->kernel(box, views, step, s->params);
}

void pel_slot_run_piece(slot *s, long piece, const pel_view *views, const pel_step *step)
{
    const double start = pel_clock_seconds();
    s->tiles(piece, views, step, s->params);
    s->piece_cost[piece] = pel_clock_seconds() - start;
}

/* A block's exchange works on the field as it is now: the rotation that the step stands at. */
pel_status pel_slot_exchange(const stretch *r, int count, size_t i, long k)
{
    for (int phase = 0; phase < 2; phase++)
        for (int b = 0; b < count; b++) {
            const slot *s = &r[b].chain->plan.slots[i];
            pel_field *field = s->args[0].field;
            const long rotations = pel_field_rotations(field);
            if (pel_chain_rotates(r[b].chain, field)) pel_field_set_rotations(field, rotations + k);
            const pel_exchange *exchange = r[b].options->exchange;
            const pel_status status = phase == 0 ? pel_halo_send(s, exchange) : pel_halo_receive(s, exchange);
            pel_field_set_rotations(field, rotations);
            PEL_TRY(status);
        }
    return PEL_OK;
}
