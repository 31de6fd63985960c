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

#include "base/status.h"

typedef struct pel_trace pel_trace;

/** What a span was. */
typedef enum pel_trace_kind {
    PEL_TRACE_TILE, /**< tiles of loops, boundary slots, pieces */
    PEL_TRACE_WAIT, /**< for other threads */
    PEL_TRACE_CALL, /**< a global operation */
    PEL_TRACE_FILE  /**< reading and writing files */
} pel_trace_kind;

/** Sums over all threads and spans, kept or not. */
typedef struct pel_trace_summary {
    double busy, waiting; /**< seconds, all threads together */
    double stolen;        /**< seconds of tiles that were taken from another thread */
    double imbalance;     /**< the busiest thread's time over the mean, minus 1 */
    long spans, dropped;
} pel_trace_summary;

/** Makes a trace for teams of up to `threads` threads that keeps up to `spans` spans a thread. @return PEL_OK or
 * PEL_ERR_MEMORY */
pel_status pel_trace_create(int threads, size_t spans, pel_trace **trace);
void pel_trace_destroy(pel_trace *trace);

/** The time now, for the start of a span; 0 without a trace. */
double pel_trace_now(const pel_trace *trace);
/** Adds the span from `start` until now on `thread`. `name` outlives the trace. Does nothing without a trace. */
void pel_trace_add(pel_trace *trace, int thread, pel_trace_kind kind, const char *name, double start, bool is_stolen);

pel_trace_summary pel_trace_summarise(const pel_trace *trace);
/** Writes the trace as JSON in the Trace Event Format. @return PEL_OK or PEL_ERR_FILE */
pel_status pel_trace_write(const pel_trace *trace, const char *path);

#endif
