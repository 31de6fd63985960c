/**
 * @file
 * Grains: numbers held as whole multiples of a power of two, so that adding them is exact and so has no order.
 *
 * A sum of doubles depends on its order because each addition rounds. If all that is added is first rounded to
 * multiples of one quantum q = 2^-k, and no sum grows beyond 2^52 q, then nothing rounds any more: any order, any
 * grouping, any split over threads gives the same bits. Positions are such multiples, so that differences and shifts by
 * a box length are exact and a periodic image gives the bits of its atom; so are the forces of pairs, their energies
 * and virials.
 *
 * A kernel gets the rounding for nothing: its accumulator starts at the *anchor* 1.5 * 2^52 q, where the spacing of
 * doubles is q, and each addition then rounds what it adds to a multiple of q. That rounding is to nearest and is the
 * same in any order provided that no value lies just between two multiples (a tie goes to the even *sum*, which depends
 * on the order). pel_grain_odd() makes ties impossible: with the last bit of its significand set, a value v of |v| <
 * 2^51 q is never a multiple of q / 2, and neither is its product with any double d as long as |v d| < 2^51 q: the
 * lowest set bit of v d is at most 2^-52 |v d|.
 */
#ifndef PELAGOS_PARTICLES_GRAIN_H
#define PELAGOS_PARTICLES_GRAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/** A quantum and what rounds to it. */
typedef struct pel_grain {
    double quantum; /**< q, a power of two */
    double anchor;  /**< 1.5 * 2^52 q, where accumulators start */
    double most;    /**< 2^51 q: sums and values must stay below it in size */
} pel_grain;

/** The grain whose sums may reach `most`, rounded up to a power of two: q = 2^-51 most. `most` > 0. */
pel_grain pel_grain_for(double most);

/** `value` rounded to the nearest multiple of the quantum, ties to even; |value| < grain.most. */
static inline double pel_grain_round(pel_grain grain, double value)
{
    return (value + grain.anchor) - grain.anchor;
}

/** `value` with the last bit of its significand set: at most one unit in the last place away. */
static inline double pel_grain_odd(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits |= 1;
    memcpy(&value, &bits, sizeof bits);
    return value;
}

#endif
