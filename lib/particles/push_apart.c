/* Atoms too near each other are pushed apart in a system of their own, with a soft potential and masses 1.
 *
 * Its range is a quarter longer than the distance d wanted, sigma = 5/4 d, and its energy is a sum of positive terms of
 * pairs: once it is below u(d), no pair is nearer than d. */
#include <stdlib.h>
#include <string.h>

#include "particles/minimise.h"
#include "particles/soft_inside.h"

enum { STEPS_AT_ONCE = 25 };
static const double range = 1.25; /* sigma over the distance wanted */

static pel_status create_soft_potential(int types, double sigma, pel_potential **potential)
{
    const pel_soft soft = {.epsilon = 1, .sigma = sigma};
    const double most_force = 4096 / sigma; /* 2^11 neighbours, each with at most 1.54 epsilon / sigma */
    PEL_TRY(pel_pairs_create(types, most_force, 4096, potential));
    for (int a = 0; a < types; a++)
        for (int b = 0; b <= a; b++)
            PEL_TRY(pel_pairs_set(*potential, a, b, &pel_soft_kind, &soft, sizeof soft, sigma, PEL_TRUNCATION_CUT));
    return PEL_OK;
}

static pel_status create_soft_system(pel_team *team, pel_configuration *atoms, double sigma, pel_system **system)
{
    pel_system_spec spec = {.team = team, .skin = 0.3 * sigma};
    const pel_status status = create_soft_potential(atoms->types, sigma, &spec.potential);
    if (status != PEL_OK) {
        pel_potential_destroy(spec.potential);
        return status;
    }
    for (int t = 0; t < atoms->types; t++) atoms->mass[t] = 1;
    return pel_system_create(&spec, atoms, system);
}

/* FIRE until no pair is nearer than sigma / range. */
static pel_status push(pel_system *soft, double sigma, const bool *is_held, long most, long *steps)
{
    const double depth = 1 - 1 / (range * range), enough = depth * depth;
    const pel_minimisation how = {.method = PEL_MINIMISER_FIRE,
                                  .most_iterations = STEPS_AT_ONCE,
                                  .dt = 0.05 * sigma,
                                  .most_move = 0.1 * sigma,
                                  .is_held = is_held};
    pel_minimised done;
    PEL_TRY(pel_system_moved(soft));
    PEL_TRY(pel_system_forces(soft, true));
    while (pel_system_energy_of(soft)->potential >= enough) {
        if (*steps >= most)
            return pel_fail(PEL_ERR_NUMERICS,
                            "atoms are still nearer to each other than %g after %ld steps of pushing them apart; there "
                            "are too many for the box",
                            sigma / range, *steps);
        PEL_TRY(pel_minimise(soft, &how, &done));
        *steps += STEPS_AT_ONCE;
    }
    return PEL_OK;
}

/* The positions of `from`, with all else as it was. */
static pel_status take_positions(pel_system *system, const pel_configuration *from)
{
    pel_configuration all = {0};
    pel_status status = pel_system_store(system, &all);
    if (status == PEL_OK) {
        memcpy(all.position, from->position, (size_t)all.count * sizeof *all.position);
        memcpy(all.image, from->image, (size_t)all.count * sizeof *all.image);
        status = pel_system_load(system, &all);
    }
    pel_configuration_free(&all);
    return status;
}

static pel_status push_in_system_of_its_own(pel_system *system, pel_configuration *atoms, double sigma,
                                            const bool *is_held, long most, long *steps)
{
    pel_system *soft = NULL;
    PEL_TRY(create_soft_system(pel_system_team(system), atoms, sigma, &soft));
    pel_status status = push(soft, sigma, is_held, most, steps);
    if (status == PEL_OK && *steps > 0) status = pel_system_store(soft, atoms);
    if (status == PEL_OK && *steps > 0) status = take_positions(system, atoms);
    pel_system_destroy(soft);
    return status;
}

pel_status pel_push_apart(pel_system *system, double distance, const bool *is_held, long most, long *steps)
{
    *steps = 0;
    const double wanted = distance > 0 ? distance : pel_system_potential(system)->least_distance;
    if (!(wanted > 0)) return PEL_OK;
    pel_configuration atoms = {0};
    pel_status status = pel_system_store(system, &atoms);
    if (status == PEL_OK) status = push_in_system_of_its_own(system, &atoms, range * wanted, is_held, most, steps);
    pel_configuration_free(&atoms);
    return status;
}
