/**
 * @file
 * The same problem larger: overrides of a deck under which it has so many times the cells or atoms, at the same
 * resolution, for weak scaling.
 */
#ifndef PELAGOS_SIM_GROW_H
#define PELAGOS_SIM_GROW_H

#include "sim/app.h"

enum { PEL_GROW_DIMENSIONS_BYTES = 4, PEL_GROW_MOST = 8 /* overrides */ };

/**
 * Appends the overrides "key=value", a line each, that make the problem `factor` times as large.
 *
 * The factor goes to the dimensions of `along`, its prime factors from the largest on each to the one that has grown
 * least, so that "xy" and 8 give 4 times along x and 2 along y. Without `along`: to the dimension in which a problem of
 * the app grows best, the last of a grid, along which its rows are dealt to threads, so that each has rows as long as
 * before.
 *
 * @param along  "x", "yz" ..., or NULL
 * @param used   receives the dimensions grown, "y"
 * @return PEL_OK; PEL_ERR_USAGE if the problem has no such dimension or cannot grow; PEL_ERR_DECK with all that is
 * wrong with the deck; PEL_ERR_MEMORY
 */
pel_status pel_run_grow(const char *deck_path, const char *const *sets, int set_count, const pel_app *const *apps,
                        int app_count, const char *along, int factor, pel_text *overrides,
                        char used[PEL_GROW_DIMENSIONS_BYTES]);

/** Appends "key=[...]" with the whole numbers of a parameter, a dimension each, times `factor`. For apps. */
void pel_grow_ints(const pel_params *params, const char *key, const int factor[3], pel_text *overrides);
/** The same of real numbers, with their unit. */
void pel_grow_reals(const pel_params *params, const char *key, const int factor[3], pel_text *overrides);

#endif
