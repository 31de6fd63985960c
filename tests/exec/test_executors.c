/* Every executor, thread count, tile, order and decomposition gives the bits of `reference`.
 *
 * Random chains over random fields, with kernels that hash all their inputs, so that any wrong order, halo or boundary
 * changes the answer. */
#include <math.h>

#include "base/hash.h"
#include "base/random.h"
#include "exec/chain.h"
#include "support/test.h"

enum { MOST_FIELDS = 4, MOST_LOOPS = 5, MOST_READS = 3, CHAINS = 150, STEPS = 4 };

/* ---- a random case ---- */

typedef struct random_stream {
    uint64_t seed, draw;
} random_stream;

static int pick(random_stream *r, int count)
{
    return (int)(pel_random_bits((pel_random_key){.seed = r->seed, .draw = r->draw++}) % (uint64_t)count);
}

typedef struct hashing {
    int read_count;
    pel_reach reach[MOST_READS];
    int updates; /* whether the written field is read too */
    uint64_t salt;
} hashing;

typedef struct loop_case {
    int write, write_level, read[MOST_READS], level[MOST_READS];
    pel_range range;
    hashing params;
} loop_case;

typedef struct chain_case {
    pel_grid_spec grid;
    int field_count, loop_count;
    pel_field_spec fields[MOST_FIELDS];
    loop_case loops[MOST_LOOPS];
} chain_case;

static double value_of(uint64_t bits)
{
    return (double)(bits >> 12) * 0x1p-52 - 0.5;
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static void hash_kernel(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const hashing *p = params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++) {
                uint64_t hash = pel_hash_mix(p->salt, bits_of(step->time));
                for (int a = 0; a < p->read_count; a++)
                    for (int k = p->reach[a].lo[2]; k <= p->reach[a].hi[2]; k++)
                        for (int j = p->reach[a].lo[1]; j <= p->reach[a].hi[1]; j++)
                            for (int i = p->reach[a].lo[0]; i <= p->reach[a].hi[0]; i++)
                                hash = pel_hash_mix(hash, bits_of(*pel_at(arg[a], x + i, y + j, z + k)));
                double *to = pel_at(arg[p->read_count], x, y, z);
                if (p->updates) hash = pel_hash_mix(hash, bits_of(*to));
                *to = value_of(hash);
            }
}

static void random_field(random_stream *r, const pel_grid_spec *grid, pel_field_spec *spec)
{
    *spec = (pel_field_spec){.levels = 1 + pick(r, 3), .centring = (unsigned)pick(r, 1 << grid->dimensions)};
    if (pick(r, 6) == 0) spec->along = (unsigned)(1 + pick(r, (1 << grid->dimensions) - 1));
    for (int d = 0; d < 3; d++)
        for (int side = 0; side < 2; side++) {
            spec->boundary[d][side].kind = PEL_BOUNDARY_VALUE + pick(r, 4);
            spec->boundary[d][side].value = pick(r, 5);
        }
}

static void random_loop(random_stream *r, const chain_case *c, loop_case *loop)
{
    *loop = (loop_case){.write = pick(r, c->field_count), .range = pick(r, 2) ? PEL_INTERIOR : PEL_EVERYTHING};
    loop->write_level = pick(r, c->fields[loop->write].levels);
    loop->params.salt = (uint64_t)pick(r, 1 << 30);
    loop->params.updates = pick(r, 2);
    for (int i = 0, wanted = 1 + pick(r, MOST_READS); i < wanted; i++) {
        const int field = pick(r, c->field_count), level = pick(r, c->fields[field].levels),
                  n = loop->params.read_count;
        if (field == loop->write && level == loop->write_level) continue;
        if (c->fields[loop->write].along && c->fields[field].along != c->fields[loop->write].along) continue;
        loop->read[n] = field, loop->level[n] = level;
        for (int d = 0; d < c->grid.dimensions; d++) {
            loop->params.reach[n].lo[d] = -pick(r, 3);
            loop->params.reach[n].hi[d] = pick(r, 3);
        }
        loop->params.read_count++;
    }
}

static chain_case random_case(uint64_t seed)
{
    random_stream r = {.seed = seed};
    chain_case c = {.grid = {.dimensions = 1 + pick(&r, 3)}};
    for (int d = 0; d < c.grid.dimensions; d++) {
        c.grid.cells[d] = 7 + pick(&r, 7);
        c.grid.is_periodic[d] = pick(&r, 2) != 0;
        c.grid.spacing[d] = 0.5 + pick(&r, 3);
    }
    c.field_count = 1 + pick(&r, MOST_FIELDS);
    for (int i = 0; i < c.field_count; i++) random_field(&r, &c.grid, &c.fields[i]);
    c.loop_count = 1 + pick(&r, MOST_LOOPS);
    for (int i = 0; i < c.loop_count; i++) random_loop(&r, &c, &c.loops[i]);
    return c;
}

/* ---- building and running it ---- */

typedef struct built {
    pel_grid *grid;
    pel_field *fields[MOST_FIELDS];
    pel_chain *chain;
} built;

static void fill(pel_field *field, int number)
{
    const pel_box owned = pel_field_owned(field);
    for (int l = 0; l < pel_field_spec_of(field)->levels; l++)
        for (int z = owned.lo[2]; z < owned.hi[2]; z++)
            for (int y = owned.lo[1]; y < owned.hi[1]; y++)
                for (int x = owned.lo[0]; x < owned.hi[0]; x++) {
                    const uint64_t place = ((uint64_t)z * 1000 + (uint64_t)y) * 1000 + (uint64_t)x;
                    const double value = value_of(pel_hash_mix(place, (uint64_t)(number * 8 + l)));
                    pel_field_put(field, pel_field_lowest_level(field) + l, 0,
                                  (pel_box){{x, y, z}, {x + 1, y + 1, z + 1}}, &value);
                }
}

static void build(const chain_case *c, pel_grid_spec grid, built *b)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    CHECK_STATUS(pel_grid_create(&grid, &b->grid));
    for (int i = 0; i < c->field_count; i++)
        CHECK_STATUS(pel_field_declare(b->grid, names[i], &c->fields[i], &b->fields[i]));
    CHECK_STATUS(pel_chain_create("random", PEL_CHAIN_STEPPER, &b->chain));
    for (int i = 0; i < c->loop_count; i++) {
        const loop_case *loop = &c->loops[i];
        pel_arg args[MOST_READS + 1];
        for (int a = 0; a < loop->params.read_count; a++) {
            args[a] = pel_read(b->fields[loop->read[a]], loop->level[a]);
            args[a].reach = loop->params.reach[a];
        }
        args[loop->params.read_count] = loop->params.updates ? pel_update(b->fields[loop->write], loop->write_level)
                                                             : pel_write(b->fields[loop->write], loop->write_level);
        pel_chain_loop_args(b->chain, "loop", hash_kernel, &loop->params, sizeof loop->params, loop->range, args,
                            loop->params.read_count + 1);
    }
}

static uint64_t hash_of(const chain_case *c, const built *b)
{
    uint64_t sum = 0;
    for (int i = 0; i < c->field_count; i++) sum += pel_field_hash(b->fields[i], 0, pel_field_rows(b->fields[i]));
    return sum;
}

static void destroy(built *b)
{
    pel_chain_destroy(b->chain);
    pel_grid_destroy(b->grid);
}

/* Runs the case in stretches of the given length. */
static uint64_t run_whole(const chain_case *c, pel_team *team, const pel_run_options *options, long stretch)
{
    built b;
    build(c, c->grid, &b);
    CHECK_STATUS(pel_commit(team, &b.grid, 1, &b.chain, 1));
    for (int i = 0; i < c->field_count; i++) fill(b.fields[i], i);
    pel_step step = {.dt = 0.1};
    while (step.index < STEPS) {
        const long n = STEPS - step.index < stretch ? STEPS - step.index : stretch;
        CHECK_STATUS(pel_chain_run(b.chain, team, options, step, n));
        for (long i = 0; i < n; i++) step = pel_step_next(step);
    }
    const uint64_t hash = hash_of(c, &b);
    destroy(&b);
    return hash;
}

static uint64_t run_blocks(const chain_case *c, pel_team *team, const int blocks[3])
{
    built parts[8];
    pel_chain *chains[8];
    int count = 0;
    pel_exchange exchange;
    CHECK_STATUS(pel_exchange_memory(&exchange));
    for (int z = 0; z < blocks[2]; z++)
        for (int y = 0; y < blocks[1]; y++)
            for (int x = 0; x < blocks[0]; x++, count++) {
                pel_grid_spec grid = c->grid;
                const int uneven[] = {0, 3, grid.cells[0]};
                memcpy(grid.blocks, blocks, sizeof grid.blocks);
                grid.block[0] = x, grid.block[1] = y, grid.block[2] = z;
                if (blocks[0] == 2) grid.bounds[0] = uneven;
                build(c, grid, &parts[count]);
                chains[count] = parts[count].chain;
                CHECK_STATUS(pel_commit(team, &parts[count].grid, 1, &chains[count], 1));
                for (int i = 0; i < c->field_count; i++) fill(parts[count].fields[i], i);
            }
    const pel_run_options options = {.exchange = &exchange};
    CHECK_STATUS(pel_chain_run_blocks(chains, count, team, &options, (pel_step){.dt = 0.1}, STEPS));
    uint64_t hash = 0;
    for (int i = 0; i < count; i++) {
        hash += hash_of(c, &parts[i]);
        destroy(&parts[i]);
    }
    pel_exchange_destroy(&exchange);
    return hash;
}

static void expect(uint64_t hash, uint64_t wanted, uint64_t seed, const char *what)
{
    if (hash != wanted) fprintf(stderr, "\nseed %llu: other bits %s\n", (unsigned long long)seed, what);
    CU_ASSERT_EQUAL(hash, wanted);
}

TEST(random_chains_give_the_bits_of_reference_on_any_threads_tiles_and_orders)
{
    pel_team *teams[4];
    for (int t = 0; t < 4; t++)
        CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = t + 1, .is_quiet = true}, &teams[t]));
    for (uint64_t seed = 1; seed <= CHAINS; seed++) {
        const chain_case c = random_case(seed);
        random_stream r = {.seed = seed, .draw = 1000};
        const uint64_t wanted = run_whole(&c, teams[0], &(pel_run_options){.executor = PEL_EXECUTOR_REFERENCE}, STEPS);
        expect(run_whole(&c, teams[0], &(pel_run_options){.executor = PEL_EXECUTOR_REFERENCE}, 1), wanted, seed,
               "in single steps");
        for (int t = 0; t < 4; t++) {
            const pel_run_options options = {.executor = PEL_EXECUTOR_SPATIAL,
                                             .tile = {1 + pick(&r, 9), 1 + pick(&r, 9), 1 + pick(&r, 9)},
                                             .order = pick(&r, 2) ? 1 + pick(&r, 1000) : 0};
            expect(run_whole(&c, teams[t], &options, 1 + pick(&r, 3)), wanted, seed, "under spatial");
        }
    }
    for (int t = 0; t < 4; t++) pel_team_destroy(teams[t]);
}

TEST(a_grid_cut_into_blocks_gives_the_bits_of_the_whole)
{
    pel_team *team;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
    for (uint64_t seed = 1; seed <= CHAINS; seed++) {
        const chain_case c = random_case(seed);
        const uint64_t wanted = run_whole(&c, team, &(pel_run_options){.executor = PEL_EXECUTOR_REFERENCE}, STEPS);
        int blocks[3] = {1, 1, 1};
        for (int d = 0; d < c.grid.dimensions; d++) blocks[d] = 1 + (int)(seed >> d & 1);
        expect(run_blocks(&c, team, blocks), wanted, seed, "in blocks");
    }
    pel_team_destroy(team);
}

/* ---- reductions over blocks ---- */

static void value_of_cell(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) *pel_at(arg[1], x, y, 0) = *pel_at(arg[0], x, y, 0);
}

static void reduce_blocks(int blocks_x, int blocks_y, pel_reduced *sum, pel_reduced *most)
{
    pel_team *team;
    pel_grid *grids[6];
    pel_chain *chains[6];
    pel_reduced sums[6], maxima[6];
    int count = 0;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
    for (int y = 0; y < blocks_y; y++)
        for (int x = 0; x < blocks_x; x++, count++) {
            pel_field *q;
            const pel_grid_spec spec = {
                .dimensions = 2, .cells = {23, 17}, .blocks = {blocks_x, blocks_y}, .block = {x, y}};
            CHECK_STATUS(pel_grid_create(&spec, &grids[count]));
            CHECK_STATUS(pel_field_declare(grids[count], "q", &(pel_field_spec){.centring = PEL_FACE_X}, &q));
            CHECK_STATUS(pel_chain_create("sums", PEL_CHAIN_PLAIN, &chains[count]));
            pel_chain_reduce(chains[count], "sum", PEL_SUM, value_of_cell, NULL, 0, PEL_FACE_X, PEL_EVERYTHING,
                             &sums[count], pel_read(q, 0));
            pel_chain_reduce(chains[count], "most", PEL_MAX, value_of_cell, NULL, 0, PEL_FACE_X, PEL_EVERYTHING,
                             &maxima[count], pel_read(q, 0));
            CHECK_STATUS(pel_commit(team, &grids[count], 1, &chains[count], 1));
            fill(q, 0);
        }
    CHECK_STATUS(pel_chain_run_blocks(chains, count, team, &(pel_run_options){0}, (pel_step){.dt = 1}, 1));
    *sum = sums[count - 1], *most = maxima[0];
    for (int b = 0; b < count; b++) {
        CU_ASSERT_EQUAL(sums[b].value, sums[0].value);
        pel_chain_destroy(chains[b]);
        pel_grid_destroy(grids[b]);
    }
    pel_team_destroy(team);
}

TEST(sums_and_maxima_over_blocks_are_those_of_the_whole)
{
    pel_reduced sum, most, cut_sum, cut_most;
    reduce_blocks(1, 1, &sum, &most);
    reduce_blocks(3, 2, &cut_sum, &cut_most);
    CU_ASSERT_EQUAL(sum.count, 24 * 17);
    CU_ASSERT_EQUAL(cut_sum.count, sum.count);
    CU_ASSERT_EQUAL(cut_sum.value, sum.value);
    CU_ASSERT_EQUAL(cut_most.value, most.value);
    CU_ASSERT(cut_most.at[0] == most.at[0] && cut_most.at[1] == most.at[1]);
}
