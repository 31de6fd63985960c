/*
 * The run loop, for any app: what DESIGN calls the flow of a run.
 *
 *     read the deck, find the app, resolve its parameters        (all errors of the deck at once)
 *     declare: grids, fields, chains, output                     (nothing has memory yet, nothing is written)
 *     claim the folder; commit: memory
 *     begin: restore a checkpoint, or take one over, or the app fills step 0
 *     until the end: run a stretch, check the state, fire what is due, stop if asked
 *     final checkpoint, report
 *
 * Bits: time advances by pel_step_next() alone; an automatic dt is computed anew at steps divisible by time.step-every
 * alone; a stepper with a history starts it afresh where dt changes. So the state depends on neither stretches nor
 * events.
 */
#include "sim/run.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "exec/bandwidth.h"
#include "exec/machine_figures.h"
#include "sim/check.h"
#include "sim/checkpoint.h"
#include "sim/component.h"
#include "sim/failed.h"
#include "sim/folder.h"
#include "sim/forcing.h"
#include "sim/instruments.h"
#include "sim/measuring.h"
#include "sim/output.h"
#include "sim/progress.h"
#include "sim/report.h"
#include "sim/resolve.h"
#include "sim/stop.h"

enum { MOST_COMPONENTS = 8, SECONDS_BETWEEN_LOOKS = 1 };

typedef struct run {
    const pel_run_request *request;
    const pel_app *app;
    pel_params *params;
    pel_team *team;
    pel_component *components[MOST_COMPONENTS];
    int count;
    pel_output *output;
    pel_folder folder;
    pel_file *source; /* the checkpoint to begin from, while beginning; NULL: step 0 */
    bool is_done;     /* the run in the folder has reached its end before */

    pel_schedule checkpoints;
    pel_progress progress;
    pel_instruments instruments;
    pel_measuring measuring;
    long passed_step;   /* request->steps, where a run that goes on beyond it has been there; 0: it has not */
    uint64_t passed;    /* hash of the state there */
    pel_step first;     /* the clock where this process began */
    long checked_step;  /* the latest step at which the state was finite */
    long saved_step;    /* the step of the latest checkpoint; -1: none */
    long pace;          /* steps that take about run.stretch seconds */
    pel_text changes;   /* parameters that differ from those of the checkpoint of --from */
    const char *reason; /* why the run stops early; NULL */

    double began, start_up_seconds, measured_seconds; /* wall time */
    double stepping_seconds, stretch_seconds;         /* of the measured steps; of the latest stretch */
    double followed;                                  /* when the team last looked at what the machine grants */
    double checkpoint_seconds, longest_checkpoint;
    int checkpoint_count;
} run;

/* The components share one clock while a run has one of them; a coupled run will step each by its own. */
static pel_step now(const run *r)
{
    return r->components[0]->now;
}

static pel_saved saved_state(const run *r)
{
    return (pel_saved){r->components, r->count, r->params, r->output};
}

/* ---- the end ---- */

static pel_schedule end_of_run(const run *r)
{
    const bool by_steps = r->request->steps > 0;
    return (pel_schedule){.cadence.kind = by_steps ? PEL_CADENCE_STEPS : PEL_CADENCE_TIME,
                          .next_step = r->request->steps,
                          .next_time = pel_params_real(r->params, "time.end")};
}

static bool is_end(const run *r, pel_step step)
{
    const pel_schedule end = end_of_run(r);
    return pel_schedule_is_due(&end, step);
}

/* ---- declare ---- */

static pel_status declare(run *r)
{
    pel_status status = pel_component_create(r->app, "", r->params, NULL, &r->components[0]);
    if (status == PEL_OK) r->count = 1;
    if (status == PEL_OK && !r->components[0]->stepper && !r->components[0]->advance)
        status = pel_fail(PEL_ERR_ARGUMENT,
                          "app %s has made no stepper; its setup() must call pel_component_stepper(), or "
                          "pel_component_advance() if it steps itself",
                          r->app->name);
    if (status == PEL_OK) status = pel_output_declare(r->components, r->count, r->params, &r->output);
    return pel_resolve_finish(r->params, status);
}

/* ---- claim the folder, and find what to begin from ---- */

/* Refuses to go on with a run whose fixed parameters were others. */
static pel_status refuse_differences(const run *r, const pel_params *before, const char *what)
{
    pel_text list = {0};
    pel_status status = PEL_OK;
    if (pel_params_fixed_hash(before) != pel_params_fixed_hash(r->params) &&
        pel_params_differences(r->params, before, true, &list) > 0)
        status =
            pel_fail(PEL_ERR_MISMATCH,
                     "%s is of another deck; these parameters cannot change on resume (--from begins a new run):\n%s",
                     what, pel_text_get(&list));
    pel_text_free(&list);
    return status;
}

static pel_status params_of_checkpoint(const run *r, const pel_file *file, pel_params **params)
{
    char *deck = NULL;
    PEL_TRY(pel_checkpoint_deck(file, &deck));
    const pel_status status = pel_resolve_text(deck, pel_file_path(file), r->app, params);
    free(deck);
    return status;
}

static pel_status check_same_app(const run *r, const pel_file *file)
{
    char *app = NULL;
    PEL_TRY(pel_checkpoint_app(file, &app));
    pel_status status = PEL_OK;
    if (strcmp(app, r->app->name) != 0)
        status = pel_fail(PEL_ERR_MISMATCH, "%s is a state of app %s, and the deck is for app %s", pel_file_path(file),
                          app, r->app->name);
    free(app);
    return status;
}

/* Whether a report of the folder says that the run has finished: then the end's records are written too. */
static bool has_finished_report(const run *r)
{
    char *path = NULL;
    char text[4096] = "";
    FILE *file = pel_folder_file(&r->folder, "report.json", &path) == PEL_OK ? fopen(path, "r") : NULL;
    if (file) {
        text[fread(text, 1, sizeof text - 1, file)] = '\0';
        fclose(file);
    }
    free(path);
    return strstr(text, "\"outcome\": \"finished\"") != NULL;
}

static pel_status check_resume(run *r)
{
    pel_params *before = NULL;
    PEL_TRY(check_same_app(r, r->source));
    PEL_TRY(params_of_checkpoint(r, r->source, &before));
    const pel_status status = refuse_differences(r, before, pel_file_path(r->source));
    pel_params_free(before);
    PEL_TRY(status);
    pel_step step;
    long since_start;
    PEL_TRY(pel_checkpoint_clock(r->source, r->components[0], &step, &since_start));
    r->is_done = is_end(r, step) && has_finished_report(r);
    char text[64];
    if (r->is_done)
        pel_log_info("%s: the run is finished: step %ld, time %s", r->folder.path, step.index,
                     pel_component_time(r->components[0], step.time, text));
    return PEL_OK;
}

/* A run that was killed before its first checkpoint: it begins again, if it is of this deck. */
static pel_status check_restart(const run *r)
{
    pel_params *before = NULL;
    if (pel_folder_params(&r->folder, r->app, &before) != PEL_OK) return PEL_OK; /* no deck.yaml yet */
    const pel_status status = refuse_differences(r, before, r->folder.path);
    pel_params_free(before);
    if (status == PEL_OK) pel_log_info("%s: no checkpoint yet; the run begins again", r->folder.path);
    return status;
}

static pel_status open_log(const run *r)
{
    char *path = NULL;
    PEL_TRY(pel_folder_file(&r->folder, "run.log", &path));
    const pel_status status = pel_log_open(path);
    free(path);
    return status;
}

static pel_status claim_folder(run *r)
{
    const pel_run_request *q = r->request;
    PEL_TRY(pel_folder_claim(&r->folder, q->folder, q->deck_path));
    if (!r->folder.has_run || q->is_overwrite) return PEL_OK;
    if (!q->is_resume)
        return pel_fail(
            PEL_ERR_EXISTS,
            "%s holds a run already; --resume goes on with it, --overwrite removes it, -o names another folder",
            r->folder.path);
    PEL_TRY(open_log(r)); /* which checkpoints are skipped is worth keeping */
    PEL_TRY(pel_checkpoint_open_newest(r->folder.path, &r->source));
    return r->source ? check_resume(r) : check_restart(r);
}

/* ---- commit ---- */

static pel_status commit(run *r)
{
    const pel_team_spec spec = pel_resolve_team(r->params);
    PEL_TRY(pel_team_create(&spec, &r->team));
    PEL_TRY(pel_instruments_start(&r->instruments, r->params, r->team, r->folder.path,
                                  r->request->is_resume || r->request->is_overwrite));
    for (int i = 0; i < r->count; i++) {
        r->components[i]->team = r->team;
        r->components[i]->options.trace = r->instruments.trace;
        PEL_TRY(pel_component_commit(r->components[i]));
    }
    return PEL_OK;
}

/* ---- begin ---- */

static bool has_fixed_step(const run *r)
{
    return !pel_params_is(r->params, "time.step", "auto");
}

/* A fixed step beyond a sharp limit is an error of the deck, found before anything is written. */
static pel_status refuse_a_long_step(const run *r, pel_component *component)
{
    double limit = INFINITY;
    PEL_TRY(component->app->step_limit(component, component->model, &limit));
    if (limit <= 0)
        pel_params_error(r->params, "time.scheme",
                         "app %s is stable at no step under time.scheme %s; choose another scheme", r->app->name,
                         pel_params_text(r->params, "time.scheme"));
    else if (component->now.dt > limit)
        pel_params_error(r->params, "time.step",
                         "time.step is %g s, beyond the stability limit of app %s for this deck, %g s under "
                         "time.scheme %s; give a step below it, or auto",
                         component->now.dt, r->app->name, limit, pel_params_text(r->params, "time.scheme"));
    return pel_params_finish(r->params);
}

/* A step that the app would not take is worth a warning, not more, where its limit may be cautious. */
static pel_status warn_of_a_long_step(const run *r, pel_component *component)
{
    double limit = INFINITY;
    if (component->app->is_limit_sharp) return PEL_OK; /* refused already */
    if (component->app->step_limit) PEL_TRY(component->app->step_limit(component, component->model, &limit));
    if (limit <= 0)
        pel_log_warning("app %s is stable at no step under time.scheme %s; the run may blow up", r->app->name,
                        pel_params_text(r->params, "time.scheme"));
    else if (component->now.dt > limit)
        pel_log_warning("time.step is %g s, but app %s is stable up to %g s; the run may blow up", component->now.dt,
                        r->app->name, limit);
    return PEL_OK;
}

static pel_status begin_at_zero(run *r)
{
    for (int i = 0; i < r->count; i++) {
        pel_component *component = r->components[i];
        component->now.dt = has_fixed_step(r) ? pel_params_real(r->params, "time.step") : 0;
        PEL_TRY(r->app->initial(component, r->params, component->model));
    }
    return PEL_OK;
}

/* Whether the other time levels of a checkpoint are a history that this run's scheme can go on with. One that lacks a
 * field has none of it. */
static bool can_trust_history(const run *r, const pel_params *before)
{
    for (int i = 0; i < r->count; i++)
        if (!pel_checkpoint_has_state(r->source, r->components[i])) return false;
    return has_fixed_step(r) &&
           (r->app->is_gridless ||
            strcmp(pel_params_text(r->params, "time.scheme"), pel_params_text(before, "time.scheme")) == 0) &&
           pel_params_real(r->params, "time.step") == pel_params_real(before, "time.step");
}

static pel_status adopt_checkpoint(run *r, const pel_params *before)
{
    pel_params_differences(r->params, before, false, &r->changes);
    const bool with_history = can_trust_history(r, before);
    const pel_saved saved = saved_state(r);
    PEL_TRY(pel_checkpoint_adopt(&saved, r->source, with_history));
    for (int i = 0; i < r->count && !with_history; i++) {
        r->components[i]->since_start = 0;
        r->components[i]->now.dt = has_fixed_step(r) ? pel_params_real(r->params, "time.step") : 0;
    }
    return PEL_OK;
}

static pel_status begin_from_another(run *r)
{
    pel_params *before = NULL;
    PEL_TRY(begin_at_zero(r));
    PEL_TRY(pel_checkpoint_open(r->request->from, &r->source));
    PEL_TRY(check_same_app(r, r->source));
    PEL_TRY(params_of_checkpoint(r, r->source, &before));
    const pel_status status = adopt_checkpoint(r, before);
    pel_params_free(before);
    return status;
}

/* The files of the run, once it is known that it can begin. */
static pel_status open_files(run *r, bool is_resumed)
{
    pel_text deck = {0};
    if (r->folder.has_run && !is_resumed) PEL_TRY(pel_folder_clear(&r->folder, r->components[0]));
    if (!is_resumed) PEL_TRY(pel_output_check_free(r->output, r->folder.path));
    PEL_TRY(pel_folder_prepare(&r->folder, pel_params_flag(r->params, "output.enabled")));
    PEL_TRY(open_log(r));
    pel_params_write(r->params, &deck);
    pel_status status = pel_folder_publish(&r->folder, "deck.yaml", pel_text_get(&deck));
    pel_text_free(&deck);
    if (status == PEL_OK) status = pel_output_open(r->output, r->folder.path, is_resumed);
    return status;
}

/* "256 x 256" cells, or the number of atoms. */
static void describe_size(const pel_component *component, char size[64])
{
    const pel_grid *grid = pel_component_deck_grid(component);
    if (!grid) snprintf(size, 64, "%.0f", pel_component_updates(component));
    for (int d = 0, used = 0; grid && d < pel_grid_dimensions(grid); d++)
        used += snprintf(size + used, 64 - (size_t)used, "%s%d", d > 0 ? " x " : "", pel_grid_cells(grid, d));
}

static void say_beginning(const run *r, const char *how)
{
    const pel_component *component = r->components[0];
    char size[64], number[32], time[64];
    describe_size(component, size);
    pel_log_info("pelagos %s: %s, app %s, %s %ss, %d threads, %sB of %s; into %s/", pel_build_version(),
                 r->request->deck_path, r->app->name, size, pel_component_unit_of_work(component),
                 pel_team_threads(r->team), pel_text_si(pel_report_state_bytes(r->components, r->count), number),
                 r->app->is_gridless ? "state" : "fields", r->folder.path);
    if (r->changes.length > 0) pel_log_info("what differs from %s:\n%s", r->request->from, pel_text_get(&r->changes));
    pel_log_info("%s at step %ld, time %s", how, now(r).index, pel_component_time(component, now(r).time, time));
}

static pel_status restore(const run *r)
{
    const pel_saved saved = saved_state(r);
    const double start = pel_clock_seconds();
    PEL_TRY(pel_checkpoint_restore(&saved, r->source));
    pel_team_note_file(r->team, r->instruments.trace, "restore", start);
    return PEL_OK;
}

static pel_status begin(run *r)
{
    const bool is_resumed = r->source != NULL;
    const char *from = r->request->from;
    if (is_resumed) PEL_TRY(restore(r));
    else if (from) PEL_TRY(begin_from_another(r));
    else PEL_TRY(begin_at_zero(r));
    for (int i = 0; i < r->count; i++) PEL_TRY(pel_component_store(r->components[i]));
    for (int i = 0; i < r->count && has_fixed_step(r) && !is_resumed; i++)
        if (r->app->is_limit_sharp && r->app->step_limit) PEL_TRY(refuse_a_long_step(r, r->components[i]));
    PEL_TRY(open_files(r, is_resumed));
    say_beginning(r, is_resumed ? "goes on" : from ? "begins from a checkpoint" : "begins");
    for (int i = 0; i < r->count && has_fixed_step(r) && !is_resumed; i++)
        PEL_TRY(warn_of_a_long_step(r, r->components[i]));
    pel_file *source = r->source;
    r->source = NULL;
    r->first = now(r);
    r->checked_step = now(r).index;
    r->saved_step = is_resumed ? now(r).index : -1;
    r->checkpoints = pel_schedule_start(pel_params_cadence(r->params, "output.checkpoints.every"), now(r), false);
    r->progress = pel_progress_start(r->components[0], pel_report_updates(r->components, r->count), r->request->steps,
                                     pel_params_real(r->params, "time.end"), now(r));
    return pel_file_close(source);
}

/* ---- checkpoints ---- */

static pel_status save_checkpoint(run *r)
{
    if (r->saved_step == now(r).index || !pel_params_flag(r->params, "output.enabled")) return PEL_OK;
    char *path = NULL;
    const double start = pel_clock_seconds();
    const pel_saved saved = saved_state(r);
    PEL_TRY(pel_checkpoint_path(r->folder.path, now(r).index, &path));
    pel_status status = pel_checkpoint_write(&saved, path);
    if (status == PEL_OK)
        status = pel_checkpoint_thin(r->folder.path, pel_params_int(r->params, "output.checkpoints.keep"));
    if (status == PEL_OK) pel_log_quiet("checkpoint %s", path);
    free(path);
    pel_team_note_file(r->team, r->instruments.trace, "checkpoint", start);
    const double seconds = pel_clock_seconds() - start;
    r->checkpoint_seconds += seconds;
    r->longest_checkpoint = fmax(r->longest_checkpoint, seconds);
    r->checkpoint_count++;
    r->saved_step = now(r).index;
    return status;
}

static pel_status save_checkpoint_if_due(run *r)
{
    if (!pel_schedule_is_due(&r->checkpoints, now(r))) return PEL_OK;
    PEL_TRY(save_checkpoint(r));
    pel_schedule_advance(&r->checkpoints, now(r));
    return PEL_OK;
}

/* ---- the step's length ---- */

static pel_status limit_step(const run *r, pel_component *component, double *dt)
{
    double limit = 0;
    if (!component->app->step_limit)
        return pel_fail(PEL_ERR_DECK,
                        "app %s cannot find its step by itself; give time.step a duration in place of auto",
                        component->app->name);
    PEL_TRY(component->app->step_limit(component, component->model, &limit));
    *dt = limit * pel_params_real(r->params, "time.safety");
    if (*dt > 0 && isfinite(*dt)) return PEL_OK;
    return pel_fail(PEL_ERR_NUMERICS,
                    "no stable step can be found at step %ld, time %g s: app %s gives a limit of %g s; give time.step "
                    "a duration, or look at "
                    "the initial state",
                    component->now.index, component->now.time, component->app->name, limit);
}

/* Every how many steps dt is computed anew; 0: it is fixed. */
static long step_every(const run *r)
{
    return has_fixed_step(r) ? 0 : pel_params_int(r->params, "time.step-every");
}

static pel_status choose_step(const run *r, pel_component *component)
{
    double dt = component->now.dt;
    const long every = step_every(r);
    if (every > 0 && (component->now.index % every == 0 || dt <= 0)) PEL_TRY(limit_step(r, component, &dt));
    if (dt != component->now.dt) component->since_start = 0; /* a history of other steps is of no use */
    component->now.dt = dt;
    return PEL_OK;
}

/* ---- is the state good? ---- */

static pel_good_state good_state(const run *r)
{
    return (pel_good_state){r->checked_step, r->saved_step};
}

static pel_status check_state(run *r)
{
    const pel_saved saved = saved_state(r);
    for (int i = 0; i < r->count; i++) PEL_TRY(pel_failure_look(&saved, &r->folder, r->components[i], good_state(r)));
    r->checked_step = now(r).index;
    return PEL_OK;
}

/* ---- stretches ---- */

static long least(long a, long b)
{
    return a < b ? a : b;
}

/* Steps for which nothing of the component itself changes: its dt, its chain, the records of its forcings. */
static long steps_of_component(const run *r, const pel_component *component)
{
    const long every = step_every(r);
    long steps = every > 0 ? every - component->now.index % every : LONG_MAX;
    if (component->stepper && component->since_start < pel_stepper_start_steps(component->stepper)) steps = 1;
    for (int i = 0; i < component->forcing_count; i++)
        steps = least(steps, pel_forcing_steps_left(component->forcings[i], component->now));
    return steps;
}

/* A measurement by the clock knows an end by steps alone, and goes on beyond it. */
static bool has_passed_the_end(const run *r)
{
    return r->request->seconds > 0 && now(r).index >= r->request->steps;
}

/* Steps until the next event. */
static long stretch_length(const run *r)
{
    const pel_schedule end = end_of_run(r);
    long steps = least(r->pace, pel_measuring_steps_left(&r->measuring, now(r)));
    if (!has_passed_the_end(r)) steps = least(steps, pel_schedule_steps_until(&end, now(r)));
    steps = least(steps, pel_output_steps_until_due(r->output));
    steps = least(steps, pel_schedule_steps_until(&r->checkpoints, now(r)));
    for (int i = 0; i < r->count; i++) steps = least(steps, steps_of_component(r, r->components[i]));
    return steps > 1 ? steps : 1;
}

static pel_status run_component(pel_component *component, long steps)
{
    for (int i = 0; i < component->forcing_count; i++) PEL_TRY(pel_forcing_update(component->forcings[i], component));
    return pel_component_step(component, &component->options, steps);
}

/* The pace follows the measured speed, growing by steps of four so that one lucky measurement does not run away. */
static void set_pace(run *r, long steps, double seconds)
{
    const double wanted = pel_params_real(r->params, "run.stretch") * (double)steps / fmax(seconds, 1e-9);
    r->stretch_seconds = seconds;
    r->measuring.step_seconds = seconds / (double)steps;
    r->stepping_seconds += seconds;
    if (steps < r->pace && wanted > (double)r->pace)
        return; /* an event cut it short: nothing learnt about longer ones */
    const double most = 4.0 * (double)steps;
    r->pace = wanted < 1 ? 1 : (long)fmin(fmin(wanted, most), 1e9);
}

/* The report is of what follows. */
static void begin_measuring(run *r)
{
    pel_measuring_begin(&r->measuring, now(r));
    r->stepping_seconds = 0;
    pel_instruments_begin(&r->instruments);
    pel_team_counters_reset(r->team);
    for (int i = 0; i < r->count; i++) pel_component_cost_reset(r->components[i]);
}

/* With `threads: auto`, as many threads as the machine grants now; looking costs a few files to read. */
static pel_status follow_grant(run *r)
{
    const bool is_auto = pel_params_int(r->params, "run.threads") == 0;
    const double now = pel_clock_seconds();
    if (!is_auto || now - r->followed < SECONDS_BETWEEN_LOOKS) return PEL_OK;
    r->followed = now;
    return pel_team_follow(r->team, "");
}

static pel_status run_stretch(run *r)
{
    PEL_TRY(follow_grant(r));
    for (int i = 0; i < r->count; i++) PEL_TRY(choose_step(r, r->components[i]));
    const long steps = stretch_length(r);
    const double start = pel_clock_seconds();
    const pel_saved saved = saved_state(r);
    for (int i = 0; i < r->count; i++)
        PEL_TRY(pel_failure_report(&saved, &r->folder, r->components[i], good_state(r),
                                   run_component(r->components[i], steps)));
    set_pace(r, steps, pel_clock_seconds() - start);
    return PEL_OK;
}

/* ---- until the end ---- */

/* What a stop may still take: another stretch, and a checkpoint at half the speed of the slowest so far. */
static double stopping_margin(const run *r)
{
    const double guessed =
        pel_report_state_bytes(r->components, r->count) / 200e6; /* no disk is slower than this, one hopes */
    if (!pel_params_flag(r->params, "output.enabled")) return r->stretch_seconds;
    const double checkpoint = r->checkpoint_count > 0 ? r->longest_checkpoint : guessed;
    return r->stretch_seconds + 2 * checkpoint;
}

/* Where a measurement by the clock goes on beyond request->steps: the state there, which others can be compared with.
 */
static pel_status look_in_passing(run *r)
{
    if (r->request->seconds <= 0 || now(r).index != r->request->steps) return PEL_OK;
    const double start = pel_clock_seconds();
    pel_team_counters_switch(r->team, false);
    for (int i = 0; i < r->count; i++) PEL_TRY(pel_component_store(r->components[i]));
    r->passed = pel_check_hash(r->components, r->count);
    r->passed_step = now(r).index;
    pel_team_counters_switch(r->team, true);
    pel_measuring_leave_out(&r->measuring, pel_clock_seconds() - start);
    return PEL_OK;
}

static bool is_over(const run *r)
{
    if (r->request->seconds <= 0) return is_end(r, now(r));
    return has_passed_the_end(r) && pel_measuring_is_enough(&r->measuring, now(r));
}

static pel_status step_to_the_end(run *r)
{
    PEL_TRY(check_state(r));
    PEL_TRY(pel_output_write_due(r->output));
    r->start_up_seconds = pel_clock_seconds() - r->began;
    r->measuring = pel_measuring_start(r->request, now(r));
    pel_team_counters_switch(r->team, true);
    while (!is_over(r)) {
        r->reason = pel_stop_reason(stopping_margin(r));
        if (r->reason) return PEL_OK;
        PEL_TRY(run_stretch(r));
        PEL_TRY(check_state(r));
        PEL_TRY(pel_output_write_due(r->output));
        PEL_TRY(save_checkpoint_if_due(r));
        pel_progress_show(&r->progress, now(r));
        pel_instruments_look(&r->instruments);
        PEL_TRY(look_in_passing(r));
        if (!is_over(r) && pel_measuring_is_due(&r->measuring, now(r))) begin_measuring(r);
    }
    return PEL_OK;
}

/* ---- the end of it ---- */

/* What the run is held against: measured now if that is asked for, else what is kept of this machine. */
static pel_status find_bandwidth(const run *r, pel_report *report)
{
    const pel_figures *kept = pel_team_figures(r->team);
    if (pel_params_flag(r->params, "run.measure-bandwidth")) return pel_bandwidth_triad(r->team, &report->triad);
    if (kept) report->triad = pel_figures_bandwidth(kept, PEL_LEVEL_MEMORY, pel_team_threads(r->team));
    report->is_triad_kept = report->triad > 0;
    return PEL_OK;
}

static pel_status write_report(run *r)
{
    for (int i = 0; i < r->count; i++) PEL_TRY(pel_component_store(r->components[i]));
    char size[64];
    describe_size(r->components[0], size);
    pel_report report = {
        .outcome = r->reason ? "stopped" : "finished",
        .reason = r->reason,
        .size = size,
        .deck_path = r->request->deck_path,
        .title = pel_params_text(r->params, "title"),
        .components = r->components,
        .count = r->count,
        .team = r->team,
        .first = r->first,
        .measured = r->measuring.from,
        .start_up_seconds = r->start_up_seconds,
        .warm_up_seconds = r->measuring.warm_up_seconds,
        .measured_seconds = r->measured_seconds,
        .seconds = pel_clock_seconds() - r->began,
        .stepping_seconds = r->stepping_seconds,
        .checkpoint_seconds = r->checkpoint_seconds,
        .checkpoints = r->checkpoint_count,
        .peak_memory = pel_report_peak_memory(),
        .hash = pel_check_hash(r->components, r->count),
        .passed_step = r->passed_step,
        .passed_hash = r->passed,
        .instruments = &r->instruments,
    };
    PEL_TRY(find_bandwidth(r, &report));
    pel_output_cost(r->output, &report.output_seconds, &report.output_bytes);
    pel_text json = {0};
    pel_status status = pel_report_write(&report, &json);
    if (status == PEL_OK) status = pel_folder_publish(&r->folder, "report.json", pel_text_get(&json));
    pel_text_free(&json);
    if (status == PEL_OK) pel_report_say(&report);
    return status;
}

static pel_status say_stopped(const run *r)
{
    const bool has_sets = r->request->set_count > 0; /* which the deck of the folder holds */
    if (r->saved_step != now(r).index)
        return pel_fail(PEL_ERR_STOPPED,
                        "stopped by %s at step %ld; there is no checkpoint, as output.enabled is false", r->reason,
                        now(r).index);
    return pel_fail(PEL_ERR_STOPPED,
                    "stopped by %s at step %ld with a good checkpoint; `pelagos run %s%s -o %s --resume` goes on",
                    r->reason, now(r).index, has_sets ? r->folder.path : r->request->deck_path,
                    has_sets ? "/deck.yaml" : "", r->folder.path);
}

static pel_status finish(run *r)
{
    pel_progress_end();
    r->measured_seconds = pel_measuring_seconds(&r->measuring);
    pel_team_counters_switch(r->team, false);
    PEL_TRY(save_checkpoint(r));
    PEL_TRY(pel_output_close(r->output));
    pel_instruments_finish(&r->instruments);
    if (!r->measuring.is_warm)
        pel_log_warning("the run ended within its warm-up: its times and rates are those of all its steps");
    PEL_TRY(write_report(r));
    return r->reason ? say_stopped(r) : PEL_OK;
}

static void release(run *r)
{
    pel_stop_ignore();
    pel_progress_end();
    if (r->source) pel_file_close(r->source);
    if (r->output) pel_output_destroy(r->output);
    for (int i = 0; i < r->count; i++) pel_component_destroy(r->components[i]);
    if (r->team) pel_team_destroy(r->team);
    pel_instruments_release(&r->instruments);
    pel_params_free(r->params);
    pel_text_free(&r->changes);
    if (r->folder.path) pel_folder_release(&r->folder);
    pel_log_set_quiet(false);
}

static pel_status carry_out(run *r, const pel_app *const *apps, int app_count)
{
    const pel_run_request *q = r->request;
    PEL_TRY(pel_resolve_deck(q->deck_path, q->sets, q->set_count, apps, app_count, &r->app, &r->params));
    PEL_TRY(declare(r));
    PEL_TRY(claim_folder(r));
    if (r->is_done) return PEL_OK;
    PEL_TRY(pel_stop_listen(pel_params_real(r->params, "run.wall-limit")));
    PEL_TRY(commit(r));
    PEL_TRY(begin(r));
    PEL_TRY(step_to_the_end(r));
    return finish(r);
}

pel_status pel_run(const pel_run_request *request, const pel_app *const *apps, int app_count)
{
    run r = {.request = request, .began = pel_clock_seconds(), .pace = 1, .saved_step = -1};
    pel_log_set_quiet(request->is_quiet);
    pel_status status = carry_out(&r, apps, app_count);
    if (status != PEL_OK) pel_log_quiet("%s%s", status == PEL_ERR_STOPPED ? "" : "error: ", pel_failure());
    char *sentence = NULL; /* releasing may fail in its turn, which is of less interest */
    if (status != PEL_OK && pel_text_copy(pel_failure(), &sentence) == PEL_OK) {
        release(&r);
        pel_fail(status, "%s", sentence);
    } else {
        release(&r);
    }
    free(sentence);
    const pel_status closed = pel_log_close();
    return status != PEL_OK ? status : closed;
}
