/* The trace: spans in memory while the run goes on, a file of them at its end.
 *
 * Each thread has a buffer on cache lines of its own, so that noting a span is a few stores without locks or sharing.
 * The sums beside it are kept on when the buffer is full. The file is in the Trace Event Format ("Trace Event Format",
 * Google, 2016: docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU): one complete event ("X") a
 * span, its start and duration in microseconds. Times are rounded to whole nanoseconds before they are subtracted, so
 * that spans which touch do not overlap in the file. */
#include "exec/trace.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/publish.h"

enum { KINDS = PEL_TRACE_FILE + 1 };

static const double shortest_span = 10e-6; /* seconds; shorter ones are joined by those that follow at once */
static const char *const categories[KINDS] = {"tile", "wait", "call", "file"};

typedef struct span {
    const char *name;
    double start, end; /* pel_clock_seconds() */
    pel_trace_kind kind;
    bool is_stolen;
} span;

/* One thread's spans and sums. */
typedef struct buffer {
    _Alignas(64) span *spans;
    size_t kept;
    long dropped;
    double seconds[KINDS];
    double stolen;
} buffer;

struct pel_trace {
    buffer *buffers;
    int threads;
    size_t room; /* spans a buffer */
    double origin;
};

/* ---- making and ending ---- */

static pel_status make_buffers(pel_trace *trace)
{
    const size_t bytes = (size_t)trace->threads * sizeof *trace->buffers;
    trace->buffers = aligned_alloc(_Alignof(buffer), bytes);
    if (!trace->buffers) return pel_fail(PEL_ERR_MEMORY, "no memory for a trace of %d threads", trace->threads);
    memset(trace->buffers, 0, bytes);
    for (int t = 0; t < trace->threads; t++)
        PEL_TRY(pel_memory_new(trace->room, sizeof(span), &trace->buffers[t].spans));
    return PEL_OK;
}

pel_status pel_trace_create(int threads, size_t spans, pel_trace **trace)
{
    pel_trace *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    *fresh = (pel_trace){.threads = threads, .room = spans, .origin = pel_clock_seconds()};
    const pel_status status = make_buffers(fresh);
    if (status == PEL_OK) *trace = fresh;
    else pel_trace_destroy(fresh);
    return status;
}

void pel_trace_destroy(pel_trace *trace)
{
    if (!trace) return;
    for (int t = 0; trace->buffers && t < trace->threads; t++) free(trace->buffers[t].spans);
    free(trace->buffers);
    free(trace);
}

/* ---- noting ---- */

/* Whether the span goes on with what the thread's last one was. */
static bool joins(const buffer *b, const span *fresh)
{
    if (b->kept == 0 || b->dropped > 0) return false;
    const span *last = &b->spans[b->kept - 1];
    return fresh->start == last->end && fresh->name == last->name && fresh->kind == last->kind &&
           fresh->is_stolen == last->is_stolen && last->end - last->start < shortest_span;
}

void pel_trace_span(pel_trace *trace, int thread, pel_trace_kind kind, const char *name, double start, double end,
                    bool is_stolen)
{
    if (thread >= trace->threads) return;
    buffer *b = &trace->buffers[thread];
    const span fresh = {.name = name, .start = start, .end = end, .kind = kind, .is_stolen = is_stolen};
    b->seconds[kind] += end - start;
    if (is_stolen) b->stolen += end - start;
    if (joins(b, &fresh)) b->spans[b->kept - 1].end = end;
    else if (b->kept < trace->room) b->spans[b->kept++] = fresh;
    else b->dropped++;
}

/* ---- summing up ---- */

static bool is_used(const buffer *b)
{
    return b->kept > 0 || b->dropped > 0;
}

pel_trace_summary pel_trace_summarise(const pel_trace *trace)
{
    pel_trace_summary sum = {0};
    double tiles = 0, busiest = 0;
    for (int t = 0; t < trace->threads; t++) {
        const buffer *b = &trace->buffers[t];
        sum.busy += b->seconds[PEL_TRACE_TILE] + b->seconds[PEL_TRACE_CALL];
        sum.waiting += b->seconds[PEL_TRACE_WAIT];
        sum.files += b->seconds[PEL_TRACE_FILE];
        sum.stolen += b->stolen;
        sum.threads += is_used(b);
        sum.spans += (long)b->kept + b->dropped;
        sum.dropped += b->dropped;
        tiles += b->seconds[PEL_TRACE_TILE];
        busiest = fmax(busiest, b->seconds[PEL_TRACE_TILE]);
    }
    if (tiles > 0) sum.imbalance = busiest / (tiles / sum.threads) - 1;
    return sum;
}

/* ---- writing ---- */

static int64_t nanoseconds(const pel_trace *trace, double time)
{
    return llround((time - trace->origin) * 1e9);
}

/* Writes the line and empties it. */
static pel_status put(FILE *file, pel_text *line)
{
    if (line->lost) return pel_fail(PEL_ERR_MEMORY, "out of memory for the trace");
    fwrite(line->bytes, 1, line->length, file);
    line->length = 0;
    return PEL_OK;
}

static void name_thread(pel_text *line, int thread)
{
    const long pid = (long)getpid();
    pel_text_add(line,
                 ",\n{\"ph\": \"M\", \"name\": \"thread_name\", \"pid\": %ld, \"tid\": %d, "
                 "\"args\": {\"name\": \"thread %d\"}}",
                 pid, thread, thread);
    pel_text_add(line,
                 ",\n{\"ph\": \"M\", \"name\": \"thread_sort_index\", \"pid\": %ld, \"tid\": %d, "
                 "\"args\": {\"sort_index\": %d}}",
                 pid, thread, thread);
}

static void add_event(pel_text *line, const pel_trace *trace, int thread, const span *s)
{
    const int64_t start = nanoseconds(trace, s->start), length = nanoseconds(trace, s->end) - start;
    pel_text_add(line, ",\n{\"ph\": \"X\", \"name\": ");
    pel_text_add_json(line, s->name);
    pel_text_add(line, ", \"cat\": \"%s\", \"ts\": %.3f, \"dur\": %.3f, \"pid\": %ld, \"tid\": %d%s}",
                 categories[s->kind], 1e-3 * (double)start, 1e-3 * (double)length, (long)getpid(), thread,
                 s->is_stolen ? ", \"args\": {\"stolen\": true}" : "");
}

static pel_status put_thread(FILE *file, pel_text *line, const pel_trace *trace, int thread)
{
    const buffer *b = &trace->buffers[thread];
    if (!is_used(b)) return PEL_OK;
    name_thread(line, thread);
    for (size_t i = 0; i < b->kept && !ferror(file); i++) {
        add_event(line, trace, thread, &b->spans[i]);
        PEL_TRY(put(file, line));
    }
    return put(file, line);
}

static pel_status put_trace(FILE *file, const void *data)
{
    const pel_trace *trace = data;
    pel_text line = {0};
    pel_text_add(&line,
                 "{\"displayTimeUnit\": \"ms\", \"otherData\": {\"dropped_spans\": \"%ld\"}, \"traceEvents\": [\n",
                 pel_trace_summarise(trace).dropped);
    pel_text_add(&line,
                 "{\"ph\": \"M\", \"name\": \"process_name\", \"pid\": %ld, \"tid\": 0, "
                 "\"args\": {\"name\": \"pelagos\"}}",
                 (long)getpid());
    pel_status status = put(file, &line);
    for (int t = 0; t < trace->threads && status == PEL_OK; t++) status = put_thread(file, &line, trace, t);
    pel_text_add(&line, "\n]}\n");
    if (status == PEL_OK) status = put(file, &line);
    pel_text_free(&line);
    return status;
}

pel_status pel_trace_write(const pel_trace *trace, const char *path)
{
    return pel_publish_stream(path, put_trace, trace);
}
