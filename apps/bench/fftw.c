/* Plans and arrays of raw FFTW.
 *
 * FFTW's threads are OpenMP's (libfftw3_omp), the same that the team has, on the cores where the team put them. */
#include "bench/fftw.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static const double planning_seconds = 60;

pel_status bench_fftw_prepare(void)
{
    return fftw_init_threads() ? PEL_OK : pel_fail(PEL_ERR_MEMORY, "FFTW cannot have threads: no memory for them");
}

/* ---- arrays ---- */

typedef struct touching {
    char *bytes;
    size_t count;
} touching;

static void touch_share(int thread, int threads, void *data)
{
    const touching *t = data;
    long lo, hi;
    pel_team_share((long)t->count, thread, threads, &lo, &hi);
    memset(t->bytes + lo, 0, (size_t)(hi - lo));
}

static pel_status make_array(pel_team *team, size_t bytes, void **array)
{
    touching t = {fftw_malloc(bytes), bytes};
    if (!t.bytes) return pel_fail(PEL_ERR_MEMORY, "no memory for an array of %zu bytes of raw FFTW", bytes);
    pel_team_run(team, touch_share, &t);
    *array = t.bytes;
    return PEL_OK;
}

static pel_status make_arrays(bench_fftw *f, pel_team *team)
{
    const bench_fftw_spec *spec = &f->spec;
    const int last = spec->n[spec->rank - 1];
    f->values = (size_t)last;
    f->coefficients = spec->is_real_to_real ? (size_t)last : (size_t)last / 2 + 1;
    for (int d = 0; d < spec->rank - 1; d++) f->values *= (size_t)spec->n[d], f->coefficients *= (size_t)spec->n[d];
    const size_t bytes = f->coefficients * (spec->is_real_to_real ? sizeof(double) : sizeof(fftw_complex));
    for (int i = 0; i < spec->reals; i++) {
        void *real = NULL;
        PEL_TRY(make_array(team, f->values * sizeof(double), &real));
        f->real[i] = real;
    }
    for (int i = 0; i < spec->hats; i++) PEL_TRY(make_array(team, bytes, &f->hat[i]));
    return PEL_OK;
}

/* ---- plans ---- */

static void plan_both(bench_fftw *f, unsigned effort)
{
    const bench_fftw_spec *s = &f->spec;
    double *real = f->real[0];
    if (s->is_real_to_real) {
        f->there = fftw_plan_r2r(s->rank, s->n, real, f->hat[0], s->forward, effort);
        f->back = fftw_plan_r2r(s->rank, s->n, f->hat[0], real, s->backward, effort | FFTW_DESTROY_INPUT);
    } else {
        f->there = fftw_plan_dft_r2c(s->rank, s->n, real, f->hat[0], effort);
        f->back = fftw_plan_dft_c2r(s->rank, s->n, f->hat[0], real, effort | FFTW_DESTROY_INPUT);
    }
}

static pel_status make_plans(bench_fftw *f, int threads, unsigned effort)
{
    fftw_plan_with_nthreads(threads);
    fftw_set_timelimit(planning_seconds);
    plan_both(f, effort);
    fftw_set_timelimit(FFTW_NO_TIMELIMIT);
    fftw_plan_with_nthreads(1);
    fftw_forget_wisdom();
    if (f->there && f->back) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT, "FFTW has no plan for these lengths; give another --size");
}

/* ---- beginning and ending ---- */

pel_status bench_fftw_begin(const bench_fftw_spec *spec, pel_team *team, unsigned effort, bench_fftw **fftw)
{
    bench_fftw *f = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *f, &f));
    f->spec = *spec;
    pel_status status = make_arrays(f, team);
    if (status == PEL_OK) status = make_plans(f, pel_team_threads(team), effort);
    if (status == PEL_OK) *fftw = f;
    else bench_fftw_end(f);
    return status;
}

void bench_fftw_end(void *fftw)
{
    bench_fftw *f = fftw;
    if (!f) return;
    if (f->back) fftw_destroy_plan(f->back);
    if (f->there) fftw_destroy_plan(f->there);
    for (int i = 0; i < f->spec.hats; i++) fftw_free(f->hat[i]);
    for (int i = 0; i < f->spec.reals; i++) fftw_free(f->real[i]);
    free(f);
}

/* ---- transforms: all arrays are aligned alike, as FFTW asks for plans to be used on others ---- */

void bench_fftw_there(const bench_fftw *f, int real, int hat)
{
    if (f->spec.is_real_to_real) fftw_execute_r2r(f->there, f->real[real], f->hat[hat]);
    else fftw_execute_dft_r2c(f->there, f->real[real], f->hat[hat]);
}

void bench_fftw_back(const bench_fftw *f, int hat, int real)
{
    if (f->spec.is_real_to_real) fftw_execute_r2r(f->back, f->hat[hat], f->real[real]);
    else fftw_execute_dft_c2r(f->back, f->hat[hat], f->real[real]);
}

pel_status bench_fftw_load(const bench_problem *p, void *fftw)
{
    pel_field_get(p->field[0], 0, 0, pel_field_points(p->field[0]), ((bench_fftw *)fftw)->real[0]);
    return PEL_OK;
}

pel_status bench_fftw_there_and_back(void *fftw)
{
    bench_fftw_there(fftw, 0, 0);
    bench_fftw_back(fftw, 0, 1);
    return PEL_OK;
}
