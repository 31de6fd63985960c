/**
 * @file
 * An exhaustive search: how a deck's step runs fastest on this machine, and how near the planner's choice comes.
 */
#ifndef PELAGOS_APPS_BENCH_SEARCH_H
#define PELAGOS_APPS_BENCH_SEARCH_H

#include "bench/measure.h"

enum { BENCH_MOST_CANDIDATES = 512, BENCH_FINALISTS = 3 };

/** Lists the ways to run the problem that a search tries: fills `options`, at most `most`. @return how many */
typedef int bench_candidate_function(const bench_problem *p, pel_run_options *options, int most);
/** Spatial with its default tiles; temporal with every pitch, height and chunk of a ladder. */
bench_candidate_function bench_candidates;

/** What a person asks for; zero means the default. */
typedef struct bench_search_request {
    const char *deck_path;
    const char *const *sets; /**< "key=value" */
    int set_count;
    int threads;
    long steps;      /**< a span; default: as many as take a tenth of a second by the spatial executor, at least 24 */
    int repetitions; /**< turns of the finalists; default 5 */
    bench_candidate_function *candidates; /**< default bench_candidates() */
    bench_apps apps;
} bench_search_request;

/** One way to run, and how fast it was. */
typedef struct bench_candidate {
    pel_run_options options;
    double updates; /**< cells a second, each by a whole step; the better of two spans */
} bench_candidate;

/** What a search found. */
typedef struct bench_search {
    const char *deck_path;
    int cells[3], dimensions, threads, repetitions;
    long steps;
    int count;
    bench_candidate candidates[BENCH_MOST_CANDIDATES]; /**< fastest first */
    int finalists;
    bench_spread updates[BENCH_FINALISTS + 1]; /**< of the first candidates and, last, of the planner's choice */
    int best;                                  /**< the finalist with the greatest median */
    bench_spread auto_over_best;               /**< rate of the planner's choice over that of the best, turn by turn */
} bench_search;

/**
 * Times a short span of the deck's step for every candidate, then the fastest three and the planner's choice in turns.
 * The finalists' answers are compared, bit by bit.
 *
 * @param search  receives it; large: from the heap
 * @return PEL_OK; PEL_ERR_NUMERICS if two finalists differ; what pel_rehearsal_create() and running give
 */
pel_status bench_search_deck(const bench_search_request *request, bench_search *search);

/** As `executor pitch P height H chunk C`. */
void bench_describe_options(const pel_run_options *options, pel_text *text);

#endif
