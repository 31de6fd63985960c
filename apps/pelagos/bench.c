/* pelagos bench: self-verifying kernels with rates. What a case is stands in bench/problem.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "bench/cases.h"
#include "bench/show.h"
#include "command.h"

enum {
    OPTION_SIZE = 256,
    OPTION_STEPS,
    OPTION_EXECUTOR,
    OPTION_REPETITIONS,
    OPTION_PITCH,
    OPTION_HEIGHT,
    OPTION_CHUNK,
    OPTION_ROW,
    OPTION_PERIODIC,
    OPTION_JSON,
    OPTION_LIST,
    OPTION_EXHAUSTIVE,
    MOST_CASES = 64,
    MOST_THREAD_COUNTS = 16,
};

static const struct argp_option options[] = {
    {"size", OPTION_SIZE, "N[xNxN]", 0,
     "Cells along each dimension, or one number for all; of atoms: cells of the lattice a side. Default: a modest size",
     0},
    {"threads", 't', "N[,M]", 0, "Threads; several numbers: one after the other. Default: as many as a run takes", 0},
    {"steps", OPTION_STEPS, "N", 0, "Steps a turn", 0},
    {"repetitions", OPTION_REPETITIONS, "N", 0, "Turns; default: 5", 0},
    {"executor", OPTION_EXECUTOR, "NAME", 0,
     "Measure this one of auto, reference, spatial, temporal; default: temporal, spatial and the loops written by hand",
     0},
    {"pitch", OPTION_PITCH, "N", 0, "temporal: points from a tile to the next", 0},
    {"height", OPTION_HEIGHT, "N", 0, "temporal: steps that a tile grows", 0},
    {"chunk", OPTION_CHUNK, "N", 0, "temporal: points that its wavefront moves on", 0},
    {"row", OPTION_ROW, "N", 0, "temporal in three dimensions: points of a row at a time", 0},
    {"periodic", OPTION_PERIODIC, 0, 0, "Periodic in all dimensions, in place of walls", 0},
    {"json", OPTION_JSON, "FILE", OPTION_ARG_OPTIONAL, "Write the figures as JSON into FILE, or in place of the table",
     0},
    {"exhaustive", OPTION_EXHAUSTIVE, "DECK", 0,
     "Search for the fastest way to run the step of DECK, and compare the planner's choice with it", 0},
    {"list", OPTION_LIST, 0, 0, "List the cases", 0},
    {0},
};

static const char help[] =
    "Measure how fast this machine steps: the memory's bandwidth, exact sums, stencils from simple to heavy, an app's "
    "step, transforms beside raw FFTW with FFTW's own threads, atoms. Each CASE (default: all) is verified before a "
    "rate is "
    "printed: bit for bit against the reference executor "
    "on "
    "a small grid, and every contender against the spatial executor at full size; raw FFTW, to round-off. Contenders "
    "take turns in one "
    "process; "
    "rates and ratios are medians, with their range.\v"
    "Examples:\n"
    "  pelagos bench heat-7pt --size 512\n"
    "  pelagos bench fft-2d --size 512 --threads 2\n"
    "  pelagos bench wave-25pt --threads 1,2 --pitch 16 --height 2\n"
    "  pelagos bench lj --size 40 --threads 1,2\n"
    "  pelagos bench --json=bench.json\n"
    "  pelagos bench --exhaustive double_gyre.yaml --set grid.cells=\"[1024, 1024]\"\n\n"
    "Exit codes: 0 good; 2 the command line is wrong; 4 an answer is wrong; 5 no memory, files or system.";

typedef struct arguments {
    bench_request request;
    const bench_case *cases[MOST_CASES];
    int case_count;
    const bench_atoms_case *atoms[MOST_CASES];
    int atoms_count;
    int threads[MOST_THREAD_COUNTS];
    int thread_count;
    command_deck deck; /* of --exhaustive */
    bool is_list, is_json;
    const char *json_path; /* NULL: standard output */
} arguments;

/* ---- the command line ---- */

static void parse_size(struct argp_state *state, const char *text, int cells[3])
{
    char extra;
    const int count = sscanf(text, "%dx%dx%d%c", &cells[0], &cells[1], &cells[2], &extra);
    bool is_good = count >= 1 && count <= 3;
    for (int d = 0; d < count && d < 3; d++) is_good = is_good && cells[d] >= 16 && cells[d] <= 100000;
    char again[64];
    snprintf(again, sizeof again, count == 1 ? "%d" : count == 2 ? "%dx%d" : "%dx%dx%d", cells[0], cells[1], cells[2]);
    if (!is_good || strcmp(again, text) != 0)
        argp_error(state, "--size needs N, NxN or NxNxN with numbers from 16 to 100000, not \"%s\"", text);
}

static void parse_threads(struct argp_state *state, char *text, arguments *a)
{
    char *rest = NULL;
    for (char *part = strtok_r(text, ",", &rest); part; part = strtok_r(NULL, ",", &rest)) {
        if (a->thread_count == MOST_THREAD_COUNTS)
            argp_error(state, "--threads takes at most %d numbers", MOST_THREAD_COUNTS);
        a->threads[a->thread_count++] = (int)command_count(state, "--threads", part, 4096);
    }
    if (a->thread_count == 0) argp_error(state, "--threads needs a whole number above 0");
}

static pel_executor parse_executor(struct argp_state *state, const char *name)
{
    static const char *const names[] = {"auto", "reference", "spatial", "temporal"};
    for (int i = 0; i < 4; i++)
        if (strcmp(name, names[i]) == 0) return (pel_executor)i;
    argp_error(state, "--executor is one of auto, reference, spatial, temporal, not \"%s\"", name);
    return PEL_EXECUTOR_AUTO;
}

static void refuse_case(struct argp_state *state, const char *name)
{
    const char *names[2 * MOST_CASES];
    int count = 0;
    for (int i = 0; i < bench_case_count; i++) names[count++] = bench_cases[i]->name;
    for (int i = 0; i < bench_atoms_case_count; i++) names[count++] = bench_atoms_cases[i]->name;
    const char *nearest = pel_text_nearest(name, names, (size_t)count);
    if (nearest) argp_error(state, "there is no case \"%s\"; did you mean %s?", name, nearest);
    argp_error(state, "there is no case \"%s\"; --list lists them", name);
}

static void add_case(struct argp_state *state, const char *name, arguments *a)
{
    const bench_case *found = bench_case_find(name);
    const bench_atoms_case *atoms = bench_atoms_find(name);
    if (!found && !atoms) refuse_case(state, name);
    if (a->case_count == MOST_CASES || a->atoms_count == MOST_CASES)
        argp_error(state, "there are more than %d cases", MOST_CASES);
    if (found) a->cases[a->case_count++] = found;
    else a->atoms[a->atoms_count++] = atoms;
}

static void finish(struct argp_state *state, const arguments *a)
{
    if (a->deck.path && a->case_count + a->atoms_count > 0)
        argp_error(state, "--exhaustive takes a deck in place of cases");
    if (a->deck.path && (a->request.is_one || a->request.is_periodic))
        argp_error(state, "--exhaustive tries the executors by itself, and the deck says what is periodic");
    if (a->deck.path && a->thread_count > 1) argp_error(state, "--exhaustive takes one number of threads");
    if (!a->deck.path && a->deck.set_count > 0) argp_error(state, "--set goes with --exhaustive: cases have no deck");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    arguments *a = state->input;
    bench_request *q = &a->request;
    switch (key) {
    case OPTION_SIZE:
        parse_size(state, argument, q->cells);
        break;
    case 't':
        parse_threads(state, argument, a);
        break;
    case OPTION_STEPS:
        q->steps = command_count(state, "--steps", argument, 1000000);
        break;
    case OPTION_REPETITIONS:
        q->repetitions = (int)command_count(state, "--repetitions", argument, BENCH_MOST_REPETITIONS);
        break;
    case OPTION_EXECUTOR:
        q->is_one = true;
        q->options.executor = parse_executor(state, argument);
        break;
    case OPTION_PITCH:
        q->options.pitch = (int)command_count(state, "--pitch", argument, 1000000);
        break;
    case OPTION_HEIGHT:
        q->options.height = (int)command_count(state, "--height", argument, 1000000);
        break;
    case OPTION_CHUNK:
        q->options.chunk = (int)command_count(state, "--chunk", argument, 1000000);
        break;
    case OPTION_ROW:
        q->options.row = (int)command_count(state, "--row", argument, 1000000);
        break;
    case OPTION_PERIODIC:
        q->is_periodic = true;
        break;
    case OPTION_JSON:
        a->is_json = true;
        a->json_path = argument;
        break;
    case OPTION_LIST:
        a->is_list = true;
        break;
    case OPTION_EXHAUSTIVE:
        a->deck.path = argument;
        break;
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->deck;
        break;
    case ARGP_KEY_END:
        finish(state, a);
        break;
    case ARGP_KEY_ARG:
        add_case(state, argument, a);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* ---- running ---- */

static void list_cases(void)
{
    for (int i = 0; i < bench_case_count; i++) printf("%-18s %s\n", bench_cases[i]->name, bench_cases[i]->summary);
    for (int i = 0; i < bench_atoms_case_count; i++)
        printf("%-18s %s\n", bench_atoms_cases[i]->name, bench_atoms_cases[i]->summary);
}

/* The table goes to standard output as each case ends, unless the JSON takes that place. */
static void show(const arguments *a, pel_text *text)
{
    fprintf(a->is_json && !a->json_path ? stderr : stdout, "%s\n", pel_text_get(text));
    fflush(stdout);
    pel_text_free(text);
}

static pel_status write_text(const char *path, const char *text)
{
    FILE *file = path ? fopen(path, "w") : stdout;
    if (!file) return pel_fail(PEL_ERR_FILE, "%s cannot be written: %s", path, strerror(errno));
    const bool is_written = fputs(text, file) >= 0 && fflush(file) == 0;
    if ((path && fclose(file) != 0) || !is_written)
        return pel_fail(PEL_ERR_FILE, "%s cannot be written: %s", path ? path : "standard output", strerror(errno));
    return PEL_OK;
}

static pel_status write_json(const arguments *a, pel_text *json)
{
    const pel_status status = json->lost ? pel_fail(PEL_ERR_MEMORY, "no memory for the JSON text")
                                         : write_text(a->json_path, pel_text_get(json));
    pel_text_free(json);
    return status;
}

static pel_status run_grid_cases(arguments *a, bench_results *results)
{
    pel_text text = {0};
    for (int i = 0; i < a->case_count; i++)
        for (int t = 0; t < a->thread_count; t++) {
            bench_result *result = &results->grid[results->grid_count];
            a->request.threads = a->threads[t];
            PEL_TRY(bench_measure(a->cases[i], &a->request, result));
            bench_show(result, &text);
            if (t > 0) bench_show_scaling(result - t, result, &text);
            results->grid_count++;
            show(a, &text);
        }
    return PEL_OK;
}

static pel_status run_atoms_cases(arguments *a, bench_results *results)
{
    pel_text text = {0};
    for (int i = 0; i < a->atoms_count; i++)
        for (int t = 0; t < a->thread_count; t++) {
            bench_atoms_result *result = &results->atoms[results->atoms_count];
            a->request.threads = a->threads[t];
            PEL_TRY(bench_atoms_measure(a->atoms[i], &a->request, result));
            bench_atoms_show(result, &text);
            if (t > 0) bench_atoms_show_scaling(result - t, result, &text);
            results->atoms_count++;
            show(a, &text);
        }
    return PEL_OK;
}

static pel_status run_cases(arguments *a, bench_results *results)
{
    pel_text text = {0};
    PEL_TRY(run_grid_cases(a, results));
    PEL_TRY(run_atoms_cases(a, results));
    if (!a->is_json) return PEL_OK;
    bench_write_json(results, &text);
    return write_json(a, &text);
}

static pel_status search(const arguments *a, bench_search *found)
{
    const bench_search_request request = {.deck_path = a->deck.path,
                                          .sets = a->deck.sets,
                                          .set_count = a->deck.set_count,
                                          .threads = a->threads[0],
                                          .steps = a->request.steps,
                                          .repetitions = a->request.repetitions,
                                          .apps = a->request.apps};
    pel_text text = {0};
    PEL_TRY(bench_search_deck(&request, found));
    bench_show_search(found, &text);
    show(a, &text);
    if (!a->is_json) return PEL_OK;
    bench_write_search_json(found, &text);
    return write_json(a, &text);
}

static void choose_defaults(arguments *a)
{
    if (a->case_count + a->atoms_count == 0) {
        for (int i = 0; i < bench_case_count; i++) a->cases[a->case_count++] = bench_cases[i];
        for (int i = 0; i < bench_atoms_case_count; i++) a->atoms[a->atoms_count++] = bench_atoms_cases[i];
    }
    if (a->thread_count == 0) a->thread_count = 1; /* of 0: as many as a run takes */
    a->request.apps = (bench_apps){command_apps, command_app_count};
}

static pel_status measure_deck(const arguments *a)
{
    bench_search *found = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *found, &found));
    const pel_status status = search(a, found);
    free(found);
    return status;
}

static pel_status measure(arguments *a)
{
    bench_results results = {0};
    choose_defaults(a);
    if (a->deck.path) return measure_deck(a);
    const size_t grid = (size_t)(a->case_count * a->thread_count), atoms = (size_t)(a->atoms_count * a->thread_count);
    pel_status status = pel_memory_new(grid + 1, sizeof *results.grid, &results.grid);
    if (status == PEL_OK) status = pel_memory_new(atoms + 1, sizeof *results.atoms, &results.atoms);
    if (status == PEL_OK) status = run_cases(a, &results);
    free(results.grid);
    free(results.atoms);
    return status;
}

int command_bench(int argc, char **argv)
{
    static const struct argp_child children[] = {{&command_set_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = options, .parser = parse, .args_doc = "[CASE...]", .doc = help, .children = children};
    arguments a = {0};
    command_parse(&argp, argc, argv, &a);
    if (a.is_list) {
        list_cases();
        return 0;
    }
    pel_log_set_quiet(true); /* an app says what it is made of each time it is filled anew */
    return command_finish(measure(&a));
}
