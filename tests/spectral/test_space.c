/* Loops over wavenumbers, and products: against what they stand for in physical space. */
#include "spectral/product.h"
#include "spectral/transformed.h"

enum { NX = 24, NY = 20 };

static const int cells[3] = {NX, NY};

/* 2 pi times a number over the length of the grid: 0.5 NX and 0.25 NY. */
static double wavenumber(int d, int number)
{
    return 2 * M_PI * number / (d == 0 ? 0.5 * NX : 0.25 * NY);
}

static double wave(const transformed *t, int x, int y)
{
    (void)t;
    return 1.5 + cos(wavenumber(0, 3) * 0.5 * x + 0.3) * sin(wavenumber(1, 2) * 0.25 * y);
}

static void fill_wave(const transformed *t)
{
    EACH_POINT(NX, NY, 1) * transformed_point(t, t->there, x, y, 0) = wave(t, x, y);
}

TEST(a_derivative_is_that_of_the_wave)
{
    for (int order = 1; order <= 4; order++) {
        transformed t = transformed_make(cells, 3, false, 2);
        pel_chain *chain;
        CHECK_STATUS(pel_chain_create("derivative", PEL_CHAIN_PLAIN, &chain));
        pel_space_derivative(t.space, chain, 0, order, t.coefficients, 0, t.coefficients, 0);
        CHECK_STATUS(pel_commit(t.team, (pel_grid *[]){t.grid, pel_space_grid(t.space)}, 2,
                                (pel_chain *[]){t.forward, t.backward, chain}, 3));
        pel_space_fill(t.space);
        fill_wave(&t);
        transformed_run(&t, t.forward), transformed_run(&t, chain), transformed_run(&t, t.backward);
        const double k = wavenumber(0, 3);
        double error = 0;
        EACH_POINT(NX, NY, 1)
        {
            const double exact =
                pow(k, order) * cos(k * 0.5 * x + 0.3 + order * M_PI / 2) * sin(wavenumber(1, 2) * 0.25 * y);
            error = fmax(error, fabs(*transformed_point(&t, t.back, x, y, 0) - exact));
        }
        printf("order %d: error %.1e of %.1e\n", order, error, pow(k, order));
        CU_ASSERT(error < 1e-14 * pow(4 * k, order));
        pel_chain_destroy(chain);
        transformed_end(&t);
    }
}

TEST(the_inverse_laplacian_undoes_the_laplacian)
{
    for (int i = 0; i < 2; i++) {
        const double lambda = i * 2.5, k = wavenumber(0, 3), l = wavenumber(1, 2);
        transformed t = transformed_make(cells, 3, false, 2);
        pel_chain *chain;
        CHECK_STATUS(pel_chain_create("inverse", PEL_CHAIN_PLAIN, &chain));
        pel_space_inverse_laplacian(t.space, chain, lambda, t.coefficients, 0, t.coefficients, 0);
        CHECK_STATUS(pel_commit(t.team, (pel_grid *[]){t.grid, pel_space_grid(t.space)}, 2,
                                (pel_chain *[]){t.forward, t.backward, chain}, 3));
        pel_space_fill(t.space);
        fill_wave(&t);
        transformed_run(&t, t.forward), transformed_run(&t, chain), transformed_run(&t, t.backward);
        double error = 0;
        EACH_POINT(NX, NY, 1)
        {
            const double mean = lambda > 0 ? -1.5 / lambda : 0;
            const double exact = mean - (wave(&t, x, y) - 1.5) / (k * k + l * l + lambda);
            error = fmax(error, fabs(*transformed_point(&t, t.back, x, y, 0) - exact));
        }
        printf("lambda %g: error %.1e\n", lambda, error);
        CU_ASSERT(error < 1e-15);
        pel_chain_destroy(chain);
        transformed_end(&t);
    }
}

TEST(the_filter_is_one_below_its_cutoff_and_falls_to_round_off)
{
    transformed t = transformed_make(cells, 3, false, 1);
    pel_field *filter, *truncation;
    CHECK_STATUS(pel_field_declare(pel_space_grid(t.space), "filter", &(pel_field_spec){0}, &filter));
    CHECK_STATUS(pel_field_declare(pel_space_grid(t.space), "truncation", &(pel_field_spec){0}, &truncation));
    transformed_commit(&t);
    pel_space_fill_filter(t.space, 23.6, 0.65 * M_PI, filter);
    pel_space_fill_truncation(t.space, 2.0 / 3, truncation);
    const pel_view f = pel_field_view(filter, 0), c = pel_field_view(truncation, 0);
    for (int k = 0; k <= NX / 2; k++) { /* l = 0; kappa* = 2 pi k / NX */
        const double beyond = 2 * M_PI * k / NX - 0.65 * M_PI;
        CU_ASSERT_DOUBLE_EQUAL(*pel_at(f, 0, k, 0), beyond > 0 ? exp(-23.6 * pow(beyond, 4)) : 1, 1e-15);
        CU_ASSERT_EQUAL(*pel_at(c, 0, k, 0), 3 * k < NX);
    }
    for (int l = 0; l < NY; l++) CU_ASSERT_EQUAL(*pel_at(c, l, 0, 0), 3 * (l <= NY / 2 ? l : NY - l) < NY);
    CU_ASSERT(*pel_at(f, 0, NX / 2, 0) < 1e-14);
    transformed_end(&t);
}

/* ---- products ---- */

/* f and its x-derivative, of the coefficients and the slopes of k. Views: coefficients, slopes, out; then inputs. */
static void make_inputs(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    const double complex *f = pel_row_complex(arg[0], box->lo[1], 0);
    double complex *value = pel_row_complex(arg[4], box->lo[1], 0), *slope = pel_row_complex(arg[5], box->lo[1], 0);
    for (int x = box->lo[0]; x < box->hi[0]; x++) {
        value[x] = f[x];
        slope[x] = I * *pel_at(arg[1], x, box->lo[1], 0) * f[x];
    }
}

/* The product; the derivative itself goes to a physical field. */
static void make_product(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double f = pel_row(arg[4], y, 0)[x], slope = pel_row(arg[5], y, 0)[x];
            pel_row(arg[3], y, 0)[x] = slope;
            pel_row(arg[6], y, 0)[x] = f * slope;
        }
}

static void take_product(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    double complex *out = pel_row_complex(arg[2], box->lo[1], 0);
    const double complex *product = pel_row_complex(arg[6], box->lo[1], 0);
    for (int x = box->lo[0]; x < box->hi[0]; x++) out[x] = *(const double *)params * product[x];
}

static const pel_product_spec burgers = {
    .inputs = 2, .outputs = 1, .to_physical = make_inputs, .multiply = make_product, .to_spectral = take_product};

/* -f f_x of random numbers, by a product or by transforms one after the other. */
static void burgers_of(double truncation, int threads, double complex *product, double *slope)
{
    transformed t = transformed_make(cells, 3, false, threads);
    pel_space *space;
    pel_field *f, *out, *physical;
    pel_chain *chain, *load;
    CHECK_STATUS(pel_space_create(&(pel_space_spec){.grid = t.grid, .truncation = truncation, .name = "cut"}, &space));
    CHECK_STATUS(pel_space_field(space, "f", &(pel_field_spec){0}, &f));
    CHECK_STATUS(pel_space_field(space, "out", &(pel_field_spec){0}, &out));
    CHECK_STATUS(pel_field_declare(t.grid, "slope", &(pel_field_spec){0}, &physical));
    CHECK_STATUS(pel_chain_create("load", PEL_CHAIN_PLAIN, &load));
    CHECK_STATUS(pel_chain_create("burgers", PEL_CHAIN_PLAIN, &chain));
    pel_transform_forward(space, load, "load", &(pel_transform_pair){.physical = t.there, .spectral = f}, 1);
    const double minus = -1;
    pel_product(space, chain, "burgers", &burgers, &minus, sizeof minus, pel_read(f, 0),
                pel_read(pel_space_slopes(space, 0), 0), pel_write(out, 0), pel_write(physical, 0));
    CHECK_STATUS(pel_commit(t.team, (pel_grid *[]){t.grid, pel_space_grid(space), pel_space_grid(t.space)}, 3,
                            (pel_chain *[]){t.forward, t.backward, chain, load}, 4));
    pel_space_fill(space);
    transformed_fill(&t, 7);
    transformed_run(&t, load);
    transformed_run(&t, chain);
    EACH_POINT(NY, NX / 2 + 1, 1) product[y * NY + x] = pel_row_complex(pel_field_view(out, 0), y, 0)[x];
    EACH_POINT(NX, NY, 1) slope[y * NX + x] = pel_row(pel_field_view(physical, 0), y, 0)[x];
    pel_chain_destroy(chain), pel_chain_destroy(load);
    pel_space_destroy(space);
    transformed_end(&t);
}

/* The coefficients of f f_x by the convolution of the coefficients of f, all that |k|, |l| below the limits allow. */
static void by_convolution(const transformed *t, int k_limit, int l_limit, double complex *product)
{
    EACH_POINT(NY, NX / 2 + 1, 1)
    {
        double complex sum = 0;
        for (int k1 = -NX / 2 + 1; k1 < NX / 2; k1++)
            for (int l1 = -NY / 2 + 1; l1 < NY / 2; l1++) {
                const int l = x <= NY / 2 ? x : x - NY, k2 = y - k1, l2 = l - l1;
                if (abs(k1) >= k_limit || abs(k2) >= k_limit || abs(l1) >= l_limit || abs(l2) >= l_limit) continue;
                const double complex a = k1 >= 0 ? *transformed_coefficient(t, k1, (l1 + NY) % NY, 0)
                                                 : conj(*transformed_coefficient(t, -k1, (NY - l1) % NY, 0));
                const double complex b = k2 >= 0 ? *transformed_coefficient(t, k2, (l2 + NY) % NY, 0)
                                                 : conj(*transformed_coefficient(t, -k2, (NY - l2) % NY, 0));
                sum += a * (I * wavenumber(0, k2)) * b;
            }
        const int l = x <= NY / 2 ? x : NY - x;
        product[y * NY + x] = y < k_limit && l < l_limit ? -sum : 0;
    }
}

TEST(a_truncated_product_is_the_convolution_without_aliases)
{
    static double complex product[NY * (NX / 2 + 1)], exact[NY * (NX / 2 + 1)];
    static double slope[NX * NY];
    burgers_of(2.0 / 3, 2, product, slope);
    transformed t = transformed_make(cells, 3, false, 1);
    transformed_commit(&t);
    transformed_fill(&t, 7);
    transformed_run(&t, t.forward);
    by_convolution(&t, NX / 3, (NY + 2) / 3, exact);
    double error = 0, norm = 0;
    for (int i = 0; i < NY * (NX / 2 + 1); i++) {
        error = fmax(error, cabs(product[i] - exact[i]));
        norm = fmax(norm, cabs(exact[i]));
    }
    printf("error %.1e of %.1e ", error, norm);
    CU_ASSERT(error < 1e-14 * norm);
    CU_ASSERT(norm > 0);
    transformed_end(&t);
}

/* ---- products of several levels, of any size ---- */

/* f, and i k f times one more than the level. Views: coefficients, slopes, out; then inputs and the output. */
static void make_inputs_of_levels(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    const int k = box->lo[1];
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            pel_row_complex(arg[3], k, z)[x] = pel_row_complex(arg[0], k, z)[x];
            pel_row_complex(arg[4], k, z)[x] =
                (1 + z) * I * *pel_at(arg[1], x, k, z) * pel_row_complex(arg[0], k, z)[x];
        }
}

static void multiply_level(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    const int z = box->lo[2];
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            pel_row(arg[5], y, z)[x] = pel_row(arg[3], y, z)[x] * pel_row(arg[4], y, z)[x];
}

static void take_levels(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            pel_row_complex(arg[2], box->lo[1], z)[x] = pel_row_complex(arg[5], box->lo[1], z)[x];
}

/* (1 + z) f f_x at every point. Views: f, which becomes it; f_x. */
static void multiply_points(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                pel_row(arg[0], y, z)[x] *= (1 + z) * pel_row(arg[1], y, z)[x];
}

typedef struct levels {
    transformed t;
    pel_field *out, *cut, *slope, *slope_back;
    pel_chain *product, *steps;
} levels;

/* The same by transforms one after the other: what goes in and what comes out is cut by a factor. */
static void record_steps(levels *l)
{
    pel_space *space = l->t.space;
    pel_field *f = l->t.coefficients;
    const pel_transform_pair back[] = {{.physical = l->t.back, .spectral = f},
                                       {.physical = l->slope_back, .spectral = l->slope}};
    pel_space_multiply(space, l->steps, l->cut, f, 0);
    pel_space_derivative(space, l->steps, 0, 1, f, 0, l->slope, 0);
    pel_transform_backward(space, l->steps, "back", back, 2);
    pel_chain_loop(l->steps, "multiply", multiply_points, NULL, 0, PEL_INTERIOR, pel_update(l->t.back, 0),
                   pel_read(l->slope_back, 0));
    pel_transform_forward(space, l->steps, "there", &(pel_transform_pair){.physical = l->t.back, .spectral = f}, 1);
    pel_space_multiply(space, l->steps, l->cut, f, 0);
}

static levels levels_make(const int n[3], double truncation, int threads)
{
    static const pel_product_spec spec = {.inputs = 2,
                                          .outputs = 1,
                                          .to_physical = make_inputs_of_levels,
                                          .multiply = multiply_level,
                                          .to_spectral = take_levels};
    levels l = {.t = transformed_make(n, 3, false, threads)};
    transformed *t = &l.t;
    pel_space *whole = t->space;
    pel_chain_destroy(t->forward), pel_chain_destroy(t->backward);
    CHECK_STATUS(pel_space_create(&(pel_space_spec){.grid = t->grid, .truncation = truncation}, &t->space));
    pel_space_destroy(whole);
    CHECK_STATUS(pel_space_field(t->space, "f", &(pel_field_spec){0}, &t->coefficients));
    CHECK_STATUS(pel_space_field(t->space, "out", &(pel_field_spec){0}, &l.out));
    CHECK_STATUS(pel_space_field(t->space, "slope", &(pel_field_spec){0}, &l.slope));
    CHECK_STATUS(pel_field_declare(pel_space_grid(t->space), "cut", &(pel_field_spec){.role = PEL_CONSTANT}, &l.cut));
    CHECK_STATUS(pel_field_declare(t->grid, "slope back", &(pel_field_spec){0}, &l.slope_back));
    CHECK_STATUS(pel_chain_create("forward", PEL_CHAIN_PLAIN, &t->forward));
    CHECK_STATUS(pel_chain_create("product", PEL_CHAIN_PLAIN, &l.product));
    CHECK_STATUS(pel_chain_create("steps", PEL_CHAIN_PLAIN, &l.steps));
    pel_transform_forward(t->space, t->forward, "forward",
                          &(pel_transform_pair){.physical = t->there, .spectral = t->coefficients}, 1);
    pel_product(t->space, l.product, "product", &spec, NULL, 0, pel_read(t->coefficients, 0),
                pel_read(pel_space_slopes(t->space, 0), 0), pel_write(l.out, 0));
    record_steps(&l);
    t->backward = NULL;
    CHECK_STATUS(pel_commit(t->team, (pel_grid *[]){t->grid, pel_space_grid(t->space)}, 2,
                            (pel_chain *[]){t->forward, l.product, l.steps}, 3));
    pel_space_fill(t->space);
    pel_space_fill_truncation(t->space, truncation > 0 ? truncation : 3, l.cut);
    return l;
}

static void levels_end(levels *l)
{
    pel_chain_destroy(l->product), pel_chain_destroy(l->steps);
    transformed_end(&l->t);
}

/* Every kind of length: the least, odd, even; short last blocks; truncations down to the mean alone. */
TEST(a_product_of_levels_is_what_transforms_make_one_after_the_other)
{
    static const int sizes[][3] = {{4, 4, 1}, {4, 9, 2}, {9, 4, 3}, {5, 7, 2}, {16, 12, 5}, {21, 27, 2}, {15, 50, 4}};
    static const double truncations[] = {0, 2.0 / 3, 1, 0.5, 1e-9};
    for (int i = 0; i < 7 * 5; i++) {
        const int *n = sizes[i / 5];
        levels l = levels_make(n, truncations[i % 5], 1 + i % 3);
        transformed_fill(&l.t, 9);
        transformed_run(&l.t, l.t.forward), transformed_run(&l.t, l.product), transformed_run(&l.t, l.steps);
        double error = 0, norm = 0;
        EACH_POINT(n[1], n[0] / 2 + 1, n[2])
        {
            const double complex exact = *transformed_coefficient(&l.t, y, x, z);
            error = fmax(error, cabs(pel_row_complex(pel_field_view(l.out, 0), y, z)[x] - exact));
            norm = fmax(norm, cabs(exact));
        }
        CU_ASSERT(error <= 2e-15 * norm);
        /* a slope is left where more than k = 0 is */
        CU_ASSERT((norm > 0) == (truncations[i % 5] == 0 || truncations[i % 5] * n[0] / 2 > 1));
        levels_end(&l);
    }
}

TEST(a_product_has_the_bits_of_any_number_of_threads)
{
    static double complex product[6][NY * (NX / 2 + 1)];
    static double slope[6][NX * NY];
    for (int threads = 1; threads <= 5; threads++) {
        burgers_of(0, threads, product[threads], slope[threads]);
        CU_ASSERT_EQUAL(memcmp(product[threads], product[1], sizeof product[1]), 0);
        CU_ASSERT_EQUAL(memcmp(slope[threads], slope[1], sizeof slope[1]), 0);
    }
    CU_ASSERT(cabs(product[1][NY + 1]) > 0);
}

TEST(a_product_of_a_wrong_kind_is_refused)
{
    transformed t = transformed_make(cells, 1, false, 1);
    pel_product(t.space, t.forward, "burgers", &burgers, NULL, 0, pel_write(t.coefficients, 0));
    CHECK_FAILS(pel_chain_status(t.forward), PEL_ERR_ARGUMENT, "along x and y");
    transformed_end(&t);
}
