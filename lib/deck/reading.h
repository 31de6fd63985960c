/**
 * @file
 * Reading one value from its node, as shared by the readers of each type. Internal to lib/deck.
 */
#ifndef PELAGOS_DECK_READING_H
#define PELAGOS_DECK_READING_H

#include "deck/values.h"

/** One value being read; readers return PEL_OK also where the deck is wrong, and note that with pel_reading_wrong(). */
typedef struct pel_reading {
    pel_params *params;
    pel_value *value;
    const pel_param *param;
    bool is_default; /**< a mistake is then the programmer's */
    bool is_wrong;
} pel_reading;

/** Notes "NAME: what; it takes what is allowed" at the node. @return PEL_OK */
pel_status pel_reading_wrong(pel_reading *r, const pel_node *node, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/** Whether the node is a scalar with a text; else notes it. */
bool pel_reading_has_text(pel_reading *r, const pel_node *node);
/** Appends a copy of the text to those of the value, which must have room. */
pel_status pel_reading_keep(pel_reading *r, const char *text);
/** Reads a number of `unit` from `text`, a part of the node's; notes it if that is none. */
pel_status pel_reading_number(pel_reading *r, const pel_node *node, const char *text, const char *unit, double *number);
/** Reads SIDES. */
pel_status pel_reading_sides(pel_reading *r, const pel_node *node);

#endif
