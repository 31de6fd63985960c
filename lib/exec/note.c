/* Noting what threads do: one reading of the clock for the trace and the counters. */
#include "exec/run_inside.h"

double pel_note_wait(const stretch *r, int thread, double start)
{
    pel_trace *trace = r->options->trace;
    if (!trace && !r->counters) return 0;
    const double now = pel_clock_seconds();
    if (trace) pel_trace_span(trace, thread, PEL_TRACE_WAIT, "wait", start, now, false);
    if (r->counters) pel_counters_add_wait(r->counters, thread, now - start);
    return now;
}

static double note_work(const stretch *r, int thread, pel_trace_kind kind, const char *name, double start,
                        bool is_stolen)
{
    pel_trace *trace = r->options->trace;
    if (!trace && !r->counters) return 0;
    const double now = pel_clock_seconds();
    if (trace) pel_trace_span(trace, thread, kind, name, start, now, is_stolen);
    if (r->counters && is_stolen) pel_counters_add_stolen(r->counters, thread, now - start);
    return now;
}

double pel_note_tile(const stretch *r, int thread, const char *name, double start, bool is_stolen)
{
    return note_work(r, thread, PEL_TRACE_TILE, name, start, is_stolen);
}

double pel_note_slot(const stretch *r, const slot *s, int thread, double start, bool is_stolen)
{
    const bool is_global = s->kind == SLOT_CALL || s->kind == SLOT_EXCHANGE;
    if (!r->options->trace && !is_stolen) return 0;
    return note_work(r, thread, is_global ? PEL_TRACE_CALL : PEL_TRACE_TILE, s->name, start, is_stolen);
}
