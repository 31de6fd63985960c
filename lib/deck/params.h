/**
 * @file
 * Parameters: a table declares them, a deck gives their values.
 *
 * A table is the only source for parsing and checking a deck, for the resolved deck that a run writes, and for `pelagos
 * params`. The order of use: pel_deck_load(), pel_params_resolve(), getters and pel_params_error() by whoever checks
 * further, pel_params_finish() to report all errors together.
 */
#ifndef PELAGOS_DECK_PARAMS_H
#define PELAGOS_DECK_PARAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"
#include "base/text.h"
#include "deck/deck.h"

typedef enum pel_param_type {
    PEL_PARAM_FLAG,    /**< true, false, yes, no, on, off */
    PEL_PARAM_INT,     /**< a whole number ("256", "1e3") */
    PEL_PARAM_REAL,    /**< a finite number, with a unit or in the parameter's */
    PEL_PARAM_TEXT,    /**< any text */
    PEL_PARAM_CHOICE,  /**< one of `choices` */
    PEL_PARAM_PATH,    /**< a file or folder, relative to the deck's folder */
    PEL_PARAM_INTS,    /**< a list; one value alone is a list of one, also for the next two */
    PEL_PARAM_REALS,   /**< a list of numbers */
    PEL_PARAM_TEXTS,   /**< a list of texts */
    PEL_PARAM_CADENCE, /**< "10 steps", "5 days", "30 min wall", "never" */
    PEL_PARAM_SIDES,   /**< one condition a side of the grid */
    PEL_PARAM_LIST     /**< a list of maps, each resolved by the table `items`; one map alone is a list of one */
} pel_param_type;

/** One parameter; a table of them ends with an entry whose name is NULL. Tables must live as long as what uses them. */
typedef struct pel_param {
    const char *name; /**< dotted path of the key: "physics.coriolis.f0" */
    pel_param_type type;
    const char *unit; /**< canonical unit ("m s-1"), "" or NULL for a plain number; a duration: "s", and then years and
                           months follow time.calendar; "{length}": that of a quantity in the deck's system of units;
                         where it has none, "{time}" is "s" */
    const char *initial; /**< default as a person would write it in a deck ("500 m", "auto", "[wall, wall]"); NULL:
                              required; "": optional without a default */
    const char *choices; /**< CHOICE: "linear|energy|enstrophy"; SIDES: kinds allowed; else words allowed instead of a
                              value ("auto|none") */
    double least,
        most;          /**< range of a number and of each element, in `unit`; both 0: any; most < least: no upper end */
    bool is_exclusive; /**< `least` itself is not allowed; with both 0: any number > 0 */
    int least_count, most_count;   /**< of a list; both 0: any; most_count < least_count: no upper end */
    bool is_free;                  /**< may change on resume */
    const struct pel_param *items; /**< LIST: the table of one entry, names relative to it */
    const char *help;              /**< one sentence */
} pel_param;

/** The values of a deck's parameters, or of one entry of a LIST. */
typedef struct pel_params pel_params;

typedef enum { PEL_CADENCE_NEVER, PEL_CADENCE_STEPS, PEL_CADENCE_TIME, PEL_CADENCE_WALL } pel_cadence_kind;

/** How often: every `steps` steps, or every `seconds` of model time or wall time. */
typedef struct {
    pel_cadence_kind kind;
    long steps;
    double seconds; /**< of model time in the unit of time of the deck's system of units, where it has one */
} pel_cadence;

/**
 * The unit of a quantity ("length", "energy") in a system of units ("metal"): a constant text of UDUNITS, or "" where
 * the numbers of the system are plain (reduced units). Every system has "time".
 * @return NULL if there is no such quantity
 */
typedef const char *pel_unit_of(const char *system, const char *quantity);

/** Condition at one side: "periodic"; "wall" with detail "free-slip" or "no-slip"; "value" or "gradient" with a number
 * (in the parameter's unit; a gradient in it per metre). `detail` is NULL where there is none. */
typedef struct {
    const char *kind;
    const char *detail;
    double value;
} pel_side;

/** [0] west, east; [1] south, north; [2] bottom, top. Sides not given: "wall" if that is allowed, else the first
 * choice. */
typedef struct {
    pel_side side[3][2];
} pel_sides;

/**
 * Gives every parameter of the tables its value from the deck or its default, and notes everything that is wrong:
 * unknown keys, types, units, ranges, missing values. A wrong value is replaced by the default, or by zero.
 *
 * Of two parameters of the same name that of the earlier table counts. The key "app" is known without being in a table.
 *
 * @param params  receives the values, for pel_params_free(); they do not need the deck any more
 * @return PEL_OK, also with errors in the deck (see pel_params_finish()); PEL_ERR_MEMORY; PEL_ERR_FILE if a unit must
 * be converted and there is no units database
 */
pel_status pel_params_resolve(const pel_deck *deck, const pel_param *const *tables, int table_count,
                              pel_params **params);

/**
 * The same of a deck in a system of units, which it names with the parameter `units`, a CHOICE with a default: a number
 * without a unit is in that system's, one with a unit is converted. In a system of plain numbers a unit is an error,
 * but for cadences, whose intervals of model time are "0.5 tau".
 * @param unit_of  NULL: as pel_params_resolve()
 */
pel_status pel_params_resolve_in(const pel_deck *deck, const pel_param *const *tables, int table_count,
                                 pel_unit_of *unit_of, pel_params **params);

/**
 * Notes an error that an app or the run loop found in the deck behind `params`, at the key `name`; at the deck where
 * the value is a default or `name` is NULL. The sentence (printf style) names the parameter. `params` may be an entry
 * of a list.
 */
void pel_params_error(const pel_params *params, const char *name, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** PEL_OK, or PEL_ERR_DECK with all errors, one a line, in the order of the deck, as "file:line:column: what". */
pel_status pel_params_finish(const pel_params *params);

/** Frees the values and the entries of its lists; does nothing for NULL. */
void pel_params_free(pel_params *params);

/* Getters. An unknown name or another type is a programmer's mistake (assert). Where the deck has errors, and where an
 * optional value is absent or a word stands in its place, they return zero, "" or a count of 0. Texts live as long as
 * the params. */

/** Whether it has a value, given or by default. */
bool pel_params_has(const pel_params *params, const char *name);
/** Whether the deck (or --set) gives it, rather than its default. */
bool pel_params_is_given(const pel_params *params, const char *name);
/** Whether its value is that of its default, given or not; for errors about what is given in vain. */
bool pel_params_is_default(const pel_params *params, const char *name);
/** Whether what the deck gives is an error, which is noted already: no other error should follow from it. */
bool pel_params_is_wrong(const pel_params *params, const char *name);
/** Whether its value is this word: of `choices`, or a TEXT. */
bool pel_params_is(const pel_params *params, const char *name, const char *word);
/** REAL, in the parameter's unit. */
double pel_params_real(const pel_params *params, const char *name);
/** The unit of the parameter's values, in the deck's system of units if it has one; "" of plain numbers. */
const char *pel_params_unit(const pel_params *params, const char *name);
/** INT. */
long pel_params_int(const pel_params *params, const char *name);
/** FLAG. */
bool pel_params_flag(const pel_params *params, const char *name);
/** TEXT, CHOICE, or PATH (absolute). */
const char *pel_params_text(const pel_params *params, const char *name);
/** Number of elements of INTS, REALS, TEXTS, LIST; of SIDES, the number of dimensions given. 0 for a word. */
int pel_params_count(const pel_params *params, const char *name);
/** Element i of REALS. */
double pel_params_real_at(const pel_params *params, const char *name, int i);
/** Element i of INTS. */
long pel_params_int_at(const pel_params *params, const char *name, int i);
/** Element i of TEXTS. */
const char *pel_params_text_at(const pel_params *params, const char *name, int i);
/** CADENCE. */
pel_cadence pel_params_cadence(const pel_params *params, const char *name);
/** SIDES. */
pel_sides pel_params_sides(const pel_params *params, const char *name);
/** Entry i of a LIST; owned by `params`. */
const pel_params *pel_params_item(const pel_params *params, const char *name, int i);

/**
 * Appends the resolved deck: YAML with every parameter, its value in its canonical unit, and where that came from. Read
 * again it gives the same bits: numbers round-trip, paths are absolute.
 */
void pel_params_write(const pel_params *params, pel_text *text);

/** Hash over the names and values of the parameters that are not free on resume; independent of their order. */
uint64_t pel_params_fixed_hash(const pel_params *params);

/**
 * Appends what differs between two decks, one a line, as "physics.depth: 500 m here, 400 m there".
 * @param fixed_only  leave out what is free on resume
 * @return how many differ
 */
int pel_params_differences(const pel_params *a, const pel_params *b, bool fixed_only, pel_text *list);

/** Appends the tables as people read them: name, type, unit, default, what is allowed, fixed or free, meaning. */
void pel_params_document(const pel_param *const *tables, int count, pel_text *text);

#endif
