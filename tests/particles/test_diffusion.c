/* Diffusion from displacements and from velocities (a short run; test_dynamics_long.c has a long one). */
#include "particles/fluids.h"

TEST(displacements_and_velocities_give_the_same_diffusion)
{
    const diffusion d = measure_diffusion(1, 4, 1200);
    CU_ASSERT(d.einstein > 0.01);
    /* 8 separate stretches of 3 time units of 256 atoms: each D has a deviation of sqrt(2 / (3 256 8)) = 1.8 % */
    CU_ASSERT(fabs(d.green_kubo / d.einstein - 1) < 4 * sqrt(2) * 0.018);
}
