/**
 * @file
 * What was measured, as a table for people and as JSON for programs.
 */
#ifndef PELAGOS_APPS_BENCH_SHOW_H
#define PELAGOS_APPS_BENCH_SHOW_H

#include "bench/atoms.h"
#include "bench/measure.h"
#include "bench/search.h"

/** The table of one case. */
void bench_show(const bench_result *result, pel_text *text);

/** How much faster one case was on one team than on another, by medians; nothing for other cases or sizes. */
void bench_show_scaling(const bench_result *few, const bench_result *many, pel_text *text);

/** The same of cases of particles. */
void bench_atoms_show(const bench_atoms_result *result, pel_text *text);
void bench_atoms_show_scaling(const bench_atoms_result *few, const bench_atoms_result *many, pel_text *text);

/** All that was measured, of grids and of particles. */
typedef struct bench_results {
    bench_result *grid;
    int grid_count;
    bench_atoms_result *atoms;
    int atoms_count;
} bench_results;
/** One JSON object with all results: machine, and for each case its sizes, limits, rates and ratios. */
void bench_write_json(const bench_results *results, pel_text *json);
/** The table of a search: its fastest candidates and the finalists. */
void bench_show_search(const bench_search *search, pel_text *text);
/** One JSON object with all candidates and the finalists. */
void bench_write_search_json(const bench_search *search, pel_text *json);

#endif
