/* Components whose model steps itself: the functions that it names, its state in tables, its size, and its times in
 * words. They are the other half of sim/component.c. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "deck/units.h"
#include "sim/component.h"

void pel_component_advance(pel_component *component, pel_status (*advance_by)(void *model, pel_step *now, long steps))
{
    component->advance = advance_by;
}

void pel_component_work(pel_component *component, pel_work (*work)(const void *model))
{
    component->work = work;
}

/* Since the model was made. */
static pel_work work_of(const pel_component *component)
{
    return component->work ? component->work(component->model) : (pel_work){NAN, NAN};
}

void pel_component_own_cost_reset(pel_component *component)
{
    component->own = (pel_chain_cost){0};
    if (component->work) component->work_before = work_of(component);
}

pel_chain_cost pel_component_own_cost(const pel_component *component)
{
    const pel_work work = work_of(component);
    pel_chain_cost cost = component->own;
    cost.updates = (double)cost.steps * pel_component_updates(component);
    cost.flops = work.flops - component->work_before.flops;
    cost.bytes = work.bytes - component->work_before.bytes;
    return cost;
}

void pel_component_state(pel_component *component, pel_status (*store)(void *model), pel_status (*load)(void *model))
{
    component->store = store;
    component->load = load;
}

void pel_component_check(pel_component *component, pel_status (*check)(void *model, pel_step now))
{
    component->check = check;
}

void pel_component_measure(pel_component *component, pel_status (*measure)(void *model, pel_step now))
{
    component->measure = measure;
}

void pel_component_describe(pel_component *component, void (*describe)(const void *model, pel_text *plan))
{
    component->describe = describe;
}

pel_status pel_component_every(pel_component *component, const char *key,
                               pel_status (*sample)(void *model, pel_step now))
{
    if (component->sampling_count == PEL_COMPONENT_MOST) return pel_component_too_many(component, "samplings");
    const int i = component->sampling_count++;
    component->samplings[i].key = key;
    component->samplings[i].sample = sample;
    return PEL_OK;
}

pel_status pel_component_writer(pel_component *component, const pel_writer *writer)
{
    if (component->writer_count == PEL_COMPONENT_MOST) return pel_component_too_many(component, "writers");
    component->writers[component->writer_count++] = *writer;
    return PEL_OK;
}

pel_status pel_component_gathered(pel_component *component, pel_table *table)
{
    PEL_TRY(pel_component_table(component, table));
    component->is_gathered[component->table_count - 1] = true;
    return PEL_OK;
}

pel_status pel_component_curves(pel_component *component, const pel_curves *curves)
{
    if (component->curves_count == PEL_COMPONENT_MOST) return pel_component_too_many(component, "files of curves");
    component->curves[component->curves_count++] = *curves;
    return PEL_OK;
}

void pel_component_size(pel_component *component, double count, const char *what)
{
    component->size = count;
    component->what = what;
}

pel_status pel_component_figure(pel_component *component, const char *name, pel_series_value *value)
{
    if (component->figure_count == PEL_COMPONENT_MOST) return pel_component_too_many(component, "figures");
    const int i = component->figure_count++;
    component->figures[i].name = name;
    component->figures[i].value = value;
    return PEL_OK;
}

pel_team *pel_component_team(const pel_component *component)
{
    return component->team;
}

pel_status pel_component_store(pel_component *component)
{
    if (component->store && !component->is_stored) PEL_TRY(component->store(component->model));
    component->is_stored = true;
    return PEL_OK;
}

pel_status pel_component_load(pel_component *component)
{
    if (component->load) PEL_TRY(component->load(component->model));
    component->is_stored = true;
    return PEL_OK;
}

double pel_component_updates(const pel_component *component)
{
    const pel_grid *grid = pel_component_deck_grid(component);
    return grid ? (double)pel_box_count(pel_grid_owned(grid)) : component->size;
}

const char *pel_component_unit_of_work(const pel_component *component)
{
    return component->what ? component->what : "cell";
}

double pel_component_state_bytes(const pel_component *component)
{
    double bytes = pel_component_field_bytes(component);
    for (int i = 0; i < component->table_count; i++) {
        const pel_table *table = component->tables[i];
        double row = sizeof(int64_t);
        for (int c = 0; c < pel_table_columns(table); c++) {
            const pel_column_spec *column = pel_table_column(table, c);
            row += (double)column->components * (double)pel_type_bytes(column->type);
        }
        bytes += row * (double)pel_table_rows(table);
    }
    return bytes;
}

/* ---- model times in words ---- */

const char *pel_component_time_unit(const pel_component *component)
{
    const char *unit = pel_params_unit(component->params, "time.step");
    return *unit ? unit : "tau"; /* reduced units */
}

const char *pel_component_time(const pel_component *component, double time, char out[64])
{
    char number[32];
    snprintf(out, 64, "%s %s", pel_text_number(time, number), pel_component_time_unit(component));
    return out;
}

/* Times of atoms are short: "12.5 ns". */
static const char *short_duration(double seconds, char out[64])
{
    static const char *const units[] = {"s", "ms", "us", "ns", "ps", "fs"};
    int i = 0;
    for (; i < 5 && seconds != 0 && fabs(seconds) < 0.9999; i++) seconds *= 1e3;
    snprintf(out, 64, "%.4g %s", seconds, units[i]);
    return out;
}

const char *pel_component_duration(const pel_component *component, double time, char out[64])
{
    const char *unit = pel_params_unit(component->params, "time.step");
    char text[32];
    double second = 1;
    if (strcmp(unit, "s") == 0) snprintf(out, 64, "%s", pel_text_duration(time, text));
    else if (!*unit || pel_units_convert(1, unit, "s", &second) != PEL_OK)
        snprintf(out, 64, "%.6g %s", time, pel_component_time_unit(component));
    else return short_duration(time * second, out);
    return out;
}
