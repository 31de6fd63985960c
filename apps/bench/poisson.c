/* poisson: Laplacian phi = rhs in three dimensions, as for a pressure between walls of given slope, or periodic.
 *
 * Raw FFTW has the same transforms there and back: cosines between walls, Fourier's where periodic; but not the
 * division by the eigenvalues, nor the subtraction of the mean of rhs. */
#include <math.h>

#include "bench/cases.h"
#include "bench/fftw.h"

enum { RHS, PHI };   /* fields */
enum { IN, OUT };    /* arrays of values of raw FFTW: rhs; what comes back, or Pelagos's phi */
enum { HAT, OTHER }; /* transforms of either */

static pel_status declare(bench_problem *p)
{
    PEL_TRY(bench_field(p, "rhs", &(pel_field_spec){0}, (bench_values){-1, 1, 0}));
    PEL_TRY(bench_field(p, "phi", &(pel_field_spec){0}, (bench_values){0}));
    pel_elliptic_spec spec = {.grid = p->grid, .removes_mean = true};
    for (int d = 0; d < 3; d++)
        for (int side = 0; side < 2; side++) spec.boundary[d][side].kind = PEL_BOUNDARY_GRADIENT;
    PEL_TRY(pel_elliptic_create(&spec, &p->solver));
    return pel_elliptic_record_solve(p->solver, p->chain, "solve", p->field[RHS], 0, p->field[PHI], 0);
}

/* ---- raw FFTW ---- */

static pel_status begin(bench_problem *p, unsigned effort, void **state)
{
    bench_fftw_spec spec = {.rank = 3, .is_real_to_real = !p->is_periodic, .reals = 2, .hats = 2};
    for (int d = 0; d < 3; d++) {
        spec.n[d] = p->cells[2 - d];
        spec.forward[d] = FFTW_REDFT10, spec.backward[d] = FFTW_REDFT01;
    }
    bench_fftw *fftw = NULL;
    PEL_TRY(bench_fftw_begin(&spec, p->team, effort, &fftw));
    *state = fftw;
    return PEL_OK;
}

/* ---- whether the answers agree ---- */

/* Values that went there and back, over those that did. FFTW leaves 2 n a dimension of cosines. */
static double round_trip(const bench_fftw *fftw)
{
    const double factor = (double)fftw->values * (fftw->spec.is_real_to_real ? 8 : 1);
    bench_apart apart = {0};
    for (size_t i = 0; i < fftw->values; i++) bench_add_apart(&apart, factor * fftw->real[IN][i], fftw->real[OUT][i]);
    return bench_difference(&apart);
}

/* The eigenvalue of wave q of the second difference along d (spectral/elliptic.h). */
static double eigenvalue(const bench_problem *p, int d, int q)
{
    const double theta = M_PI * q / p->cells[d] * (p->is_periodic ? 2 : 1);
    const double half = 2 * sin(theta / 2) / pel_grid_spacing(p->grid, d);
    return -half * half;
}

/* Squares: of A phi - rhs, of rhs, of phi. */
typedef struct residual {
    double residual, rhs, phi;
} residual;

static void add_wave(residual *sums, double lambda, double rhs, double phi)
{
    sums->residual += (lambda * phi - rhs) * (lambda * phi - rhs);
    sums->rhs += rhs * rhs;
    sums->phi += phi * phi;
}

/* Of all waves but the constant, which rhs is to lose. Complex numbers are two reals. */
static residual add_waves(const bench_problem *p, const bench_fftw *fftw)
{
    const int parts = p->is_periodic ? 2 : 1, waves = p->is_periodic ? p->cells[0] / 2 + 1 : p->cells[0];
    const double *rhs = fftw->hat[HAT], *phi = fftw->hat[OTHER];
    residual sums = {0};
    for (int m = 0; m < p->cells[2]; m++)
        for (int l = 0; l < p->cells[1]; l++)
            for (int k = 0; k < waves; k++)
                for (int i = 0; i < parts; i++, rhs++, phi++)
                    if (m || l || k)
                        add_wave(&sums, eigenvalue(p, 0, k) + eigenvalue(p, 1, l) + eigenvalue(p, 2, m), *rhs, *phi);
    return sums;
}

/* |A phi - rhs| / (|A| |phi| + |rhs|) of Pelagos's phi, seen through raw FFTW's transforms. */
static double backward_error(const bench_problem *p, bench_fftw *fftw)
{
    pel_field_get(p->field[PHI], 0, 0, pel_field_points(p->field[PHI]), fftw->real[OUT]);
    bench_fftw_there(fftw, IN, HAT);
    bench_fftw_there(fftw, OUT, OTHER);
    const residual sums = add_waves(p, fftw);
    return sqrt(sums.residual) / (pel_elliptic_norm(p->solver) * sqrt(sums.phi) + sqrt(sums.rhs));
}

static double difference(const bench_problem *p, void *state)
{
    const double back = round_trip(state), error = backward_error(p, state);
    return back > error || isnan(back) ? back : error;
}

static const bench_rival fftw = {
    .begin = begin,
    .load = bench_fftw_load,
    .step = bench_fftw_there_and_back,
    .difference = difference,
    .end = bench_fftw_end,
    .transforms = 2,
    .is_part = true,
};

const bench_case bench_poisson = {
    .name = "poisson",
    .summary = "Laplacian phi = rhs, solved by transforms",
    .dimensions = 3,
    .cells = {128, 128, 128},
    .steps = 8,
    .is_stationary = true,
    .declare = declare,
    .rival = &fftw,
};
