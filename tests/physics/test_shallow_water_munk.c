/* Shallow water: the linear Munk gyre on a grid of 20 km, against the exact solution (munk.h). */
#include "munk.h"

TEST(the_munk_gyre_has_its_transport_and_its_boundary_current)
{
    const gyre found = spin_up("munk", 60, "time.end=1800 days");
    for (int i = 0; i < 4; i++) CU_ASSERT_DOUBLE_EQUAL(found.transport[i], munk_transport[i], 0.03 * munk_transport[i]);
    CU_ASSERT_DOUBLE_EQUAL(found.most_at, 117.90, 20);
    CU_ASSERT_DOUBLE_EQUAL(found.v, 0.0916042, 0.06 * 0.0916042);
    CU_ASSERT_DOUBLE_EQUAL(found.v_at, 40.37, 20);
}
