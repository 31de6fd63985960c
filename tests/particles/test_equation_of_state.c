/* The fluid's equation of state at one point, by a short run: within four standard errors of the run itself and what
 * the equation is known to. test_equation_of_state_cold.c and _warm.c have more points, and gates that do not depend on
 * the run. */
#include "particles/fluids.h"

TEST(a_dense_fluid_has_the_energy_and_pressure_of_its_equation_of_state)
{
    /* NIST Standard Reference Simulation Website, Lennard-Jones fluid */
    const state_point point = {.temperature = 0.85, .density = 0.86, .energy = -6.0305, .pressure = 1.2660};
    series energy = {0}, pressure = {0};
    sample_state(&point, 1, 5, 2500, 1000, 10, &energy, &pressure);
    CU_ASSERT(series_error(&energy) < 0.01 && series_error(&pressure) < 0.04);
    CU_ASSERT(fabs(series_mean(&energy) - point.energy) < 4 * series_error(&energy) + 0.003);
    CU_ASSERT(fabs(series_mean(&pressure) - point.pressure) < 4 * series_error(&pressure) + 0.02);
}
