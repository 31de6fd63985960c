/* Inverses: as near as can be, and the same wherever a number stands. */
#include "particles/inverses.h"

#include <math.h>

#include "base/random.h"
#include "support/test.h"

enum { COUNT = 64, TURNS = 5000 };

static void draw(uint64_t turn, double value[COUNT])
{
    for (int k = 0; k < COUNT; k++) {
        const double u = pel_random_uniform((pel_random_key){7, turn, (uint64_t)k, 0});
        value[k] = exp2(floor(40 * u) - 20) * (1 + pel_random_uniform((pel_random_key){8, turn, (uint64_t)k, 0}));
    }
}

TEST(inverses_err_by_a_unit_in_the_last_place_at_most)
{
    static _Alignas(64) double value[COUNT], inverse[COUNT];
    for (uint64_t turn = 0; turn < TURNS; turn++) {
        draw(turn, value);
        value[3] = 2 - 0x1p-52; /* where Newton's step is weakest */
        value[9] = 1 + 0x1p-52;
        value[17] = 1;
        pel_inverses(COUNT, value, inverse);
        CU_ASSERT_EQUAL(inverse[17], 1);
        for (int k = 0; k < COUNT; k++) CU_ASSERT(fabs(inverse[k] * value[k] - 1) <= 0x1.8p-52);
    }
}

TEST(a_number_has_one_inverse_wherever_it_stands)
{
    static _Alignas(64) double value[COUNT], inverse[COUNT], turned[COUNT], other[COUNT];
    for (uint64_t turn = 0; turn < TURNS; turn++) {
        draw(turn, value);
        for (int k = 0; k < COUNT; k++) turned[k] = value[(k + 13) % COUNT];
        pel_inverses(COUNT, value, inverse);
        pel_inverses(COUNT, turned, other);
        for (int k = 0; k < COUNT; k++) CU_ASSERT_EQUAL(other[k], inverse[(k + 13) % COUNT]);
    }
}
