/* From `output:` of a deck to streams: which fields and tables, which part of the grid, how often. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "sim/calendar.h"
#include "sim/output_inside.h"

enum { NAME_BYTES = 256, MOST_NAMES = 512 };

/* ---- fields by name ---- */

/* The grid whose name tells a field from one of the same name on an earlier grid of its component; "" if none need. */
static const char *grid_prefix(const pel_component *component, const pel_field *field)
{
    for (int g = 0; component->grids[g] != pel_field_grid(field); g++)
        if (pel_grid_find(component->grids[g], pel_field_name(field))) return pel_component_grid_name(component, field);
    return "";
}

/* The name of a field in files. */
static void full_name(const pel_component *component, const pel_field *field, char name[NAME_BYTES])
{
    const char *grid = grid_prefix(component, field);
    snprintf(name, NAME_BYTES, "%s%s%s%s%s", component->name, *component->name ? "_" : "", grid, *grid ? "_" : "",
             pel_field_name(field));
}

static bool is_nameable(const pel_field *field)
{
    return !pel_average_owns(field) && pel_field_spec_of(field)->type != PEL_COMPLEX;
}

/* Fields of the model, not of the machinery of its steppers: those have a dash or a dot in their names. */
static bool is_of_model(const pel_field *field, pel_role role)
{
    return is_nameable(field) && pel_field_spec_of(field)->role == role && !strpbrk(pel_field_name(field), "-.");
}

/* Whether files can hold the state as it is; coefficients of a spectral model they cannot. */
static bool has_state_for_files(const pel_component *component)
{
    for (int g = 0; g < component->grid_count; g++)
        for (int i = 0; i < pel_grid_field_count(component->grids[g]); i++)
            if (is_of_model(pel_grid_field(component->grids[g], i), PEL_PROGNOSTIC)) return true;
    return false;
}

/* By default the state is written; where it cannot be, what the app computes for output on the deck's grid. */
static bool is_default(const pel_component *component, const pel_field *field)
{
    if (has_state_for_files(component)) return is_of_model(field, PEL_PROGNOSTIC);
    return pel_field_grid(field) == pel_component_deck_grid(component) && is_of_model(field, PEL_WORK);
}

/* Calls `use` for every field of every component. */
static pel_status for_each_field(const pel_output *output,
                                 pel_status (*use)(void *data, pel_component *component, pel_field *field), void *data)
{
    for (int c = 0; c < output->component_count; c++) {
        pel_component *component = output->components[c];
        for (int g = 0; g < component->grid_count; g++) {
            const int count = pel_grid_field_count(component->grids[g]); /* averages add to it meanwhile */
            for (int i = 0; i < count; i++) PEL_TRY(use(data, component, pel_grid_field(component->grids[g], i)));
        }
    }
    return PEL_OK;
}

/* One entry of the deck, on its way to an outlet. */
typedef struct entry {
    pel_output *output;
    outlet *outlet;
    const pel_params *params;
    bool with_variance;
    const char *wanted; /* a name, or NULL for the default fields */
    bool is_found;
    char names[MOST_NAMES][NAME_BYTES]; /* that may be meant */
    int name_count;
} entry;

/* ---- variables ---- */

/* The unit of a square: "m2 s-2" for "m s-1"; "(10 km)^2" where it is not letters and exponents. */
static void square_unit(const char *unit, char square[NAME_BYTES])
{
    int length = 0;
    square[0] = '\0';
    for (const char *at = unit + strspn(unit, " "); *at; at += strspn(at, " ")) {
        const int letters = (int)strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_");
        char *after = (char *)(uintptr_t)at + letters;
        const long exponent = *after && *after != ' ' ? strtol(after, &after, 10) : 1;
        if (letters == 0 || exponent == 0 || (*after && *after != ' ') || length > NAME_BYTES - 64 || letters > 40) {
            if (strcmp(unit, "1") == 0) snprintf(square, NAME_BYTES, "1");
            else snprintf(square, NAME_BYTES, "(%s)^2", unit);
            return;
        }
        length += snprintf(square + length, (size_t)(NAME_BYTES - length), "%s%.*s%ld", length ? " " : "", letters, at,
                           2 * exponent);
        at = after;
    }
}

/* Adds each plane of `field` as a variable of its own, all but its name as in `like`. */
static pel_status add_planes(outlet *o, const char *name, const pel_field *field, pel_stream_variable like)
{
    const int planes = pel_field_spec_of(field)->components;
    char numbered[NAME_BYTES];
    like.field = field;
    for (like.plane = 0; like.plane < planes; like.plane++) {
        like.name = numbered;
        if (planes == 1) snprintf(numbered, sizeof numbered, "%s", name);
        else snprintf(numbered, sizeof numbered, "%.200s_%d", name, like.plane);
        PEL_TRY(pel_stream_add(&o->stream, &like));
    }
    return PEL_OK;
}

static pel_stream_variable variable_of(const pel_component *component, const pel_field *field)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    return (pel_stream_variable){.units = (char *)(uintptr_t)spec->units,
                                 .long_name = (char *)(uintptr_t)spec->long_name,
                                 .standard_name = spec->standard_name,
                                 .component = component};
}

static pel_status chain_of(entry *e, pel_component *component, pel_chain **chain)
{
    int c = 0;
    while (e->output->components[c] != component) c++;
    pel_chain **slot = &e->outlet->chains[c];
    char name[NAME_BYTES];
    snprintf(name, sizeof name, PEL_AVERAGE_PREFIX "%s", e->outlet->stream.name);
    if (!*slot) PEL_TRY(pel_component_chain(component, name, slot));
    *chain = *slot;
    return PEL_OK;
}

static pel_status add_average(entry *e, pel_component *component, pel_field *field, const char *name)
{
    outlet *o = e->outlet;
    pel_chain *chain = NULL;
    PEL_TRY(chain_of(e, component, &chain));
    PEL_TRY(pel_memory_grow(&o->averages, &o->average_capacity, o->average_count + 1, sizeof *o->averages));
    pel_average *average = &o->averages[o->average_count];
    PEL_TRY(pel_average_declare(field, o->stream.name, e->with_variance, chain, average));
    o->average_count++;

    pel_stream_variable variable = variable_of(component, field);
    variable.cell_methods = "time: mean";
    PEL_TRY(add_planes(o, name, average->mean, variable));
    if (!e->with_variance) return PEL_OK;
    char unit[NAME_BYTES], long_name[NAME_BYTES], variance[NAME_BYTES];
    square_unit(variable.units, unit);
    snprintf(long_name, sizeof long_name, "variance of %s", variable.long_name);
    snprintf(variance, sizeof variance, "%.200s_variance", name);
    variable.units = unit, variable.long_name = long_name, variable.standard_name = NULL;
    variable.cell_methods = "time: variance", variable.is_divided = true;
    return add_planes(o, variance, average->squares, variable);
}

static pel_status add_field(entry *e, pel_component *component, pel_field *field)
{
    char name[NAME_BYTES];
    full_name(component, field, name);
    for (size_t i = 0; i < e->outlet->stream.count; i++)
        if (strcmp(e->outlet->stream.variables[i].name, name) == 0) return PEL_OK; /* named twice */
    const pel_type type = pel_field_spec_of(field)->type;
    if (e->outlet->kind != OUTLET_AVERAGES) return add_planes(e->outlet, name, field, variable_of(component, field));
    if (type == PEL_DOUBLE || type == PEL_FLOAT) return add_average(e, component, field, name);
    pel_params_error(e->params, "fields", "%s: %s holds whole numbers and cannot be averaged; leave it out",
                     e->outlet->stream.name, name);
    return PEL_OK;
}

/* ---- the list of fields ---- */

static pel_status take_if_wanted(void *data, pel_component *component, pel_field *field)
{
    entry *e = data;
    char name[NAME_BYTES];
    full_name(component, field, name);
    if (e->wanted ? pel_average_owns(field) || strcmp(name, e->wanted) != 0 : !is_default(component, field))
        return PEL_OK;
    e->is_found = true;
    if (is_nameable(field)) return add_field(e, component, field);
    pel_params_error(e->params, "fields",
                     "%s: %s holds complex values, which few programs can read; name a field of real values",
                     e->outlet->stream.name, name);
    return PEL_OK;
}

static pel_status collect_name(void *data, pel_component *component, pel_field *field)
{
    entry *e = data;
    if (!is_nameable(field) || strpbrk(pel_field_name(field), "-.") || e->name_count == MOST_NAMES) return PEL_OK;
    full_name(component, field, e->names[e->name_count++]);
    return PEL_OK;
}

/* Says that there is no such field or table, and which of e->names there are. */
static void report_unknown(const entry *e, const char *key, const char *what)
{
    const char *candidates[MOST_NAMES];
    pel_text all = {0};
    for (int i = 0; i < e->name_count; i++) {
        candidates[i] = e->names[i];
        pel_text_add(&all, "%s%s", i ? ", " : "", e->names[i]);
    }
    const char *near = pel_text_nearest(e->wanted, candidates, (size_t)e->name_count);
    if (near)
        pel_params_error(e->params, key, "there is no %s %s; did you mean %s? There are: %s", what, e->wanted, near,
                         pel_text_get(&all));
    else
        pel_params_error(e->params, key, "there is no %s %s; there are: %s", what, e->wanted,
                         e->name_count > 0 ? pel_text_get(&all) : "none");
    pel_text_free(&all);
}

static pel_status report_unknown_field(entry *e)
{
    e->name_count = 0;
    PEL_TRY(for_each_field(e->output, collect_name, e));
    report_unknown(e, "fields", "field");
    return PEL_OK;
}

static pel_status read_fields(entry *e)
{
    const int count = pel_params_count(e->params, "fields");
    if (count == 0) return for_each_field(e->output, take_if_wanted, e);
    for (int i = 0; i < count; i++) {
        e->wanted = pel_params_text_at(e->params, "fields", i);
        e->is_found = false;
        PEL_TRY(for_each_field(e->output, take_if_wanted, e));
        if (!e->is_found) PEL_TRY(report_unknown_field(e));
    }
    return PEL_OK;
}

/* ---- the list of tables ---- */

/* Adds each plane of each column: "drifters_x". */
static pel_status add_table(entry *e, const pel_component *component, pel_table *table)
{
    for (int c = 0; c < pel_table_columns(table); c++) {
        const pel_column_spec *column = pel_table_column(table, c);
        for (int plane = 0; plane < column->components && !column->is_internal; plane++) {
            char name[NAME_BYTES], number[16] = "";
            if (column->components > 1) snprintf(number, sizeof number, "_%d", plane);
            snprintf(name, sizeof name, "%s%s%s_%s%s", component->name, *component->name ? "_" : "",
                     pel_table_name(table), column->name, number);
            PEL_TRY(pel_stream_add(&e->outlet->stream,
                                   &(pel_stream_variable){.name = name,
                                                          .units = (char *)(uintptr_t)column->units,
                                                          .long_name = (char *)(uintptr_t)column->long_name,
                                                          .component = component,
                                                          .table = table,
                                                          .column = c,
                                                          .plane = plane}));
        }
    }
    return PEL_OK;
}

/* Adds the table of the wanted name, or collects the names that there are. */
static pel_status take_table(entry *e)
{
    e->name_count = 0;
    for (int c = 0; c < e->output->component_count; c++) {
        const pel_component *component = e->output->components[c];
        for (int t = 0; t < component->table_count && e->name_count < MOST_NAMES; t++) {
            char *name = e->names[e->name_count++];
            snprintf(name, NAME_BYTES, "%s%s%s", component->name, *component->name ? "_" : "",
                     pel_table_name(component->tables[t]));
            if (strcmp(name, e->wanted) == 0) return add_table(e, component, component->tables[t]);
        }
    }
    report_unknown(e, "tables", "table");
    return PEL_OK;
}

static bool is_named_before(const entry *e, int i)
{
    for (int k = 0; k < i; k++)
        if (strcmp(pel_params_text_at(e->params, "tables", k), e->wanted) == 0) return true;
    return false;
}

static pel_status read_tables(entry *e)
{
    for (int i = 0; i < pel_params_count(e->params, "tables"); i++) {
        e->wanted = pel_params_text_at(e->params, "tables", i);
        if (!is_named_before(e, i)) PEL_TRY(take_table(e));
    }
    return PEL_OK;
}

/* ---- the rest of an entry ---- */

static bool is_file_name(const char *name)
{
    if (!isalnum((unsigned char)*name)) return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && !strchr("_-.", *name)) return false;
    return true;
}

static void check_name(const entry *e)
{
    const char *name = e->outlet->stream.name;
    if (!is_file_name(name))
        pel_params_error(e->params, "name", "\"%s\" cannot name a file; use letters, digits, - and _", name);
    for (size_t i = 0; i + 1 < e->output->count; i++)
        if (strcmp(e->output->outlets[i].stream.name, name) == 0)
            pel_params_error(e->params, "name", "two streams would write %s.nc; give one of them another name", name);
}

static pel_cadence read_cadence(const pel_params *params, const char *key)
{
    const pel_cadence cadence = pel_params_cadence(params, key);
    if (cadence.kind != PEL_CADENCE_WALL) return cadence;
    pel_params_error(
        params, key,
        "%s: records of a file cannot go by wall-clock time, for no two runs would write the same ones; use steps or a "
        "duration",
        key);
    return (pel_cadence){.kind = PEL_CADENCE_NEVER};
}

/* Without a grid of the deck there is nothing to cut. */
static void refuse_to_cut(const entry *e, const char *key)
{
    pel_params_error(e->params, key, "%s: app %s has no grid to take a part of; leave it out", key,
                     e->output->components[0]->app->name);
}

/* One number for all is meant for lengths: layers stay whole. */
static void read_stride(entry *e)
{
    const pel_grid *grid = pel_component_deck_grid(e->output->components[0]);
    const int last = pel_params_count(e->params, "stride") - 1;
    for (int d = 0; !grid && d <= last; d++)
        if (pel_params_int_at(e->params, "stride", d) != 1) refuse_to_cut(e, "stride");
    for (int d = 0; grid && d < 3 && last >= 0; d++)
        if (d <= last || !pel_grid_axis(grid, d))
            e->outlet->stream.extract.stride[d] = (int)pel_params_int_at(e->params, "stride", d < last ? d : last);
}

static void read_box(entry *e)
{
    const int count = pel_params_count(e->params, "box");
    const pel_grid *grid = pel_component_deck_grid(e->output->components[0]);
    if (count == 0) return;
    if (!grid) {
        refuse_to_cut(e, "box");
        return;
    }
    int dimensions = pel_grid_dimensions(grid);
    if (dimensions == 3 && pel_grid_axis(grid, 2) && count == 4) dimensions = 2; /* layers may be left out */
    if (count != 2 * dimensions) {
        pel_params_error(e->params, "box",
                         "box has %d numbers; it needs a low and a high end for each of %d dimensions", count,
                         dimensions);
        return;
    }
    for (int d = 0; d < dimensions; d++) {
        const long lo = pel_params_int_at(e->params, "box", 2 * d), hi = pel_params_int_at(e->params, "box", 2 * d + 1);
        if (lo < 0 || lo >= hi || hi > pel_grid_cells(grid, d))
            pel_params_error(e->params, "box", "box [%ld, %ld) along %c is not within the cells [0, %d)", lo, hi,
                             'x' + d, pel_grid_cells(grid, d));
        e->outlet->stream.extract.cells.lo[d] = (int)lo;
        e->outlet->stream.extract.cells.hi[d] = (int)hi;
    }
}

/* Dimensions of several grids may share a name where they share the coordinates: not where one is cut. */
static void check_dimensions(const entry *e)
{
    const pel_stream *stream = &e->outlet->stream;
    for (size_t i = 0; i < stream->count; i++)
        for (size_t k = 0; k < i; k++)
            for (int d = 0; d < 9; d++) {
                const pel_field *a = stream->variables[i].field, *b = stream->variables[k].field;
                if (!a || !b) break;
                if (!pel_coordinates_has(a, d / 3) || !pel_coordinates_has(b, d % 3) ||
                    !pel_coordinates_clash(a, d / 3, b, d % 3, &stream->extract))
                    continue;
                char name[PEL_COORDINATES_NAME];
                pel_coordinates_name(a, d / 3, name);
                pel_params_error(e->params, "fields",
                                 "%s and %s lie at other points along %s and cannot share a file; give one of them a "
                                 "stream of its own, or leave %s whole",
                                 stream->variables[k].name, stream->variables[i].name, name, name);
                return;
            }
}

/* A sample must come at least once in an interval, where the two can be compared. */
static void check_sampling(const entry *e)
{
    const pel_cadence every = e->outlet->every, sample = e->outlet->sample;
    if (every.kind != sample.kind) return;
    if (every.kind == PEL_CADENCE_TIME ? sample.seconds > every.seconds : sample.steps > every.steps)
        pel_params_error(e->params, "sample",
                         "samples come less often than averages are written; give a smaller cadence");
}

static pel_status add_outlet(pel_output *output, outlet_kind kind, const char *name, outlet **added)
{
    PEL_TRY(pel_memory_grow(&output->outlets, &output->capacity, output->count + 1, sizeof **added));
    outlet *o = &output->outlets[output->count++];
    *o = (outlet){.kind = kind};
    *added = o;
    return pel_text_copy(name, &o->stream.name);
}

static pel_status read_entry(entry *e, outlet_kind kind)
{
    const pel_params *params = e->params;
    PEL_TRY(add_outlet(e->output, kind, pel_params_text(params, "name"), &e->outlet));
    check_name(e);
    e->outlet->every = read_cadence(e->params, "every");
    e->outlet->stream.is_single = pel_params_is(params, "precision", "float");
    e->outlet->stream.deflate = (int)pel_params_int(params, "compress");
    e->outlet->stream.extract.grid = pel_component_deck_grid(e->output->components[0]);
    if (kind == OUTLET_AVERAGES) {
        e->outlet->stream.has_bounds = true;
        e->outlet->sample = read_cadence(e->params, "sample");
        e->with_variance = pel_params_flag(params, "variance");
        check_sampling(e);
    } else {
        read_stride(e);
        read_box(e);
    }
    PEL_TRY(read_fields(e));
    if (kind == OUTLET_SNAPSHOTS) PEL_TRY(read_tables(e));
    check_dimensions(e);
    if (e->outlet->stream.count == 0 && pel_params_count(params, "fields") == 0)
        pel_params_error(params, "name", "%s: app %s has no fields to write by default; name some in fields",
                         e->outlet->stream.name, e->output->components[0]->app->name);
    return PEL_OK;
}

static pel_status read_list(pel_output *output, pel_params *params, const char *key, outlet_kind kind)
{
    for (int i = 0; i < pel_params_count(params, key); i++) {
        entry *e = NULL;
        PEL_TRY(pel_memory_new(1, sizeof *e, &e));
        e->output = output;
        e->params = pel_params_item(params, key, i);
        const pel_status status = read_entry(e, kind);
        free(e);
        PEL_TRY(status);
    }
    return PEL_OK;
}

static pel_status read_series(pel_output *output, pel_params *params)
{
    const pel_cadence every = read_cadence(params, "output.series.every");
    if (every.kind == PEL_CADENCE_NEVER) return PEL_OK;
    outlet *o = NULL;
    PEL_TRY(add_outlet(output, OUTLET_SERIES, "series", &o));
    o->every = every;
    for (int c = 0; c < output->component_count; c++) {
        const pel_component *component = output->components[c];
        for (int i = 0; i < component->series_count; i++) {
            char name[NAME_BYTES];
            snprintf(name, sizeof name, "%s%s%s", component->name, *component->name ? "_" : "",
                     component->series[i].name);
            const pel_stream_variable variable = {.name = name,
                                                  .units = (char *)(uintptr_t)component->series[i].units,
                                                  .long_name = (char *)(uintptr_t)component->series[i].long_name,
                                                  .component = component,
                                                  .series = i};
            PEL_TRY(pel_stream_add(&o->stream, &variable));
        }
    }
    return PEL_OK;
}

/* ---- what models write and sample by themselves ---- */

static pel_status read_writer(pel_output *output, pel_params *params, pel_component *component,
                              const pel_writer *writer)
{
    char key[NAME_BYTES];
    snprintf(key, sizeof key, "output.%s.every", writer->name);
    const pel_cadence every = read_cadence(params, key);
    if (every.kind == PEL_CADENCE_NEVER) return PEL_OK;
    outlet *o = NULL;
    PEL_TRY(add_outlet(output, OUTLET_WRITER, writer->name, &o));
    o->every = every;
    o->component = component;
    o->writer = writer;
    return PEL_OK;
}

static pel_status add_curves(outlet *o, pel_component *component, const pel_curves *curves)
{
    o->component = component;
    o->curves = curves;
    o->stream.has_bounds = curves->is_of_interval;
    for (int i = 0; i < curves->count; i++) {
        const pel_curve *curve = &curves->curves[i];
        PEL_TRY(pel_stream_add(&o->stream, &(pel_stream_variable){.name = (char *)(uintptr_t)curve->name,
                                                                  .units = (char *)(uintptr_t)curve->units,
                                                                  .long_name = (char *)(uintptr_t)curve->long_name,
                                                                  .component = component,
                                                                  .curves = curves,
                                                                  .curve = i}));
    }
    return PEL_OK;
}

static pel_status read_curves(pel_output *output, pel_params *params, pel_component *component,
                              const pel_curves *curves)
{
    char key[NAME_BYTES];
    snprintf(key, sizeof key, "output.%s.every", curves->name);
    const pel_cadence every = read_cadence(params, key);
    if (every.kind == PEL_CADENCE_NEVER) return PEL_OK;
    for (size_t i = 0; i < output->count; i++)
        if (strcmp(output->outlets[i].stream.name, curves->name) == 0 && !output->outlets[i].writer)
            pel_params_error(params, key, "two streams would write %s.nc; give the snapshots of that name another",
                             curves->name);
    outlet *o = NULL;
    PEL_TRY(add_outlet(output, OUTLET_CURVES, curves->name, &o));
    o->every = every;
    return add_curves(o, component, curves);
}

static pel_status read_sampling(pel_output *output, pel_params *params, pel_component *component, int i)
{
    const pel_cadence every = read_cadence(params, component->samplings[i].key);
    if (every.kind == PEL_CADENCE_NEVER) return PEL_OK;
    PEL_TRY(pel_memory_grow(&output->samplings, &output->sampling_capacity, output->sampling_count + 1,
                            sizeof *output->samplings));
    output->samplings[output->sampling_count++] =
        (sampling){.component = component, .every = every, .sample = component->samplings[i].sample};
    return PEL_OK;
}

static pel_status read_models(pel_output *output, pel_params *params)
{
    for (int c = 0; c < output->component_count; c++) {
        pel_component *component = output->components[c];
        for (int i = 0; i < component->writer_count; i++)
            PEL_TRY(read_writer(output, params, component, &component->writers[i]));
        for (int i = 0; i < component->curves_count; i++)
            PEL_TRY(read_curves(output, params, component, &component->curves[i]));
        for (int i = 0; i < component->sampling_count; i++) PEL_TRY(read_sampling(output, params, component, i));
    }
    return PEL_OK;
}

/* ---- all of it ---- */

/* Files say "seconds since" it. */
static void check_reference(const pel_stream_head *head, pel_params *params)
{
    double seconds;
    if (!head->reference) return;
    if (pel_calendar_seconds(head->reference, head->calendar, &seconds) != PEL_OK)
        pel_params_error(params, "time.reference", "time.reference: %s", pel_failure());
}

pel_status pel_output_read_deck(pel_output *output, pel_params *params)
{
    output->head =
        (pel_stream_head){.title = pel_params_text(params, "title"), .time_unit = pel_params_unit(params, "time.step")};
    if (!output->components[0]->app->is_gridless) {
        output->head.reference = pel_params_text(params, "time.reference");
        output->head.calendar = pel_params_text(params, "time.calendar");
    }
    check_reference(&output->head, params);
    if (!pel_params_flag(params, "output.enabled")) return PEL_OK;
    PEL_TRY(read_series(output, params));
    PEL_TRY(read_list(output, params, "output.snapshots", OUTLET_SNAPSHOTS));
    PEL_TRY(read_list(output, params, "output.averages", OUTLET_AVERAGES));
    return read_models(output, params);
}
