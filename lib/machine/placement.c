/*
 * Placement of threads.
 *
 * First the number of threads a core is settled, in rounds: in each round every core with a hardware thread left takes
 * one; in the last round, which has fewer threads than cores, either the first cores do (compact) or cores at even
 * distances (spread). If even all hardware threads are too few, the rounds start again. Then threads are numbered along
 * the cores.
 */
#include "machine/placement.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "machine/grant.h"

typedef struct place {
    int processor, core, domain;
} place;

struct pel_placement {
    pel_placement_kind kind;
    bool here, shares, outnumbers;
    int threads;
    pel_text warning;
    place place[];
};

/* A core that may be used: its index, its allowed hardware threads, the threads of the team that it gets. */
typedef struct usable {
    int core, width, threads;
} usable;

static int allowed_width(const pel_topology *topology, int core)
{
    int width = 0;
    for (int i = 0; i < pel_topology_core_width(topology, core); i++)
        width += pel_topology_core_allows(topology, core, i);
    return width;
}

/* The `which`-th allowed processor of the core. */
static int allowed_processor(const pel_topology *topology, int core, int which)
{
    for (int i = 0; i < pel_topology_core_width(topology, core); i++)
        if (pel_topology_core_allows(topology, core, i) && which-- == 0)
            return pel_topology_core_processor(topology, core, i);
    return -1;
}

static int list_usable(const pel_topology *topology, usable *list)
{
    int count = 0;
    for (int core = 0; core < pel_topology_cores(topology); core++) {
        const int width = allowed_width(topology, core);
        if (width > 0) list[count++] = (usable){.core = core, .width = width};
    }
    return count;
}

/* One round over the cores wider than `round`: gives each a thread, or `left` of them if these are fewer. */
static int deal_round(usable *list, int count, int round, int left, pel_placement_kind kind)
{
    int wide = 0, seen = 0, dealt = 0;
    for (int i = 0; i < count; i++) wide += list[i].width > round;
    const int take = left < wide ? left : wide;
    for (int i = 0; i < count && dealt < take; i++) {
        if (list[i].width <= round) continue;
        const int turn = kind == PEL_PLACEMENT_SPREAD ? (int)((long)dealt * wide / take) : dealt;
        if (seen++ != turn) continue;
        list[i].threads++;
        dealt++;
    }
    return dealt;
}

static void deal(usable *list, int count, int threads, pel_placement_kind kind)
{
    for (int round = 0; threads > 0;) {
        const int dealt = deal_round(list, count, round, threads, kind);
        threads -= dealt;
        round = dealt > 0 ? round + 1 : 0;
    }
}

static void number_threads(const pel_topology *topology, const usable *list, int count, pel_placement *plan)
{
    int thread = 0;
    for (int i = 0; i < count; i++) {
        const int core = list[i].core, domain = pel_topology_core_domain(topology, core);
        for (int k = 0; k < list[i].threads; k++)
            plan->place[thread++] = (place){allowed_processor(topology, core, k % list[i].width), core, domain};
    }
}

static void guess_places(const pel_topology *topology, const usable *list, int count, pel_placement *plan)
{
    for (int thread = 0; thread < plan->threads; thread++) {
        const int core = list[(long)thread * count / plan->threads].core;
        plan->place[thread] = (place){-1, -1, pel_topology_core_domain(topology, core)};
    }
}

static void warn(pel_placement *plan, int cores, int granted)
{
    if (plan->outnumbers)
        pel_text_add(&plan->warning,
                     "%d threads, but this process may use %d processor%s: threads take turns; use %d or fewer",
                     plan->threads, granted, granted == 1 ? "" : "s", granted);
    else if (plan->shares)
        pel_text_add(&plan->warning, "%d threads on %d core%s: some share a core, which seldom helps; try %d",
                     plan->threads, cores, cores == 1 ? "" : "s", cores);
}

static int count_granted(const pel_topology *topology, const usable *list, int count)
{
    int processors = 0;
    for (int i = 0; i < count; i++) processors += list[i].width;
    if (!pel_topology_is_here(topology)) return processors;
    pel_grant grant;
    pel_grant_read("", &grant);
    return grant.processors < processors ? grant.processors : processors;
}

static pel_status fill_plan(const pel_topology *topology, usable *list, pel_placement *plan)
{
    const int count = list_usable(topology, list);
    if (count == 0) return pel_fail(PEL_ERR_SYSTEM, "no core that this process may use is known; see what lstopo says");
    const int granted = count_granted(topology, list, count);
    plan->shares = plan->threads > count;
    plan->outnumbers = plan->threads > granted;
    warn(plan, count, granted);
    if (plan->kind == PEL_PLACEMENT_NONE) {
        guess_places(topology, list, count, plan);
    } else {
        deal(list, count, plan->threads, plan->kind);
        number_threads(topology, list, count, plan);
    }
    return PEL_OK;
}

pel_status pel_placement_plan(const pel_topology *topology, int threads, pel_placement_kind kind,
                              pel_placement **placement)
{
    if (threads < 1) return pel_fail(PEL_ERR_ARGUMENT, "%d threads cannot be placed; ask for at least 1", threads);
    const bool here = pel_topology_is_here(topology);
    pel_placement *plan = NULL;
    usable *list = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *plan + (size_t)threads * sizeof *plan->place, &plan));
    plan->kind = here && pel_grant_user_binds() ? PEL_PLACEMENT_NONE : kind;
    plan->here = here;
    plan->threads = threads;
    pel_status status = pel_memory_new((size_t)pel_topology_cores(topology), sizeof *list, &list);
    if (status == PEL_OK) status = fill_plan(topology, list, plan);
    free(list);
    if (status == PEL_OK) *placement = plan;
    else pel_placement_free(plan);
    return status;
}

void pel_placement_free(pel_placement *placement)
{
    if (!placement) return;
    pel_text_free(&placement->warning);
    free(placement);
}

pel_placement_kind pel_placement_get_kind(const pel_placement *placement)
{
    return placement->kind;
}

const char *pel_placement_kind_name(pel_placement_kind kind)
{
    static const char *const names[] = {"compact", "spread", "none"};
    return names[kind];
}

int pel_placement_processor(const pel_placement *placement, int thread)
{
    return placement->place[thread].processor;
}

int pel_placement_core(const pel_placement *placement, int thread)
{
    return placement->place[thread].core;
}

int pel_placement_domain(const pel_placement *placement, int thread)
{
    return placement->place[thread].domain;
}

bool pel_placement_shares_cores(const pel_placement *placement)
{
    return placement->shares;
}

bool pel_placement_outnumbers(const pel_placement *placement)
{
    return placement->outnumbers;
}

const char *pel_placement_warning(const pel_placement *placement)
{
    return pel_text_get(&placement->warning);
}

pel_status pel_placement_bind(const pel_placement *placement, int thread)
{
    const int processor = pel_placement_processor(placement, thread);
    if (!placement->here || processor < 0) return PEL_OK;
    cpu_set_t *set = CPU_ALLOC((size_t)processor + 1);
    if (!set) return pel_fail(PEL_ERR_MEMORY, "out of memory for the affinity mask of thread %d", thread);
    const size_t bytes = CPU_ALLOC_SIZE((size_t)processor + 1);
    CPU_ZERO_S(bytes, set);
    CPU_SET_S((size_t)processor, bytes, set);
    const int error = sched_setaffinity(0, bytes, set) == 0 ? 0 : errno;
    CPU_FREE(set);
    if (error == 0) return PEL_OK;
    return pel_fail(PEL_ERR_SYSTEM, "thread %d cannot be bound to processor %d: %s; leave the threads unplaced", thread,
                    processor, strerror(error));
}
