/**
 * @file
 * What was measured, as a table for people and as JSON for programs.
 */
#ifndef PELAGOS_APPS_BENCH_SHOW_H
#define PELAGOS_APPS_BENCH_SHOW_H

#include "bench/measure.h"
#include "bench/search.h"

/** The table of one case. */
void bench_show(const bench_result *result, pel_text *text);

/** One JSON object with all results: machine, and for each case its sizes, limits, rates and ratios. */
void bench_write_json(const bench_result *results, int count, pel_text *json);
/** The table of a search: its fastest candidates and the finalists. */
void bench_show_search(const bench_search *search, pel_text *text);
/** One JSON object with all candidates and the finalists. */
void bench_write_search_json(const bench_search *search, pel_text *json);

#endif
