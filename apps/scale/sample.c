/* Samples. A number that the report has as null is not known: NAN. */
#include "scale/sample.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static double number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static void copy_text(const json_t *object, const char *key, char *to, size_t room)
{
    const char *text = json_string_value(json_object_get(object, key));
    size_t length = text ? strlen(text) : 0;
    if (length >= room) length = room - 1;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) length--; /* none is cut within a character */
    snprintf(to, room, "%.*s", (int)length, text ? text : "");
}

/* ---- what the threads did ---- */

static double sum(const json_t *values)
{
    double total = 0;
    for (size_t i = 0; i < json_array_size(values); i++) total += json_number_value(json_array_get(values, i));
    return total;
}

static double largest(const json_t *values)
{
    double most = 0;
    for (size_t i = 0; i < json_array_size(values); i++)
        most = fmax(most, json_number_value(json_array_get(values, i)));
    return most;
}

static void read_counters(const json_t *counters, scale_sample *sample)
{
    const json_t *busy = json_object_get(counters, "busy_seconds");
    const bool is_counted = json_array_size(busy) > 0;
    sample->busy = is_counted ? sum(busy) : NAN;
    sample->busiest = is_counted ? largest(busy) : NAN;
    sample->busy_of_first = is_counted ? json_number_value(json_array_get(busy, 0)) : NAN;
    sample->waiting = is_counted ? sum(json_object_get(counters, "waiting_seconds")) : NAN;
    sample->stolen = is_counted ? sum(json_object_get(counters, "stolen_seconds")) : NAN;
    sample->serial = fmax(0, sample->seconds - number(counters, "region_seconds"));
    sample->regions = number(counters, "regions");
    sample->files = number(counters, "file_seconds");
    if (!is_counted) sample->serial = NAN;
}

/* ---- chains ---- */

static void read_chain(const json_t *plan, scale_chain *chain)
{
    copy_text(plan, "chain", chain->name, sizeof chain->name);
    copy_text(plan, "executor", chain->executor, sizeof chain->executor);
    chain->seconds = number(plan, "seconds");
    chain->updates = number(plan, "updates");
    chain->bytes = number(plan, "declared_bytes");
    chain->flops = number(plan, "flops");
    chain->moved = number(plan, "predicted_bytes_per_update") * chain->updates;
}

static void read_chains(const json_t *plans, scale_sample *sample)
{
    const size_t count = json_array_size(plans);
    sample->chain_count = count < SCALE_MOST_CHAINS ? (int)count : SCALE_MOST_CHAINS;
    for (int i = 0; i < sample->chain_count; i++) read_chain(json_array_get(plans, (size_t)i), &sample->chains[i]);
}

/* ---- all of it ---- */

/* The hash of the state at `step`, wherever the report has it. */
static bool find_hash(const json_t *report, long step, uint64_t *hash)
{
    const json_t *passed = json_object_get(report, "passed_state");
    const char *text = NULL;
    if (step == 0 || number(report, "step") == (double)step)
        text = json_string_value(json_object_get(report, "final_state"));
    else if (number(passed, "step") == (double)step) text = json_string_value(json_object_get(passed, "hash"));
    char *end = NULL;
    if (text) *hash = strtoull(text, &end, 16);
    return text && end == text + 16 && !*end;
}

static void fill(const json_t *report, scale_sample *sample)
{
    char key[64], unit[16];
    copy_text(report, "unit_of_work", unit, sizeof unit);
    snprintf(key, sizeof key, "%s_steps", unit);
    sample->steps = number(report, "measured_steps");
    sample->seconds = number(report, "measured_seconds");
    sample->work = number(report, key);
    sample->start_up = number(report, "start_up_seconds");
    sample->warm_up = number(report, "warm_up_seconds");
    sample->joules = number(report, "energy_joules");
    sample->peak_memory = number(report, "peak_memory_bytes");
    read_counters(json_object_get(report, "counters"), sample);
    read_chains(json_object_get(report, "plan"), sample);
}

static void fill_subject(const json_t *report, scale_subject *subject)
{
    copy_text(report, "app", subject->app, sizeof subject->app);
    copy_text(report, "title", subject->title, sizeof subject->title);
    copy_text(report, "size", subject->size, sizeof subject->size);
    copy_text(report, "unit_of_work", subject->unit, sizeof subject->unit);
}

static bool is_finished(const json_t *report)
{
    const char *outcome = json_string_value(json_object_get(report, "outcome"));
    return outcome && strcmp(outcome, "finished") == 0;
}

pel_status scale_sample_read(const char *path, long step, scale_sample *sample, scale_subject *subject, long *last)
{
    json_error_t error;
    if (access(path, F_OK) != 0) return pel_fail(PEL_ERR_FILE, "there is no %s", path);
    json_t *report = json_load_file(path, 0, &error);
    if (!report) return pel_fail(PEL_ERR_CORRUPT, "%s: %s", path, error.text);
    pel_status status = PEL_OK;
    fill(report, sample);
    if (subject) fill_subject(report, subject);
    if (last) *last = (long)number(report, "step");
    if (!is_finished(report) || !find_hash(report, step, &sample->hash))
        status = pel_fail(PEL_ERR_CORRUPT, "%s is not of a run that has passed step %ld", path, step);
    else if (!(sample->steps > 0 && sample->seconds > 0))
        status = pel_fail(PEL_ERR_CORRUPT, "%s: no steps were measured", path);
    json_decref(report);
    return status;
}
