/**
 * @file
 * The cases of the benchmark: one file each.
 */
#ifndef PELAGOS_APPS_BENCH_CASES_H
#define PELAGOS_APPS_BENCH_CASES_H

#include "bench/problem.h"

extern const bench_case bench_stream, bench_copy, bench_sum, bench_heat_7pt, bench_heat_7pt_variable, bench_wave_25pt,
    bench_maxwell, bench_shallow_water, bench_fft_2d, bench_fft_3d, bench_poisson, bench_qg, bench_overhead;

/** All of them, in the order in which they are run. */
extern const bench_case *const bench_cases[];
extern const int bench_case_count;
/** The case of that name, or NULL. */
const bench_case *bench_case_find(const char *name);

#endif
