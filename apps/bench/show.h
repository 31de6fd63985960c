/**
 * @file
 * What was measured, as a table for people and as JSON for programs.
 */
#ifndef PELAGOS_APPS_BENCH_SHOW_H
#define PELAGOS_APPS_BENCH_SHOW_H

#include "bench/measure.h"

/** The table of one case. */
void bench_show(const bench_result *result, pel_text *text);

/** One JSON object with all results: machine, and for each case its sizes, limits, rates and ratios. */
void bench_write_json(const bench_result *results, int count, pel_text *json);
/** Parts of such an object: `"name": {"median": ..., "min": ..., "max": ...}`, and a number that JSON can hold. */
void bench_write_spread(pel_text *json, const char *name, bench_spread spread);
void bench_write_number(pel_text *json, const char *name, double value);

#endif
