/* The report: numbers of a run, as JSON for programs and as a few lines for a person. */
#include "sim/report.h"

#include <math.h>
#include <sys/resource.h>

#include "base/log.h"
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

double pel_report_field_bytes(pel_component *const *components, int count)
{
    double bytes = 0;
    for (int i = 0; i < count; i++)
        for (int f = 0; f < pel_grid_field_count(components[i]->grid); f++)
            bytes += (double)pel_field_bytes(pel_grid_field(components[i]->grid, f));
    return bytes;
}

double pel_report_cells(pel_component *const *components, int count)
{
    double cells = 0;
    for (int i = 0; i < count; i++) cells += (double)pel_box_count(pel_grid_owned(components[i]->grid));
    return cells;
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
        for (int c = 0; c < pel_stepper_chain_count(stepper); c++) {
            const pel_chain_cost cost = pel_chain_cost_so_far(pel_stepper_chain_at(stepper, c));
            sum.seconds += cost.seconds;
            sum.steps += cost.steps;
            sum.updates += cost.updates;
            sum.bytes += cost.bytes;
        }
    }
    return sum;
}

typedef struct figures {
    long steps;
    double cell_steps, cell_rate, bandwidth, doubles_a_cell;
    pel_chain_cost cost;
} figures;

static double ratio(double a, double b)
{
    return b > 0 ? a / b : 0;
}

static figures figures_of(const pel_report *report)
{
    figures f = {.cost = stepping_cost(report), .steps = report->components[0]->now.index - report->first.index};
    f.cell_steps = pel_report_cells(report->components, report->count) * (double)f.steps;
    f.cell_rate = ratio(f.cell_steps, report->stepping_seconds);
    f.bandwidth = ratio(f.cost.bytes, f.cost.seconds);
    f.doubles_a_cell = ratio(f.cost.bytes / sizeof(double), f.cell_steps);
    return f;
}

/* ---- JSON ---- */

static void add_string(pel_text *json, const char *text)
{
    pel_text_add(json, "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\') pel_text_add(json, "\\%c", *c);
        else if ((unsigned char)*c < ' ') pel_text_add(json, "\\u%04x", (unsigned)*c);
        else pel_text_add(json, "%c", *c);
    }
    pel_text_add(json, "\"");
}

static void add_text(pel_text *json, const char *key, const char *value)
{
    pel_text_add(json, "  \"%s\": ", key);
    if (value) add_string(json, value);
    else pel_text_add(json, "null");
    pel_text_add(json, ",\n");
}

static void add_number(pel_text *json, const char *key, double value)
{
    char text[32];
    pel_text_add(json, "  \"%s\": %s,\n", key, isfinite(value) ? pel_text_number(value, text) : "null");
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
    static const char *const executors[] = {"auto", "reference", "spatial"};
    add_text(json, "executor", executors[pel_executor_chosen(&report->components[0]->options)]);
}

static void add_rates(pel_text *json, const pel_report *report, const figures *f)
{
    add_number(json, "cell_steps", f->cell_steps);
    add_number(json, "cell_steps_per_second", f->cell_rate);
    add_number(json, "point_updates", f->cost.updates);
    add_number(json, "declared_bytes", f->cost.bytes);
    add_number(json, "declared_bytes_per_second", f->bandwidth);
    add_number(json, "doubles_moved_per_cell_step", f->doubles_a_cell);
    if (report->triad > 0) {
        add_number(json, "triad_bytes_per_second", report->triad);
        add_number(json, "fraction_of_triad", f->bandwidth / report->triad);
    }
}

static void add_times(pel_text *json, const pel_report *report)
{
    add_number(json, "seconds", report->seconds);
    add_number(json, "stepping_seconds", report->stepping_seconds);
    add_number(json, "output_seconds", report->output_seconds);
    add_number(json, "output_bytes", report->output_bytes);
    add_number(json, "checkpoint_seconds", report->checkpoint_seconds);
    add_number(json, "checkpoints", report->checkpoints);
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
    add_number(json, "first_step", (double)report->first.index);
    add_number(json, "step", (double)now.index);
    add_number(json, "time", now.time);
    add_number(json, "dt", now.dt);
    add_times(json, report);
    add_rates(json, report, &f);
    add_number(json, "field_bytes", pel_report_field_bytes(report->components, report->count));
    add_number(json, "peak_memory_bytes", report->peak_memory);
    add_machine(json, report);
    add_text(json, "version", pel_build_version());
    add_text(json, "revision", pel_build_revision());
    pel_text_add(json, "  \"final_state\": \"%016llx\"\n}\n", (unsigned long long)report->hash);
    return json->lost ? pel_fail(PEL_ERR_MEMORY, "out of memory for the report") : PEL_OK;
}

void pel_report_say(const pel_report *report)
{
    const figures f = figures_of(report);
    const pel_step now = report->components[0]->now;
    char time[32], spent[32], rate[32], bandwidth[32], bytes[32];
    pel_log_info("%s at step %ld, time %s (%s s)%s%s", report->outcome, now.index, pel_text_duration(now.time, time),
                 pel_text_number(now.time, rate), report->reason ? ", because of " : "",
                 report->reason ? report->reason : "");
    if (f.steps > 0)
        pel_log_info(
            "%ld steps in %s: %s cell-steps/s; %.1f doubles moved a cell and step, %sB/s by the declared accesses",
            f.steps, pel_text_duration(report->stepping_seconds, spent), pel_text_si(f.cell_rate, rate),
            f.doubles_a_cell, pel_text_si(f.bandwidth, bandwidth));
    if (report->triad > 0)
        pel_log_info("that is %.0f %% of the measured triad bandwidth, %sB/s", 100 * f.bandwidth / report->triad,
                     pel_text_si(report->triad, bandwidth));
    pel_log_info("memory: %sB of fields, %sB at most in all",
                 pel_text_si(pel_report_field_bytes(report->components, report->count), bytes),
                 pel_text_si(report->peak_memory, rate));
    pel_log_info("final state %016llx", (unsigned long long)report->hash);
}
