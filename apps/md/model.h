/**
 * @file
 * Molecular dynamics: what the files of the app share.
 *
 * Atoms move by Newton's law, m a = F, under forces of finite range and, where a deck asks for it, of a thermostat, a
 * barostat, walls, or a box that is deformed (particles/integrate.h). lib/particles does all of that; the app turns a
 * deck into a potential (potential.c), a configuration (atoms.c) and a dynamics (dynamics.c), keeps the state in tables
 * for checkpoints (state.c), and says what goes to series.nc (measures.c).
 *
 * The state is that of the atoms (id, type, position, velocity, image), the box, the masses, and the numbers that
 * thermostat and barostat keep. Forces and neighbour lists are no state: they are found again.
 */
#ifndef PELAGOS_APPS_MD_MODEL_H
#define PELAGOS_APPS_MD_MODEL_H

#include "particles/h5md.h"
#include "particles/integrate.h"
#include "particles/unit_system.h"
#include "sim/app.h"

enum { MD_MOST_TYPES = 32, MD_OBSERVABLES = 6 };

/** Box, as scalars of the state. */
typedef struct md_box {
    double lo[3], length[3];
    double longest; /**< that a box length may become; it sets the grain of positions, so it stays as it began */
} md_box;

typedef struct md_rdf md_rdf;
typedef struct md_msd md_msd;
typedef struct md_profile md_profile;

typedef struct md_model {
    pel_component *component;
    const pel_params *params; /**< borrowed; they outlive the model */
    const pel_unit_system *units;

    pel_system *system;
    pel_dynamics *dynamics;
    double mass;                  /**< of all atoms */
    long count;                   /**< atoms */
    double number[MD_MOST_TYPES]; /**< atoms of each type */

    pel_table *atoms, *types, *numbers; /**< the state; see state.c */
    md_box box;
    pel_configuration stored; /**< the latest state that was stored */
    long looked_at;           /**< the step at which md_state_look() last did, plus 1 */

    pel_h5md *trajectory;                            /**< open while the run goes on; NULL */
    pel_h5md_observable observables[MD_OBSERVABLES]; /**< of a frame */
    double observed[MD_OBSERVABLES];
    pel_measures measures; /**< of the present state */
    md_rdf *rdf;           /**< what is gathered (observables.h); NULL where the deck does not ask for it */
    md_msd *msd;
    md_profile *profile;
} md_model;

#endif
