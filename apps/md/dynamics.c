/* The dynamics of a deck: thermostat, barostat, deformation, walls, driven types. Pressures of a deck are in bar, atm
 * or reduced units; lib/particles wants energy / length^3. */
#include "md/dynamics.h"

#include <string.h>

#include "md/parameters.h"

static bool has_barostat(const pel_params *params)
{
    return !pel_params_is(params, "dynamics.barostat.pressure", "none");
}

bool md_dynamics_changes_box(const pel_params *params)
{
    double rate[3];
    md_vector(params, "dynamics.deform.rate", rate);
    return has_barostat(params) || rate[0] != 0 || rate[1] != 0 || rate[2] != 0;
}

/* ---- checking ---- */

static void check_ramp(const pel_params *params)
{
    const bool has_temperature = pel_params_has(params, "dynamics.ramp.temperature");
    const bool has_steps = pel_params_count(params, "dynamics.ramp.steps") == 2;
    if (has_temperature != has_steps)
        pel_params_error(params, NULL, "dynamics.ramp needs both its temperature and its steps");
    const long from = has_steps ? pel_params_int_at(params, "dynamics.ramp.steps", 0) : 0,
               to = has_steps ? pel_params_int_at(params, "dynamics.ramp.steps", 1) : 1;
    if (from >= to)
        pel_params_error(params, "dynamics.ramp.steps", "dynamics.ramp.steps go from %ld to %ld; give the later last",
                         from, to);
}

static void check_thermostat(const pel_params *params)
{
    const bool is_nve = pel_params_is(params, "dynamics.integrator", "nve");
    if (!is_nve && !pel_params_has(params, "dynamics.temperature") &&
        !pel_params_is_wrong(params, "dynamics.temperature"))
        pel_params_error(params, NULL, "dynamics.temperature is missing; dynamics.integrator %s needs one",
                         pel_params_text(params, "dynamics.integrator"));
    check_ramp(params);
}

void md_dynamics_check(const pel_params *params)
{
    const int types = (int)pel_params_int(params, "atoms.types");
    check_thermostat(params);
    if (has_barostat(params) && !pel_params_has(params, "dynamics.barostat.compressibility"))
        pel_params_error(params, NULL, "dynamics.barostat.compressibility is missing; an estimate will do");
    if (pel_params_count(params, "dynamics.walls") > PEL_WALLS_MOST)
        pel_params_error(params, "dynamics.walls", "dynamics.walls has %d walls; at most %d are possible",
                         pel_params_count(params, "dynamics.walls"), PEL_WALLS_MOST);
    for (int i = 0; i < pel_params_count(params, "dynamics.motion"); i++) {
        const pel_params *entry = pel_params_item(params, "dynamics.motion", i);
        if (pel_params_int(entry, "type") > types)
            pel_params_error(entry, "type", "type %ld is driven, but there are %d types", pel_params_int(entry, "type"),
                             types);
    }
}

/* ---- reading ---- */

static pel_thermostat_kind thermostat_kind(const pel_params *params)
{
    if (pel_params_is(params, "dynamics.integrator", "langevin")) return PEL_THERMOSTAT_LANGEVIN;
    if (pel_params_is(params, "dynamics.integrator", "bussi")) return PEL_THERMOSTAT_BUSSI;
    if (pel_params_is(params, "dynamics.integrator", "nose-hoover")) return PEL_THERMOSTAT_NOSE_HOOVER;
    return PEL_THERMOSTAT_NONE;
}

static pel_thermostat thermostat_of(const pel_params *params)
{
    pel_thermostat thermostat = {.kind = thermostat_kind(params),
                                 .temperature = pel_params_real(params, "dynamics.temperature"),
                                 .time = pel_params_real(params, "dynamics.damping"),
                                 .links = (int)pel_params_int(params, "dynamics.chain")};
    if (pel_params_count(params, "dynamics.ramp.steps") < 2) return thermostat;
    thermostat.last_temperature = pel_params_real(params, "dynamics.ramp.temperature");
    thermostat.ramp_begin = pel_params_int_at(params, "dynamics.ramp.steps", 0);
    thermostat.ramp_end = pel_params_int_at(params, "dynamics.ramp.steps", 1);
    return thermostat;
}

static pel_barostat barostat_of(const pel_params *params, const pel_unit_system *units)
{
    if (!has_barostat(params)) return (pel_barostat){0};
    return (pel_barostat){.pressure = pel_params_real(params, "dynamics.barostat.pressure") / units->pressure_unit,
                          .temperature = pel_params_real(params, "dynamics.barostat.temperature"),
                          .time = pel_params_real(params, "dynamics.barostat.damping"),
                          .compressibility =
                              pel_params_real(params, "dynamics.barostat.compressibility") * units->pressure_unit,
                          .every = (int)pel_params_int(params, "dynamics.barostat.every")};
}

static pel_deformation deformation_of(const pel_params *params)
{
    pel_deformation deformation = {.is_true_rate = pel_params_is(params, "dynamics.deform.kind", "true"),
                                   .every = (int)pel_params_int(params, "dynamics.deform.every")};
    md_vector(params, "dynamics.deform.rate", deformation.rate);
    return deformation;
}

static pel_wall wall_of(const pel_params *entry, const pel_simulation_box *box)
{
    static const char *const sides[] = {"west", "east", "south", "north", "bottom", "top"};
    int side = 0;
    while (side < 5 && !pel_params_is(entry, "side", sides[side])) side++;
    const int d = side / 2;
    pel_wall wall = {.kind = pel_params_is(entry, "kind", "harmonic")     ? PEL_WALL_HARMONIC
                             : pel_params_is(entry, "kind", "reflecting") ? PEL_WALL_REFLECTING
                                                                          : PEL_WALL_LENNARD_JONES,
                     .dimension = d,
                     .is_high = side % 2,
                     .position = box->lo[d] + (side % 2 ? box->length[d] : 0),
                     .epsilon = pel_params_real(entry, "epsilon"),
                     .sigma = pel_params_real(entry, "sigma"),
                     .stiffness = pel_params_real(entry, "stiffness"),
                     .cutoff = pel_params_real(entry, "cutoff")};
    if (!pel_params_is(entry, "position", "side")) wall.position = pel_params_real(entry, "position");
    return wall;
}

static pel_external external_of(const pel_params *params, const pel_simulation_box *box)
{
    pel_external external = {.walls = pel_params_count(params, "dynamics.walls")};
    for (int i = 0; i < external.walls; i++)
        external.wall[i] = wall_of(pel_params_item(params, "dynamics.walls", i), box);
    md_vector(params, "dynamics.acceleration", external.acceleration);
    return external;
}

static void read_motion(const pel_params *params, pel_motion motion[MD_MOST_TYPES])
{
    for (int i = 0; i < pel_params_count(params, "dynamics.motion"); i++) {
        const pel_params *entry = pel_params_item(params, "dynamics.motion", i);
        pel_motion *driven = &motion[pel_params_int(entry, "type") - 1];
        driven->is_driven = true;
        md_vector(entry, "velocity", driven->velocity);
    }
}

pel_status md_dynamics_make(md_model *model)
{
    const pel_params *params = model->params;
    pel_motion motion[MD_MOST_TYPES] = {0};
    const pel_dynamics_spec spec = {.dt = pel_params_real(params, "time.step"),
                                    .seed = pel_component_seed(model->component),
                                    .thermostat = thermostat_of(params),
                                    .barostat = barostat_of(params, model->units),
                                    .deformation = deformation_of(params),
                                    .has_tail = pel_params_flag(params, "potential.tail"),
                                    .external = external_of(params, pel_system_box(model->system)),
                                    .motion = motion};
    read_motion(params, motion);
    PEL_TRY(md_note(params, "dynamics.integrator", pel_dynamics_create(&spec, model->system, &model->dynamics)));
    return pel_params_finish(params);
}
