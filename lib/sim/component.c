/* Components: an app with its grids, its clock and its chains; and what sim/app.h offers to apps, all but files. */
#include "sim/component.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "sim/forcing.h"

/* ---- the grid ---- */

/* Element i of a list of reals; of a list of one, that one. */
static double real_of_dimension(const pel_params *params, const char *name, int i)
{
    const int count = pel_params_count(params, name);
    return count == 0 ? 0 : pel_params_real_at(params, name, i < count ? i : count - 1);
}

static bool is_periodic(const pel_sides *sides, int d, int side)
{
    return sides->side[d][side].kind && strcmp(sides->side[d][side].kind, "periodic") == 0;
}

/* Checks what the parameter table cannot: that the entries of `grid` agree. */
static void check_grid(pel_component *component, int dimensions)
{
    static const char *const axis[] = {"x", "y", "z"};
    pel_params *params = component->params;
    if (dimensions == 0) return; /* grid.cells is wrong itself, which is said already */
    if (pel_params_count(params, "grid.extent") != dimensions && pel_params_count(params, "grid.extent") > 0)
        pel_params_error(params, "grid.extent",
                         "grid.extent has %d numbers, but grid.cells has %d; give one a dimension",
                         pel_params_count(params, "grid.extent"), dimensions);
    const int origins = pel_params_count(params, "grid.origin");
    if (origins > 1 && origins != dimensions)
        pel_params_error(params, "grid.origin",
                         "grid.origin has %d numbers, but grid.cells has %d; give one a dimension, or one for all",
                         origins, dimensions);
    if (pel_params_count(params, "grid.boundary") > dimensions)
        pel_params_error(params, "grid.boundary",
                         "grid.boundary has conditions for %d dimensions, but grid.cells has %d",
                         pel_params_count(params, "grid.boundary"), dimensions);
    for (int d = 0; d < dimensions; d++)
        if (is_periodic(&component->sides, d, 0) != is_periodic(&component->sides, d, 1))
            pel_params_error(params, "grid.boundary",
                             "grid.boundary is periodic at one side of %s only; make both sides periodic, or neither",
                             axis[d]);
}

/* What the deck's `grid:` says. */
static pel_grid_spec grid_spec(const pel_component *component)
{
    const pel_params *params = component->params;
    const int dimensions = pel_params_count(params, "grid.cells");
    pel_grid_spec spec = {.name = component->name, .dimensions = dimensions};
    for (int d = 0; d < dimensions; d++) {
        const double extent = real_of_dimension(params, "grid.extent", d);
        spec.cells[d] = (int)pel_params_int_at(params, "grid.cells", d);
        spec.spacing[d] = extent > 0 && spec.cells[d] > 0 ? extent / spec.cells[d] : 1;
        spec.origin[d] = real_of_dimension(params, "grid.origin", d);
        spec.is_periodic[d] = is_periodic(&component->sides, d, 0);
    }
    return spec;
}

static pel_status make_grid(pel_component *component)
{
    component->sides = pel_params_sides(component->params, "grid.boundary");
    check_grid(component, pel_params_count(component->params, "grid.cells"));
    const pel_grid_spec spec = grid_spec(component);
    PEL_TRY(pel_grid_create(&spec, &component->grids[0]));
    component->grid_count = 1;
    return PEL_OK;
}

/* ---- making and ending ---- */

static pel_executor executor_of(const pel_params *params)
{
    if (pel_params_is(params, "run.tiling", "reference")) return PEL_EXECUTOR_REFERENCE;
    if (pel_params_is(params, "run.tiling", "spatial")) return PEL_EXECUTOR_SPATIAL;
    if (pel_params_is(params, "run.tiling", "temporal")) return PEL_EXECUTOR_TEMPORAL;
    return PEL_EXECUTOR_AUTO;
}

static pel_run_options options_of(const pel_params *params)
{
    pel_run_options options = {
        .executor = executor_of(params),
        .pitch = (int)pel_params_int(params, "run.pitch"),
        .height = (int)pel_params_int(params, "run.height"),
        .chunk = (int)pel_params_int(params, "run.chunk"),
        .row = (int)pel_params_int(params, "run.row"),
        .check_access = pel_params_flag(params, "run.check-access"),
        .order = pel_params_int(params, "run.order"),
    };
    for (int d = 0; d < pel_params_count(params, "run.tile"); d++)
        options.tile[d] = (int)pel_params_int_at(params, "run.tile", d);
    return options;
}

static pel_status set_up(pel_component *component)
{
    PEL_TRY(pel_memory_new(1, component->app->model_size > 0 ? component->app->model_size : 1, &component->model));
    if (!component->app->is_gridless) PEL_TRY(make_grid(component));
    PEL_TRY(component->app->setup(component, component->params, component->model));
    for (int g = 0; g < component->grid_count; g++)
        component->state_field_count[g] = pel_grid_field_count(component->grids[g]);
    return PEL_OK;
}

pel_status pel_component_create(const pel_app *app, const char *name, pel_params *params, pel_team *team,
                                pel_component **component)
{
    pel_component *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->app = app;
    fresh->params = params;
    fresh->team = team;
    if (!app->is_gridless) fresh->options = options_of(params);
    pel_status status = pel_text_copy(name, &fresh->name);
    if (status == PEL_OK) status = set_up(fresh);
    if (status == PEL_OK) *component = fresh;
    else pel_component_destroy(fresh);
    return status;
}

/* All chains of the stepper and of the app, for free(). */
static pel_status list_chains(const pel_component *component, pel_chain ***chains, int *count)
{
    const int stepping = component->stepper ? pel_stepper_chain_count(component->stepper) : 0;
    PEL_TRY(pel_memory_new((size_t)(stepping + component->chain_count + 1), sizeof **chains, chains));
    *count = 0;
    for (int i = 0; i < stepping; i++) (*chains)[(*count)++] = pel_stepper_chain_at(component->stepper, i);
    for (int i = 0; i < component->chain_count; i++) (*chains)[(*count)++] = component->chains[i];
    return PEL_OK;
}

void pel_component_cost_reset(pel_component *component)
{
    for (int i = 0; component->stepper && i < pel_stepper_chain_count(component->stepper); i++)
        pel_chain_cost_reset(pel_stepper_chain_at(component->stepper, i));
    for (int i = 0; i < component->chain_count; i++) pel_chain_cost_reset(component->chains[i]);
    pel_component_own_cost_reset(component);
}

pel_status pel_component_commit(pel_component *component)
{
    pel_chain **chains = NULL;
    int count;
    PEL_TRY(list_chains(component, &chains, &count));
    const pel_status status = pel_commit(component->team, component->grids, component->grid_count, chains, count);
    free(chains);
    return status;
}

pel_status pel_component_plan(const pel_component *component)
{
    pel_chain **chains = NULL;
    int count;
    PEL_TRY(list_chains(component, &chains, &count));
    const pel_status status = pel_commit_plan(chains, count);
    free(chains);
    return status;
}

void pel_component_destroy(pel_component *component)
{
    if (!component) return;
    if (component->app->end && component->model) component->app->end(component->model);
    for (int i = 0; i < component->forcing_count; i++) pel_forcing_destroy(component->forcings[i]);
    for (int i = 0; i < component->chain_count; i++) pel_chain_destroy(component->chains[i]);
    if (component->stepper) pel_stepper_destroy(component->stepper);
    for (int i = 0; i < component->table_count; i++) pel_table_destroy(component->tables[i]);
    for (int i = 0; i < component->scalar_count; i++) free(component->scalars[i].name);
    for (int g = component->grid_count - 1; g >= 0; g--) pel_grid_destroy(component->grids[g]);
    free(component->model);
    free(component->name);
    free(component);
}

/* ---- its fields ---- */

/* The i-th field, of the first counts[g] of each grid or, without counts, of all. */
static pel_field *nth_field(const pel_component *component, const int *counts, int i)
{
    for (int g = 0; g < component->grid_count; g++) {
        const int count = counts ? counts[g] : pel_grid_field_count(component->grids[g]);
        if (i < count) return pel_grid_field(component->grids[g], i);
        i -= count;
    }
    return NULL;
}

pel_field *pel_component_field(const pel_component *component, int i)
{
    return nth_field(component, NULL, i);
}

pel_field *pel_component_state_field(const pel_component *component, int i)
{
    return nth_field(component, component->state_field_count, i);
}

bool pel_component_is_state(const pel_component *component, const pel_field *field)
{
    for (int i = 0; pel_component_state_field(component, i); i++)
        if (pel_component_state_field(component, i) == field) return true;
    return false;
}

bool pel_component_owns(const pel_component *component, const pel_field *field)
{
    for (int g = 0; g < component->grid_count; g++)
        if (pel_field_grid(field) == component->grids[g]) return true;
    return false;
}

const char *pel_component_grid_name(const pel_component *component, const pel_field *field)
{
    const pel_grid *grid = pel_field_grid(field);
    return grid == pel_component_deck_grid(component) ? "" : pel_grid_name(grid);
}

pel_grid *pel_component_deck_grid(const pel_component *component)
{
    return component->app->is_gridless ? NULL : component->grids[0];
}

double pel_component_field_bytes(const pel_component *component)
{
    double bytes = 0;
    for (int i = 0; pel_component_field(component, i); i++)
        bytes += (double)pel_field_bytes(pel_component_field(component, i));
    return bytes;
}

/* ---- stepping ---- */

/* The model steps itself, and moves the clock on; a failure leaves it where that was. */
static pel_status advance(pel_component *component, long steps)
{
    const long first = component->now.index;
    component->is_stored = false;
    if (component->own.steps == 0) pel_component_own_cost_reset(component); /* what initial() did is no step */
    const double start = pel_clock_seconds();
    const pel_status status = component->advance(component->model, &component->now, steps);
    component->own.seconds += pel_clock_seconds() - start;
    component->own.steps += component->now.index - first;
    component->since_start += component->now.index - first;
    return status;
}

pel_status pel_component_step(pel_component *component, const pel_run_options *options, long steps)
{
    if (component->advance) return advance(component, steps);
    pel_chain *chain = pel_stepper_chain(component->stepper, component->since_start);
    PEL_TRY(pel_stepper_prepare(component->stepper, component->team, options, component->now));
    PEL_TRY(pel_chain_run(chain, component->team, options, component->now, steps));
    for (long i = 0; i < steps; i++) component->now = pel_step_next(component->now);
    component->since_start += steps;
    return PEL_OK;
}

/* ---- for setup() ---- */

pel_grid *pel_component_grid(pel_component *component)
{
    return pel_component_deck_grid(component);
}

pel_status pel_component_layers(pel_component *component, int layers)
{
    pel_grid_spec spec = grid_spec(component);
    if (layers < 1)
        return pel_fail(PEL_ERR_ARGUMENT, "app %s asks for %d layers; a grid has at least 1", component->app->name,
                        layers);
    if (spec.dimensions != 2)
        return pel_fail(PEL_ERR_ARGUMENT, "app %s asks for layers of a grid of %d dimensions; it must have 2",
                        component->app->name, spec.dimensions);
    if (pel_grid_field_count(component->grids[0]) > 0)
        return pel_fail(PEL_ERR_ARGUMENT, "app %s asks for layers after it has declared fields; ask for them first",
                        component->app->name);
    if (layers == 1) return PEL_OK;
    char axis[PEL_COMPONENT_AXIS];
    snprintf(axis, sizeof axis, "%s%slayer", component->name, *component->name ? "_" : "");
    spec.dimensions = 3;
    spec.cells[2] = layers;
    spec.spacing[2] = 1;
    spec.origin[2] = 0.5; /* the centre of the first is at 1 */
    spec.axis[2] = axis;
    pel_grid *grid = NULL;
    PEL_TRY(pel_grid_create(&spec, &grid));
    pel_grid_destroy(component->grids[0]);
    component->grids[0] = grid;
    return PEL_OK;
}

static pel_status check_added(const pel_component *component, const pel_grid *grid)
{
    const char *name = pel_grid_name(grid);
    if (component->grid_count == PEL_COMPONENT_MOST_GRIDS)
        return pel_fail(PEL_ERR_ARGUMENT,
                        "app %s has more than %d grids; raise PEL_COMPONENT_MOST_GRIDS in sim/component.h",
                        component->app->name, PEL_COMPONENT_MOST_GRIDS);
    if (!*name || strchr(name, '/'))
        return pel_fail(PEL_ERR_NAME, "app %s adds a grid with the name \"%s\"; give it one, without a slash",
                        component->app->name, name);
    for (int g = component->app->is_gridless ? 0 : 1; g < component->grid_count; g++)
        if (strcmp(pel_grid_name(component->grids[g]), name) == 0)
            return pel_fail(PEL_ERR_NAME, "app %s adds two grids with the name %s", component->app->name, name);
    return PEL_OK;
}

pel_status pel_component_add_grid(pel_component *component, pel_grid *grid)
{
    const pel_status status = check_added(component, grid);
    if (status == PEL_OK) component->grids[component->grid_count++] = grid;
    else pel_grid_destroy(grid);
    return status;
}

pel_sides pel_component_sides(const pel_component *component)
{
    return component->sides;
}

uint64_t pel_component_seed(const pel_component *component)
{
    return (uint64_t)pel_params_int(component->params, "run.seed");
}

/* Decays under a scheme that takes none are an error of the deck; setup() goes on with one that does, so that its other
 * errors are found too. */
static void check_decays(const pel_component *component, const pel_prognostic *fields, int count, pel_scheme *scheme)
{
    for (int i = 0; i < count; i++) {
        if (!fields[i].decay || pel_scheme_takes_decay(*scheme)) continue;
        pel_params_error(component->params, "time.scheme",
                         "time.scheme %s cannot take the linear decay of %s, which app %s takes by an integrating "
                         "factor; choose ab3, rk4 or euler",
                         pel_params_text(component->params, "time.scheme"), fields[i].name, component->app->name);
        *scheme = PEL_RK4;
    }
}

pel_status pel_component_stepper(pel_component *component, const pel_prognostic *fields, int count,
                                 pel_stepper **stepper)
{
    const pel_params *params = component->params;
    if (component->stepper)
        return pel_fail(PEL_ERR_ARGUMENT, "app %s makes two steppers; a component has one", component->app->name);
    const double filter = pel_params_real(params, "time.filter");
    pel_stepper_spec spec = {
        .is_euler_start = pel_params_is(params, "time.start", "euler"),
        .filter = filter > 0 ? filter : -1, /* 0 would be the default */
        .filter_alpha = pel_params_real(params, "time.filter-alpha"),
    };
    PEL_TRY(pel_scheme_find(pel_params_text(params, "time.scheme"), &spec.scheme));
    check_decays(component, fields, count, &spec.scheme);
    PEL_TRY(pel_stepper_create(&spec, component->grids[0], fields, count, &component->stepper));
    *stepper = component->stepper;
    return PEL_OK;
}

/* What the stepper hands back while it records: the component's forcings go first, then what the app wants there; the
 * app's functions get its model. */
typedef struct recording {
    pel_component *component;
    pel_tendency_recorder *tendency;
} recording;

static void record_before(void *data, pel_chain *chain)
{
    const pel_component *component = ((const recording *)data)->component;
    for (int i = 0; i < component->forcing_count; i++) pel_forcing_record(component->forcings[i], chain);
    if (component->before) component->before(component->model, chain);
}

static void record_tendency(void *data, pel_chain *chain, const pel_operand *state, const pel_operand *tendency)
{
    const recording *r = data;
    r->tendency(r->component->model, chain, state, tendency);
}

void pel_component_before(pel_component *component, void (*record)(void *model, pel_chain *chain))
{
    component->before = record;
}

pel_status pel_component_record(pel_component *component, pel_tendency_recorder *tendency)
{
    if (!component->stepper)
        return pel_fail(PEL_ERR_ARGUMENT,
                        "app %s records its step before it has made a stepper; call pel_component_stepper() first",
                        component->app->name);
    recording r = {component, tendency};
    return pel_stepper_record(component->stepper, record_before, record_tendency, &r);
}

pel_status pel_component_too_many(const pel_component *component, const char *what)
{
    return pel_fail(PEL_ERR_ARGUMENT, "app %s has more than %d %s; raise PEL_COMPONENT_MOST in sim/component.h",
                    component->app->name, PEL_COMPONENT_MOST, what);
}

pel_status pel_component_chain(pel_component *component, const char *name, pel_chain **chain)
{
    if (component->chain_count == PEL_COMPONENT_MOST) return pel_component_too_many(component, "chains");
    PEL_TRY(pel_chain_create(name, PEL_CHAIN_PLAIN, chain));
    component->chains[component->chain_count++] = *chain;
    return PEL_OK;
}

pel_status pel_component_run(pel_component *component, pel_chain *chain)
{
    return pel_chain_run(chain, component->team, &component->options, component->now, 1);
}

void pel_component_output_chain(pel_component *component, pel_chain *chain)
{
    component->output_chain = chain;
}

void pel_component_series_chain(pel_component *component, pel_chain *chain)
{
    component->series_chain = chain;
}

/* The next series value, without its function. */
static pel_status add_series(pel_component *component, const char *name, const char *units, const char *long_name,
                             int *added)
{
    if (component->series_count == PEL_COMPONENT_MOST) return pel_component_too_many(component, "series values");
    const int i = component->series_count++;
    component->series[i].name = name;
    component->series[i].units = units;
    component->series[i].long_name = long_name;
    *added = i;
    return PEL_OK;
}

pel_status pel_component_series(pel_component *component, const char *name, const char *units, const char *long_name,
                                pel_series_value *value)
{
    int i = 0;
    PEL_TRY(add_series(component, name, units, long_name, &i));
    component->series[i].value = value;
    return PEL_OK;
}

pel_status pel_component_series_at(pel_component *component, const char *name, const char *units, const char *long_name,
                                   pel_series_value_at *value, int index)
{
    int i = 0;
    PEL_TRY(add_series(component, name, units, long_name, &i));
    component->series[i].value_at = value;
    component->series[i].index = index;
    return PEL_OK;
}

double pel_component_series_value(const pel_component *component, int i)
{
    return component->series[i].value ? component->series[i].value(component->model)
                                      : component->series[i].value_at(component->model, component->series[i].index);
}

pel_status pel_component_scalar(pel_component *component, const char *name, double *value)
{
    if (component->scalar_count == PEL_COMPONENT_MOST) return pel_component_too_many(component, "scalars");
    PEL_TRY(pel_text_copy(name, &component->scalars[component->scalar_count].name));
    component->scalars[component->scalar_count++].value = value;
    return PEL_OK;
}

pel_status pel_component_table(pel_component *component, pel_table *table)
{
    if (component->table_count == PEL_COMPONENT_MOST) return pel_component_too_many(component, "tables");
    component->tables[component->table_count++] = table;
    return PEL_OK;
}

/* ---- for initial() ---- */

typedef struct filling {
    pel_field *field;
    pel_point_function *function;
    const void *model;
} filling;

static double coordinate(const pel_field *field, int d, int i)
{
    const pel_grid *grid = pel_field_grid(field);
    return pel_field_spec_of(field)->centring & (1u << d) ? pel_grid_face(grid, d, i) : pel_grid_centre(grid, d, i);
}

/* Fills this thread's share of the rows, which it touched first. */
static void fill_rows(int thread, int threads, void *data)
{
    const filling *f = data;
    const pel_box box = pel_field_owned(f->field);
    const pel_view view = pel_field_view(f->field, 0);
    const long ny = box.hi[1] - box.lo[1], nz = box.hi[2] - box.lo[2];
    long lo, hi;
    pel_team_share(ny * nz, thread, threads, &lo, &hi);
    for (long row = lo; row < hi; row++) {
        const int y = box.lo[1] + (int)(row % ny), z = box.lo[2] + (int)(row / ny);
        double at[3] = {0, coordinate(f->field, 1, y), coordinate(f->field, 2, z)};
        for (int x = box.lo[0]; x < box.hi[0]; x++) {
            at[0] = coordinate(f->field, 0, x);
            *pel_at(view, x, y, z) = f->function(at, f->model);
        }
    }
}

void pel_component_fill(pel_component *component, pel_field *field, pel_point_function *function, const void *model)
{
    filling f = {field, function, model};
    pel_team_run(component->team, fill_rows, &f);
    pel_field_mark_set(field, 0);
}
