/* fft-2d and fft-3d: a real field to its spectrum and back, beside FFTW's own multi-dimensional transforms.
 *
 * Raw FFTW works on contiguous arrays and leaves the coefficients unscaled. Pelagos scales them, pads its rows and has
 * them transposed (spectral/space.h); the largest part of either is memory traffic. Both may overwrite the coefficients
 * on the way back. */
#include <math.h>

#include "bench/cases.h"
#include "bench/fftw.h"
#include "spectral/transform.h"

enum { Q, BACK, FIELDS }; /* the fields of values: Q is transformed, and BACK is what comes back */

static pel_status declare(bench_problem *p)
{
    PEL_TRY(bench_field(p, "q", &(pel_field_spec){0}, (bench_values){-1, 1, 0}));
    PEL_TRY(bench_field(p, "back", &(pel_field_spec){0}, (bench_values){0}));
    const unsigned along = p->which->dimensions == 3 ? PEL_ALONG_X | PEL_ALONG_Y | PEL_ALONG_Z : 0;
    PEL_TRY(bench_space(p, &(pel_space_spec){.along = along}));
    PEL_TRY(bench_spectral_field(p, "spectrum", &(pel_field_spec){0}));
    const pel_transform_pair there = {.physical = p->field[Q], .spectral = p->spectral[0]};
    const pel_transform_pair back = {.physical = p->field[BACK], .spectral = p->spectral[0], .is_spent = true};
    pel_transform_forward(p->space, p->chain, "there", &there, 1);
    pel_transform_backward(p->space, p->chain, "back", &back, 1);
    PEL_TRY(pel_chain_create("again", PEL_CHAIN_PLAIN, &p->again));
    pel_transform_forward(p->space, p->again, "there", &there, 1);
    return PEL_OK;
}

/* ---- raw FFTW ---- */

static pel_status begin(bench_problem *p, unsigned effort, void **state)
{
    bench_fftw_spec spec = {.rank = p->which->dimensions, .reals = FIELDS, .hats = 1};
    for (int d = 0; d < spec.rank; d++) spec.n[d] = p->cells[spec.rank - 1 - d];
    bench_fftw *fftw = NULL;
    PEL_TRY(bench_fftw_begin(&spec, p->team, effort, &fftw));
    *state = fftw;
    return PEL_OK;
}

/* ---- how far apart the answers are ---- */

static double back_difference(const bench_problem *p, const bench_fftw *fftw)
{
    const pel_view back = pel_field_view(p->field[BACK], 0);
    const double *raw = fftw->real[BACK], factor = (double)fftw->values;
    bench_apart apart = {0};
    for (int z = 0; z < p->cells[2]; z++)
        for (int y = 0; y < p->cells[1]; y++)
            for (int x = 0; x < p->cells[0]; x++) bench_add_apart(&apart, *raw++, factor * pel_row(back, y, z)[x]);
    return bench_difference(&apart);
}

/* FFTW's rows are along k, those of the spectral field along l. */
static double spectrum_difference(const bench_problem *p, const bench_fftw *fftw)
{
    const pel_view spectrum = pel_field_view(p->spectral[0], 0);
    const double complex *raw = fftw->hat[0];
    const double factor = (double)fftw->values;
    bench_apart apart = {0};
    for (int m = 0; m < p->cells[2]; m++)
        for (int l = 0; l < p->cells[1]; l++)
            for (int k = 0; k <= p->cells[0] / 2; k++, raw++) {
                const double complex mine = factor * pel_row_complex(spectrum, k, m)[l];
                bench_add_apart(&apart, creal(*raw), creal(mine));
                bench_add_apart(&apart, cimag(*raw), cimag(mine));
            }
    return bench_difference(&apart);
}

static double difference(const bench_problem *p, void *state)
{
    const double back = back_difference(p, state);
    bench_fftw_there(state, Q, 0);
    if (pel_chain_run(p->again, p->team, &(pel_run_options){0}, p->now, 1) != PEL_OK) return NAN;
    const double spectrum = spectrum_difference(p, state);
    return back > spectrum || isnan(back) ? back : spectrum;
}

static const bench_rival fftw = {
    .begin = begin,
    .load = bench_fftw_load,
    .step = bench_fftw_there_and_back,
    .difference = difference,
    .end = bench_fftw_end,
    .transforms = 2,
};

const bench_case bench_fft_2d = {
    .name = "fft-2d",
    .summary = "a real field to its spectrum and back",
    .dimensions = 2,
    .cells = {512, 512, 1},
    .steps = 32,
    .is_periodic = true,
    .is_stationary = true,
    .declare = declare,
    .rival = &fftw,
};

const bench_case bench_fft_3d = {
    .name = "fft-3d",
    .summary = "the same in three dimensions",
    .dimensions = 3,
    .cells = {128, 128, 128},
    .steps = 8,
    .is_periodic = true,
    .is_stationary = true,
    .declare = declare,
    .rival = &fftw,
};
