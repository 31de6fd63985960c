/* Making dynamics: the specification checked against the box, the tables of types, the scalars by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "particles/dynamics_inside.h"

static void name_scalar(pel_dynamics *dynamics, const char *name, int number, double *value)
{
    char *text = dynamics->name[dynamics->scalars];
    if (number == 0) snprintf(text, PEL_DYNAMICS_NAME, "%s", name);
    else snprintf(text, PEL_DYNAMICS_NAME, "%s-%d", name, number);
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
    if (!pel_deforms(&spec->deformation)) return;
    for (int a = 0; a < 3; a++) name_scalar(dynamics, "deformation-length", a + 1, &dynamics->deformation_start[a]);
    name_scalar(dynamics, "deformation-start", 0, &dynamics->deformation_start[3]);
}

static pel_status check_box(const pel_dynamics_spec *spec, const pel_simulation_box *box)
{
    const bool is_periodic = box->is_periodic[0] && box->is_periodic[1] && box->is_periodic[2];
    if (spec->barostat.time > 0 && !is_periodic)
        return pel_fail(PEL_ERR_ARGUMENT, "a barostat needs a box that is periodic in all dimensions");
    if (spec->barostat.time > 0 && pel_deforms(&spec->deformation))
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
    const uint64_t seed = dynamics->spec.seed;
    dynamics->thermostat_seed = pel_hash_mix(seed, pel_hash_text("thermostat"));
    dynamics->barostat_seed = pel_hash_mix(seed, pel_hash_text("barostat"));
    PEL_TRY(copy_motion(dynamics));
    PEL_TRY(
        pel_memory_new((size_t)pel_system_types(dynamics->system), sizeof *dynamics->atoms_of, &dynamics->atoms_of));
    PEL_TRY(pel_sweep_create(dynamics->system, dynamics->is_driven, &dynamics->spec.external, &dynamics->sweep));
    pel_dynamics_count(dynamics);
    name_scalars(dynamics);
    if (dynamics->spec.thermostat.kind == PEL_THERMOSTAT_NOSE_HOOVER && !(pel_dynamics_freedom(dynamics) > 0))
        return pel_fail(PEL_ERR_ARGUMENT,
                        "a Nose-Hoover chain needs atoms that move freely, two or more; there are %ld",
                        dynamics->free_atoms);
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
    free(dynamics->atoms_of);
    free(dynamics->is_driven);
    free(dynamics->motion);
    free(dynamics);
}

int pel_dynamics_scalars(const pel_dynamics *dynamics, const pel_dynamics_scalar **scalars)
{
    *scalars = dynamics->scalar;
    return dynamics->scalars;
}
