/* The team of threads.
 *
 * All that runs in parallel in Pelagos is work handed to the one team of the process: a function that every thread
 * calls with its number. `omp parallel` stands in this file and nowhere else. How the parts fit together:
 *
 * The team (here) knows how many threads there are and where they sit. Between two pieces of work that may change: the
 * team is resized, by hand or because the machine grants more or less than before (a batch system moves the process to
 * another cpuset, someone lowers a container's quota or calls taskset). Nothing that lasts may depend on the number of
 * threads: what is kept a thread (counters, parts of sums, queues) is made anew for each stretch.
 *
 * Placement (machine/placement.h) binds each thread to a core, so that it keeps its caches and the memory that it
 * touched first. Binding is done by the threads themselves, before the first work of a team and after each resize:
 * OpenMP's threads are the process's, and may still sit where an earlier team put them. Where the team has fewer
 * threads than the machine grants, and nobody asked for places, they are left to the system, and unbound if they were
 * bound.
 *
 * Waits (wait_inside.h) spin briefly and then sleep: barriers of the spatial executor, empty queues of the temporal
 * one. Queues (queues_inside.h) hold the tiles that are ready, one queue a thread, so that a tile is run by the thread
 * that has its data, or else by the nearest that has nothing to do. */
#include "exec/team.h"

#include <assert.h>
#include <omp.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "exec/counters_inside.h"
#include "exec/machine_figures.h"
#include "exec/team_inside.h"
#include "machine/affinity.h"
#include "machine/grant.h"

enum { MOST_THREADS = 4096, MOST_PRETENDED = 64 };

/* OpenMP's threads are the process's: a team that takes over from another places them anew. */
static const pel_team *placed_team;

struct pel_team {
    int threads;
    int granted; /* processors, at the latest look */
    pel_team_places places;
    bool is_quiet;
    char *machine;       /* as text; NULL: this one */
    double memory_rate;  /* bytes a second, measured; 0: not yet */
    pel_figures figures; /* kept ones of this machine; count 0: none */
    pel_topology *topology;
    pel_placement *placement;
    pel_counters *counters; /* NULL: nothing is counted */
};

/* ---- how many threads ---- */

static void run_on_all(int threads, pel_team_work *work, void *data)
{
#pragma omp parallel num_threads(threads) default(none) shared(work, data, threads)
    work(omp_get_thread_num(), threads, data);
}

/* How many threads OpenMP gives: OMP_THREAD_LIMIT and the like may allow fewer, and work shared out to the others would
 * be lost. */
static int given_threads(int wanted)
{
    int given = 1;
    omp_set_dynamic(0);
#pragma omp parallel num_threads(wanted) default(none) shared(given)
#pragma omp single
    given = omp_get_num_threads();
    return given;
}

static int limit_threads(int wanted, bool is_quiet)
{
    const int given = given_threads(wanted);
    if (given < wanted && !is_quiet)
        pel_log_warning("OpenMP gives %d of %d threads; look at OMP_THREAD_LIMIT and OMP_MAX_ACTIVE_LEVELS", given,
                        wanted);
    return given;
}

static pel_status check_threads(int threads, int least)
{
    if (threads >= least && threads <= MOST_THREADS) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT, "a team of %d threads; %d to %d are allowed", threads, least, MOST_THREADS);
}

/* ---- where they sit ---- */

/* The topology and what is granted are those of the calling thread, so it must not be bound meanwhile. */
static void unbind_caller(void)
{
    pel_affinity_restore();
    placed_team = NULL;
}

static pel_placement_kind kind_of_placement(const pel_team *team)
{
    switch (team->places) {
    case PEL_TEAM_COMPACT:
        return PEL_PLACEMENT_COMPACT;
    case PEL_TEAM_SPREAD:
        return PEL_PLACEMENT_SPREAD;
    case PEL_TEAM_UNPLACED:
        return team->machine ? PEL_PLACEMENT_SPREAD : PEL_PLACEMENT_NONE;
    case PEL_TEAM_AUTO:
        break;
    }
    /* Fewer threads than processors may share the machine with another run: binding both to the same cores would hurt.
     */
    return team->machine || team->threads >= team->granted ? PEL_PLACEMENT_SPREAD : PEL_PLACEMENT_NONE;
}

/* Fills topology, threads and placement of `team` for so many threads; 0: as many as are granted. */
static pel_status plan_threads(pel_team *team, int threads)
{
    unbind_caller();
    PEL_TRY(pel_topology_load(team->machine, &team->topology));
    if (team->machine) team->granted = pel_topology_cores(team->topology);
    else pel_figures_find(team->topology, &team->figures);
    team->threads = threads ? threads : team->granted;
    PEL_TRY(check_threads(team->threads, 1));
    if (pel_team_can_run(team)) team->threads = limit_threads(team->threads, team->is_quiet);
    PEL_TRY(pel_placement_plan(team->topology, team->threads, kind_of_placement(team), &team->placement));
    const char *warning = pel_placement_warning(team->placement);
    if (warning[0] && !team->is_quiet) pel_log_warning("%s", warning);
    return PEL_OK;
}

static void place(int thread, int threads, void *data)
{
    (void)threads;
    const pel_team *team = data;
    if (team->machine || pel_placement_processor(team->placement, thread) < 0) pel_affinity_restore();
    else pel_placement_bind(team->placement, thread); /* a thread that cannot be bound runs all the same */
}

static void place_threads(pel_team *team)
{
    if (placed_team == team) return;
    run_on_all(team->threads, place, team);
    placed_team = team;
}

/* ---- making and changing ---- */

static int read_granted(const char *root)
{
    pel_grant grant;
    pel_grant_read(root, &grant);
    return grant.processors;
}

pel_status pel_team_create(const pel_team_spec *spec, pel_team **team)
{
    PEL_TRY(check_threads(spec->threads, 0));
    pel_team *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->places = spec->places;
    fresh->is_quiet = spec->is_quiet;
    pel_status status = spec->machine ? pel_text_copy(spec->machine, &fresh->machine) : PEL_OK;
    unbind_caller();
    fresh->granted = read_granted("");
    if (status == PEL_OK) status = plan_threads(fresh, spec->threads);
    if (status == PEL_OK) *team = fresh;
    else pel_team_destroy(fresh);
    return status;
}

static void free_plan(pel_team *team)
{
    pel_placement_free(team->placement);
    pel_topology_free(team->topology);
}

void pel_team_destroy(pel_team *team)
{
    if (!team) return;
    if (placed_team == team) placed_team = NULL;
    free_plan(team);
    pel_counters_destroy(team->counters);
    free(team->machine);
    free(team);
}

/* Plans the team anew; on failure it is as it was. */
static pel_status replan(pel_team *team, int threads, int granted)
{
    pel_team fresh = *team;
    fresh.topology = NULL, fresh.placement = NULL;
    fresh.memory_rate = 0; /* that of the threads there were */
    fresh.granted = granted;
    pel_status status = plan_threads(&fresh, threads);
    if (status == PEL_OK && team->counters) status = pel_counters_reserve(team->counters, fresh.threads);
    free_plan(status == PEL_OK ? team : &fresh);
    if (status == PEL_OK) *team = fresh;
    return status;
}

pel_status pel_team_resize(pel_team *team, int threads)
{
    PEL_TRY(check_threads(threads, 1));
    return threads == team->threads ? PEL_OK : replan(team, threads, team->granted);
}

pel_status pel_team_follow(pel_team *team, const char *root)
{
    if (team->machine) return PEL_OK;
    pel_affinity_look(placed_team == team ? pel_placement_processor(team->placement, 0) : -1);
    pel_affinity_restore(); /* a bound thread is granted the processor that it is bound to */
    const int granted = read_granted(root), before = team->threads;
    if (granted == team->granted) {
        if (placed_team == team) place(0, team->threads, team);
        return PEL_OK;
    }
    PEL_TRY(replan(team, granted, granted));
    if (team->threads == before) return PEL_OK;
    pel_log_info("threads: %d in place of %d, as the machine now grants %d processor%s", team->threads, before, granted,
                 granted == 1 ? "" : "s");
    return PEL_OK;
}

/* ---- what it is, and working ---- */

int pel_team_threads(const pel_team *team)
{
    return team->threads;
}

int pel_team_domain(const pel_team *team, int thread)
{
    return pel_placement_domain(team->placement, thread);
}

bool pel_team_can_run(const pel_team *team)
{
    return !team->machine || team->threads <= MOST_PRETENDED;
}

size_t pel_team_cache_bytes(const pel_team *team, int level)
{
    return pel_topology_cache_bytes(team->topology, 0, level);
}

const pel_topology *pel_team_topology(const pel_team *team)
{
    return team->topology;
}

const pel_placement *pel_team_placement(const pel_team *team)
{
    return team->placement;
}

pel_counters *pel_team_counters(const pel_team *team)
{
    return team->counters;
}

void pel_team_set_counters(pel_team *team, pel_counters *counters)
{
    team->counters = counters;
}

pel_counters *pel_team_counting(const pel_team *team)
{
    return team->counters && pel_counters_are_on(team->counters) ? team->counters : NULL;
}

static void run_counted(const pel_team *team, pel_team_work *work, void *data)
{
    const pel_counted_region region = pel_counters_begin_region(team->counters, team->threads);
    struct pel_counter_line *const lines = region.lines;
    const int threads = region.threads, number = region.number;
#pragma omp parallel num_threads(threads) default(none) shared(work, data) firstprivate(lines, number, threads)
    pel_counters_work(lines, number, omp_get_thread_num(), threads, work, data);
    pel_counters_end_region(team->counters, &region);
}

void pel_team_run(pel_team *team, pel_team_work *work, void *data)
{
    assert(pel_team_can_run(team));
    place_threads(team);
    if (pel_team_counting(team)) run_counted(team, work, data);
    else run_on_all(team->threads, work, data);
}

/* Of today's servers: a core alone, and all cores of a NUMA domain. */
static const double core_memory_rate = 14e9, domain_memory_rate = 120e9;

const pel_figures *pel_team_figures(const pel_team *team)
{
    return team->figures.count > 0 ? &team->figures : NULL;
}

double pel_team_memory_rate(const pel_team *team)
{
    if (team->memory_rate > 0) return team->memory_rate;
    const double kept = pel_figures_bandwidth(&team->figures, PEL_LEVEL_MEMORY, team->threads);
    if (kept > 0) return kept;
    double rate = 0;
    for (int from = 0, to; from < team->threads; from = to) {
        for (to = from; to < team->threads && pel_team_domain(team, to) == pel_team_domain(team, from);) to++;
        const double cores = core_memory_rate * (to - from);
        rate += cores < domain_memory_rate ? cores : domain_memory_rate;
    }
    return rate;
}

void pel_team_set_memory_rate(pel_team *team, double rate)
{
    team->memory_rate = rate;
}

void pel_team_share(long count, int thread, int threads, long *lo, long *hi)
{
    *lo = count * thread / threads;
    *hi = count * (thread + 1) / threads;
}
