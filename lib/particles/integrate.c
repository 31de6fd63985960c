/* The time step.
 *
 * step() reads like the splitting it is: kick, drift, thermostat, drift, forces, kick. Kicks, drifts and what acts on
 * each atom alone are gathered (sweep_inside.h) and done in one pass over memory at the latest when something needs all
 * atoms, so plain dynamics passes once a step: the second half kick of a step, the first of the next, and the drift.
 *
 * The chain stands in the middle of the drift as the Langevin thermostat does: one kinetic energy a step instead of the
 * two of the usual order, still time-reversible, and better positions (Zhang, Liu, Yan, Tuckerman & Liu, J. Phys. Chem.
 * A 123 (2019) 6056). Bussi's rescaling stands at the end, where it changes the energy by just what it does to the
 * kinetic energy, which is summed up for the conserved quantity. */
#include "particles/integrate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "particles/sweep_inside.h"

enum { MOST_SCALARS = 2 * PEL_NOSE_HOOVER_MOST + 6, NAME = 40 };

struct pel_dynamics {
    pel_dynamics_spec spec;
    pel_motion *motion; /* [types] */
    bool *is_driven;    /* [types] */
    bool has_driven;    /* whether any type is */
    pel_system *system;
    pel_sweep sweep;

    /* the state beside that of the atoms */
    pel_nose_hoover chain;
    double thermostat_heat, barostat_heat; /* energy given so far */
    double deformation_start[4];           /* the box lengths at the start; and the step, counted from 1: 0 is unset */

    long free_atoms; /* not driven */
    bool has_forces, has_energy;
    int scalars;
    pel_dynamics_scalar scalar[MOST_SCALARS];
    char name[MOST_SCALARS][NAME];
};

/* ---- freedom and kinetic energy ---- */

static void count_free(pel_dynamics *dynamics)
{
    const pel_atoms *atoms = pel_system_atoms(dynamics->system);
    dynamics->free_atoms = 0;
    for (long i = 0; i < atoms->count; i++) dynamics->free_atoms += !dynamics->is_driven[atoms->type[i]];
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

static double kinetic_energy(pel_dynamics *dynamics)
{
    double sum;
    pel_system_sum(dynamics->system, 1, square_values, dynamics, &sum);
    return 0.5 * sum * pel_system_kinetic_unit(dynamics->system);
}

static double volume_of(const pel_dynamics *dynamics)
{
    const double *length = pel_system_box(dynamics->system)->length;
    return length[0] * length[1] * length[2];
}

/* The pressure of the present state, whose energies are known. */
static double pressure_of(pel_dynamics *dynamics)
{
    const double *virial = pel_system_energy_of(dynamics->system)->virial;
    return (2 * kinetic_energy(dynamics) + (virial[0] + virial[1] + virial[2])) / (3 * volume_of(dynamics));
}

static double thermostat_kt(const pel_dynamics *dynamics, int64_t step)
{
    return pel_system_boltzmann(dynamics->system) * pel_thermostat_temperature(&dynamics->spec.thermostat, step);
}

static double barostat_kt(const pel_dynamics *dynamics, int64_t step)
{
    const double own = dynamics->spec.barostat.temperature;
    return own > 0 ? pel_system_boltzmann(dynamics->system) * own : thermostat_kt(dynamics, step);
}

/* ---- parts of a step ---- */

static pel_status compute_forces(pel_dynamics *dynamics, bool with_energy)
{
    dynamics->has_forces = dynamics->has_energy = false;
    PEL_TRY(pel_system_forces(dynamics->system, with_energy));
    PEL_TRY(pel_external_forces(&dynamics->spec.external, dynamics->system));
    dynamics->has_forces = true;
    dynamics->has_energy = with_energy;
    return PEL_OK;
}

/* The thermostats that stand in the middle of the drift. */
static void rub_or_chain(pel_dynamics *dynamics, int64_t step)
{
    const pel_dynamics_spec *spec = &dynamics->spec;
    const double kt = thermostat_kt(dynamics, step);
    if (spec->thermostat.kind == PEL_THERMOSTAT_LANGEVIN) {
        const double decay = exp(-spec->dt / spec->thermostat.time);
        pel_sweep_friction(&dynamics->sweep, decay, kt, spec->seed, (uint64_t)step);
        return;
    }
    pel_sweep_run(&dynamics->sweep);
    const double factor =
        pel_nose_hoover_factor(&spec->thermostat, &dynamics->chain, kinetic_energy(dynamics),
                               pel_dynamics_freedom(dynamics), pel_system_boltzmann(dynamics->system), kt, spec->dt);
    pel_sweep_scale(&dynamics->sweep, factor);
}

static pel_status rescale(pel_dynamics *dynamics, int64_t step)
{
    const pel_dynamics_spec *spec = &dynamics->spec;
    pel_sweep_run(&dynamics->sweep);
    const double kinetic = kinetic_energy(dynamics), decay = exp(-spec->dt / spec->thermostat.time);
    if (!(kinetic > 0))
        return pel_fail(PEL_ERR_NUMERICS, "all atoms are at rest, and rescaling cannot set them in motion; give them "
                                          "velocities, or use the Langevin thermostat");
    const double factor = pel_bussi_factor(kinetic, pel_dynamics_freedom(dynamics), thermostat_kt(dynamics, step),
                                           decay, spec->seed, (uint64_t)step);
    dynamics->thermostat_heat += (factor * factor - 1) * kinetic;
    pel_sweep_scale(&dynamics->sweep, factor);
    return PEL_OK;
}

/* The barostat's move at the end of the step that leads to number `step`. */
static pel_status press(pel_dynamics *dynamics, int64_t step)
{
    const pel_dynamics_spec *spec = &dynamics->spec;
    const double kt = barostat_kt(dynamics, step), time = spec->dt * pel_barostat_every(&spec->barostat);
    pel_sweep_run(&dynamics->sweep);
    double volume[2] = {volume_of(dynamics)}, pressure[2] = {pressure_of(dynamics)}, next;
    PEL_TRY(pel_barostat_volume(&spec->barostat, volume[0], pressure[0], kt, time, spec->seed, (uint64_t)step, &next));
    const double factor = cbrt(next / volume[0]);
    PEL_TRY(pel_system_scale(dynamics->system, (double[3]){factor, factor, factor}));
    pel_sweep_scale(&dynamics->sweep, 1 / factor);
    pel_sweep_run(&dynamics->sweep);
    PEL_TRY(compute_forces(dynamics, true));
    volume[1] = volume_of(dynamics), pressure[1] = pressure_of(dynamics);
    dynamics->barostat_heat += pel_barostat_heat(&spec->barostat, volume, pressure, kt, time);
    return PEL_OK;
}

/* ---- deformation ---- */

static bool deforms(const pel_deformation *deformation)
{
    return deformation->rate[0] != 0 || deformation->rate[1] != 0 || deformation->rate[2] != 0;
}

static void begin_deformation(pel_dynamics *dynamics, int64_t first)
{
    if (dynamics->deformation_start[3] != 0) return;
    memcpy(dynamics->deformation_start, pel_system_box(dynamics->system)->length, 3 * sizeof(double));
    dynamics->deformation_start[3] = (double)(first + 1);
}

static bool deformation_is_due(const pel_deformation *deformation, int64_t step)
{
    return deforms(deformation) && step % (deformation->every > 0 ? deformation->every : 1) == 0;
}

/* Brings the box to the lengths of state number `step`. */
static pel_status deform(pel_dynamics *dynamics, int64_t step)
{
    const pel_deformation *deformation = &dynamics->spec.deformation;
    const double *start = dynamics->deformation_start, *length = pel_system_box(dynamics->system)->length;
    const double time = ((double)(step + 1) - start[3]) * dynamics->spec.dt;
    double factor[3];
    for (int a = 0; a < 3; a++) {
        const double strain = deformation->rate[a] * time;
        const double stretch = deformation->is_true_rate ? exp(strain) : 1 + strain;
        if (!(stretch > 0))
            return pel_fail(PEL_ERR_NUMERICS,
                            "the box has been compressed to nothing along %c: an engineering rate of %g for a time %g",
                            "xyz"[a], deformation -> rate[a], time);
        factor[a] = deformation->rate[a] == 0 ? 1 : start[a] * stretch / length[a];
    }
    return pel_system_scale(dynamics->system, factor);
}

/* ---- steps ---- */

static void drift_with_thermostat(pel_dynamics *dynamics, int64_t step)
{
    const double dt = dynamics->spec.dt;
    const pel_thermostat_kind kind = dynamics->spec.thermostat.kind;
    if (kind != PEL_THERMOSTAT_LANGEVIN && kind != PEL_THERMOSTAT_NOSE_HOOVER) {
        pel_sweep_drift(&dynamics->sweep, dt);
        return;
    }
    pel_sweep_drift(&dynamics->sweep, 0.5 * dt);
    rub_or_chain(dynamics, step);
    pel_sweep_drift(&dynamics->sweep, 0.5 * dt);
}

/* From state number `step` to step + 1. */
static pel_status take_step(pel_dynamics *dynamics, int64_t step, bool with_energy)
{
    const pel_dynamics_spec *spec = &dynamics->spec;
    const bool presses = pel_barostat_is_due(&spec->barostat, step + 1);
    pel_sweep_kick(&dynamics->sweep, 0.5 * spec->dt);
    drift_with_thermostat(dynamics, step);
    pel_sweep_run(&dynamics->sweep);
    if (deformation_is_due(&spec->deformation, step + 1)) PEL_TRY(deform(dynamics, step + 1));
    else PEL_TRY(pel_system_moved(dynamics->system));
    PEL_TRY(compute_forces(dynamics, with_energy || presses));
    pel_sweep_kick(&dynamics->sweep, 0.5 * spec->dt);
    if (spec->thermostat.kind == PEL_THERMOSTAT_BUSSI) PEL_TRY(rescale(dynamics, step));
    return presses ? press(dynamics, step + 1) : PEL_OK;
}

/* Driven atoms get their velocities; wherever a run was stopped, they have them already. */
static void drive(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread;
    const pel_dynamics *dynamics = data;
    const pel_atoms *atoms = pel_system_atoms(system);
    for (long i = lo; i < hi; i++)
        if (dynamics->is_driven[atoms->type[i]])
            memcpy(atoms->velocity[i], dynamics->motion[atoms->type[i]].velocity, sizeof *atoms->velocity);
}

static pel_status begin(pel_dynamics *dynamics, int64_t first, bool with_energy)
{
    dynamics->sweep.count = 0;
    if (dynamics->has_driven) pel_system_each(dynamics->system, drive, dynamics);
    begin_deformation(dynamics, first);
    if (dynamics->has_forces && (dynamics->has_energy || !with_energy)) return PEL_OK;
    count_free(dynamics);
    PEL_TRY(pel_system_moved(dynamics->system));
    return compute_forces(dynamics, with_energy);
}

pel_status pel_dynamics_run(pel_dynamics *dynamics, int64_t first, int64_t steps, bool with_energy)
{
    PEL_TRY(begin(dynamics, first, with_energy && steps == 0));
    for (int64_t step = first; step < first + steps; step++) {
        const pel_status status = take_step(dynamics, step, with_energy && step == first + steps - 1);
        if (status == PEL_OK) continue;
        pel_dynamics_changed(dynamics);
        return pel_fail_within(status, "step %lld: ", (long long)(step + 1));
    }
    pel_sweep_run(&dynamics->sweep);
    return PEL_OK;
}

void pel_dynamics_changed(pel_dynamics *dynamics)
{
    dynamics->has_forces = dynamics->has_energy = false;
}

/* ---- measuring ---- */

/* What thermostat and barostat have given to the atoms; P V is what the barostat's surroundings hold. */
static double outside_energy(const pel_dynamics *dynamics, int64_t step)
{
    const pel_dynamics_spec *spec = &dynamics->spec;
    double energy = -dynamics->thermostat_heat - dynamics->barostat_heat;
    if (spec->thermostat.kind == PEL_THERMOSTAT_NOSE_HOOVER)
        energy += pel_nose_hoover_energy(&spec->thermostat, &dynamics->chain, pel_dynamics_freedom(dynamics),
                                         pel_system_boltzmann(dynamics->system), thermostat_kt(dynamics, step));
    if (spec->barostat.time > 0) energy += spec->barostat.pressure * volume_of(dynamics);
    return energy;
}

static void measure_pressure(pel_dynamics *dynamics, pel_measures *measures)
{
    const pel_system_energy *energy = pel_system_energy_of(dynamics->system);
    double tensor[6];
    pel_system_sum(dynamics->system, 6, tensor_values, dynamics, tensor);
    measures->volume = volume_of(dynamics);
    for (int c = 0; c < 6; c++) {
        tensor[c] *= pel_system_kinetic_unit(dynamics->system);
        measures->pressure_tensor[c] = (tensor[c] + energy->virial[c]) / measures->volume;
    }
    const double *p = measures->pressure_tensor;
    measures->pressure = (p[0] + p[1] + p[2]) / 3;
    measures->kinetic = 0.5 * (tensor[0] + tensor[1] + tensor[2]);
}

pel_status pel_dynamics_measure(pel_dynamics *dynamics, int64_t step, pel_measures *measures)
{
    *measures = (pel_measures){0};
    PEL_TRY(begin(dynamics, step, true));
    pel_external_sums external;
    pel_external_sum(&dynamics->spec.external, dynamics->system, &external);
    memcpy(measures->wall_force, external.wall_force, sizeof external.wall_force);
    measure_pressure(dynamics, measures);
    measures->potential = pel_system_energy_of(dynamics->system)->potential;
    measures->external = external.energy;
    measures->freedom = pel_dynamics_freedom(dynamics);
    if (measures->freedom > 0)
        measures->temperature = 2 * measures->kinetic / (measures->freedom * pel_system_boltzmann(dynamics->system));
    measures->conserved = measures->kinetic + measures->potential + measures->external + outside_energy(dynamics, step);
    return PEL_OK;
}

int pel_dynamics_scalars(const pel_dynamics *dynamics, const pel_dynamics_scalar **scalars)
{
    *scalars = dynamics->scalar;
    return dynamics->scalars;
}

/* ---- life ---- */

static void name_scalar(pel_dynamics *dynamics, const char *name, int number, double *value)
{
    char *text = dynamics->name[dynamics->scalars];
    if (number == 0) snprintf(text, NAME, "%s", name);
    else snprintf(text, NAME, "%s-%d", name, number);
    dynamics->scalar[dynamics->scalars++] = (pel_dynamics_scalar){text, value};
}

static void name_scalars(pel_dynamics *dynamics)
{
    const pel_dynamics_spec *spec = &dynamics->spec;
    if (spec->thermostat.kind == PEL_THERMOSTAT_BUSSI)
        name_scalar(dynamics, "thermostat-heat", 0, &dynamics->thermostat_heat);
    if (spec->thermostat.kind == PEL_THERMOSTAT_NOSE_HOOVER)
        for (int j = 0; j < pel_nose_hoover_links(&spec->thermostat); j++) {
            name_scalar(dynamics, "nose-hoover-position", j + 1, &dynamics->chain.position[j]);
            name_scalar(dynamics, "nose-hoover-velocity", j + 1, &dynamics->chain.velocity[j]);
        }
    if (spec->barostat.time > 0) name_scalar(dynamics, "barostat-heat", 0, &dynamics->barostat_heat);
    if (!deforms(&spec->deformation)) return;
    for (int a = 0; a < 3; a++) name_scalar(dynamics, "deformation-length", a + 1, &dynamics->deformation_start[a]);
    name_scalar(dynamics, "deformation-start", 0, &dynamics->deformation_start[3]);
}

static pel_status check_box(const pel_dynamics_spec *spec, const pel_simulation_box *box)
{
    const bool is_periodic = box->is_periodic[0] && box->is_periodic[1] && box->is_periodic[2];
    if (spec->barostat.time > 0 && !is_periodic)
        return pel_fail(PEL_ERR_ARGUMENT, "a barostat needs a box that is periodic in all dimensions");
    if (spec->barostat.time > 0 && deforms(&spec->deformation))
        return pel_fail(PEL_ERR_ARGUMENT, "a barostat and a deformation at a given rate cannot both set the box");
    for (int a = 0; a < 3; a++)
        if (spec->deformation.rate[a] != 0 && !box->is_periodic[a])
            return pel_fail(PEL_ERR_ARGUMENT, "the box cannot be deformed along %c, where it is open", "xyz"[a]);
    return pel_external_check(&spec->external, box);
}

static pel_status check_spec(const pel_dynamics_spec *spec, const pel_simulation_box *box)
{
    if (!(spec->dt > 0)) return pel_fail(PEL_ERR_ARGUMENT, "the time step must be > 0; it is %g", spec->dt);
    PEL_TRY(pel_thermostat_check(&spec->thermostat));
    PEL_TRY(pel_barostat_check(&spec->barostat));
    if (spec->deformation.every < 0)
        return pel_fail(PEL_ERR_ARGUMENT, "the box cannot be deformed every %d steps", spec->deformation.every);
    const bool has_kt = spec->thermostat.kind != PEL_THERMOSTAT_NONE || spec->barostat.temperature > 0;
    if (spec->barostat.time > 0 && !has_kt)
        return pel_fail(PEL_ERR_ARGUMENT, "a barostat without a thermostat needs a temperature of its own");
    return check_box(spec, box);
}

static pel_status copy_motion(pel_dynamics *dynamics)
{
    const size_t types = (size_t)pel_system_types(dynamics->system);
    PEL_TRY(pel_memory_new(types, sizeof *dynamics->motion, &dynamics->motion));
    PEL_TRY(pel_memory_new(types, sizeof *dynamics->is_driven, &dynamics->is_driven));
    if (dynamics->spec.motion) memcpy(dynamics->motion, dynamics->spec.motion, types * sizeof *dynamics->motion);
    dynamics->spec.motion = dynamics->motion;
    for (size_t t = 0; t < types; t++) {
        dynamics->is_driven[t] = dynamics->motion[t].is_driven;
        dynamics->has_driven |= dynamics->is_driven[t];
    }
    return PEL_OK;
}

static pel_status fill(pel_dynamics *dynamics)
{
    PEL_TRY(copy_motion(dynamics));
    PEL_TRY(pel_sweep_create(dynamics->system, dynamics->is_driven, &dynamics->spec.external, &dynamics->sweep));
    count_free(dynamics);
    name_scalars(dynamics);
    return PEL_OK;
}

pel_status pel_dynamics_create(const pel_dynamics_spec *spec, pel_system *system, pel_dynamics **dynamics)
{
    PEL_TRY(check_spec(spec, pel_system_box(system)));
    pel_dynamics *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->spec = *spec;
    fresh->system = system;
    const pel_status status = fill(fresh);
    if (status == PEL_OK) *dynamics = fresh;
    else pel_dynamics_destroy(fresh);
    return status;
}

void pel_dynamics_destroy(pel_dynamics *dynamics)
{
    if (!dynamics) return;
    pel_sweep_destroy(&dynamics->sweep);
    free(dynamics->is_driven);
    free(dynamics->motion);
    free(dynamics);
}

pel_status pel_kick(pel_system *system, double time)
{
    pel_sweep sweep;
    PEL_TRY(pel_sweep_create(system, NULL, NULL, &sweep));
    pel_sweep_kick(&sweep, time);
    pel_sweep_run(&sweep);
    pel_sweep_destroy(&sweep);
    return PEL_OK;
}

pel_status pel_drift(pel_system *system, double time)
{
    pel_sweep sweep;
    PEL_TRY(pel_sweep_create(system, NULL, NULL, &sweep));
    pel_sweep_drift(&sweep, time);
    pel_sweep_run(&sweep);
    pel_sweep_destroy(&sweep);
    return pel_system_moved(system);
}
