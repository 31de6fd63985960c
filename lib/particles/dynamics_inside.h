/**
 * @file
 * Inside dynamics. For lib/particles/{dynamics,integrate,measure}.c only.
 */
#ifndef PELAGOS_PARTICLES_DYNAMICS_INSIDE_H
#define PELAGOS_PARTICLES_DYNAMICS_INSIDE_H

#include "particles/integrate.h"
#include "particles/sweep_inside.h"

enum { PEL_DYNAMICS_SCALARS = 2 * PEL_NOSE_HOOVER_MOST + 6, PEL_DYNAMICS_NAME = 40 };

struct pel_dynamics {
    pel_dynamics_spec spec;
    pel_motion *motion; /**< [types] */
    bool *is_driven;    /**< [types] */
    bool has_driven;    /**< whether any type is */
    pel_system *system;
    pel_sweep sweep;
    uint64_t thermostat_seed, barostat_seed;

    /* the state beside that of the atoms */
    pel_nose_hoover chain;
    double thermostat_heat, barostat_heat; /**< energy given so far */
    double deformation_start[4];           /**< the box lengths at the start; and the step, from 1: 0 is unset */

    long *atoms_of;  /**< [types]: how many there are */
    long free_atoms; /**< not driven */
    bool has_forces, has_energy;
    int64_t complete; /**< steps of the latest run */
    int scalars;
    pel_dynamics_scalar scalar[PEL_DYNAMICS_SCALARS];
    char name[PEL_DYNAMICS_SCALARS][PEL_DYNAMICS_NAME];
};

/* ---- integrate.c ---- */
/** The forces, where they are not known yet. */
pel_status pel_dynamics_begin(pel_dynamics *dynamics, int64_t first, bool with_energy);
/** Whether the box is deformed. */
bool pel_deforms(const pel_deformation *deformation);
/* ---- measure.c ---- */
/** Counts the atoms of each type. */
void pel_dynamics_count(pel_dynamics *dynamics);
/** k T of the thermostat in step `step`. */
double pel_dynamics_kt(const pel_dynamics *dynamics, int64_t step);
/** The kinetic energy of atoms that are not driven; an exact sum. */
double pel_dynamics_kinetic(pel_dynamics *dynamics);
double pel_dynamics_volume(const pel_dynamics *dynamics);
/** The pressure of the present state, whose energies are known. */
double pel_dynamics_pressure(pel_dynamics *dynamics);

#endif
