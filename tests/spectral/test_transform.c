/* Transforms of grid fields: the definition, and the theorems that follow from it, for lengths of every kind. */
#include "spectral/transformed.h"

/* Even, odd, prime, thin; with and without a short last block of rows. */
static const struct {
    int n[3];
    unsigned along;
} shapes[] = {
    {{4, 4}, 3},    {{5, 7}, 3},    {{8, 6}, 3},      {{13, 11}, 3},  {{31, 4}, 3},    {{4, 31}, 3},
    {{16, 17}, 3},  {{12}, 1},      {{11}, 1},        {{6, 5}, 1},    {{9, 10, 3}, 1}, {{8, 9, 5}, 3},
    {{7, 8, 4}, 7}, {{8, 5, 9}, 7}, {{4, 16, 11}, 7}, {{6, 6, 6}, 7},
};
enum { SHAPES = sizeof shapes / sizeof *shapes };

/* F(k, l, m) = sum f exp(-2 pi i (k x / nx + ...)) / N, the slow way. */
static double complex by_definition(const transformed *t, int k, int l, int m)
{
    const int number[3] = {k, l, m};
    long double complex sum = 0;
    double points = 1;
    int size[3], first[3];
    for (int d = 0; d < 3; d++) {
        const bool has = t->along >> d & 1;
        size[d] = has ? t->n[d] : 1;
        first[d] = has ? 0 : number[d];
        points *= size[d];
    }
    EACH_POINT(size[0], size[1], size[2])
    {
        const int at[3] = {x, y, z};
        long double turn = 0;
        for (int d = 0; d < 3; d++) turn += (long double)(at[d] * number[d] % t->n[d]) / t->n[d] * (t->along >> d & 1);
        const double *f = transformed_point(t, t->there, first[0] + x, first[1] + y, first[2] + z);
        sum += (f[0] + (t->is_complex ? I * f[1] : 0)) * cexpl(-2 * acosl(-1) * I * turn);
    }
    return (double complex)(sum / points);
}

static double error_of_definition(const transformed *t)
{
    double error = 0, norm = 0;
    EACH_POINT(transformed_stored(t), t->n[1], t->n[2])
    {
        const double complex exact = by_definition(t, x, y, z);
        error += pow(cabs(*transformed_coefficient(t, x, y, z) - exact), 2);
        norm += pow(cabs(exact), 2);
    }
    return sqrt(error / norm);
}

TEST(coefficients_are_those_of_the_definition)
{
    for (int i = 0; i < 2 * SHAPES; i++) {
        transformed t = transformed_make(shapes[i / 2].n, shapes[i / 2].along, i % 2 == 1, 2);
        transformed_commit(&t);
        transformed_fill(&t, 1);
        transformed_run(&t, t.forward);
        CU_ASSERT(error_of_definition(&t) < 1e-15);
        transformed_end(&t);
    }
}

TEST(there_and_back_is_the_identity)
{
    static const int large[][3] = {{96, 101}, {128, 4}, {4, 128}, {97, 97}, {40, 30, 20}, {1024}, {256, 256}};
    for (int i = 0; i < 2 * 7; i++) {
        const unsigned along = large[i / 2][1] == 0 ? 1 : large[i / 2][2] == 0 ? 3 : 7;
        transformed t = transformed_make(large[i / 2], along, i % 2 == 1, 2);
        transformed_commit(&t);
        transformed_fill(&t, 2);
        transformed_run(&t, t.forward);
        transformed_run(&t, t.backward);
        CU_ASSERT(transformed_difference(&t) < 2e-15);
        transformed_end(&t);
    }
}

TEST(spent_coefficients_give_the_same_field)
{
    static const int sizes[][3] = {{30, 28, 0}, {12, 14, 10}};
    for (int i = 0; i < 2; i++) {
        transformed t = transformed_make(sizes[i], i == 0 ? 3 : 7, false, 2);
        pel_field *again;
        pel_chain *spend;
        CHECK_STATUS(pel_field_declare(t.grid, "again", &(pel_field_spec){0}, &again));
        CHECK_STATUS(pel_chain_create("spend", PEL_CHAIN_PLAIN, &spend));
        const pel_transform_pair pair = {.physical = again, .spectral = t.coefficients, .is_spent = true};
        pel_transform_backward(t.space, spend, "backward", &pair, 1);
        CHECK_STATUS(pel_commit(t.team, (pel_grid *[]){t.grid, pel_space_grid(t.space)}, 2,
                                (pel_chain *[]){t.forward, t.backward, spend}, 3));
        transformed_fill(&t, 6);
        transformed_run(&t, t.forward);
        transformed_run(&t, t.backward);
        transformed_run(&t, spend);
        EACH_POINT(t.n[0], t.n[1], t.n[2])
        CU_ASSERT_EQUAL(*transformed_point(&t, again, x, y, z), *transformed_point(&t, t.back, x, y, z));
        pel_chain_destroy(spend);
        transformed_end(&t);
    }
}

/* The place of a point of component c. */
static double *part_of(const transformed *t, pel_field *field, int c, int x, int y, int z)
{
    const pel_view view = pel_field_view(field, 0);
    return t->is_complex ? (double *)(pel_row_complex_c(view, c, y, z) + x) : pel_row_c(view, c, y, z) + x;
}

/* Several components and levels at once, in fields of several pitches: the bits of one field alone. */
TEST(components_are_transformed_like_fields_of_their_own)
{
    static const struct {
        int n[3];
        unsigned along;
    } cases[] = {{{9, 14}, 3}, {{12, 7, 3}, 3}, {{8, 6, 5}, 7}, {{10, 3}, 1}};
    for (int i = 0; i < 2 * 4; i++) {
        const int *n = cases[i / 2].n;
        transformed t = transformed_make(n, cases[i / 2].along, i % 2 == 1, 2);
        const pel_field_spec physical = {.type = t.is_complex ? PEL_COMPLEX : PEL_DOUBLE, .components = 3};
        pel_field *many, *spectra, *back;
        pel_chain *chain;
        CHECK_STATUS(pel_field_declare(t.grid, "many", &physical, &many));
        CHECK_STATUS(pel_field_declare(t.grid, "many back", &physical, &back));
        CHECK_STATUS(pel_space_field(t.space, "spectra", &(pel_field_spec){.components = 3}, &spectra));
        for (int d = 0; d < 3 && n[d] > 0; d++) pel_field_need_halo(spectra, d, 1, 2);
        CHECK_STATUS(pel_chain_create("components", PEL_CHAIN_PLAIN, &chain));
        const pel_transform_pair pairs[] = {{.physical = t.there, .spectral = t.coefficients},
                                            {.physical = many, .spectral = spectra}};
        const pel_transform_pair backward[] = {{.physical = t.back, .spectral = t.coefficients},
                                               {.physical = back, .spectral = spectra, .is_spent = i % 4 > 1}};
        pel_transform_forward(t.space, chain, "forward", pairs, 2);
        pel_transform_backward(t.space, chain, "backward", backward, 2);
        CHECK_STATUS(pel_commit(t.team, (pel_grid *[]){t.grid, pel_space_grid(t.space)}, 2,
                                (pel_chain *[]){t.forward, t.backward, chain}, 3));
        transformed_fill(&t, 8);
        for (int c = 0; c < 3; c++) EACH_POINT(t.n[0], t.n[1], t.n[2])
        for (int part = 0; part <= t.is_complex; part++)
            part_of(&t, many, c, x, y, z)[part] = (c + 1) * part_of(&t, t.there, 0, x, y, z)[part];
        transformed_run(&t, chain);
        CU_ASSERT(transformed_difference(&t) < 2e-15);
        for (int c = 0; c < 3; c += 1) /* 1, 2 and 3 times the numbers; 1 and 2 are exact */
            EACH_POINT(t.n[0], t.n[1], t.n[2])
        for (int part = 0; part <= t.is_complex; part++)
            CU_ASSERT_DOUBLE_EQUAL(part_of(&t, back, c, x, y, z)[part], (c + 1) * part_of(&t, t.back, 0, x, y, z)[part],
                                   c == 2 ? 1e-14 : 0);
        pel_chain_destroy(chain);
        transformed_end(&t);
    }
}

/* sum |f|^2 / N = sum weight |F|^2 (Parseval). */
TEST(the_mean_square_is_the_sum_of_squared_coefficients)
{
    for (int i = 0; i < 2 * SHAPES; i++) {
        if (shapes[i / 2].along == 1 && shapes[i / 2].n[1] > 0) continue; /* a batch has one sum a row */
        if (shapes[i / 2].along == 3 && shapes[i / 2].n[2] > 0) continue;
        transformed t = transformed_make(shapes[i / 2].n, shapes[i / 2].along, i % 2 == 1, 2);
        transformed_commit(&t);
        transformed_fill(&t, 3);
        transformed_run(&t, t.forward);
        double there = 0, squares = 0;
        EACH_POINT(t.n[0], t.n[1], t.n[2])
        {
            const double *f = transformed_point(&t, t.there, x, y, z);
            there += f[0] * f[0] + (t.is_complex ? f[1] * f[1] : 0);
        }
        EACH_POINT(transformed_stored(&t), t.n[1], t.n[2])
        squares += pel_space_weight(t.space, x) * pow(cabs(*transformed_coefficient(&t, x, y, z)), 2);
        CU_ASSERT_DOUBLE_EQUAL(there / (t.n[0] * t.n[1] * t.n[2]), squares, 1e-14 * squares);
        transformed_end(&t);
    }
}

TEST(an_impulse_has_the_same_coefficient_everywhere)
{
    transformed t = transformed_make((const int[3]){18, 14}, 3, false, 2);
    transformed_commit(&t);
    *transformed_point(&t, t.there, 0, 0, 0) = 18 * 14;
    transformed_run(&t, t.forward);
    EACH_POINT(transformed_stored(&t), t.n[1], 1)
    CU_ASSERT(cabs(*transformed_coefficient(&t, x, y, 0) - 1) < 1e-15);
    transformed_end(&t);
}

/* f(x - a, y - b) has the coefficients F(k, l) exp(-2 pi i (k a / nx + l b / ny)). */
TEST(a_shift_turns_the_phases)
{
    const int n[3] = {15, 22}, a = 4, b = 9;
    transformed f = transformed_make(n, 3, false, 2), g = transformed_make(n, 3, false, 1);
    transformed_commit(&f), transformed_commit(&g);
    transformed_fill(&f, 4);
    EACH_POINT(n[0], n[1], 1)
    *transformed_point(&g, g.there, (x + a) % n[0], (y + b) % n[1], 0) = *transformed_point(&f, f.there, x, y, 0);
    transformed_run(&f, f.forward);
    transformed_run(&g, g.forward);
    EACH_POINT(transformed_stored(&f), n[1], 1)
    {
        const double complex turn = cexp(-2 * M_PI * I * ((double)(x * a) / n[0] + (double)(y * b) / n[1]));
        CU_ASSERT(cabs(*transformed_coefficient(&g, x, y, 0) - turn * *transformed_coefficient(&f, x, y, 0)) < 1e-15);
    }
    transformed_end(&f), transformed_end(&g);
}

TEST(transforms_are_linear)
{
    const int n[3] = {26, 9};
    transformed t[3];
    for (int i = 0; i < 3; i++) {
        t[i] = transformed_make(n, 3, false, 2);
        transformed_commit(&t[i]);
        transformed_fill(&t[i], (uint64_t)(10 + i));
    }
    EACH_POINT(n[0], n[1], 1)
    *transformed_point(&t[2], t[2].there, x, y, 0) =
        3 * *transformed_point(&t[0], t[0].there, x, y, 0) - 0.7 * *transformed_point(&t[1], t[1].there, x, y, 0);
    for (int i = 0; i < 3; i++) transformed_run(&t[i], t[i].forward);
    EACH_POINT(transformed_stored(&t[0]), n[1], 1)
    CU_ASSERT(cabs(*transformed_coefficient(&t[2], x, y, 0) - 3 * *transformed_coefficient(&t[0], x, y, 0) +
                   0.7 * *transformed_coefficient(&t[1], x, y, 0)) < 1e-15);
    for (int i = 0; i < 3; i++) transformed_end(&t[i]);
}

/* Levels, or lines of a level: whatever the team takes at a time. */
TEST(the_bits_are_those_of_any_number_of_threads)
{
    static const struct {
        int n[3];
        unsigned along;
    } cases[] = {{{50, 37}, 3}, {{16, 16, 24}, 3}, {{24, 20, 18}, 7}, {{30, 20}, 1}, {{260, 300, 2}, 3}};
    for (int i = 0; i < 5; i++) {
        uint64_t first = 0;
        for (int threads = 1; threads <= 5; threads++) {
            transformed t = transformed_make(cases[i].n, cases[i].along, false, threads);
            transformed_commit(&t);
            transformed_fill(&t, 5);
            transformed_run(&t, t.forward);
            transformed_run(&t, t.backward);
            const uint64_t hash =
                pel_field_hash_by_team(t.team, t.coefficients) + pel_field_hash_by_team(t.team, t.back);
            if (threads == 1) first = hash;
            CU_ASSERT_EQUAL(hash, first);
            transformed_end(&t);
        }
    }
}

TEST(what_cannot_be_transformed_is_refused)
{
    pel_grid *grid;
    pel_space *space;
    CHECK_STATUS(pel_grid_create(
        &(pel_grid_spec){.name = "box", .dimensions = 2, .cells = {8, 3}, .is_periodic = {true, false}}, &grid));
    CHECK_FAILS(pel_space_create(&(pel_space_spec){.grid = grid}, &space), PEL_ERR_ARGUMENT, "not periodic along y");
    CHECK_FAILS(pel_space_create(&(pel_space_spec){.grid = grid, .along = PEL_ALONG_Y}, &space), PEL_ERR_ARGUMENT,
                "along x");
    pel_grid_destroy(grid);
    CHECK_STATUS(pel_grid_create(
        &(pel_grid_spec){.name = "box", .dimensions = 2, .cells = {8, 3}, .is_periodic = {true, true}}, &grid));
    CHECK_FAILS(pel_space_create(&(pel_space_spec){.grid = grid}, &space), PEL_ERR_ARGUMENT, "at least 4");
    pel_grid_destroy(grid);

    transformed t = transformed_make((const int[3]){8, 8}, 3, false, 1);
    pel_transform_forward(t.space, t.forward, "wrong",
                          &(pel_transform_pair){.physical = t.coefficients, .spectral = t.there}, 1);
    CHECK_FAILS(pel_chain_status(t.forward), PEL_ERR_ARGUMENT, "do not lie on the physical");
    transformed_end(&t);
}

static void refuse_pair(const pel_field_spec *physical, const pel_field_spec *spectral, const char *why)
{
    for (int backward = 0; backward < 2; backward++) {
        transformed t = transformed_make((const int[3]){8, 8}, 3, false, 1);
        pel_transform_pair pair = {.is_spent = true};
        CHECK_STATUS(pel_field_declare(t.grid, "physical", physical, &pair.physical));
        CHECK_STATUS(pel_space_field(t.space, "spectral", spectral, &pair.spectral));
        (backward ? pel_transform_backward : pel_transform_forward)(t.space, t.forward, "wrong", &pair, 1);
        CHECK_FAILS(pel_chain_status(t.forward), PEL_ERR_ARGUMENT, why);
        transformed_end(&t);
    }
}

TEST(fields_that_do_not_fit_are_refused)
{
    refuse_pair(&(pel_field_spec){.components = 17}, &(pel_field_spec){.components = 17}, "17 components in all");
    refuse_pair(&(pel_field_spec){.components = 2}, &(pel_field_spec){.components = 3}, "has 2 components");
    refuse_pair(&(pel_field_spec){.along = PEL_ALONG_X}, &(pel_field_spec){0}, "along all dimensions");
    refuse_pair(&(pel_field_spec){0}, &(pel_field_spec){.along = PEL_ALONG_Y}, "along all dimensions");
}
