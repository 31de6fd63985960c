/**
 * @file
 * Text: a growing buffer, near names, and numbers as people read them.
 */
#ifndef PELAGOS_BASE_TEXT_H
#define PELAGOS_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"

/** A growing text; all zero is an empty one. pel_text_free() returns its memory. */
typedef struct pel_text {
    char *bytes; /**< zero-terminated; NULL while empty */
    size_t length, capacity;
    bool lost; /**< memory ran out and something is missing */
} pel_text;

/** Appends, printf style. Running out of memory sets `lost` and keeps what was there. */
void pel_text_add(pel_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** The text so far, "" if empty. Valid until the text changes. */
const char *pel_text_get(const pel_text *text);
/** Appends `string` as JSON has it: in quotes, with escapes. UTF-8 stays, other bytes become U+FFFD. */
void pel_text_add_json(pel_text *text, const char *string);
/** Returns the memory; the text is empty again. */
void pel_text_free(pel_text *text);

/** A copy of `text` from the heap, for the caller to free(). @return PEL_OK or PEL_ERR_MEMORY */
pel_status pel_text_copy(const char *text, char **copy);

/**
 * The candidate with the smallest edit distance to `name` (Damerau-Levenshtein, case folded), or NULL if none is near
 * enough to be what was meant.
 */
const char *pel_text_nearest(const char *name, const char *const *candidates, size_t count);

/**
 * The shortest decimal form of `value` that reads back as the same bits ("0.1", "1e-05", "500"), in `out`.
 * @return out
 */
const char *pel_text_number(double value, char out[32]);
/** Seconds as a person says them: "4.2 s", "3 min 20 s", "2 h 05 min", "5.0 d", in `out`. @return out */
const char *pel_text_duration(double seconds, char out[32]);
/** A count or rate with an SI prefix: "1.25 G", "310 M", "42", in `out`. @return out */
const char *pel_text_si(double value, char out[32]);

#endif
