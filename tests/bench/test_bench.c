/* The benchmark: its verification notices wrong answers, its cases solve the equations that they say, and its figures
 * are those of what was measured. */
#include <math.h>

#include "bench/atoms.h"
#include "bench/cases.h"
#include "bench/fftw.h"
#include "bench/search.h"
#include "bench/show.h"
#include "bench/verify.h"
#include "qg/app.h"
#include "shallow_water/app.h"
#include "support/test.h"

static const pel_app *const all_apps[] = {&shallow_water_app, &qg_app};
static const bench_apps apps = {all_apps, 2};
static const bench_contender spatial = {.name = "spatial", .options = {.executor = PEL_EXECUTOR_SPATIAL}};
static const bench_contender hand = {.name = "hand", .is_hand = true};

static pel_team *make_team(int threads)
{
    pel_team *team = NULL;
    CHECK_STATUS(
        pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true, .places = PEL_TEAM_UNPLACED}, &team));
    return team;
}

static bench_problem *make_problem(const bench_case *which, pel_team *team)
{
    bench_problem *p = NULL;
    CHECK_STATUS(bench_problem_create(which, (int[]){24, 20, 18}, false, team, apps, &p));
    return p;
}

/* ---- right answers ---- */

TEST(every_case_has_the_bits_of_the_reference)
{
    for (int i = 0; i < bench_case_count; i++) CHECK_STATUS(bench_verify_small(bench_cases[i], 2, apps));
}

TEST(filling_again_gives_the_same_state)
{
    pel_team *team = make_team(2);
    for (int i = 0; i < bench_case_count; i++) {
        bench_problem *p = make_problem(bench_cases[i], team);
        CHECK_STATUS(bench_fill(p));
        const uint64_t start = bench_hash(p);
        CHECK_STATUS(bench_run(p, &spatial, 3));
        CU_ASSERT_NOT_EQUAL(bench_hash(p), start);
        if (bench_cases[i]->app) { /* what the step left in other levels is part of the hash */
            const uint64_t later = bench_hash(p);
            CHECK_STATUS(bench_fill(p));
            CHECK_STATUS(bench_run(p, &spatial, 3));
            CU_ASSERT_EQUAL(bench_hash(p), later);
        } else {
            CHECK_STATUS(bench_fill(p));
            CU_ASSERT_EQUAL(bench_hash(p), start);
        }
        bench_problem_destroy(p);
    }
    pel_team_destroy(team);
}

/* ---- wrong answers ---- */

/* The loops of the case, and then one cell of the last plane is off by its last bit. */
static void hand_that_errs(const bench_problem *p, int sweep, int thread, int threads)
{
    bench_heat_7pt.hand(p, sweep, thread, threads);
    double *value = pel_at(pel_field_view(p->field[0], 1), 3, 4, p->cells[2] - 1);
    if (thread == threads - 1) *value = nextafter(*value, INFINITY);
}

TEST(a_wrong_bit_of_the_hand_written_loops_is_noticed)
{
    bench_case wrong = bench_heat_7pt;
    wrong.hand = hand_that_errs;
    CHECK_FAILS(bench_verify_small(&wrong, 2, apps), PEL_ERR_NUMERICS, "hand has not the bits of reference");
    pel_team *team = make_team(2);
    bench_problem *p = make_problem(&wrong, team);
    const bench_contender both[] = {spatial, hand};
    CHECK_FAILS(bench_verify_full(p, both, 2, 3), PEL_ERR_NUMERICS, "hand has not the bits of spatial");
    bench_problem_destroy(p);
    pel_team_destroy(team);
}

/* Gives cells at the low edge of their box another value: an answer that depends on the tiles. */
static void see_the_box(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                *pel_at(arg[1], x, y, z) = *pel_at(arg[0], x, y, z) + (y == box->lo[1] && y > 0 ? 1 : 0);
}

static pel_status declare_box_seer(bench_problem *p)
{
    PEL_TRY(bench_field(p, "q", &(pel_field_spec){.levels = 2}, (bench_values){0, 1, 0}));
    pel_chain_loop(p->chain, "see", see_the_box, NULL, 0, PEL_INTERIOR, pel_read(p->field[0], 0),
                   pel_write(p->field[0], 1));
    return PEL_OK;
}

TEST(an_answer_that_depends_on_the_tiles_is_noticed)
{
    const bench_case wrong = {.name = "wrong", .dimensions = 3, .declare = declare_box_seer};
    const bench_contender both[] = {
        spatial, {.name = "small tiles", .options = {.executor = PEL_EXECUTOR_SPATIAL, .tile = {9, 5, 2}}}};
    CU_ASSERT_NOT_EQUAL(bench_verify_small(&wrong, 1, apps), PEL_OK); /* the access checker may see it first */
    pel_team *team = make_team(1);
    bench_problem *p = make_problem(&wrong, team);
    CHECK_FAILS(bench_verify_full(p, both, 2, 3), PEL_ERR_NUMERICS, "small tiles has not the bits of spatial");
    bench_problem_destroy(p);
    pel_team_destroy(team);
}

static const bench_rival *right; /* what the following ones disturb */

/* Raw FFTW, and then one number of what came back is off by a billionth of itself. */
static pel_status step_that_errs(void *state)
{
    PEL_TRY(right->step(state));
    const bench_fftw *fftw = state;
    fftw->real[1][7] *= 1 + 1e-9;
    return PEL_OK;
}

/* Raw FFTW of another field: one value is off. */
static pel_status load_that_errs(const bench_problem *p, void *state)
{
    PEL_TRY(right->load(p, state));
    const bench_fftw *fftw = state;
    fftw->real[0][5] += 1e-9;
    return PEL_OK;
}

/* Puts infinity in place of a number: the sums of squares then have no ratio. */
static pel_status step_that_overflows(void *state)
{
    PEL_TRY(right->step(state));
    const bench_fftw *fftw = state;
    fftw->real[1][7] = INFINITY;
    return PEL_OK;
}

static pel_status step_that_idles(void *state)
{
    (void)state;
    return PEL_OK;
}

TEST(transforms_that_do_nothing_are_noticed)
{
    bench_rival idle = *bench_qg.part;
    idle.step = step_that_idles;
    bench_case wrong = bench_qg;
    wrong.part = &idle;
    CHECK_FAILS(bench_verify_small(&wrong, 1, apps), PEL_ERR_NUMERICS, "transforms alone and Pelagos differ by");
    bench_rival idle_fftw = *bench_qg.rival;
    idle_fftw.step = step_that_idles;
    wrong = bench_qg;
    wrong.rival = &idle_fftw;
    CHECK_FAILS(bench_verify_small(&wrong, 1, apps), PEL_ERR_NUMERICS, "raw FFTW and Pelagos differ by");
}

TEST(a_wrong_answer_of_raw_fftw_is_noticed)
{
    static const bench_case *const cases[] = {&bench_fft_2d, &bench_fft_3d, &bench_poisson};
    for (int i = 0; i < 9; i++) {
        bench_case wrong = *cases[i / 3];
        right = wrong.rival;
        bench_rival errs = *right;
        wrong.rival = &errs;
        if (i % 3 == 0) errs.step = step_that_errs;
        if (i % 3 == 1) errs.load = load_that_errs;
        if (i % 3 == 2) errs.step = step_that_overflows;
        CHECK_FAILS(bench_verify_small(&wrong, 1, apps), PEL_ERR_NUMERICS, "raw FFTW and Pelagos differ by");
    }
}

static void look_ahead(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                *pel_at(arg[1], x, y, z) = *pel_at(arg[0], x, y + 1, z) + *pel_at(arg[0], x, y + 2, z);
}

static pel_status declare_understated(bench_problem *p)
{
    PEL_TRY(bench_field(p, "q", &(pel_field_spec){.levels = 2}, (bench_values){0, 1, 0}));
    pel_chain_loop(p->chain, "look", look_ahead, NULL, 0, PEL_INTERIOR, pel_read(p->field[0], 0, PEL_AHEAD_Y(1)),
                   pel_write(p->field[0], 1));
    return PEL_OK;
}

TEST(a_kernel_that_looks_further_than_declared_is_noticed)
{
    const bench_case wrong = {.name = "wrong", .dimensions = 3, .declare = declare_understated};
    CHECK_FAILS(bench_verify_small(&wrong, 1, apps), PEL_ERR_ACCESS, "offset (0, 2, 0)");
}

/* ---- the equations ---- */

typedef double at_point(int x, int y, int z);

/* Level `level` of a field from a function, halo too. */
static void put(pel_field *field, int level, at_point *f)
{
    const pel_box box = pel_field_stored(field);
    for (int z = box.lo[2]; z < box.hi[2]; z++)
        for (int y = box.lo[1]; y < box.hi[1]; y++)
            for (int x = box.lo[0]; x < box.hi[0]; x++) *pel_at(pel_field_view(field, level), x, y, z) = f(x, y, z);
}

static double squares(int x, int y, int z)
{
    return x * x + 2 * y * y + 3 * z * z;
}

/* The Laplacian of x^2 + 2 y^2 + 3 z^2 is 12, by second differences too; b = 0.1. */
TEST(heat_diffuses_a_quadratic_exactly)
{
    pel_team *team = make_team(1);
    bench_problem *p = make_problem(&bench_heat_7pt, team);
    CHECK_STATUS(bench_fill(p));
    put(p->field[0], 0, squares);
    CHECK_STATUS(bench_run(p, &spatial, 1));
    const double found = *pel_at(pel_field_view(p->field[0], 0), 7, 8, 9);
    CU_ASSERT_DOUBLE_EQUAL(found, squares(7, 8, 9) + 0.1 * 12, 1e-12 * squares(7, 8, 9));
    bench_problem_destroy(p);
    pel_team_destroy(team);
}

static double ordered(int x, int y, int z)
{
    return x + 100 * y + 10000 * z;
}

/* Of the seven coefficients, number i is i: each neighbour gets its own. */
TEST(heat_with_variable_coefficients_weighs_each_neighbour)
{
    pel_team *team = make_team(1);
    bench_problem *p = make_problem(&bench_heat_7pt_variable, team);
    CHECK_STATUS(bench_fill(p));
    put(p->field[7], 0, ordered);
    for (int i = 0; i < 7; i++) *pel_at(pel_field_view(p->field[i], 0), 5, 6, 7) = i;
    CHECK_STATUS(bench_run(p, &spatial, 1));
    const double wanted = 21 * ordered(5, 6, 7) + (2 - 1) * 1 + (4 - 3) * 100 + (6 - 5) * 10000;
    CU_ASSERT_EQUAL(*pel_at(pel_field_view(p->field[7], 0), 5, 6, 7), wanted);
    bench_problem_destroy(p);
    pel_team_destroy(team);
}

static double powers(int x, int y, int z)
{
    return pow(x - 11, 8) + pow(y - 9, 6) + pow(z - 8, 4);
}

static double powers_laplacian(int x, int y, int z)
{
    return 56 * pow(x - 11, 6) + 30 * pow(y - 9, 4) + 12 * pow(z - 8, 2);
}

/* Eighth-order differences are exact for polynomials up to degree 9. */
TEST(wave_differentiates_a_polynomial_of_degree_eight_exactly)
{
    pel_team *team = make_team(1);
    bench_problem *p = make_problem(&bench_wave_25pt, team);
    CHECK_STATUS(bench_fill(p));
    put(p->field[0], 0, powers);
    put(p->field[0], 1, squares); /* p(n - 1) */
    const double s = *pel_at(pel_field_view(p->field[1], 0), 10, 11, 7);
    CHECK_STATUS(bench_run(p, &spatial, 1));
    const double wanted = 2 * powers(10, 11, 7) - squares(10, 11, 7) + s * powers_laplacian(10, 11, 7);
    CU_ASSERT_DOUBLE_EQUAL(*pel_at(pel_field_view(p->field[0], 0), 10, 11, 7), wanted, 1e-9 * powers(6, 11, 7));
    bench_problem_destroy(p);
    pel_team_destroy(team);
}

/* With H on faces, cell (x, y, z) has low faces Hx(x), Hy(y), Hz(z). */
static double divergence(const bench_problem *p, int x, int y, int z)
{
    const pel_view hx = pel_field_view(p->field[3], 0), hy = pel_field_view(p->field[4], 0),
                   hz = pel_field_view(p->field[5], 0);
    return (*pel_at(hx, x + 1, y, z) - *pel_at(hx, x, y, z)) + (*pel_at(hy, x, y + 1, z) - *pel_at(hy, x, y, z)) +
           (*pel_at(hz, x, y, z + 1) - *pel_at(hz, x, y, z));
}

TEST(maxwell_keeps_the_divergence_of_the_magnetic_field)
{
    pel_team *team = make_team(1);
    bench_problem *p = make_problem(&bench_maxwell, team);
    CHECK_STATUS(bench_fill(p));
    const double before = divergence(p, 9, 10, 11), hx = *pel_at(pel_field_view(p->field[3], 0), 9, 10, 11);
    CHECK_STATUS(bench_run(p, &spatial, 10));
    CU_ASSERT_DOUBLE_EQUAL(divergence(p, 9, 10, 11), before, 1e-13);
    CU_ASSERT(fabs(*pel_at(pel_field_view(p->field[3], 0), 9, 10, 11) - hx) > 1e-3);
    bench_problem_destroy(p);
    pel_team_destroy(team);
}

/* E = sin(k x) along y and the H of a wave that travels to +x by S cells a step: after n steps it has moved on, at the
 * phase speed of the scheme, sin(w dt / 2) = S sin(k h / 2) (Taflove & Hagness 2005, eq. 4.13). */
TEST(maxwell_moves_a_plane_wave_at_the_speed_of_the_scheme)
{
    const double k = 2 * M_PI / 24, s = 0.5, w = 2 * asin(s * sin(k / 2));
    const int steps = 20;
    pel_team *team = make_team(1);
    bench_problem *p = NULL;
    CHECK_STATUS(bench_problem_create(&bench_maxwell, (int[]){24, 20, 18}, true, team, apps, &p));
    CHECK_STATUS(bench_fill(p));
    for (int i = 0; i < 6; i++)
        for (int z = 0; z < 18; z++)
            for (int y = 0; y < 20; y++)
                for (int x = 0; x < 24; x++) /* Ey at low x faces at time 0, Hz half a cell and half a step on */
                    *pel_at(pel_field_view(p->field[i], 0), x, y, z) = i == 1   ? sin(k * x)
                                                                       : i == 5 ? sin(k * (x + 0.5) - w / 2)
                                                                                : 0;
    CHECK_STATUS(bench_run(p, &spatial, steps));
    double most = 0;
    for (int x = 0; x < 24; x++)
        most = fmax(most, fabs(*pel_at(pel_field_view(p->field[1], 0), x, 3, 4) - sin(k * x - w * steps)));
    CU_ASSERT(most < 1e-12);
    bench_problem_destroy(p);
    pel_team_destroy(team);
}

TEST(the_sum_is_that_of_the_field)
{
    pel_team *team = make_team(2);
    bench_problem *p = make_problem(&bench_sum, team);
    CHECK_STATUS(bench_fill(p));
    CHECK_STATUS(bench_run(p, &spatial, 1));
    double sum = 0; /* exact: all values are multiples of 2^-20 */
    for (int z = 0; z < 18; z++)
        for (int y = 0; y < 20; y++)
            for (int x = 0; x < 24; x++) sum += *pel_at(pel_field_view(p->field[0], 0), x, y, z);
    CU_ASSERT_EQUAL(p->reduced.value, sum);
    CU_ASSERT_EQUAL(p->reduced.count, 24 * 20 * 18);
    bench_problem_destroy(p);
    pel_team_destroy(team);
}

/* ---- figures ---- */

TEST(a_median_is_the_middle_or_between_the_two_in_the_middle)
{
    const bench_spread odd = bench_spread_of((double[]){5, 1, 3}, 3);
    CU_ASSERT(odd.median == 3 && odd.min == 1 && odd.max == 5);
    const bench_spread even = bench_spread_of((double[]){4, 1, 2, 9}, 4);
    CU_ASSERT(even.median == 3 && even.min == 1 && even.max == 9);
}

TEST(rates_and_ratios_belong_to_what_was_run)
{
    const bench_request request = {.cells = {20, 0, 0}, .threads = 2, .steps = 6, .repetitions = 3, .apps = apps};
    bench_result r;
    CHECK_STATUS(bench_measure(&bench_heat_7pt, &request, &r));
    CU_ASSERT(r.cells[0] == 20 && r.cells[1] == 20 && r.cells[2] == 20 && r.threads == 2);
    CU_ASSERT_EQUAL(r.bytes_a_cell, 16);
    CU_ASSERT_EQUAL_FATAL(r.count, 3);
    for (int i = 0; i < r.count; i++) {
        const bench_spread rate = r.figures[i].updates;
        CU_ASSERT(0 < rate.min && rate.min <= rate.median && rate.median <= rate.max);
        CU_ASSERT_EQUAL(r.figures[i].bytes, 16 * rate.median);
    }
    const bench_spread over = r.temporal_over_spatial.of, better = r.temporal_over_better.of;
    CU_ASSERT(r.temporal_over_spatial.is_known && 0 < over.min && over.min <= over.median && over.median <= over.max);
    CU_ASSERT(better.min <= over.min && better.max <= over.max); /* in each turn, the better rival is no slower */
}

TEST(transforms_are_measured_beside_raw_fftw_and_leave_no_wisdom)
{
    const bench_request request = {.cells = {20, 0, 0}, .threads = 2, .steps = 2, .repetitions = 3, .apps = apps};
    bench_result r;
    CHECK_STATUS(bench_measure(&bench_fft_3d, &request, &r));
    CU_ASSERT_EQUAL_FATAL(r.count, 3);
    CU_ASSERT_STRING_EQUAL(r.figures[1].name, "raw FFTW");
    CU_ASSERT_STRING_EQUAL(r.figures[2].name, "FFTW_MEASURE");
    CU_ASSERT(r.is_periodic && r.over_fftw.is_known && r.over_fftw.of.min > 0 && r.over_measured_fftw.is_known);
    double values[20 * 20 * 22];
    fftw_complex *hat = (fftw_complex *)values;
    CU_ASSERT_PTR_NULL(fftw_plan_dft_r2c_3d(20, 20, 20, values, hat, FFTW_MEASURE | FFTW_WISDOM_ONLY));
}

static pel_status two_candidates(const bench_problem *p, long steps, pel_run_options *options, int most, int *count)
{
    CU_ASSERT(most >= 2 && steps == 5 && pel_grid_cells(p->grid, 0) == 32);
    options[0] = (pel_run_options){.executor = PEL_EXECUTOR_SPATIAL};
    options[1] = (pel_run_options){.executor = PEL_EXECUTOR_TEMPORAL, .pitch = 1, .height = 1};
    *count = 2;
    return PEL_OK;
}

TEST(a_search_tries_the_candidates_that_it_is_given)
{
    FILE *file = fopen(test_path("deck.yaml"), "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs("app: shallow-water\ngrid: {cells: [32, 32], extent: [320 km, 320 km]}\nphysics: {depth: 100 m}\n"
          "initial: {profile: bump}\ntime: {end: 1 day}\n",
          file);
    fclose(file);
    bench_search *search = calloc(1, sizeof *search);
    const bench_search_request request = {.deck_path = test_path("deck.yaml"),
                                          .threads = 2,
                                          .steps = 5,
                                          .repetitions = 2,
                                          .candidates = two_candidates,
                                          .apps = apps};
    CHECK_STATUS(bench_search_deck(&request, search));
    CU_ASSERT(search->count == 2 && search->finalists == 2 && search->best < 2);
    CU_ASSERT(search->candidates[0].updates >= search->candidates[1].updates);
    CU_ASSERT(search->auto_over_best.min > 0);
    free(search);
}

/* ---- particles ---- */

TEST(every_case_of_particles_has_the_same_bits_on_any_threads)
{
    for (int i = 0; i < bench_atoms_case_count; i++) CHECK_STATUS(bench_atoms_verify(bench_atoms_cases[i], 2));
}

TEST(there_are_cases_of_a_melt_of_a_metal_and_of_silicon)
{
    static const char *const names[] = {"lj", "eam", "sw", "neighbours"};
    for (int i = 0; i < 4; i++) {
        CU_ASSERT_PTR_NOT_NULL_FATAL(bench_atoms_find(names[i]));
        CU_ASSERT_STRING_EQUAL(bench_atoms_find(names[i])->name, names[i]);
    }
    CU_ASSERT_PTR_NULL(bench_atoms_find("mercury"));
}

/* Cold copper of three shells: each atom has (12 + 6 + 24) / 2 pairs; at 1600 K, half of which soon is potential
 * energy, a few of the fourth shell come near. */
TEST(the_metal_of_the_benchmark_has_the_pairs_of_copper)
{
    bench_atoms_result result;
    const bench_request request = {.cells = {6}, .threads = 1, .steps = 2, .repetitions = 1};
    CHECK_STATUS(bench_atoms_measure(bench_atoms_find("eam"), &request, &result));
    CU_ASSERT_EQUAL(result.atoms, 864);
    CU_ASSERT(result.pairs_an_atom > 20.5 && result.pairs_an_atom < 24);
}

TEST(figures_of_particles_are_those_of_what_was_measured)
{
    bench_atoms_result result;
    const bench_request request = {.cells = {6}, .threads = 1, .steps = 2, .repetitions = 3};
    CHECK_STATUS(bench_atoms_measure(bench_atoms_find("lj"), &request, &result));
    CU_ASSERT_EQUAL(result.atoms, 864);
    CU_ASSERT_EQUAL(result.count, 2);
    CU_ASSERT(result.pairs_an_atom > 26 && result.pairs_an_atom < 29); /* rho 4/3 pi 2.5^3 / 2 = 27.6 */
    for (int c = 0; c < 2; c++) {
        const bench_atoms_figures *f = &result.figures[c];
        CU_ASSERT(f->rate.min > 0 && f->rate.min <= f->rate.median && f->rate.median <= f->rate.max);
        CU_ASSERT_DOUBLE_EQUAL(f->pairs, f->rate.median * result.pairs_an_atom, 1e-6 * f->pairs);
        CU_ASSERT_DOUBLE_EQUAL(f->energy[1], result.figures[0].energy[1], 1e-9);
    }
    CU_ASSERT(result.cost_of_reproducible.is_known);
}
