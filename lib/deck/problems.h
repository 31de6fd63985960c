/**
 * @file
 * Everything that is wrong with a deck, in the order of position. Internal to lib/deck.
 */
#ifndef PELAGOS_DECK_PROBLEMS_H
#define PELAGOS_DECK_PROBLEMS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/** Where something stands: in the file, or in the override of the key `set`. */
typedef struct pel_place {
    const char *set;  /**< NULL: in the file */
    int line, column; /**< from 1; line 0: the file as a whole */
} pel_place;

typedef struct pel_problem {
    bool is_set;
    int line, column;
    char *text;
} pel_problem;

/** All zero is an empty list; pel_problems_free() returns its memory. */
typedef struct pel_problems {
    pel_problem *list;
    size_t count, capacity;
    bool is_lost; /**< memory ran out and something is missing */
} pel_problems;

/** Adds the sentence (printf style) at `place` of the file `path`, behind those at earlier or equal places. */
void pel_problems_add(pel_problems *problems, const char *path, pel_place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/** As pel_problems_add(), from a list of arguments. */
void pel_problems_add_list(pel_problems *problems, const char *path, pel_place place, const char *format, va_list args);
/** PEL_OK if there are none, else PEL_ERR_DECK with all of them, one a line. */
pel_status pel_problems_finish(const pel_problems *problems);
void pel_problems_free(pel_problems *problems);

#endif
