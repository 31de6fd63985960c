/**
 * @file
 * The trace: what each thread did when, for chrome://tracing and Perfetto, and a summary of it.
 *
 * Each thread writes spans of its own, without locks, into a buffer that is sized at the start; when it is full the
 * spans are still summed but no longer kept. A NULL trace costs one comparison.
 */
#ifndef PELAGOS_EXEC_TRACE_H
#define PELAGOS_EXEC_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/clock.h"
#include "base/status.h"

typedef struct pel_trace pel_trace;

/** What a span was. */
typedef enum pel_trace_kind {
    PEL_TRACE_TILE, /**< tiles of loops, boundary slots, pieces */
    PEL_TRACE_WAIT, /**< for other threads */
    PEL_TRACE_CALL, /**< a global operation */
    PEL_TRACE_FILE  /**< reading and writing files */
} pel_trace_kind;

/** Sums over all threads and spans, kept or not. Times are seconds, all threads together. */
typedef struct pel_trace_summary {
    double busy;      /**< in tiles and calls */
    double waiting;   /**< for other threads */
    double files;     /**< reading and writing files */
    double stolen;    /**< of `busy`: tiles that were taken from another thread */
    double imbalance; /**< the time in tiles of the busiest thread over the mean, minus 1; 0 where there are none */
    int threads;      /**< that have any spans */
    long spans, dropped;
} pel_trace_summary;

/**
 * Makes a trace for teams of up to `threads` threads that keeps up to `spans` spans a thread; memory is touched as it
 * fills. Its clock starts at 0 now.
 * @param trace  receives it, for pel_trace_destroy(); untouched on failure
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status pel_trace_create(int threads, size_t spans, pel_trace **trace);
/** Ends the trace; does nothing for NULL. */
void pel_trace_destroy(pel_trace *trace);

/**
 * Adds a span of `thread` between two times of pel_clock_seconds(). A thread's spans come in order and do not overlap.
 * Only that thread may call it; threads beyond the trace's are left out.
 *
 * A span of the same kind and name that starts where the thread's last one ended joins it while that is shorter than
 * some microseconds: so tiny tiles cost neither much memory nor many events.
 *
 * @param name  outlives the trace
 */
void pel_trace_span(pel_trace *trace, int thread, pel_trace_kind kind, const char *name, double start, double end,
                    bool is_stolen);

/** The time now, for the start of a span; 0 without a trace. */
static inline double pel_trace_now(const pel_trace *trace)
{
    return trace ? pel_clock_seconds() : 0;
}

/** Adds the span from `start` until now; does nothing without a trace. @return now, where the next span may start */
static inline double pel_trace_add(pel_trace *trace, int thread, pel_trace_kind kind, const char *name, double start,
                                   bool is_stolen)
{
    if (!trace) return 0;
    const double now = pel_clock_seconds();
    pel_trace_span(trace, thread, kind, name, start, now, is_stolen);
    return now;
}

/** Sums up; not while the team works. */
pel_trace_summary pel_trace_summarise(const pel_trace *trace);
/**
 * Writes the trace as JSON in the Trace Event Format, whole or not at all, replacing an older file; not while the team
 * works. Each thread's number is its tid.
 * @return PEL_OK, PEL_ERR_FILE or PEL_ERR_MEMORY
 */
pel_status pel_trace_write(const pel_trace *trace, const char *path);

#endif
