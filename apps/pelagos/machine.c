/* pelagos machine: topology, grant, placement, measured memory bandwidth. */
#include <stdio.h>

#include "command.h"
#include "exec/bandwidth.h"
#include "machine/grant.h"
#include "machine/placement.h"
#include "machine/topology.h"

static const char help[] =
    "Describe this machine: cores, caches and memory, what this process may use of them, where a run's "
    "threads go, and the memory bandwidth they reach (STREAM triad, measured now).\v"
    "Exit codes: 0 good; 2 the command line is wrong; 5 the machine cannot be read.";

enum { OPTION_THREADS = 't' };
static const struct argp_option options[] = {
    {"threads", OPTION_THREADS, "N", 0, "For N threads; default: as many as a run would take", 0},
    {0},
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
    int *threads = state->input;
    if (key != OPTION_THREADS) return ARGP_ERR_UNKNOWN;
    char extra;
    if (sscanf(argument, "%d%c", threads, &extra) != 1 || *threads < 1)
        argp_error(state, "--threads needs a whole number above 0, not \"%s\"", argument);
    return 0;
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

static pel_status print_bandwidth(pel_team *team)
{
    double rate;
    char text[32];
    PEL_TRY(pel_bandwidth_triad(team, &rate));
    printf("memory bandwidth: %sB/s (STREAM triad, %d threads)\n", pel_text_si(rate, text), pel_team_threads(team));
    return PEL_OK;
}

static pel_status describe(const pel_topology *topology, int threads)
{
    pel_text text = {0};
    pel_topology_describe(topology, &text);
    printf("%s\n", pel_text_get(&text));
    pel_text_free(&text);
    pel_grant grant;
    pel_grant_read("", &grant);
    printf("granted: %d processors at once", grant.processors);
    if (grant.quota > 0) printf(" (a quota of %.2f)", grant.quota);
    printf("\n");
    pel_team *team = NULL;
    PEL_TRY(pel_team_create(&(pel_team_spec){.threads = threads}, &team));
    print_placement(topology, pel_team_threads(team));
    const pel_status status = print_bandwidth(team);
    pel_team_destroy(team);
    return status;
}

int command_machine(int argc, char **argv)
{
    static const struct argp argp = {.options = options, .parser = parse, .doc = help};
    int threads = 0;
    command_parse(&argp, argc, argv, &threads);
    pel_topology *topology = NULL; /* read before threads are bound */
    pel_status status = pel_topology_load(NULL, &topology);
    if (status == PEL_OK) status = describe(topology, threads);
    pel_topology_free(topology);
    return command_finish(status);
}
