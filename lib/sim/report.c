/* The report: numbers of a run, as JSON for programs and as a few lines for a person. */
#include "sim/report.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "base/log.h"
#include "exec/planner.h"
#include "machine/topology.h"

const char *pel_build_version(void)
{
    return PELAGOS_VERSION;
}

const char *pel_build_revision(void)
{
    return PELAGOS_REVISION;
}

/* ---- figures ---- */

double pel_report_state_bytes(pel_component *const *components, int count)
{
    double bytes = 0;
    for (int i = 0; i < count; i++) bytes += pel_component_state_bytes(components[i]);
    return bytes;
}

double pel_report_updates(pel_component *const *components, int count)
{
    double updates = 0;
    for (int i = 0; i < count; i++) updates += pel_component_updates(components[i]);
    return updates;
}

double pel_report_peak_memory(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? 1024.0 * (double)usage.ru_maxrss : 0;
}

/* What the step chains of all components have cost. */
static pel_chain_cost stepping_cost(const pel_report *report)
{
    pel_chain_cost sum = {0};
    for (int i = 0; i < report->count; i++) {
        const pel_stepper *stepper = report->components[i]->stepper;
        for (int c = 0; stepper && c < pel_stepper_chain_count(stepper); c++) {
            const pel_chain_cost cost = pel_chain_cost_so_far(pel_stepper_chain_at(stepper, c));
            sum.seconds += cost.seconds;
            sum.steps += cost.steps;
            sum.updates += cost.updates;
            sum.bytes += cost.bytes;
            sum.flops += cost.flops;
        }
    }
    return sum;
}

typedef struct figures {
    long steps;
    double updates, rate, bandwidth, doubles_an_update;
    double model_a_day; /* model time in a day of stepping, in its unit */
    pel_chain_cost cost;
} figures;

static double ratio(double a, double b)
{
    return b > 0 ? a / b : 0;
}

/* NAN, null in the report, where there is nothing to divide by. */
static double quotient(double a, double b)
{
    return b > 0 ? a / b : NAN;
}

static figures figures_of(const pel_report *report)
{
    figures f = {.cost = stepping_cost(report), .steps = report->components[0]->now.index - report->measured.index};
    const double time = report->components[0]->now.time - report->measured.time;
    f.updates = pel_report_updates(report->components, report->count) * (double)f.steps;
    f.rate = ratio(f.updates, report->stepping_seconds);
    f.bandwidth = ratio(f.cost.bytes, f.cost.seconds);
    f.doubles_an_update = ratio(f.cost.bytes / sizeof(double), f.updates);
    f.model_a_day = ratio(86400 * time, report->stepping_seconds);
    return f;
}

/* ---- JSON ---- */

static void add_text(pel_text *json, const char *key, const char *value)
{
    pel_text_add(json, "  \"%s\": ", key);
    if (value) pel_text_add_json(json, value);
    else pel_text_add(json, "null");
    pel_text_add(json, ",\n");
}

static void add_number(pel_text *json, const char *key, double value)
{
    char text[32];
    pel_text_add(json, "  \"%s\": %s,\n", key, isfinite(value) ? pel_text_number(value, text) : "null");
}

/* A further member of an object on one line; what is not finite is null. */
static void add_member(pel_text *json, const char *key, double value)
{
    char text[32];
    pel_text_add(json, ", \"%s\": %s", key, isfinite(value) ? pel_text_number(value, text) : "null");
}

/* A number of a plan; null where it has none. */
static double planned(double value)
{
    return value > 0 ? value : NAN;
}

/* How something ran: prediction stands beside measurement. */
static void add_cost(pel_text *json, const char *name, const char *executor, pel_chain_cost cost, pel_plan plan,
                     bool *is_first)
{
    if (cost.steps == 0) return;
    pel_text_add(json, "%s\n    {\"chain\": ", *is_first ? "" : ",");
    pel_text_add_json(json, name);
    pel_text_add(json, ", \"executor\": \"%s\"", executor);
    add_member(json, "pitch", planned(plan.pitch));
    add_member(json, "height", planned(plan.height));
    add_member(json, "chunk", planned(plan.chunk));
    add_member(json, "row", planned(plan.row));
    add_member(json, "steps", (double)cost.steps);
    add_member(json, "seconds", cost.seconds);
    add_member(json, "updates", cost.updates);
    add_member(json, "declared_bytes", cost.bytes);
    add_member(json, "flops", cost.flops);
    add_member(json, "declared_bytes_per_update", quotient(cost.bytes, cost.updates));
    add_member(json, "working_set_bytes", planned(plan.working_set));
    add_member(json, "predicted_bytes_per_update", planned(plan.bytes_an_update));
    add_member(json, "predicted_updates_per_second", planned(plan.updates_per_second));
    add_member(json, "measured_updates_per_second", quotient(cost.updates, cost.seconds));
    pel_text_add(json, ", \"not_temporal_because\": ");
    if (plan.why_not) pel_text_add_json(json, plan.why_not);
    else pel_text_add(json, "null");
    pel_text_add(json, "}");
    *is_first = false;
}

static void add_chain(pel_text *json, const pel_chain *chain, bool *is_first)
{
    const pel_plan plan = pel_chain_plan_used(chain);
    add_cost(json, pel_chain_name(chain), pel_executor_name(plan.executor), pel_chain_cost_so_far(chain), plan,
             is_first);
}

/* Every chain that ran: those of the stepper or the model's own steps, then the app's and the output's. */
static void add_plan(pel_text *json, const pel_report *report)
{
    bool is_first = true;
    pel_text_add(json, "  \"plan\": [");
    for (int i = 0; i < report->count; i++) {
        const pel_component *component = report->components[i];
        for (int c = 0; component->stepper && c < pel_stepper_chain_count(component->stepper); c++)
            add_chain(json, pel_stepper_chain_at(component->stepper, c), &is_first);
        if (component->advance)
            add_cost(json, "dynamics", "tiles", pel_component_own_cost(component), (pel_plan){0}, &is_first);
        for (int c = 0; c < component->chain_count; c++) add_chain(json, component->chains[c], &is_first);
    }
    pel_text_add(json, "%s],\n", is_first ? "" : "\n  ");
}

static void add_trace(pel_text *json, const pel_instruments *instruments)
{
    if (!instruments->trace) {
        pel_text_add(json, "  \"trace\": null,\n");
        return;
    }
    const pel_trace_summary sum = pel_trace_summarise(instruments->trace);
    pel_text_add(json, "  \"trace\": {\"file\": ");
    if (instruments->trace_path) pel_text_add_json(json, instruments->trace_path);
    else pel_text_add(json, "null");
    add_member(json, "busy_seconds", sum.busy);
    add_member(json, "waiting_seconds", sum.waiting);
    add_member(json, "file_seconds", sum.files);
    add_member(json, "stolen_seconds", sum.stolen);
    add_member(json, "imbalance", sum.imbalance);
    add_member(json, "threads", sum.threads);
    add_member(json, "spans", (double)sum.spans);
    add_member(json, "dropped_spans", (double)sum.dropped);
    pel_text_add(json, "},\n");
}

/* ---- what the threads did ---- */

/* A figure of each thread, as a further member. */
static void add_threads(pel_text *json, const char *key, const pel_team *team, int threads, size_t offset)
{
    char text[32];
    pel_text_add(json, ", \"%s\": [", key);
    for (int t = 0; t < threads; t++) {
        const pel_thread_counts counts = pel_team_thread_counts(team, t);
        double value;
        memcpy(&value, (const char *)&counts + offset, sizeof value);
        pel_text_add(json, "%s%s", t > 0 ? ", " : "", pel_text_number(value, text));
    }
    pel_text_add(json, "]");
}

static void add_counters(pel_text *json, const pel_report *report)
{
    pel_team_counts counts;
    if (!pel_team_counters_read(report->team, &counts)) {
        pel_text_add(json, "  \"counters\": null,\n");
        return;
    }
    const int threads =
        pel_team_threads(report->team) > counts.threads ? pel_team_threads(report->team) : counts.threads;
    pel_text_add(json, "  \"counters\": {\"threads\": %d", threads);
    add_member(json, "wall_seconds", report->measured_seconds);
    add_member(json, "region_seconds", counts.region_seconds);
    add_member(json, "regions", (double)counts.regions);
    add_threads(json, "busy_seconds", report->team, threads, offsetof(pel_thread_counts, busy));
    add_threads(json, "waiting_seconds", report->team, threads, offsetof(pel_thread_counts, waiting));
    add_threads(json, "stolen_seconds", report->team, threads, offsetof(pel_thread_counts, stolen));
    add_member(json, "file_seconds", counts.file_seconds);
    pel_text_add(json, "},\n");
}

/* ---- how it ran ---- */

/* Of the stepper's chain that ran last. */
static pel_executor stepping_executor(const pel_report *report)
{
    const pel_component *component = report->components[0];
    pel_executor executor = component->options.executor;
    for (int c = 0; component->stepper && c < pel_stepper_chain_count(component->stepper); c++) {
        const pel_executor used = pel_chain_plan_used(pel_stepper_chain_at(component->stepper, c)).executor;
        if (used != PEL_EXECUTOR_AUTO) executor = used;
    }
    return executor;
}

static void add_machine(pel_text *json, const pel_report *report)
{
    pel_topology *topology = NULL;
    if (pel_topology_load(NULL, &topology) == PEL_OK) {
        add_number(json, "cores", pel_topology_cores(topology));
        add_number(json, "numa_domains", pel_topology_domains(topology));
    }
    pel_topology_free(topology);
    add_text(json, "processor", pel_machine_processor());
    add_number(json, "threads", pel_team_threads(report->team));
    if (report->components[0]->stepper) add_text(json, "executor", pel_executor_name(stepping_executor(report)));
}

/* What the model itself has to tell of how it went. */
static void add_figures(pel_text *json, const pel_report *report)
{
    bool is_first = true;
    pel_text_add(json, "  \"figures\": {");
    for (int i = 0; i < report->count; i++) {
        const pel_component *component = report->components[i];
        for (int k = 0; k < component->figure_count; k++) {
            const double value = component->figures[k].value(component->model);
            char text[32];
            pel_text_add(json, "%s\"%s\": %s", is_first ? "" : ", ", component->figures[k].name,
                         isfinite(value) ? pel_text_number(value, text) : "null");
            is_first = false;
        }
    }
    pel_text_add(json, "},\n");
}

static void add_traffic(pel_text *json, const figures *f)
{
    add_number(json, "point_updates", f->cost.updates);
    add_number(json, "declared_bytes", f->cost.bytes);
    add_number(json, "declared_bytes_per_second", f->bandwidth);
    add_number(json, "doubles_moved_per_cell_step", f->doubles_an_update);
}

static const char *triad_source(const pel_report *report)
{
    return report->is_triad_kept ? "kept by pelagos machine --measure" : "measured at the end of the run";
}

static void add_rates(pel_text *json, const pel_report *report, const figures *f)
{
    const pel_component *component = report->components[0];
    char key[64];
    snprintf(key, sizeof key, "%s_steps", pel_component_unit_of_work(component));
    add_number(json, key, f->updates);
    snprintf(key, sizeof key, "%s_steps_per_second", pel_component_unit_of_work(component));
    add_number(json, key, f->rate);
    add_number(json, "model_time_per_day", f->model_a_day);
    if (component->stepper) add_traffic(json, f);
    if (report->triad > 0) {
        add_number(json, "triad_bytes_per_second", report->triad);
        add_text(json, "triad_source", triad_source(report));
        if (component->stepper) add_number(json, "fraction_of_triad", f->bandwidth / report->triad);
    }
}

static void add_times(pel_text *json, const pel_report *report)
{
    add_number(json, "seconds", report->seconds);
    add_number(json, "start_up_seconds", report->start_up_seconds);
    add_number(json, "warm_up_steps", (double)(report->measured.index - report->first.index));
    add_number(json, "warm_up_seconds", report->warm_up_seconds);
    add_number(json, "measured_steps", (double)(report->components[0]->now.index - report->measured.index));
    add_number(json, "measured_seconds", report->measured_seconds);
    add_number(json, "stepping_seconds", report->stepping_seconds);
    add_number(json, "output_seconds", report->output_seconds);
    add_number(json, "output_bytes", report->output_bytes);
    add_number(json, "checkpoint_seconds", report->checkpoint_seconds);
    add_number(json, "checkpoints", report->checkpoints);
}

/* The state that a measurement by the clock had where others can be compared with it. */
static void add_passed_state(pel_text *json, const pel_report *report)
{
    if (report->passed_step == 0) pel_text_add(json, "  \"passed_state\": null,\n");
    else
        pel_text_add(json, "  \"passed_state\": {\"step\": %ld, \"hash\": \"%016llx\"},\n", report->passed_step,
                     (unsigned long long)report->passed_hash);
}

pel_status pel_report_write(const pel_report *report, pel_text *json)
{
    const figures f = figures_of(report);
    const pel_step now = report->components[0]->now;
    pel_text_add(json, "{\n");
    add_text(json, "outcome", report->outcome);
    add_text(json, "reason", report->reason);
    add_text(json, "title", report->title);
    add_text(json, "app", report->components[0]->app->name);
    add_text(json, "deck", report->deck_path);
    add_text(json, "size", report->size);
    add_text(json, "unit_of_work", pel_component_unit_of_work(report->components[0]));
    add_number(json, "first_step", (double)report->first.index);
    add_number(json, "step", (double)now.index);
    add_number(json, "time", now.time);
    add_number(json, "dt", now.dt);
    add_text(json, "time_units", pel_component_time_unit(report->components[0]));
    add_times(json, report);
    add_rates(json, report, &f);
    add_number(json, "field_bytes", pel_report_state_bytes(report->components, report->count));
    add_number(json, "peak_memory_bytes", report->peak_memory);
    add_number(json, "energy_joules", report->instruments->energy ? report->instruments->joules : NAN);
    add_machine(json, report);
    add_plan(json, report);
    if (report->components[0]->figure_count > 0) add_figures(json, report);
    add_trace(json, report->instruments);
    add_counters(json, report);
    add_text(json, "version", pel_build_version());
    add_text(json, "revision", pel_build_revision());
    add_passed_state(json, report);
    pel_text_add(json, "  \"final_state\": \"%016llx\"\n}\n", (unsigned long long)report->hash);
    return json->lost ? pel_fail(PEL_ERR_MEMORY, "out of memory for the report") : PEL_OK;
}

/* Of what the threads did, and where to look at it. */
static void say_trace(const pel_instruments *instruments)
{
    if (!instruments->trace) return;
    const pel_trace_summary sum = pel_trace_summarise(instruments->trace);
    const double percent = 100 / fmax(sum.busy + sum.waiting + sum.files, 1e-9);
    pel_log_info("threads: busy %.1f %%, waiting %.1f %%, files %.1f %%; stolen %.1f %%, imbalance %.1f %%; %s%s",
                 percent * sum.busy, percent * sum.waiting, percent * sum.files, percent * sum.stolen,
                 100 * sum.imbalance, instruments->trace_path ? "see " : "not written",
                 instruments->trace_path ? instruments->trace_path : "");
    if (sum.dropped > 0)
        pel_log_info("the trace holds the first %ld of %ld spans; a shorter run (--steps) gives a whole one",
                     sum.spans - sum.dropped, sum.spans);
}

/* How the threads' time went, all of them together, with what one does alone between regions. */
static void say_counters(const pel_report *report)
{
    pel_team_counts counts;
    double busy = 0, waiting = 0, stolen = 0;
    if (!pel_team_counters_read(report->team, &counts) || counts.regions == 0) return;
    for (int t = 0; t < counts.threads; t++) {
        const pel_thread_counts of = pel_team_thread_counts(report->team, t);
        busy += of.busy, waiting += of.waiting, stolen += of.stolen;
    }
    const double alone = fmax(report->measured_seconds - counts.region_seconds, 0);
    const double percent = 100 / counts.thread_seconds;
    pel_log_info("team: %.1f %% of the time in regions; there busy %.1f %%, waiting %.1f %%, overhead %.1f %%; "
                 "stolen %.1f %%",
                 100 * ratio(counts.region_seconds, counts.region_seconds + alone), percent * busy, percent * waiting,
                 fmax(100 - percent * (busy + waiting), 0), percent * stolen);
}

/* How fast the steps were, and what moved; of a model that steps itself, how far it came. */
static void say_rate(const pel_report *report, const figures *f)
{
    const pel_component *component = report->components[0];
    char spent[32], rate[32], bandwidth[32], speed[64];
    pel_text text = {0};
    pel_text_add(&text, "%ld steps in %s: %s %s-steps/s", f->steps, pel_text_duration(report->stepping_seconds, spent),
                 pel_text_si(f->rate, rate), pel_component_unit_of_work(component));
    if (component->stepper)
        pel_text_add(&text, "; %.1f doubles moved a cell and step, %sB/s by the declared accesses",
                     f->doubles_an_update, pel_text_si(f->bandwidth, bandwidth));
    else pel_text_add(&text, ", %s a day", pel_component_duration(component, f->model_a_day, speed));
    pel_log_info("%s", pel_text_get(&text));
    pel_text_free(&text);
}

void pel_report_say(const pel_report *report)
{
    const figures f = figures_of(report);
    const pel_component *component = report->components[0];
    const pel_step now = component->now;
    char duration[64], time[64], rate[32], bandwidth[32], bytes[32];
    pel_log_info("%s at step %ld, time %s (%s)%s%s", report->outcome, now.index,
                 pel_component_duration(component, now.time, duration), pel_component_time(component, now.time, time),
                 report->reason ? ", because of " : "", report->reason ? report->reason : "");
    if (f.steps > 0) say_rate(report, &f);
    if (report->triad > 0 && component->stepper)
        pel_log_info("that is %.0f %% of the triad bandwidth, %sB/s, %s", 100 * f.bandwidth / report->triad,
                     pel_text_si(report->triad, bandwidth), triad_source(report));
    pel_log_info("memory: %sB of %s, %sB at most in all",
                 pel_text_si(pel_report_state_bytes(report->components, report->count), bytes),
                 component->app->is_gridless ? "state" : "fields", pel_text_si(report->peak_memory, rate));
    say_counters(report);
    say_trace(report->instruments);
    pel_log_info("final state %016llx", (unsigned long long)report->hash);
}
