/*
 * A scaling study, from its plan to its report:
 *
 *     plan: which points, which ways of running the deck; every deck of them is checked
 *     take the folder; look the machine's figures up, or measure them
 *     take the samples, each in a process of its own, in turns
 *     work out what they say; write scale.json and report.html; print the table
 *
 * What is there when it is stopped is written too; --resume goes on.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "machine/grant.h"
#include "scale/page.h"
#include "scale/process.h"
#include "scale/results.h"
#include "sim/report.h"
#include "sim/resolve.h"
#include "sim/run.h"
#include "sim/stop.h"

/* ---- settings ---- */

static pel_status settle_fixed(scale_course *course, const pel_app *const *apps, int app_count)
{
    const scale_request *q = course->request;
    char length[64], build[64];
    PEL_TRY(pel_resolve_deck(q->deck_path, q->sets, q->set_count, apps, app_count, &course->settings.app,
                             &course->settings.params));
    if (q->steps > 0) snprintf(length, sizeof length, "%ld steps", q->steps);
    else snprintf(length, sizeof length, "%g s", q->seconds);
    snprintf(build, sizeof build, "%s (%s)", pel_build_version(), pel_build_revision());
    course->settings.fixed =
        json_pack("{s:s, s:s, s:s, s:O, s:O, s:i}", "sample", length, "grow", q->grow && *q->grow ? q->grow : "auto",
                  "build", build, "processor", json_object_get(course->machine, "processor"), "cores",
                  json_object_get(course->machine, "cores"), "granted processors", course->plan.granted);
    const time_t now = (time_t)pel_clock_epoch();
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(course->settings.started, sizeof course->settings.started, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return course->settings.fixed ? PEL_OK : pel_fail(PEL_ERR_MEMORY, "out of memory for the settings of the study");
}

/* ---- the machine ---- */

/* In another process, as a sample is: this one never has a team. */
static pel_status measure_machine(scale_course *course)
{
    char *log = NULL;
    scale_words words = {0};
    scale_outcome outcome = {0};
    PEL_TRY(scale_folder_path(course, &log, "machine.log"));
    pel_log_info("measuring this machine: bandwidth, peak, cost of handing out work (once; it is kept)");
    scale_words_add(&words, "machine");
    scale_words_add(&words, "--measure");
    const pel_status status = scale_process_run(&words, log, NULL, NULL, &outcome);
    if (status == PEL_OK && outcome.exit_code == 0) unlink(log);
    scale_words_free(&words);
    free(log);
    return status;
}

static pel_status know_machine(scale_course *course, pel_figures *figures, int *granted)
{
    pel_topology *here = NULL;
    pel_grant grant;
    pel_grant_read("", &grant);
    *granted = grant.processors;
    PEL_TRY(pel_topology_load(NULL, &here));
    const bool is_known = pel_figures_find(here, figures);
    course->machine = pel_machine_json(here, is_known ? figures : NULL);
    pel_topology_free(here);
    return course->machine ? PEL_OK : pel_fail(PEL_ERR_MEMORY, "out of memory for the machine's description");
}

/* What cannot be measured is not known, and the study goes on without. */
static pel_status measure_if_unknown(scale_course *course, pel_figures *figures)
{
    int granted;
    if (figures->count > 0) return PEL_OK;
    PEL_TRY(measure_machine(course));
    json_decref(course->machine);
    course->machine = NULL;
    PEL_TRY(know_machine(course, figures, &granted));
    if (figures->count == 0)
        scale_say(course->warnings, "the machine could not be measured; `pelagos machine --measure` says why");
    return PEL_OK;
}

/* ---- the end ---- */

static pel_status write_files(const scale_course *course, const json_t *study)
{
    char *text = json_dumps(study, JSON_INDENT(1) | JSON_REAL_PRECISION(9)), *page = NULL;
    if (!text) return pel_fail(PEL_ERR_MEMORY, "out of memory for scale.json");
    pel_status status = pel_folder_publish(&course->folder, "scale.json", text);
    if (status == PEL_OK) status = scale_folder_path(course, &page, "report.html");
    if (status == PEL_OK) status = scale_page_write(study, page);
    free(page);
    free(text);
    return status;
}

static pel_status conclude(scale_course *course, const pel_figures *figures, bool is_finished)
{
    scale_results results = {0};
    pel_status status = scale_results_make(course, figures, &results);
    json_t *study = status == PEL_OK ? scale_results_json(course, &results, is_finished) : NULL;
    if (status == PEL_OK && !study) status = pel_fail(PEL_ERR_MEMORY, "out of memory for the results");
    if (status == PEL_OK) status = write_files(course, study);
    if (status == PEL_OK) scale_results_print(course, &results);
    if (status == PEL_OK && results.differing > 0)
        status = pel_fail(PEL_ERR_NUMERICS, "%d way%s of running the same problem end in other states; see the report",
                          results.differing, results.differing == 1 ? "" : "s");
    json_decref(study);
    scale_results_free(&results);
    return status;
}

static int broken_ways(const scale_plan *plan)
{
    int broken = 0;
    for (int i = 0; i < plan->way_count; i++) broken += plan->ways[i].trouble != NULL;
    return broken;
}

/* The remedy for a study that has ended without all its samples. */
static pel_status say_ending(const scale_course *course, pel_status status)
{
    const char *where = course->folder.path;
    if (status == PEL_ERR_STOPPED)
        return pel_fail(status, "stopped by %s after %d of %d samples; the same command with -o %s --resume goes on",
                        course->stopped_by ? course->stopped_by : "a signal", course->samples_there,
                        course->samples_wanted, where);
    const int broken = broken_ways(&course->plan);
    if (status == PEL_OK && broken > 0)
        return pel_fail(course->has_blown_up ? PEL_ERR_NUMERICS : PEL_ERR_SYSTEM,
                        "%d of %d ways to run the deck failed; see above, and the logs in %s/points", broken,
                        course->plan.way_count, where);
    return status;
}

static void release(scale_course *course)
{
    pel_stop_ignore();
    scale_plan_free(&course->plan);
    json_decref(course->settings.fixed);
    pel_params_free(course->settings.params);
    json_decref(course->machine);
    json_decref(course->warnings);
    json_decref(course->errors);
    if (course->folder.path) pel_folder_release(&course->folder);
}

static pel_status carry_out(scale_course *course, const pel_app *const *apps, int app_count)
{
    pel_figures figures = {0};
    int granted;
    PEL_TRY(know_machine(course, &figures, &granted));
    PEL_TRY(scale_plan_make(course->request, apps, app_count, granted, &course->plan));
    PEL_TRY(settle_fixed(course, apps, app_count));
    PEL_TRY(scale_folder_take(course));
    PEL_TRY(scale_folder_keep(course)); /* from now on the folder is a study's, whatever happens to this process */
    PEL_TRY(pel_stop_listen(0));
    PEL_TRY(measure_if_unknown(course, &figures));
    pel_status status = scale_samples_take(course);
    if (status != PEL_OK && (status != PEL_ERR_STOPPED || course->samples_there == 0))
        return say_ending(course, status);
    const pel_status concluded = conclude(course, &figures, status == PEL_OK && broken_ways(&course->plan) == 0);
    return concluded != PEL_OK ? concluded : say_ending(course, status);
}

pel_status scale_run(const scale_request *request, const pel_app *const *apps, int app_count)
{
    scale_course course = {.request = request};
    course.warnings = json_array();
    course.errors = json_array();
    pel_status status = PEL_ERR_MEMORY;
    scale_process_forget_openmp();
    if (course.warnings && course.errors) status = carry_out(&course, apps, app_count);
    release(&course);
    return status;
}
