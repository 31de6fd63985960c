/**
 * @file
 * Raw FFTW: multi-dimensional transforms of whole arrays, by FFTW's own threads, as somebody would use it who had no
 * Pelagos. What the spectral cases are measured beside.
 */
#ifndef PELAGOS_APPS_BENCH_FFTW_H
#define PELAGOS_APPS_BENCH_FFTW_H

#include <complex.h>
#include <fftw3.h>

#include "bench/problem.h"

enum { BENCH_FFTW_MOST_ARRAYS = 64 };

/** The transforms of one shape. */
typedef struct bench_fftw_spec {
    int rank, n[3];       /**< slowest dimension first, as FFTW has it */
    bool is_real_to_real; /**< of the kinds below; else of reals to complex, and back */
    fftw_r2r_kind forward[3], backward[3];
    int reals, hats; /**< arrays of either kind: values, and their transforms */
} bench_fftw_spec;

/** Plans there and back, and the arrays. */
typedef struct bench_fftw {
    bench_fftw_spec spec;
    size_t values, coefficients; /**< of an array: doubles in `real`; doubles, or complex numbers, in `hat` */
    double *real[BENCH_FFTW_MOST_ARRAYS];
    void *hat[BENCH_FFTW_MOST_ARRAYS];
    fftw_plan there, back;
} bench_fftw;

/** Lets FFTW have threads. Call it before anything else makes a plan: FFTW sets its planner up but once. */
pel_status bench_fftw_prepare(void);
/**
 * Makes the arrays, first touched by the team, and the plans for as many threads of FFTW's as the team has.
 *
 * What FFTW learns from measuring is forgotten at once: it would change the plans that are made by estimate later,
 * Pelagos's among them.
 * @param effort  FFTW_ESTIMATE, or FFTW_MEASURE, which takes some seconds, a minute at most
 * @return PEL_OK, PEL_ERR_MEMORY, or PEL_ERR_ARGUMENT where FFTW has no plan
 */
pel_status bench_fftw_begin(const bench_fftw_spec *spec, pel_team *team, unsigned effort, bench_fftw **fftw);
/** NULL does nothing. `fftw` is a bench_fftw: what ends a rival whose state is one. */
void bench_fftw_end(void *fftw);

/** Transforms array `real` into array `hat`; unscaled. */
void bench_fftw_there(const bench_fftw *fftw, int real, int hat);
/** And back; what `hat` holds is lost. */
void bench_fftw_back(const bench_fftw *fftw, int hat, int real);
/** For rivals whose state is a bench_fftw: array 0 gets the problem's field 0 ... */
pel_status bench_fftw_load(const bench_problem *p, void *fftw);
/** ... and a step takes it to transform 0 and back to array 1. */
pel_status bench_fftw_there_and_back(void *fftw);

#endif
