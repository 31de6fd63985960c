/**
 * @file
 * Input decks: a YAML file as a tree that remembers where everything stood, with --set overrides laid over it.
 *
 * A deck is stricter than YAML: one document, a map of plain keys, no key twice, no anchors, aliases, merge keys or
 * tags. Values stay text here; deck/params.h gives them types, units and defaults.
 */
#ifndef PELAGOS_DECK_DECK_H
#define PELAGOS_DECK_DECK_H

#include "base/status.h"

/** A parsed deck; read-only once loaded. */
typedef struct pel_deck pel_deck;

/**
 * Reads the deck in the file `path` and lays `sets` over it.
 *
 * @param path       of a YAML file of at most 1 MiB; relative paths in the deck start from its folder
 * @param sets       overrides, each "time.end=5 days": a dotted key, and a value in YAML's flow form. An entry of a
 * list is "output.snapshots.0.every=1 day"; the index may be left out where there is one entry
 * @param set_count  number of overrides
 * @param deck       receives the deck, for pel_deck_free(); untouched on failure
 * @return PEL_OK, PEL_ERR_MEMORY, PEL_ERR_FILE if the file cannot be read, or PEL_ERR_DECK with all errors, one a line,
 * each as "file:line:column: what" or "--set time.end: what"
 */
pel_status pel_deck_load(const char *path, const char *const *sets, int set_count, pel_deck **deck);

/** As pel_deck_load(), from `text`; `name` stands for the path in messages, and the working folder for its folder. */
pel_status pel_deck_parse(const char *text, const char *name, const char *const *sets, int set_count, pel_deck **deck);

/** Frees the deck; does nothing for NULL. Parameters resolved from it remain valid. */
void pel_deck_free(pel_deck *deck);

/** The raw text of the scalar at a dotted key ("app"), or NULL if there is none. Lives as long as the deck. */
const char *pel_deck_scalar(const pel_deck *deck, const char *key);

/** The path (or name) the deck was read from, as it was given. Lives as long as the deck. */
const char *pel_deck_path(const pel_deck *deck);

#endif
