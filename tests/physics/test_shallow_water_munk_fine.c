/* Shallow water: the linear Munk gyre converges to the exact solution (munk.h) at second order.
 *
 * label: long
 * timeout: 1800
 */
#include "munk.h"

TEST(halving_the_spacing_quarters_the_error_of_the_munk_gyre)
{
    const gyre coarse = spin_up("munk-20-km", 60, "time.end=5400 days"),
               fine = spin_up("munk-10-km", 120, "time.end=5400 days");
    for (int i = 2; i < 4; i++) {
        const double ratio = (coarse.transport[i] - munk_transport[i]) / (fine.transport[i] - munk_transport[i]);
        if (!(ratio > 3.5 && ratio < 4.6))
            fprintf(stderr, "\n%g Sv, then %g Sv: ratio %g\n", coarse.transport[i], fine.transport[i], ratio);
        CU_ASSERT(ratio > 3.5 && ratio < 4.6);
    }
    CU_ASSERT_DOUBLE_EQUAL(fine.v, 0.0916042, 0.02 * 0.0916042);
    CU_ASSERT_DOUBLE_EQUAL(fine.v_at, 40.37, 10);
}
