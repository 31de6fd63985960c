/**
 * @file
 * Exact sums: whatever the order and the grouping of the values, the same bits.
 *
 * A pel_sum holds the exact sum of the doubles added to it; pel_sum_round() gives the nearest double (ties to even).
 * Each thread, tile or process adds what it has to a pel_sum of its own; they are merged in any order. Infinities and
 * NaNs count as a set: any NaN, or both infinities, give NaN; else an infinity stays. A sum that is too large only on
 * the way is no infinity. The rounding mode must be the default one, to nearest.
 */
#ifndef PELAGOS_EXEC_SUM_H
#define PELAGOS_EXEC_SUM_H

#include <stddef.h>
#include <stdint.h>

enum { PEL_SUM_CHUNKS = 67 };

/** An exact sum; all zero is an empty one. Plain data: it may be copied, stored, and sent between processes. */
typedef struct pel_sum {
    int64_t chunk[PEL_SUM_CHUNKS]; /**< signed digits; digit i counts 2^(32 i - 1075) */
    int32_t pending;               /**< adds since carries were last passed up */
    uint32_t special;              /**< which of +inf, -inf, NaN have come */
} pel_sum;

/** Adds one value. */
void pel_sum_add(pel_sum *sum, double value);
/** Adds `count` values; a fraction of a nanosecond each where their magnitudes lie within about 23 decades. */
void pel_sum_add_array(pel_sum *sum, const double *values, size_t count);
/** The same, and meanwhile brings as many bytes from `ahead` on into cache: what the caller will need next. They are
 * not read; the address may be any. */
void pel_sum_add_array_ahead(pel_sum *sum, const double *values, size_t count, const void *ahead);
/** Adds all that `from` holds to `into`; `from` stays as it is, and may be `into` itself. */
void pel_sum_merge(pel_sum *into, const pel_sum *from);
/** The double nearest to the sum, ties to even; +0 if it is empty or exactly zero. Does not change the sum. */
double pel_sum_round(const pel_sum *sum);

#endif
