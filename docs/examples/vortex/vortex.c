/* A row of vortices that a wind carries along while they decay: two-dimensional flow in wavenumber space.
 *
 *     dw/dt + u dw/dx + v dw/dy = nu lap w,   u = U - dpsi/dy, v = dpsi/dx, lap psi = w
 *
 * on a box of 2 pi by 2 pi, without units. Taylor's vortices w = 2 cos(x - U t) cos(y) exp(-2 nu t) are an exact
 * solution (Taylor, Phil. Mag. 46 (1923) 671), so that the program knows its error.
 *
 *     vortex [CELLS [STEPS [THREADS]]]      the same bits on any number of threads */
#include <inttypes.h>
#include <math.h>
#include <pelagos.h>
#include <stdio.h>
#include <stdlib.h>

static const double wind = 0.7, viscosity = 0.01, end = 4;

/* u^ = -i l psi^, v^ = i k psi^ with psi^ = -w^ / (k^2 + l^2), and w^ as it is. Views: w, k, l; inputs u, v, w. */
static void to_physical(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    const int line = box->lo[1];
    const double k = *pel_at(arg[1], 0, line, 0), *l = pel_row(arg[2], 0, 0);
    const double complex *w = pel_row_complex(arg[0], line, 0);
    double complex *u = pel_row_complex(arg[4], line, 0), *v = pel_row_complex(arg[5], line, 0);
    double complex *copy = pel_row_complex(arg[6], line, 0);
    for (int x = box->lo[0]; x < box->hi[0]; x++) {
        const double square = k * k + l[x] * l[x];
        const double complex psi = square > 0 ? -w[x] / square : 0;
        u[x] = -I * l[x] * psi + (square > 0 ? 0 : wind);
        v[x] = I * k * psi;
        copy[x] = w[x];
    }
}

/* u w and v w, point by point. Views: the same, then the outputs. */
static void multiply(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double *u = pel_row(arg[4], y, 0), *v = pel_row(arg[5], y, 0), *w = pel_row(arg[6], y, 0);
        double *uw = pel_row(arg[7], y, 0), *vw = pel_row(arg[8], y, 0);
        for (int x = box->lo[0]; x < box->hi[0]; x++) uw[x] = u[x] * w[x], vw[x] = v[x] * w[x];
    }
}

/* dw^/dt = -(i k (u w)^ + i l (v w)^): there is no divergence. */
static void to_spectral(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    const int line = box->lo[1];
    const double k = *pel_at(arg[1], 0, line, 0), *l = pel_row(arg[2], 0, 0);
    const double complex *uw = pel_row_complex(arg[7], line, 0), *vw = pel_row_complex(arg[8], line, 0);
    double complex *rate = pel_row_complex(arg[3], line, 0);
    for (int x = box->lo[0]; x < box->hi[0]; x++) rate[x] = -I * (k * uw[x] + l[x] * vw[x]);
}

static void advection(void *space, pel_chain *chain, const pel_operand *w, const pel_operand *rate)
{
    const pel_product_spec spec = {
        .inputs = 3, .outputs = 2, .to_physical = to_physical, .multiply = multiply, .to_spectral = to_spectral};
    pel_product(space, chain, "advection", &spec, NULL, 0, pel_read(w->field, w->level),
                pel_read(pel_space_slopes(space, 0), 0), pel_read(pel_space_slopes(space, 1), 0),
                pel_write(rate->field, rate->level));
}

/* The exact vorticity at step->time; the parameters are the cells of a side. */
static void exact(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const double h = 2 * acos(-1) / *(const int *)params, left = 2 * exp(-2 * viscosity * step->time);
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            pel_row(arg[0], y, 0)[x] = left * cos(x * h - wind * step->time) * cos(y * h);
}

/* How far a vorticity is from the exact one. */
static void error(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    exact(box, arg + 1, step, params);
    for (int y = box->lo[1]; y < box->hi[1]; y++)
        for (int x = box->lo[0]; x < box->hi[0]; x++)
            pel_row(arg[1], y, 0)[x] = fabs(pel_row(arg[0], y, 0)[x] - pel_row(arg[1], y, 0)[x]);
}

static void check(pel_status status)
{
    if (status == PEL_OK) return;
    fprintf(stderr, "vortex: %s\n", pel_failure());
    exit(pel_status_exit_code(status));
}

/* nu (k^2 + l^2) of every coefficient: what the stepper takes exactly. */
static void fill_decay(const pel_space *space, pel_field *decay)
{
    const pel_box box = pel_field_owned(decay);
    for (int k = 0; k < box.hi[1]; k++)
        for (int l = 0; l < box.hi[0]; l++) {
            const double a = pel_space_wavenumber(space, 0, k), b = pel_space_wavenumber(space, 1, l);
            *pel_at(pel_field_view(decay, 0), l, k, 0) = viscosity * (a * a + b * b);
        }
}

int main(int argc, char **argv)
{
    const int n = argc > 1 ? atoi(argv[1]) : 64, threads = argc > 3 ? atoi(argv[3]) : 0;
    const long steps = argc > 2 ? atol(argv[2]) : 200;
    const double h = 2 * acos(-1) / n;
    const pel_grid_spec box = {.dimensions = 2, .cells = {n, n}, .spacing = {h, h}, .is_periodic = {true, true}};
    const pel_run_options options = {0};
    pel_team *team;
    pel_grid *grid;
    pel_space *space;
    pel_field *vorticity, *decay;
    pel_stepper *stepper;
    pel_chain *chains[8] = {NULL};
    pel_reduced worst;
    pel_step now = {.dt = end / (double)steps};
    check(pel_team_create(&(pel_team_spec){.threads = threads}, &team));
    check(pel_grid_create(&box, &grid));
    check(pel_space_create(&(pel_space_spec){.grid = grid, .truncation = 2.0 / 3}, &space));
    check(pel_field_declare(grid, "vorticity", &(pel_field_spec){0}, &vorticity));
    check(pel_field_declare(pel_space_grid(space), "decay", &(pel_field_spec){.role = PEL_CONSTANT}, &decay));

    const pel_prognostic state = {.name = "w", .spec = {.type = PEL_COMPLEX}, .decay = decay};
    check(pel_stepper_create(&(pel_stepper_spec){.scheme = PEL_RK4}, pel_space_grid(space), &state, 1, &stepper));
    check(pel_stepper_record(stepper, NULL, advection, space));
    const pel_transform_pair pair = {.physical = vorticity, .spectral = pel_stepper_field(stepper, 0)};
    check(pel_chain_create("start", PEL_CHAIN_PLAIN, &chains[0]));
    pel_chain_loop(chains[0], "exact", exact, &n, sizeof n, PEL_INTERIOR, pel_write(vorticity, 0));
    pel_transform_forward(space, chains[0], "to coefficients", &pair, 1);
    check(pel_chain_create("compare", PEL_CHAIN_PLAIN, &chains[1]));
    pel_transform_backward(space, chains[1], "to points", &pair, 1);
    pel_chain_reduce(chains[1], "error", PEL_MAX, error, &n, sizeof n, PEL_CENTRE, PEL_INTERIOR, &worst,
                     pel_read(vorticity, 0));
    const int count = 2 + pel_stepper_chain_count(stepper);
    for (int i = 2; i < count; i++) chains[i] = pel_stepper_chain_at(stepper, i - 2);
    check(pel_commit(team, (pel_grid *[]){grid, pel_space_grid(space)}, 2, chains, count));
    pel_space_fill(space);
    fill_decay(space, decay);

    check(pel_chain_run(chains[0], team, &options, now, 1));
    check(pel_stepper_prepare(stepper, team, &options, now));
    check(pel_chain_run(pel_stepper_chain(stepper, 0), team, &options, now, steps));
    for (long i = 0; i < steps; i++) now = pel_step_next(now);
    check(pel_chain_run(chains[1], team, &options, now, 1));
    printf("time %g: largest error %.2e, hash %016" PRIx64 "\n", now.time, worst.value,
           pel_field_hash(pair.spectral, 0, pel_field_rows(pair.spectral)));
    for (int i = 0; i < 2; i++) pel_chain_destroy(chains[i]);
    pel_stepper_destroy(stepper);
    pel_space_destroy(space);
    pel_grid_destroy(grid);
    pel_team_destroy(team);
}
