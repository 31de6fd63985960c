/**
 * @file
 * The transforms of an advection step by Pelagos, and nothing else: what part of an app's step they are.
 */
#ifndef PELAGOS_APPS_BENCH_ADVECTION_H
#define PELAGOS_APPS_BENCH_ADVECTION_H

#include "bench/problem.h"

/** Three arrays a layer to physical space, two back, as in the step of qg; the layers are those of the problem. */
extern const bench_rival bench_advection_alone;

#endif
