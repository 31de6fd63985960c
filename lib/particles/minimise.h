/**
 * @file
 * Minimisation: atoms to where their energy is least, and boxes to where their pressure is as wanted.
 */
#ifndef PELAGOS_PARTICLES_MINIMISE_H
#define PELAGOS_PARTICLES_MINIMISE_H

#include "particles/external.h"
#include "particles/system.h"

typedef enum pel_minimiser {
    PEL_MINIMISER_FIRE,               /**< fast inertial relaxation engine, version 2: robust */
    PEL_MINIMISER_CONJUGATE_GRADIENTS /**< Polak-Ribiere, with a secant search: faster near a minimum */
} pel_minimiser;

/** How to minimise; it ends with whatever of the limits comes first. */
typedef struct pel_minimisation {
    pel_minimiser method;
    double force_tolerance;  /**< of the largest force on an atom; 0: not looked at */
    double energy_tolerance; /**< of the change of energy in an iteration, over the energy; 0: not looked at */
    long most_iterations;    /**< > 0 */
    double dt;               /**< FIRE's first time step, about that of dynamics at moderate temperature */
    double most_move;        /**< no atom moves farther in an iteration, unit of length; 0: a tenth of the cutoff */
    const bool *is_held;     /**< [types] atoms that stay where they are; NULL: none */
    const pel_external *external; /**< what else acts; NULL: nothing. The energies reported are without it */
} pel_minimisation;

/** How it went. */
typedef struct pel_minimised {
    long iterations, evaluations; /**< the latter: of forces */
    double potential;             /**< energy */
    double most_force;            /**< on an atom that is not held */
    bool is_converged;            /**< by force or energy; else the iterations were used up */
} pel_minimised;

/**
 * Moves the atoms to a minimum of the energy. Velocities are used on the way and are 0 afterwards.
 * @return PEL_OK, also if it has not converged; PEL_ERR_ARGUMENT; PEL_ERR_MEMORY; PEL_ERR_NUMERICS as of
 *         pel_system_forces(), at the start above all: then pel_push_apart() helps
 */
pel_status pel_minimise(pel_system *system, const pel_minimisation *how, pel_minimised *result);

/**
 * Scales box and atoms, alike in all dimensions, until the pressure of the minimised atoms is as wanted.
 *
 * @param pressure   wanted: of the virial alone, energy / length^3
 * @param tolerance  of the pressure
 * @return as pel_minimise(); PEL_ERR_NUMERICS if the pressure is not reached in 60 scalings
 */
pel_status pel_minimise_box(pel_system *system, const pel_minimisation *how, double pressure, double tolerance,
                            pel_minimised *result);

/**
 * Pushes atoms apart that are too near each other for the potential, with a soft one in its place.
 *
 * @param distance  that no pair shall be nearer than; 0: the least_distance of the system's potential
 * @param is_held   [types] atoms that stay where they are; NULL: none
 * @param steps     receives how many it took; 0 if no pair was too near: then nothing has changed
 * @return PEL_OK; PEL_ERR_NUMERICS if `most` steps do not suffice: there is no room; PEL_ERR_MEMORY
 */
pel_status pel_push_apart(pel_system *system, double distance, const bool *is_held, long most, long *steps);

#endif
