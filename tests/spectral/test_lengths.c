/* Which lengths are good: those with no large prime factor. */
#include "spectral/lengths.h"

#include "support/test.h"

TEST(products_of_small_primes_are_good)
{
    static const int good[] = {1, 2, 48, 64, 100, 105, 128, 130, 2048, 11 * 64, 13 * 27};
    static const int bad[] = {0, -4, 17, 34, 121, 143, 262, 2 * 1009};
    for (int i = 0; i < 11; i++) CU_ASSERT(pel_length_is_good(good[i]));
    for (int i = 0; i < 8; i++) CU_ASSERT(!pel_length_is_good(bad[i]));
}

TEST(the_next_good_length_of_an_even_one_is_even)
{
    CU_ASSERT_EQUAL(pel_length_next_good(262), 264);
    CU_ASSERT_EQUAL(pel_length_next_good(17), 18);
    CU_ASSERT_EQUAL(pel_length_next_good(34), 36);
    CU_ASSERT_EQUAL(pel_length_next_good(512), 512);
}
