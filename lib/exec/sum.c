/*
 * Exact sums by a superaccumulator: the small one of Neal, "Fast exact summation using small and large
 * superaccumulators", arXiv:1505.05571 (2015).
 *
 * A finite double is m 2^(e - 1075), with 0 <= m < 2^53 and 1 <= e <= 2046. The accumulator is a number of base-2^32
 * digits in signed 64-bit chunks: digit i counts 2^(32 i - 1075). The product m 2^(e mod 32) has at most 84 bits; its
 * low 32 go to chunk e / 32, the others, at most 52, to the next. So a chunk takes 2^11 adds before it could overflow,
 * and carries are passed up only that often. All of this is integer arithmetic, hence exact in any order.
 *
 * Arrays take a short cut that is exact too (after Rump, Ogita & Oishi, "Accurate floating-point summation part I",
 * SIAM J. Sci. Comput. 31, 2008). With |x| <= 2^e and M = 1.5 * 2^(e + k), q = (x + M) - M is x rounded to a
 * multiple of 2^(e + k - 52); x - q is exact, and so is a floating-point sum of 2^(k + 1) such q. What remains of x is
 * at most 2^(e + k - 53), and the next level extracts from it. If two levels, or else three, leave nothing of any value
 * in a block, the sums of the q, one a level, stand for the block; else its values are added one by one.
 */
#include "exec/sum.h"

#include <math.h>
#include <string.h>

enum {
    DIGIT_BITS = 32,
    UNIT = 1075,              /* bit b of the accumulator counts 2^(b - UNIT) */
    MOST_PENDING = 2046,      /* a digit plus so many times 2^52 stays below 2^63 */
    TOP = PEL_SUM_CHUNKS - 1, /* carries the sign */
    BLOCK = 1024,             /* values extracted together: 8 KiB, which stay in the first cache */
    LANES = 16,               /* sums a level on the way, so that vectors are full and additions overlap */
    LEAST = 2 * LANES,        /* values: below, the short cut is none */
    LEVELS = 3,
    LINE = 8,    /* doubles of a cache line */
    HEADROOM = 9 /* k above: a block has 2^(k + 1) values */
};

enum { PLUS_INFINITY = 1, MINUS_INFINITY = 2, NOT_A_NUMBER = 4 };

static const double extracted = 0x1p-44; /* 2^(HEADROOM - 53): what a level leaves of the largest value */
static const uint64_t low_digit = 0xffffffffu, fraction_bits = ((uint64_t)1 << 52) - 1;

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* Brings all digits but the top one into [0, 2^32). */
static void pass_carries(pel_sum *sum)
{
    for (int i = 0; i < TOP; i++) {
        sum->chunk[i + 1] += sum->chunk[i] >> DIGIT_BITS; /* an arithmetic shift: rounds down */
        sum->chunk[i] &= (int64_t)low_digit;
    }
    sum->pending = 0;
}

static void add_special(pel_sum *sum, double value)
{
    if (isnan(value)) sum->special |= NOT_A_NUMBER;
    else sum->special |= value > 0 ? PLUS_INFINITY : MINUS_INFINITY;
}

/* Adds without counting: the caller sees to it that carries are passed up in time. */
static inline void add_uncounted(pel_sum *sum, double value)
{
    const uint64_t bits = bits_of(value);
    const unsigned field = (unsigned)(bits >> 52) & 0x7ff;
    if (__builtin_expect(field == 0x7ff, 0)) {
        add_special(sum, value);
        return;
    }
    const unsigned normal = field != 0, exponent = field + !normal, shift = exponent % DIGIT_BITS;
    const uint64_t mantissa = (bits & fraction_bits) | (uint64_t)normal << 52;
    const int64_t sign = (int64_t)bits >> 63; /* 0 or -1; (d ^ sign) - sign is d or -d */
    const int64_t low = (int64_t)(mantissa << shift & low_digit), high = (int64_t)(mantissa >> (DIGIT_BITS - shift));
    int64_t *chunk = &sum->chunk[exponent / DIGIT_BITS];
    chunk[0] += (low ^ sign) - sign;
    chunk[1] += (high ^ sign) - sign;
}

void pel_sum_add(pel_sum *sum, double value)
{
    if (sum->pending >= MOST_PENDING) pass_carries(sum);
    sum->pending++;
    add_uncounted(sum, value);
}

static void add_one_by_one(pel_sum *sum, const double *values, size_t count)
{
    while (count > 0) {
        if (sum->pending >= MOST_PENDING) pass_carries(sum);
        const size_t room = (size_t)(MOST_PENDING - sum->pending), n = count < room ? count : room;
        for (size_t i = 0; i < n; i++) add_uncounted(sum, values[i]);
        sum->pending += (int32_t)n;
        values += n;
        count -= n;
    }
}

/* The largest exponent field among the values, by their bits, so that infinities and NaNs count as the largest. */
static int largest_exponent(const double *values, size_t count)
{
    int64_t largest[LANES] = {0};
    for (size_t i = 0; i < count; i += LANES) {
        for (size_t lane = 0; lane < LANES; lane++) {
            const int64_t size = (int64_t)(bits_of(values[i + lane]) & INT64_MAX);
            largest[lane] = size > largest[lane] ? size : largest[lane];
        }
    }
    int64_t result = 0;
    for (int lane = 0; lane < LANES; lane++) result = largest[lane] > result ? largest[lane] : result;
    return (int)(result >> 52);
}

/* M of each level for values of at most 2^exponent. Where M is below the normal range, q is x itself: all is exact. */
static void choose_extractors(int exponent, double extractor[LEVELS])
{
    extractor[0] = ldexp(1.5, exponent + HEADROOM);
    for (int level = 1; level < LEVELS; level++) extractor[level] = extractor[level - 1] * extracted;
}

/* The sum of a level's lanes, exact like each of them. */
static double add_lanes(double lanes[LANES])
{
    for (int half = LANES / 2; half > 0; half /= 2)
        for (int lane = 0; lane < half; lane++) lanes[lane] += lanes[lane + half];
    return lanes[0];
}

/* Sums the values into a double a level, all exactly; false if something of a value remained. Called with a constant
 * number of levels, two or three, so that each has a loop of its own. */
static inline int extract(const double *values, uintptr_t ahead, size_t count, int levels,
                          const double extractor[LEVELS], double sums[LEVELS])
{
    const double m0 = extractor[0], m1 = extractor[1], m2 = extractor[2];
    uint64_t rest[LANES] = {0};
    double s0[LANES] = {0}, s1[LANES] = {0}, s2[LANES] = {0};
    for (size_t i = 0; i < count; i += LANES) {
        for (size_t line = 0; line < LANES; line += LINE)
            __builtin_prefetch((const void *)(ahead + (i + line) * sizeof *values), 0, 2);
        for (size_t lane = 0; lane < LANES; lane++) {
            const double x0 = values[i + lane];
            const double q0 = (x0 + m0) - m0, x1 = x0 - q0;
            const double q1 = (x1 + m1) - m1, x2 = x1 - q1;
            const double q2 = levels > 2 ? (x2 + m2) - m2 : 0, x3 = levels > 2 ? x2 - q2 : x2;
            s0[lane] += q0, s1[lane] += q1, s2[lane] += q2;
            rest[lane] |= bits_of(x3);
        }
    }
    uint64_t any = 0;
    for (int lane = 0; lane < LANES; lane++) any |= rest[lane];
    sums[0] = add_lanes(s0), sums[1] = add_lanes(s1), sums[2] = add_lanes(s2);
    return any << 1 == 0; /* but for the sign of a zero */
}

/* Adds a multiple of LANES values, BLOCK at most. */
static void add_block(pel_sum *sum, const double *values, uintptr_t ahead, size_t count)
{
    const int field = largest_exponent(values, count);
    if (field + HEADROOM + 1 < 0x7ff - 1) { /* else M or a sum could overflow, or a value is not finite */
        double extractor[LEVELS], sums[LEVELS];
        choose_extractors(field - 1022, extractor);
        if (extract(values, ahead, count, 2, extractor, sums) ||
            extract(values, ahead, count, LEVELS, extractor, sums)) {
            add_one_by_one(sum, sums, LEVELS);
            return;
        }
    }
    add_one_by_one(sum, values, count);
}

void pel_sum_add_array_ahead(pel_sum *sum, const double *values, size_t count, const void *ahead)
{
    uintptr_t next = (uintptr_t)ahead;
    while (count >= LEAST) {
        const size_t n = count < BLOCK ? count / LANES * LANES : BLOCK;
        add_block(sum, values, next, n);
        values += n;
        next += n * sizeof *values;
        count -= n;
    }
    add_one_by_one(sum, values, count);
}

void pel_sum_add_array(pel_sum *sum, const double *values, size_t count)
{
    pel_sum_add_array_ahead(sum, values, count, values);
}

void pel_sum_merge(pel_sum *into, const pel_sum *from)
{
    pel_sum other = *from;
    pass_carries(&other);
    pass_carries(into);
    for (int i = 0; i < PEL_SUM_CHUNKS; i++) into->chunk[i] += other.chunk[i];
    into->special |= other.special;
    into->pending = 1; /* digits grew by less than one add can */
}

static double round_special(uint32_t special)
{
    if (special == PLUS_INFINITY) return INFINITY;
    if (special == MINUS_INFINITY) return -INFINITY;
    return NAN;
}

/* Makes the sum its magnitude, in digits; returns its sign. */
static double take_sign(pel_sum *sum)
{
    pass_carries(sum);
    if (sum->chunk[TOP] >= 0) return 1;
    for (int i = 0; i < PEL_SUM_CHUNKS; i++) sum->chunk[i] = -sum->chunk[i];
    pass_carries(sum);
    return -1;
}

/* Position of the highest bit set, or -1. */
static int highest_bit(const pel_sum *sum)
{
    for (int i = TOP; i >= 0; i--)
        if (sum->chunk[i]) return DIGIT_BITS * i + 63 - __builtin_clzll((uint64_t)sum->chunk[i]);
    return -1;
}

static uint64_t bit_at(const pel_sum *sum, int bit)
{
    const int i = bit / DIGIT_BITS < TOP ? bit / DIGIT_BITS : TOP;
    return (uint64_t)sum->chunk[i] >> (bit - DIGIT_BITS * i) & 1;
}

static int any_below(const pel_sum *sum, int bit)
{
    const int digit = bit / DIGIT_BITS < TOP ? bit / DIGIT_BITS : TOP;
    for (int i = 0; i < digit; i++)
        if (sum->chunk[i]) return 1;
    return ((uint64_t)sum->chunk[digit] & (((uint64_t)1 << (bit - DIGIT_BITS * digit)) - 1)) != 0;
}

double pel_sum_round(const pel_sum *sum)
{
    if (sum->special) return round_special(sum->special);
    pel_sum digits = *sum;
    const double sign = take_sign(&digits);
    const int top = highest_bit(&digits);
    if (top < 0) return 0;
    const int last = top > 53 ? top - 52 : 1; /* bit 0 is never set: the smallest double is bit 1 */
    uint64_t mantissa = 0;
    for (int bit = top; bit >= last; bit--) mantissa = mantissa << 1 | bit_at(&digits, bit);
    if (bit_at(&digits, last - 1) && (mantissa & 1 || any_below(&digits, last - 1))) mantissa++;
    return sign * ldexp((double)mantissa, last - UNIT);
}
