/* Fields that follow a file. Two work fields hold the records around the present, number k in place k % 2, so that
 * going on by one record reads one; a loop at the head of each step blends them at the middle of the step:
 *
 *     f = a + w (b - a)        w = (time + dt/2 - t_a) / (t_b - t_a)
 *
 * Which records a step lies between depends on its own time alone, so stretches do not matter. Before the first and
 * after the last record the field stands still. */
#include "sim/forcing.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "exec/counters.h"
#include "sim/source.h"

enum { MOST_CHAINS = 8, NAME_BYTES = 256, MOST_COUNTED = 4096 };

typedef struct blend_params {
    double from, length; /* time of record a, and from there to record b; length 0: a alone */
    long first;          /* the place of record a: 0 or 1 */
} blend_params;

struct pel_forcing {
    pel_source *source;
    pel_field *field;
    pel_field *places[2];
    long held[2]; /* the records that the places hold; -1: none. The first one counts where nothing varies */
    char loop[NAME_BYTES];
    pel_chain *chains[MOST_CHAINS];
    int chain_count;
    pel_chain *first; /* fills the field before the first step, for records of step 0; a copy of the loop in a chain */
    pel_team *team;
    pel_trace *trace; /* of the run; NULL: none */
    double until;     /* the records at hand serve until here, s */
    bool has_warned;
};

static bool varies(const pel_forcing *forcing)
{
    return pel_source_records(forcing->source) > 1;
}

/* arg: the field, place 0, place 1. */
static void blend(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const blend_params *p = params;
    const double middle = step->time + 0.5 * step->dt, weight = p->length > 0 ? (middle - p->from) / p->length : 0;
    for (int z = box->lo[2]; z < box->hi[2]; z++) {
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            double *restrict f = pel_row(arg[0], y, z);
            const double *a = pel_row(arg[1 + p->first], y, z), *b = pel_row(arg[2 - p->first], y, z);
            for (int x = box->lo[0]; x < box->hi[0]; x++) f[x] = weight == 0 ? a[x] : a[x] + weight * (b[x] - a[x]);
        }
    }
}

/* ---- making ---- */

void pel_forcing_destroy(pel_forcing *forcing)
{
    if (!forcing) return;
    pel_source_close(forcing->source);
    free(forcing);
}

static pel_status declare_places(pel_forcing *forcing)
{
    const pel_field_spec *like = pel_field_spec_of(forcing->field);
    const pel_field_spec spec = {
        .centring = like->centring, .along = like->along, .role = PEL_WORK, .units = like->units};
    if (like->type != PEL_DOUBLE)
        return pel_fail(PEL_ERR_ARGUMENT, "the field %s is not of doubles and cannot follow records in time",
                        pel_field_name(forcing->field));
    for (int i = 0; i < 2; i++) {
        char name[NAME_BYTES];
        snprintf(name, sizeof name, "forcing.%s.%d", pel_field_name(forcing->field), i);
        PEL_TRY(pel_field_declare(pel_field_grid(forcing->field), name, &spec, &forcing->places[i]));
        pel_field_mark_set(forcing->places[i], 0); /* read before the first step */
    }
    return PEL_OK;
}

static pel_source_spec spec_of(const pel_component *component, const char *path, const char *variable)
{
    return (pel_source_spec){.path = path,
                             .variable = variable,
                             .reference = pel_params_text(component->params, "time.reference"),
                             .calendar = pel_params_text(component->params, "time.calendar")};
}

/* A file that cannot serve is an error of the deck; what is left is a failure of this program or the machine. */
static pel_status report(pel_component *component, const char *key, pel_status status)
{
    if (status == PEL_OK || status == PEL_ERR_MEMORY || status == PEL_ERR_ARGUMENT) return status;
    pel_params_error(component->params, key, "%s: %s", key, pel_failure());
    return PEL_OK;
}

static pel_status make(pel_component *component, pel_field *field, const char *path, const char *variable,
                       pel_forcing **forcing)
{
    const pel_source_spec spec = spec_of(component, path, variable);
    PEL_TRY(pel_memory_new(1, sizeof **forcing, forcing));
    pel_forcing *f = *forcing;
    f->field = field;
    f->held[0] = f->held[1] = -1;
    snprintf(f->loop, sizeof f->loop, "forcing %s", pel_field_name(field));
    PEL_TRY(pel_source_open(&spec, field, &f->source));
    if (!varies(f)) return PEL_OK;
    PEL_TRY(declare_places(f));
    PEL_TRY(pel_component_chain(component, f->loop, &f->first));
    pel_forcing_record(f, f->first);
    return PEL_OK;
}

pel_status pel_component_force(pel_component *component, pel_field *field, const char *key, const char *path,
                               const char *variable)
{
    if (component->forcing_count == PEL_COMPONENT_MOST)
        return pel_fail(PEL_ERR_ARGUMENT, "a component can have %d forcings, not more", PEL_COMPONENT_MOST);
    pel_forcing *forcing = NULL;
    const pel_status status = make(component, field, path, variable, &forcing);
    if (status == PEL_OK) component->forcings[component->forcing_count++] = forcing;
    else pel_forcing_destroy(forcing);
    pel_field_mark_set(field, 0); /* the app may read it; after an error of the deck nothing runs */
    return report(component, key, status);
}

void pel_forcing_record(pel_forcing *forcing, pel_chain *chain)
{
    if (!varies(forcing) || forcing->chain_count == MOST_CHAINS) return; /* no stepper has so many chains */
    forcing->chains[forcing->chain_count++] = chain;
    const blend_params params = {0};
    pel_chain_loop(chain, forcing->loop, blend, &params, sizeof params, PEL_EVERYTHING, pel_write(forcing->field, 0),
                   pel_read(forcing->places[0], 0), pel_read(forcing->places[1], 0));
    pel_chain_flops(chain, 3);
}

/* ---- running ---- */

static double middle_of(pel_step step)
{
    return step.time + 0.5 * step.dt;
}

/* The last record at or before `time`; -1 before the first. */
static long record_before(const pel_source *source, double time)
{
    long low = -1, high = pel_source_records(source);
    while (high - low > 1) {
        const long middle = (low + high) / 2;
        if (pel_source_time(source, middle) <= time) low = middle;
        else high = middle;
    }
    return low;
}

static pel_status read_record(const pel_forcing *forcing, long record, pel_field *field)
{
    const double start = pel_clock_seconds();
    PEL_TRY(pel_source_read(forcing->source, record, field));
    pel_team_note_file(forcing->team, forcing->trace, forcing->loop, start);
    return PEL_OK;
}

static pel_status hold(pel_forcing *forcing, long record)
{
    const int place = (int)(record % 2);
    if (forcing->held[place] == record) return PEL_OK;
    forcing->held[place] = -1;
    PEL_TRY(read_record(forcing, record, forcing->places[place]));
    forcing->held[place] = record;
    return PEL_OK;
}

static void warn_once(pel_forcing *forcing, double time)
{
    const pel_source *source = forcing->source;
    const long last = pel_source_records(source) - 1;
    if (!forcing->has_warned)
        pel_log_warning(
            "the forcing of %s has records from %g s to %g s only; it stands still before and after (now %g s)",
            pel_field_name(forcing->field), pel_source_time(source, 0), pel_source_time(source, last), time);
    forcing->has_warned = true;
}

static pel_status set_params(const pel_forcing *forcing, blend_params params)
{
    for (int i = 0; i < forcing->chain_count; i++)
        PEL_TRY(pel_chain_params(forcing->chains[i], forcing->loop, &params, sizeof params));
    return PEL_OK;
}

static pel_status set_records(pel_forcing *forcing, double time)
{
    const pel_source *source = forcing->source;
    const long last = pel_source_records(source) - 1, before = record_before(source, time);
    const long a = before < 0 ? 0 : before;
    forcing->until = before < last ? pel_source_time(source, before + 1) : INFINITY;
    PEL_TRY(hold(forcing, a));
    blend_params params = {.first = a % 2};
    if (before < 0 || before == last) {
        if (before < 0 || time > pel_source_time(source, last)) warn_once(forcing, time);
        return set_params(forcing, params);
    }
    PEL_TRY(hold(forcing, a + 1));
    params.from = pel_source_time(source, a);
    params.length = pel_source_time(source, a + 1) - params.from;
    return set_params(forcing, params);
}

static pel_status update_varying(pel_forcing *forcing, pel_component *component)
{
    const bool is_first = forcing->held[0] < 0 && forcing->held[1] < 0;
    PEL_TRY(set_records(forcing, middle_of(component->now)));
    return is_first ? pel_component_run(component, forcing->first) : PEL_OK;
}

static pel_status update_constant(pel_forcing *forcing)
{
    if (forcing->held[0] == 0) return PEL_OK;
    PEL_TRY(read_record(forcing, 0, forcing->field));
    forcing->held[0] = 0;
    return PEL_OK;
}

pel_status pel_forcing_update(pel_forcing *forcing, pel_component *component)
{
    forcing->team = component->team;
    forcing->trace = component->options.trace;
    const pel_status status = varies(forcing) ? update_varying(forcing, component) : update_constant(forcing);
    return status == PEL_OK ? PEL_OK : pel_fail_within(status, "forcing of %s: ", pel_field_name(forcing->field));
}

long pel_forcing_steps_left(const pel_forcing *forcing, pel_step now)
{
    if (!varies(forcing) || isinf(forcing->until)) return LONG_MAX;
    if (!(now.dt > 0)) return 1;
    const double remaining = (forcing->until - middle_of(now)) / now.dt;
    if (remaining > MOST_COUNTED) return remaining < 1e9 ? (long)(0.9 * remaining) : (long)9e8;
    long steps = 0; /* counted by the additions that the run will do */
    while (steps <= MOST_COUNTED && middle_of(now) < forcing->until) {
        now = pel_step_next(now);
        steps++;
    }
    return steps > 0 ? steps : 1;
}

/* ---- initial fields ---- */

static pel_status read_initial(const pel_component *component, pel_field *field, const char *path, const char *variable)
{
    const pel_source_spec spec = spec_of(component, path, variable);
    pel_source *source = NULL;
    PEL_TRY(pel_source_open(&spec, field, &source));
    const long last = pel_source_records(source) - 1;
    if (last > 0) pel_log_info("%s: of %ld records of %s the last one is read", path, last + 1, variable);
    const pel_status status = pel_source_read(source, last, field);
    pel_source_close(source);
    return status;
}

pel_status pel_component_read(pel_component *component, pel_field *field, const char *key, const char *path,
                              const char *variable)
{
    PEL_TRY(report(component, key, read_initial(component, field, path, variable)));
    return pel_params_finish(component->params); /* the run loop asked for errors before the fields had memory */
}
