/* The output of a run: what is due at a state is computed, sampled and written, in the order of the deck.
 *
 * Moments are multiples of the cadence; a record is written at the first state at or past its moment and at no other,
 * so that a run that was stopped, or whose end was moved, writes the records of one never stopped. Series and snapshots
 * begin with step 0. An average stands for the samples after the previous record up to its own. */
#include "sim/output.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/memory.h"
#include "exec/counters.h"
#include "sim/forcing.h"
#include "sim/output_inside.h"

/* ---- declaring ---- */

static pel_step now_of(const pel_output *output)
{
    return output->components[0]->now;
}

pel_status pel_output_declare(pel_component *const *components, int count, pel_params *params, pel_output **output)
{
    if (count < 1 || count > PEL_OUTPUT_MOST)
        return pel_fail(PEL_ERR_ARGUMENT, "a run with %d components cannot have output; at most %d can", count,
                        PEL_OUTPUT_MOST);
    pel_output *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    memcpy(fresh->components, components, (size_t)count * sizeof *components);
    fresh->component_count = count;
    const pel_status status = pel_output_read_deck(fresh, params);
    if (status == PEL_OK) *output = fresh;
    else pel_output_destroy(fresh);
    return status;
}

void pel_output_destroy(pel_output *output)
{
    if (!output) return;
    pel_output_close(output); /* only after a failure is anything open still */
    for (size_t i = 0; i < output->count; i++) {
        pel_stream_free(&output->outlets[i].stream);
        free(output->outlets[i].averages);
    }
    free(output->samplings);
    free(output->outlets);
    free(output);
}

/* ---- the file of an outlet: a stream's, or one that the model writes ---- */

static const char *suffix_of(const outlet *o)
{
    return o->writer ? "h5" : "nc";
}

/* Of a writer. */
static pel_status path_of(const outlet *o, const char *folder, char **path)
{
    pel_text text = {0};
    pel_text_add(&text, "%s/%s.%s", folder, o->stream.name, suffix_of(o));
    const pel_status status = pel_text_copy(pel_text_get(&text), path);
    pel_text_free(&text);
    return status;
}

static bool file_exists(const outlet *o, const char *folder)
{
    char *path = NULL;
    if (!o->writer) return pel_stream_exists(&o->stream, folder);
    const bool exists = path_of(o, folder, &path) == PEL_OK && access(path, F_OK) == 0;
    free(path);
    return exists;
}

static pel_status create_file(outlet *o, const char *folder, const pel_stream_head *head)
{
    char *path = NULL;
    if (!o->writer) return pel_stream_create(&o->stream, folder, head);
    PEL_TRY(pel_component_store(o->component));
    PEL_TRY(path_of(o, folder, &path));
    const pel_status status = o->writer->create(o->component->model, path);
    free(path);
    return status;
}

/* Cuts it back to `records`, or with -1 to those up to the present step. */
static pel_status reopen_file(outlet *o, const char *folder, long records, pel_step now)
{
    char *path = NULL;
    if (!o->writer) return pel_stream_reopen(&o->stream, folder, records, now.index);
    PEL_TRY(pel_component_store(o->component));
    PEL_TRY(path_of(o, folder, &path));
    const pel_status status = o->writer->reopen(o->component->model, path, now, &records);
    free(path);
    if (status == PEL_OK) o->stream.records = records;
    return status;
}

static pel_status append_curves(outlet *o, pel_step now)
{
    PEL_TRY(o->curves->fill(o->component->model, now));
    o->component->is_stored = false; /* it may gather anew */
    return pel_stream_append(&o->stream, now, o->since, 1);
}

static pel_status append_record(outlet *o, pel_step now)
{
    if (o->curves) return append_curves(o, now);
    if (!o->writer) return pel_stream_append(&o->stream, now, o->since, (double)o->samples);
    PEL_TRY(o->writer->append(o->component->model, o->stream.records, now, &o->stream.bytes));
    o->stream.records++;
    return PEL_OK;
}

static pel_status close_file(outlet *o)
{
    return o->writer ? o->writer->close(o->component->model) : pel_stream_close(&o->stream);
}

/* ---- opening ---- */

/* Schedules of a stream that begins at the present state. */
static void start(outlet *o, pel_step now, bool has_record_now)
{
    const bool at_start = o->kind != OUTLET_AVERAGES && o->kind != OUTLET_CURVES && !has_record_now;
    o->schedule = pel_schedule_start(o->every, now, at_start && o->every.kind != PEL_CADENCE_NEVER);
    o->sampling = pel_schedule_start(o->sample, now, false);
    o->samples = 0;
    o->since = now.time;
}

/* A file that the checkpoint does not know but that is there belongs to a part of the run that is being repeated. */
static pel_status open_resumed(outlet *o, const char *folder, const pel_stream_head *head, pel_step now)
{
    const bool exists = file_exists(o, folder);
    const long restored = o->stream.records;
    if (!exists) o->stream.records = 0;
    if (exists) PEL_TRY(reopen_file(o, folder, o->is_restored ? restored : -1, now));
    else PEL_TRY(create_file(o, folder, head));
    if (!exists && o->is_restored && restored > 0)
        pel_log_warning("%s/%s.%s with its %ld records is not there any more; a new one goes on from step %ld", folder,
                        o->stream.name, suffix_of(o), restored, now.index);
    if (!o->is_restored) start(o, now, o->stream.records > 0);
    return PEL_OK;
}

pel_status pel_output_check_free(const pel_output *output, const char *folder)
{
    for (size_t i = 0; i < output->count; i++)
        if (file_exists(&output->outlets[i], folder))
            return pel_fail(PEL_ERR_EXISTS,
                            "%s/%s.%s is there already and is not of this run; move it away, or choose "
                            "another folder with -o",
                            folder, output->outlets[i].stream.name, suffix_of(&output->outlets[i]));
    return PEL_OK;
}

pel_status pel_output_open(pel_output *output, const char *folder, bool is_resumed)
{
    const pel_step now = now_of(output);
    for (size_t i = 0; i < output->count; i++) {
        outlet *o = &output->outlets[i];
        if (is_resumed) {
            PEL_TRY(open_resumed(o, folder, &output->head, now));
        } else {
            start(o, now, false);
            PEL_TRY(create_file(o, folder, &output->head));
        }
    }
    for (size_t i = 0; i < output->sampling_count; i++) {
        sampling *s = &output->samplings[i];
        s->schedule = pel_schedule_start(s->every, now, !is_resumed && s->every.kind != PEL_CADENCE_NEVER);
    }
    return PEL_OK;
}

pel_status pel_output_close(pel_output *output)
{
    pel_status status = PEL_OK;
    for (size_t i = 0; i < output->count; i++) {
        const pel_status closed = close_file(&output->outlets[i]);
        if (status == PEL_OK) status = closed;
    }
    return status;
}

/* ---- writing what is due ---- */

long pel_output_steps_until_due(const pel_output *output)
{
    const pel_step now = now_of(output);
    long steps = LONG_MAX;
    for (size_t i = 0; i < output->count; i++) {
        const outlet *o = &output->outlets[i];
        const long record = pel_schedule_steps_until(&o->schedule, now);
        const long sample = o->kind == OUTLET_AVERAGES ? pel_schedule_steps_until(&o->sampling, now) : LONG_MAX;
        if (record < steps) steps = record;
        if (sample < steps) steps = sample;
    }
    for (size_t i = 0; i < output->sampling_count; i++) {
        const long sample = pel_schedule_steps_until(&output->samplings[i].schedule, now);
        if (sample < steps) steps = sample;
    }
    return steps;
}

static bool is_sample_due(const outlet *o, pel_step now)
{
    return o->kind == OUTLET_AVERAGES && pel_schedule_is_due(&o->sampling, now);
}

/* Whether something that is due now needs what the output chain of `component` computes. */
static bool needs_output_chain(const pel_output *output, const pel_component *component, pel_step now)
{
    for (size_t i = 0; i < output->count; i++) {
        const outlet *o = &output->outlets[i];
        for (size_t k = 0; is_sample_due(o, now) && k < o->average_count; k++) {
            const pel_field *source = o->averages[k].source;
            if (pel_component_owns(component, source) && pel_field_spec_of(source)->role == PEL_WORK) return true;
        }
        for (size_t k = 0; pel_schedule_is_due(&o->schedule, now) && k < o->stream.count; k++) {
            const pel_stream_variable *v = &o->stream.variables[k];
            if (v->component == component && v->field && pel_field_spec_of(v->field)->role == PEL_WORK) return true;
        }
    }
    return false;
}

static bool needs_series_chain(const pel_output *output, pel_step now)
{
    for (size_t i = 0; i < output->count; i++)
        if (output->outlets[i].kind == OUTLET_SERIES && pel_schedule_is_due(&output->outlets[i].schedule, now))
            return true;
    return false;
}

/* Before the first step forced fields are empty still. */
static pel_status fill_forced(pel_output *output)
{
    for (int c = 0; c < output->component_count && !output->has_forcings; c++) {
        pel_component *component = output->components[c];
        for (int i = 0; i < component->forcing_count; i++)
            PEL_TRY(pel_forcing_update(component->forcings[i], component));
    }
    output->has_forcings = true;
    return PEL_OK;
}

static pel_status compute(pel_output *output, pel_step now)
{
    PEL_TRY(fill_forced(output));
    for (int c = 0; c < output->component_count; c++) {
        pel_component *component = output->components[c];
        if (component->output_chain && needs_output_chain(output, component, now))
            PEL_TRY(pel_component_run(component, component->output_chain));
        if (component->series_chain && needs_series_chain(output, now))
            PEL_TRY(pel_component_run(component, component->series_chain));
        if (component->measure && needs_series_chain(output, now)) PEL_TRY(component->measure(component->model, now));
    }
    return PEL_OK;
}

/* What the models sample; it belongs to the state. */
static pel_status sample(pel_output *output, pel_step now)
{
    for (size_t i = 0; i < output->sampling_count; i++) {
        sampling *s = &output->samplings[i];
        if (!pel_schedule_is_due(&s->schedule, now)) continue;
        PEL_TRY(s->sample(s->component->model, now));
        s->component->is_stored = false;
        pel_schedule_advance(&s->schedule, now);
    }
    return PEL_OK;
}

/* Tables that are written must be up to date; a model that writes by itself counts on it too. */
static pel_status store_what_is_due(const pel_output *output, pel_step now)
{
    for (size_t i = 0; i < output->count; i++) {
        const outlet *o = &output->outlets[i];
        for (int c = 0; c < output->component_count && pel_schedule_is_due(&o->schedule, now); c++)
            if (o->kind != OUTLET_SERIES && o->kind != OUTLET_CURVES)
                PEL_TRY(pel_component_store(output->components[c]));
    }
    return PEL_OK;
}

static pel_status take_sample(pel_output *output, outlet *o, pel_step now)
{
    for (int c = 0; c < output->component_count; c++) {
        pel_component *component = output->components[c];
        if (!o->chains[c]) continue;
        for (size_t k = 0; k < o->average_count; k++)
            if (pel_component_owns(component, o->averages[k].source))
                PEL_TRY(pel_average_number(&o->averages[k], o->chains[c], o->samples + 1));
        PEL_TRY(pel_component_run(component, o->chains[c]));
    }
    o->samples++;
    pel_schedule_advance(&o->sampling, now);
    return PEL_OK;
}

static pel_status append(outlet *o, pel_step now, const pel_component *component)
{
    const double start = pel_clock_seconds();
    PEL_TRY(append_record(o, now));
    pel_team_note_file(component->team, component->options.trace, o->stream.name, start);
    return PEL_OK;
}

static pel_status write_record(outlet *o, pel_step now, const pel_component *component)
{
    const bool is_empty = o->kind == OUTLET_AVERAGES && o->samples == 0; /* steps longer than the interval */
    if (!is_empty) PEL_TRY(append(o, now, component));
    pel_schedule_advance(&o->schedule, now);
    o->samples = 0;
    o->since = now.time;
    return PEL_OK;
}

pel_status pel_output_write_due(pel_output *output)
{
    const double began = pel_clock_seconds();
    const pel_step now = now_of(output);
    PEL_TRY(sample(output, now));
    PEL_TRY(compute(output, now));
    PEL_TRY(store_what_is_due(output, now));
    for (size_t i = 0; i < output->count; i++) {
        outlet *o = &output->outlets[i];
        if (is_sample_due(o, now)) PEL_TRY(take_sample(output, o, now));
        if (pel_schedule_is_due(&o->schedule, now)) PEL_TRY(write_record(o, now, output->components[0]));
    }
    output->seconds += pel_clock_seconds() - began;
    return PEL_OK;
}

void pel_output_cost(const pel_output *output, double *seconds, double *bytes)
{
    *seconds = output->seconds;
    *bytes = 0;
    for (size_t i = 0; i < output->count; i++) *bytes += output->outlets[i].stream.bytes;
}

/* ---- positions in checkpoints ---- */

static pel_status save_schedule(pel_file *file, const char *group, const char *name, const pel_schedule *schedule)
{
    char attribute[64];
    const long whole[] = {(long)schedule->cadence.kind, schedule->cadence.steps, schedule->next_step};
    const double real[] = {schedule->cadence.seconds, schedule->next_time};
    snprintf(attribute, sizeof attribute, "%s_steps", name);
    PEL_TRY(pel_file_put_ints(file, group, attribute, 3, whole));
    snprintf(attribute, sizeof attribute, "%s_times", name);
    return pel_file_put_reals(file, group, attribute, 2, real);
}

/* Takes the saved position over; another cadence goes on from its first moment after `now`. */
static pel_status restore_schedule(pel_file *file, const char *group, const char *name, pel_cadence cadence,
                                   pel_step now, pel_schedule *schedule)
{
    char attribute[64];
    double whole[3] = {0}, real[2] = {0}; /* steps are exact in a double */
    long count;
    snprintf(attribute, sizeof attribute, "%s_steps", name);
    PEL_TRY(pel_file_get_reals(file, group, attribute, 3, whole, &count));
    snprintf(attribute, sizeof attribute, "%s_times", name);
    PEL_TRY(pel_file_get_reals(file, group, attribute, 2, real, &count));
    const bool is_same =
        (long)whole[0] == (long)cadence.kind && (long)whole[1] == cadence.steps && real[0] == cadence.seconds;
    *schedule = pel_schedule_start(cadence, now, false);
    if (is_same) schedule->next_step = (long)whole[2], schedule->next_time = real[1];
    return PEL_OK;
}

static void group_of(const outlet *o, char group[256])
{
    snprintf(group, 256, "output/%s%s", o->stream.name, o->writer ? ".h5" : "");
}

pel_status pel_output_save(const pel_output *output, pel_file *checkpoint)
{
    PEL_TRY(pel_file_make_group(checkpoint, "output"));
    for (size_t i = 0; i < output->count; i++) {
        const outlet *o = &output->outlets[i];
        char group[256];
        group_of(o, group);
        PEL_TRY(pel_file_make_group(checkpoint, group));
        PEL_TRY(pel_file_put_ints(checkpoint, group, "records", 1, &o->stream.records));
        PEL_TRY(save_schedule(checkpoint, group, "record", &o->schedule));
        if (o->stream.has_bounds) PEL_TRY(pel_file_put_reals(checkpoint, group, "since", 1, &o->since));
        if (o->kind != OUTLET_AVERAGES) continue;
        PEL_TRY(save_schedule(checkpoint, group, "sample", &o->sampling));
        PEL_TRY(pel_file_put_ints(checkpoint, group, "samples", 1, &o->samples));
    }
    return PEL_OK;
}

static pel_status restore_outlet(outlet *o, pel_file *checkpoint, pel_step now)
{
    char group[256];
    group_of(o, group);
    if (!pel_file_has(checkpoint, group)) return PEL_OK; /* new in the deck */
    PEL_TRY(pel_file_get_int(checkpoint, group, "records", &o->stream.records));
    PEL_TRY(restore_schedule(checkpoint, group, "record", o->every, now, &o->schedule));
    o->is_restored = true;
    if (o->stream.has_bounds) PEL_TRY(pel_file_get_real(checkpoint, group, "since", &o->since));
    if (o->kind != OUTLET_AVERAGES) return PEL_OK;
    PEL_TRY(restore_schedule(checkpoint, group, "sample", o->sample, now, &o->sampling));
    return pel_file_get_int(checkpoint, group, "samples", &o->samples);
}

pel_status pel_output_restore(pel_output *output, pel_file *checkpoint)
{
    for (size_t i = 0; i < output->count; i++) PEL_TRY(restore_outlet(&output->outlets[i], checkpoint, now_of(output)));
    return PEL_OK;
}
