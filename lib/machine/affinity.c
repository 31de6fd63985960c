/*
 * The processors that a process was given.
 *
 * A mask says where a thread may run; the kernel cuts it to the cpuset of the process. A mask of everything therefore
 * follows a cpuset that changes while the process runs, and a copy of what such a mask has become does not. So the mask
 * found at first is kept only where it is narrower than what a mask of everything becomes.
 */
#include "machine/affinity.h"

#include <sched.h>
#include <stdbool.h>
#include <string.h>

#include "machine/grant.h"

enum { SETS = 64 }; /* 65536 processors; the kernel refuses masks that are smaller than its own */

typedef struct mask {
    cpu_set_t part[SETS];
} mask;

static mask given; /* meaningful where is_narrowed */
static mask whole; /* what a thread has that is not bound */
static bool is_known, is_narrowed;

static bool get(mask *to)
{
    memset(to, 0, sizeof *to);
    return sched_getaffinity(0, sizeof *to, to->part) == 0;
}

static bool set_everything(void)
{
    mask all;
    memset(&all, 0xff, sizeof all);
    return sched_setaffinity(0, sizeof all, all.part) == 0;
}

static void learn(void)
{
    mask most;
    is_known = true;
    is_narrowed = false;
    if (!get(&given) || !set_everything() || !get(&most)) return;
    is_narrowed = memcmp(&given, &most, sizeof given) != 0;
    whole = given;
}

void pel_affinity_restore(void)
{
    if (pel_grant_user_binds()) return;
    if (!is_known) learn();
    if (is_narrowed && sched_setaffinity(0, sizeof given, given.part) == 0) return;
    set_everything(); /* also where the cpuset has left the mask altogether */
}

static bool is_alone(const mask *m, int processor)
{
    return processor >= 0 && CPU_COUNT_S(sizeof *m, m->part) == 1 && CPU_ISSET_S((size_t)processor, sizeof *m, m->part);
}

void pel_affinity_look(int processor)
{
    mask now;
    if (pel_grant_user_binds() || !is_known || !get(&now)) return;
    if (!is_alone(&now, processor) && memcmp(&now, &whole, sizeof now) != 0) learn();
}
