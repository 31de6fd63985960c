/*
 * exp() that the compiler turns into vector code: no table, no branch, no call.
 *
 * x = n ln 2 + r with |r| <= ln 2 / 2 (Cody & Waite, Software Manual for the Elementary Functions, 1980, with ln 2 in
 * two pieces, of which n times the first is exact), exp(x) = 2^n exp(r), and exp(r) = 1 + (r + r^2 q(r)) with Taylor's
 * q to r^13 / 13!, which leaves 4e-18. The error is below 1.1 units in the last place for |x| <= 708;
 * beyond, the result is 0 or infinity. NaN stays NaN.
 */
#ifndef PELAGOS_PARTICLES_EXPONENTIAL_INSIDE_H
#define PELAGOS_PARTICLES_EXPONENTIAL_INSIDE_H

#include <math.h>
#include <stdint.h>
#include <string.h>

/* a b + c, fused where the machine has that in one instruction; elsewhere fma() would be a call. */
#ifdef __FP_FAST_FMA
static inline double pel_multiply_add(double a, double b, double c)
{
    return fma(a, b, c);
}
#else
static inline double pel_multiply_add(double a, double b, double c)
{
    return a * b + c;
}
#endif

static inline int64_t pel_bits_of(double value)
{
    int64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double pel_from_bits(int64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* `result` within |x| <= 708; 0 or infinity beyond, NaN for NaN. Chosen by masks of bits (all or none: an
 * arithmetic shift of the sign): comparisons leave branches, which end vector code on older machines. */
static inline double pel_exponential_ends(double x, double result)
{
    const int64_t largest = 0x4086200000000000 /* of 708 */, infinity = 0x7ff0000000000000;
    const int64_t bits = pel_bits_of(x), size = bits & INT64_MAX;
    const int64_t is_beyond = (largest - size) >> 63, is_none = (infinity - size) >> 63, is_negative = bits >> 63;
    const int64_t end = (is_none & bits) | (~is_none & ~is_negative & infinity);
    return pel_from_bits((is_beyond & end) | (~is_beyond & pel_bits_of(result)));
}

static inline double pel_exponential(double x)
{
    const double log2_e = 0x1.71547652b82fep0, ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;
    const double round_to_whole = 0x1.8p52;
    const double shifted = pel_multiply_add(x, log2_e, round_to_whole), n = shifted - round_to_whole;
    const double r = pel_multiply_add(n, -ln2_low, pel_multiply_add(n, -ln2_high, x)), r2 = r * r;
    double even = 1.0 / 6227020800.0, odd = 1.0 / 479001600.0;
    odd = pel_multiply_add(odd, r2, 1.0 / 3628800.0);
    even = pel_multiply_add(even, r2, 1.0 / 39916800.0);
    odd = pel_multiply_add(odd, r2, 1.0 / 40320.0);
    even = pel_multiply_add(even, r2, 1.0 / 362880.0);
    odd = pel_multiply_add(odd, r2, 1.0 / 720.0);
    even = pel_multiply_add(even, r2, 1.0 / 5040.0);
    odd = pel_multiply_add(odd, r2, 1.0 / 24.0);
    even = pel_multiply_add(even, r2, 1.0 / 120.0);
    odd = pel_multiply_add(odd, r2, 0.5);
    even = pel_multiply_add(even, r2, 1.0 / 6.0);
    const double q = pel_multiply_add(even, r, odd), near_one = 1.0 + pel_multiply_add(q, r2, r);
    const double result =
        near_one * pel_from_bits((int64_t)((uint64_t)(pel_bits_of(shifted) + 1023) << 52)); /* low bits: n */
    return pel_exponential_ends(x, result);
}

#endif
