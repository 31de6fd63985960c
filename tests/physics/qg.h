/**
 * @file
 * For the tests of quasi-geostrophy: sums over snapshots and fits to series of a deck that solve() has run.
 */
#ifndef PELAGOS_TESTS_PHYSICS_QG_H
#define PELAGOS_TESTS_PHYSICS_QG_H

#include "solve.h"

#define TWO_PI "6.283185307179586 m"

/* The sum of squares of `layer` of `layers` of a record. */
static inline double sum_of_squares(const char *name, const char *variable, long record, int layer, int layers)
{
    array a = read_record(name, variable, record);
    const long count = a.nx * a.ny / layers;
    double sum = 0;
    for (long i = layer * count; i < (layer + 1) * count; i++) sum += a.values[i] * a.values[i];
    free(a.values);
    return sum;
}

/* The last value of a series. */
static inline double last_of(const char *name, const char *variable)
{
    array a = read_series(name, "series.nc", variable);
    const double last = a.values[a.nx - 1];
    free(a.values);
    return last;
}

/* The largest |value / first - 1| of a series. */
static inline double drift_of(const char *name, const char *variable)
{
    array a = read_series(name, "series.nc", variable);
    double most = 0;
    for (long i = 0; i < a.nx; i++) most = fmax(most, fabs(a.values[i] / a.values[0] - 1));
    free(a.values);
    return most;
}

/* Asserts |value / wanted - 1| <= tolerance, and shows both if not. */
static inline void check_near(const char *what, double value, double wanted, double tolerance)
{
    const double error = fabs(value / wanted - 1);
    if (!(error <= tolerance)) fprintf(stderr, "\n%s: %.17g, not %.17g: off by %.3g\n", what, value, wanted, error);
    CU_ASSERT(error <= tolerance);
}

#endif
