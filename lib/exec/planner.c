/* The planner: predicts how long a step takes under each way to run it.
 *
 * Two streams are counted. To and from *memory* go, under `spatial`, all declared accesses, a written array twice (its
 * lines are read before they are written). Under `temporal` a tile of pitch D that grows over h steps brings in each
 * array over its base and what its reaches add, once, and gives back what it wrote, for D h points of every loop:
 *
 *     bytes a point and step = sum over arrays of b (1 + w) (D + dL + dR) / (D h),    w = 1 where written
 *
 * (for a Jacobi step the traffic of Malas et al. 2015, eq. 5). What does not fit most of a core's L2 goes to
 * memory as under `spatial`, in proportion. Between *L2 and the core* go all declared accesses, whatever the executor.
 * The two are added: a core waits for both.
 *
 * The working set of a tile is what the wavefront has in hand: arrays times the rows of the base times chunk and lag.
 * The rate of memory is the machine's if it was measured, now (pel_bandwidth_triad()) or earlier and kept
 * (machine_figures.h), else a nominal one, as the others are. That is good enough to leave out what cannot be best;
 * among those left the first stretches of a run decide (auto.c). */
#include "exec/planner.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "exec/schedule_inside.h"
#include "exec/team_inside.h"

enum { MOST_BUFFERS = 256, MOST_FOUND = 1024, COLUMNS_A_THREAD = 3 };

static const double cache_bytes_per_second = 40e9; /* of a core, from its L2: nominal */
static const double tile_seconds = 2e-6;           /* to take a tile and free its children */
static const double box_seconds = 0.1e-6;          /* to call a kernel on a box */
static const double cache_share = 0.85;            /* of an L2 that tiles may fill */
static const double unaligned_share = 0.5;         /* more time from L2 where pieces of rows begin off a cache line */
static const double barrier_seconds = 1e-6;

/* What a chain touches in a step. */
typedef struct traffic {
    double updates;      /* points of all loops */
    double declared;     /* bytes, a write once */
    double streamed;     /* bytes, a write twice */
    double arrays;       /* bytes of one grid point in all buffers touched */
    double swept;        /* the same, written buffers twice */
    double waits, slots; /* a step */
} traffic;

static double bytes_of(const pel_field *field)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    return (double)pel_type_bytes(spec->type) * spec->components;
}

/* The share of the grid's points that a field has: less than 1 where it lies along a subset. */
static double share_of(const pel_field *field)
{
    const pel_grid *grid = pel_field_grid(field);
    double share = 1;
    for (int d = 0; d < 3; d++)
        if (!(pel_field_spec_of(field)->along >> d & 1)) share /= pel_grid_cells(grid, d);
    return share;
}

typedef struct buffer {
    const pel_field *field;
    int level;
    bool is_written;
} buffer;

static void note_buffer(buffer *all, int *count, const pel_arg *arg)
{
    const int levels = pel_field_spec_of(arg->field)->levels, level = ((arg->level % levels) + levels) % levels;
    for (int i = 0; i < *count; i++) {
        if (all[i].field != arg->field || all[i].level != level) continue;
        all[i].is_written = all[i].is_written || arg->access != PEL_READ;
        return;
    }
    if (*count < MOST_BUFFERS) all[(*count)++] = (buffer){arg->field, level, arg->access != PEL_READ};
}

static traffic traffic_of(const pel_chain *chain)
{
    traffic t = {0};
    buffer all[MOST_BUFFERS];
    int count = 0;
    for (size_t i = 0; i < chain->plan.count; i++) {
        const slot *s = &chain->plan.slots[i];
        double points, bytes;
        pel_slot_traffic(s, &points, &bytes);
        t.updates += points, t.declared += bytes, t.streamed += bytes;
        t.waits += s->waits, t.slots++;
        for (int a = 0; a < s->arg_count; a++) {
            if (s->args[a].access == PEL_WRITE)
                t.streamed += points * bytes_of(s->args[a].field) * share_of(s->args[a].field);
            note_buffer(all, &count, &s->args[a]);
        }
    }
    for (int i = 0; i < count; i++) {
        const double bytes = bytes_of(all[i].field) * share_of(all[i].field);
        t.arrays += bytes;
        t.swept += bytes * (1 + all[i].is_written);
    }
    return t;
}

/* ---- what a way costs ---- */

/* What the prediction knows of chain and machine. */
typedef struct setting {
    const pel_chain *chain;
    traffic traffic;
    double points; /* of the grid */
    int cells[3];
    int threads;
    double l2, memory_rate, cache_rate; /* bytes; bytes a second of the team */
} setting;

static setting setting_of(const pel_chain *chain, const pel_team *team)
{
    setting at = {.chain = chain, .traffic = traffic_of(chain), .points = 1, .threads = pel_team_threads(team)};
    const pel_grid *grid = NULL;
    for (size_t i = 0; i < chain->plan.count && !grid; i++)
        if (chain->plan.slots[i].arg_count) grid = pel_field_grid(chain->plan.slots[i].args[0].field);
    for (int d = 0; d < 3; d++) {
        at.cells[d] = grid ? pel_grid_cells(grid, d) : 1;
        at.points *= at.cells[d];
    }
    at.l2 = (double)pel_team_cache_bytes(team, 2);
    if (at.l2 <= 0) at.l2 = 1 << 20;
    at.memory_rate = pel_team_memory_rate(team);
    at.cache_rate = cache_bytes_per_second * at.threads;
    return at;
}

/* The share of what is touched that a cache of a core does not hold. */
static double spilled(const setting *at, double bytes)
{
    const double room = at->l2 * cache_share;
    return bytes <= room ? 0 : 1 - room / bytes;
}

static void rate(const setting *at, pel_plan *plan, double memory_bytes, double overhead)
{
    const traffic *t = &at->traffic;
    const double seconds = memory_bytes / at->memory_rate + t->declared / at->cache_rate + overhead;
    plan->bytes_an_update = t->updates > 0 ? memory_bytes / t->updates : 0;
    plan->updates_per_second = seconds > 0 ? t->updates / seconds : 0;
}

static pel_plan spatial_plan(const setting *at, const char *why_not)
{
    pel_plan plan = {.executor = PEL_EXECUTOR_SPATIAL, .why_not = why_not, .wave = -1, .dimension = -1};
    const double all = at->points * at->traffic.arrays / at->threads;
    plan.working_set = at->l2 / 2 < all ? at->l2 / 2 : all;
    rate(at, &plan, at->traffic.streamed * spilled(at, all), at->traffic.waits * barrier_seconds);
    return plan;
}

/* Points along a wavefront that a tile has in hand: the chunk and what its stages lag. */
static double in_hand(const schedule *s, int w)
{
    const double all = s->cells[s->waves[w].dimension];
    return fmin(s->waves[w].chunk + s->grows.ahead[w] + s->grows.behind[w], all);
}

static double working_set(const setting *at, const schedule *s)
{
    double points = fmin(s->pitch, at->cells[s->dimension]);
    for (int d = 0; d < 3; d++)
        if (d == s->waves[INNER].dimension) points *= in_hand(s, INNER);
        else if (d == s->waves[OUTER].dimension) points *= in_hand(s, OUTER);
        else if (d != s->dimension) points *= at->cells[d];
    return at->traffic.arrays * points;
}

/* How much more is brought in because each piece of the rows looks beyond its ends. */
static double row_surplus(const schedule *s)
{
    return s->waves[OUTER].dimension < 0 ? 1 : in_hand(s, OUTER) / fmin(s->waves[OUTER].chunk, s->cells[0]);
}

static double places_along(const schedule *s, int w)
{
    return s->waves[w].dimension < 0 ? 1 : ceil((double)s->cells[s->waves[w].dimension] / s->waves[w].chunk);
}

static pel_plan temporal_plan(const setting *at, const schedule *s, long steps)
{
    pel_plan plan = {.executor = PEL_EXECUTOR_TEMPORAL, .pitch = s->pitch, .height = s->height};
    plan.chunk = s->waves[INNER].chunk;
    plan.row = s->waves[OUTER].dimension < 0 ? 0 : s->waves[OUTER].chunk;
    plan.dimension = s->dimension, plan.wave = s->waves[INNER].dimension;
    plan.working_set = working_set(at, s);
    const double width = s->pitch + s->grows.left + s->grows.right;
    const double reused = at->traffic.swept * at->points * width / ((double)s->pitch * s->height) * row_surplus(s);
    const double spill = spilled(at, plan.working_set);
    const bool is_streamed = spilled(at, at->points * at->traffic.arrays / at->threads) > 0;
    const double columns = fmax(1, floor((double)at->cells[s->dimension] / s->pitch));
    const double places = places_along(s, INNER) * places_along(s, OUTER);
    double overhead = columns / s->height * tile_seconds + 2 * columns * places * at->traffic.slots * box_seconds;
    if (s->waves[OUTER].dimension >= 0) overhead += at->traffic.declared * unaligned_share / cache_bytes_per_second;
    const double memory = is_streamed ? reused * (1 - spill) + at->traffic.streamed * spill : 0;
    rate(at, &plan, memory, overhead / at->threads);
    /* threads beyond the columns idle; the first and the last block run on a part of the tiles */
    const double busy = fmin(1, columns / at->threads) * (double)steps / (double)(steps + s->height);
    plan.updates_per_second *= busy;
    return plan;
}

/* ---- the candidates ---- */

static int by_rate(const void *a, const void *b)
{
    const pel_plan *first = a, *second = b;
    return (first->updates_per_second < second->updates_per_second) -
           (first->updates_per_second > second->updates_per_second);
}

typedef struct found {
    pel_plan plans[MOST_FOUND];
    int count;
} found;

static bool is_known(const found *all, const pel_plan *plan)
{
    for (int i = 0; i < all->count; i++)
        if (all->plans[i].pitch == plan->pitch && all->plans[i].height == plan->height &&
            all->plans[i].chunk == plan->chunk && all->plans[i].row == plan->row &&
            all->plans[i].executor == plan->executor)
            return true;
    return false;
}

static pel_status add_shape(const setting *at, const schedule_shape *shape, long steps, bool is_forced, found *all,
                            const char **why)
{
    schedule s;
    PEL_TRY(pel_schedule_make(at->chain, 0, at->chain->plan.count, shape, steps, &s, why));
    if (*why) return PEL_OK;
    const pel_plan plan = temporal_plan(at, &s, steps);
    const bool is_wide = s.cells[s.dimension] >= COLUMNS_A_THREAD * s.pitch * at->threads;
    pel_schedule_free(&s);
    if (!is_wide && !is_forced) *why = "the grid has fewer than three pitches a thread";
    else if (all->count < MOST_FOUND && !is_known(all, &plan)) all->plans[all->count++] = plan;
    return PEL_OK;
}

/* Chunks worth trying: short along z, where whole planes lie behind each point, long along x. */
static int chunk_of(int i, bool is_flat)
{
    static const int deep[] = {4, 8, 16, 32}, flat[] = {256, 512, 1024, 2048};
    return is_flat ? flat[i] : deep[i];
}

/* The pitches of one height, chunk and row: given, or from the least on. */
static pel_status add_pitches(const setting *at, const pel_run_options *options, schedule_shape shape, long steps,
                              found *all, const char **why)
{
    const bool is_forced = options->executor == PEL_EXECUTOR_TEMPORAL;
    const int before = all->count;
    shape.pitch = options->pitch;
    PEL_TRY(add_shape(at, &shape, steps, is_forced, all, why));
    if (all->count == before || options->pitch) return PEL_OK;
    const int least = all->plans[before].pitch;
    for (int halves = 3; halves <= 4; halves++) {
        const char *narrow = NULL; /* a wide pitch may not fit where the least does */
        shape.pitch = (halves * least + 1) / 2;
        PEL_TRY(add_shape(at, &shape, steps, is_forced, all, &narrow));
    }
    return PEL_OK;
}

/* All shapes of one height: whole rows, and rows in pieces for what is too large for a cache otherwise. */
static pel_status add_height(const setting *at, const pel_run_options *options, int height, long steps, found *all,
                             const char **why)
{
    static const int rows[] = {INT_MAX, 96, 192};
    const bool is_flat = at->cells[2] == 1, is_given = options->row > 0;
    for (int i = 0; i < (options->chunk ? 1 : 4); i++)
        for (int j = 0; j < (is_flat || is_given ? 1 : 3); j++) {
            if (j > 0 && 2 * rows[j] > at->cells[0]) continue;
            const schedule_shape shape = {.height = height,
                                          .chunk = options->chunk ? options->chunk : chunk_of(i, is_flat),
                                          .row = is_given ? options->row : rows[j]};
            PEL_TRY(add_pitches(at, options, shape, steps, all, why));
        }
    return PEL_OK;
}

static pel_status find_temporal(const setting *at, const pel_run_options *options, long steps, found *all,
                                const char **why)
{
    static const int heights[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32};
    if (options->height) return add_height(at, options, options->height, steps, all, why);
    for (size_t i = 0; i < sizeof heights / sizeof *heights && heights[i] <= steps; i++) {
        const char *obstacle = NULL;
        PEL_TRY(add_height(at, options, heights[i], steps, all, &obstacle));
        if (obstacle && !*why) *why = obstacle;
        if (obstacle) break; /* higher ones have less room still */
    }
    return PEL_OK;
}

/* The reason why not holds only where no way in time was found. */
static void add_spatial(const setting *at, const char *why, found *all)
{
    const pel_plan plan = spatial_plan(at, all->count ? NULL : why);
    if (all->count == MOST_FOUND) all->count--;
    all->plans[all->count++] = plan;
}

pel_status pel_plan_candidates(const pel_chain *chain, const pel_team *team, const pel_run_options *options, long steps,
                               pel_plan *plans, int most, int *count)
{
    *count = 1;
    plans[0] = (pel_plan){.executor = options->executor, .dimension = -1, .wave = -1};
    if (plans[0].executor == PEL_EXECUTOR_REFERENCE) return PEL_OK;
    const setting at = setting_of(chain, team);
    found *all = calloc(1, sizeof *all);
    if (!all) return pel_fail(PEL_ERR_MEMORY, "no memory for the plans of %s", pel_chain_name(chain));
    const char *why = options->executor == PEL_EXECUTOR_SPATIAL ? "it was asked for spatial tiles" : NULL;
    pel_status status = PEL_OK;
    if (!why) status = find_temporal(&at, options, steps, all, &why);
    if (all->count == 0 || options->executor != PEL_EXECUTOR_TEMPORAL) add_spatial(&at, why, all);
    qsort(all->plans, (size_t)all->count, sizeof *all->plans, by_rate);
    for (*count = 0; *count < all->count && *count < most; (*count)++) plans[*count] = all->plans[*count];
    free(all);
    return status;
}

/* ---- words ---- */

const char *pel_executor_name(pel_executor executor)
{
    static const char *const names[] = {[PEL_EXECUTOR_AUTO] = "auto",
                                        [PEL_EXECUTOR_REFERENCE] = "reference",
                                        [PEL_EXECUTOR_SPATIAL] = "spatial",
                                        [PEL_EXECUTOR_TEMPORAL] = "temporal"};
    return names[executor];
}

static void describe_tile(const pel_plan *plan, const pel_team *team, pel_text *text)
{
    char set[32], cache[32];
    pel_text_si((double)pel_team_cache_bytes(team, 2), cache);
    if (plan->executor == PEL_EXECUTOR_TEMPORAL) {
        pel_text_add(text, "diamond %c %d x %d steps, ", "xyz"[plan->dimension], plan -> pitch, plan -> height);
        if (plan->wave >= 0) pel_text_add(text, "wavefront %c by %d, ", "xyz"[plan->wave], plan -> chunk);
        if (plan->row > 0) pel_text_add(text, "rows of %d, ", plan->row);
    } else pel_text_add(text, "tiles of one loop, ");
    pel_text_add(text, "%sB of %sB L2", pel_text_si(plan->working_set, set), cache);
}

void pel_plan_describe(const pel_plan *plan, const pel_chain *chain, const pel_team *team, pel_text *text)
{
    char rate_text[32];
    pel_text_add(text, "%s: %s", pel_chain_name(chain), pel_executor_name(plan->executor));
    if (plan->executor == PEL_EXECUTOR_REFERENCE) {
        pel_text_add(text, "(thread(loop(whole box)))\n");
        return;
    }
    int domains = 1;
    for (int t = 1; t < pel_team_threads(team); t++)
        domains += pel_team_domain(team, t) != pel_team_domain(team, t - 1);
    pel_text_add(text, "(process(%d domain%s(%d core%s(", domains, domains == 1 ? "" : "s",
                 pel_team_threads(team) / domains, pel_team_threads(team) == domains ? "" : "s");
    describe_tile(plan, team, text);
    pel_text_add(text, "(box(row))))))\n  %.3g bytes from memory an update, %s updates/s expected\n",
                 plan->bytes_an_update, pel_text_si(plan->updates_per_second, rate_text));
    if (plan->why_not) pel_text_add(text, "  not tiled in time: %s\n", plan->why_not);
}
