/**
 * @file
 * Placement: which processor each thread of the team runs on.
 *
 * Every core gets one thread before any gets two. Threads are numbered along the cores, so that neighbours in number
 * are neighbours in caches and domains. A thread that stays where it is keeps its caches and the pages that it touched
 * first.
 */
#ifndef PELAGOS_MACHINE_PLACEMENT_H
#define PELAGOS_MACHINE_PLACEMENT_H

#include <stdbool.h>

#include "base/status.h"
#include "machine/topology.h"

typedef enum pel_placement_kind {
    PEL_PLACEMENT_COMPACT, /**< the first cores: fewest domains, shared caches */
    PEL_PLACEMENT_SPREAD,  /**< evenly over all cores: most bandwidth */
    PEL_PLACEMENT_NONE     /**< threads are left to the system, or to the user's OMP_PROC_BIND */
} pel_placement_kind;

typedef struct pel_placement pel_placement;

/**
 * Plans where `threads` threads go, among the processors that this process may use.
 *
 * Where the user places threads (OMP_PROC_BIND, OMP_PLACES, GOMP_CPU_AFFINITY) the plan for this machine is
 * PEL_PLACEMENT_NONE, whatever is asked for. The plan keeps nothing of the topology.
 *
 * @param threads    at least 1
 * @param placement  receives the plan, for pel_placement_free(); untouched on failure
 * @return PEL_OK, PEL_ERR_ARGUMENT, PEL_ERR_MEMORY
 */
pel_status pel_placement_plan(const pel_topology *topology, int threads, pel_placement_kind kind,
                              pel_placement **placement);
/** Returns the plan; does nothing for NULL. */
void pel_placement_free(pel_placement *placement);

/** What the plan became: the kind asked for, or PEL_PLACEMENT_NONE. */
pel_placement_kind pel_placement_get_kind(const pel_placement *placement);
/** The kind's name in decks and reports: "compact", "spread", "none". */
const char *pel_placement_kind_name(pel_placement_kind kind);
/** The processor (OS index) of `thread`; -1 if the thread is not placed. */
int pel_placement_processor(const pel_placement *placement, int thread);
/** The core of `thread`; -1 if the thread is not placed. */
int pel_placement_core(const pel_placement *placement, int thread);
/** The NUMA domain of `thread`; where threads are not placed, the domain of an even spread, as a guess. */
int pel_placement_domain(const pel_placement *placement, int thread);
/** Whether some threads must share a core. */
bool pel_placement_shares_cores(const pel_placement *placement);
/** Whether there are more threads than processors granted (mask, cpuset, quota). */
bool pel_placement_outnumbers(const pel_placement *placement);
/** A sentence for the person if threads share cores or outnumber the processors; "" if all is well. */
const char *pel_placement_warning(const pel_placement *placement);

/**
 * Binds the calling thread to the place of `thread`. Does nothing where the plan is none or the machine is not this
 * one.
 * @return PEL_OK or PEL_ERR_SYSTEM
 */
pel_status pel_placement_bind(const pel_placement *placement, int thread);

#endif
