/* Drawing a chain from a seed.
 *
 * Half of the chains follow a scheme that models use (two-level and leapfrog steps, staggered pairs, one-sided
 * multi-stage chains, updates in place), with more loops thrown in now and then; the others are loops at random. What
 * recording refuses is not drawn: a loop that looks around in what it writes, or reads along a dimension that what it
 * writes lacks. The work of a run is kept small, so that thousands of chains can be run. */
#include "support/random_chain.h"

#include "base/hash.h"
#include "base/random.h"

static const double MOST_WORK = 6e6; /* values read in a run */
enum { FEWEST_STEPS = 4, LEAST_CELLS = 2 * MOST_REACH };

int random_pick(random_stream *r, int count)
{
    return (int)(pel_random_bits((pel_random_key){.seed = r->seed, .draw = r->draw++}) % (uint64_t)count);
}

bool random_chance(random_stream *r, int percent)
{
    return random_pick(r, 100) < percent;
}

/* From `low` to `high`, the low ones more often. */
static int pick_low(random_stream *r, int low, int high)
{
    const int a = random_pick(r, high - low + 1), b = random_pick(r, high - low + 1);
    return low + (a < b ? a : b);
}

/* ---- grids and fields ---- */

static pel_grid_spec random_grid(random_stream *r)
{
    static const int least[3][3] = {{20}, {20, 24}, {8, 24, 8}}, most[3][3] = {{400}, {150, 200}, {40, 120, 40}};
    const int kind = random_pick(r, 20), n = kind < 1 ? 1 : kind < 11 ? 2 : 3;
    pel_grid_spec grid = {.dimensions = n, .cells = {1, 1, 1}, .spacing = {1, 1, 1}};
    for (int d = 0; d < n; d++) {
        grid.cells[d] = random_chance(r, 8) ? pick_low(r, LEAST_CELLS, least[n - 1][d])
                                            : pick_low(r, least[n - 1][d], most[n - 1][d]);
        grid.is_periodic[d] = random_chance(r, 50);
        grid.spacing[d] = 1 + random_pick(r, 2);
    }
    return grid;
}

pel_box random_points(const pel_grid_spec *grid, unsigned centring, unsigned along)
{
    pel_box box = {{0, 0, 0}, {1, 1, 1}};
    for (int d = 0; d < grid->dimensions; d++)
        if (!along || along >> d & 1) box.hi[d] = grid->cells[d] + ((centring >> d & 1) && !grid->is_periodic[d]);
    return box;
}

/* A value in [0, 1) of place and step. */
static double wall_value(int x, int y, int z, const pel_step *step, const void *params)
{
    const uint64_t place = ((uint64_t)(unsigned)z << 20 ^ (uint64_t)(unsigned)y) << 20 ^ (uint64_t)(unsigned)x;
    const uint64_t when = pel_hash_mix((uint64_t)step->index, (uint64_t)(step->time * 1e6));
    (void)params;
    return (double)(pel_hash_mix(place, when) >> 12) * 0x1p-52;
}

static void random_boundaries(random_stream *r, const pel_grid_spec *grid, pel_field_spec *spec)
{
    for (int d = 0; d < grid->dimensions; d++)
        for (int side = 0; side < 2; side++) {
            if (spec->type != PEL_DOUBLE || random_chance(r, 15)) continue; /* none */
            spec->boundary[d][side].kind = PEL_BOUNDARY_VALUE + random_pick(r, 4);
            spec->boundary[d][side].value = random_pick(r, 5) * 0.25;
            if (random_chance(r, 25)) spec->boundary[d][side].function = wall_value;
        }
}

/* A field of that centring and number of levels, else at random; returns its number. */
static int add_field(random_stream *r, chain_case *c, unsigned centring, int levels, bool is_plain)
{
    field_case *f = &c->fields[c->field_count];
    f->spec = (pel_field_spec){.levels = levels, .components = 1, .centring = centring};
    if (random_chance(r, 12)) f->spec.components = 2 + random_pick(r, 2);
    if (!is_plain && random_chance(r, 12)) f->spec.type = PEL_FLOAT + random_pick(r, 4);
    if (!is_plain && random_chance(r, 15))
        f->spec.along = (unsigned)(1 + random_pick(r, (1 << c->grid.dimensions) - 1));
    if (!f->spec.along) f->spec.along = (1u << c->grid.dimensions) - 1;
    f->spec.centring &= f->spec.along;
    random_boundaries(r, &c->grid, &f->spec);
    return c->field_count++;
}

static int random_field(random_stream *r, chain_case *c)
{
    const int levels = 1 + random_pick(r, 3);
    const unsigned centring = random_chance(r, 60) ? 0 : (unsigned)random_pick(r, 1 << c->grid.dimensions);
    const int field = add_field(r, c, centring, levels, false);
    c->fields[field].lowest = -random_pick(r, levels);
    return field;
}

/* ---- accesses ---- */

static pel_reach random_reach(random_stream *r, int dimensions)
{
    pel_reach reach = {{0, 0, 0}, {0, 0, 0}};
    const int kind = random_pick(r, 6),
              n = random_chance(r, 70) ? 1 + random_pick(r, 2) : 1 + random_pick(r, MOST_REACH);
    for (int d = 0; d < dimensions && kind > 0; d++) {
        if (kind == 1 && random_chance(r, 50)) continue; /* along some dimensions */
        reach.lo[d] = kind == 2 ? 0 : -n;
        reach.hi[d] = kind == 3 ? 0 : n;
        if (kind < 4) continue;
        reach.lo[d] = kind == 4 ? -random_pick(r, n + 1) : -n; /* uneven */
        reach.hi[d] = kind == 4 ? random_pick(r, n + 1) : n;
    }
    return reach;
}

static pel_reach reach_along(int d, int lo, int hi)
{
    pel_reach reach = {{0, 0, 0}, {0, 0, 0}};
    reach.lo[d] = lo, reach.hi[d] = hi;
    return reach;
}

static void add_access(entry_case *e, pel_access access, int field, int level, pel_reach reach)
{
    e->access[e->access_count++] = (access_case){.field = field, .level = level, .access = access, .reach = reach};
}

static bool is_written(const entry_case *e, int field, int level)
{
    for (int a = 0; a < e->access_count; a++)
        if (e->access[a].access != PEL_READ && e->access[a].field == field && e->access[a].level == level) return true;
    return false;
}

static int random_level(random_stream *r, const field_case *f)
{
    return f->lowest + random_pick(r, f->spec.levels);
}

/* Dimensions of the first field that the second lacks. */
static unsigned lacking(const chain_case *c, int of, int in)
{
    return c->fields[of].spec.along & ~c->fields[in].spec.along;
}

static void add_reads(random_stream *r, const chain_case *c, entry_case *e, int written, int count)
{
    for (int i = 0; i < count && e->access_count < MOST_ACCESSES; i++) {
        const int field = random_pick(r, c->field_count), level = random_level(r, &c->fields[field]);
        pel_reach reach = random_reach(r, c->grid.dimensions);
        if (written >= 0 && lacking(c, field, written) & ~e->range.whole) continue;
        for (int d = 0; d < 3; d++)
            if (is_written(e, field, level) || e->range.whole >> d & 1) reach.lo[d] = reach.hi[d] = 0;
        add_access(e, PEL_READ, field, level, reach);
    }
}

/* ---- ranges ---- */

static pel_range random_box(random_stream *r, pel_box points)
{
    for (int d = 0; d < 3; d++) {
        const int n = points.hi[d], a = random_pick(r, n), b = random_pick(r, n);
        if (random_chance(r, 30)) continue;
        points.lo[d] = a < b ? a : b, points.hi[d] = (a < b ? b : a) + 1;
    }
    return (pel_range){.kind = PEL_RANGE_BOX, .box = points};
}

static pel_range random_range(random_stream *r, const chain_case *c, int field)
{
    const pel_field_spec *spec = &c->fields[field].spec;
    const int kind = random_pick(r, 100), d = random_pick(r, c->grid.dimensions), side = random_pick(r, 2);
    if (kind < 58) return PEL_INTERIOR;
    if (kind < 78) return PEL_EVERYTHING;
    if (kind < 88) return random_box(r, random_points(&c->grid, spec->centring, spec->along));
    if (kind < 94) return PEL_WHOLE(1u << d);
    const bool is_open = !c->grid.is_periodic[d] && spec->along >> d & 1;
    return is_open ? PEL_SIDE(d, side, 1 + random_pick(r, 3)) : PEL_INTERIOR;
}

/* ---- loops at random ---- */

static entry_case *add_entry(random_stream *r, chain_case *c, entry_kind kind, pel_range range)
{
    entry_case *e = &c->entries[c->entry_count++];
    *e = (entry_case){.kind = kind, .range = range, .is_star = random_chance(r, 75)};
    e->salt = pel_random_bits((pel_random_key){.seed = r->seed, .draw = r->draw++});
    return e;
}

/* Writes one or two fields of the same points, reads up to three. */
static void add_random_loop(random_stream *r, chain_case *c, entry_kind kind)
{
    const int field = random_pick(r, c->field_count), level = random_level(r, &c->fields[field]);
    entry_case *e = add_entry(r, c, kind, kind == ENTRY_LOOP ? random_range(r, c, field) : PEL_EVERYTHING);
    const pel_reach here = {{0}, {0}};
    add_access(e, random_chance(r, 40) ? PEL_UPDATE : PEL_WRITE, field, level, here);
    const int other = random_pick(r, c->field_count), other_level = random_level(r, &c->fields[other]);
    const pel_field_spec *a = &c->fields[field].spec, *b = &c->fields[other].spec;
    if (random_chance(r, 40) && a->centring == b->centring && a->along == b->along &&
        !is_written(e, other, other_level))
        add_access(e, random_chance(r, 40) ? PEL_UPDATE : PEL_WRITE, other, other_level, here);
    if (kind == ENTRY_TILES) e->pieces = 1 + random_pick(r, 7);
    add_reads(r, c, e, field, 1 + random_pick(r, 3));
}

static void add_random_loops(random_stream *r, chain_case *c, int count)
{
    while (count-- > 0 && c->entry_count < MOST_LOOPS) add_random_loop(r, c, ENTRY_LOOP);
}

static void soup(random_stream *r, chain_case *c)
{
    for (int i = 0, count = 1 + random_pick(r, MOST_FIELDS); i < count; i++) random_field(r, c);
    add_random_loops(r, c, 1 + random_pick(r, MOST_LOOPS));
}

/* ---- schemes ---- */

/* now -> next, or (previous, now) -> next. */
static void levels_scheme(random_stream *r, chain_case *c, bool is_leapfrog)
{
    const unsigned centring = random_chance(r, 70) ? 0 : (unsigned)random_pick(r, 1 << c->grid.dimensions);
    const int q = add_field(r, c, centring, is_leapfrog ? 3 : 2, true);
    if (is_leapfrog) c->fields[q].lowest = -1;
    entry_case *e = add_entry(r, c, ENTRY_LOOP, random_chance(r, 70) ? PEL_INTERIOR : PEL_EVERYTHING);
    const pel_reach here = {{0}, {0}};
    add_access(e, PEL_WRITE, q, 1, here);
    add_access(e, PEL_READ, q, 0, random_reach(r, c->grid.dimensions));
    if (is_leapfrog) add_access(e, PEL_READ, q, -1, here);
    if (random_chance(r, 40)) add_access(e, PEL_READ, add_field(r, c, 0, 1, false), 0, here);
}

/* Velocities at the faces from the centre behind, the centre from the faces ahead: in place, one after the other. */
static void staggered_scheme(random_stream *r, chain_case *c)
{
    const int eta = add_field(r, c, 0, 1, true), n = random_chance(r, 75) ? 1 : 2;
    int u[3];
    for (int d = 0; d < c->grid.dimensions; d++) {
        u[d] = add_field(r, c, 1u << d, 1, true);
        entry_case *e = add_entry(r, c, ENTRY_LOOP, PEL_INTERIOR);
        add_access(e, PEL_UPDATE, u[d], 0, (pel_reach){{0}, {0}});
        add_access(e, PEL_READ, eta, 0, reach_along(d, -n, n - 1));
    }
    entry_case *e = add_entry(r, c, ENTRY_LOOP, PEL_INTERIOR);
    add_access(e, PEL_UPDATE, eta, 0, (pel_reach){{0}, {0}});
    for (int d = 0; d < c->grid.dimensions; d++) add_access(e, PEL_READ, u[d], 0, reach_along(d, 1 - n, n));
}

/* Stages of a tendency that looks upwind, and an update at the point. */
static void multi_stage_scheme(random_stream *r, chain_case *c)
{
    const int q = add_field(r, c, 0, 1, true), stage = add_field(r, c, 0, 1, true), k = add_field(r, c, 0, 1, true);
    const int stages = 1 + random_pick(r, 3);
    pel_reach upwind = {{0}, {0}};
    for (int d = 0; d < c->grid.dimensions; d++) {
        const int far = 1 + random_pick(r, 3), near = random_pick(r, 2), is_down = random_pick(r, 2);
        upwind.lo[d] = is_down ? -far : -near, upwind.hi[d] = is_down ? near : far;
    }
    for (int i = 0; i < stages; i++) {
        entry_case *tendency = add_entry(r, c, ENTRY_LOOP, PEL_INTERIOR);
        add_access(tendency, PEL_WRITE, k, 0, (pel_reach){{0}, {0}});
        add_access(tendency, PEL_READ, i == 0 ? q : stage, 0, upwind);
        entry_case *advance = add_entry(r, c, ENTRY_LOOP, PEL_INTERIOR);
        const bool is_last = i == stages - 1;
        add_access(advance, is_last ? PEL_UPDATE : PEL_WRITE, is_last ? q : stage, 0, (pel_reach){{0}, {0}});
        add_access(advance, PEL_READ, k, 0, (pel_reach){{0}, {0}});
        if (!is_last) add_access(advance, PEL_READ, q, 0, (pel_reach){{0}, {0}});
    }
}

/* Two fields that update each other. */
static void in_place_scheme(random_stream *r, chain_case *c)
{
    const int a = add_field(r, c, 0, 1, true), b = add_field(r, c, (unsigned)random_pick(r, 2), 1, true);
    for (int i = 0; i < 2; i++) {
        entry_case *e = add_entry(r, c, ENTRY_LOOP, random_chance(r, 70) ? PEL_INTERIOR : PEL_EVERYTHING);
        add_access(e, PEL_UPDATE, i == 0 ? a : b, 0, (pel_reach){{0}, {0}});
        add_access(e, PEL_READ, i == 0 ? b : a, 0, random_reach(r, c->grid.dimensions));
    }
}

static void draw_loops(random_stream *r, chain_case *c)
{
    const int scheme = random_pick(r, 12);
    if (scheme < 6) soup(r, c);
    else if (scheme < 8) levels_scheme(r, c, scheme == 7);
    else if (scheme == 8) staggered_scheme(r, c);
    else if (scheme < 11) multi_stage_scheme(r, c);
    else in_place_scheme(r, c);
    if (scheme >= 6 && random_chance(r, 40)) {
        if (c->field_count < MOST_FIELDS) random_field(r, c);
        add_random_loops(r, c, 1 + random_pick(r, 2));
    }
}

/* ---- what else a chain holds ---- */

static void add_reduction(random_stream *r, chain_case *c)
{
    entry_case *e = add_entry(r, c, ENTRY_REDUCE, random_chance(r, 50) ? PEL_INTERIOR : PEL_EVERYTHING);
    e->reduction = PEL_SUM + random_pick(r, 3);
    e->centring = (unsigned)random_pick(r, 1 << c->grid.dimensions);
    if (random_chance(r, 20)) e->range = random_box(r, random_points(&c->grid, e->centring, 0));
    add_reads(r, c, e, -1, 1 + random_pick(r, 2));
}

static void add_probe(random_stream *r, chain_case *c)
{
    const int field = random_pick(r, c->field_count);
    const pel_field_spec *spec = &c->fields[field].spec;
    if (spec->type != PEL_DOUBLE) return;
    entry_case *e = add_entry(r, c, ENTRY_PROBE, PEL_EVERYTHING);
    add_access(e, PEL_READ, field, random_level(r, &c->fields[field]), (pel_reach){{0}, {0}});
    const pel_box points = random_points(&c->grid, spec->centring, spec->along);
    e->cell_count = 1 + random_pick(r, MOST_CELLS);
    for (int i = 0; i < e->cell_count; i++)
        for (int d = 0; d < 3; d++) e->cells[i][d] = random_pick(r, points.hi[d]);
}

/* Moves the last entry to a place at random: probes, sums and calls stand anywhere among the loops. */
static void move_last(random_stream *r, chain_case *c)
{
    const int to = random_pick(r, c->entry_count);
    const entry_case last = c->entries[c->entry_count - 1];
    for (int i = c->entry_count - 1; i > to; i--) c->entries[i] = c->entries[i - 1];
    c->entries[to] = last;
}

static void add_others(random_stream *r, chain_case *c)
{
    static const struct {
        entry_kind kind;
        int percent;
    } others[] = {{ENTRY_REDUCE, 20}, {ENTRY_PROBE, 20}, {ENTRY_TILES, 6}, {ENTRY_CALL, 5}};
    for (int i = 0; i < 4; i++) {
        const int before = c->entry_count;
        if (!random_chance(r, others[i].percent)) continue;
        if (others[i].kind == ENTRY_REDUCE) add_reduction(r, c);
        else if (others[i].kind == ENTRY_PROBE) add_probe(r, c);
        else add_random_loop(r, c, others[i].kind);
        if (c->entry_count > before) move_last(r, c);
    }
}

/* ---- how large, how long ---- */

static double values_in_reach(const entry_case *e, const access_case *a, const pel_box *points)
{
    double box = 1, star = 1;
    for (int d = 0; d < 3; d++) {
        const int n = a->reach.hi[d] - a->reach.lo[d];
        if (e->range.whole >> d & 1) box *= points->hi[d];
        else box *= n + 1, star += n;
    }
    return e->is_star && !e->range.whole && star + 8 < box ? star + 8 : box;
}

double random_work(const chain_case *c, const entry_case *e)
{
    double work = 0;
    for (int a = 0; a < e->access_count; a++) {
        const pel_field_spec *spec = &c->fields[e->access[a].field].spec;
        const pel_box points = random_points(&c->grid, spec->centring, spec->along);
        work += 2 + values_in_reach(e, &e->access[a], &points) * spec->components;
    }
    const unsigned along = e->kind == ENTRY_REDUCE ? 0 : c->fields[e->access[0].field].spec.along;
    return e->kind == ENTRY_PROBE ? 0 : work * (double)pel_box_count(random_points(&c->grid, 0, along));
}

static double work_of(const chain_case *c)
{
    double work = 1;
    for (int i = 0; i < c->entry_count; i++) work += random_work(c, &c->entries[i]);
    return work;
}

/* Boxes and probes were drawn on the grid as it was. */
static void cut_to_grid(chain_case *c)
{
    for (int i = 0; i < c->entry_count; i++) {
        entry_case *e = &c->entries[i];
        for (int k = 0; k < e->cell_count; k++)
            for (int d = 0; d < 3; d++)
                if (e->cells[k][d] >= c->grid.cells[d]) e->cells[k][d] = c->grid.cells[d] - 1;
        for (int d = 0; d < 3 && e->range.kind == PEL_RANGE_BOX; d++) {
            if (e->range.box.lo[d] >= c->grid.cells[d]) e->range.box.lo[d] = 0;
        }
    }
}

/* The columns along y are what is tiled in time: the other dimensions give way first. */
static void fit_grid(chain_case *c)
{
    for (int n = 0; work_of(c) * FEWEST_STEPS > MOST_WORK && n < 64; n++) {
        int widest = 0, *cells = c->grid.cells;
        for (int d = 1; d < c->grid.dimensions; d++)
            if (cells[d] > cells[widest] * (d == 1 ? 4 : 1)) widest = d;
        if (cells[widest] > LEAST_CELLS + 2) cells[widest] -= cells[widest] / 5 + 1;
        if (cells[widest] < LEAST_CELLS) cells[widest] = LEAST_CELLS;
    }
    cut_to_grid(c);
}

static void draw_steps(random_stream *r, chain_case *c)
{
    int steps = 1 + random_pick(r, MOST_STEPS);
    while (steps > FEWEST_STEPS && steps * work_of(c) > MOST_WORK) steps--;
    c->stretch_count = 0;
    while (steps > 0 && c->stretch_count < MOST_STRETCHES) {
        const bool is_last = c->stretch_count == MOST_STRETCHES - 1 || random_chance(r, 60);
        const int n = is_last ? steps : 1 + random_pick(r, steps);
        c->stretches[c->stretch_count++] = n;
        steps -= n;
    }
}

chain_case random_chain(uint64_t seed)
{
    random_stream r = {.seed = seed};
    chain_case c = {.seed = seed, .grid = random_grid(&r), .kind = PEL_CHAIN_STEPPER};
    if (random_chance(&r, 12)) c.kind = PEL_CHAIN_PLAIN;
    draw_loops(&r, &c);
    add_others(&r, &c);
    fit_grid(&c);
    draw_steps(&r, &c);
    return c;
}

run_case random_run(uint64_t seed, int number)
{
    random_stream r = {.seed = pel_hash_mix(seed, (uint64_t)number + 1)};
    run_case run = {.threads = 1 + random_pick(&r, MOST_THREADS)};
    pel_run_options *o = &run.options;
    o->executor = number == 0 ? PEL_EXECUTOR_SPATIAL : PEL_EXECUTOR_TEMPORAL;
    if (random_chance(&r, 8)) o->executor = PEL_EXECUTOR_AUTO;
    for (int d = 0; d < 3; d++)
        if (random_chance(&r, 40)) o->tile[d] = 1 + random_pick(&r, 40);
    if (random_chance(&r, 80)) o->pitch = random_chance(&r, 60) ? 1 : 1 + random_pick(&r, 48);
    if (random_chance(&r, 80)) o->height = 1 + random_pick(&r, 6);
    if (random_chance(&r, 80)) o->chunk = 1 + random_pick(&r, 32);
    if (random_chance(&r, 80)) o->row = 1 + random_pick(&r, 32);
    if (random_chance(&r, 60)) o->order = 1 + random_pick(&r, 1000000);
    o->check_access = random_chance(&r, 3);
    return run;
}
