/* A seismic shot: acoustic waves in ground whose speed c varies.
 *
 *     d2p/dt2 + 2 sigma dp/dt = c^2 (d2p/dx2 + d2p/dz2) + s(t) at the source
 *
 * p is the pressure in Pa, z points down into the ground. Centred differences in time and space; sigma grows in a layer
 * at three sides and swallows what leaves; p = 0 at the surface. The shot is a Ricker wavelet, receivers record it.
 *
 *     acoustic_wave [EXECUTOR [THREADS [ORDER]]] > seismogram.txt       the same bits whatever is chosen */
#include <inttypes.h>
#include <math.h>
#include <pelagos.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NX = 400, NZ = 300, STEPS = 800, RECEIVERS = 4 };
static const double h = 10, dt = 1.5e-3, frequency = 10, layer = 400; /* m; s, below h / (c sqrt 2); Hz; m */
static const pel_box source = {{120, 40, 0}, {121, 41, 1}};           /* one cell */
static const int receivers[RECEIVERS][3] = {{160, 40, 0}, {200, 40, 0}, {240, 40, 0}, {280, 40, 0}};

/* Speed in m/s: faster with depth, and a fast body in the middle. */
static double speed(double x, double z)
{
    return 1500 + 0.4 * z + 600 * exp(-(pow(x - 2200, 2) + pow(z - 1400, 2)) / (300 * 300));
}

/* The ground, and p of steps 0 and -1: nothing moves. sigma grows from 0 to 30 s-1 at the sides and the bottom. */
static void prepare(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int j = box->lo[1]; j < box->hi[1]; j++)
        for (int i = box->lo[0]; i < box->hi[0]; i++) {
            const double x = (i + 0.5) * h, z = (j + 0.5) * h, inside = fmin(fmin(x, NX * h - x), NZ * h - z);
            *pel_at(arg[0], i, j, 0) = pow(speed(x, z) * dt / h, 2);
            *pel_at(arg[1], i, j, 0) = 30 * dt * pow(fmax(0, 1 - inside / layer), 2);
            *pel_at(arg[2], i, j, 0) = *pel_at(arg[3], i, j, 0) = 0;
        }
}

/* p(n+1) (1 + s) = 2 p(n) - (1 - s) p(n-1) + k lap p(n); `next` holds p(n-1) and receives p(n+1). */
static void propagate(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[1]; z < box->hi[1]; z++) {
        const double *p = pel_row(arg[0], z, 0), *above = pel_row(arg[0], z - 1, 0), *below = pel_row(arg[0], z + 1, 0);
        const double *k = pel_row(arg[1], z, 0), *s = pel_row(arg[2], z, 0);
        double *next = pel_row(arg[3], z, 0);
#pragma omp simd
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double lap = p[x - 1] + p[x + 1] + above[x] + below[x] - 4 * p[x];
            next[x] = (2 * p[x] - (1 - s[x]) * next[x] + k[x] * lap) / (1 + s[x]);
        }
    }
}

/* A Ricker wavelet of 1000 Pa s-2, one and a half periods after the start. */
static void shoot(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const double a = pow(acos(-1) * (step->time * *(const double *)params - 1.5), 2);
    *pel_at(arg[0], box->lo[0], box->lo[1], 0) += 1000 * (1 - 2 * a) * exp(-a) * step->dt * step->dt;
}

/* Takes the receivers' values of a stretch of steps into the seismogram. */
static void record(void *seismogram, long first, long steps, int count, const double *values)
{
    memcpy((double *)seismogram + first * count, values, (size_t)(steps * count) * sizeof *values);
}

static void check(pel_status status)
{
    if (status == PEL_OK) return;
    fprintf(stderr, "acoustic_wave: %s\n", pel_failure());
    exit(pel_status_exit_code(status));
}

int main(int argc, char **argv)
{
    static double seismogram[STEPS][RECEIVERS];
    const int threads = argc > 2 ? atoi(argv[2]) : 0;
    const pel_boundary zero = {.kind = PEL_BOUNDARY_VALUE}, even = {.kind = PEL_BOUNDARY_GRADIENT};
    const pel_field_spec pressure = {.levels = 2, .units = "Pa", .boundary = {{even, even}, {zero, even}}};
    pel_run_options options = {.order = argc > 3 ? atol(argv[3]) : 0, .check_access = getenv("CHECK_ACCESS") != NULL};
    for (pel_executor e = PEL_EXECUTOR_AUTO; argc > 1 && e <= PEL_EXECUTOR_TEMPORAL; e++)
        if (strcmp(argv[1], pel_executor_name(e)) == 0) options.executor = e;
    pel_team *team;
    pel_grid *grid;
    pel_field *p, *k, *s; /* pressure, c dt / h squared, sigma dt */
    pel_chain *start, *step;
    check(pel_team_create(&(pel_team_spec){.threads = threads}, &team));
    check(pel_grid_create(&(pel_grid_spec){.dimensions = 2, .cells = {NX, NZ}, .spacing = {h, h}}, &grid));
    check(pel_field_declare(grid, "p", &pressure, &p));
    check(pel_field_declare(grid, "k", &(pel_field_spec){.role = PEL_CONSTANT}, &k));
    check(pel_field_declare(grid, "s", &(pel_field_spec){.role = PEL_CONSTANT}, &s));
    check(pel_chain_create("start", PEL_CHAIN_PLAIN, &start));
    check(pel_chain_create("step", PEL_CHAIN_STEPPER, &step));
    pel_chain_loop(start, "prepare", prepare, NULL, 0, PEL_INTERIOR, pel_write(k, 0), pel_write(s, 0), pel_write(p, 0),
                   pel_write(p, 1));
    pel_chain_loop(step, "propagate", propagate, NULL, 0, PEL_INTERIOR,
                   pel_read(p, 0, PEL_AROUND_X(1), PEL_AROUND_Y(1)), pel_read(k, 0), pel_read(s, 0), pel_update(p, 1));
    pel_chain_loop(step, "shoot", shoot, &frequency, sizeof frequency, PEL_BOX(source), pel_update(p, 1));
    pel_chain_probe(step, p, 1, receivers, RECEIVERS, record, seismogram);
    check(pel_commit(team, &grid, 1, (pel_chain *[]){start, step}, 2));
    check(pel_chain_run(start, team, &options, (pel_step){.dt = dt}, 1));
    check(pel_chain_run(step, team, &options, (pel_step){.dt = dt}, STEPS));

    printf("# hash of the last state %016" PRIx64 "; time, receivers\n", pel_field_hash(p, 0, pel_field_rows(p)));
    for (int n = 0; n < STEPS; n++) {
        printf("%.6g", (n + 1) * dt);
        for (int i = 0; i < RECEIVERS; i++) printf(" %.17g%s", seismogram[n][i], i == RECEIVERS - 1 ? "\n" : "");
    }
    fprintf(stderr, "ran %s\n", pel_executor_name(pel_chain_plan_used(step).executor));
    pel_chain_destroy(start);
    pel_chain_destroy(step);
    pel_grid_destroy(grid);
    pel_team_destroy(team);
}
