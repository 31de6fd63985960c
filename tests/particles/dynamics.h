/* Systems that tests of dynamics share: a Lennard-Jones fluid, a gas whose atoms do not see each other, hashes. */
#ifndef PELAGOS_TESTS_PARTICLES_DYNAMICS_H
#define PELAGOS_TESTS_PARTICLES_DYNAMICS_H

#include <math.h>

#include "base/hash.h"
#include "base/random.h"
#include "particles/integrate.h"
#include "particles/lattice.h"
#include "particles/lj.h"
#include "particles/packing.h"
#include "particles/velocities.h"
#include "support/test.h"

static inline pel_team *team_of(int threads)
{
    pel_team *team = NULL;
    CHECK_STATUS(
        pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true, .places = PEL_TEAM_UNPLACED}, &team));
    return team;
}

/* Lennard-Jones of `types` types, all alike; with cutoff 0 no type acts on any. */
static inline pel_potential *lennard_jones(int types, double cutoff, pel_truncation truncation)
{
    const pel_lj coefficients = {1, 1};
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_pairs_create(types, 0x1p15, 0x1p15, &potential));
    for (int a = 0; a < types && cutoff > 0; a++)
        for (int b = 0; b <= a; b++)
            CHECK_STATUS(
                pel_pairs_set(potential, a, b, &pel_lj_kind, &coefficients, sizeof coefficients, cutoff, truncation));
    return potential;
}

/* An fcc crystal of cells^3 cells with velocities of a temperature, in reduced units. */
static inline void fill_crystal(int cells, double density, double temperature, pel_configuration *atoms)
{
    const pel_unit_system *units;
    const pel_lattice lattice = {.kind = PEL_LATTICE_FCC, .density = density, .cells = {cells, cells, cells}};
    CHECK_STATUS(pel_unit_system_find("lj", &units));
    CHECK_STATUS(pel_configuration_types(atoms, 1));
    atoms->mass[0] = 1;
    CHECK_STATUS(pel_lattice_fill(&lattice, atoms));
    CHECK_STATUS(pel_velocities_draw(atoms, temperature, 12, units));
}

/* `count` atoms at random places of a periodic cube, at rest. */
static inline void fill_gas(long count, double length, double mass, pel_configuration *atoms)
{
    const pel_packing packing = {.count = &count, .length = {length, length, length}, .seed = 3};
    CHECK_STATUS(pel_configuration_types(atoms, 1));
    atoms->mass[0] = mass;
    CHECK_STATUS(pel_packing_fill(&packing, atoms));
}

static inline pel_system *system_of(pel_team *team, pel_potential *potential, double skin,
                                    const pel_configuration *atoms)
{
    pel_system *system = NULL;
    const pel_system_spec spec = {
        .team = team, .potential = potential, .skin = skin, .longest = 1.9 * atoms->box.length[0]};
    CHECK_STATUS(pel_system_create(&spec, atoms, &system));
    return system;
}

static inline pel_dynamics *dynamics_of(pel_system *system, pel_dynamics_spec spec)
{
    pel_dynamics *dynamics = NULL;
    CHECK_STATUS(pel_dynamics_create(&spec, system, &dynamics));
    return dynamics;
}

static inline pel_measures measures_of(pel_dynamics *dynamics, long step)
{
    pel_measures measures;
    CHECK_STATUS(pel_dynamics_measure(dynamics, step, &measures));
    return measures;
}

/* Of box, positions, velocities and images in the order of ids. */
static inline uint64_t hash_of(const pel_system *system)
{
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_system_store(system, &atoms));
    const size_t count = (size_t)atoms.count;
    uint64_t hash = pel_hash_bytes(atoms.box.length, sizeof atoms.box.length);
    hash = pel_hash_mix(hash, pel_hash_bytes(atoms.position, count * sizeof *atoms.position));
    hash = pel_hash_mix(hash, pel_hash_bytes(atoms.velocity, count * sizeof *atoms.velocity));
    hash = pel_hash_mix(hash, pel_hash_bytes(atoms.image, count * sizeof *atoms.image));
    pel_configuration_free(&atoms);
    return hash;
}

#endif
