/* Traces: what is kept, what is summed, and the file that viewers read. JSON is read back as YAML, which holds it. */
#include "exec/trace.h"

#include <math.h>

#include "deck/deck.h"
#include "exec/chain.h"
#include "support/test.h"

static const double tick = 1.0 / 512; /* seconds: 1953125 ns, so that no time in the file is rounded */

static pel_trace *make_trace(int threads, size_t spans, double *start)
{
    pel_trace *trace = NULL;
    CHECK_STATUS(pel_trace_create(threads, spans, &trace));
    *start = ceil(pel_clock_seconds() / tick) * tick;
    return trace;
}

/* The trace's file, for free(). */
static char *text_of(const pel_trace *trace)
{
    const char *path = test_path("trace.json");
    CHECK_STATUS(pel_trace_write(trace, path));
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    char *text = calloc(1 << 16, 1);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    CU_ASSERT_TRUE(fread(text, 1, (1 << 16) - 1, file) < (1 << 16) - 1);
    fclose(file);
    return text;
}

static int count_of(const char *text, const char *part)
{
    int count = 0;
    for (const char *at = text; (at = strstr(at, part)); at++) count++;
    return count;
}

static void check_is_read(const char *text)
{
    pel_deck *deck = NULL;
    CHECK_STATUS(pel_deck_parse(text, "trace.json", NULL, 0, &deck));
    pel_deck_free(deck);
}

TEST(a_span_is_a_complete_event_of_its_thread)
{
    double start;
    pel_trace *trace = make_trace(3, 10, &start);
    pel_trace_span(trace, 0, PEL_TRACE_TILE, "momentum", start, start + tick, false);
    pel_trace_span(trace, 0, PEL_TRACE_WAIT, "wait", start + tick, start + 3 * tick, false);
    pel_trace_span(trace, 2, PEL_TRACE_TILE, "momentum", start, start + 2 * tick, true);
    char *text = text_of(trace);
    check_is_read(text);
    CU_ASSERT_EQUAL(count_of(text, "\"ph\": \"X\""), 3);
    CU_ASSERT_EQUAL(count_of(text, "\"name\": \"thread_name\""), 2); /* thread 1 did nothing */
    CU_ASSERT_EQUAL(count_of(text, "\"args\": {\"name\": \"thread 2\"}"), 1);
    CU_ASSERT_EQUAL(count_of(text, "\"name\": \"momentum\", \"cat\": \"tile\""), 2);
    CU_ASSERT_EQUAL(count_of(text, "\"name\": \"wait\", \"cat\": \"wait\""), 1);
    CU_ASSERT_EQUAL(count_of(text, "\"dur\": 1953.125"), 1);
    CU_ASSERT_EQUAL(count_of(text, "\"dur\": 3906.250"), 2);
    CU_ASSERT_EQUAL(count_of(text, "\"tid\": 2, \"args\": {\"stolen\": true}"), 1);
    free(text);
    pel_trace_destroy(trace);
}

TEST(names_are_escaped)
{
    double start;
    pel_trace *trace = make_trace(1, 10, &start);
    pel_trace_span(trace, 0, PEL_TRACE_FILE, "a \"quoted\" C:\\path\n\x1f \xc3\xa9", start, start + tick, false);
    pel_trace_span(trace, 0, PEL_TRACE_CALL, "", start + tick, start + 2 * tick, false);
    char *text = text_of(trace);
    check_is_read(text);
    CU_ASSERT_EQUAL(
        count_of(text, "\"name\": \"a \\\"quoted\\\" C:\\\\path\\u000a\\u001f \xc3\xa9\", \"cat\": \"file\""), 1);
    CU_ASSERT_EQUAL(count_of(text, "\"name\": \"\", \"cat\": \"call\""), 1);
    free(text);
    pel_trace_destroy(trace);
}

TEST(a_trace_without_spans_is_a_file_all_the_same)
{
    double start;
    pel_trace *trace = make_trace(2, 10, &start);
    char *text = text_of(trace);
    check_is_read(text);
    CU_ASSERT_EQUAL(count_of(text, "\"ph\": \"X\""), 0);
    CU_ASSERT_EQUAL(pel_trace_summarise(trace).imbalance, 0);
    free(text);
    pel_trace_destroy(trace);
}

TEST(a_full_buffer_still_sums)
{
    double start;
    pel_trace *trace = make_trace(2, 4, &start);
    for (int i = 0; i < 10; i++)
        pel_trace_span(trace, 1, PEL_TRACE_TILE, i % 2 ? "a" : "b", start + i * tick, start + (i + 1) * tick, false);
    const pel_trace_summary sum = pel_trace_summarise(trace);
    CU_ASSERT_EQUAL(sum.busy, 10 * tick);
    CU_ASSERT_EQUAL(sum.spans, 10);
    CU_ASSERT_EQUAL(sum.dropped, 6);
    char *text = text_of(trace);
    check_is_read(text);
    CU_ASSERT_EQUAL(count_of(text, "\"ph\": \"X\""), 4);
    CU_ASSERT_EQUAL(count_of(text, "\"dropped_spans\": \"6\""), 1);
    free(text);
    pel_trace_destroy(trace);
}

TEST(the_summary_adds_up_by_kind)
{
    double start;
    pel_trace *trace = make_trace(4, 10, &start);
    pel_trace_span(trace, 0, PEL_TRACE_TILE, "a", start, start + 3 * tick, false);
    pel_trace_span(trace, 1, PEL_TRACE_TILE, "a", start, start + tick, true);
    pel_trace_span(trace, 1, PEL_TRACE_WAIT, "wait", start + tick, start + 3 * tick, false);
    pel_trace_span(trace, 0, PEL_TRACE_CALL, "solve", start + 3 * tick, start + 8 * tick, false);
    pel_trace_span(trace, 0, PEL_TRACE_FILE, "series", start + 8 * tick, start + 9 * tick, false);
    const pel_trace_summary sum = pel_trace_summarise(trace);
    CU_ASSERT_EQUAL(sum.busy, 9 * tick);
    CU_ASSERT_EQUAL(sum.waiting, 2 * tick);
    CU_ASSERT_EQUAL(sum.files, tick);
    CU_ASSERT_EQUAL(sum.stolen, tick);
    CU_ASSERT_EQUAL(sum.threads, 2);
    CU_ASSERT_EQUAL(sum.imbalance, 0.5); /* 3 ticks against a mean of 2; calls and files are nobody's share */
    pel_trace_destroy(trace);
}

TEST(tiny_spans_join_and_others_do_not)
{
    const double tiny = 0x1p-19; /* 1.9 microseconds */
    double at;
    pel_trace *trace = make_trace(1, 100, &at);
    for (int i = 0; i < 4; i++, at += tiny) pel_trace_span(trace, 0, PEL_TRACE_TILE, "a", at, at + tiny, false);
    CU_ASSERT_EQUAL(pel_trace_summarise(trace).spans, 1);
    CU_ASSERT_EQUAL(pel_trace_summarise(trace).busy, 4 * tiny);
    pel_trace_span(trace, 0, PEL_TRACE_TILE, "a", at, at + tiny, true); /* stolen */
    pel_trace_span(trace, 0, PEL_TRACE_WAIT, "a", at + tiny, at + 2 * tiny, false);
    pel_trace_span(trace, 0, PEL_TRACE_WAIT, "a", at + 3 * tiny, at + 4 * tiny, false); /* after a gap */
    CU_ASSERT_EQUAL(pel_trace_summarise(trace).spans, 4);
    pel_trace_span(trace, 0, PEL_TRACE_TILE, "b", at + 4 * tiny, at + tick, false);
    pel_trace_span(trace, 0, PEL_TRACE_TILE, "b", at + tick, at + 2 * tick, false); /* long enough to see */
    CU_ASSERT_EQUAL(pel_trace_summarise(trace).spans, 6);
    pel_trace_destroy(trace);
}

TEST(without_a_trace_nothing_happens)
{
    CU_ASSERT_EQUAL(pel_trace_now(NULL), 0);
    CU_ASSERT_EQUAL(pel_trace_add(NULL, 0, PEL_TRACE_TILE, "a", 0, false), 0);
    pel_trace_destroy(NULL);
}

TEST(a_trace_that_cannot_be_written_says_where)
{
    double start;
    pel_trace *trace = make_trace(1, 4, &start);
    pel_trace_span(trace, 0, PEL_TRACE_TILE, "a", start, start + tick, false);
    CHECK_FAILS(pel_trace_write(trace, test_path("none/trace.json")), PEL_ERR_FILE, "none/trace.json");
    pel_trace_destroy(trace);
}

/* ---- of chains ---- */

static void average(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int y = box->lo[1]; y < box->hi[1]; y++) {
        const double *a = pel_row(arg[0], y, 0);
        double *b = pel_row(arg[1], y, 0);
        for (int x = box->lo[0]; x < box->hi[0]; x++) b[x] = 0.5 * (a[x - 1] + a[x + 1]);
    }
}

static pel_status nothing(const pel_call *call)
{
    (void)call;
    return PEL_OK;
}

static void nothing_either(long piece, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)piece, (void)arg, (void)step, (void)params;
}

/* Every kind of slot that needs the whole team. */
static void record_others(pel_chain *chain, pel_field *field)
{
    const int cells[1][3] = {{2, 2, 0}};
    pel_chain_call(chain, "solve", nothing, NULL, 0, pel_read(field, 1));
    pel_chain_tiles(chain, "blocks", 3, nothing_either, NULL, 0, pel_read(field, 1));
    pel_chain_probe(chain, field, 1, cells, 1, NULL, NULL);
}

/* Five steps, traced, of a loop and (where it is not tiled in time) every other kind of slot. @return the summary;
 * `text` is for free() */
static pel_trace_summary trace_chain(pel_executor executor, int threads, char **text)
{
    pel_team *team;
    pel_grid *grid;
    pel_field *field;
    pel_chain *chain;
    pel_trace *trace;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true}, &team));
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.name = "", .dimensions = 2, .cells = {40, 40}}, &grid));
    CHECK_STATUS(pel_field_declare(grid, "t", &(pel_field_spec){.levels = 2}, &field));
    CHECK_STATUS(pel_chain_create("step", PEL_CHAIN_STEPPER, &chain));
    pel_chain_loop(chain, "average", average, NULL, 0, PEL_INTERIOR, pel_read(field, 0, PEL_AROUND_X(1)),
                   pel_write(field, 1));
    if (executor != PEL_EXECUTOR_TEMPORAL) record_others(chain, field);
    CHECK_STATUS(pel_commit(team, &grid, 1, &chain, 1));
    pel_field_mark_set(field, 0);
    CHECK_STATUS(pel_trace_create(threads, 1000, &trace));
    const pel_run_options options = {.executor = executor, .pitch = 8, .height = 2, .trace = trace};
    CHECK_STATUS(pel_chain_run(chain, team, &options, (pel_step){.dt = 1}, 5));
    const pel_trace_summary sum = pel_trace_summarise(trace);
    *text = text_of(trace);
    pel_trace_destroy(trace);
    pel_chain_destroy(chain);
    pel_grid_destroy(grid);
    pel_team_destroy(team);
    return sum;
}

TEST(every_executor_notes_all_that_a_chain_does)
{
    const pel_executor executors[] = {PEL_EXECUTOR_REFERENCE, PEL_EXECUTOR_SPATIAL};
    for (int i = 0; i < 2; i++) {
        char *text;
        const pel_trace_summary sum = trace_chain(executors[i], 3, &text);
        check_is_read(text);
        CU_ASSERT_EQUAL(sum.threads, executors[i] == PEL_EXECUTOR_REFERENCE ? 1 : 3);
        CU_ASSERT_TRUE(sum.busy > 0);
        CU_ASSERT_EQUAL(sum.dropped, 0);
        CU_ASSERT_EQUAL(count_of(text, "\"ph\": \"X\""), sum.spans);
        CU_ASSERT_TRUE(count_of(text, "\"name\": \"average\", \"cat\": \"tile\"") >= 5);
        CU_ASSERT_EQUAL(count_of(text, "\"name\": \"solve\", \"cat\": \"call\""), 5);
        CU_ASSERT_TRUE(count_of(text, "\"name\": \"blocks\", \"cat\": \"tile\"") >= 5);
        CU_ASSERT_TRUE(count_of(text, "\"name\": \"t\", \"cat\": \"tile\"") >= 5); /* boundary and probe */
        free(text);
    }
}

TEST(tiles_in_time_bear_the_name_of_their_chain)
{
    char *text;
    const pel_trace_summary sum = trace_chain(PEL_EXECUTOR_TEMPORAL, 2, &text);
    check_is_read(text);
    CU_ASSERT_TRUE(count_of(text, "\"name\": \"step\", \"cat\": \"tile\"") >= 1);
    CU_ASSERT_EQUAL(count_of(text, "\"name\": \"average\""), 0);
    CU_ASSERT_EQUAL(sum.threads, 2); /* who finds no tile has waited for one */
    CU_ASSERT_EQUAL(count_of(text, "\"ph\": \"X\""), sum.spans);
    free(text);
}

TEST(each_thread_of_a_region_waits_at_its_end)
{
    char *text;
    trace_chain(PEL_EXECUTOR_SPATIAL, 2, &text);
    CU_ASSERT_TRUE(count_of(text, "\"name\": \"wait\", \"cat\": \"wait\"") >= 2 * 5);
    free(text);
}
