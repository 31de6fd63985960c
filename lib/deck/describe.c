/* What a parameter takes, in words: for errors and for the reference. */
#include <math.h>
#include <string.h>

#include "deck/values.h"

bool pel_param_has_word(const char *words, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = words; at && *at && length > 0;) {
        const size_t size = strcspn(at, "|");
        if (size == length && memcmp(at, word, length) == 0) return true;
        at += size + (at[size] == '|');
    }
    return false;
}

/* "a, b or c" from "a|b|c". */
static void add_words(const char *words, pel_text *text)
{
    for (const char *at = words; *at;) {
        const size_t size = strcspn(at, "|");
        const bool is_last = at[size] == '\0';
        pel_text_add(text, "%s%.*s", at == words ? "" : is_last ? " or " : ", ", (int)size, at);
        at += size + !is_last;
    }
}

bool pel_param_quantity(const char *unit, char quantity[32])
{
    const size_t length = unit ? strlen(unit) : 0;
    if (length < 3 || length > 33 || unit[0] != '{' || unit[length - 1] != '}') return false;
    memcpy(quantity, unit + 1, length - 2);
    quantity[length - 2] = '\0';
    return true;
}

static void add_bound(const char *unit, const char *words, double bound, pel_text *text)
{
    char number[32];
    pel_text_add(text, "%s%s%s%s", words, pel_text_number(bound, number), *unit ? " " : "", unit);
}

static void add_range(const pel_param *param, const char *unit, pel_text *text)
{
    const bool has_most = param->most > param->least && isfinite(param->most);
    const bool has_least = isfinite(param->least) && (param->least != 0 || param->most != 0 || param->is_exclusive);
    if (has_least) add_bound(unit, param->is_exclusive ? ", greater than " : ", at least ", param->least, text);
    if (has_most) add_bound(unit, has_least ? " and at most " : ", at most ", param->most, text);
}

static void add_count(const pel_param *param, pel_text *text)
{
    const int least = param->least_count, most = param->most_count;
    if (least == most && most > 0) pel_text_add(text, " of %d", most);
    else if (most > least && least > 0) pel_text_add(text, " of %d to %d", least, most);
    else if (most > least) pel_text_add(text, " of at most %d", most);
    else if (least > 0) pel_text_add(text, " of at least %d", least);
}

/* Which unit a quantity has is known only with a deck. */
static void add_numbers(const pel_param *param, const char *unit, const char *what, bool is_list, pel_text *text)
{
    char quantity[32];
    const bool is_open = pel_param_quantity(unit, quantity);
    pel_text_add(text, "%s", what);
    if (is_list) add_count(param, text);
    if (is_open) pel_text_add(text, " in the unit of %s", quantity);
    else if (*unit) pel_text_add(text, " in %s", unit);
    add_range(param, is_open ? "" : unit, text);
}

static void add_kind(const pel_param *param, const char *unit, pel_text *text)
{
    switch (param->type) {
    case PEL_PARAM_FLAG:
        pel_text_add(text, "true or false");
        break;
    case PEL_PARAM_INT:
        add_numbers(param, unit, "a whole number", false, text);
        break;
    case PEL_PARAM_REAL:
        add_numbers(param, unit, "a number", false, text);
        break;
    case PEL_PARAM_TEXT:
        pel_text_add(text, "a text");
        break;
    case PEL_PARAM_CHOICE:
        add_words(param->choices, text);
        break;
    case PEL_PARAM_PATH:
        pel_text_add(text, "a path");
        break;
    case PEL_PARAM_INTS:
        add_numbers(param, unit, "a list of whole numbers", true, text);
        break;
    case PEL_PARAM_REALS:
        add_numbers(param, unit, "a list of numbers", true, text);
        break;
    case PEL_PARAM_TEXTS:
        add_numbers(param, unit, "a list of texts", true, text);
        break;
    case PEL_PARAM_CADENCE:
        pel_text_add(text, "a cadence (\"10 steps\", \"5 days\", \"30 min wall\" or \"never\")");
        break;
    case PEL_PARAM_SIDES:
        pel_text_add(text, "one of ");
        add_words(param->choices, text);
        pel_text_add(text,
                     " for all sides, a list with one a dimension, or a map of west, east, south, north, bottom, top");
        break;
    case PEL_PARAM_LIST:
        add_numbers(param, unit, "a map or a list of maps", true, text);
        break;
    }
}

void pel_param_describe(const pel_param *param, const char *unit, pel_text *text)
{
    add_kind(param, unit, text);
    if (!param->choices || param->type == PEL_PARAM_CHOICE || param->type == PEL_PARAM_SIDES) return;
    pel_text_add(text, ", or ");
    add_words(param->choices, text);
}
