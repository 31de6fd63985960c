/* The state in tables.
 *
 *     atoms     by id: type, position, velocity, image. Positions lie in the box where it is periodic; with image times
 *               length they are unwrapped
 *     types     by type: mass
 *     numbers   by a hash of its name: a number that thermostat, barostat or deformation keep
 *
 * and the box in scalars. Two things make a resume exact: positions are multiples of a grain that follows from
 * `longest`, which is therefore kept, and all else that a step needs is found again from these. */
#include "md/state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "md/atoms.h"
#include "md/dynamics.h"
#include "md/parameters.h"
#include "md/potential.h"
#include "md/relax.h"

enum { TYPE, POSITION, VELOCITY, IMAGE }; /* columns of atoms */

/* A box that changes may become so many times as long; a barostat, a deformation or a minimisation that goes further
 * ends the run. */
static const double most_growth = 2, most_spread = 4;

/* ---- declaring ---- */

static pel_status declare_table(pel_component *component, const char *name, const pel_column_spec *columns, int count,
                                pel_table **table)
{
    PEL_TRY(pel_table_create(name, columns, count, table));
    return pel_component_table(component, *table);
}

static pel_status declare_box(pel_component *component, md_model *model)
{
    char name[32];
    for (int d = 0; d < 3; d++) {
        snprintf(name, sizeof name, "box-low-%c", "xyz"[d]);
        PEL_TRY(pel_component_scalar(component, name, &model->box.lo[d]));
        snprintf(name, sizeof name, "box-length-%c", "xyz"[d]);
        PEL_TRY(pel_component_scalar(component, name, &model->box.length[d]));
    }
    return pel_component_scalar(component, "box-longest", &model->box.longest);
}

pel_status md_state_declare(pel_component *component, md_model *model)
{
    const pel_unit_system *units = model->units;
    const pel_column_spec atoms[] = {
        [TYPE] = {.name = "type", .type = PEL_INT32, .long_name = "type of the atom"},
        [POSITION] = {.name = "position", .components = 3, .units = units->length, .long_name = "position in the box"},
        [VELOCITY] = {.name = "velocity", .components = 3, .units = units->velocity, .long_name = "velocity"},
        [IMAGE] = {.name = "image", .type = PEL_INT32, .components = 3, .long_name = "box lengths crossed"}};
    const pel_column_spec mass = {.name = "mass", .units = units->mass, .long_name = "mass of an atom of this type"};
    const pel_column_spec number = {.name = "value", .is_internal = true};
    PEL_TRY(declare_table(component, "atoms", atoms, 4, &model->atoms));
    PEL_TRY(declare_table(component, "types", &mass, 1, &model->types));
    PEL_TRY(declare_table(component, "numbers", &number, 1, &model->numbers));
    return declare_box(component, model);
}

/* ---- making the system ---- */

static void forget(md_model *model)
{
    pel_dynamics_destroy(model->dynamics);
    pel_system_destroy(model->system);
    model->dynamics = NULL;
    model->system = NULL;
}

static double skin_of(const md_model *model)
{
    const pel_params *params = model->params;
    if (pel_params_has(params, "neighbours.skin")) return pel_params_real(params, "neighbours.skin");
    return model->units->usual_skin;
}

static pel_status make_system(md_model *model, const pel_configuration *atoms)
{
    const pel_params *params = model->params;
    const bool sorts = !pel_params_is(params, "neighbours.sort-every", "never");
    pel_system_spec spec = {.team = pel_component_team(model->component),
                            .skin = skin_of(model),
                            .sort_every = sorts ? (int)pel_params_int(params, "neighbours.sort-every") : -1,
                            .is_fast = !pel_params_flag(params, "reproducible"),
                            .boltzmann = model->units->boltzmann,
                            .kinetic_unit = model->units->kinetic_unit,
                            .longest = model->box.longest};
    PEL_TRY(md_potential_create(params, atoms->types, &spec.potential));
    PEL_TRY(pel_params_finish(params));
    PEL_TRY(md_note(params, "potential.cutoff", pel_system_create(&spec, atoms, &model->system)));
    return pel_params_finish(params);
}

static void weigh(md_model *model, const pel_configuration *atoms)
{
    model->count = atoms->count;
    model->mass = 0;
    memset(model->number, 0, sizeof model->number);
    for (long i = 0; i < atoms->count; i++) model->number[atoms->type[i] - 1]++;
    for (int t = 0; t < atoms->types; t++) model->mass += model->number[t] * atoms->mass[t];
}

static pel_status make(md_model *model, const pel_configuration *atoms)
{
    forget(model);
    model->looked_at = 0;
    PEL_TRY(make_system(model, atoms));
    PEL_TRY(md_dynamics_make(model));
    weigh(model, atoms);
    pel_component_size(model->component, (double)atoms->count, "atom");
    return PEL_OK;
}

/* What a length of a box that begins so may become. */
static double longest_of(const md_model *model, const pel_simulation_box *box)
{
    const bool may_grow = md_dynamics_changes_box(model->params) || md_relax_changes_box(model->params);
    const double growth = may_grow ? most_growth : 1;
    double longest = 0;
    for (int d = 0; d < 3; d++) longest = fmax(longest, box->length[d] * (box->is_periodic[d] ? growth : most_spread));
    return longest;
}

pel_status md_state_begin(md_model *model, const pel_configuration *atoms)
{
    model->box.longest = longest_of(model, &atoms->box);
    return make(model, atoms);
}

void md_state_end(md_model *model)
{
    forget(model);
    pel_configuration_free(&model->stored);
}

/* ---- to tables ---- */

static pel_status store_atoms(md_model *model)
{
    const pel_configuration *from = &model->stored;
    const size_t n = (size_t)from->count;
    if (pel_table_rows(model->atoms) != from->count) PEL_TRY(pel_table_resize(model->atoms, from->count, from->id));
    memcpy(pel_table_values(model->atoms, TYPE), from->type, n * sizeof *from->type);
    memcpy(pel_table_values(model->atoms, POSITION), from->position, n * sizeof *from->position);
    memcpy(pel_table_values(model->atoms, VELOCITY), from->velocity, n * sizeof *from->velocity);
    memcpy(pel_table_values(model->atoms, IMAGE), from->image, n * sizeof *from->image);
    return PEL_OK;
}

static pel_status store_types(md_model *model)
{
    int64_t ids[MD_MOST_TYPES];
    for (int t = 0; t < model->stored.types; t++) ids[t] = t + 1;
    PEL_TRY(pel_table_resize(model->types, model->stored.types, ids));
    memcpy(pel_table_values(model->types, 0), model->stored.mass, (size_t)model->stored.types * sizeof(double));
    return PEL_OK;
}

/* A positive number that stands for a name. */
static int64_t id_of(const char *name)
{
    return (int64_t)(pel_hash_text(name) >> 2);
}

static pel_status store_numbers(md_model *model)
{
    const pel_dynamics_scalar *scalars;
    const int count = pel_dynamics_scalars(model->dynamics, &scalars);
    PEL_TRY(pel_table_resize(model->numbers, 0, NULL));
    for (int i = 0; i < count; i++) {
        long row;
        PEL_TRY(pel_table_add(model->numbers, id_of(scalars[i].name), &row));
        ((double *)pel_table_values(model->numbers, 0))[row] = *scalars[i].value;
    }
    return PEL_OK;
}

pel_status md_state_look(md_model *model, pel_step now)
{
    if (model->looked_at != now.index + 1) PEL_TRY(pel_system_store(model->system, &model->stored));
    model->looked_at = now.index + 1;
    return PEL_OK;
}

pel_status md_state_store(void *data)
{
    md_model *model = data;
    PEL_TRY(pel_system_store(model->system, &model->stored));
    memcpy(model->box.lo, model->stored.box.lo, sizeof model->box.lo);
    memcpy(model->box.length, model->stored.box.length, sizeof model->box.length);
    PEL_TRY(store_atoms(model));
    PEL_TRY(store_types(model));
    return store_numbers(model);
}

/* ---- from tables ---- */

/* A run from a state has the deck's masses where it gives them. */
static pel_status load_types(const md_model *model, pel_configuration *to)
{
    const long types = pel_table_rows(model->types), wanted = pel_params_int(model->params, "atoms.types");
    if (types < 1 || types > MD_MOST_TYPES)
        return pel_fail(PEL_ERR_CORRUPT, "a state with %ld types of atoms; there are 1 to %d", types, MD_MOST_TYPES);
    if (types != wanted)
        pel_params_error(model->params, "atoms.types",
                         "atoms.types is %ld, but the state has atoms of %ld types; say atoms.types: %ld", wanted,
                         types, types);
    PEL_TRY(pel_params_finish(model->params));
    PEL_TRY(pel_configuration_types(to, (int)types));
    memcpy(to->mass, pel_table_values(model->types, 0), (size_t)types * sizeof *to->mass);
    for (int t = 0; t < pel_params_count(model->params, "masses"); t++)
        to->mass[t] = pel_params_real_at(model->params, "masses", t);
    return PEL_OK;
}

static pel_status load_atoms(const md_model *model, pel_configuration *to)
{
    const long count = pel_table_rows(model->atoms);
    const size_t n = (size_t)count;
    PEL_TRY(pel_configuration_reserve(to, count));
    to->count = count;
    memcpy(to->id, pel_table_ids(model->atoms), n * sizeof *to->id);
    memcpy(to->type, pel_table_values(model->atoms, TYPE), n * sizeof *to->type);
    memcpy(to->position, pel_table_values(model->atoms, POSITION), n * sizeof *to->position);
    memcpy(to->velocity, pel_table_values(model->atoms, VELOCITY), n * sizeof *to->velocity);
    memcpy(to->image, pel_table_values(model->atoms, IMAGE), n * sizeof *to->image);
    return PEL_OK;
}

/* The deformation of a new run begins with the box that it finds, whatever that of the other did. */
static bool is_anew(const char *name, bool is_new_run)
{
    return is_new_run && strncmp(name, "deformation", strlen("deformation")) == 0;
}

/* Numbers that the state does not have, of another thermostat, begin at 0. */
static void load_numbers(md_model *model, bool is_new_run)
{
    const pel_dynamics_scalar *scalars;
    const int count = pel_dynamics_scalars(model->dynamics, &scalars);
    for (int i = 0; i < count; i++) {
        const long row = pel_table_row(model->numbers, id_of(scalars[i].name));
        const bool is_zero = row < 0 || is_anew(scalars[i].name, is_new_run);
        *scalars[i].value = is_zero ? 0 : ((const double *)pel_table_values(model->numbers, 0))[row];
    }
}

static pel_status load(md_model *model, bool is_new_run, pel_configuration *atoms)
{
    PEL_TRY(load_types(model, atoms));
    PEL_TRY(load_atoms(model, atoms));
    memcpy(atoms->box.lo, model->box.lo, sizeof atoms->box.lo);
    memcpy(atoms->box.length, model->box.length, sizeof atoms->box.length);
    md_atoms_periodic(model->params, atoms->box.is_periodic);
    if (is_new_run) /* its deck may let a box change that did not */
        model->box.longest = fmax(model->box.longest, longest_of(model, &atoms->box));
    PEL_TRY(make(model, atoms));
    load_numbers(model, is_new_run);
    return PEL_OK;
}

/* On resume, what was loaded is what a store would give. A run that begins from the checkpoint of another has been
 * through initial(), and so has a system already. */
pel_status md_state_load(void *data)
{
    md_model *model = data;
    pel_configuration atoms = {0};
    const bool is_new_run = model->system != NULL;
    const pel_status status = load(model, is_new_run, &atoms);
    pel_configuration_free(&model->stored);
    model->stored = atoms;
    return status == PEL_OK && is_new_run ? md_state_store(model) : status;
}
