/**
 * @file
 * Cases of particles: whole time steps of a warm or melting crystal, reproducible and not, in turns; and the building
 * of neighbour lists alone. Which there are: materials.c.
 */
#ifndef PELAGOS_APPS_BENCH_ATOMS_H
#define PELAGOS_APPS_BENCH_ATOMS_H

#include "bench/measure.h"
#include "particles/lattice.h"
#include "particles/system.h"

/** What the atoms are, and how they move. */
typedef struct bench_material {
    const char *units; /**< the system of units of what follows */
    pel_lattice_kind lattice;
    double constant, density; /**< of the lattice; one of them is 0 */
    double mass, temperature, dt, skin;
    int cells; /**< of the lattice a side, without --size */
    int flops; /**< of a pair within the cutoff, once; 0: not counted */
    pel_status (*potential)(pel_potential **potential);
} bench_material;

/** A case. */
typedef struct bench_atoms_case {
    const char *name, *summary;
    const bench_material *material;
    long steps;        /**< a turn, without --steps */
    bool builds_lists; /**< a step is to build the lists, and nothing else */
} bench_atoms_case;

enum { BENCH_ATOMS_CONTENDERS = 2 };

/** How one contender did. */
typedef struct bench_atoms_figures {
    const char *name;
    bench_spread rate; /**< atom-steps a second */
    double pairs;      /**< pairs within the cutoff a second, each counted once, by the median */
    double list_share; /**< of the time that building lists took */
    double imbalance;  /**< of the forces: busiest thread over the mean */
    double energy[2];  /**< an atom, at the start and at the end */
} bench_atoms_figures;

/** What came out of one case on one team. */
typedef struct bench_atoms_result {
    const bench_atoms_case *which;
    int cells, threads, repetitions;
    long atoms, steps;
    double pairs_an_atom, list_pairs_an_atom; /**< within the cutoff; in the lists, each pair twice */
    bench_limits limits;
    bench_atoms_figures figures[BENCH_ATOMS_CONTENDERS];
    int count;
    bench_ratio cost_of_reproducible; /**< time of reproducible steps over the others */
} bench_atoms_result;

extern const bench_atoms_case *const bench_atoms_cases[];
extern const int bench_atoms_case_count;
/** The case of that name, or NULL. */
const bench_atoms_case *bench_atoms_find(const char *name);

/** The same bits after a few steps on `threads` threads as on one, with other skins and storage. @return
 * PEL_ERR_NUMERICS if not */
pel_status bench_atoms_verify(const bench_atoms_case *which, int threads);
/** Verifies a case, then measures it. @return as bench_measure() */
pel_status bench_atoms_measure(const bench_atoms_case *which, const bench_request *request, bench_atoms_result *result);

#endif
