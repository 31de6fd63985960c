/* Integrating factors: linear terms, stiff ones too, that are taken exactly.
 *
 * The problem is Bernoulli's, q' = -r q + s q^2 in each cell, with the solution q0 / (s q0 / r + (1 - s q0 / r) exp(r
 * t)) and, for r = 0, q0 / (1 - s q0 t). With s = 0 the decay is all there is. Rows are longer than the pieces in which
 * the kernels take them; the rate lies along x alone, the filter along y alone. */
#include <math.h>

#include "stepping/stepper.h"
#include "support/test.h"

enum { NX = 700, NY = 3, RATES = 4 };

static const double rates[RATES] = {0, 0.5, 3, 2000}, start = 0.3; /* rates in s-1 */

typedef struct model {
    pel_team *team;
    pel_grid *grid;
    pel_field *rate, *filter;
    pel_stepper *stepper;
    double strength; /* s */
    pel_step now;
    long since_start;
} model;

static void square(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double q = pel_row(arg[1], y, 0)[x];
            pel_row(arg[0], y, 0)[x] = *(const double *)params * q * q;
        }
}

static void record(void *app, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    const model *m = app;
    for (int i = 0; i < 2; i++)
        pel_chain_loop(chain, "square", square, &m->strength, sizeof m->strength, PEL_INTERIOR,
                       pel_write(tendency[i].field, tendency[i].level), pel_read(state[i].field, state[i].level));
}

static double *value(const model *m, int field, int x, int y)
{
    return pel_at(pel_field_view(pel_stepper_field(m->stepper, field), 0), x, y, 0);
}

static double filter_at(int y)
{
    return 1 - 0.1 * y;
}

static void fill(const model *m)
{
    for (int x = 0; x < NX; x++) *pel_at(pel_field_view(m->rate, 0), x, 0, 0) = rates[x % RATES];
    for (int y = 0; y < NY; y++) *pel_at(pel_field_view(m->filter, 0), 0, y, 0) = filter_at(y);
    for (int i = 0; i < 2; i++)
        for (int y = 0; y < NY; y++)
            for (int x = 0; x < NX; x++) *value(m, i, x, y) = start;
}

/* Two fields of the same decay; the second one has the filter too. */
static void begin(model *m, const pel_stepper_spec *spec, double strength, double dt)
{
    *m = (model){.strength = strength, .now.dt = dt};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &m->team));
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.dimensions = 2, .cells = {NX, NY}}, &m->grid));
    const pel_field_spec along_x = {.role = PEL_CONSTANT, .along = PEL_ALONG_X};
    const pel_field_spec along_y = {.role = PEL_CONSTANT, .along = PEL_ALONG_Y};
    CHECK_STATUS(pel_field_declare(m->grid, "rate", &along_x, &m->rate));
    CHECK_STATUS(pel_field_declare(m->grid, "filter", &along_y, &m->filter));
    const pel_prognostic fields[] = {{.name = "q", .decay = m->rate},
                                     {.name = "p", .decay = m->rate, .filter = m->filter}};
    CHECK_STATUS(pel_stepper_create(spec, m->grid, fields, 2, &m->stepper));
    CHECK_STATUS(pel_stepper_record(m->stepper, NULL, record, m));
    pel_chain *chains[4];
    const int count = pel_stepper_chain_count(m->stepper);
    for (int i = 0; i < count; i++) chains[i] = pel_stepper_chain_at(m->stepper, i);
    CHECK_STATUS(pel_commit(m->team, &m->grid, 1, chains, count));
    fill(m);
}

static void advance(model *m, long steps)
{
    for (long i = 0; i < steps; i++, m->since_start++, m->now = pel_step_next(m->now)) {
        CHECK_STATUS(pel_stepper_prepare(m->stepper, m->team, &(pel_run_options){0}, m->now));
        CHECK_STATUS(
            pel_chain_run(pel_stepper_chain(m->stepper, m->since_start), m->team, &(pel_run_options){0}, m->now, 1));
    }
}

static void end(model *m)
{
    pel_stepper_destroy(m->stepper);
    pel_grid_destroy(m->grid);
    pel_team_destroy(m->team);
}

static double exact(double r, double s, double t)
{
    if (r == 0) return start / (1 - s * start * t);
    return start / (s * start / r + (1 - s * start / r) * exp(r * t));
}

static const struct scheme {
    pel_stepper_spec spec;
    double order;
} schemes[] = {{{.scheme = PEL_EULER}, 1},
               {{.scheme = PEL_RK4}, 4},
               {{.scheme = PEL_AB3}, 3},
               {{.scheme = PEL_AB3, .is_euler_start = true}, 2}};
enum { SCHEMES = sizeof schemes / sizeof *schemes };

/* The error after two seconds in the cells of each rate. */
static void errors_of(const struct scheme *scheme, long steps, double error[RATES])
{
    model m;
    begin(&m, &scheme->spec, 1, 2.0 / (double)steps);
    advance(&m, steps);
    for (int i = 0; i < RATES; i++) error[i] = 0;
    for (int x = 0; x < NX; x++)
        error[x % RATES] = fmax(error[x % RATES], fabs(*value(&m, 0, x, 1) - exact(rates[x % RATES], 1, 2)));
    end(&m);
}

/* With 128 steps r dt is up to 31, where explicit schemes without an integrating factor blow up. */
TEST(schemes_keep_their_order_beside_a_stiff_decay)
{
    for (int i = 0; i < SCHEMES; i++) {
        double coarse[RATES], fine[RATES];
        errors_of(&schemes[i], 128, coarse);
        errors_of(&schemes[i], 256, fine);
        for (int r = 0; r < RATES - 1; r++) CU_ASSERT_DOUBLE_EQUAL(log2(coarse[r] / fine[r]), schemes[i].order, 0.2);
        CU_ASSERT(coarse[RATES - 1] < 1e-300);
    }
}

/* Relative to exp(-r t), whose exponent goes up to 600; with the filter once a step besides. */
TEST(a_decay_alone_is_exact)
{
    for (int i = 0; i < SCHEMES; i++) {
        model m;
        begin(&m, &schemes[i].spec, 0, 0.03);
        advance(&m, 10);
        for (int x = 0; x < NX; x++)
            for (int y = 0; y < NY; y++) {
                const double wanted = start * exp(-rates[x % RATES] * 0.3);
                CU_ASSERT(fabs(*value(&m, 0, x, y) / wanted - 1) < 1e-12);
                CU_ASSERT(fabs(*value(&m, 1, x, y) / (wanted * pow(filter_at(y), 10)) - 1) < 1e-12);
            }
        end(&m);
    }
}

TEST(another_step_fills_the_factors_anew)
{
    model m;
    begin(&m, &(pel_stepper_spec){.scheme = PEL_RK4}, 0, 0.01);
    advance(&m, 3);
    m.now.dt = 0.25;
    advance(&m, 2);
    for (int x = 0; x < RATES - 1; x++)
        CU_ASSERT_DOUBLE_EQUAL(*value(&m, 0, x, 0), start * exp(-rates[x] * 0.53), 1e-15);
    end(&m);
}

/* The formula of the third step, by hand: q = e (q + dt (a k0 + e (b k1 + c e k2))). */
TEST(older_tendencies_decay_too)
{
    model m;
    begin(&m, &(pel_stepper_spec){.scheme = PEL_AB3, .is_euler_start = true}, 1, 0.1);
    advance(&m, 3);
    const double e = exp(-0.3), q0 = start, k0 = q0 * q0;
    const double q1 = e * (q0 + 0.1 * k0), k1 = q1 * q1;
    const double q2 = e * (q1 + 0.1 * (1.5 * k1 - 0.5 * e * k0)), k2 = q2 * q2;
    const double q3 = e * (q2 + 0.1 * (23 * k2 - 16 * e * k1 + 5 * e * e * k0) / 12);
    CU_ASSERT_DOUBLE_EQUAL(*value(&m, 0, 2, 0), q3, 1e-15);
    end(&m);
}

TEST(schemes_without_integrating_factors_refuse_a_decay)
{
    static const pel_scheme without[] = {PEL_SSP_RK3, PEL_LOW_STORAGE_RK3, PEL_LEAPFROG};
    for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
        pel_grid *grid = NULL;
        pel_field *rate = NULL;
        pel_stepper *stepper = NULL;
        CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.dimensions = 1, .cells = {NX}}, &grid));
        CHECK_STATUS(pel_field_declare(grid, "rate", &(pel_field_spec){.role = PEL_CONSTANT}, &rate));
        CU_ASSERT_FALSE(pel_scheme_takes_decay(without[i]));
        CHECK_FAILS(pel_stepper_create(&(pel_stepper_spec){.scheme = without[i]}, grid,
                                       &(pel_prognostic){.name = "q", .decay = rate}, 1, &stepper),
                    PEL_ERR_ARGUMENT, "cannot take the decay of field q by an integrating factor; choose ab3");
        pel_grid_destroy(grid);
    }
    for (int i = 0; i < SCHEMES; i++) CU_ASSERT(pel_scheme_takes_decay(schemes[i].spec.scheme));
}
