/* Deriving the plan of a chain: where halos are exchanged and boundary conditions applied, how deep halos are, and
 * which slots must wait for earlier ones.
 *
 * A read of level l of field q by a loop over the points [a, b) with reach [lo, hi] looks at [a + lo, b + hi). What of
 * that lies outside the points of q is its halo; what lies outside the *interior* of q belongs to a neighbour, a
 * periodic image or a boundary condition, and must be brought up to date after the last loop that wrote q. All this is
 * derived on the whole grid, so that every block of a cut grid has the same plan. */
#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "exec/chain_inside.h"

/* ---- ranges ---- */

/* The field whose points a slot's boxes count: the first it writes, else the first. */
static const pel_field *lead(const slot *s)
{
    for (int i = 0; i < s->arg_count; i++)
        if (s->args[i].access != PEL_READ) return s->args[i].field;
    return s->args[0].field;
}

static bool is_wall(const pel_field *field, int d)
{
    return !pel_grid_is_periodic(pel_field_grid(field), d);
}

static pel_box global_interior(const pel_field *of)
{
    pel_box box = pel_field_points(of);
    for (int d = 0; d < 3; d++) {
        if (!pel_field_has_face(of, d) || !is_wall(of, d)) continue;
        box.lo[d] = 1;
        box.hi[d]--;
    }
    return box;
}

/* The halo beyond a side with the face on the wall. */
static pel_box side_box(const pel_field *of, int d, int side, int depth)
{
    pel_box box = pel_field_points(of);
    const int face = pel_field_has_face(of, d) ? 1 : 0;
    if (side == 0) {
        box.lo[d] = -depth;
        box.hi[d] = face;
    } else {
        box.lo[d] = box.hi[d] - face;
        box.hi[d] += depth;
    }
    return box;
}

/* The points of a range on the whole grid. */
static pel_box range_global(const pel_range *range, const pel_field *of)
{
    switch (range->kind) {
    case PEL_RANGE_INTERIOR:
        return global_interior(of);
    case PEL_RANGE_SIDE:
        return side_box(of, range->dimension, range->side, range->depth);
    case PEL_RANGE_BOX:
        return pel_box_intersect(range->box, pel_field_points(of));
    case PEL_RANGE_EVERYTHING:
        break;
    }
    return pel_field_points(of);
}

/* The part of that which this process computes. */
static pel_box range_owned(const pel_range *range, const pel_field *of)
{
    pel_box owned = pel_field_owned(of);
    const pel_box points = pel_field_points(of);
    for (int d = 0; d < 3; d++) { /* a block at the edge owns what lies beyond it */
        if (owned.lo[d] == points.lo[d]) owned.lo[d] = INT_MIN;
        if (owned.hi[d] == points.hi[d]) owned.hi[d] = INT_MAX;
    }
    return pel_box_intersect(range_global(range, of), owned);
}

/* The points a slot computes on the whole grid. */
static pel_box slot_global(const slot *s)
{
    if (s->kind == SLOT_REDUCE) {
        /* the centring of what it sums need not be that of a field it reads: points by centring */
        const pel_field *of = s->args[0].field;
        const pel_grid *grid = pel_field_grid(of);
        pel_box box = {{0, 0, 0}, {1, 1, 1}};
        for (int d = 0; d < pel_grid_dimensions(grid); d++) {
            const bool is_face = (s->centring >> d & 1) && !pel_grid_is_periodic(grid, d);
            box.hi[d] = pel_grid_cells(grid, d) + is_face;
            if (is_face && s->range.kind == PEL_RANGE_INTERIOR) box.lo[d] = 1, box.hi[d]--;
        }
        return s->range.kind == PEL_RANGE_BOX ? pel_box_intersect(s->range.box, box) : box;
    }
    return range_global(&s->range, lead(s));
}

/* The part of that which this process computes. */
static pel_box slot_owned(const slot *s)
{
    if (s->kind != SLOT_REDUCE) return range_owned(&s->range, lead(s));
    const pel_grid *grid = pel_field_grid(s->args[0].field);
    pel_box owned = pel_grid_owned(grid);
    for (int d = 0; d < 3; d++)
        if (owned.hi[d] == pel_grid_cells(grid, d)) owned.hi[d] = INT_MAX;
    return pel_box_intersect(slot_global(s), owned);
}

/* ---- what a read looks at ---- */

/* Depth of halo that the access needs; whether it looks at anything that the interior's loops do not compute. */
static bool read_needs(const slot *s, const pel_arg *arg, slot_depth *depth)
{
    if (arg->access != PEL_READ || s->kind == SLOT_PROBE) return false;
    const pel_grid *grid = pel_field_grid(arg->field);
    const pel_box points = pel_field_points(arg->field), interior = global_interior(arg->field);
    const pel_box range = s->kind == SLOT_CALL ? points : slot_global(s); /* a call's fields may lie on several grids */
    const unsigned along = pel_field_spec_of(arg->field)->along, whole = s->range.whole;
    bool needs = false;
    for (int d = 0; d < 3; d++) {
        if (!(along >> d & 1) || (whole >> d & 1 && arg->reach.lo[d] == 0 && arg->reach.hi[d] == 0)) continue;
        const int lo = range.lo[d] + arg->reach.lo[d], hi = range.hi[d] + arg->reach.hi[d];
        const bool is_cut = pel_grid_blocks(grid, d) > 1;
        int low = points.lo[d] - lo, high = hi - points.hi[d];
        if (is_cut && -arg->reach.lo[d] > low) low = -arg->reach.lo[d];
        if (is_cut && arg->reach.hi[d] > high) high = arg->reach.hi[d];
        if (low > depth->side[d][0]) depth->side[d][0] = low;
        if (high > depth->side[d][1]) depth->side[d][1] = high;
        needs = needs || low > 0 || high > 0 || lo < interior.lo[d] || hi > interior.hi[d];
    }
    return needs;
}

/* Greatest depth over all reads of a level of a field in the chain: one filling serves them all. */
static slot_depth depth_of(const pel_chain *chain, const pel_arg *of)
{
    slot_depth depth = {0};
    for (size_t i = 0; i < chain->recorded.count; i++) {
        const slot *s = &chain->recorded.slots[i];
        for (int a = 0; a < s->arg_count; a++)
            if (s->args[a].field == of->field && s->args[a].level == of->level) read_needs(s, &s->args[a], &depth);
    }
    return depth;
}

static void reserve_halo(pel_field *field, const slot_depth *depth)
{
    for (int d = 0; d < 3; d++) pel_field_need_halo(field, d, depth->side[d][0], depth->side[d][1]);
}

/* ---- building the plan ---- */

static pel_status plan_slot(pel_chain *chain, const slot *s)
{
    slot_list *plan = &chain->plan;
    PEL_TRY(pel_memory_grow(&plan->slots, &plan->capacity, plan->count + 1, sizeof *plan->slots));
    plan->slots[plan->count++] = *s;
    return PEL_OK;
}

static bool has_condition(const pel_field *field, int d)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    return pel_grid_is_periodic(pel_field_grid(field), d) || spec->boundary[d][0].kind != PEL_BOUNDARY_NONE ||
           spec->boundary[d][1].kind != PEL_BOUNDARY_NONE;
}

/* Exchange and boundary slots of one level of one field, in the order x, y, z, so that corners come with the last. */
static pel_status plan_filling(pel_chain *chain, const pel_arg *arg, const slot_depth *depth, bool is_prologue)
{
    pel_grid *grid = pel_field_grid(arg->field);
    for (int d = 0; d < pel_grid_dimensions(grid); d++) {
        const bool has_wall_face = pel_field_has_face(arg->field, d) && is_wall(arg->field, d);
        const bool has_halo = depth->side[d][0] > 0 || depth->side[d][1] > 0;
        if (!(pel_field_spec_of(arg->field)->along >> d & 1) || !(has_halo || has_wall_face)) continue;
        slot s = {.name = (char *)(uintptr_t)pel_field_name(arg->field), /* the plan never frees names */
                  .dimension = d,
                  .depth = *depth,
                  .is_prologue = is_prologue,
                  .is_derived = true,
                  .arg_count = 1};
        const bool is_cut = pel_grid_blocks(grid, d) > 1 && has_halo;
        for (int kind = 0; kind < 2; kind++) {
            s.kind = kind == 0 ? SLOT_EXCHANGE : SLOT_BOUNDARY;
            if (kind == 0 ? !is_cut : (is_cut && pel_grid_is_periodic(grid, d)) || !has_condition(arg->field, d))
                continue;
            PEL_TRY(pel_memory_new(1, sizeof *s.args, &s.args));
            s.args[0] = (pel_arg){.field = arg->field, .level = arg->level, .access = PEL_UPDATE};
            PEL_TRY(plan_slot(chain, &s));
        }
    }
    return PEL_OK;
}

static bool chain_writes(const pel_chain *chain, const pel_field *field)
{
    for (size_t i = 0; i < chain->recorded.count; i++) {
        const slot *s = &chain->recorded.slots[i];
        for (int a = 0; a < s->arg_count; a++)
            if (s->args[a].field == field && s->args[a].access != PEL_READ) return true;
    }
    return false;
}

static bool varies_in_time(const pel_field *field)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    for (int d = 0; d < 3; d++)
        if (spec->boundary[d][0].function || spec->boundary[d][1].function) return true;
    return false;
}

/* Whether the halo of this level was filled, in the plan so far, after the last write to it. */
static bool is_filled(const pel_chain *chain, const pel_arg *arg)
{
    for (size_t i = chain->plan.count; i-- > 0;) {
        const slot *s = &chain->plan.slots[i];
        for (int a = 0; a < s->arg_count; a++) {
            if (s->args[a].field != arg->field || s->args[a].level != arg->level || s->args[a].access == PEL_READ)
                continue;
            return s->is_derived;
        }
    }
    return false;
}

static pel_status check_whole(const slot *s)
{
    const pel_grid *grid = pel_field_grid(lead(s));
    for (int d = 0; d < 3; d++)
        if (s->range.whole >> d & 1 && pel_grid_blocks(grid, d) > 1)
            return pel_fail(PEL_ERR_ARGUMENT,
                            "loop %s is whole in dimension %d, along which the grid is cut into blocks", s->name, d);
    return PEL_OK;
}

/* Images and mirrors are taken from the field's own points. */
static pel_status check_depth(const pel_arg *arg, const slot_depth *depth)
{
    const pel_grid *grid = pel_field_grid(arg->field);
    for (int d = 0; d < pel_grid_dimensions(grid); d++) {
        const int n = pel_grid_cells(grid, d), low = depth->side[d][0], high = depth->side[d][1];
        if (low > n || high > n)
            return pel_fail(PEL_ERR_ARGUMENT,
                            "%s needs a halo of %d cells in dimension %d, but the grid has only %d cells there; give "
                            "it more",
                            pel_field_name(arg->field), low > high ? low : high, d, n);
    }
    return PEL_OK;
}

static pel_status plan_reads(pel_chain *chain, const slot *s)
{
    for (int a = 0; a < s->arg_count; a++) {
        const pel_arg *arg = &s->args[a];
        slot_depth here = {0};
        if (!read_needs(s, arg, &here) || is_filled(chain, arg)) continue;
        const slot_depth depth = depth_of(chain, arg);
        PEL_TRY(check_depth(arg, &depth));
        reserve_halo(arg->field, &depth);
        PEL_TRY(plan_filling(chain, arg, &depth, !chain_writes(chain, arg->field) && !varies_in_time(arg->field)));
    }
    return PEL_OK;
}

/* A side loop of the app's own writes into the halo. */
static void reserve_side(const slot *s)
{
    if (s->range.kind != PEL_RANGE_SIDE) return;
    slot_depth depth = {0};
    depth.side[s->range.dimension][s->range.side] = s->range.depth;
    for (int a = 0; a < s->arg_count; a++)
        if (s->args[a].access != PEL_READ) reserve_halo(s->args[a].field, &depth);
}

/* ---- waiting ---- */

static bool is_shared(const slot *a, const slot *b)
{
    for (int i = 0; i < a->arg_count; i++)
        for (int j = 0; j < b->arg_count; j++)
            if (a->args[i].field == b->args[j].field &&
                (a->args[i].access != PEL_READ || b->args[j].access != PEL_READ))
                return true;
    return false;
}

/* Boundary slots are not stolen: a thread fills what lies in its own part, from points in its own part, unless it takes
 * periodic images across the cut or its part is thinner than the halo. */
static bool stays_in_part(const slot *s, int threads)
{
    if (s->kind != SLOT_BOUNDARY) return false;
    const int cut = pel_tiling_cut_dimension(s, threads);
    if (s->dimension != cut) return true;
    const pel_grid *grid = pel_field_grid(s->args[0].field);
    const pel_box owned = pel_grid_owned(grid);
    const int share = (owned.hi[cut] - owned.lo[cut]) / threads, *depth = s->depth.side[cut];
    return !pel_grid_is_periodic(grid, cut) && share > depth[0] && share > depth[1];
}

static bool conflicts(const slot *a, const slot *b, int threads)
{
    return is_shared(a, b) && !(stays_in_part(a, threads) && stays_in_part(b, threads));
}

/* A slot waits if it shares a written field with a slot since the last wait. Only the first step of a stretch waits at
 * a slot of the prologue: those behind it may not count on that. */
void pel_chain_mark_waits(pel_chain *chain, int threads)
{
    if (chain->threads == threads) return;
    chain->threads = threads;
    size_t since = 0;
    for (size_t i = 0; i < chain->plan.count; i++) {
        slot *s = &chain->plan.slots[i];
        s->waits = false;
        for (size_t j = since; j < i && !s->waits; j++) s->waits = conflicts(&chain->plan.slots[j], s, threads);
        if (s->waits && !s->is_prologue) since = i;
    }
}

/* ---- rotation ---- */

bool pel_chain_rotates(const pel_chain *chain, const pel_field *field)
{
    for (size_t i = 0; i < chain->rotated_count; i++)
        if (chain->rotated[i] == field) return true;
    return false;
}

static pel_status find_rotated(pel_chain *chain)
{
    for (size_t i = 0; i < chain->recorded.count && chain->kind == PEL_CHAIN_STEPPER; i++) {
        const slot *s = &chain->recorded.slots[i];
        for (int a = 0; a < s->arg_count; a++) {
            pel_field *field = s->args[a].field;
            if (pel_field_spec_of(field)->levels < 2 || pel_chain_rotates(chain, field) || !chain_writes(chain, field))
                continue;
            PEL_TRY(pel_memory_grow(&chain->rotated, &chain->rotated_capacity, chain->rotated_count + 1,
                                    sizeof(pel_field *)));
            chain->rotated[chain->rotated_count++] = field;
        }
    }
    return PEL_OK;
}

/* ---- traffic ---- */

static double points_in(const pel_field *field, const pel_box *box)
{
    double points = 1;
    for (int d = 0; d < 3; d++)
        if (pel_field_spec_of(field)->along >> d & 1) points *= box->hi[d] - box->lo[d];
    return points;
}

/* What an access moves of its field's points in a box. */
static double access_bytes(const pel_arg *arg, const pel_box *box)
{
    const pel_field_spec *spec = pel_field_spec_of(arg->field);
    const double transfers = arg->access == PEL_UPDATE ? 2 : 1;
    return transfers * spec->components * (double)pel_type_bytes(spec->type) * points_in(arg->field, box);
}

static bool goes_by_points(const slot *s)
{
    return s->kind == SLOT_LOOP || s->kind == SLOT_REDUCE;
}

void pel_slot_traffic(const slot *s, double *points, double *bytes)
{
    *points = goes_by_points(s) ? (double)pel_box_count(s->box) : 0;
    *bytes = 0;
    for (int a = 0; a < s->arg_count && goes_by_points(s); a++) *bytes += access_bytes(&s->args[a], &s->box);
}

/* Calls and pieces have no points of their own, and their fields may lie on several grids: each whole field once. */
static double call_bytes(const slot *s)
{
    double bytes = 0;
    if (s->kind != SLOT_CALL && s->kind != SLOT_TILES) return 0;
    for (int a = 0; a < s->arg_count; a++) {
        const pel_box whole = pel_field_owned(s->args[a].field);
        bytes += access_bytes(&s->args[a], &whole);
    }
    return bytes;
}

double pel_slot_flops(const slot *s)
{
    if (s->kind == SLOT_PROBE || s->kind == SLOT_BOUNDARY || s->kind == SLOT_EXCHANGE) return 0; /* copies */
    if (!s->knows_flops) return NAN;
    return goes_by_points(s) ? s->flops * (double)pel_box_count(s->box) : s->flops;
}

static void add_traffic(pel_chain *chain)
{
    for (size_t i = 0; i < chain->plan.count; i++) {
        double points, bytes;
        pel_slot_traffic(&chain->plan.slots[i], &points, &bytes);
        chain->updates_a_step += points;
        chain->bytes_a_step += bytes + call_bytes(&chain->plan.slots[i]);
        chain->flops_a_step += pel_slot_flops(&chain->plan.slots[i]);
    }
}

pel_status pel_chain_derive(pel_chain *chain)
{
    if (chain->is_planned) return PEL_OK;
    PEL_TRY(pel_chain_status(chain));
    for (size_t i = 0; i < chain->recorded.count; i++) {
        slot *s = &chain->recorded.slots[i];
        if (s->arg_count) PEL_TRY(check_whole(s));
        PEL_TRY(plan_reads(chain, s));
        reserve_side(s);
        if (s->arg_count) s->box = slot_owned(s);
        PEL_TRY(plan_slot(chain, s));
    }
    PEL_TRY(find_rotated(chain));
    for (size_t i = 0; i < chain->plan.count; i++) {
        const slot_kind kind = chain->plan.slots[i].kind;
        chain->has_serial = chain->has_serial || kind == SLOT_CALL || kind == SLOT_EXCHANGE;
    }
    add_traffic(chain);
    chain->is_planned = true;
    return PEL_OK;
}
