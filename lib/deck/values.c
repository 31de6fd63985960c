/* One value from its node. What is wrong is noted at its position, with what would be right, and the default takes its
 * place, so that whoever reads the values further can go on and find more. */
#include "deck/values.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/log.h"
#include "base/memory.h"
#include "deck/reading.h"
#include "deck/units.h"

/* Notes "NAME: what; it takes what is allowed" at the node. */
pel_status pel_reading_wrong(pel_reading *r, const pel_node *node, const char *format, ...)
{
    pel_params *root = r->params->root;
    pel_text what = {0}, takes = {0};
    char *sentence = NULL;
    va_list args;
    va_start(args, format);
    if (vasprintf(&sentence, format, args) < 0) sentence = NULL;
    va_end(args);
    pel_text_add(&what, "%s%s: %s", r->params->prefix, r->param->name, sentence ? sentence : "");
    pel_param_describe(r->param, r->value->unit, &takes);
    if (r->is_default) pel_log_error("default of %s; it takes %s", pel_text_get(&what), pel_text_get(&takes));
    else
        pel_problems_add(&root->problems, root->path, node->place, "%s; it takes %s", pel_text_get(&what),
                         pel_text_get(&takes));
    free(sentence);
    pel_text_free(&takes);
    pel_text_free(&what);
    r->is_wrong = true;
    return PEL_OK;
}

void pel_value_clear(pel_value *value)
{
    if (value->items)
        for (int i = 0; i < value->count; i++) pel_params_free(value->items[i]);
    for (int i = 0; i < value->text_count; i++) free(value->texts[i]);
    free(value->items);
    free(value->texts);
    free(value->reals);
    free(value->ints);
    *value = (pel_value){.param = value->param, .unit = value->unit};
}

pel_status pel_reading_keep(pel_reading *r, const char *text)
{
    PEL_TRY(pel_text_copy(text, &r->value->texts[r->value->text_count]));
    r->value->text_count++;
    return PEL_OK;
}

static const char *kind_name(const pel_node *node)
{
    return node->kind == PEL_NODE_LIST ? "a list" : node->kind == PEL_NODE_MAP ? "a map" : "a single value";
}

/* Whether the node is a scalar with a text; else notes it. */
bool pel_reading_has_text(pel_reading *r, const pel_node *node)
{
    if (node->kind != PEL_NODE_SCALAR) pel_reading_wrong(r, node, "this is %s", kind_name(node));
    else if (pel_node_is_empty(node)) pel_reading_wrong(r, node, "there is no value");
    else return true;
    return false;
}

/* --- numbers --- */

/* The range of a parameter as pel_param documents it. */
static bool is_in_range(const pel_param *p, double number)
{
    if (p->least == 0 && p->most == 0) return !p->is_exclusive || number > 0;
    if (p->is_exclusive ? !(number > p->least) : !(number >= p->least)) return false;
    return p->most < p->least || number <= p->most;
}

static pel_status check_range(pel_reading *r, const pel_node *node, double number)
{
    if (r->param->type == PEL_PARAM_TEXTS || is_in_range(r->param, number)) return PEL_OK;
    return pel_reading_wrong(r, node, "\"%.60s\" is out of range", node->text);
}

/* Whether the parameter has a unit in most systems of units, but none in the deck's. */
static bool is_reduced(const pel_reading *r)
{
    char quantity[32];
    return !r->value->unit[0] && pel_param_quantity(r->param->unit, quantity);
}

/* A number of `unit`; r->is_wrong if it is none. */
pel_status pel_reading_number(pel_reading *r, const pel_node *node, const char *text, const char *unit, double *number)
{
    const pel_status status = pel_units_parse(text, unit, r->params->root->calendar, number);
    if (status != PEL_ERR_DECK) return status;
    return pel_reading_wrong(r, node, "%s%s%s%s", pel_failure(), is_reduced(r) ? "; with units: " : "",
                             is_reduced(r) ? r->params->root->system : "",
                             is_reduced(r) ? " all numbers are plain" : "");
}

static pel_status read_real(pel_reading *r, const pel_node *node, int i)
{
    if (!pel_reading_has_text(r, node)) return PEL_OK;
    double number = 0;
    PEL_TRY(pel_reading_number(r, node, node->text, r->value->unit, &number));
    r->value->reals[i] = number;
    return r->is_wrong ? PEL_OK : check_range(r, node, number);
}

static pel_status read_int(pel_reading *r, const pel_node *node, int i)
{
    if (!pel_reading_has_text(r, node)) return PEL_OK;
    char *end;
    errno = 0;
    long number = strtol(node->text, &end, 10); /* all 64 bits of a seed */
    if (end == node->text || *end || errno) {
        double real = 0;
        PEL_TRY(pel_reading_number(r, node, node->text, r->value->unit, &real));
        if (r->is_wrong) return PEL_OK;
        if (real != nearbyint(real)) return pel_reading_wrong(r, node, "\"%.60s\" is not a whole number", node->text);
        if (fabs(real) > 9007199254740992.0)
            return pel_reading_wrong(r, node, "\"%.60s\" is too large", node->text); /* 2^53 */
        number = (long)real;
    }
    r->value->ints[i] = number;
    return check_range(r, node, (double)number);
}

/* --- texts --- */

static pel_status read_text(pel_reading *r, const pel_node *node, int i)
{
    (void)i;
    return pel_reading_has_text(r, node) ? pel_reading_keep(r, node->text) : PEL_OK;
}

static pel_status read_path(pel_reading *r, const pel_node *node)
{
    if (!pel_reading_has_text(r, node)) return PEL_OK;
    const char *path = node->text;
    if (path[0] == '\0') return pel_reading_wrong(r, node, "there is no value");
    while (path[0] == '.' && path[1] == '/') path += 2;
    pel_text absolute = {0};
    const char *folder = r->params->root->folder;
    if (path[0] != '/') pel_text_add(&absolute, "%s%s", folder, strcmp(folder, "/") == 0 ? "" : "/");
    pel_text_add(&absolute, "%s", path);
    const pel_status status = absolute.lost ? PEL_ERR_MEMORY : pel_reading_keep(r, pel_text_get(&absolute));
    pel_text_free(&absolute);
    return status;
}

static pel_status read_flag(pel_reading *r, const pel_node *node)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
    if (!pel_reading_has_text(r, node)) return PEL_OK;
    for (int i = 0; i < 6; i++) {
        if (strcasecmp(node->text, words[i]) != 0) continue;
        r->value->flag = i % 2;
        return PEL_OK;
    }
    return pel_reading_wrong(r, node, "\"%.60s\" is neither true nor false", node->text);
}

/* The word of "a|b|c" nearest to `word`, or NULL; in `near`. */
static const char *nearest_word(const char *words, const char *word, char near[64])
{
    const char *list[32];
    size_t count = 0;
    char *copy = strdup(words), *rest = copy;
    for (char *one; count < 32 && (one = strsep(&rest, "|"));) list[count++] = one;
    const char *found = copy ? pel_text_nearest(word, list, count) : NULL;
    if (found) strncpy(near, found, 63)[63] = '\0';
    free(copy);
    return found ? near : NULL;
}

static pel_status wrong_word(pel_reading *r, const pel_node *node, const char *words)
{
    char buffer[64];
    const char *near = nearest_word(words, node->text, buffer);
    return pel_reading_wrong(r, node, "\"%.60s\" is unknown%s%s%s", node->text, near ? ", did you mean " : "",
                             near ? near : "", near ? "?" : "");
}

/* --- cadences --- */

static bool has_ending(const char *text, const char *ending)
{
    const size_t length = strlen(text), size = strlen(ending);
    return length > size && strcmp(text + length - size, ending) == 0 &&
           !isalpha((unsigned char)text[length - size - 1]);
}

static pel_status read_step_count(pel_reading *r, const pel_node *node, const char *text)
{
    double number = 0;
    PEL_TRY(pel_reading_number(r, node, text, "", &number));
    if (r->is_wrong) return PEL_OK;
    if (number != nearbyint(number) || number < 1 || number > 9007199254740992.0)
        return pel_reading_wrong(r, node, "\"%.60s\" is no count of steps", node->text);
    r->value->cadence = (pel_cadence){.kind = PEL_CADENCE_STEPS, .steps = (long)number};
    return PEL_OK;
}

static pel_status read_interval(pel_reading *r, const pel_node *node, const char *text, const char *unit,
                                pel_cadence_kind kind)
{
    double number = 0, bare = 0;
    if (*unit && pel_units_parse(text, "", NULL, &bare) == PEL_OK)
        return pel_reading_wrong(r, node, "\"%.60s\" does not say of what", node->text);
    PEL_TRY(pel_reading_number(r, node, text, unit, &number));
    if (r->is_wrong) return PEL_OK;
    if (!(number > 0)) return pel_reading_wrong(r, node, "\"%.60s\" is no time greater than 0", node->text);
    r->value->cadence = (pel_cadence){.kind = kind, .seconds = number};
    return PEL_OK;
}

static pel_status read_cadence(pel_reading *r, const pel_node *node)
{
    if (!pel_reading_has_text(r, node) || strcmp(node->text, "never") == 0) return PEL_OK;
    char text[128];
    if (strlen(node->text) >= sizeof text) return pel_reading_wrong(r, node, "\"%.60s...\" is too long", node->text);
    strcpy(text, node->text);
    const char *const endings[] = {"steps", "step", "wall", PEL_REDUCED_TIME}, *unit = r->value->unit;
    for (int i = 0; i < (*unit ? 3 : 4); i++) {
        if (!has_ending(text, endings[i])) continue;
        text[strlen(text) - strlen(endings[i])] = '\0';
        if (i < 2) return read_step_count(r, node, text);
        return i == 2 ? read_interval(r, node, text, "s", PEL_CADENCE_WALL)
                      : read_interval(r, node, text, "", PEL_CADENCE_TIME);
    }
    if (!*unit) return pel_reading_wrong(r, node, "\"%.60s\" says neither steps nor " PEL_REDUCED_TIME, node->text);
    return read_interval(r, node, text, unit, PEL_CADENCE_TIME);
}

/* --- lists --- */

static bool is_count_allowed(const pel_param *p, int count)
{
    if (p->least_count == 0 && p->most_count == 0) return true;
    return count >= p->least_count && (p->most_count < p->least_count || count <= p->most_count);
}

static pel_status read_element(pel_reading *r, const pel_node *node, int i)
{
    if (r->param->type == PEL_PARAM_REALS || r->param->type == PEL_PARAM_REAL) return read_real(r, node, i);
    if (r->param->type == PEL_PARAM_INTS || r->param->type == PEL_PARAM_INT) return read_int(r, node, i);
    if (r->param->type == PEL_PARAM_LIST) {
        if (node->kind != PEL_NODE_MAP)
            return pel_reading_wrong(r, node, "entry %d is %s and not a map", i, kind_name(node));
        return pel_params_resolve_item(r->params, r->param, node, i, &r->value->items[i]);
    }
    return read_text(r, node, i);
}

/* All elements are looked at even where one is wrong: an error each. */
static pel_status read_list(pel_reading *r, const pel_node *node)
{
    const bool is_list = node->kind == PEL_NODE_LIST;
    const int count = is_list ? node->count : 1;
    pel_value *v = r->value;
    if (!is_list && node->kind == PEL_NODE_SCALAR && !pel_reading_has_text(r, node)) return PEL_OK;
    if (!is_count_allowed(r->param, count))
        return pel_reading_wrong(r, node, "there %s %d here", count == 1 ? "is" : "are", count);
    PEL_TRY(pel_memory_new((size_t)count, sizeof *v->ints, &v->ints));
    PEL_TRY(pel_memory_new((size_t)count, sizeof *v->reals, &v->reals));
    PEL_TRY(pel_memory_new((size_t)count, sizeof *v->texts, &v->texts));
    if (r->param->type == PEL_PARAM_LIST) PEL_TRY(pel_memory_new((size_t)count, sizeof *v->items, &v->items));
    v->count = count;
    bool is_any_wrong = false;
    const pel_node *element = is_list ? node->first : node;
    for (int i = 0; i < count; i++, element = element->next) {
        r->is_wrong = false;
        PEL_TRY(read_element(r, element, i));
        is_any_wrong |= r->is_wrong;
    }
    r->is_wrong = is_any_wrong;
    return PEL_OK;
}

/* --- any --- */

/* A single value: room for one element of each kind, or for the six kinds of sides. */
static pel_status read_single(pel_reading *r, const pel_node *node)
{
    pel_value *v = r->value;
    PEL_TRY(pel_memory_new(1, sizeof *v->ints, &v->ints));
    PEL_TRY(pel_memory_new(1, sizeof *v->reals, &v->reals));
    PEL_TRY(pel_memory_new(6, sizeof *v->texts, &v->texts));
    v->count = r->param->type == PEL_PARAM_SIDES ? 0 : 1;
    switch (r->param->type) {
    case PEL_PARAM_FLAG:
        return read_flag(r, node);
    case PEL_PARAM_PATH:
        return read_path(r, node);
    case PEL_PARAM_CHOICE:
        return pel_reading_has_text(r, node) ? wrong_word(r, node, r->param->choices) : PEL_OK;
    case PEL_PARAM_CADENCE:
        return read_cadence(r, node);
    case PEL_PARAM_SIDES:
        return pel_reading_sides(r, node);
    default:
        return read_element(r, node, 0);
    }
}

static bool is_list_type(pel_param_type type)
{
    return type == PEL_PARAM_INTS || type == PEL_PARAM_REALS || type == PEL_PARAM_TEXTS || type == PEL_PARAM_LIST;
}

static bool is_word(const pel_reading *r, const pel_node *node)
{
    return r->param->type != PEL_PARAM_SIDES && node->kind == PEL_NODE_SCALAR &&
           pel_param_has_word(r->param->choices, node->text);
}

static pel_status read_word(pel_reading *r, const pel_node *node)
{
    r->value->is_word = true;
    PEL_TRY(pel_memory_new(1, sizeof *r->value->texts, &r->value->texts));
    return pel_reading_keep(r, node->text);
}

static pel_status read_any(pel_reading *r, const pel_node *node)
{
    r->value->is_set = true;
    if (is_word(r, node)) return read_word(r, node);
    return is_list_type(r->param->type) ? read_list(r, node) : read_single(r, node);
}

static pel_status read_default(pel_params *params, pel_value *value)
{
    const pel_param *param = value->param;
    if (!param->initial || !param->initial[0]) return PEL_OK;
    pel_problems problems = {0};
    pel_node *node = NULL;
    pel_reading r = {.params = params, .value = value, .param = param, .is_default = true};
    pel_status status = pel_tree_parse(param->initial, strlen(param->initial), param->name, NULL, &problems, &node);
    if (status == PEL_OK && node) status = read_any(&r, node);
    assert((status != PEL_OK || (node && !r.is_wrong)) && "the default of a parameter is wrong");
    pel_node_free(node);
    pel_problems_free(&problems);
    return status;
}

pel_status pel_value_resolve(pel_params *params, pel_value *value, const pel_node *node)
{
    if (!node) return read_default(params, value);
    pel_reading r = {.params = params, .value = value, .param = value->param};
    PEL_TRY(read_any(&r, node));
    if (r.is_wrong) {
        pel_value_clear(value);
        PEL_TRY(read_default(params, value));
    }
    value->is_given = true;
    value->is_wrong = r.is_wrong;
    value->place = pel_params_keep_place(params, node->key ? node->key_place : node->place);
    return PEL_OK;
}
