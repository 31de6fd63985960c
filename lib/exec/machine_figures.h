/**
 * @file
 * What this machine can do, measured once and kept: bandwidth of each level of memory, peak arithmetic, and what it
 * costs to hand out work, all by number of threads.
 *
 * `pelagos machine --measure` measures and keeps the figures in the user's cache folder; whoever needs a limit looks
 * them up. They make predictions and reports better and never change a result.
 */
#ifndef PELAGOS_EXEC_MACHINE_FIGURES_H
#define PELAGOS_EXEC_MACHINE_FIGURES_H

#include <stdbool.h>

#include "base/status.h"
#include "base/text.h"
#include "exec/team.h"

/** Where the arrays of a triad lie. */
typedef enum pel_memory_level { PEL_LEVEL_L1, PEL_LEVEL_L2, PEL_LEVEL_L3, PEL_LEVEL_MEMORY } pel_memory_level;

enum { PEL_MEMORY_LEVELS = 4, PEL_FIGURES_MOST = 16 };

/** Figures of one number of threads; NAN for what could not be measured. */
typedef struct pel_figures_row {
    int threads;
    double bandwidth[PEL_MEMORY_LEVELS]; /**< STREAM triad, 24 declared bytes an element, bytes/s of all threads */
    double peak;                         /**< fused multiply-adds in registers, operations/s of all threads */
    double fork;                         /**< seconds of a pel_team_run() that does nothing */
    double task;                         /**< seconds that a thread spends on an empty piece of pel_chain_tiles() */
} pel_figures_row;

/** Figures of one machine. All zero: none. */
typedef struct pel_figures {
    double measured; /**< when: seconds since 1970-01-01 UTC */
    double others;   /**< processors that other processes kept busy meanwhile; NAN: not known */
    int count;
    pel_figures_row row[PEL_FIGURES_MOST]; /**< [count], by number of threads, fewest first */
} pel_figures;

/**
 * Bandwidth of a level with `threads` threads, bytes/s: between two measured numbers in proportion, beyond the most as
 * there. NAN if it is not known.
 */
double pel_figures_bandwidth(const pel_figures *figures, pel_memory_level level, int threads);
/** Peak arithmetic with `threads` threads, operations/s; as pel_figures_bandwidth(). */
double pel_figures_peak(const pel_figures *figures, int threads);
/** "L1", "L2", "L3", "memory". */
const char *pel_memory_level_name(pel_memory_level level);

/* ---- the cache ---- */

/**
 * Appends all that the figures of this machine depend on, one line: processor, caches, domains and the cores that the
 * process may use of each, memory, granted processors, who places threads, and how the kernels that measure are built.
 * Equal nodes of a cluster have equal identities.
 *
 * @param here  this machine, read while the calling thread was not bound
 */
void pel_figures_identity(const pel_topology *here, pel_text *identity);
/**
 * The file that keeps the figures of `identity`: DIR/pelagos/machine-HASH.json, with DIR from XDG_CACHE_HOME, or
 * ~/.cache.
 * @param path  receives it, for free()
 * @return PEL_OK; PEL_ERR_FILE if neither XDG_CACHE_HOME nor HOME is an absolute path; PEL_ERR_MEMORY
 */
pel_status pel_figures_path(const char *identity, char **path);
/** Writes the figures whole or not at all, and makes the folders above. @return PEL_OK, PEL_ERR_FILE, PEL_ERR_MEMORY */
pel_status pel_figures_save(const pel_figures *figures, const char *identity, const char *path);
/**
 * Reads figures.
 * @param figures  receives them; count is 0 if there is no such file
 * @return PEL_OK; PEL_ERR_CORRUPT if the file is damaged or another machine's; PEL_ERR_FILE if it cannot be read
 */
pel_status pel_figures_load(const char *path, const char *identity, pel_figures *figures);
/**
 * Looks for the kept figures of this machine; warns, once a process, of a file that cannot be used.
 * @param here  as for pel_figures_identity()
 * @return whether there are any; if not, count is 0
 */
bool pel_figures_find(const pel_topology *here, pel_figures *figures);
/** The kept figures of the machine that the team runs on, until it is resized or destroyed; NULL if there are none. */
const pel_figures *pel_team_figures(const pel_team *team);

/* ---- JSON ---- */

struct json_t; /* jansson's */

/**
 * The figures as a JSON object: "bandwidth" [{threads, level, bytes_per_second}], "peak" [{threads,
 * flops_per_second}], "fork" and "task" [{threads, seconds}], "when" ("2026-11-21T18:00:00Z"), "others_busy"
 * (processors). What is NAN is left out.
 * @return a new reference, for json_decref(); NULL if memory ran out
 */
struct json_t *pel_figures_json(const pel_figures *figures);
/** The kept figures of this machine as pel_figures_json() gives them; NULL if there are none. Before a team exists. */
struct json_t *pel_figures_json_kept(void);

/**
 * What this machine is, as a JSON object: "host", "system", "processor", "cores", "processors", "packages",
 * "numa_domains", "granted", "memory_bytes", "cache_bytes" [L1, L2, L3], and "measured": pel_figures_json(), or null.
 *
 * @param here     as for pel_figures_identity()
 * @param figures  of this machine; NULL or count 0: none
 * @return a new reference, for json_decref(); NULL if memory ran out
 */
struct json_t *pel_machine_json(const pel_topology *here, const pel_figures *figures);

/* ---- measuring ---- */

/** Told before each measurement: which number of threads, what, and which part of all is done, 0 to 1. */
typedef void pel_figures_progress(int threads, const char *what, double done);
/**
 * Measures this machine with 1, 2, 4, ... threads up to as many as are granted, with that number, and with `threads`
 * (0: no further one). Takes seconds. No team may compute meanwhile.
 *
 * @param progress  NULL: nobody is told
 * @param figures   receives them, `others` not known
 * @return PEL_OK, PEL_ERR_MEMORY, PEL_ERR_SYSTEM
 */
pel_status pel_figures_measure(int threads, pel_figures_progress *progress, pel_figures *figures);
/**
 * What a person should know of the bandwidths measured here, as sentences.
 * @param text  gets them, one a line; nothing if there are none
 */
void pel_figures_notes(const pel_topology *here, pel_text *text);

#endif
