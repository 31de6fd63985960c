/* Taking samples. In each round every way is run once, so that a machine that grows slower or faster in the meantime
 * favours none; each round begins with another way, so that none always follows the same other.
 *
 * A sample measures for so many seconds, whatever the number of threads: short enough on one thread, long enough on
 * many. Its report has the state at the common step, which all samples pass; which step that is a first run on the
 * fewest threads settles. With --steps all samples end at the same step instead. */
#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/log.h"
#include "scale/command_line.h"
#include "scale/course.h"
#include "scale/process.h"
#include "sim/resolve.h"
#include "sim/stop.h"

static const double warm_up_seconds = 1, line_every = 30;
static const double most_memory = 0.9;  /* of the machine's */
static const double common_part = 0.25; /* of the steps of the first run: slower ways are not to take much longer */

/* ---- the command line of a sample ---- */

static void add_length(const scale_course *course, scale_words *words)
{
    const scale_request *q = course->request;
    char number[32];
    scale_words_add(words, "--warm-up");
    if (q->steps > 0) scale_words_add(words, "%ld", q->steps >= 5 ? q->steps / 5 : 1);
    else scale_words_add(words, "%ss", pel_text_number(fmin(warm_up_seconds, q->seconds), number));
    if (q->steps == 0) {
        scale_words_add(words, "--seconds");
        scale_words_add(words, "%s", pel_text_number(q->seconds, number));
    }
    if (course->settings.common_step > 0) {
        scale_words_add(words, "--steps");
        scale_words_add(words, "%ld", course->settings.common_step);
    }
}

/* What a deck may ask for that a sample does not do: it ends by steps or seconds, and only steps. */
static const char *const asides[] = {"output.enabled=false", "run.trace=", "run.wall-limit=none",
                                     "run.measure-bandwidth=false"};

static void add_sets(const scale_course *course, const scale_way *way, scale_words *words)
{
    const scale_request *q = course->request;
    char set[64];
    for (int i = 0; i < q->set_count; i++) scale_words_add_option(words, "--set", q->sets[i]);
    for (const char *line = way->growth; line && *line; line += strcspn(line, "\n") + 1) {
        scale_words_add(words, "--set");
        scale_words_add(words, "%.*s", (int)strcspn(line, "\n"), line);
    }
    snprintf(set, sizeof set, "run.threads=%d", way->threads);
    scale_words_add_option(words, "--set", set);
    snprintf(set, sizeof set, "run.placement=%s", pel_placement_kind_name(way->places));
    scale_words_add_option(words, "--set", set);
    scale_words_add_option(words, "--set", "run.counters=true");
    for (size_t i = 0; i < sizeof asides / sizeof *asides; i++) scale_words_add_option(words, "--set", asides[i]);
}

static void make_words(const scale_course *course, const scale_way *way, const char *folder, scale_words *words)
{
    scale_words_add(words, "run");
    scale_command_line_deck(course->request, words);
    scale_words_add(words, "-o");
    scale_words_add(words, "%s", folder);
    scale_words_add(words, "--overwrite");
    scale_words_add(words, "--quiet");
    add_length(course, words);
    add_sets(course, way, words);
}

void scale_samples_command(const scale_course *course, const scale_way *way, pel_text *text)
{
    scale_words words = {0};
    make_words(course, way, "again", &words);
    pel_text_add(text, "pelagos ");
    scale_words_print(&words, text);
    scale_words_free(&words);
}

/* ---- progress ---- */

typedef struct ticker {
    scale_course *course;
    const char *what;
    double started, next_at;
} ticker;

double scale_samples_expected_seconds(const scale_request *request)
{
    return request->steps > 0 ? NAN : request->seconds + warm_up_seconds + 1;
}

static double expected_seconds(const scale_course *course)
{
    if (course->samples_taken > 0) return course->sample_seconds / course->samples_taken;
    return scale_samples_expected_seconds(course->request);
}

static void show(void *data)
{
    ticker *t = data;
    const scale_course *c = t->course;
    const double now = pel_clock_seconds();
    if (now < t->next_at) return;
    t->next_at = now + (pel_log_is_terminal() ? 0.2 : line_every);
    char left[32], line[256];
    const double each = expected_seconds(c), spent = fmin(now - t->started, each);
    const double remaining = each * (c->samples_wanted - c->samples_there) - spent;
    snprintf(line, sizeof line, "sample %d of %d: %s, %s left", c->samples_there + 1, c->samples_wanted, t->what,
             isfinite(remaining) ? pel_text_duration(fmax(remaining, 0), left) : "unknown time");
    if (pel_log_is_terminal()) pel_log_live(line);
    else pel_log_info("%s", line);
}

/* ---- one sample ---- */

static pel_status make_folder(const scale_course *course, const char *name)
{
    char *path = NULL;
    PEL_TRY(scale_folder_path(course, &path, "%s", name));
    pel_status status = PEL_OK;
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        status = pel_fail(PEL_ERR_FILE, "the folder %s cannot be made: %s", path, strerror(errno));
    free(path);
    return status;
}

/* Why a process that ended with `code` has left no sample. */
static pel_status explain(const char *log, int code)
{
    pel_text sentence = {0};
    if (pel_stop_reason(0)) return PEL_ERR_STOPPED; /* it was asked to, and may have had no time to say so */
    scale_process_error(log, &sentence);
    if (code > 128 && sentence.length > 0) pel_text_add(&sentence, "; ");
    if (code == 128 + SIGKILL)
        pel_text_add(&sentence, "it was killed (SIGKILL), as the system does when memory runs out; see %s", log);
    else if (code > 128)
        pel_text_add(&sentence, "it was ended by signal %d (%s); see %s", code - 128, strsignal(code - 128), log);
    else if (sentence.length == 0) pel_text_add(&sentence, "it ended with exit code %d; see %s", code, log);
    const pel_status status = code == 4   ? PEL_ERR_NUMERICS
                              : code == 2 ? PEL_ERR_DECK
                              : code == 3 ? PEL_ERR_STOPPED
                                          : PEL_ERR_SYSTEM;
    pel_fail(status, "%s", pel_text_get(&sentence));
    pel_text_free(&sentence);
    return status;
}

/* Runs it in points/WAY/N, and reads what it reports. */
static pel_status run_sample(scale_course *course, const scale_way *way, const char *number, scale_sample *sample,
                             long *last)
{
    char *folder = NULL, *log = NULL, *report = NULL;
    char what[128], name[96];
    scale_words words = {0};
    scale_outcome outcome = {0};
    snprintf(name, sizeof name, "points/%s", way->name);
    snprintf(what, sizeof what, last ? "%s, to find the step that all will pass" : "%s, round %s", way->name, number);
    pel_status status = make_folder(course, name);
    if (status == PEL_OK) status = scale_folder_path(course, &folder, "%s/%s", name, number);
    if (status == PEL_OK) status = scale_folder_path(course, &log, "%s/%s.log", name, number);
    if (status == PEL_OK) status = scale_folder_path(course, &report, "%s/%s/report.json", name, number);
    if (status == PEL_OK) {
        ticker t = {.course = course, .what = what, .started = pel_clock_seconds()};
        t.next_at = pel_log_is_terminal() ? 0 : t.started + line_every;
        make_words(course, way, folder, &words);
        status = scale_process_run(&words, log, show, &t, &outcome);
    }
    if (status == PEL_OK && outcome.exit_code != 0) status = explain(log, outcome.exit_code);
    if (status == PEL_OK) status = scale_sample_read(report, course->settings.common_step, sample, NULL, last);
    sample->load = outcome.load;
    sample->steal = outcome.steal;
    course->sample_seconds += outcome.seconds;
    course->samples_taken++;
    scale_words_free(&words);
    free(folder);
    free(log);
    free(report);
    return status;
}

/* ---- what is there ---- */

/* Load and steal are the study's to know: they stand beside the report. */
static pel_status keep_load(const scale_course *course, const scale_way *way, const scale_sample *sample)
{
    char name[96], text[128], load[32], steal[32];
    snprintf(name, sizeof name, "points/%s/%d.load.json", way->name, sample->round + 1);
    snprintf(text, sizeof text, "{\"load\": %s, \"steal\": %s}\n",
             isfinite(sample->load) ? pel_text_number(sample->load, load) : "null",
             isfinite(sample->steal) ? pel_text_number(sample->steal, steal) : "null");
    return pel_folder_publish(&course->folder, name, text);
}

static double member(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    return json_is_number(value) ? json_number_value(value) : NAN;
}

static bool read_sample(const scale_course *course, const scale_way *way, int round, scale_sample *sample,
                        scale_subject *subject)
{
    char *report = NULL, *load = NULL;
    *sample = (scale_sample){.round = round, .load = NAN, .steal = NAN};
    bool is_good = scale_folder_path(course, &report, "points/%s/%d/report.json", way->name, round + 1) == PEL_OK &&
                   scale_folder_path(course, &load, "points/%s/%d.load.json", way->name, round + 1) == PEL_OK &&
                   scale_sample_read(report, course->settings.common_step, sample, subject, NULL) == PEL_OK;
    json_t *loads = is_good ? json_load_file(load, 0, NULL) : NULL;
    if (loads) {
        sample->load = member(loads, "load");
        sample->steal = member(loads, "steal");
    }
    is_good = loads != NULL; /* written last */
    json_decref(loads);
    free(report);
    free(load);
    return is_good;
}

/* In the order of rounds, wherever it belongs. The study is named after the smallest problem that it has. */
static void take_in(scale_course *course, scale_way *way, const scale_sample *sample, const scale_subject *subject)
{
    int at = way->sample_count;
    while (at > 0 && way->samples[at - 1].round > sample->round) at--;
    memmove(&way->samples[at + 1], &way->samples[at], (size_t)(way->sample_count - at) * sizeof *way->samples);
    way->samples[at] = *sample;
    way->sample_count++;
    memcpy(way->size, subject->size, sizeof way->size);
    if (way->factor == 1 || !course->subject.app[0]) course->subject = *subject;
}

static bool has_round(const scale_way *way, int round)
{
    for (int i = 0; i < way->sample_count; i++)
        if (way->samples[i].round == round) return true;
    return false;
}

static void count_samples(scale_course *course)
{
    course->samples_there = course->samples_wanted = 0;
    for (int i = 0; i < course->plan.way_count; i++) {
        const scale_way *way = &course->plan.ways[i];
        course->samples_there += way->sample_count;
        course->samples_wanted += way->trouble ? way->sample_count : course->request->rounds;
    }
}

static void read_samples(scale_course *course)
{
    for (int i = 0; i < course->plan.way_count; i++) {
        scale_way *way = &course->plan.ways[i];
        for (int round = 0; round < course->request->rounds; round++) {
            scale_sample sample;
            scale_subject subject;
            if (read_sample(course, way, round, &sample, &subject)) take_in(course, way, &sample, &subject);
        }
    }
    count_samples(course);
}

/* ---- settling ---- */

/* A sample that leaves room for its end may stop before this process sees the end of the batch job coming. */
static bool is_stopped(pel_status status)
{
    return status == PEL_ERR_STOPPED || pel_stop_reason(0) != NULL;
}

static pel_status settle(scale_course *course)
{
    const scale_way *way = &course->plan.ways[0];
    scale_sample sample = {0};
    long last = 0;
    if (course->request->steps > 0) course->settings.common_step = course->request->steps;
    if (course->settings.common_step > 0) return PEL_OK;
    const pel_status status = run_sample(course, way, "first", &sample, &last);
    if (status != PEL_OK) return is_stopped(status) ? PEL_ERR_STOPPED : pel_fail_within(status, "%s: ", way->name);
    const double common = common_part * (double)last;
    course->settings.common_step = common < 1 ? 1 : (long)common;
    course->samples_taken = 0, course->sample_seconds = 0;
    return PEL_OK;
}

/* ---- rounds ---- */

static pel_status note_trouble(scale_course *course, scale_way *way, pel_status status)
{
    course->has_blown_up = course->has_blown_up || status == PEL_ERR_NUMERICS;
    scale_say(course->errors, "%s: %s", way->name, pel_failure());
    pel_log_error("%s: %s", way->name, pel_failure());
    PEL_TRY(pel_text_copy(pel_failure(), &way->trouble));
    count_samples(course);
    return PEL_OK;
}

/* Bytes that a process of `factor` times the problem will take, from what the smallest took; 0: unknown. */
static double memory_of(const scale_course *course, int factor)
{
    for (int i = 0; i < course->plan.way_count; i++) {
        const scale_way *way = &course->plan.ways[i];
        if (way->sample_count > 0) return way->samples[0].peak_memory / way->factor * factor;
    }
    return 0;
}

static pel_status check_memory(const scale_course *course, const scale_way *way)
{
    const double wanted = memory_of(course, way->factor), there = member(course->machine, "memory_bytes");
    char a[32], b[32];
    if (way->factor == 1 || !(wanted > most_memory * there)) return PEL_OK;
    return pel_fail(PEL_ERR_MEMORY,
                    "%d times the problem would take about %sB, and the machine has %sB; study fewer "
                    "threads, or a smaller deck",
                    way->factor, pel_text_si(wanted, a), pel_text_si(there, b));
}

/* Every sample reads the deck, which a person may edit meanwhile. */
static pel_status check_deck(const scale_course *course)
{
    const scale_request *q = course->request;
    const pel_app *app = NULL;
    pel_params *params = NULL;
    pel_text changes = {0};
    PEL_TRY(pel_resolve_deck(q->deck_path, q->sets, q->set_count, &course->settings.app, 1, &app, &params));
    pel_status status = PEL_OK;
    if (pel_params_differences(params, course->settings.params, false, &changes) > 0)
        status = pel_fail(PEL_ERR_MISMATCH,
                          "%s has changed since the study began; undo that and go on with --resume, or study the new "
                          "deck in another folder:\n%.*s",
                          q->deck_path, (int)changes.length - 1, pel_text_get(&changes));
    pel_params_free(params);
    pel_text_free(&changes);
    return status;
}

/* A way that cannot be run is left out from then on; the others go on. */
static pel_status take_sample(scale_course *course, scale_way *way, int round)
{
    char number[16];
    scale_sample sample = {.round = round};
    snprintf(number, sizeof number, "%d", round + 1);
    PEL_TRY(check_deck(course));
    pel_status status = check_memory(course, way);
    if (status == PEL_OK) status = run_sample(course, way, number, &sample, NULL);
    if (status != PEL_OK) return is_stopped(status) ? PEL_ERR_STOPPED : note_trouble(course, way, status);
    PEL_TRY(keep_load(course, way, &sample));
    scale_subject subject;
    if (read_sample(course, way, round, &sample, &subject)) {
        take_in(course, way, &sample, &subject);
        course->samples_there++;
    }
    return PEL_OK;
}

static pel_status take_rounds(scale_course *course)
{
    for (int round = 0; round < course->request->rounds; round++)
        for (int i = 0; i < course->plan.way_count; i++) {
            scale_way *way = &course->plan.ways[(i + round) % course->plan.way_count];
            if (way->trouble || has_round(way, round)) continue;
            const double margin = course->request->steps > 0 ? 0 : expected_seconds(course);
            course->stopped_by = pel_stop_reason(margin);
            if (course->stopped_by) return PEL_ERR_STOPPED;
            PEL_TRY(take_sample(course, way, round));
        }
    return PEL_OK;
}

pel_status scale_samples_take(scale_course *course)
{
    read_samples(course);
    PEL_TRY(make_folder(course, "points"));
    pel_status status = settle(course);
    if (status == PEL_OK) status = scale_folder_keep(course);
    if (status == PEL_OK) status = take_rounds(course);
    pel_log_live(NULL);
    if (status == PEL_ERR_STOPPED && !course->stopped_by)
        course->stopped_by = pel_stop_reason(expected_seconds(course));
    return status;
}
