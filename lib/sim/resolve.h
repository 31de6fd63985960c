/**
 * @file
 * From a deck to its app and parameters, before what is wrong with it is reported. For lib/sim only.
 */
#ifndef PELAGOS_SIM_RESOLVE_H
#define PELAGOS_SIM_RESOLVE_H

#include "exec/team.h"
#include "sim/run.h"

/**
 * Parses a deck, finds its app and resolves all parameters. Errors in values stay with `params` until
 * pel_params_finish(), so that setup() can add its own.
 * @return PEL_OK, or PEL_ERR_DECK where the deck cannot be parsed or names no app
 */
pel_status pel_resolve_deck(const char *deck_path, const char *const *sets, int set_count, const pel_app *const *apps,
                            int app_count, const pel_app **app, pel_params **params);
/** The same of a deck that has been parsed; it may be freed afterwards. */
pel_status pel_resolve_parsed(const pel_deck *deck, const pel_app *const *apps, int app_count, const pel_app **app,
                              pel_params **params);
/** Resolves the deck in `text` for an app, without looking at its errors: for comparisons. */
pel_status pel_resolve_text(const char *text, const char *name, const pel_app *app, pel_params **params);

/** "PEL_ERR_DECK with everything that is wrong" if anything is, else `status`: of what setup() gave. */
pel_status pel_resolve_finish(const pel_params *params, pel_status status);

/** The team that `run.threads` and `run.placement` ask for. */
pel_team_spec pel_resolve_team(const pel_params *params);

#endif
