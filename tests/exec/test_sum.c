/*
 * Exact sums, against an oracle of the plainest kind: one long two's-complement number, every value added to it bit
 * position by bit position, rounded by the definition of round-to-nearest-even.
 */
#include "exec/sum.h"

#include <float.h>
#include <math.h>
#include <stdint.h>

#include "base/random.h"
#include "support/test.h"

enum { WORDS = 72, ZERO_BIT = 1074 }; /* bit b of the number counts 2^(b - 1074) */

typedef struct oracle {
    uint32_t word[WORDS];
} oracle;

static void oracle_add_word(oracle *number, int at, uint64_t value)
{
    for (int i = at; value && i < WORDS; i++) {
        value += number->word[i];
        number->word[i] = (uint32_t)value;
        value >>= 32;
    }
}

static void oracle_negate(oracle *number)
{
    for (int i = 0; i < WORDS; i++) number->word[i] = ~number->word[i];
    oracle_add_word(number, 0, 1);
}

static void oracle_add(oracle *number, double value)
{
    int exponent;
    const double fraction = frexp(fabs(value), &exponent);
    int place = exponent - 53 + ZERO_BIT;
    uint64_t mantissa = (uint64_t)ldexp(fraction, 53);
    for (; place < 0; place++) mantissa >>= 1; /* a subnormal: the bits lost are zero */
    oracle summand = {{0}};
    for (int bit = 0; bit < 53; bit++)
        if (mantissa >> bit & 1) summand.word[(place + bit) / 32] |= 1u << (place + bit) % 32;
    if (value < 0) oracle_negate(&summand);
    uint64_t carry = 0;
    for (int i = 0; i < WORDS; i++) {
        carry += (uint64_t)number->word[i] + summand.word[i];
        number->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static int oracle_bit(const oracle *number, int bit)
{
    return bit >= 0 && (number->word[bit / 32] >> bit % 32 & 1);
}

static double oracle_round(oracle number)
{
    const int negative = number.word[WORDS - 1] >> 31;
    if (negative) oracle_negate(&number);
    int top = WORDS * 32 - 1;
    while (top >= 0 && !oracle_bit(&number, top)) top--;
    if (top < 0) return 0;
    const int last = top < 52 ? 0 : top - 52;
    double mantissa = 0;
    for (int bit = top; bit >= last; bit--) mantissa = 2 * mantissa + oracle_bit(&number, bit);
    int below = 0;
    for (int bit = 0; bit < last - 1; bit++) below |= oracle_bit(&number, bit);
    if (oracle_bit(&number, last - 1) && (below || fmod(mantissa, 2) == 1)) mantissa += 1;
    const double size = ldexp(mantissa, last - ZERO_BIT);
    return negative ? -size : size;
}

static double oracle_sum(const double *values, int count)
{
    oracle number = {{0}};
    for (int i = 0; i < count; i++) oracle_add(&number, values[i]);
    return oracle_round(number);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

#define CHECK_SAME_BITS(a, b) CU_ASSERT_EQUAL(bits_of(a), bits_of(b))

static uint64_t draw(uint64_t seed, uint64_t id)
{
    return pel_random_bits((pel_random_key){.seed = seed, .id = id});
}

/* A finite double with random sign and fraction, its exponent field uniform in [lowest, lowest + width). */
static double random_double(uint64_t seed, uint64_t id, unsigned lowest, unsigned width)
{
    const uint64_t bits = draw(seed, id), field = lowest + draw(seed + 1000003, id) % width;
    const uint64_t all = (bits & 0x800fffffffffffffu) | field << 52;
    double value;
    memcpy(&value, &all, sizeof value);
    return value;
}

static double array_sum(const double *values, size_t count)
{
    pel_sum sum = {0};
    pel_sum_add_array(&sum, values, count);
    return pel_sum_round(&sum);
}

static double single_sum(const double *values, size_t count)
{
    pel_sum sum = {0};
    for (size_t i = 0; i < count; i++) pel_sum_add(&sum, values[i]);
    return pel_sum_round(&sum);
}

static void check_against_oracle(const double *values, int count)
{
    const double expected = oracle_sum(values, count);
    CHECK_SAME_BITS(array_sum(values, (size_t)count), expected);
    CHECK_SAME_BITS(single_sum(values, (size_t)count), expected);
}

TEST(random_sums_are_the_nearest_double_over_every_range_of_exponents)
{
    static const unsigned widths[] = {1, 8, 60, 100, 150, 2047};
    double values[1500];
    uint64_t seed = 1;
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        const unsigned width = widths[w], step = width == 2047 ? 1 : (2047 - width) / 9;
        for (unsigned lowest = 0; lowest + width <= 2047; lowest += step) {
            const int count = 1 + (int)(draw(99, seed++) % 1500);
            for (int i = 0; i < count; i++) values[i] = random_double(seed, (uint64_t)i, lowest, width);
            check_against_oracle(values, count);
        }
    }
}

TEST(subnormals_sum_exactly)
{
    double values[700];
    for (int i = 0; i < 700; i++) values[i] = random_double(5, (uint64_t)i, 0, 2);
    check_against_oracle(values, 700);
    const double tiny[] = {DBL_TRUE_MIN, DBL_TRUE_MIN, -DBL_TRUE_MIN};
    CHECK_SAME_BITS(single_sum(tiny, 3), DBL_TRUE_MIN);
    const double edge[] = {DBL_MIN, -DBL_TRUE_MIN};
    CHECK_SAME_BITS(single_sum(edge, 2), nextafter(DBL_MIN, 0));
}

TEST(what_cancellation_leaves_is_exact)
{
    double values[2001];
    for (int i = 0; i < 1000; i++) {
        values[i] = random_double(6, (uint64_t)i, 0, 2047);
        values[2000 - i] = -values[i];
    }
    values[1000] = 0x1.23456789abcdfp-900;
    CHECK_SAME_BITS(array_sum(values, 2001), values[1000]);
    CHECK_SAME_BITS(single_sum(values, 2001), values[1000]);
}

TEST(a_sum_too_large_only_on_the_way_is_finite)
{
    const double values[] = {DBL_MAX, DBL_MAX, DBL_MAX, 1.5, -DBL_MAX, -DBL_MAX, -DBL_MAX};
    CHECK_SAME_BITS(single_sum(values, 7), 1.5);
    CHECK_SAME_BITS(array_sum(values, 7), 1.5);
    double many[1024];
    for (int i = 0; i < 1024; i++) many[i] = i % 2 ? -DBL_MAX : DBL_MAX;
    many[0] = 3;
    CHECK_SAME_BITS(array_sum(many, 1024), -DBL_MAX);
}

TEST(values_just_below_a_power_of_two_fill_every_level_to_its_limit)
{
    double values[1024];
    for (int exponent = -1074; exponent <= 1024; exponent += exponent < 960 ? 37 : 1) {
        for (int i = 0; i < 1024; i++) values[i] = exponent == 1024 ? DBL_MAX : nextafter(ldexp(1, exponent), 0);
        check_against_oracle(values, 1024);
        for (int i = 0; i < 1024; i++) values[i] *= 1 - (i % 5) * 0x1p-52;
        check_against_oracle(values, 1024);
    }
}

/* A block of full-size values of one sign, at every distance below two large ones that cancel: fills each level in
 * turn. */
static void check_below(int distance, int scale)
{
    double values[1024];
    for (int i = 0; i < 1024; i++) values[i] = ldexp(fabs(random_double(77, (uint64_t)i, 1023, 1)), scale);
    values[5] = ldexp(1, scale + distance);
    values[900] = -values[5];
    check_against_oracle(values, 1024);
}

TEST(small_values_beside_large_ones_keep_every_bit)
{
    for (int distance = 0; distance < 180; distance++) {
        check_below(distance, 0);
        check_below(distance, -1000);
        check_below(distance, -1074);
    }
}

TEST(a_block_too_large_on_the_way_is_finite)
{
    double values[2048];
    for (int exponent = 1000; exponent <= 1024; exponent++) {
        for (int i = 0; i < 2048; i++) {
            const double size = exponent == 1024 ? DBL_MAX : nextafter(ldexp(1, exponent), 0);
            values[i] = i < 1024 ? size : -size;
        }
        CHECK_SAME_BITS(array_sum(values, 2048), 0.0);
    }
}

TEST(a_sum_beyond_the_largest_double_is_infinite_from_half_an_ulp_on)
{
    const double half_ulp = 0x1p970;
    CHECK_SAME_BITS(single_sum((double[]){DBL_MAX, half_ulp}, 2), INFINITY);
    CHECK_SAME_BITS(single_sum((double[]){DBL_MAX, nextafter(half_ulp, 0)}, 2), DBL_MAX);
    CHECK_SAME_BITS(single_sum((double[]){-DBL_MAX, -DBL_MAX, -DBL_MAX}, 3), -INFINITY);
    CHECK_SAME_BITS(single_sum((double[]){DBL_MAX, half_ulp, -DBL_TRUE_MIN}, 3), DBL_MAX);
}

TEST(ties_go_to_even_and_the_smallest_bit_breaks_them)
{
    const double half = DBL_EPSILON / 2, odd = 1 + DBL_EPSILON, least = DBL_TRUE_MIN;
    CHECK_SAME_BITS(single_sum((double[]){1, half}, 2), 1.0);
    CHECK_SAME_BITS(single_sum((double[]){odd, half}, 2), 1 + 2 * DBL_EPSILON);
    CHECK_SAME_BITS(single_sum((double[]){1, half, least}, 3), odd);
    CHECK_SAME_BITS(single_sum((double[]){odd, half, -least}, 3), odd);
    CHECK_SAME_BITS(single_sum((double[]){-1, -half}, 2), -1.0);
    CHECK_SAME_BITS(single_sum((double[]){-odd, -half}, 2), -1 - 2 * DBL_EPSILON);
    CHECK_SAME_BITS(single_sum((double[]){-1, -half, -least}, 3), -odd);
    CHECK_SAME_BITS(single_sum((double[]){2 - DBL_EPSILON, half}, 2), 2.0);
}

TEST(an_empty_or_vanishing_sum_is_plus_zero)
{
    CHECK_SAME_BITS(pel_sum_round(&(pel_sum){0}), 0.0);
    CHECK_SAME_BITS(single_sum((double[]){-0.0, -0.0}, 2), 0.0);
    CHECK_SAME_BITS(single_sum((double[]){7, -7}, 2), 0.0);
    double zeros[500];
    for (int i = 0; i < 500; i++) zeros[i] = -0.0;
    CHECK_SAME_BITS(array_sum(zeros, 500), 0.0);
}

TEST(infinities_and_nans_count_as_a_set)
{
    CHECK_SAME_BITS(single_sum((double[]){1, INFINITY, -DBL_MAX}, 3), INFINITY);
    CHECK_SAME_BITS(single_sum((double[]){-INFINITY, DBL_MAX, -INFINITY}, 3), -INFINITY);
    const double nan_bits = single_sum((double[]){-NAN}, 1);
    CU_ASSERT(isnan(nan_bits));
    CHECK_SAME_BITS(single_sum((double[]){INFINITY, -INFINITY}, 2), nan_bits);
    CHECK_SAME_BITS(single_sum((double[]){-INFINITY, 3, INFINITY}, 3), nan_bits);
    CHECK_SAME_BITS(single_sum((double[]){INFINITY, NAN}, 2), nan_bits);
    double many[3000];
    for (int i = 0; i < 3000; i++) many[i] = i;
    many[2047] = -INFINITY;
    CHECK_SAME_BITS(array_sum(many, 3000), -INFINITY);
    pel_sum up = {0}, down = {0};
    pel_sum_add(&up, INFINITY);
    pel_sum_add_array(&down, many, 3000);
    pel_sum_merge(&up, &down);
    CHECK_SAME_BITS(pel_sum_round(&up), nan_bits);
    many[5] = NAN;
    CHECK_SAME_BITS(array_sum(many, 3000), nan_bits);
}

static void shuffle(double *values, int count, uint64_t seed)
{
    for (int i = count - 1; i > 0; i--) {
        const int j = (int)(draw(seed, (uint64_t)i) % (uint64_t)(i + 1));
        const double kept = values[i];
        values[i] = values[j];
        values[j] = kept;
    }
}

/* Sums random pieces into accumulators of their own, in random ways, and merges these. */
static double grouped_sum(const double *values, int count, uint64_t seed)
{
    pel_sum groups[4] = {0};
    for (int at = 0; at < count;) {
        const uint64_t random = draw(seed, (uint64_t)at);
        const int left = count - at, piece = 1 + (int)(random % 700), n = piece < left ? piece : left;
        pel_sum *group = &groups[random >> 20 & 3];
        if (random >> 30 & 1) pel_sum_add_array(group, values + at, (size_t)n);
        else
            for (int i = 0; i < n; i++) pel_sum_add(group, values[at + i]);
        at += n;
    }
    pel_sum_merge(&groups[2], &groups[3]);
    pel_sum_merge(&groups[0], &groups[2]);
    pel_sum_merge(&groups[1], &groups[0]);
    return pel_sum_round(&groups[1]);
}

TEST(any_order_and_any_grouping_give_the_same_bits)
{
    enum { COUNT = 6000 };
    static double values[COUNT];
    for (unsigned width = 40; width <= 2040; width += 400) {
        for (int i = 0; i < COUNT; i++) values[i] = random_double(width, (uint64_t)i, 3, width);
        const double expected = oracle_sum(values, COUNT);
        for (uint64_t seed = 0; seed < 10; seed++) {
            CHECK_SAME_BITS(grouped_sum(values, COUNT, seed), expected);
            shuffle(values, COUNT, seed);
        }
    }
}

TEST(carries_are_passed_up_in_time)
{
    enum { COUNT = (1 << 20) + 3 };
    const double large = 2 - DBL_EPSILON; /* every bit set, exponent field 31 mod 32: digits grow as fast as they can */
    for (int sign = -1; sign <= 1; sign += 2) {
        pel_sum sum = {0};
        for (int i = 0; i < COUNT; i++) pel_sum_add(&sum, sign * large);
        CHECK_SAME_BITS(pel_sum_round(&sum), sign * large * COUNT); /* rounded once here and there */
        for (int i = 0; i < COUNT; i++) pel_sum_add(&sum, -sign * large);
        CHECK_SAME_BITS(pel_sum_round(&sum), 0.0);
    }
}

TEST(merged_digits_leave_room_for_carries)
{
    const double large = 2 - DBL_EPSILON;
    pel_sum full = {0}, sum = {0};
    for (int i = 0; i < 2046; i++) pel_sum_add(&full, large);
    pel_sum_merge(&sum, &full);
    for (int i = 0; i < 2045; i++) pel_sum_add(&sum, large);
    pel_sum_merge(&sum, &full);
    CHECK_SAME_BITS(pel_sum_round(&sum), large * (2 * 2046 + 2045));
}

TEST(merging_doubles_a_sum_and_rounding_leaves_it_alone)
{
    pel_sum sum = {0};
    pel_sum_add(&sum, 0.1);
    for (int i = 0; i < 40; i++) {
        const pel_sum before = sum;
        CHECK_SAME_BITS(pel_sum_round(&sum), ldexp(0.1, i));
        CU_ASSERT_EQUAL(memcmp(&before, &sum, sizeof sum), 0);
        pel_sum_merge(&sum, &before);
    }
    pel_sum_merge(&sum, &sum);
    CHECK_SAME_BITS(pel_sum_round(&sum), ldexp(0.1, 41));
}
