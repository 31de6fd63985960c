/**
 * @file
 * Thermostats: what keeps the temperature. Specifications, and the ones that act through the kinetic energy of all
 * atoms as plain functions of numbers; particles/integrate.h puts them into the time step.
 *
 * Energies and temperatures are in the units of the run, with temperatures here always as k T.
 */
#ifndef PELAGOS_PARTICLES_THERMOSTAT_H
#define PELAGOS_PARTICLES_THERMOSTAT_H

#include <stdint.h>

#include "base/status.h"

typedef enum pel_thermostat_kind {
    PEL_THERMOSTAT_NONE,
    PEL_THERMOSTAT_LANGEVIN,   /**< friction and noise on each atom: dv = - v / time dt + sqrt(2 k T / (m time)) dW */
    PEL_THERMOSTAT_BUSSI,      /**< stochastic velocity rescaling: Bussi, Donadio & Parrinello 2007 */
    PEL_THERMOSTAT_NOSE_HOOVER /**< Nose-Hoover chain: Martyna, Klein & Tuckerman 1992, integrated as in 1996 */
} pel_thermostat_kind;

enum { PEL_NOSE_HOOVER_MOST = 10 };

/** A thermostat. */
typedef struct pel_thermostat {
    pel_thermostat_kind kind;
    double temperature; /**< T, in the run's unit of temperature */
    /** If `ramp_end` > `ramp_begin`: T goes linearly from `temperature` before the first of these steps to
     * `last_temperature` after the other. */
    double last_temperature;
    int64_t ramp_begin, ramp_end;
    double time; /**< relaxation time: 1 / friction; of the kinetic energy; sqrt(Q / k T) of a chain's later links */
    int links;   /**< of a Nose-Hoover chain, at most PEL_NOSE_HOOVER_MOST; 0: 3 */
} pel_thermostat;

/** The state of a Nose-Hoover chain; to be kept in checkpoints. All zero at the start. */
typedef struct pel_nose_hoover {
    double position[PEL_NOSE_HOOVER_MOST]; /**< no unit */
    double velocity[PEL_NOSE_HOOVER_MOST]; /**< 1 / time */
} pel_nose_hoover;

/** @return PEL_OK or PEL_ERR_ARGUMENT */
pel_status pel_thermostat_check(const pel_thermostat *thermostat);
/** The number of links of a Nose-Hoover chain. */
int pel_nose_hoover_links(const pel_thermostat *thermostat);
/** T in step `step`. */
double pel_thermostat_temperature(const pel_thermostat *thermostat, int64_t step);

/**
 * The factor by which velocities are multiplied so that their kinetic energy takes a step of Bussi's dynamics.
 *
 * @param kinetic  the present kinetic energy, > 0
 * @param freedom  how many degrees of freedom share it, >= 1
 * @param decay    exp(-dt / time)
 */
double pel_bussi_factor(double kinetic, double freedom, double kt, double decay, uint64_t seed, uint64_t step);

/** The factor by which a chain multiplies velocities in a time `dt`; the chain advances by as much. */
double pel_nose_hoover_factor(const pel_thermostat *thermostat, pel_nose_hoover *chain, double kinetic, double freedom,
                              double boltzmann, double kt, double dt);
/** The chain's own energy: with that of the atoms it is conserved (at constant T). */
double pel_nose_hoover_energy(const pel_thermostat *thermostat, const pel_nose_hoover *chain, double freedom,
                              double boltzmann, double kt);

#endif
