/* What is measured of dynamics: degrees of freedom, kinetic energy, pressure, and the energy that is conserved.
 *
 * The pressure tensor is (sum m v_a v_b + W_ab) / V over atoms that are not driven, with the virial W of pairs. With a
 * thermostat or barostat the energy of the atoms changes; what these have given is known, so the rest is conserved. */
#include <string.h>

#include "particles/dynamics_inside.h"

/* ---- freedom and kinetic energy ---- */

void pel_dynamics_count(pel_dynamics *dynamics)
{
    const pel_atoms *atoms = pel_system_atoms(dynamics->system);
    const int types = pel_system_types(dynamics->system);
    memset(dynamics->atoms_of, 0, (size_t)types * sizeof *dynamics->atoms_of);
    for (long i = 0; i < atoms->count; i++) dynamics->atoms_of[atoms->type[i]]++;
    dynamics->free_atoms = 0;
    for (int t = 0; t < types; t++)
        if (!dynamics->is_driven[t]) dynamics->free_atoms += dynamics->atoms_of[t];
}

static bool conserves_momentum(const pel_dynamics *dynamics, int dimension)
{
    const pel_external *external = &dynamics->spec.external;
    if (dynamics->spec.thermostat.kind == PEL_THERMOSTAT_LANGEVIN || external->acceleration[dimension] != 0)
        return false;
    if (dynamics->free_atoms < pel_system_atoms(dynamics->system)->count) return false;
    for (int w = 0; w < external->walls; w++)
        if (external->wall[w].dimension == dimension) return false;
    return true;
}

double pel_dynamics_freedom(const pel_dynamics *dynamics)
{
    double freedom = 3.0 * (double)dynamics->free_atoms;
    for (int a = 0; a < 3; a++) freedom -= conserves_momentum(dynamics, a);
    return freedom;
}

/* Of driven atoms 0, so that sums of m v_a v_b leave them out. */
static double mass_of(const pel_dynamics *dynamics, int type)
{
    return dynamics->is_driven[type] ? 0 : pel_system_mass(dynamics->system, type);
}

static void square_values(const pel_system *system, long lo, long hi, long stride, double *value, const void *data)
{
    (void)stride;
    const pel_atoms *atoms = pel_system_atoms((pel_system *)system);
    for (long i = lo; i < hi; i++) {
        const double *v = atoms->velocity[i];
        value[i - lo] = mass_of(data, atoms->type[i]) * (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
    }
}

static void tensor_values(const pel_system *system, long lo, long hi, long stride, double *value, const void *data)
{
    static const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
    const pel_atoms *atoms = pel_system_atoms((pel_system *)system);
    for (long i = lo; i < hi; i++) {
        const double *v = atoms->velocity[i], mass = mass_of(data, atoms->type[i]);
        for (int c = 0; c < 6; c++) value[c * stride + i - lo] = mass * v[first[c]] * v[second[c]];
    }
}

double pel_dynamics_kinetic(pel_dynamics *dynamics)
{
    double sum;
    pel_system_sum(dynamics->system, 1, square_values, dynamics, &sum);
    return 0.5 * sum * pel_system_kinetic_unit(dynamics->system);
}

double pel_dynamics_volume(const pel_dynamics *dynamics)
{
    const double *length = pel_system_box(dynamics->system)->length;
    return length[0] * length[1] * length[2];
}

/* What the tails beyond the cutoff add: [0] to the energy, [1] to the trace of the virial. */
static void sum_tails(const pel_dynamics *dynamics, double tail[2])
{
    const pel_potential *potential = pel_system_potential(dynamics->system);
    tail[0] = tail[1] = 0;
    if (!dynamics->spec.has_tail || !potential->tail) return;
    const int types = pel_system_types(dynamics->system);
    for (int a = 0; a < types; a++)
        for (int b = 0; b < types; b++) {
            const double pairs = (double)dynamics->atoms_of[a] * (double)dynamics->atoms_of[b];
            const double *of_pair = potential->tail + 2 * (a * potential->types + b);
            for (int c = 0; c < 2; c++) tail[c] += pairs * of_pair[c] / pel_dynamics_volume(dynamics);
        }
}

double pel_dynamics_pressure(pel_dynamics *dynamics)
{
    const double *virial = pel_system_energy_of(dynamics->system)->virial;
    double tail[2];
    sum_tails(dynamics, tail);
    const double trace = 2 * pel_dynamics_kinetic(dynamics) + (virial[0] + virial[1] + virial[2]) + tail[1];
    return trace / (3 * pel_dynamics_volume(dynamics));
}

double pel_dynamics_kt(const pel_dynamics *dynamics, int64_t step)
{
    return pel_system_boltzmann(dynamics->system) * pel_thermostat_temperature(&dynamics->spec.thermostat, step);
}

/* ---- measuring ---- */

/* What thermostat and barostat have given to the atoms; P V is what the barostat's surroundings hold. */
static double outside_energy(const pel_dynamics *dynamics, int64_t step)
{
    const pel_dynamics_spec *spec = &dynamics->spec;
    double energy = -dynamics->thermostat_heat - dynamics->barostat_heat;
    if (spec->thermostat.kind == PEL_THERMOSTAT_NOSE_HOOVER)
        energy += pel_nose_hoover_energy(&spec->thermostat, &dynamics->chain, pel_dynamics_freedom(dynamics),
                                         pel_system_boltzmann(dynamics->system), pel_dynamics_kt(dynamics, step));
    if (spec->barostat.time > 0) energy += spec->barostat.pressure * pel_dynamics_volume(dynamics);
    return energy;
}

static void measure_energy_and_pressure(pel_dynamics *dynamics, pel_measures *measures)
{
    const pel_system_energy *energy = pel_system_energy_of(dynamics->system);
    double tensor[6], tail[2];
    sum_tails(dynamics, tail);
    pel_system_sum(dynamics->system, 6, tensor_values, dynamics, tensor);
    measures->volume = pel_dynamics_volume(dynamics);
    for (int c = 0; c < 6; c++) {
        tensor[c] *= pel_system_kinetic_unit(dynamics->system);
        const double virial = energy->virial[c] + (c < 3 ? tail[1] / 3 : 0);
        measures->pressure_tensor[c] = (tensor[c] + virial) / measures->volume;
    }
    const double *p = measures->pressure_tensor;
    measures->pressure = (p[0] + p[1] + p[2]) / 3;
    measures->potential = energy->potential + tail[0];
    measures->kinetic = 0.5 * (tensor[0] + tensor[1] + tensor[2]);
}

pel_status pel_dynamics_measure(pel_dynamics *dynamics, int64_t step, pel_measures *measures)
{
    *measures = (pel_measures){0};
    PEL_TRY(pel_dynamics_begin(dynamics, step, true));
    pel_external_sums external;
    pel_external_sum(&dynamics->spec.external, dynamics->system, &external);
    memcpy(measures->wall_force, external.wall_force, sizeof external.wall_force);
    measure_energy_and_pressure(dynamics, measures);
    measures->external = external.energy;
    measures->freedom = pel_dynamics_freedom(dynamics);
    if (measures->freedom > 0)
        measures->temperature = 2 * measures->kinetic / (measures->freedom * pel_system_boltzmann(dynamics->system));
    measures->conserved = measures->kinetic + measures->potential + measures->external + outside_energy(dynamics, step);
    return PEL_OK;
}
