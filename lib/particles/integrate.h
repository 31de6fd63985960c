/**
 * @file
 * Dynamics: the time step of a system of particles, with thermostats, a barostat, deformation of the box, walls, and
 * types of atoms that are driven.
 *
 * Velocity Verlet (Swope, Andersen, Berens & Wilson 1982): half a kick B, a drift A, forces, half a kick B. A Langevin
 * thermostat O stands in the middle of the drift (BAOAB: Leimkuhler & Matthews, Appl. Math. Res. Express 2013, 34), and
 * so does a Nose-Hoover chain; Bussi's rescaling and the barostat stand at the end of the step.
 *
 * All that a step does is a function of positions, velocities, images, box, the registered scalars and the number of
 * the step. A run may be stopped after any step and resumed: the same bits.
 */
#ifndef PELAGOS_PARTICLES_INTEGRATE_H
#define PELAGOS_PARTICLES_INTEGRATE_H

#include "particles/barostat.h"
#include "particles/external.h"
#include "particles/system.h"
#include "particles/thermostat.h"

/** v += time f / m, of all atoms. @return PEL_OK or PEL_ERR_MEMORY */
pel_status pel_kick(pel_system *system, double time);
/** x += time v, of all atoms; then pel_system_moved(). @return as that */
pel_status pel_drift(pel_system *system, double time);

/** How the atoms of a type move. Driven ones take no part in temperature, thermostats and degrees of freedom. */
typedef struct pel_motion {
    bool is_driven;     /**< at `velocity`, whatever the forces on them; else by the forces */
    double velocity[3]; /**< 0: frozen */
} pel_motion;

/** Deformation of the box at a constant rate, positions with it; all zero is none. */
typedef struct pel_deformation {
    double rate[3];    /**< of strain in each dimension, 1 / time */
    bool is_true_rate; /**< length = start exp(rate t); else the engineering rate: length = start (1 + rate t) */
    int every;         /**< the box changes in steps that lead to a number divisible by it; 0: 1 */
} pel_deformation;

/** What dynamics is made of; all in the units of the run. */
typedef struct pel_dynamics_spec {
    double dt;
    uint64_t seed; /**< of thermostat and barostat */
    pel_thermostat thermostat;
    pel_barostat barostat;
    pel_deformation deformation;
    pel_external external;
    bool has_tail;            /**< energies and pressures with the potential's tail beyond its cutoff */
    const pel_motion *motion; /**< [types]; copied. NULL: the forces move all */
} pel_dynamics_spec;

typedef struct pel_dynamics pel_dynamics;

/** A number that belongs to the state, to be kept in checkpoints. */
typedef struct pel_dynamics_scalar {
    const char *name; /**< "thermostat-heat" ...; lives as long as the dynamics */
    double *value;    /**< to read, and to set before a run is resumed; 0 at the start of a new run */
} pel_dynamics_scalar;

/** What can be measured of the present state. */
typedef struct pel_measures {
    double kinetic, potential, external; /**< energies; kinetic: of atoms that are not driven */
    double conserved;   /**< energy of all with what thermostat and barostat have taken; Langevin: plain energy */
    double temperature; /**< 2 kinetic / (freedom k); 0 without freedom */
    double freedom;     /**< degrees of freedom */
    double volume;
    double pressure;           /**< a third of the trace of: */
    double pressure_tensor[6]; /**< (sum m v_a v_b + virial) / V: xx, yy, zz, xy, xz, yz; energy / length^3 */
    double wall_force[PEL_WALLS_MOST];
} pel_measures;

/**
 * Dynamics of a system, which must outlive it.
 * @return PEL_OK; PEL_ERR_ARGUMENT where the specification makes no sense; PEL_ERR_MEMORY
 */
pel_status pel_dynamics_create(const pel_dynamics_spec *spec, pel_system *system, pel_dynamics **dynamics);
void pel_dynamics_destroy(pel_dynamics *dynamics);

/**
 * Takes `steps` steps, the first of which leads from state number `first` to first + 1. With 0 steps it computes the
 * forces only.
 *
 * @param with_energy  whether pel_dynamics_measure() will be asked for; it is cheaper to say so than to ask unannounced
 * @return PEL_OK, or what pel_system_moved() and pel_system_forces() return, with the step in front; then
 *         pel_dynamics_complete() tells how far it came
 */
pel_status pel_dynamics_run(pel_dynamics *dynamics, int64_t first, int64_t steps, bool with_energy);
/** How many steps of the latest pel_dynamics_run() are complete. */
int64_t pel_dynamics_complete(const pel_dynamics *dynamics);
/** To be called when the state was changed from outside: the forces are computed anew in the next run. */
void pel_dynamics_changed(pel_dynamics *dynamics);
/** Measures state number `step`. @return as pel_system_forces(), which it calls where energies are not known yet */
pel_status pel_dynamics_measure(pel_dynamics *dynamics, int64_t step, pel_measures *measures);

/** The scalars of the state, always the same ones for a specification. @return how many */
int pel_dynamics_scalars(const pel_dynamics *dynamics, const pel_dynamics_scalar **scalars);
/** Degrees of freedom: 3 an atom that is not driven; less one for each direction in which momentum is conserved, that
 * is without a Langevin thermostat, driven atoms, acceleration, and walls across it. */
double pel_dynamics_freedom(const pel_dynamics *dynamics);

#endif
