/**
 * @file
 * A case's answers: nothing prints a rate for a wrong one.
 */
#ifndef PELAGOS_APPS_BENCH_VERIFY_H
#define PELAGOS_APPS_BENCH_VERIFY_H

#include "bench/problem.h"

/**
 * On a small grid of odd sizes, between walls and periodic, on teams of one and of `threads` threads: every executor,
 * under several tilings, and the loops written by hand give the bits of `reference`.
 * @return PEL_OK, or PEL_ERR_NUMERICS naming the case, the contender and the grid
 */
pel_status bench_verify_small(const bench_case *which, int threads, bench_apps apps);

/**
 * On the problem as it is: `count` contenders, each from step 0 for `steps` steps, give the same bits as the first.
 * Leaves the problem in the state of the last.
 * @return PEL_OK, or PEL_ERR_NUMERICS
 */
pel_status bench_verify_full(bench_problem *p, const bench_contender *contenders, int count, long steps);

/**
 * On the problem as it is: after one step from step 0, the rival's answer is that of the spatial executor, to the
 * round-off of the transforms.
 * @return PEL_OK, or PEL_ERR_NUMERICS
 */
pel_status bench_verify_rival(bench_problem *p, const bench_contender *rival);

#endif
