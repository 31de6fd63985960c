/* The app `shallow-water`: its parameters, and the setup that turns them into fields and chains. model.h has the
 * equations. */
#include "shallow_water/app.h"

#include <math.h>
#include <string.h>

#include "shallow_water/profiles.h"

static const pel_param params_table[] = {
    {"physics.depth", PEL_PARAM_REAL, "m", .initial = "", .is_exclusive = true,
     .help = "Depth at rest, H; with a bathymetry profile the depth far from it. Needed unless a bathymetry file gives "
             "it."},
    {"physics.gravity", PEL_PARAM_REAL, "m s-2", .initial = "9.81", .is_exclusive = true,
     .help = "Gravity, or reduced gravity for a layer over a deep one at rest."},
    {"physics.density", PEL_PARAM_REAL, "kg m-3", .initial = "1000", .is_exclusive = true,
     .help = "Density; for wind stress and energies."},
    {"physics.momentum", PEL_PARAM_CHOICE, .initial = "energy", .choices = "energy|enstrophy|linear",
     .help = "What the scheme of momentum conserves (Sadourny 1975); linear: no advection, h = H."},
    {"physics.coriolis.f0", PEL_PARAM_REAL, "s-1", .initial = "0", .help = "Coriolis parameter at y0."},
    {"physics.coriolis.beta", PEL_PARAM_REAL, "m-1 s-1", .initial = "0", .help = "Its change northward."},
    {"physics.coriolis.y0", PEL_PARAM_REAL, "m", .initial = "middle", .choices = "middle",
     .help = "Where f is f0; middle: of the grid."},
    {"physics.viscosity", PEL_PARAM_REAL, "m2 s-1", .initial = "0", .least = 0, .most = -1,
     .help = "Laplacian friction."},
    {"physics.hyperviscosity", PEL_PARAM_REAL, "m4 s-1", .initial = "0", .least = 0, .most = -1,
     .help = "Biharmonic friction."},
    {"physics.drag.linear", PEL_PARAM_REAL, "s-1", .initial = "0", .least = 0, .most = -1,
     .help = "Linear drag, r in -r u."},
    {"physics.drag.quadratic", PEL_PARAM_REAL, "", .initial = "0", .least = 0, .most = -1,
     .help = "Quadratic drag, C in -C |u| u / h."},

    {"physics.wind.profile", PEL_PARAM_CHOICE, .initial = "none",
     .choices = "none|single-gyre|double-gyre|channel|uniform",
     .help = "Eastward stress: -cos(pi s), -cos(2 pi s), sin(pi s) or 1 times the stress, s from 0 in the south to 1 "
             "in the north."},
    {"physics.wind.stress", PEL_PARAM_REAL, "N m-2", .initial = "0.1", .help = "Largest stress of the profile."},
    {"physics.wind.file", PEL_PARAM_PATH, .initial = "",
     .help = "A file with the stress, constant or varying in time, in place of a profile."},
    {"physics.wind.variable-x", PEL_PARAM_TEXT, .initial = "tau_x",
     .help = "Its variable of eastward stress; \"\" for none."},
    {"physics.wind.variable-y", PEL_PARAM_TEXT, .initial = "",
     .help = "Its variable of northward stress; default: none."},

    {"physics.bathymetry.profile", PEL_PARAM_CHOICE, .initial = "flat", .choices = "flat|seamount|ridge|slope",
     .help = "Depth by formula: a Gaussian seamount, a Gaussian ridge along y, or a slope that rises northward."},
    {"physics.bathymetry.height", PEL_PARAM_REAL, "m", .initial = "0",
     .help = "Height of the profile above the depth."},
    {"physics.bathymetry.width", PEL_PARAM_REAL, "m", .initial = "100 km", .is_exclusive = true,
     .help = "Standard deviation of the seamount or ridge."},
    {"physics.bathymetry.centre", PEL_PARAM_REALS, "m", .initial = "middle", .choices = "middle", .least_count = 2,
     .most_count = 2, .help = "Its place, [x, y]; middle: of the grid."},
    {"physics.bathymetry.file", PEL_PARAM_PATH, .initial = "",
     .help = "A file with the depth, positive downward, in place of a profile."},
    {"physics.bathymetry.variable", PEL_PARAM_TEXT, .initial = "depth", .help = "Its variable."},

    {"physics.mask.profile", PEL_PARAM_CHOICE, .initial = "none", .choices = "none|island",
     .help = "Land by formula: a round island."},
    {"physics.mask.radius", PEL_PARAM_REAL, "m", .initial = "100 km", .is_exclusive = true,
     .help = "Radius of the island."},
    {"physics.mask.centre", PEL_PARAM_REALS, "m", .initial = "middle", .choices = "middle", .least_count = 2,
     .most_count = 2, .help = "Its place, [x, y]; middle: of the grid."},
    {"physics.mask.file", PEL_PARAM_PATH, .initial = "",
     .help = "A file with 1 at sea and 0 on land, in place of a profile."},
    {"physics.mask.variable", PEL_PARAM_TEXT, .initial = "mask", .help = "Its variable."},
    {"physics.mask.slip", PEL_PARAM_CHOICE, .initial = "free-slip", .choices = "free-slip|no-slip",
     .help = "Friction at coasts inside the grid; walls have theirs in grid.boundary."},

    {"physics.tracer.profile", PEL_PARAM_CHOICE, .initial = "none", .choices = "none|blob|north-half|uniform",
     .help = "Initial concentration of a passive tracer; none: there is no tracer."},
    {"physics.tracer.width", PEL_PARAM_REAL, "m", .initial = "100 km", .is_exclusive = true,
     .help = "Standard deviation of the blob."},
    {"physics.tracer.centre", PEL_PARAM_REALS, "m", .initial = "middle", .choices = "middle", .least_count = 2,
     .most_count = 2, .help = "Its place, [x, y]; middle: of the grid."},
    {"physics.tracer.file", PEL_PARAM_PATH, .initial = "",
     .help = "A file with the concentration, in place of a profile."},
    {"physics.tracer.variable", PEL_PARAM_TEXT, .initial = "concentration", .help = "Its variable."},
    {"physics.tracer.advection", PEL_PARAM_CHOICE, .initial = "centred", .choices = "centred|upwind",
     .help = "Concentration at faces: the mean of both sides, or that of the side the flow comes from."},
    {"physics.tracer.diffusivity", PEL_PARAM_REAL, "m2 s-1", .initial = "0", .least = 0, .most = -1,
     .help = "Diffusion of the tracer."},

    {"initial.profile", PEL_PARAM_CHOICE, .initial = "rest", .choices = "rest|bump|vortex|step|tilt|poincare-wave|jet",
     .help = "State at step 0: a Gaussian bump of eta, the same in geostrophic balance, a step up along x, a plane "
             "rising along x, a "
             "free wave, or a balanced jet along x."},
    {"initial.amplitude", PEL_PARAM_REAL, "m", .initial = "1",
     .help = "Of eta: height of a bump, half of a step, amplitude of a wave."},
    {"initial.width", PEL_PARAM_REAL, "m", .initial = "100 km", .is_exclusive = true,
     .help = "Of a bump (standard deviation) or a jet."},
    {"initial.centre", PEL_PARAM_REALS, "m", .initial = "middle", .choices = "middle", .least_count = 2,
     .most_count = 2, .help = "Place of a bump, step or jet, [x, y]; middle: of the grid."},
    {"initial.speed", PEL_PARAM_REAL, "m s-1", .initial = "1", .help = "Of a jet."},
    {"initial.waves", PEL_PARAM_INTS, .initial = "[1, 0]", .least_count = 2, .most_count = 2,
     .help = "How many wavelengths of a free wave, or of the ripple on a jet, fit the grid along x and y."},
    {"initial.perturbation", PEL_PARAM_REAL, "m", .initial = "0", .help = "Amplitude of the ripple on a jet."},
    {"initial.file", PEL_PARAM_PATH, .initial = "", .help = "A file with the state, in place of a profile."},
    {"initial.eta", PEL_PARAM_TEXT, .initial = "eta", .help = "Its variable of surface height."},
    {"initial.u", PEL_PARAM_TEXT, .initial = "u", .help = "Its variable of eastward velocity."},
    {"initial.v", PEL_PARAM_TEXT, .initial = "v", .help = "Its variable of northward velocity."},
    {0},
};

void swe_loop_args(const swe_model *model, pel_chain *chain, const char *name, swe_kernel kernel, pel_range range,
                   const pel_arg *args, int arg_count)
{
    pel_chain_loop_args(chain, name, model->depth ? kernel.varied : kernel.flat, &model->constants,
                        sizeof model->constants, range, args, model->depth ? arg_count : arg_count - 1);
    pel_chain_flops(chain, kernel.flops);
}

/* ---- parameters into the model ---- */

/* An [x, y] of the deck, or the middle of the grid. */
static void read_centre(const pel_params *params, const char *name, const swe_model *model, double centre[2])
{
    const bool is_given = pel_params_count(params, name) == 2;
    for (int d = 0; d < 2; d++)
        centre[d] = is_given ? pel_params_real_at(params, name, d) : 0.5 * (model->edge[d][0] + model->edge[d][1]);
}

static void read_grid(const pel_grid *grid, swe_model *model)
{
    swe_constants *p = &model->constants;
    for (int d = 0; d < 2; d++) {
        p->cells[d] = pel_grid_cells(grid, d);
        p->is_wall[d] = !pel_grid_is_periodic(grid, d);
        for (int side = 0; side < 2; side++) model->edge[d][side] = pel_grid_face(grid, d, side * p->cells[d]);
    }
    p->dx = pel_grid_spacing(grid, 0);
    p->dy = pel_grid_spacing(grid, 1);
    p->rdx = 1 / p->dx;
    p->rdy = 1 / p->dy;
    p->south = model->edge[1][0];
}

static void read_shapes(const pel_params *params, swe_model *model)
{
    model->initial = (swe_shape){.amplitude = pel_params_real(params, "initial.amplitude"),
                                 .width = pel_params_real(params, "initial.width"),
                                 .speed = pel_params_real(params, "initial.speed"),
                                 .perturbation = pel_params_real(params, "initial.perturbation")};
    for (int d = 0; d < 2; d++)
        model->initial.wavenumber[d] =
            2 * M_PI * (double)pel_params_int_at(params, "initial.waves", d) / (model->edge[d][1] - model->edge[d][0]);
    read_centre(params, "initial.centre", model, model->initial.centre);
    model->bottom.amplitude = pel_params_real(params, "physics.bathymetry.height");
    model->bottom.width = pel_params_real(params, "physics.bathymetry.width");
    read_centre(params, "physics.bathymetry.centre", model, model->bottom.centre);
    model->land.width = pel_params_real(params, "physics.mask.radius");
    read_centre(params, "physics.mask.centre", model, model->land.centre);
    model->blob.width = pel_params_real(params, "physics.tracer.width");
    read_centre(params, "physics.tracer.centre", model, model->blob.centre);
}

static void read_physics(const pel_params *params, swe_model *model)
{
    swe_constants *p = &model->constants;
    p->gravity = pel_params_real(params, "physics.gravity");
    p->depth = pel_params_real(params, "physics.depth");
    p->density = pel_params_real(params, "physics.density");
    p->nonlinear = pel_params_is(params, "physics.momentum", "linear") ? 0 : 1;
    model->is_enstrophy = pel_params_is(params, "physics.momentum", "enstrophy");
    p->f0 = pel_params_real(params, "physics.coriolis.f0");
    p->beta = pel_params_real(params, "physics.coriolis.beta");
    p->y0 = pel_params_is(params, "physics.coriolis.y0", "middle") ? 0.5 * (model->edge[1][0] + model->edge[1][1])
                                                                   : pel_params_real(params, "physics.coriolis.y0");
    model->viscosity = pel_params_real(params, "physics.viscosity");
    model->hyperviscosity = pel_params_real(params, "physics.hyperviscosity");
    p->linear_drag = pel_params_real(params, "physics.drag.linear");
    p->quadratic_drag = pel_params_real(params, "physics.drag.quadratic");
    p->slip = pel_params_is(params, "physics.mask.slip", "no-slip") ? 2 : 0;
    p->diffusivity = pel_params_real(params, "physics.tracer.diffusivity");
    p->upwind = pel_params_is(params, "physics.tracer.advection", "upwind") ? 1 : 0;
    model->wind_stress = pel_params_real(params, "physics.wind.stress");
    model->initial_profile = pel_params_text(params, "initial.profile");
    model->wind_profile = pel_params_text(params, "physics.wind.profile");
    model->bottom_profile = pel_params_text(params, "physics.bathymetry.profile");
    model->land_profile = pel_params_text(params, "physics.mask.profile");
    model->tracer_profile = pel_params_text(params, "physics.tracer.profile");
}

/* The limits of the time scheme, and the fastest decay: 4 nu k^2 + 16 nu4 k^4 + r, k^2 = 1/dx^2 + 1/dy^2. */
static pel_status read_limits(const pel_params *params, swe_model *model)
{
    swe_constants *p = &model->constants;
    pel_scheme scheme = PEL_SSP_RK3;
    PEL_TRY(pel_scheme_find(pel_params_text(params, "time.scheme"), &scheme));
    p->imaginary = pel_scheme_limit_imaginary(scheme);
    p->real = pel_scheme_limit_real(scheme);
    if (p->imaginary == 0 && pel_params_is(params, "time.step", "auto"))
        pel_params_error(
            params, "time.scheme",
            "time.scheme %s is stable for waves at no step, so that time.step cannot be auto; choose another "
            "scheme, or give a step",
            pel_params_text(params, "time.scheme"));
    const double k2 = p->rdx * p->rdx + p->rdy * p->rdy;
    p->friction_rate =
        4 * fmax(model->viscosity, p->diffusivity) * k2 + 16 * model->hyperviscosity * k2 * k2 + p->linear_drag;
    return PEL_OK;
}

/* ---- what the table cannot check ---- */

static void check_sides(pel_component *component, const pel_params *params)
{
    const pel_sides sides = pel_component_sides(component);
    for (int d = 0; d < 2; d++)
        for (int side = 0; side < 2; side++) {
            const char *kind = sides.side[d][side].kind;
            if (!kind || strcmp(kind, "wall") == 0 || strcmp(kind, "periodic") == 0) continue;
            pel_params_error(params, "grid.boundary",
                             "grid.boundary is '%s' at a side; shallow-water has walls and periodic sides only", kind);
        }
}

static void check(pel_component *component, const pel_params *params, const swe_model *model)
{
    check_sides(component, params);
    if (pel_grid_dimensions(pel_component_grid(component)) != 2)
        pel_params_error(params, "grid.cells", "grid.cells has %d numbers; shallow-water is two-dimensional",
                         pel_grid_dimensions(pel_component_grid(component)));
    if (!pel_params_has(params, "physics.depth") && !pel_params_has(params, "physics.bathymetry.file"))
        pel_params_error(params, NULL, "physics.depth is missing; give it, or physics.bathymetry.file");
    if (strcmp(model->initial_profile, "vortex") == 0 && model->constants.f0 == 0)
        pel_params_error(params, "initial.profile",
                         "initial.profile is vortex, which needs physics.coriolis.f0 to be in balance");
    if (strcmp(model->initial_profile, "poincare-wave") == 0 &&
        !(model->initial.wavenumber[0] != 0 || model->initial.wavenumber[1] != 0))
        pel_params_error(params, "initial.waves", "initial.waves is [0, 0]; a wave needs at least one wavelength");
}

/* ---- fields ---- */

/* A velocity along `normal`: zero on walls across it; along walls, the slip of the deck. */
static pel_field_spec velocity_spec(const pel_sides *sides, int normal)
{
    pel_field_spec spec = {.centring = normal == 0 ? PEL_FACE_X : PEL_FACE_Y, .units = "m s-1"};
    for (int d = 0; d < 2; d++)
        for (int side = 0; side < 2; side++) {
            const char *slip = sides->side[d][side].detail;
            spec.boundary[d][side].kind =
                slip && strcmp(slip, "no-slip") == 0 ? PEL_BOUNDARY_NO_SLIP : PEL_BOUNDARY_FREE_SLIP;
        }
    return spec;
}

/* A quantity at cell centres that walls do not change. */
static pel_field_spec scalar_spec(const char *units)
{
    pel_field_spec spec = {.units = units};
    for (int d = 0; d < 2; d++) spec.boundary[d][0].kind = spec.boundary[d][1].kind = PEL_BOUNDARY_GRADIENT;
    return spec;
}

static pel_status declare_state(pel_component *component, swe_model *model)
{
    const pel_sides sides = pel_component_sides(component);
    pel_prognostic fields[] = {{.name = "eta", .spec = scalar_spec("m")},
                               {.name = "u", .spec = velocity_spec(&sides, 0)},
                               {.name = "v", .spec = velocity_spec(&sides, 1)},
                               {.name = "tracer", .spec = scalar_spec("m")}};
    fields[SWE_ETA].spec.standard_name = "sea_surface_height_above_geoid";
    fields[SWE_ETA].spec.long_name = "surface height";
    fields[SWE_U].spec.standard_name = "sea_water_x_velocity";
    fields[SWE_V].spec.standard_name = "sea_water_y_velocity";
    fields[SWE_TRACER].spec.long_name = "content of tracer, thickness times concentration";
    pel_stepper *stepper;
    PEL_TRY(pel_component_stepper(component, fields, model->is_tracer ? 4 : 3, &stepper));
    model->eta = pel_stepper_field(stepper, SWE_ETA);
    model->u = pel_stepper_field(stepper, SWE_U);
    model->v = pel_stepper_field(stepper, SWE_V);
    if (model->is_tracer) model->tracer = pel_stepper_field(stepper, SWE_TRACER);
    return PEL_OK;
}

static pel_status declare_derived(pel_grid *grid, swe_model *model)
{
    pel_field_spec corner = {.centring = PEL_CORNER_XY, .role = PEL_WORK, .units = "s-1"};
    corner.standard_name = "ocean_relative_vorticity";
    PEL_TRY(pel_field_declare(grid, "vorticity", &corner, &model->vorticity));
    corner.standard_name = NULL;
    corner.units = "m-1 s-1";
    PEL_TRY(pel_field_declare(grid, "potential-vorticity", &corner, &model->potential_vorticity));
    const pel_field_spec speed = {.role = PEL_WORK, .units = "m s-1"};
    PEL_TRY(pel_field_declare(grid, "speed", &speed, &model->speed));
    const pel_field_spec concentration = {.role = PEL_WORK};
    if (model->is_tracer) PEL_TRY(pel_field_declare(grid, "concentration", &concentration, &model->concentration));
    return PEL_OK;
}

static pel_status declare_hyperviscosity(pel_component *component, swe_model *model)
{
    if (!(model->hyperviscosity > 0)) return PEL_OK;
    pel_grid *grid = pel_component_grid(component);
    const pel_sides sides = pel_component_sides(component);
    pel_field_spec u = velocity_spec(&sides, 0), v = velocity_spec(&sides, 1);
    u.role = v.role = PEL_WORK;
    u.units = v.units = "m-1 s-1";
    const pel_field_spec curl = {.centring = PEL_CORNER_XY, .role = PEL_WORK, .units = "m-2 s-1"};
    PEL_TRY(pel_field_declare(grid, "laplacian-u", &u, &model->laplacian_u));
    PEL_TRY(pel_field_declare(grid, "laplacian-v", &v, &model->laplacian_v));
    return pel_field_declare(grid, "laplacian-curl", &curl, &model->laplacian_curl);
}

/* Depth and land, where the deck has them as fields. */
static pel_status declare_basin(pel_grid *grid, const pel_params *params, swe_model *model)
{
    pel_field_spec spec = scalar_spec("m");
    spec.role = PEL_CONSTANT;
    spec.standard_name = "sea_floor_depth_below_geoid";
    if (pel_params_has(params, "physics.bathymetry.file") || swe_formula_find(swe_bottoms, model->bottom_profile))
        PEL_TRY(pel_field_declare(grid, "depth", &spec, &model->depth));
    spec.units = "1";
    spec.standard_name = "sea_binary_mask";
    if (pel_params_has(params, "physics.mask.file") || swe_formula_find(swe_lands, model->land_profile))
        PEL_TRY(pel_field_declare(grid, "wet", &spec, &model->wet));
    return PEL_OK;
}

/* The wind as fields on the faces: from a file, or filled from the profile. */
static pel_status declare_wind(pel_component *component, const pel_params *params, swe_model *model)
{
    static const char *const names[] = {"wind-x", "wind-y"};
    static const char *const variables[] = {"physics.wind.variable-x", "physics.wind.variable-y"};
    const bool is_file = pel_params_has(params, "physics.wind.file");
    for (int d = 0; d < 2; d++) {
        const bool is_profile = d == 0 && swe_formula_find(swe_winds, model->wind_profile);
        if (is_file ? pel_params_text(params, variables[d])[0] == '\0' : !is_profile) continue;
        const pel_field_spec spec = {
            .centring = d == 0 ? PEL_FACE_X : PEL_FACE_Y, .role = PEL_CONSTANT, .units = "N m-2"};
        PEL_TRY(pel_field_declare(pel_component_grid(component), names[d], &spec, &model->wind[d]));
        if (is_file)
            PEL_TRY(pel_component_force(component, model->wind[d], "physics.wind.file",
                                        pel_params_text(params, "physics.wind.file"),
                                        pel_params_text(params, variables[d])));
    }
    return PEL_OK;
}

/* ---- the step ---- */

static void record_tendency(void *data, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    const swe_model *model = data;
    swe_record_vorticity(model, chain, state);
    swe_record_continuity(model, chain, state, tendency);
    swe_record_momentum(model, chain, state, tendency);
    swe_record_stress(model, chain, state, tendency);
    swe_record_dissipation(model, chain, state, tendency);
    swe_record_coasts(model, chain, tendency[SWE_U], tendency[SWE_V]);
    swe_record_tracer(model, chain, state, tendency);
}

static pel_status setup(pel_component *component, const pel_params *params, void *data)
{
    swe_model *model = data;
    pel_grid *grid = pel_component_grid(component);
    read_grid(grid, model);
    read_physics(params, model);
    read_shapes(params, model);
    PEL_TRY(read_limits(params, model));
    model->is_tracer =
        pel_params_has(params, "physics.tracer.file") || swe_formula_find(swe_tracers, model->tracer_profile);
    check(component, params, model);
    PEL_TRY(declare_state(component, model));
    PEL_TRY(declare_derived(grid, model));
    PEL_TRY(declare_hyperviscosity(component, model));
    PEL_TRY(declare_basin(grid, params, model));
    PEL_TRY(declare_wind(component, params, model));
    PEL_TRY(pel_component_record(component, record_tendency));
    PEL_TRY(swe_setup_beginning(component, model));
    return swe_setup_diagnostics(component, model);
}

static pel_status initial(pel_component *component, const pel_params *params, void *data)
{
    return swe_fill(component, params, data);
}

/* The region of stability holds the ellipse's chord: omega dt / imaginary + rate dt / real <= 1. */
static pel_status step_limit(pel_component *component, void *data, double *seconds)
{
    swe_model *model = data;
    const swe_constants *p = &model->constants;
    PEL_TRY(pel_component_run(component, model->limit));
    *seconds = p->imaginary > 0 ? 1 / (model->frequency.value / p->imaginary + p->friction_rate / p->real) : 0;
    return PEL_OK;
}

const pel_app shallow_water_app = {
    .name = "shallow-water",
    .summary = "one layer of rotating fluid: gyres, waves, jets, tsunamis",
    .params = params_table,
    .model_size = sizeof(swe_model),
    .setup = setup,
    .initial = initial,
    .step_limit = step_limit,
};
