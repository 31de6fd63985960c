/**
 * @file
 * The tree of a YAML text, with positions. Internal to lib/deck.
 */
#ifndef PELAGOS_DECK_TREE_H
#define PELAGOS_DECK_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "deck/deck.h"
#include "deck/problems.h"

/** What bounds a deck, so that no input exhausts stack or time. */
enum { PEL_TREE_DEEPEST = 32, PEL_TREE_MOST_KEYS = 1000, PEL_TREE_MOST_PROBLEMS = 100, PEL_TREE_MOST_BYTES = 1 << 20 };

typedef enum pel_node_kind { PEL_NODE_SCALAR, PEL_NODE_LIST, PEL_NODE_MAP } pel_node_kind;

/** A scalar, list or map; `first` and `next` run over the entries of a list or map in the order of the text. */
typedef struct pel_node {
    pel_node_kind kind;
    bool is_quoted; /**< a scalar in quotes (or as a block): "" is then a text and not a missing value */
    char *text;     /**< of a scalar */
    char *key;      /**< in the map above; NULL in a list */
    pel_place key_place, place;
    int count;
    struct pel_node *first, *last, *next;
} pel_node;

struct pel_deck {
    char *path, *folder; /**< as given; absolute */
    pel_node *root;      /**< a map */
    char **sets;         /**< keys of the overrides, to which places point */
    int set_count;
};

/**
 * Parses `length` bytes of YAML; what is wrong goes to `problems` at places of the file `path`, or of the override
 * `set`.
 * @param root  receives the tree, for pel_node_free(); NULL if the text is empty or cannot be parsed
 * @return PEL_OK (also with problems) or PEL_ERR_MEMORY
 */
pel_status pel_tree_parse(const char *bytes, size_t length, const char *path, const char *set, pel_problems *problems,
                          pel_node **root);

void pel_node_free(pel_node *node);
/** A fresh empty map as the last entry of `parent`, under a copy of `key`. */
pel_status pel_node_add_map(pel_node *parent, const char *key, pel_place place, pel_node **child);
/** Puts the content of `value` where that of `node` was; frees `value`. */
void pel_node_replace(pel_node *node, pel_node *value);
/** The entry of a map under the first `length` bytes of `key`, or NULL. */
pel_node *pel_node_entry(const pel_node *map, const char *key, size_t length);
/** The node at a dotted path below `map`; NULL if it is not there. `nearest` (may be NULL) receives its deepest
 * ancestor. */
const pel_node *pel_node_find(const pel_node *map, const char *path, const pel_node **nearest);
/** Whether the node is a key without a value ("physics:"). */
bool pel_node_is_empty(const pel_node *node);

#endif
