/**
 * @file
 * Velocities of a temperature, drawn atom by atom from (seed, id).
 */
#ifndef PELAGOS_PARTICLES_VELOCITIES_H
#define PELAGOS_PARTICLES_VELOCITIES_H

#include "particles/configuration.h"
#include "particles/unit_system.h"

/**
 * Draws velocities from the Maxwell-Boltzmann distribution, takes out the motion of the centre of mass, and scales them
 * so that the kinetic energy is (3 N - 3) k T / 2, both to round-off. One atom is left at rest.
 *
 * An atom's draw depends on the seed and its id only; the two corrections are exact sums over all atoms.
 *
 * @param temperature  >= 0, in the unit of `units`
 * @return PEL_OK; PEL_ERR_ARGUMENT for a temperature that is negative, not finite or so high that the kinetic energy is
 * not, or a mass that is not > 0
 */
pel_status pel_velocities_draw(pel_configuration *configuration, double temperature, uint64_t seed,
                               const pel_unit_system *units);
/** Takes out the motion of the centre of mass. */
void pel_velocities_remove_drift(pel_configuration *configuration);
/** The temperature: 2 K / ((3 N - 3) k), with K of the velocities as they are; 0 for less than two atoms. */
double pel_velocities_temperature(const pel_configuration *configuration, const pel_unit_system *units);

#endif
