/**
 * @file
 * Inside of resolved parameters: how one value is held and read from the tree. Internal to lib/deck.
 */
#ifndef PELAGOS_DECK_VALUES_H
#define PELAGOS_DECK_VALUES_H

#include "deck/params.h"
#include "deck/problems.h"
#include "deck/tree.h"

typedef struct pel_value {
    const pel_param *param;
    const char *unit; /**< of its numbers, in the deck's system of units; of a CADENCE that of model time. Never NULL */
    bool is_given;    /**< in the deck, at `place` */
    bool is_set;      /**< has a value */
    bool is_word;     /**< texts[0] is a word of the choices, in place of a value */
    bool is_wrong;    /**< what is given is an error; the default stands in its place */
    pel_place place;
    bool flag;
    int count;     /**< of elements; 1 for a single value */
    long *ints;    /**< INT, INTS */
    double *reals; /**< REAL, REALS */
    char **texts;  /**< TEXT, CHOICE, PATH, TEXTS, words */
    int text_count;
    pel_cadence cadence;
    pel_sides sides;
    pel_params **items; /**< LIST */
} pel_value;

struct pel_params {
    pel_params *root; /**< itself, or what the entry of a list belongs to */
    char *prefix;     /**< of names in messages: "" or "output.snapshots.0." */
    pel_place place;
    pel_value *values;
    int count;
    /* of the root only */
    pel_problems problems;
    char *path, *folder, *calendar;
    char **sets; /**< keys of the overrides, to which places point */
    int set_count;
    pel_unit_of *unit_of; /**< NULL: the deck has no system of units */
    char *system;         /**< its name, "" where there is none */
};

/** Reads `node` (or the default, if that is NULL or wrong) into the value. @return PEL_OK, also with problems */
pel_status pel_value_resolve(pel_params *params, pel_value *value, const pel_node *node);
/** Frees what the value holds. */
void pel_value_clear(pel_value *value);
/** Resolves the entry of a list, a map, by the table of its parameter. */
pel_status pel_params_resolve_item(pel_params *parent, const pel_param *param, const pel_node *map, int index,
                                   pel_params **item);
/** The place with its override's key in the memory of the params, so that it outlives the deck. */
pel_place pel_params_keep_place(const pel_params *params, pel_place place);
/** Appends the value as one line of YAML in its canonical unit; "(none)" if it has none. Not for LIST. */
void pel_value_write(const pel_value *value, pel_text *text);
/** Appends what a parameter takes, in `unit`, or one in braces: "a number in m, greater than 0, or auto". */
void pel_param_describe(const pel_param *param, const char *unit, pel_text *text);
/** The quantity of a unit in braces, "length" of "{length}", in `quantity`; whether it is one. */
bool pel_param_quantity(const char *unit, char quantity[32]);
/** What stands for the unit of time in a cadence where numbers are plain. */
#define PEL_REDUCED_TIME "tau"
/** Whether `word` is one of the words in "a|b|c" (NULL: none). */
bool pel_param_has_word(const char *words, const char *word);
/** The value called `name`, or NULL. */
pel_value *pel_params_find(const pel_params *params, const char *name);

#endif
