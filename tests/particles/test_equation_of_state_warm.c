/* label: long
 * timeout: 2400
 *
 * The fluid's equation of state, T = 0.9 and 2: 2048 atoms, 2e5 steps a point, cutoff 3 with the tail.
 *
 * NIST Standard Reference Simulation Website, Lennard-Jones fluid. T = 2: Kolafa & Nezbeda, Fluid Phase
 * Equilib. 100 (1994) 1. */
#include "particles/fluids.h"

TEST(a_little_warmer_as_nist_has_it)
{
    check_state_at_length((state_point){.temperature = 0.9, .density = 0.776, .energy = -5.4689, .pressure = 0.2406});
}

TEST(hot_as_kolafa_and_nezbeda_have_it)
{
    check_state_at_length((state_point){.temperature = 2, .density = 0.5, .energy = -3.1501, .pressure = 1.0739});
}
