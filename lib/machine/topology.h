/**
 * @file
 * The machine's topology: cores, hardware threads, packages, NUMA domains, caches and memory.
 *
 * Read once by hwloc and then fixed. A machine can also be given as an hwloc synthetic description, so that plans for
 * machines nobody here owns are tested: "pack:2 numa:4 l3:1 l2:16 core:1 pu:2" has two packages of four domains.
 * Cores are numbered in hwloc's logical order, so that neighbours in number share caches and domains. A *processor* is
 * what the operating system schedules on (a hardware thread), by its OS index.
 */
#ifndef PELAGOS_MACHINE_TOPOLOGY_H
#define PELAGOS_MACHINE_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "base/text.h"

typedef struct pel_topology pel_topology;

/**
 * Reads a topology; pel_topology_free() returns it.
 *
 * Call it for this machine before threads are bound: which processors the process may use is taken from the calling
 * thread.
 *
 * @param synthetic  an hwloc synthetic description, or NULL for this machine
 * @param topology   receives it; untouched on failure
 * @return PEL_OK, PEL_ERR_ARGUMENT for a description that hwloc does not understand, PEL_ERR_SYSTEM, PEL_ERR_MEMORY
 */
pel_status pel_topology_load(const char *synthetic, pel_topology **topology);
/** Returns the topology; does nothing for NULL. */
void pel_topology_free(pel_topology *topology);

/** Whether this is the machine that the process runs on, so that its processors can be bound to. */
bool pel_topology_is_here(const pel_topology *topology);
/** Number of cores. */
int pel_topology_cores(const pel_topology *topology);
/** Number of processors: hardware threads of all cores. */
int pel_topology_processors(const pel_topology *topology);
/** Number of packages (sockets). */
int pel_topology_packages(const pel_topology *topology);
/** Number of NUMA domains that have cores; memory without cores (HBM, CXL) makes none. */
int pel_topology_domains(const pel_topology *topology);
/** Memory of the whole machine, in bytes; 0 if not known. */
size_t pel_topology_memory_bytes(const pel_topology *topology);
/** Bytes of a cache line; 64 if not known. */
size_t pel_topology_cache_line_bytes(const pel_topology *topology);

/** Data cache of `level` (1 to 3) as `core` sees it, in bytes; 0 if it has none. */
size_t pel_topology_cache_bytes(const pel_topology *topology, int core, int level);
/** How many cores share the cache of `level` (1 to 3) that `core` sees; 0 if it has none. */
int pel_topology_cache_sharers(const pel_topology *topology, int core, int level);
/** The NUMA domain of `core`, counted from 0 in the order of cores. */
int pel_topology_core_domain(const pel_topology *topology, int core);
/** The package of `core`. */
int pel_topology_core_package(const pel_topology *topology, int core);
/** How many hardware threads `core` has. */
int pel_topology_core_width(const pel_topology *topology, int core);
/** The processor (OS index) that is hardware thread `which` of `core`; `which` 0 is the first. */
int pel_topology_core_processor(const pel_topology *topology, int core, int which);
/** Whether this process may use hardware thread `which` of `core`: always, unless it is this machine. */
bool pel_topology_core_allows(const pel_topology *topology, int core, int which);

/** Appends one sentence or two on cores, caches and memory, for a person. */
void pel_topology_describe(const pel_topology *topology, pel_text *text);

/** The processor model of this machine as it names itself; "unknown processor" if it does not. */
const char *pel_machine_processor(void);
/** Whether this machine is a virtual one, as its processor says: its caches may be shared with others. */
bool pel_machine_is_virtual(void);

#endif
