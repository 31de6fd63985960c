/* Atoms too near each other are pushed apart in a system of their own, with a soft potential and masses 1.
 *
 * Its range is a quarter longer than the distance wanted, so that atoms still feel it there. Whether any pair is nearer
 * than wanted shows in the energy of a softer system still, whose range is just that distance: it is a sum of positive
 * terms, one for each such pair. */
#include <stdlib.h>
#include <string.h>

#include "particles/minimise.h"
#include "particles/soft_inside.h"

enum { STEPS_AT_ONCE = 25 };
static const double range = 1.25;     /* sigma over the distance wanted */
static const double probe = 1 + 1e-6; /* likewise; so much longer that no pair's energy rounds to 0 */

static pel_status create_soft_potential(int types, double sigma, pel_potential **potential)
{
    const pel_soft soft = {.epsilon = 1, .sigma = sigma};
    const double most_force = 4096 / sigma; /* an atom has at most 2^11 neighbours of at most 1.54 epsilon / sigma */
    PEL_TRY(pel_pairs_create(types, most_force, 4096, potential));
    for (int a = 0; a < types; a++)
        for (int b = 0; b <= a; b++)
            PEL_TRY(pel_pairs_set(*potential, a, b, &pel_soft_kind, &soft, sizeof soft, sigma, PEL_TRUNCATION_CUT));
    return PEL_OK;
}

static pel_status create_soft_system(pel_team *team, const pel_configuration *atoms, double sigma, pel_system **system)
{
    pel_potential *potential = NULL;
    const pel_status status = create_soft_potential(atoms->types, sigma, &potential);
    if (status != PEL_OK) {
        pel_potential_destroy(potential);
        return status;
    }
    const pel_system_spec spec = {.team = team, .potential = potential, .skin = 0.3 * sigma};
    return pel_system_create(&spec, atoms, system);
}

static pel_status look_for_pairs(pel_team *team, const pel_configuration *atoms, double distance, bool *are_near)
{
    pel_system *soft = NULL;
    PEL_TRY(create_soft_system(team, atoms, probe * distance, &soft));
    const pel_status status = pel_system_forces(soft, true);
    if (status == PEL_OK) *are_near = pel_system_energy_of(soft)->potential > 0;
    pel_system_destroy(soft);
    return status;
}

/* Some steps of FIRE. */
static pel_status push(pel_team *team, pel_configuration *atoms, double distance, const bool *is_held)
{
    const pel_minimisation how = {.method = PEL_MINIMISER_FIRE,
                                  .most_iterations = STEPS_AT_ONCE,
                                  .dt = 0.05 * distance,
                                  .most_move = 0.1 * distance,
                                  .is_held = is_held};
    pel_minimised done;
    pel_system *soft = NULL;
    PEL_TRY(create_soft_system(team, atoms, range * distance, &soft));
    pel_status status = pel_minimise(soft, &how, &done);
    if (status == PEL_OK) status = pel_system_store(soft, atoms);
    pel_system_destroy(soft);
    return status;
}

static pel_status push_until_apart(pel_team *team, pel_configuration *atoms, double distance, const bool *is_held,
                                   long most, long *steps)
{
    bool are_near;
    PEL_TRY(look_for_pairs(team, atoms, distance, &are_near));
    for (; are_near; *steps += STEPS_AT_ONCE) {
        if (*steps >= most)
            return pel_fail(PEL_ERR_NUMERICS,
                            "atoms are still nearer to each other than %g after %ld steps of pushing them apart; there "
                            "are too many for the box",
                            distance, *steps);
        PEL_TRY(push(team, atoms, distance, is_held));
        PEL_TRY(look_for_pairs(team, atoms, distance, &are_near));
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

pel_status pel_push_apart(pel_system *system, double distance, const bool *is_held, long most, long *steps)
{
    *steps = 0;
    const double wanted = distance > 0 ? distance : pel_system_potential(system)->least_distance;
    if (!(wanted > 0)) return PEL_OK;
    pel_configuration atoms = {0};
    pel_status status = pel_system_store(system, &atoms);
    for (int t = 0; t < atoms.types; t++) atoms.mass[t] = 1;
    if (status == PEL_OK) status = push_until_apart(pel_system_team(system), &atoms, wanted, is_held, most, steps);
    if (status == PEL_OK && *steps > 0) status = take_positions(system, &atoms);
    pel_configuration_free(&atoms);
    return status;
}
