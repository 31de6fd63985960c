/**
 * @file
 * What acts on single atoms from outside: walls at the sides of the box, and a constant acceleration.
 */
#ifndef PELAGOS_PARTICLES_EXTERNAL_H
#define PELAGOS_PARTICLES_EXTERNAL_H

#include "particles/system.h"

enum { PEL_WALLS_MOST = 6 };

/** How a wall acts on an atom at distance z from it, z > 0 inside. */
typedef enum pel_wall_kind {
    PEL_WALL_LENNARD_JONES, /**< a half space of Lennard-Jones atoms: u = epsilon (2/15 (sigma/z)^9 - (sigma/z)^3) */
    PEL_WALL_HARMONIC,      /**< u = stiffness / 2 (cutoff - z)^2 for z < cutoff: repulsive */
    PEL_WALL_REFLECTING     /**< mirrors: no force, no energy */
} pel_wall_kind;

/** A wall across one open dimension. */
typedef struct pel_wall {
    pel_wall_kind kind;
    int dimension;         /**< 0, 1, 2 */
    bool is_high;          /**< atoms are below it; else above */
    double position;       /**< along its dimension, unit of length */
    double epsilon, sigma; /**< of PEL_WALL_LENNARD_JONES */
    double stiffness;      /**< of PEL_WALL_HARMONIC, energy / length^2 */
    double cutoff;         /**< beyond it no force; the energy is shifted to be 0 there */
} pel_wall;

/** All that acts from outside; all zero is nothing. */
typedef struct pel_external {
    int walls;
    pel_wall wall[PEL_WALLS_MOST];
    double acceleration[3]; /**< of every atom, in units of length / time^2 */
} pel_external;

/** What acts from outside has done; sums over atoms. */
typedef struct pel_external_sums {
    double energy;                      /**< of walls and acceleration: - m g x, x unwrapped */
    double wall_energy[PEL_WALLS_MOST]; /**< of each wall */
    double wall_force[PEL_WALLS_MOST];  /**< on each wall, along its dimension; reflecting walls: 0 */
} pel_external_sums;

/** Whether the walls fit the box. @return PEL_OK or PEL_ERR_ARGUMENT */
pel_status pel_external_check(const pel_external *external, const pel_simulation_box *box);
/** u and the force along +z of a wall on an atom at distance z > 0; beyond the cutoff 0. */
void pel_wall_at(const pel_wall *wall, double z, double *energy, double *force);
/** Whether there is anything that gives forces. */
bool pel_external_acts(const pel_external *external);
/** Whether there are reflecting walls. */
bool pel_external_reflects(const pel_external *external);

/**
 * Adds the forces to those of the atoms, each rounded to the grain of forces; after pel_system_forces().
 * @return PEL_OK; PEL_ERR_NUMERICS naming an atom that is behind a wall or all but touches it
 */
pel_status pel_external_forces(const pel_external *external, pel_system *system);
/** The sums at the present positions; exact. */
void pel_external_sum(const pel_external *external, pel_system *system, pel_external_sums *sums);
/** Brings atoms of rows [lo, hi) that have passed a reflecting wall back, and turns their velocities. */
void pel_external_reflect(const pel_external *external, const pel_atoms *atoms, pel_grain grain, long lo, long hi);

#endif
