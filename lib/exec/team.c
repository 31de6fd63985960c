/* The team of threads. `omp parallel` stands here and nowhere else. */
#include "exec/team.h"

#include <omp.h>
#include <sched.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/memory.h"
#include "exec/team_inside.h"
#include "machine/grant.h"

/* OpenMP's threads are the process's: a team that takes over from another places them anew. */
static const pel_team *placed_team;

struct pel_team {
    int threads;
    pel_topology *topology;
    pel_placement *placement;
};

/* Placing a team binds the calling thread as well; another team is planned on what the process was given at first. */
static void unbind_caller(void)
{
    static cpu_set_t given;
    static bool is_known;
    if (is_known) sched_setaffinity(0, sizeof given, &given);
    else is_known = sched_getaffinity(0, sizeof given, &given) == 0;
    placed_team = NULL;
}

static void place(int thread, int threads, void *data)
{
    (void)threads;
    pel_team *team = data;
    pel_placement_bind(team->placement, thread); /* a thread that cannot be bound runs all the same */
}

/* How many threads OpenMP gives: OMP_THREAD_LIMIT and the like may allow fewer, and work shared out to the others would
 * be lost. */
static int given_threads(int wanted)
{
    int given = 1;
#pragma omp parallel num_threads(wanted) default(none) shared(given)
#pragma omp single
    given = omp_get_num_threads();
    return given;
}

static void limit_threads(pel_team *team, bool is_quiet)
{
    omp_set_dynamic(0);
    const int wanted = team->threads;
    team->threads = given_threads(wanted);
    if (team->threads < wanted && !is_quiet)
        pel_log_warning("OpenMP gives %d of %d threads; look at OMP_THREAD_LIMIT and OMP_MAX_ACTIVE_LEVELS",
                        team->threads, wanted);
}

static pel_status plan_placement(pel_team *team, const pel_team_spec *spec)
{
    pel_grant grant;
    unbind_caller();
    PEL_TRY(pel_topology_load(NULL, &team->topology));
    pel_grant_read("", &grant);
    team->threads = spec->threads ? spec->threads : grant.processors;
    limit_threads(team, spec->is_quiet);
    /* fewer threads than processors may share the machine with another run: binding both to the same cores would hurt
     */
    const bool is_placed = !spec->is_unplaced && team->threads >= grant.processors;
    return pel_placement_plan(team->topology, team->threads, is_placed ? PEL_PLACEMENT_SPREAD : PEL_PLACEMENT_NONE,
                              &team->placement);
}

pel_status pel_team_create(const pel_team_spec *spec, pel_team **team)
{
    if (spec->threads < 0 || spec->threads > 4096)
        return pel_fail(PEL_ERR_ARGUMENT, "a team of %d threads; 1 to 4096 are allowed", spec->threads);
    pel_team *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    const pel_status status = plan_placement(fresh, spec);
    if (status != PEL_OK) {
        pel_team_destroy(fresh);
        return status;
    }
    const char *warning = pel_placement_warning(fresh->placement);
    if (warning[0] && !spec->is_quiet) pel_log_warning("%s", warning);
    *team = fresh;
    return PEL_OK;
}

void pel_team_destroy(pel_team *team)
{
    if (!team) return;
    if (placed_team == team) placed_team = NULL;
    pel_placement_free(team->placement);
    pel_topology_free(team->topology);
    free(team);
}

int pel_team_threads(const pel_team *team)
{
    return team->threads;
}

int pel_team_domain(const pel_team *team, int thread)
{
    (void)team, (void)thread;
    return 0;
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

static void run_on_all(int threads, pel_team_work *work, void *data)
{
#pragma omp parallel num_threads(threads) default(none) shared(work, data, threads)
    work(omp_get_thread_num(), threads, data);
}

void pel_team_run(pel_team *team, pel_team_work *work, void *data)
{
    if (placed_team != team) run_on_all(team->threads, place, team);
    placed_team = team;
    run_on_all(team->threads, work, data);
}

void pel_team_share(long count, int thread, int threads, long *lo, long *hi)
{
    *lo = count * thread / threads;
    *hi = count * (thread + 1) / threads;
}
