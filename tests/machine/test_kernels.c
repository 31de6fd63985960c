/* The measuring kernels compute what they say, and only on their range. */
#include "machine/kernels.h"

#include "support/test.h"

enum { COUNT = 37 };

TEST(the_triad_adds_a_multiple_on_its_range)
{
    double a[COUNT], b[COUNT], c[COUNT];
    for (int i = 0; i < COUNT; i++) a[i] = -1, b[i] = i, c[i] = 100 * i;
    pel_triad(a, b, c, 3, 5, 31);
    for (int i = 0; i < COUNT; i++) CU_ASSERT_EQUAL(a[i], i >= 5 && i < 31 ? 301.0 * i : -1);
}

TEST(the_copy_copies_its_range)
{
    double a[COUNT], b[COUNT];
    for (int i = 0; i < COUNT; i++) a[i] = -1, b[i] = i;
    pel_copy(a, b, 5, 31);
    for (int i = 0; i < COUNT; i++) CU_ASSERT_EQUAL(a[i], i >= 5 && i < 31 ? i : -1);
    pel_copy(a, b, 9, 9);
    CU_ASSERT_EQUAL(a[0], -1);
}

TEST(the_peak_loop_counts_two_operations_a_multiply_add_and_reaches_its_fixed_point)
{
    double once, often;
    const double flops = pel_fma_loop(1, &once);
    CU_ASSERT(flops >= 2 * 8);
    CU_ASSERT_EQUAL(pel_fma_loop(1000, &often), 1000 * flops);
    CU_ASSERT_DOUBLE_EQUAL(once, 0.75, 0.01); /* values spread over [0, 1) go half way to 1 */
    CU_ASSERT_EQUAL(often, 1);
}
