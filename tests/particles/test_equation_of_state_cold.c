/* label: long
 * timeout: 2400
 *
 * The fluid's equation of state, T = 0.85: 2048 atoms, 2e5 steps a point, cutoff 3 with the tail.
 *
 * NIST Standard Reference Simulation Website, Lennard-Jones fluid. */
#include "particles/fluids.h"

TEST(cold_and_dense_as_nist_has_it)
{
    check_state_at_length((state_point){.temperature = 0.85, .density = 0.86, .energy = -6.0305, .pressure = 1.2660});
}

TEST(cold_as_nist_has_it)
{
    check_state_at_length((state_point){.temperature = 0.85, .density = 0.776, .energy = -5.5121, .pressure = NAN});
}
