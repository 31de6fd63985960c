/**
 * @file
 * Systems of units for particles: what the numbers of a run mean, and the constants that depend on it.
 *
 * All of lib/particles computes in the units of the run; three constants are all it needs to know of them. They are the
 * ones that users of these systems know from LAMMPS (its manual, "units" command), so that temperatures and pressures
 * agree with it in all digits that it prints: CODATA 2006 (Mohr, Taylor & Newell, Rev. Mod. Phys. 80 (2008) 633)
 * rounded to eight digits. CODATA 2018 differs by less than 2e-6.
 */
#ifndef PELAGOS_PARTICLES_UNIT_SYSTEM_H
#define PELAGOS_PARTICLES_UNIT_SYSTEM_H

#include "base/status.h"

/** One system of units. Texts are units as UDUNITS and H5MD read them; "1" where quantities are reduced. */
typedef struct pel_unit_system {
    const char *name; /**< "lj", "metal", "real" */
    const char *length, *time, *mass, *energy, *temperature, *velocity, *force, *pressure;
    const char *density;    /**< of mass; in lj of number times mass */
    double boltzmann;       /**< k: energy of one unit of temperature */
    double kinetic_unit;    /**< energy of mass * velocity^2 */
    double pressure_unit;   /**< pressure of energy / length^3: P = pressure_unit * (2 K + W) / (3 V) */
    double density_unit;    /**< density of mass / length^3 */
    double usual_time_step; /**< what suits most models in these units */
    double usual_skin;      /**< of neighbour lists, a length */
} pel_unit_system;

/**
 * The system of that name; it lives for ever.
 * @param system  untouched on failure
 * @return PEL_OK, or PEL_ERR_NAME with the names that there are
 */
pel_status pel_unit_system_find(const char *name, const pel_unit_system **system);
/** The `index`-th system, from 0; NULL behind the last. */
const pel_unit_system *pel_unit_system_at(int index);

#endif
