/**
 * @file
 * A system of particles: atoms in a box, their neighbour lists, their potential, and the forces.
 *
 * The steps of any dynamics are made of: pel_system_each() over tiles of atoms (kicks, drifts), pel_system_moved()
 * after positions have changed, pel_system_forces(). Results are the same bits for any number of threads, skin, and
 * order of storage: positions and forces are multiples of grains, sums over atoms are exact.
 */
#ifndef PELAGOS_PARTICLES_SYSTEM_H
#define PELAGOS_PARTICLES_SYSTEM_H

#include "exec/team.h"
#include "particles/potential.h"

typedef struct pel_system pel_system;

/** How a system is made; zero means the default. */
typedef struct pel_system_spec {
    pel_team *team;
    pel_potential *potential; /**< the system owns it from now on, also where this fails */
    double skin;              /**< lists reach to cutoff + skin; any value >= 0 */
    int sort_every;           /**< storage is sorted every so many builds of the lists; 0: 10; -1: never */
    bool is_fast;             /**< give up the same bits for speed */
    double boltzmann;         /**< k in the units of the run; 0: 1 */
    double kinetic_unit;      /**< energy of mass * velocity^2 in the run's unit of energy; 0: 1 (metal, real: else) */
    double longest; /**< the longest that a box length will become; 0: the present one, where open 4 times that */
} pel_system_spec;

/** Energies, pressures' parts, of the latest pel_system_forces() that asked for them. */
typedef struct pel_system_energy {
    double potential;
    double virial[6]; /**< sum over pairs of r_a f_b: xx, yy, zz, xy, xz, yz; the pressure is (2 K + virial) / V */
    long pairs;       /**< unordered pairs within the cutoff */
} pel_system_energy;

/** How the work went, for reports and benchmarks. */
typedef struct pel_system_cost {
    long builds;       /**< of the lists */
    double list_pairs; /**< entries of the present lists */
    double force_seconds, list_seconds, other_seconds;
    double imbalance; /**< of force computations: busiest thread over the mean; the mean of all of them */
    long forces;      /**< computations of them */
    double looked_at; /**< entries of lists, summed over these */
    double pairs;     /**< of them within the cutoff: as many as when energies were last asked for */
} pel_system_cost;

/**
 * Makes a system from a configuration, which it copies. Positions are rounded to the grain of the box.
 * @return PEL_OK; PEL_ERR_ARGUMENT for a box smaller than twice cutoff + skin in a periodic dimension, a type that the
 *         potential does not know, a mass that is not > 0; PEL_ERR_MEMORY
 */
pel_status pel_system_create(const pel_system_spec *spec, const pel_configuration *from, pel_system **system);
void pel_system_destroy(pel_system *system);
/** Takes over the state of a configuration with the same ids, or others: all arrays are made anew. */
pel_status pel_system_load(pel_system *system, const pel_configuration *from);
/** The state as a configuration: in order of ids, wrapped into the box. `to` is filled anew. */
pel_status pel_system_store(const pel_system *system, pel_configuration *to);

/* ---- looking ---- */

pel_atoms *pel_system_atoms(pel_system *system);
const pel_simulation_box *pel_system_box(const pel_system *system);
pel_team *pel_system_team(const pel_system *system);
/** The grain that positions are multiples of. */
pel_grain pel_system_position_grain(const pel_system *system);
int pel_system_types(const pel_system *system);
double pel_system_mass(const pel_system *system, int type);
const pel_potential *pel_system_potential(const pel_system *system);
double pel_system_boltzmann(const pel_system *system);
double pel_system_kinetic_unit(const pel_system *system);
const pel_system_energy *pel_system_energy_of(const pel_system *system);
pel_system_cost pel_system_cost_of(const pel_system *system);

/** Puts the atom that is worst off in front of the sentence of a failure: one with something that is not finite, else
 * that with the largest force; with its place, velocity, force and nearest neighbour. @return `status` */
pel_status pel_system_blame_worst(const pel_system *system, pel_status status);

/* ---- computing ---- */

/** Work on rows [lo, hi) of the atoms proper, by one thread. */
typedef void pel_system_work(pel_system *system, long lo, long hi, int thread, void *data);
/** Runs the work on all atoms proper, tile by tile, by the team. */
void pel_system_each(pel_system *system, pel_system_work *work, void *data);
/** Exact sums over atoms: `values` gives `columns` (at most 12) values of each row of [lo, hi), to be stored at
 * value[column * stride + row - lo]. */
typedef void pel_system_values(const pel_system *system, long lo, long hi, long stride, double *value,
                               const void *data);
void pel_system_sum(pel_system *system, int columns, pel_system_values *values, const void *data, double *sums);

/**
 * To be called after positions have changed (each still a multiple of the grain): builds the lists anew where an atom
 * has moved too far, else brings the images up to date.
 * @return PEL_OK; PEL_ERR_NUMERICS naming an atom that is lost (not finite, or far outside) or an atom with too many
 *         neighbours; PEL_ERR_MEMORY
 */
pel_status pel_system_moved(pel_system *system);
/** The same where positions or the box have changed in any way: builds the lists. */
pel_status pel_system_rebuild(pel_system *system);
/**
 * Computes the forces at the present positions, and with `with_energy` also pel_system_energy_of().
 * @return PEL_OK; PEL_ERR_NUMERICS naming atoms that overlap: id, position, force, nearest neighbour
 */
pel_status pel_system_forces(pel_system *system, bool with_energy);
/**
 * Scales box and positions about the box's low corner, each rounded to the grain; velocities stay. Then as
 * pel_system_moved(). @return as that; PEL_ERR_NUMERICS if the box gets smaller than the cutoff allows
 */
pel_status pel_system_scale(pel_system *system, const double factor[3]);

#endif
