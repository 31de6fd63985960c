/* pelagos machine: topology, grant, placement, and what was measured: now, or earlier and kept. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "command.h"
#include "exec/bandwidth.h"
#include "exec/machine_figures.h"
#include "machine/grant.h"
#include "machine/load.h"
#include "machine/placement.h"
#include "machine/topology.h"

static const char help[] =
    "Describe this machine: cores, caches and memory, what this process may use of them, where a run's "
    "threads go, and what they reach: the figures that --measure has kept, or else the memory bandwidth (STREAM "
    "triad), "
    "measured now.\n\n"
    "--measure takes some seconds: bandwidth of each cache and of memory, peak arithmetic, and what it costs to fork "
    "and to hand out a task, with 1, 2, 4, ... threads up to as many as are granted. The figures are kept in "
    "$XDG_CACHE_HOME/pelagos, or ~/.cache/pelagos, for equal machines with equal grants; plans, benchmarks, reports "
    "and scaling studies use them. They never change a result.\v"
    "Exit codes: 0 good; 2 the command line is wrong; 5 the machine cannot be read.";

enum { OPTION_THREADS = 't', OPTION_MEASURE = 'm', OPTION_JSON = 0x100 };
static const struct argp_option options[] = {
    {"threads", OPTION_THREADS, "N", 0, "For N threads; default: as many as a run would take", 0},
    {"measure", OPTION_MEASURE, 0, 0, "Measure, with N threads too, and keep the figures", 0},
    {"json", OPTION_JSON, 0, 0, "Print the machine and the kept figures as JSON", 0},
    {0},
};

static const double most_others = 0.2; /* processors that others may keep busy without a word */

typedef struct arguments {
    int threads; /* 0: as many as a run takes */
    bool is_measure, is_json;
} arguments;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    arguments *a = state->input;
    char extra;
    switch (key) {
    case OPTION_THREADS:
        if (sscanf(argument, "%d%c", &a->threads, &extra) != 1 || a->threads < 1)
            argp_error(state, "--threads needs a whole number above 0, not \"%s\"", argument);
        return 0;
    case OPTION_MEASURE:
        a->is_measure = true;
        return 0;
    case OPTION_JSON:
        a->is_json = true;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- measuring ---- */

static bool is_busy(const pel_figures *figures)
{
    return figures->others > most_others;
}

static void show_progress(int threads, const char *what, double done)
{
    char line[128];
    snprintf(line, sizeof line, "measuring %s with %d thread%s, %.0f %%", what, threads, threads == 1 ? "" : "s",
             100 * done);
    pel_log_live(line);
}

static pel_status keep(const pel_figures *figures, const char *identity)
{
    char *path = NULL;
    PEL_TRY(pel_figures_path(identity, &path));
    const pel_status status = pel_figures_save(figures, identity, path);
    free(path);
    return status;
}

static double cpu_seconds(void)
{
    return (double)clock() / CLOCKS_PER_SEC;
}

/* Measures, and sees who else was busy meanwhile. */
static pel_status measure_beside_others(int threads, pel_figures *figures)
{
    const pel_load before = pel_load_read("");
    const double cpu = cpu_seconds();
    const pel_status status = pel_figures_measure(threads, show_progress, figures);
    pel_log_live(NULL);
    if (status == PEL_OK) figures->others = pel_load_of_others(before, pel_load_read(""), cpu_seconds() - cpu);
    return status;
}

/* Figures that cannot be kept are shown all the same, and so are those of a busy machine, which may never be idle. */
static pel_status measure(const pel_topology *here, int threads, pel_figures *figures)
{
    pel_text identity = {0};
    pel_figures_identity(here, &identity);
    const pel_status status = measure_beside_others(threads, figures);
    if (status == PEL_OK && is_busy(figures))
        pel_log_warning(
            "other processes kept %.1f processors busy meanwhile: the machine can do more than was measured; "
            "measure again when it is idle",
            figures->others);
    if (status == PEL_OK && keep(figures, pel_text_get(&identity)) != PEL_OK)
        pel_log_warning("the figures cannot be kept: %s", pel_failure());
    pel_text_free(&identity);
    return status;
}

/* ---- for people ---- */

static void print_topology(const pel_topology *here)
{
    pel_text text = {0};
    pel_topology_describe(here, &text);
    printf("%s\n", pel_text_get(&text));
    pel_text_free(&text);
    pel_grant grant;
    pel_grant_read("", &grant);
    printf("granted: %d processors at once", grant.processors);
    if (grant.quota > 0) printf(" (a quota of %.2f)", grant.quota);
    printf("\n");
}

static void print_placement(const pel_topology *topology, int threads)
{
    pel_placement *placement = NULL;
    if (pel_placement_plan(topology, threads, PEL_PLACEMENT_COMPACT, &placement) != PEL_OK) return;
    printf("placement: %s;", pel_placement_kind_name(pel_placement_get_kind(placement)));
    for (int i = 0; i < threads; i++) printf(" %d", pel_placement_processor(placement, i));
    printf("  (processor of each of %d threads; -1: not bound)\n", threads);
    pel_placement_free(placement);
}

static void print_bandwidth(double rate, int threads)
{
    char text[32];
    printf("memory bandwidth: %sB/s (STREAM triad, %d thread%s)\n", pel_text_si(rate, text), threads,
           threads == 1 ? "" : "s");
}

static pel_status print_bandwidth_now(pel_team *team)
{
    double rate;
    PEL_TRY(pel_bandwidth_triad(team, &rate));
    print_bandwidth(rate, pel_team_threads(team));
    printf("`pelagos machine --measure` measures more, and keeps it\n");
    return PEL_OK;
}

/* "  12.3 GB/s", or a dash. */
static void print_rate(double rate, const char *unit)
{
    char text[32];
    if (rate > 0) printf(" %9s%s", pel_text_si(rate, text), unit);
    else printf(" %*s", 9 + (int)strlen(unit), "-");
}

static void print_row(const pel_figures_row *row)
{
    printf("  %7d", row->threads);
    for (int level = 0; level < PEL_MEMORY_LEVELS; level++) print_rate(row->bandwidth[level], "B/s");
    print_rate(row->peak, "flop/s");
    printf(" %7.2f us %7.0f ns\n", 1e6 * row->fork, 1e9 * row->task);
}

static void print_figures(const pel_topology *here, const pel_figures *figures, int threads)
{
    char text[32];
    const double age = fmax(0, pel_clock_epoch() - figures->measured);
    print_bandwidth(pel_figures_bandwidth(figures, PEL_LEVEL_MEMORY, threads), threads);
    printf("measured %s ago", pel_text_duration(age, text));
    if (is_busy(figures)) printf(", while others kept %.1f processors busy", figures->others);
    printf(":\n  %7s %12s %12s %12s %12s %15s %10s %10s\n", "threads", "L1", "L2", "L3", "memory", "peak", "fork",
           "task");
    for (int i = 0; i < figures->count; i++) print_row(&figures->row[i]);
    pel_text notes = {0};
    pel_figures_notes(here, &notes);
    fputs(pel_text_get(&notes), stdout);
    pel_text_free(&notes);
}

static pel_status describe(const pel_topology *here, const pel_figures *figures, int threads)
{
    print_topology(here);
    pel_team *team = NULL;
    PEL_TRY(pel_team_create(&(pel_team_spec){.threads = threads}, &team));
    print_placement(here, pel_team_threads(team));
    pel_status status = PEL_OK;
    if (figures->count > 0) print_figures(here, figures, pel_team_threads(team));
    else status = print_bandwidth_now(team);
    pel_team_destroy(team);
    return status;
}

/* ---- for programs ---- */

static pel_status print_json(const pel_topology *here, const pel_figures *figures)
{
    json_t *machine = pel_machine_json(here, figures);
    const int failed = machine ? json_dumpf(machine, stdout, JSON_INDENT(2)) : -1;
    json_decref(machine);
    if (!machine) return pel_fail(PEL_ERR_MEMORY, "no memory for the machine's figures");
    if (failed || putchar('\n') == EOF || fflush(stdout) != 0)
        return pel_fail(PEL_ERR_FILE, "standard output cannot be written");
    return PEL_OK;
}

/* ---- the command ---- */

static pel_status run(const pel_topology *here, const arguments *a)
{
    pel_figures figures;
    if (a->is_measure) PEL_TRY(measure(here, a->threads, &figures));
    else pel_figures_find(here, &figures);
    return a->is_json ? print_json(here, &figures) : describe(here, &figures, a->threads);
}

int command_machine(int argc, char **argv)
{
    static const struct argp argp = {.options = options, .parser = parse, .doc = help};
    arguments a = {0};
    command_parse(&argp, argc, argv, &a);
    pel_topology *here = NULL; /* read before threads are bound */
    pel_status status = pel_topology_load(NULL, &here);
    if (status == PEL_OK) status = run(here, &a);
    pel_topology_free(here);
    return command_finish(status);
}
