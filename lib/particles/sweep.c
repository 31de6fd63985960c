/* Sweeps: kicks, drifts, friction and scaling, tile after tile.
 *
 * A tile of pel_system_each() is small enough to stay in cache while several operations pass over it. Every operation
 * is a function of the atom's own state, its id and the step, so tiles may be cut anywhere. */
#include "particles/sweep_inside.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/random.h"

static void kick(const pel_sweep *sweep, const pel_operation *operation, long lo, long hi)
{
    const pel_atoms *atoms = sweep->atoms;
    for (long i = lo; i < hi; i++) {
        const double factor = operation->value * sweep->per_mass[atoms->type[i]];
        for (int a = 0; a < 3; a++) atoms->velocity[i][a] += factor * atoms->force[i][a];
    }
}

static void drift(const pel_sweep *sweep, const pel_operation *operation, long lo, long hi)
{
    const pel_atoms *atoms = sweep->atoms;
    for (long i = lo; i < hi; i++)
        for (int a = 0; a < 3; a++)
            atoms->position[i][a] += pel_grain_round(sweep->grain, operation->value * atoms->velocity[i][a]);
}

static void reflect(const pel_sweep *sweep, const pel_operation *operation, long lo, long hi)
{
    (void)operation;
    pel_external_reflect(sweep->external, sweep->atoms, sweep->grain, lo, hi);
}

static void scale(const pel_sweep *sweep, const pel_operation *operation, long lo, long hi)
{
    const pel_atoms *atoms = sweep->atoms;
    for (long i = lo; i < hi; i++) {
        if (sweep->per_mass[atoms->type[i]] == 0) continue;
        for (int a = 0; a < 3; a++) atoms->velocity[i][a] *= operation->value;
    }
}

static void rub(const pel_sweep *sweep, const pel_operation *operation, long lo, long hi)
{
    const pel_atoms *atoms = sweep->atoms;
    const double decay = operation->value, variance = (1 - decay * decay) * operation->temperature;
    for (long i = lo; i < hi; i++) {
        const double per_mass = sweep->per_mass[atoms->type[i]];
        if (per_mass == 0) continue;
        const pel_random_key key = {.seed = operation->seed, .id = (uint64_t)atoms->id[i], .step = operation->step};
        const double deviation = sqrt(variance * per_mass);
        double normal[4];
        pel_random_normals(key, normal);
        for (int a = 0; a < 3; a++) atoms->velocity[i][a] = decay * atoms->velocity[i][a] + deviation * normal[a];
    }
}

/* ---- gathering ---- */

static void gather(pel_sweep *sweep, pel_operation operation)
{
    assert(sweep->count < PEL_SWEEP_MOST);
    sweep->operation[sweep->count++] = operation;
}

void pel_sweep_kick(pel_sweep *sweep, double time)
{
    gather(sweep, (pel_operation){.rows = kick, .value = time});
}

void pel_sweep_drift(pel_sweep *sweep, double time)
{
    gather(sweep, (pel_operation){.rows = drift, .value = time});
    if (sweep->external && pel_external_reflects(sweep->external)) gather(sweep, (pel_operation){.rows = reflect});
}

void pel_sweep_scale(pel_sweep *sweep, double factor)
{
    gather(sweep, (pel_operation){.rows = scale, .value = factor});
}

void pel_sweep_friction(pel_sweep *sweep, double decay, double temperature, uint64_t seed, uint64_t step)
{
    gather(sweep, (pel_operation){.rows = rub, .value = decay, .temperature = temperature, .seed = seed, .step = step});
}

static void sweep_tile(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)system, (void)thread;
    const pel_sweep *sweep = data;
    for (int i = 0; i < sweep->count; i++) sweep->operation[i].rows(sweep, &sweep->operation[i], lo, hi);
}

void pel_sweep_run(pel_sweep *sweep)
{
    if (sweep->count == 0) return;
    sweep->atoms = pel_system_atoms(sweep->system);
    sweep->grain = pel_system_position_grain(sweep->system);
    pel_system_each(sweep->system, sweep_tile, sweep);
    sweep->count = 0;
}

/* ---- life ---- */

pel_status pel_sweep_create(pel_system *system, const bool *is_driven, const pel_external *external, pel_sweep *sweep)
{
    *sweep = (pel_sweep){.system = system, .external = external};
    const int types = pel_system_types(system);
    PEL_TRY(pel_memory_new((size_t)types, sizeof *sweep->per_mass, &sweep->per_mass));
    for (int t = 0; t < types; t++)
        if (!is_driven || !is_driven[t])
            sweep->per_mass[t] = 1 / (pel_system_mass(system, t) * pel_system_kinetic_unit(system));
    return PEL_OK;
}

void pel_sweep_destroy(pel_sweep *sweep)
{
    free(sweep->per_mass);
    *sweep = (pel_sweep){0};
}
