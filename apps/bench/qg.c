/* qg: the step of the app as a deck asks for it: two layers over a sloping flow, AB3, from random eddies.
 *
 * A step of a layer takes five transforms: the velocities u, v and the potential vorticity q go to physical space, and
 * u q, v q come back. Pelagos alone (advection.c) and raw FFTW do the same five; what a step takes
 * longer is inversion, products, derivatives, the time scheme and the filter. */
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "bench/advection.h"
#include "bench/cases.h"
#include "bench/fftw.h"

static void write_deck(const int cells[3], bool is_periodic, pel_text *text)
{
    (void)is_periodic; /* the app knows nothing else */
    pel_text_add(text,
                 "app: qg\n"
                 "grid: {cells: [%d, %d], extent: [%d km, %d km], boundary: [periodic, periodic]}\n"
                 "physics: {model: two-layer, thickness-ratio: 0.25, deformation-radius: 15 km, coriolis: {f0: 1e-4 "
                 "s-1, beta: 1.5e-11 m-1 s-1}, flow: [0.025 m s-1, 0 m s-1], drag: {linear: 5.787e-7 s-1}}\n"
                 "initial: {profile: random, energy: 1e-3 m2 s-2}\n"
                 "time: {scheme: ab3, step: auto, end: 10 years}\n",
                 cells[0], cells[1], 5 * cells[0], 5 * cells[1]);
}

/* ---- raw FFTW ---- */

enum {
    BACK = 3,  /* transforms of a layer and step to physical space */
    THERE = 2, /* and from there */
    VALUES = BACK + THERE,
    SPECTRA = BACK,
    MOST_LAYERS = BENCH_FFTW_MOST_ARRAYS / VALUES
};

typedef struct transforms {
    bench_fftw *fftw;
    int layers;
    long step;
} transforms;

static pel_status begin(bench_problem *p, unsigned effort, void **state)
{
    transforms *t = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *t, &t));
    t->layers = p->cells[2] < MOST_LAYERS ? p->cells[2] : MOST_LAYERS;
    const bench_fftw_spec spec = {
        .rank = 2, .n = {p->cells[1], p->cells[0]}, .reals = VALUES * t->layers, .hats = SPECTRA * t->layers};
    const pel_status status = bench_fftw_begin(&spec, p->team, effort, &t->fftw);
    if (status == PEL_OK) *state = t;
    else free(t);
    return status;
}

static void end(void *state)
{
    transforms *t = state;
    bench_fftw_end(t->fftw);
    free(t);
}

/* What a backward transform reads is lost, and is not transformed again and again: the spectra come round. */
static pel_status step(void *state)
{
    transforms *t = state;
    for (int layer = 0; layer < t->layers; layer++) {
        const int values = layer * VALUES, spectra = layer * SPECTRA;
        for (int i = 0; i < BACK; i++) bench_fftw_back(t->fftw, spectra + i, values + i);
        for (int i = 0; i < THERE; i++)
            bench_fftw_there(t->fftw, values + BACK + i, spectra + (int)((t->step * THERE + i) % SPECTRA));
    }
    t->step++;
    return PEL_OK;
}

/* ---- whether it transforms: numbers that go there and back. The app's answers have tests of their own ---- */

static double value(int array, size_t i)
{
    return (double)(pel_hash_mix((uint64_t)array, i) >> 11) * 0x1p-53 - 0.5;
}

static void fill(bench_fftw *fftw, int array)
{
    for (size_t i = 0; i < fftw->values; i++) fftw->real[array][i] = value(array, i);
}

static pel_status load(const bench_problem *p, void *state)
{
    (void)p;
    transforms *t = state;
    t->step = 0;
    for (int array = 0; array < VALUES * t->layers; array++) {
        const int layer = array / VALUES, i = array % VALUES;
        fill(t->fftw, array);
        if (i < BACK) bench_fftw_there(t->fftw, array, layer * SPECTRA + i);
    }
    return PEL_OK;
}

static void add_round_trip(const bench_fftw *fftw, int array, int filled, bench_apart *apart)
{
    for (size_t i = 0; i < fftw->values; i++)
        bench_add_apart(apart, (double)fftw->values * value(filled, i), fftw->real[array][i]);
}

static double difference(const bench_problem *p, void *state)
{
    (void)p;
    const transforms *t = state;
    bench_apart apart = {0};
    for (int layer = 0; layer < t->layers; layer++) {
        const int values = layer * VALUES, spectra = layer * SPECTRA;
        for (int i = 0; i < BACK; i++) add_round_trip(t->fftw, values + i, values + i, &apart);
        for (int i = 0; i < THERE; i++) {
            bench_fftw_back(t->fftw, spectra + i, values);
            add_round_trip(t->fftw, values, values + BACK + i, &apart);
        }
    }
    return bench_difference(&apart);
}

static const bench_rival fftw = {
    .begin = begin,
    .load = load,
    .step = step,
    .difference = difference,
    .end = end,
    .transforms = 2,
    .is_part = true,
};

const bench_case bench_qg = {
    .name = "qg",
    .summary = "the app's step: two layers, AB3",
    .dimensions = 2,
    .cells = {512, 512, 1},
    .steps = 16,
    .is_periodic = true,
    .app = "qg",
    .deck = write_deck,
    .rival = &fftw,
    .part = &bench_advection_alone,
};
