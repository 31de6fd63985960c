/* The resolved deck, and what is made of its lines: the hash of what is fixed, the differences of two decks. A value is
 * written in its canonical unit with the shortest digits that read back as the same bits, so equal texts are equal
 * values. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "deck/values.h"

enum { COMMENT_COLUMN = 56 };

/* --- one value --- */

static bool is_plain_text(const char *text)
{
    static const char *const taken[] = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"};
    if (!isalpha((unsigned char)text[0]) && text[0] != '/') return false;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcasecmp(text, taken[i]) == 0) return false;
    for (const char *c = text; *c; c++)
        if (!isalnum((unsigned char)*c) && !strchr("_-./+", *c)) return false;
    return true;
}

static void write_text(const char *value, pel_text *text)
{
    if (is_plain_text(value)) {
        pel_text_add(text, "%s", value);
        return;
    }
    pel_text_add(text, "\"");
    for (const char *c = value; *c; c++) {
        if (*c == '"' || *c == '\\') pel_text_add(text, "\\%c", *c);
        else if ((unsigned char)*c < 32 || *c == 127) pel_text_add(text, "\\x%02x", (unsigned)*c);
        else pel_text_add(text, "%c", *c);
    }
    pel_text_add(text, "\"");
}

static void write_real(double value, const char *unit, pel_text *text)
{
    char number[32];
    pel_text_add(text, "%s%s%s", pel_text_number(value, number), unit && *unit ? " " : "", unit ? unit : "");
}

static void write_cadence(pel_cadence cadence, const char *unit, pel_text *text)
{
    if (cadence.kind == PEL_CADENCE_NEVER) pel_text_add(text, "never");
    else if (cadence.kind == PEL_CADENCE_STEPS) pel_text_add(text, "%ld steps", cadence.steps);
    else if (cadence.kind == PEL_CADENCE_WALL) write_real(cadence.seconds, "s wall", text);
    else write_real(cadence.seconds, *unit ? unit : PEL_REDUCED_TIME, text);
}

static void write_side(const pel_side *side, const char *unit, pel_text *text)
{
    if (side->detail) pel_text_add(text, "{%s: %s}", side->kind, side->detail);
    else if (strcmp(side->kind, "value") == 0 || strcmp(side->kind, "gradient") == 0 || side->value != 0) {
        pel_text_add(text, "{%s: ", side->kind);
        write_real(side->value, unit, text);
        if (unit && *unit && strcmp(side->kind, "gradient") == 0) pel_text_add(text, " m-1");
        pel_text_add(text, "}");
    } else pel_text_add(text, "%s", side->kind);
}

static void write_sides(const pel_value *value, pel_text *text)
{
    static const char *const names[] = {"west", "east", "south", "north", "bottom", "top"};
    if (value->count == 0) { /* one word for all */
        pel_text_add(text, "%s", value->sides.side[0][0].kind);
        return;
    }
    pel_text_add(text, "{");
    for (int i = 0; i < 2 * value->count; i++) {
        pel_text_add(text, "%s%s: ", i ? ", " : "", names[i]);
        write_side(&value->sides.side[i / 2][i % 2], value->unit, text);
    }
    pel_text_add(text, "}");
}

static void write_int(long value, const char *unit, pel_text *text)
{
    pel_text_add(text, "%ld%s%s", value, unit && *unit ? " " : "", unit ? unit : "");
}

static void write_element(const pel_value *value, int i, pel_text *text)
{
    switch (value->param->type) {
    case PEL_PARAM_INT:
    case PEL_PARAM_INTS:
        write_int(value->ints[i], value->unit, text);
        break;
    case PEL_PARAM_REAL:
    case PEL_PARAM_REALS:
        write_real(value->reals[i], value->unit, text);
        break;
    default:
        write_text(value->texts[i], text);
    }
}

static void write_list(const pel_value *value, pel_text *text)
{
    pel_text_add(text, "[");
    for (int i = 0; i < value->count; i++) {
        if (i) pel_text_add(text, ", ");
        write_element(value, i, text);
    }
    pel_text_add(text, "]");
}

void pel_value_write(const pel_value *value, pel_text *text)
{
    if (!value->is_set) pel_text_add(text, "(none)");
    else if (value->is_word) pel_text_add(text, "%s", value->texts[0]);
    else {
        switch (value->param->type) {
        case PEL_PARAM_FLAG:
            pel_text_add(text, value->flag ? "true" : "false");
            break;
        case PEL_PARAM_INTS:
        case PEL_PARAM_REALS:
        case PEL_PARAM_TEXTS:
            write_list(value, text);
            break;
        case PEL_PARAM_CADENCE:
            write_cadence(value->cadence, value->unit, text);
            break;
        case PEL_PARAM_SIDES:
            write_sides(value, text);
            break;
        case PEL_PARAM_LIST:
            pel_text_add(text, "(%d entries)", value->count);
            break;
        default:
            write_element(value, 0, text);
        }
    }
}

/* --- the resolved deck --- */

static void write_origin(const pel_params *params, const pel_value *value, size_t line_start, pel_text *text)
{
    const size_t used = text->length - line_start;
    pel_text_add(text, "%*s# ", used < COMMENT_COLUMN ? (int)(COMMENT_COLUMN - used) : 1, "");
    if (!value->is_set) pel_text_add(text, "optional, not given");
    else if (!value->is_given) pel_text_add(text, "default");
    else if (value->place.set) pel_text_add(text, "--set %s", value->place.set);
    else pel_text_add(text, "%s:%d", params->root->path, value->place.line);
    pel_text_add(text, "\n");
    if (text->bytes)
        for (char *c = text->bytes + line_start; c[0] && c[1]; c++)
            if ((unsigned char)*c < 32 || *c == 127)
                *c = '?'; /* a path may hold anything, a comment ends with its line */
}

static void write_map(const pel_params *params, int indent, pel_text *text);

/* An entry is written as a map, and its first key's line then gets the dash of the list. */
static void write_item(const pel_params *item, int indent, pel_text *text)
{
    const size_t start = text->length;
    write_map(item, indent + 2, text);
    if (!text->bytes) return;
    for (char *line = text->bytes + start; *line; line += strcspn(line, "\n") + 1) {
        if (line[indent + 2] == '#') continue;
        line[indent] = '-';
        return;
    }
    pel_text_add(text, "%*s- {}\n", indent, "");
}

static void write_key(const pel_params *params, const pel_value *value, const char *key, int indent, pel_text *text)
{
    const size_t line_start = text->length;
    const bool is_list = value->is_set && !value->is_word && value->param->type == PEL_PARAM_LIST;
    pel_text_add(text, "%*s%s%s:", indent, "", value->is_set ? "" : "# ", key);
    if (!is_list) {
        pel_text_add(text, " ");
        pel_value_write(value, text);
    } else if (value->count == 0) pel_text_add(text, " []");
    write_origin(params, value, line_start, text);
    for (int i = 0; is_list && i < value->count; i++) write_item(value->items[i], indent + 2, text);
}

/* Whether value i is the first of its group: of those whose names share the first `length` characters. */
static bool is_first(const pel_params *params, int i, size_t length)
{
    for (int j = 0; j < i; j++)
        if (strncmp(params->values[j].param->name, params->values[i].param->name, length) == 0) return false;
    return true;
}

/* The parameters whose names start with the first `length` characters of `group`, which are "" or end with a dot. */
static void write_group(const pel_params *params, const char *group, size_t length, int indent, pel_text *text)
{
    for (int i = 0; i < params->count; i++) {
        const char *name = params->values[i].param->name;
        if (strncmp(name, group, length) != 0) continue;
        const size_t size = strcspn(name + length, ".");
        if (name[length + size] == '\0') {
            write_key(params, &params->values[i], name + length, indent, text);
        } else if (is_first(params, i, length + size + 1)) {
            pel_text_add(text, "%*s%.*s:\n", indent, "", (int)size, name + length);
            write_group(params, name, length + size + 1, indent + 2, text);
        }
    }
}

static void write_map(const pel_params *params, int indent, pel_text *text)
{
    write_group(params, "", 0, indent, text);
}

void pel_params_write(const pel_params *params, pel_text *text)
{
    write_map(params, 0, text);
}

/* --- comparing --- */

static uint64_t hash_values(const pel_params *params)
{
    uint64_t sum = 0;
    for (int i = 0; i < params->count; i++) {
        const pel_value *value = &params->values[i];
        if (value->param->is_free) continue;
        pel_text name = {0}, line = {0};
        pel_text_add(&name, "%s%s", params->prefix, value->param->name);
        pel_value_write(value, &line);
        sum += pel_hash_mix(pel_hash_text(pel_text_get(&name)), pel_hash_text(pel_text_get(&line)));
        pel_text_free(&line);
        pel_text_free(&name);
        if (value->items)
            for (int j = 0; j < value->count; j++) sum += hash_values(value->items[j]);
    }
    return sum;
}

uint64_t pel_params_fixed_hash(const pel_params *params)
{
    return hash_values(params);
}

static int compare_values(const pel_params *params, const pel_value *a, const pel_value *b, bool fixed_only,
                          pel_text *list);

/* Parameters of `a` against those of the same names in `b`; of those only in `b`, none. */
static int compare_params(const pel_params *a, const pel_params *b, bool fixed_only, pel_text *list)
{
    int count = 0;
    for (int i = 0; i < a->count; i++) {
        const pel_value *here = &a->values[i];
        if (fixed_only && here->param->is_free) continue;
        const pel_value absent = {.param = here->param, .unit = here->unit},
                        *there = pel_params_find(b, here->param->name);
        count += compare_values(a, here, there ? there : &absent, fixed_only, list);
    }
    return count;
}

static int compare_values(const pel_params *params, const pel_value *a, const pel_value *b, bool fixed_only,
                          pel_text *list)
{
    pel_text here = {0}, there = {0};
    pel_value_write(a, &here);
    pel_value_write(b, &there);
    int count = strcmp(pel_text_get(&here), pel_text_get(&there)) != 0;
    if (count)
        pel_text_add(list, "%s%s: %s here, %s there\n", params->prefix, a->param->name, pel_text_get(&here),
                     pel_text_get(&there));
    for (int i = 0; a->items && b->items && i < a->count && i < b->count; i++)
        count += compare_params(a->items[i], b->items[i], fixed_only, list);
    pel_text_free(&there);
    pel_text_free(&here);
    return count;
}

/* Parameters that only `b` has. */
static int compare_extra(const pel_params *a, const pel_params *b, bool fixed_only, pel_text *list)
{
    int count = 0;
    for (int i = 0; i < b->count; i++) {
        const pel_value *there = &b->values[i];
        if ((fixed_only && there->param->is_free) || pel_params_find(a, there->param->name)) continue;
        const pel_value absent = {.param = there->param, .unit = there->unit};
        count += compare_values(b, &absent, there, fixed_only, list);
    }
    return count;
}

int pel_params_differences(const pel_params *a, const pel_params *b, bool fixed_only, pel_text *list)
{
    return compare_params(a, b, fixed_only, list) + compare_extra(a, b, fixed_only, list);
}
