/* The parameters of the app: the table that documents them, how they become the model's numbers, and what the table
 * alone cannot check. */
#include "qg/parameters.h"

#include <math.h>
#include <string.h>

#define PROFILES_OF_TRACERS "blob|stripes|half"

static const pel_param tracer_params[] = {
    {"profile", PEL_PARAM_CHOICE, .initial = "blob", .choices = PROFILES_OF_TRACERS,
     .help =
         "Concentration at the start, in all layers: a Gaussian blob, stripes across x, or 1 in the northern half."},
    {"width", PEL_PARAM_REAL, "m", .initial = "100 km", .is_exclusive = true,
     .help = "Standard deviation of the blob."},
    {"centre", PEL_PARAM_REALS, "m", .initial = "middle", .choices = "middle", .least_count = 2, .most_count = 2,
     .help = "Its place, [x, y]; middle: of the grid."},
    {"waves", PEL_PARAM_INTS, .initial = "[4, 0]", .least_count = 2, .most_count = 2,
     .help = "Stripes that fit the grid along x and y."},
    {"diffusivity", PEL_PARAM_REAL, "m2 s-1", .initial = "0", .least = 0, .most = -1,
     .help = "Diffusion, exact in time; the filter damps tracers besides."},
    {0},
};

const pel_param qg_params[] = {
    {"physics.model", PEL_PARAM_CHOICE, .initial = "barotropic",
     .choices = "barotropic|equivalent-barotropic|two-layer|layers|surface",
     .help = "One layer under a rigid lid; one over a deep fluid at rest, with a deformation radius; two layers; up to "
             "16; or the buoyancy at the surface of a fluid of constant stratification (surface QG)."},
    {"physics.depth", PEL_PARAM_REAL, "m", .initial = "4000 m", .is_exclusive = true,
     .help = "Depth of all layers together, where physics.thickness does not give it; matters for topography only."},
    {"physics.thickness", PEL_PARAM_REALS, "m", .initial = "", .is_exclusive = true, .least_count = 1,
     .most_count = QG_MOST_LAYERS, .help = "Thickness of each of the layers, from the top; of model layers."},
    {"physics.thickness-ratio", PEL_PARAM_REAL, "", .initial = "1", .is_exclusive = true,
     .help = "H1 / H2 of model two-layer."},
    {"physics.density", PEL_PARAM_REALS, "kg m-3", .initial = "", .is_exclusive = true, .least_count = 1,
     .most_count = QG_MOST_LAYERS,
     .help = "Density of each of the layers, from the top, rising; with f0 and gravity it gives the stretching. In "
             "place of deformation radii."},
    {"physics.deformation-radius", PEL_PARAM_REALS, "m", .initial = "", .is_exclusive = true, .least_count = 1,
     .most_count = QG_MOST_LAYERS,
     .help = "Deformation radius of each interface, that of its two layers alone (with two layers, of the baroclinic "
             "mode); of equivalent-barotropic, the one there is."},
    {"physics.gravity", PEL_PARAM_REAL, "m s-2", .initial = "9.81", .is_exclusive = true, .help = "Gravity."},
    {"physics.coriolis.f0", PEL_PARAM_REAL, "s-1", .initial = "1e-4",
     .help = "Coriolis parameter; for densities and topography."},
    {"physics.coriolis.beta", PEL_PARAM_REAL, "m-1 s-1", .initial = "0", .help = "Its change northward."},
    {"physics.buoyancy-frequency", PEL_PARAM_REAL, "s-1", .initial = "0.01", .is_exclusive = true,
     .help = "N of surface QG."},
    {"physics.flow", PEL_PARAM_REALS, "m s-1", .initial = "0", .least_count = 1, .most_count = QG_MOST_LAYERS,
     .help = "Mean flow along x in each of the layers, from the top; one number alone: in all of them."},
    {"physics.drag.linear", PEL_PARAM_REAL, "s-1", .initial = "0", .least = 0, .most = -1,
     .help = "Bottom drag, r in -r lap psi in the lowest layer."},

    {"physics.filter.kind", PEL_PARAM_CHOICE, .initial = "exponential", .choices = "exponential|two-thirds|none",
     .help = "What is done to the smallest scales after each step: exp(-strength (kappa - cutoff)^4) beyond the "
             "cutoff, kappa^2 = (k dx)^2 + (l dy)^2; or nothing from 2/3 of the largest wavenumbers on, so that "
             "products have no aliases."},
    {"physics.filter.strength", PEL_PARAM_REAL, "", .initial = "23.6", .is_exclusive = true,
     .help = "Of the exponential filter; 23.6 leaves 1e-15 of the largest wavenumber along x."},
    {"physics.filter.cutoff", PEL_PARAM_REAL, "", .initial = "0.65", .least = 0, .most = 1, .is_exclusive = true,
     .help = "Of the exponential filter, as a fraction of the largest wavenumber, pi / dx."},
    {"physics.hyperviscosity.coefficient", PEL_PARAM_REAL, "", .initial = "0", .least = 0, .most = -1,
     .help = "nu in -nu K^(2 order) q, in m^(2 order) s-1; exact in time."},
    {"physics.hyperviscosity.order", PEL_PARAM_INT, .initial = "4", .least = 1, .most = 16,
     .help = "1: Laplacian friction, 2: biharmonic, and so on."},

    {"physics.topography.profile", PEL_PARAM_CHOICE, .initial = "flat", .choices = "flat|seamount|ridge|waves",
     .help = "The bottom by formula: a Gaussian seamount, a Gaussian ridge along y, or cosines along x and y."},
    {"physics.topography.height", PEL_PARAM_REAL, "m", .initial = "100 m", .help = "Height of the profile."},
    {"physics.topography.width", PEL_PARAM_REAL, "m", .initial = "100 km", .is_exclusive = true,
     .help = "Standard deviation of the seamount or ridge."},
    {"physics.topography.centre", PEL_PARAM_REALS, "m", .initial = "middle", .choices = "middle", .least_count = 2,
     .most_count = 2, .help = "Its place, [x, y]; middle: of the grid."},
    {"physics.topography.waves", PEL_PARAM_INTS, .initial = "[2, 2]", .least_count = 2, .most_count = 2,
     .help = "Wavelengths that fit the grid along x and y."},
    {"physics.topography.file", PEL_PARAM_PATH, .initial = "",
     .help = "A file with the height of the bottom, in place of a profile."},
    {"physics.topography.variable", PEL_PARAM_TEXT, .initial = "height", .help = "Its variable, in m."},

    {"physics.forcing.injection", PEL_PARAM_REAL, "m2 s-3", .initial = "0", .least = 0, .most = -1,
     .help = "Energy that a random forcing, white in time, brings in: the mean rate, per mass of all layers."},
    {"physics.forcing.wavenumber", PEL_PARAM_REAL, "rad m-1", .initial = "", .is_exclusive = true,
     .help = "Middle of the ring of wavenumbers that are forced, all of them with the same energy."},
    {"physics.forcing.width", PEL_PARAM_REAL, "rad m-1", .initial = "", .is_exclusive = true,
     .help = "Width of the ring."},
    {"physics.forcing.layer", PEL_PARAM_INT, .initial = "1", .least = 1, .most = QG_MOST_LAYERS,
     .help = "The layer that is forced; 1 is the top."},

    {"physics.tracers", PEL_PARAM_LIST, .initial = "[]", .least_count = 0, .most_count = QG_MOST_TRACERS,
     .items = tracer_params, .help = "Passive tracers, carried by every layer."},

    {"physics.drifters.count", PEL_PARAM_INT, .initial = "0", .least = 0, .most = 1e9,
     .help = "Lagrangian drifters; with output.snapshots.tables: [drifters] they are written."},
    {"physics.drifters.layer", PEL_PARAM_INT, .initial = "1", .least = 1, .most = QG_MOST_LAYERS,
     .help = "The layer that carries them; 1 is the top."},
    {"physics.drifters.arrangement", PEL_PARAM_CHOICE, .initial = "grid", .choices = "grid|random",
     .help = "Where they start: evenly spread, or anywhere, by run.seed."},

    {"initial.profile", PEL_PARAM_CHOICE, .initial = "rest", .choices = "rest|two-vortices|random|waves|wave|vortex",
     .help = "State at step 0: at rest; two equal vortices side by side; random phases; q of cosines along x and y "
             "(initial.ripple); one wave; a Gaussian vortex."},
    {"initial.energy", PEL_PARAM_REAL, "m2 s-2", .initial = "0", .least = 0, .most = -1,
     .help = "Kinetic energy, as the filter leaves it, that the state is scaled to, per mass of all layers; 0: not "
             "scaled. Needed for random."},
    {"initial.layer", PEL_PARAM_INT, .initial = "0", .least = 0, .most = QG_MOST_LAYERS,
     .help = "Which layer's streamfunction (of waves: which layer's q) the profile gives; 0: all alike."},
    {"initial.peak", PEL_PARAM_REAL, "", .initial = "6", .is_exclusive = true,
     .help = "Of random: the spectrum of energy goes as n / (1 + (n / peak)^slope), n counting wavelengths in the "
             "larger extent."},
    {"initial.slope", PEL_PARAM_REAL, "", .initial = "4", .least = 0, .most = -1, .help = "Of random."},
    {"initial.amplitude", PEL_PARAM_REAL, "m2 s-1", .initial = "1",
     .help = "Of the streamfunction of a wave or vortex."},
    {"initial.buoyancy", PEL_PARAM_REAL, "m s-2", .initial = "0.001", .help = "Of a vortex of surface QG."},
    {"initial.ripple", PEL_PARAM_REALS, "s-1", .initial = "[1e-6, 1e-7]", .least_count = 2, .most_count = 2,
     .help = "Amplitudes of q of waves, along x and along y."},
    {"initial.waves", PEL_PARAM_INTS, .initial = "[1, 0]", .least_count = 2, .most_count = 2,
     .help = "Wavelengths of waves, or of a wave, that fit the grid along x and y."},
    {"initial.mode", PEL_PARAM_INT, .initial = "0", .least = 0, .most = QG_MOST_LAYERS - 1,
     .help = "Vertical mode of a wave; 0 is the barotropic."},
    {"initial.width", PEL_PARAM_REALS, "m", .initial = "100 km", .is_exclusive = true, .least_count = 1,
     .most_count = 2, .help = "Standard deviation of a vortex, along x and y."},
    {"initial.centre", PEL_PARAM_REALS, "m", .initial = "middle", .choices = "middle", .least_count = 2,
     .most_count = 2, .help = "Place of a vortex, [x, y]; middle: of the grid."},
    {0},
};

/* ---- the grid ---- */

static void check_grid(pel_component *component, const pel_params *params)
{
    static const char *const axis[] = {"x", "y"};
    const pel_grid *grid = pel_component_grid(component);
    const int dimensions = pel_grid_dimensions(grid);
    if (dimensions != 2) {
        pel_params_error(params, "grid.cells",
                         "grid.cells has %d numbers; qg has a grid of two dimensions, and its layers besides",
                         dimensions);
        return;
    }
    for (int d = 0; d < 2; d++) {
        if (!pel_grid_is_periodic(grid, d))
            pel_params_error(params, "grid.boundary", "grid.boundary is not periodic along %s; qg is, along x and y",
                             axis[d]);
        if (pel_grid_cells(grid, d) < 8)
            pel_params_error(params, "grid.cells", "grid.cells[%d] is %d; qg needs at least 8 cells along x and y", d,
                             pel_grid_cells(grid, d));
    }
}

static void read_grid(pel_component *component, qg_model *model)
{
    const pel_grid *grid = pel_component_grid(component);
    for (int d = 0; d < 2; d++) {
        model->constants.cells[d] = pel_grid_cells(grid, d);
        model->constants.spacing[d] = pel_grid_spacing(grid, d);
    }
}

/* ---- the layers ---- */

/* The numbers of a list, as many as there is room for. */
static int read_list(const pel_params *params, const char *name, double *values)
{
    const int count = pel_params_count(params, name);
    for (int i = 0; i < count && i < QG_MOST_LAYERS; i++) values[i] = pel_params_real_at(params, name, i);
    return count;
}

/* Whether a list has `wanted` numbers; if not, an error. */
static bool has_count(const pel_params *params, const char *name, int wanted, const char *why)
{
    const int count = pel_params_count(params, name);
    if (count == wanted) return true;
    if (pel_params_is_wrong(params, name)) return false;
    pel_params_error(params, count > 0 ? name : NULL, "%s has %d numbers; %s needs %d", name, count, why, wanted);
    return false;
}

static void refuse(const pel_params *params, const char *name, const char *why)
{
    if (pel_params_count(params, name) > 0 && !pel_params_is_wrong(params, "physics.model"))
        pel_params_error(params, name, "%s is given, but %s", name, why);
}

static void read_densities(const pel_params *params, qg_model *model)
{
    double density[QG_MOST_LAYERS];
    qg_layers *layers = &model->constants.layers;
    if (!has_count(params, "physics.density", layers->count, "one for each of physics.thickness")) return;
    read_list(params, "physics.density", density);
    for (int i = 0; i + 1 < layers->count; i++)
        if (density[i + 1] <= density[i]) {
            pel_params_error(params, "physics.density",
                             "physics.density is %g kg m-3 in layer %d and %g below it: unstable stratification; let "
                             "densities rise downward",
                             density[i], i + 1, density[i + 1]);
            return;
        }
    if (model->constants.f0 == 0)
        pel_params_error(params, "physics.coriolis.f0", "physics.coriolis.f0 is 0, but physics.density needs it");
    else qg_layers_set_density(layers, density, model->constants.f0, pel_params_real(params, "physics.gravity"));
}

static void read_radii(const pel_params *params, qg_model *model, const char *why)
{
    double radius[QG_MOST_LAYERS];
    qg_layers *layers = &model->constants.layers;
    if (!has_count(params, "physics.deformation-radius", layers->count - 1, why)) return;
    read_list(params, "physics.deformation-radius", radius);
    qg_layers_set_radius(layers, radius);
}

static void read_many_layers(const pel_params *params, qg_model *model)
{
    double thickness[QG_MOST_LAYERS] = {1};
    const int count = read_list(params, "physics.thickness", thickness);
    if (count == 0 && !pel_params_is_wrong(params, "physics.thickness"))
        pel_params_error(params, NULL, "physics.thickness is missing; model layers needs it");
    qg_layers_set_thickness(&model->constants.layers, thickness, count > 0 ? count : 1);
    if (count <= 1) return;
    if (pel_params_count(params, "physics.density") == 0) {
        read_radii(params, model, "one for each interface of physics.thickness");
        return;
    }
    refuse(params, "physics.deformation-radius", "so is physics.density; give one of them");
    read_densities(params, model);
}

static void read_two_layers(const pel_params *params, qg_model *model)
{
    const double ratio = pel_params_real(params, "physics.thickness-ratio");
    const double depth = pel_params_real(params, "physics.depth");
    const double thickness[] = {depth * ratio / (1 + ratio), depth / (1 + ratio)};
    qg_layers_set_thickness(&model->constants.layers, thickness, 2);
    read_radii(params, model, "two-layer");
}

static void read_one_layer(const pel_params *params, qg_model *model)
{
    const double depth = pel_params_real(params, "physics.depth");
    qg_layers *layers = &model->constants.layers;
    qg_layers_set_thickness(layers, &depth, 1);
    if (!pel_params_is(params, "physics.model", "equivalent-barotropic")) {
        refuse(params, "physics.deformation-radius", "this physics.model has none");
        return;
    }
    if (!has_count(params, "physics.deformation-radius", 1, "equivalent-barotropic")) return;
    const double radius = pel_params_real_at(params, "physics.deformation-radius", 0);
    layers->outer = 1 / (radius * radius);
}

static void read_layers(const pel_params *params, qg_model *model)
{
    const bool is_many = pel_params_is(params, "physics.model", "layers");
    model->constants.is_surface = pel_params_is(params, "physics.model", "surface");
    if (is_many) {
        read_many_layers(params, model);
        return;
    }
    refuse(params, "physics.thickness", "physics.model is not layers");
    refuse(params, "physics.density", "physics.model is not layers");
    if (pel_params_is(params, "physics.model", "two-layer")) read_two_layers(params, model);
    else read_one_layer(params, model);
}

/* Qy_i = beta - (S U)_i: Vallis 2017, eq. 9.50. */
static void read_flow(const pel_params *params, qg_model *model)
{
    qg_constants *c = &model->constants;
    const int given = pel_params_count(params, "physics.flow");
    const bool are_known =
        !pel_params_is_wrong(params, "physics.model") && !pel_params_is_wrong(params, "physics.thickness");
    if (given != 1 && given != c->layers.count && given > 0 && are_known)
        pel_params_error(params, "physics.flow",
                         "physics.flow has %d numbers, but there are %d layers; give one a layer, or one for all",
                         given, c->layers.count);
    for (int i = 0; i < c->layers.count && given > 0; i++)
        c->flow[i] = pel_params_real_at(params, "physics.flow", i < given ? i : given - 1);
    for (int i = 0; i < c->layers.count; i++)
        c->gradient[i] = c->is_surface ? 0 : c->beta - qg_layers_stretching(&c->layers, c->flow, 1, i);
}

/* What has no meaning at a surface alone. */
static void check_surface(const pel_params *params, const qg_model *model)
{
    const struct {
        const char *name;
        bool is_asked;
    } others[] = {
        {"physics.coriolis.beta", model->constants.beta != 0},
        {"physics.drag.linear", model->constants.drag > 0},
        {"physics.topography.profile", model->bottom.exists},
        {"physics.forcing.injection", model->forcing.injection > 0},
    };
    for (size_t i = 0; model->constants.is_surface && i < sizeof others / sizeof *others; i++)
        if (others[i].is_asked)
            pel_params_error(params, others[i].name,
                             "%s is given, but surface QG has none; choose another physics.model", others[i].name);
}

/* ---- damping, and the limits of the step ---- */

static pel_status read_damping(const pel_params *params, qg_model *model)
{
    qg_damping *damping = &model->damping;
    damping->filter = pel_params_text(params, "physics.filter.kind");
    damping->strength = pel_params_real(params, "physics.filter.strength");
    damping->cutoff = M_PI * pel_params_real(params, "physics.filter.cutoff");
    damping->hyperviscosity = pel_params_real(params, "physics.hyperviscosity.coefficient");
    damping->order = (int)pel_params_int(params, "physics.hyperviscosity.order");
    pel_scheme scheme = PEL_AB3;
    PEL_TRY(pel_scheme_find(pel_params_text(params, "time.scheme"), &scheme));
    model->constants.imaginary = pel_scheme_limit_imaginary(scheme);
    model->constants.real = pel_scheme_limit_real(scheme);
    if (model->constants.imaginary == 0 && pel_params_is(params, "time.step", "auto"))
        pel_params_error(params, "time.scheme", "time.scheme %s is stable for waves at no step; choose another scheme",
                         pel_params_text(params, "time.scheme"));
    return PEL_OK;
}

/* The largest wavenumbers that the filter leaves alone: it takes more than half of what lies beyond, every step. */
static void find_largest(qg_model *model)
{
    const qg_damping *damping = &model->damping;
    double fraction = 1;
    if (strcmp(damping->filter, "two-thirds") == 0) fraction = 2.0 / 3;
    if (strcmp(damping->filter, "exponential") == 0)
        fraction = fmin(1, (damping->cutoff + sqrt(sqrt(log(2) / damping->strength))) / M_PI);
    model->constants.is_round = strcmp(damping->filter, "exponential") == 0;
    for (int d = 0; d < 2; d++) model->constants.largest[d] = fraction * M_PI / model->constants.spacing[d];
}

/* ---- shapes ---- */

/* Waves of the grid, shorter than which there are none: they would come out as longer ones. */
static void check_waves(pel_component *component, const pel_params *params, const char *name)
{
    for (int d = 0; d < 2 && pel_params_count(params, name) == 2; d++) {
        const long waves = pel_params_int_at(params, name, d);
        const int most = pel_grid_cells(pel_component_grid(component), d) / 2;
        if (waves < -most || waves > most)
            pel_params_error(params, name, "%s has %ld wavelengths along %s, but the grid can show %d at most", name,
                             waves, d == 0 ? "x" : "y", most);
    }
}

static void read_shape(pel_component *component, const pel_params *params, const char *centre, const char *waves,
                       qg_shape *shape)
{
    const pel_grid *grid = pel_component_grid(component);
    for (int d = 0; d < 2; d++) {
        shape->start[d] = pel_grid_face(grid, d, 0);
        shape->end[d] = pel_grid_face(grid, d, pel_grid_cells(grid, d));
        shape->centre[d] = pel_params_count(params, centre) == 2 ? pel_params_real_at(params, centre, d)
                                                                 : 0.5 * (shape->start[d] + shape->end[d]);
        if (pel_params_count(params, waves) != 2) continue;
        shape->wavenumber[d] =
            2 * M_PI * (double)pel_params_int_at(params, waves, d) / (shape->end[d] - shape->start[d]);
    }
}

static void read_bottom(pel_component *component, const pel_params *params, qg_model *model)
{
    qg_bottom *bottom = &model->bottom;
    read_shape(component, params, "physics.topography.centre", "physics.topography.waves", &bottom->shape);
    bottom->shape.profile = pel_params_text(params, "physics.topography.profile");
    bottom->shape.amplitude = pel_params_real(params, "physics.topography.height");
    bottom->shape.width[0] = bottom->shape.width[1] = pel_params_real(params, "physics.topography.width");
    if (pel_params_has(params, "physics.topography.file"))
        bottom->file = pel_params_text(params, "physics.topography.file");
    bottom->variable = pel_params_text(params, "physics.topography.variable");
    bottom->exists = bottom->file || strcmp(bottom->shape.profile, "flat") != 0;
    if (!bottom->file && strcmp(bottom->shape.profile, "waves") == 0)
        check_waves(component, params, "physics.topography.waves");
    if (bottom->exists && model->constants.f0 == 0)
        pel_params_error(params, "physics.coriolis.f0",
                         "physics.coriolis.f0 is 0, so that the topography would do nothing; give it");
}

static void read_tracers(pel_component *component, const pel_params *params, qg_model *model)
{
    const int count = pel_params_count(params, "physics.tracers");
    model->tracer_count = count < QG_MOST_TRACERS ? count : QG_MOST_TRACERS;
    for (int j = 0; j < model->tracer_count; j++) {
        const pel_params *item = pel_params_item(params, "physics.tracers", j);
        qg_tracer *tracer = &model->tracers[j];
        read_shape(component, item, "centre", "waves", &tracer->shape);
        tracer->shape.profile = pel_params_text(item, "profile");
        if (strcmp(tracer->shape.profile, "stripes") == 0) check_waves(component, item, "waves");
        tracer->shape.amplitude = 1;
        tracer->shape.width[0] = tracer->shape.width[1] = pel_params_real(item, "width");
        tracer->diffusivity = pel_params_real(item, "diffusivity");
    }
}

static void read_initial(pel_component *component, const pel_params *params, qg_model *model)
{
    qg_initial *initial = &model->initial;
    const int widths = pel_params_count(params, "initial.width");
    read_shape(component, params, "initial.centre", "initial.waves", &initial->shape);
    initial->shape.profile = pel_params_text(params, "initial.profile");
    if (strncmp(initial->shape.profile, "wave", 4) == 0) check_waves(component, params, "initial.waves");
    const bool is_buoyancy = model->constants.is_surface && strcmp(initial->shape.profile, "vortex") == 0;
    initial->shape.amplitude = pel_params_real(params, is_buoyancy ? "initial.buoyancy" : "initial.amplitude");
    for (int d = 0; d < 2; d++) {
        if (widths > 0) initial->shape.width[d] = pel_params_real_at(params, "initial.width", d < widths ? d : 0);
        if (pel_params_count(params, "initial.ripple") == 2)
            initial->ripple[d] = pel_params_real_at(params, "initial.ripple", d);
    }
    initial->energy = pel_params_real(params, "initial.energy");
    initial->peak = pel_params_real(params, "initial.peak");
    initial->slope = pel_params_real(params, "initial.slope");
    initial->layer = (int)pel_params_int(params, "initial.layer") - 1;
    initial->mode = (int)pel_params_int(params, "initial.mode");
}

static void read_forcing(const pel_params *params, qg_model *model)
{
    qg_forcing *forcing = &model->forcing;
    forcing->injection = pel_params_real(params, "physics.forcing.injection");
    forcing->wavenumber = pel_params_real(params, "physics.forcing.wavenumber");
    forcing->width = pel_params_real(params, "physics.forcing.width");
    forcing->layer = (int)pel_params_int(params, "physics.forcing.layer") - 1;
    if (!(forcing->injection > 0)) return;
    static const char *const needed[] = {"physics.forcing.wavenumber", "physics.forcing.width"};
    for (int i = 0; i < 2; i++)
        if (!pel_params_has(params, needed[i]) && !pel_params_is_wrong(params, needed[i]))
            pel_params_error(params, NULL, "%s is missing; physics.forcing.injection needs it", needed[i]);
}

/* ---- what hangs together ---- */

/* A layer that is asked for must be there. */
static void check_layer(const pel_params *params, const char *name, int layer, const qg_model *model)
{
    const int count = model->constants.layers.count;
    if (layer >= count)
        pel_params_error(params, name, "%s is %d, but there %s %d", name, layer + 1,
                         count == 1 ? "is only layer" : "are only layers 1 to", count);
}

static void check_initial(const pel_params *params, const qg_model *model)
{
    const qg_initial *initial = &model->initial;
    const bool is_random = strcmp(initial->shape.profile, "random") == 0;
    const bool is_wave = strncmp(initial->shape.profile, "wave", 4) == 0;
    check_layer(params, "initial.layer", initial->layer, model);
    if (initial->mode >= model->constants.layers.count)
        pel_params_error(params, "initial.mode", "initial.mode is %d, but %d layers have modes 0 to %d only",
                         initial->mode, model->constants.layers.count, model->constants.layers.count - 1);
    if (is_random && !(initial->energy > 0) && !pel_params_is_wrong(params, "initial.energy"))
        pel_params_error(params, "initial.profile", "initial.profile is random, which needs initial.energy");
    if (is_wave && initial->shape.wavenumber[0] == 0 && initial->shape.wavenumber[1] == 0)
        pel_params_error(params, "initial.waves", "initial.waves is [0, 0]; a wave needs at least one wavelength");
}

static void read_physics(const pel_params *params, qg_model *model)
{
    qg_constants *c = &model->constants;
    c->f0 = pel_params_real(params, "physics.coriolis.f0");
    c->beta = pel_params_real(params, "physics.coriolis.beta");
    c->drag = pel_params_real(params, "physics.drag.linear");
    c->buoyancy_frequency = pel_params_real(params, "physics.buoyancy-frequency");
    read_layers(params, model);
    read_flow(params, model);
}

pel_status qg_read(pel_component *component, const pel_params *params, qg_model *model)
{
    check_grid(component, params);
    read_grid(component, model);
    read_physics(params, model);
    PEL_TRY(read_damping(params, model));
    find_largest(model);
    read_bottom(component, params, model);
    read_tracers(component, params, model);
    read_initial(component, params, model);
    read_forcing(params, model);
    model->seed = pel_component_seed(component);
    model->drifters.count = pel_params_int(params, "physics.drifters.count");
    model->drifters.layer = (int)pel_params_int(params, "physics.drifters.layer") - 1;
    model->drifters.is_random = pel_params_is(params, "physics.drifters.arrangement", "random");
    if (model->forcing.injection > 0) check_layer(params, "physics.forcing.layer", model->forcing.layer, model);
    if (model->drifters.count > 0) check_layer(params, "physics.drifters.layer", model->drifters.layer, model);
    check_surface(params, model);
    check_initial(params, model);
    PEL_TRY(pel_params_finish(params));
    return qg_layers_find_modes(&model->constants.layers);
}
