/* A schedule as JSON: what pel_schedule_tile() visits, cut to what each slot computes, as the temporal executor does
 * it. Nothing here knows how a schedule is made, so that a drawing shows what runs. */
#include "exec/layout.h"

#include "exec/planner.h"
#include "exec/schedule_inside.h"

enum { LONG_RUN = 1000 };

/* One tile being written. */
typedef struct writing {
    pel_text *json;
    long row, steps;
    int tile;
    bool has_any; /* box, so far */
} writing;

static void add_box(writing *w, const schedule *s, int i, long step, const pel_box *part)
{
    if (pel_box_is_empty(*part)) return;
    pel_text_add(w->json, "%s\n  [%ld, %d, %d, %ld, %ld", w->has_any ? "," : "", w->row, w->tile, i,
                 (long)s->stages[i].slot, step);
    for (int d = 0; d < 3; d++) pel_text_add(w->json, ", %d, %d", part->lo[d], part->hi[d]);
    pel_text_add(w->json, "]");
    w->has_any = true;
}

static void visit(const schedule *s, int i, bool is_next, const pel_box *box, void *data)
{
    writing *w = data;
    const slot *of = &s->chain->plan.slots[s->stages[i].slot];
    const long step = (w->row - !is_next) * s->height + s->stages[i].step;
    if (of->kind == SLOT_REDUCE && step != w->steps - 1) return; /* only the last step's counts */
    for (int side = 0; side < (of->kind == SLOT_BOUNDARY ? 2 : 1); side++) {
        const pel_box all = of->kind == SLOT_BOUNDARY ? pel_boundary_side(of, side) : of->box;
        const pel_box part = pel_box_intersect(all, *box);
        add_box(w, s, i, step, &part);
    }
}

/* ---- the parts of the object ---- */

static void add_shape(const schedule *s, long steps, pel_text *json)
{
    pel_text_add(json, "{\"chain\": ");
    pel_text_add_json(json, pel_chain_name(s->chain));
    pel_text_add(json, ", \"cells\": [%d, %d, %d],\n", s->cells[0], s->cells[1], s->cells[2]);
    pel_text_add(json, " \"periodic\": [%s, %s, %s], \"across\": %d, \"wave\": ", s->is_periodic[0] ? "true" : "false",
                 s->is_periodic[1] ? "true" : "false", s->is_periodic[2] ? "true" : "false", s->dimension);
    if (s->waves[INNER].dimension < 0) pel_text_add(json, "null");
    else pel_text_add(json, "%d", s->waves[INNER].dimension);
    pel_text_add(json, ",\n \"pitch\": %d, \"height\": %d, \"chunk\": %d, \"row\": %d, \"steps\": %ld,\n", s->pitch,
                 s->height, s->waves[INNER].chunk, s->waves[OUTER].dimension < 0 ? 0 : s->waves[OUTER].chunk, steps);
}

static void add_slots(const pel_chain *chain, pel_text *json)
{
    pel_text_add(json, " \"slots\": [");
    for (size_t i = 0; i < chain->plan.count; i++) {
        const slot *s = &chain->plan.slots[i];
        pel_text_add(json, "%s\n  {\"name\": ", i ? "," : "");
        pel_text_add_json(json, s->name);
        pel_text_add(json, ", \"boundary\": %s}", s->kind == SLOT_BOUNDARY ? "true" : "false");
    }
    pel_text_add(json, "],\n");
}

static int within(int i, int n)
{
    return i < 0 ? 0 : i > n ? n : i;
}

/* A base at a wall is open: it ends at the wall. One across a seam goes on beyond the last cell. */
static void add_tile(const schedule *s, long row, int tile, pel_text *json)
{
    const tile_row *kind = &s->rows[row & 1];
    base on = kind->bases[tile];
    const int n = s->cells[s->dimension];
    if (!s->is_periodic[s->dimension]) on = (base){within(on.lo, n), within(on.hi, n)};
    pel_text_add(json, "%s\n  [%ld, %d, %d, %d, [", row || tile ? "," : "", row, tile, on.lo, on.hi);
    for (int i = kind->near_first[tile]; row > 0 && i < kind->near_first[tile + 1]; i++)
        pel_text_add(json, "%s%d", i > kind->near_first[tile] ? ", " : "", kind->near[i]);
    pel_text_add(json, "]]");
}

static void add_all(const schedule *s, long steps, pel_text *json)
{
    const long blocks = (steps + s->height - 1) / s->height;
    add_shape(s, steps, json);
    add_slots(s->chain, json);
    pel_text_add(json, " \"tile_columns\": [\"row\", \"tile\", \"lo\", \"hi\", \"parents\"],\n \"tiles\": [");
    for (long row = 0; row <= blocks; row++)
        for (int tile = 0; tile < s->rows[row & 1].count; tile++) add_tile(s, row, tile, json);
    pel_text_add(json, "],\n \"box_columns\": [\"row\", \"tile\", \"stage\", \"slot\", \"step\", \"x_lo\", \"x_hi\", "
                       "\"y_lo\", \"y_hi\", \"z_lo\", \"z_hi\"],\n \"boxes\": [");
    writing w = {.json = json, .steps = steps};
    for (w.row = 0; w.row <= blocks; w.row++)
        for (w.tile = 0; w.tile < s->rows[w.row & 1].count; w.tile++)
            pel_schedule_tile(s, w.row, w.tile, pel_schedule_steps_in(s, steps, w.row - 1),
                              pel_schedule_steps_in(s, steps, w.row), visit, &w);
    pel_text_add(json, "]}\n");
}

pel_status pel_layout_describe(const pel_chain *chain, const pel_team *team, const pel_run_options *options, long steps,
                               pel_text *json)
{
    pel_run_options temporal = *options;
    temporal.executor = PEL_EXECUTOR_TEMPORAL;
    pel_plan plan;
    int count;
    PEL_TRY(pel_plan_candidates(chain, team, &temporal, steps > 0 ? steps : LONG_RUN, &plan, 1, &count));
    const schedule_shape shape = pel_schedule_shape_of(&plan);
    const char *why = plan.why_not;
    schedule s = {0};
    if (plan.executor == PEL_EXECUTOR_TEMPORAL)
        PEL_TRY(pel_schedule_make(chain, 0, chain->plan.count, &shape, steps > 0 ? steps : LONG_RUN, &s, &why));
    if (s.stage_count == 0)
        return pel_fail(PEL_ERR_ARGUMENT, "chain %s has no tiles in time: %s", pel_chain_name(chain),
                        why ? why : "the planner found no shape for them");
    add_all(&s, steps > 0 ? steps : 2L * s.height, json);
    pel_schedule_free(&s);
    return json->lost ? pel_fail(PEL_ERR_MEMORY, "no memory for the tiles of chain %s", pel_chain_name(chain)) : PEL_OK;
}
