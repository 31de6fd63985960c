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
#include <string.h>

#include "particles/dynamics_inside.h"

static double barostat_kt(const pel_dynamics *dynamics, int64_t step)
{
    const double own = dynamics->spec.barostat.temperature;
    return own > 0 ? pel_system_boltzmann(dynamics->system) * own : pel_dynamics_kt(dynamics, step);
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
    const double kt = pel_dynamics_kt(dynamics, step);
    if (spec->thermostat.kind == PEL_THERMOSTAT_LANGEVIN) {
        const double decay = exp(-spec->dt / spec->thermostat.time);
        pel_sweep_friction(&dynamics->sweep, decay, kt, dynamics->thermostat_seed, (uint64_t)step);
        return;
    }
    pel_sweep_run(&dynamics->sweep);
    const double factor =
        pel_nose_hoover_factor(&spec->thermostat, &dynamics->chain, pel_dynamics_kinetic(dynamics),
                               pel_dynamics_freedom(dynamics), pel_system_boltzmann(dynamics->system), kt, spec->dt);
    pel_sweep_scale(&dynamics->sweep, factor);
}

static pel_status rescale(pel_dynamics *dynamics, int64_t step)
{
    const pel_dynamics_spec *spec = &dynamics->spec;
    pel_sweep_run(&dynamics->sweep);
    const double kinetic = pel_dynamics_kinetic(dynamics), decay = exp(-spec->dt / spec->thermostat.time);
    if (!(kinetic > 0))
        return pel_fail(PEL_ERR_NUMERICS, "all atoms are at rest, and rescaling cannot set them in motion; give them "
                                          "velocities, or use the Langevin thermostat");
    const double factor = pel_bussi_factor(kinetic, pel_dynamics_freedom(dynamics), pel_dynamics_kt(dynamics, step),
                                           decay, dynamics->thermostat_seed, (uint64_t)step);
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
    double volume[2] = {pel_dynamics_volume(dynamics)}, pressure[2] = {pel_dynamics_pressure(dynamics)}, next;
    const pel_status status = pel_barostat_volume(&spec->barostat, volume[0], pressure[0], kt, time,
                                                  dynamics->barostat_seed, (uint64_t)step, &next);
    if (status != PEL_OK) return pel_system_blame_worst(dynamics->system, status);
    const double factor = cbrt(next / volume[0]);
    PEL_TRY(pel_system_scale(dynamics->system, (double[3]){factor, factor, factor}));
    pel_sweep_scale(&dynamics->sweep, 1 / factor);
    pel_sweep_run(&dynamics->sweep);
    PEL_TRY(compute_forces(dynamics, true));
    volume[1] = pel_dynamics_volume(dynamics), pressure[1] = pel_dynamics_pressure(dynamics);
    dynamics->barostat_heat += pel_barostat_heat(&spec->barostat, volume, pressure, kt, time);
    return PEL_OK;
}

/* ---- deformation ---- */

bool pel_deforms(const pel_deformation *deformation)
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
    return pel_deforms(deformation) && step % (deformation->every > 0 ? deformation->every : 1) == 0;
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

pel_status pel_dynamics_begin(pel_dynamics *dynamics, int64_t first, bool with_energy)
{
    dynamics->sweep.count = 0;
    if (dynamics->has_driven) pel_system_each(dynamics->system, drive, dynamics);
    begin_deformation(dynamics, first);
    if (dynamics->has_forces && (dynamics->has_energy || !with_energy)) return PEL_OK;
    pel_dynamics_count(dynamics);
    PEL_TRY(pel_system_moved(dynamics->system));
    return compute_forces(dynamics, with_energy);
}

pel_status pel_dynamics_run(pel_dynamics *dynamics, int64_t first, int64_t steps, bool with_energy)
{
    dynamics->complete = 0;
    PEL_TRY(pel_dynamics_begin(dynamics, first, with_energy && steps == 0));
    for (int64_t step = first; step < first + steps; step++) {
        const pel_status status = take_step(dynamics, step, with_energy && step == first + steps - 1);
        if (status == PEL_OK) {
            dynamics->complete++;
            continue;
        }
        pel_dynamics_changed(dynamics);
        return pel_fail_within(status, "step %lld: ", (long long)(step + 1));
    }
    pel_sweep_run(&dynamics->sweep);
    return PEL_OK;
}

int64_t pel_dynamics_complete(const pel_dynamics *dynamics)
{
    return dynamics->complete;
}

void pel_dynamics_changed(pel_dynamics *dynamics)
{
    dynamics->has_forces = dynamics->has_energy = false;
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
