/**
 * @file
 * The barostat: isotropic stochastic cell rescaling (Bernetti & Bussi, J. Chem. Phys. 153 (2020) 114107).
 *
 * As plain functions of numbers; particles/integrate.h applies them to box, positions and velocities.
 */
#ifndef PELAGOS_PARTICLES_BAROSTAT_H
#define PELAGOS_PARTICLES_BAROSTAT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/** A barostat; all zero is none. */
typedef struct pel_barostat {
    double pressure;        /**< wanted, energy / length^3 */
    double temperature;     /**< T of the noise; 0: the thermostat's */
    double time;            /**< relaxation time of the volume; 0: no barostat */
    double compressibility; /**< an estimate of the isothermal one, 1 / pressure: sets, with `time`, the speed alone */
    int every;              /**< acts after steps divisible by it; 0: 10 */
} pel_barostat;

/** @return PEL_OK or PEL_ERR_ARGUMENT */
pel_status pel_barostat_check(const pel_barostat *barostat);
/** How many steps lie between its actions. */
int pel_barostat_every(const pel_barostat *barostat);
/** Whether it acts at the end of the step that leads to step number `step`. */
bool pel_barostat_is_due(const pel_barostat *barostat, int64_t step);

/**
 * The volume after a time `dt`.
 *
 * @param pressure  the present pressure, kinetic part and all
 * @param next      receives the volume
 * @return PEL_OK; PEL_ERR_NUMERICS if the volume would change by more than a tenth
 */
pel_status pel_barostat_volume(const pel_barostat *barostat, double volume, double pressure, double kt, double dt,
                               uint64_t seed, uint64_t step, double *next);
/**
 * What such a move adds to the energy and P V of atoms and box without being an error: k T ln (sqrt(V') / sqrt(V)) -
 * k T ln (p / p'), with the probabilities of the move and of the move back. Energy + P V less the sum of all this is
 * conserved but for errors of the finite step.
 */
double pel_barostat_heat(const pel_barostat *barostat, const double volume[2], const double pressure[2], double kt,
                         double dt);

#endif
