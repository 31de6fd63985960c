/**
 * @file
 * Sweeps: the operations that integrators are made of, gathered and then done to all atoms in one pass over memory.
 * For lib/particles only.
 *
 * An integrator says kick, drift, friction, scale; nothing happens until something needs all atoms at once (forces, a
 * sum). Then pel_sweep_run() takes tile after tile of atoms and does all that was gathered while the tile is in cache.
 * What happens to an atom is the same sequence of operations however they were gathered, so that a run may stop after
 * any step: the two half kicks that meet there are never merged into a whole one.
 */
#ifndef PELAGOS_PARTICLES_SWEEP_INSIDE_H
#define PELAGOS_PARTICLES_SWEEP_INSIDE_H

#include "particles/external.h"
#include "particles/system.h"

enum { PEL_SWEEP_MOST = 8 };

typedef struct pel_sweep pel_sweep;

/** An operation on rows [lo, hi). */
typedef struct pel_operation {
    void (*rows)(const pel_sweep *sweep, const struct pel_operation *operation, long lo, long hi);
    double value;       /**< a time, or a factor */
    double temperature; /**< k T, for friction */
    uint64_t seed, step;
} pel_operation;

/** What was gathered. */
struct pel_sweep {
    pel_system *system;
    const pel_external *external; /**< whose reflecting walls bound drifts; NULL: none */
    double *per_mass;             /**< [types]: 1 / (m kinetic_unit); 0: driven, no force moves it */
    const pel_atoms *atoms;       /**< while it runs */
    pel_grain grain;              /**< of positions; while it runs */
    int count;
    pel_operation operation[PEL_SWEEP_MOST];
};

/** An empty sweep. @param is_driven  [types]: atoms that no force moves, or NULL: none */
pel_status pel_sweep_create(pel_system *system, const bool *is_driven, const pel_external *external, pel_sweep *sweep);
void pel_sweep_destroy(pel_sweep *sweep);

/** v += time f / m */
void pel_sweep_kick(pel_sweep *sweep, double time);
/** x += time v, rounded to the grain; then back at reflecting walls */
void pel_sweep_drift(pel_sweep *sweep, double time);
/** v *= factor, but of driven atoms */
void pel_sweep_scale(pel_sweep *sweep, double factor);
/** v = decay v + sqrt((1 - decay^2) k T / m) times a normal number of (seed, id, step), but of driven atoms */
void pel_sweep_friction(pel_sweep *sweep, double decay, double temperature, uint64_t seed, uint64_t step);
/** Does to all atoms what was gathered; then it is empty. */
void pel_sweep_run(pel_sweep *sweep);

#endif
