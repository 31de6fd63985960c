/* A tiny app without a grid: harmonic oscillators x'' = -k x in a list of its own, with energies, a histogram of
 * positions on an added grid, means of positions as a curve, and a file that it writes by itself. It steps by velocity
 * Verlet.
 *
 * Its list is in the reverse order of its table's ids, so that nothing works without store() and load().
 */
#ifndef PELAGOS_TESTS_SIM_OSCILLATORS_H
#define PELAGOS_TESTS_SIM_OSCILLATORS_H

#include <math.h>

#include "io/file.h"
#include "sim/app.h"
#include "support/test.h"

enum { OSCILLATORS = 5, BINS = 8 };

typedef struct oscillators {
    pel_component *component;
    pel_table *table;
    pel_field *histogram;
    double samples, blow_up;
    double steps;                          /* since the model was made */
    double x[OSCILLATORS], v[OSCILLATORS]; /* the present state */
    double stiffness, energy;
    int count; /* 0: neither initial() nor load() has been called */
    pel_file *file;
    pel_table *gathered;          /* the sums, and in the last row how many samples they are of */
    double sums[OSCILLATORS + 1]; /* since the latest record */
    double means[OSCILLATORS], numbers[OSCILLATORS], of; /* as written */
    pel_curve curves[2];
} oscillators;

static const char *oscillators_unit(const char *system, const char *quantity)
{
    const bool is_reduced = strcmp(system, "lj") == 0;
    if (strcmp(quantity, "time") == 0) return is_reduced ? "" : strcmp(system, "metal") == 0 ? "ps" : "fs";
    if (strcmp(quantity, "length") == 0) return is_reduced ? "" : "angstrom";
    return NULL;
}

static const pel_param oscillators_params[] = {
    {"units", PEL_PARAM_CHOICE, .initial = "lj", .choices = "lj|metal|real", .help = "The system of units."},
    {"physics.amplitude", PEL_PARAM_REAL, "{length}", .initial = "1", .help = "Of the first oscillator."},
    {"physics.blow-up", PEL_PARAM_REAL, "{time}", .initial = "0", .is_free = true, .help = "When; 0: never."},
    {"physics.nan", PEL_PARAM_FLAG, .initial = "false", .is_free = true, .help = "Blow up without a word."},
    {"output.path.every", PEL_PARAM_CADENCE, .initial = "never", .is_free = true, .help = "How often path.h5 grows."},
    {"output.means.sample", PEL_PARAM_CADENCE, .initial = "never", .is_free = true, .help = "How often means grow."},
    {"output.means.every", PEL_PARAM_CADENCE, .initial = "never", .is_free = true, .help = "How often means.nc does."},
    {"output.histogram.sample", PEL_PARAM_CADENCE, .initial = "never", .help = "How often the histogram grows."},
    {0},
};

static pel_status oscillators_advance(void *model, pel_step *now, long steps)
{
    oscillators *o = model;
    for (long s = 0; s < steps; s++) {
        if (o->blow_up > 0 && now->time >= o->blow_up)
            return pel_fail(PEL_ERR_NUMERICS, "oscillator 3 has left at %g", o->x[2]);
        for (int i = 0; i < o->count; i++) {
            o->v[i] -= 0.5 * now->dt * o->stiffness * o->x[i];
            o->x[i] += now->dt * o->v[i];
            o->v[i] -= 0.5 * now->dt * o->stiffness * o->x[i];
        }
        *now = pel_step_next(*now);
        o->steps++;
    }
    return PEL_OK;
}

/* Two for each half of a kick and for the drift; position and velocity are read and written. */
static pel_work oscillators_work(const void *model)
{
    const oscillators *o = model;
    return (pel_work){.flops = 6 * o->steps * OSCILLATORS, .bytes = 32 * o->steps * OSCILLATORS};
}

static double *oscillators_row(oscillators *o, long row)
{
    return (double *)pel_table_values(o->table, 0) + 2 * row;
}

static pel_status oscillators_store(void *model)
{
    oscillators *o = model;
    for (int i = 0; i < o->count; i++) {
        double *row = oscillators_row(o, o->count - 1 - i);
        row[0] = o->x[i], row[1] = o->v[i];
    }
    PEL_TRY(pel_table_resize(o->gathered, OSCILLATORS + 1, (int64_t[OSCILLATORS + 1]){1, 2, 3, 4, 5, 6}));
    memcpy(pel_table_values(o->gathered, 0), o->sums, sizeof o->sums);
    return PEL_OK;
}

static pel_status oscillators_load(void *model)
{
    oscillators *o = model;
    o->count = (int)pel_table_rows(o->table);
    for (int i = 0; i < o->count; i++) {
        const double *row = oscillators_row(o, o->count - 1 - i);
        o->x[i] = row[0], o->v[i] = row[1];
    }
    if (pel_table_rows(o->gathered)) memcpy(o->sums, pel_table_values(o->gathered, 0), sizeof o->sums);
    o->stiffness = 1;
    pel_component_size(o->component, o->count, "oscillator");
    return PEL_OK;
}

static pel_status oscillators_measure(void *model, pel_step now)
{
    oscillators *o = model;
    (void)now;
    o->energy = 0;
    for (int i = 0; i < o->count; i++) o->energy += 0.5 * (o->v[i] * o->v[i] + o->stiffness * o->x[i] * o->x[i]);
    return PEL_OK;
}

static double oscillators_energy(const void *model)
{
    return ((const oscillators *)model)->energy;
}

static pel_status oscillators_sample(void *model, pel_step now)
{
    oscillators *o = model;
    (void)now;
    for (int i = 0; i < o->count; i++) {
        const int bin = (int)floor((o->x[i] + 2) * BINS / 4);
        if (bin >= 0 && bin < BINS) *pel_at(pel_field_view(o->histogram, 0), bin, 0, 0) += 1;
    }
    o->samples++;
    return PEL_OK;
}

static pel_status oscillators_gather(void *model, pel_step now)
{
    oscillators *o = model;
    (void)now;
    for (int i = 0; i < OSCILLATORS; i++) o->sums[i] += o->x[i];
    o->sums[OSCILLATORS]++;
    return PEL_OK;
}

static pel_status oscillators_fill(void *model, pel_step now)
{
    oscillators *o = model;
    (void)now;
    o->of = o->sums[OSCILLATORS];
    for (int i = 0; i < OSCILLATORS; i++) o->means[i] = o->sums[i] / o->of;
    memset(o->sums, 0, sizeof o->sums);
    return PEL_OK;
}

static pel_status oscillators_declare_means(oscillators *o, pel_component *component)
{
    const pel_column_spec column = {.name = "value", .is_internal = true};
    PEL_TRY(pel_table_create("means", &column, 1, &o->gathered));
    PEL_TRY(pel_component_gathered(component, o->gathered));
    PEL_TRY(pel_component_every(component, "output.means.sample", oscillators_gather));
    o->curves[0] = (pel_curve){"mean", "1", "mean position", o->means, false};
    o->curves[1] = (pel_curve){"samples", "1", "samples", &o->of, true};
    for (int i = 0; i < OSCILLATORS; i++) o->numbers[i] = i + 1;
    return pel_component_curves(component, &(pel_curves){.name = "means",
                                                         .axis = "number",
                                                         .axis_units = "1",
                                                         .axis_long_name = "number of the oscillator",
                                                         .coordinates = o->numbers,
                                                         .points = OSCILLATORS,
                                                         .curves = o->curves,
                                                         .count = 2,
                                                         .is_of_interval = true,
                                                         .fill = oscillators_fill});
}

static pel_status path_create(void *model, const char *path)
{
    oscillators *o = model;
    PEL_TRY(pel_file_create(path, &o->file));
    return pel_file_define_array(o->file, &(pel_array_spec){.name = "path/x", .rank = 2, .shape = {0, o->count}});
}

static pel_status path_reopen(void *model, const char *path, pel_step now, long *records)
{
    oscillators *o = model;
    (void)now;
    PEL_TRY(pel_file_open(path, PEL_FILE_APPEND, &o->file));
    return pel_file_truncate_records(o->file, NULL, *records);
}

static pel_status path_append(void *model, long record, pel_step now, double *bytes)
{
    oscillators *o = model;
    (void)now;
    *bytes += (double)sizeof o->x;
    PEL_TRY(pel_file_append_box(o->file, "path/x", record, PEL_IO_DOUBLE, NULL, NULL, o->x));
    return pel_file_sync(o->file);
}

static pel_status path_close(void *model)
{
    oscillators *o = model;
    pel_file *file = o->file;
    o->file = NULL;
    return pel_file_close(file);
}

static pel_status oscillators_declare(oscillators *o, pel_component *component)
{
    pel_grid *bins = NULL;
    const pel_column_spec column = {.name = "phase", .components = 2};
    PEL_TRY(pel_table_create("oscillators", &column, 1, &o->table));
    PEL_TRY(pel_component_table(component, o->table));
    PEL_TRY(
        pel_grid_create(&(pel_grid_spec){.name = "bins", .dimensions = 1, .cells = {BINS}, .spacing = {0.5}}, &bins));
    PEL_TRY(pel_component_add_grid(component, bins));
    PEL_TRY(pel_field_declare(bins, "histogram", &(pel_field_spec){.units = "1"}, &o->histogram));
    PEL_TRY(oscillators_declare_means(o, component));
    return pel_component_scalar(component, "samples", &o->samples);
}

static pel_status oscillators_setup(pel_component *component, const pel_params *params, void *model)
{
    oscillators *o = model;
    o->component = component;
    o->blow_up = pel_params_real(params, "physics.blow-up");
    PEL_TRY(oscillators_declare(o, component));
    pel_component_advance(component, oscillators_advance);
    pel_component_work(component, oscillators_work);
    pel_component_state(component, oscillators_store, oscillators_load);
    pel_component_measure(component, oscillators_measure);
    PEL_TRY(pel_component_series(component, "energy", "1", "energy", oscillators_energy));
    PEL_TRY(pel_component_figure(component, "last_energy", oscillators_energy));
    PEL_TRY(pel_component_every(component, "output.histogram.sample", oscillators_sample));
    return pel_component_writer(component, &(pel_writer){"path", path_create, path_reopen, path_append, path_close});
}

static pel_status oscillators_initial(pel_component *component, const pel_params *params, void *model)
{
    oscillators *o = model;
    const double amplitude = pel_params_real(params, "physics.amplitude");
    CU_ASSERT_PTR_NOT_NULL(pel_component_team(component));
    pel_field_mark_set(o->histogram, 0);
    PEL_TRY(pel_table_resize(o->table, OSCILLATORS, (int64_t[OSCILLATORS]){1, 2, 3, 4, 5}));
    for (int row = 0; row < OSCILLATORS; row++) oscillators_row(o, row)[0] = amplitude / (row + 1);
    if (pel_params_flag(params, "physics.nan")) oscillators_row(o, 2)[1] = INFINITY;
    return oscillators_load(o);
}

static const pel_app oscillators_app = {
    .name = "oscillators",
    .summary = "harmonic oscillators",
    .params = oscillators_params,
    .model_size = sizeof(oscillators),
    .setup = oscillators_setup,
    .initial = oscillators_initial,
    .is_gridless = true,
    .unit_of = oscillators_unit,
};

#endif
