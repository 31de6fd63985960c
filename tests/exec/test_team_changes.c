/* Teams that change: more and fewer threads between stretches, another grant, placement undone, machines as text. */
#include <sched.h>
#include <stdatomic.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "exec/chain.h"
#include "exec/team_inside.h"
#include "machine/grant.h"
#include "support/probe.h"
#include "support/test.h"

/* ---- the same bits ---- */

enum { N = 24, ROWS = 19, STRETCH = 3 };

static void mix(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const double *factor = params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double *from = pel_at(arg[0], x, y, 0);
            *pel_at(arg[1], x, y, 0) = *factor * *from + 0.3 * *pel_at(arg[0], x - 1, y, 0) +
                                       0.1 * *pel_at(arg[0], x, y + 1, 0) + 1e-3 * (double)step->index;
        }
}

static void value(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) *pel_at(arg[1], x, y, 0) = *pel_at(arg[0], x, y, 0);
}

static void piece(long i, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    *pel_at(arg[0], (int)i, 0, 0) += 1.0 / (double)(i + 3);
}

/* A field, what its chain found, and what its probe saw. */
typedef struct model {
    pel_grid *grid;
    pel_field *f;
    pel_chain *chain;
    pel_reduced sum, most;
    uint64_t probed;
} model;

static void make(model *m, pel_team *team)
{
    static const double factor = 0.59;
    static const int cells[2][3] = {{1, 2, 0}, {N - 1, ROWS - 1, 0}};
    *m = (model){0};
    CHECK_STATUS(
        pel_grid_create(&(pel_grid_spec){.dimensions = 2, .cells = {N, ROWS}, .is_periodic = {true, true}}, &m->grid));
    CHECK_STATUS(pel_field_declare(m->grid, "f", &(pel_field_spec){.levels = 2}, &m->f));
    CHECK_STATUS(pel_chain_create("mix", PEL_CHAIN_STEPPER, &m->chain));
    pel_chain_loop(m->chain, "mix", mix, &factor, sizeof factor, PEL_INTERIOR,
                   pel_read(m->f, 0, PEL_BEHIND_X(1), PEL_AHEAD_Y(1)), pel_write(m->f, 1));
    pel_chain_tiles(m->chain, "pieces", N, piece, NULL, 0, pel_update(m->f, 1));
    pel_chain_reduce(m->chain, "sum", PEL_SUM, value, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &m->sum, pel_read(m->f, 1));
    pel_chain_reduce(m->chain, "most", PEL_MAX, value, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &m->most, pel_read(m->f, 1));
    pel_chain_probe(m->chain, m->f, 1, cells, 2, probe_hash, &m->probed);
    CHECK_STATUS(pel_commit(team, &m->grid, 1, &m->chain, 1));
    for (int y = 0; y < ROWS; y++)
        for (int x = 0; x < N; x++) {
            const double start = (double)(pel_hash_mix((uint64_t)x, (uint64_t)y) >> 12) * 0x1p-52;
            pel_field_put(m->f, 0, 0, (pel_box){{x, y, 0}, {x + 1, y + 1, 1}}, &start);
        }
}

static void end(model *m)
{
    pel_chain_destroy(m->chain);
    pel_grid_destroy(m->grid);
}

/* Stretches of the chain, before each of which the team gets the next number of threads. */
static void run(model *m, pel_team *team, pel_executor executor, const int *threads, int stretches)
{
    pel_step at = {.dt = 1};
    for (int i = 0; i < stretches; i++) {
        CHECK_STATUS(pel_team_resize(team, threads[i]));
        CU_ASSERT_EQUAL(pel_team_threads(team), threads[i]);
        CHECK_STATUS(pel_chain_run(m->chain, team, &(pel_run_options){.executor = executor}, at, STRETCH));
        for (int k = 0; k < STRETCH; k++) at = pel_step_next(at);
    }
}

static void compare(const model *a, const model *b)
{
    double mine[N * ROWS], theirs[N * ROWS];
    pel_field_get(a->f, 0, 0, pel_field_owned(a->f), mine);
    pel_field_get(b->f, 0, 0, pel_field_owned(b->f), theirs);
    CU_ASSERT_EQUAL(memcmp(mine, theirs, sizeof mine), 0);
    CU_ASSERT_EQUAL(memcmp(&a->sum.value, &b->sum.value, sizeof(double)), 0);
    CU_ASSERT_EQUAL(a->most.value, b->most.value);
    CU_ASSERT_EQUAL(memcmp(a->most.at, b->most.at, sizeof a->most.at), 0);
    CU_ASSERT_EQUAL(a->probed, b->probed);
}

static void check_changes(pel_executor executor)
{
    static const int ones[] = {1, 1, 1, 1, 1, 1, 1}, changing[] = {1, 3, 2, 4, 4, 1, 2};
    pel_team *team;
    model steady, changed;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &team));
    make(&steady, team), make(&changed, team);
    run(&steady, team, PEL_EXECUTOR_REFERENCE, ones, 7);
    run(&changed, team, executor, changing, 7);
    compare(&steady, &changed);
    end(&steady), end(&changed);
    pel_team_destroy(team);
}

TEST(spatial_tiles_give_the_same_bits_while_threads_come_and_go)
{
    check_changes(PEL_EXECUTOR_SPATIAL);
}

TEST(tiles_in_time_give_the_same_bits_while_threads_come_and_go)
{
    check_changes(PEL_EXECUTOR_TEMPORAL);
}

TEST(a_team_of_no_threads_is_refused_and_stays_as_it_was)
{
    pel_team *team;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
    CHECK_FAILS(pel_team_resize(team, 0), PEL_ERR_ARGUMENT, "a team of 0 threads");
    CU_ASSERT_EQUAL(pel_team_threads(team), 2);
    pel_team_destroy(team);
}

/* ---- following the grant ---- */

/* Writes `text` to `name` below the tree, making the folders on the way. */
static void put(const char *tree, const char *name, const char *text)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", tree, name);
    for (char *at = path + strlen(test_folder()); (at = strchr(at + 1, '/'));) {
        *at = '\0';
        mkdir(path, 0777);
        *at = '/';
    }
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

TEST(a_team_follows_the_quota_and_keeps_the_bits)
{
    char tree[256];
    pel_team *team, *one;
    model steady, followed;
    snprintf(tree, sizeof tree, "%s", test_path("grant"));
    put(tree, "proc/self/cgroup", "0::/job\n");
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.is_quiet = true}, &team));
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &one));
    const int most = pel_team_threads(team);
    make(&steady, one), make(&followed, team);
    pel_step at = {.dt = 1};
    const pel_run_options options = {.executor = PEL_EXECUTOR_SPATIAL};
    for (int i = 0; i < 6; i++) {
        put(tree, "sys/fs/cgroup/job/cpu.max", i % 3 == 1 ? "100000 100000\n" : "max 100000\n");
        CHECK_STATUS(pel_team_follow(team, tree));
        CU_ASSERT_EQUAL(pel_team_threads(team), i % 3 == 1 ? 1 : most);
        CHECK_STATUS(pel_chain_run(followed.chain, team, &options, at, STRETCH));
        CHECK_STATUS(pel_chain_run(steady.chain, one, &options, at, STRETCH));
        for (int k = 0; k < STRETCH; k++) at = pel_step_next(at);
    }
    compare(&steady, &followed);
    end(&steady), end(&followed);
    pel_team_destroy(team);
    pel_team_destroy(one);
}

/* How many processors each thread may run on. */
static void count_processors(int thread, int threads, void *data)
{
    cpu_set_t set;
    (void)threads;
    ((int *)data)[thread] = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : -1;
}

/* As taskset -p does. */
static void let_run_on(const cpu_set_t *set)
{
    CU_ASSERT_EQUAL(sched_setaffinity(0, sizeof *set, set), 0);
}

static int last_of(const cpu_set_t *set)
{
    int last = 0;
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, set)) last = i;
    return last;
}

TEST(a_team_follows_a_mask_that_someone_else_changes)
{
    pel_team *team;
    cpu_set_t all, one;
    CU_ASSERT_EQUAL(sched_getaffinity(0, sizeof all, &all), 0);
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.is_quiet = true}, &team));
    const int most = pel_team_threads(team);
    int counts[4096];
    if (most <= CPU_COUNT(&all) && most > 1 && !pel_grant_user_binds()) {
        CPU_ZERO(&one);
        CPU_SET(last_of(&all), &one);
        pel_team_run(team, count_processors, counts); /* thread 0 is bound to another */
        let_run_on(&one);
        CHECK_STATUS(pel_team_follow(team, ""));
        CU_ASSERT_EQUAL(pel_team_threads(team), 1);
        pel_team_run(team, count_processors, counts);
        let_run_on(&all);
        CHECK_STATUS(pel_team_follow(team, ""));
        CU_ASSERT_EQUAL(pel_team_threads(team), most);
    }
    pel_team_destroy(team);
}

TEST(a_team_of_asked_threads_is_left_alone_while_the_grant_stays)
{
    pel_team *team;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 3, .is_quiet = true}, &team));
    CHECK_STATUS(pel_team_follow(team, ""));
    CU_ASSERT_EQUAL(pel_team_threads(team), 3);
    pel_team_destroy(team);
}

/* ---- placement ---- */

TEST(a_team_left_to_the_system_unbinds_what_another_bound)
{
    pel_team *bound, *loose;
    int before[4] = {0}, after[4] = {0}, given;
    count_processors(0, 1, &given);
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 4, .is_quiet = true}, &bound));
    pel_team_run(bound, count_processors, before);
    CHECK_STATUS(
        pel_team_create(&(pel_team_spec){.threads = 4, .places = PEL_TEAM_UNPLACED, .is_quiet = true}, &loose));
    pel_team_run(loose, count_processors, after);
    const bool is_bound = pel_placement_get_kind(pel_team_placement(bound)) != PEL_PLACEMENT_NONE;
    for (int i = 0; i < 4; i++) {
        if (is_bound) CU_ASSERT_EQUAL(before[i], 1);
        if (!pel_grant_user_binds()) CU_ASSERT_EQUAL(after[i], given);
    }
    pel_team_destroy(loose);
    pel_team_destroy(bound);
}

TEST(following_leaves_threads_where_they_are_bound)
{
    pel_team *team;
    int before[64] = {0}, after[64] = {0};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.is_quiet = true}, &team));
    if (pel_team_threads(team) <= 64) {
        pel_team_run(team, count_processors, before);
        CHECK_STATUS(pel_team_follow(team, ""));
        pel_team_run(team, count_processors, after);
        CU_ASSERT_EQUAL(memcmp(before, after, sizeof before), 0);
    }
    pel_team_destroy(team);
}

/* ---- machines as text ---- */

#define NODE "pack:2 numa:4 l3:1(size=32MiB) core:16 l2:1(size=1MiB) pu:2" /* 128 cores in eight domains */

TEST(a_machine_given_as_text_has_its_cores_domains_and_caches)
{
    pel_team *team;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.machine = NODE}, &team));
    CU_ASSERT_EQUAL(pel_team_threads(team), 128);
    for (int i = 0; i < 128; i++) CU_ASSERT_EQUAL(pel_team_domain(team, i), i / 16);
    CU_ASSERT_EQUAL(pel_team_cache_bytes(team, 2), 1 << 20);
    pel_team_destroy(team);
}

TEST(a_chain_can_be_planned_for_such_a_machine_but_not_run)
{
    pel_team *team, *here;
    model m;
    pel_text text = {0};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.machine = NODE}, &team));
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &here));
    make(&m, here);
    pel_chain_describe(m.chain, team, &(pel_run_options){.executor = PEL_EXECUTOR_SPATIAL}, &text);
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&text), "tiles"));
    CHECK_FAILS(pel_chain_run(m.chain, team, &(pel_run_options){0}, (pel_step){.dt = 1}, 1), PEL_ERR_ARGUMENT,
                "given as text, with 128 threads");
    pel_text_free(&text);
    end(&m);
    pel_team_destroy(team);
    pel_team_destroy(here);
}

TEST(a_small_machine_as_text_runs_with_the_same_bits)
{
    static const int ones[] = {1, 1, 1}, fours[] = {4, 4, 4};
    pel_team *pretended, *one;
    model a, b;
    CHECK_STATUS(
        pel_team_create(&(pel_team_spec){.machine = "pack:1 numa:2 core:2 pu:1", .is_quiet = true}, &pretended));
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &one));
    make(&a, one), make(&b, pretended);
    run(&a, one, PEL_EXECUTOR_REFERENCE, ones, 3);
    run(&b, pretended, PEL_EXECUTOR_TEMPORAL, fours, 3);
    compare(&a, &b);
    end(&a), end(&b);
    pel_team_destroy(one);
    pel_team_destroy(pretended);
}

TEST(a_text_that_is_no_machine_is_refused)
{
    pel_team *team;
    CHECK_FAILS(pel_team_create(&(pel_team_spec){.machine = "two sockets"}, &team), PEL_ERR_ARGUMENT,
                "not an hwloc synthetic topology");
}
