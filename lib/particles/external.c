/* Walls and a constant acceleration.
 *
 * The 9-3 wall is what a half space filled evenly with Lennard-Jones atoms does to an atom at distance z (Steele, Surf.
 * Sci. 36 (1973) 317, eq. 14 integrated over the layers; epsilon and sigma here absorb its density). Forces are
 * rounded to the grain of the potential's forces, so that the force of an atom stays a multiple of it. */
#include "particles/external.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

static pel_status check_wall(const pel_wall *wall, const pel_simulation_box *box)
{
    const char dimension = "xyz"[wall->dimension];
    const double lo = box->lo[wall->dimension], hi = lo + box->length[wall->dimension];
    if (box->is_periodic[wall->dimension])
        return pel_fail(PEL_ERR_ARGUMENT, "a wall across %c needs an open side; %c is periodic", dimension, dimension);
    if (!(wall->position >= lo && wall->position <= hi))
        return pel_fail(PEL_ERR_ARGUMENT, "the wall at %c = %g lies outside the box, which goes from %g to %g",
                        dimension, wall->position, lo, hi);
    if (wall->kind != PEL_WALL_REFLECTING && !(wall->cutoff > 0))
        return pel_fail(PEL_ERR_ARGUMENT, "the wall at %c = %g has cutoff %g; it must be > 0", dimension,
                        wall->position, wall->cutoff);
    if (wall->kind == PEL_WALL_LENNARD_JONES && !(wall->sigma > 0))
        return pel_fail(PEL_ERR_ARGUMENT, "the wall at %c = %g has sigma %g; it must be > 0", dimension, wall->position,
                        wall->sigma);
    return PEL_OK;
}

/* Between a low wall and a high one across the same dimension. */
static pel_status check_room(const pel_wall *low, const pel_wall *high)
{
    if (low->dimension != high->dimension || low->is_high || !high->is_high || low->position < high->position)
        return PEL_OK;
    const char dimension = "xyz"[low->dimension];
    return pel_fail(PEL_ERR_ARGUMENT, "the low wall at %c = %g and the high one at %c = %g leave no room between them",
                    dimension, low->position, dimension, high->position);
}

pel_status pel_external_check(const pel_external *external, const pel_simulation_box *box)
{
    if (external->walls < 0 || external->walls > PEL_WALLS_MOST)
        return pel_fail(PEL_ERR_ARGUMENT, "there are %d walls; at most %d are possible", external->walls,
                        PEL_WALLS_MOST);
    for (int w = 0; w < external->walls; w++) PEL_TRY(check_wall(&external->wall[w], box));
    for (int w = 0; w < external->walls; w++)
        for (int v = 0; v < external->walls; v++) PEL_TRY(check_room(&external->wall[w], &external->wall[v]));
    return PEL_OK;
}

static void lennard_jones(const pel_wall *wall, double z, double *energy, double *force)
{
    const double s = wall->sigma / z, s3 = s * s * s, s9 = s3 * s3 * s3;
    *energy = wall->epsilon * (2.0 / 15 * s9 - s3);
    *force = wall->epsilon * (1.2 * s9 - 3 * s3) / z;
}

void pel_wall_at(const pel_wall *wall, double z, double *energy, double *force)
{
    *energy = *force = 0;
    if (wall->kind == PEL_WALL_REFLECTING || z >= wall->cutoff) return;
    if (wall->kind == PEL_WALL_HARMONIC) {
        *force = wall->stiffness * (wall->cutoff - z);
        *energy = 0.5 * *force * (wall->cutoff - z);
        return;
    }
    double at_cutoff, unused;
    lennard_jones(wall, wall->cutoff, &at_cutoff, &unused);
    lennard_jones(wall, z, energy, force);
    *energy -= at_cutoff;
}

bool pel_external_acts(const pel_external *external)
{
    for (int w = 0; w < external->walls; w++)
        if (external->wall[w].kind != PEL_WALL_REFLECTING) return true;
    const double *g = external->acceleration;
    return g[0] != 0 || g[1] != 0 || g[2] != 0;
}

bool pel_external_reflects(const pel_external *external)
{
    for (int w = 0; w < external->walls; w++)
        if (external->wall[w].kind == PEL_WALL_REFLECTING) return true;
    return false;
}

static double distance(const pel_wall *wall, const double *position)
{
    const double z = position[wall->dimension] - wall->position;
    return wall->is_high ? -z : z;
}

/* ---- forces ---- */

typedef struct pushing {
    const pel_external *external;
    pel_grain grain;
    int64_t *offender; /* [threads]: the lowest id of an atom behind a wall; 0: none */
} pushing;

/* Adds the walls' forces on one atom; false if it is behind a wall, or its force too large for the grain. */
static bool push_from_walls(const pushing *p, const double *position, double *force)
{
    for (int w = 0; w < p->external->walls; w++) {
        const pel_wall *wall = &p->external->wall[w];
        if (wall->kind == PEL_WALL_REFLECTING) continue;
        double energy, push;
        const double z = distance(wall, position);
        if (wall->kind == PEL_WALL_LENNARD_JONES && !(z > 0)) return false;
        pel_wall_at(wall, z, &energy, &push);
        if (!(push < p->grain.most / 2)) return false;
        force[wall->dimension] += pel_grain_round(p->grain, wall->is_high ? -push : push);
    }
    return true;
}

static void push_tile(pel_system *system, long lo, long hi, int thread, void *data)
{
    const pushing *p = data;
    const pel_atoms *atoms = pel_system_atoms(system);
    const double *g = p->external->acceleration;
    for (long i = lo; i < hi; i++) {
        const double weight = pel_system_mass(system, atoms->type[i]) * pel_system_kinetic_unit(system);
        for (int a = 0; a < 3; a++)
            if (g[a] != 0) atoms->force[i][a] += pel_grain_round(p->grain, weight * g[a]);
        int64_t *offender = &p->offender[thread];
        const bool is_well = push_from_walls(p, atoms->position[i], atoms->force[i]);
        if (!is_well && (*offender == 0 || atoms->id[i] < *offender)) *offender = atoms->id[i];
    }
}

pel_status pel_external_forces(const pel_external *external, pel_system *system)
{
    if (!pel_external_acts(external)) return PEL_OK;
    const int threads = pel_team_threads(pel_system_team(system));
    pushing p = {.external = external, .grain = pel_grain_for(pel_system_potential(system)->most_force)};
    PEL_TRY(pel_memory_new((size_t)threads, sizeof *p.offender, &p.offender));
    pel_system_each(system, push_tile, &p);
    int64_t first = 0;
    for (int t = 0; t < threads; t++)
        if (p.offender[t] != 0 && (first == 0 || p.offender[t] < first)) first = p.offender[t];
    free(p.offender);
    if (first == 0) return PEL_OK;
    return pel_fail(PEL_ERR_NUMERICS,
                    "atom %lld is behind a wall or all but touches it; begin with atoms inside the walls, or use a "
                    "shorter step",
                    (long long)first);
}

/* ---- sums ---- */

/* Columns: energy and force of each wall. */
static void wall_values(const pel_system *system, long lo, long hi, long stride, double *value, const void *data)
{
    const pel_external *external = data;
    const pel_atoms *atoms = pel_system_atoms((pel_system *)system);
    for (int w = 0; w < external->walls; w++)
        for (long i = lo; i < hi; i++)
            pel_wall_at(&external->wall[w], distance(&external->wall[w], atoms->position[i]),
                        &value[2 * w * stride + i - lo], &value[(2 * w + 1) * stride + i - lo]);
}

/* Unwrapped coordinates are rounded once, so that they are the same whether or not an atom has been wrapped yet. */
static void weight_values(const pel_system *system, long lo, long hi, long stride, double *value, const void *data)
{
    (void)stride;
    const pel_external *external = data;
    const pel_atoms *atoms = pel_system_atoms((pel_system *)system);
    const pel_simulation_box *box = pel_system_box(system);
    for (long i = lo; i < hi; i++) {
        double work = 0;
        for (int a = 0; a < 3; a++)
            work += external->acceleration[a] * fma(atoms->image[i][a], box->length[a], atoms->position[i][a]);
        value[i - lo] = -pel_system_mass(system, atoms->type[i]) * pel_system_kinetic_unit(system) * work;
    }
}

void pel_external_sum(const pel_external *external, pel_system *system, pel_external_sums *sums)
{
    *sums = (pel_external_sums){0};
    if (!pel_external_acts(external)) return;
    pel_system_sum(system, 1, weight_values, external, &sums->energy);
    if (external->walls == 0) return;
    double columns[2 * PEL_WALLS_MOST];
    pel_system_sum(system, 2 * external->walls, wall_values, external, columns);
    for (int w = 0; w < external->walls; w++) {
        sums->wall_energy[w] = columns[2 * w];
        sums->wall_force[w] = external->wall[w].is_high ? columns[2 * w + 1] : -columns[2 * w + 1];
        sums->energy += sums->wall_energy[w];
    }
}

/* ---- mirrors ---- */

/* The wall is held on the grain, so that the mirrored position is on it too. */
static void reflect_from(const pel_wall *wall, const pel_atoms *atoms, pel_grain grain, long lo, long hi)
{
    const int a = wall->dimension;
    const double place = pel_grain_round(grain, wall->position);
    for (long i = lo; i < hi; i++) {
        const double x = atoms->position[i][a];
        if (wall->is_high ? x <= place : x >= place) continue;
        atoms->position[i][a] = place + (place - x);
        atoms->velocity[i][a] = -atoms->velocity[i][a];
    }
}

void pel_external_reflect(const pel_external *external, const pel_atoms *atoms, pel_grain grain, long lo, long hi)
{
    for (int w = 0; w < external->walls; w++)
        if (external->wall[w].kind == PEL_WALL_REFLECTING) reflect_from(&external->wall[w], atoms, grain, lo, hi);
}
