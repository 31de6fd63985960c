/* Resolved parameters: getters, errors found later, memory. */
#include "deck/params.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "deck/values.h"

void pel_params_free(pel_params *params)
{
    if (!params) return;
    for (int i = 0; i < params->count; i++) pel_value_clear(&params->values[i]);
    for (int i = 0; i < params->set_count; i++) free(params->sets[i]);
    pel_problems_free(&params->problems);
    free(params->sets);
    free(params->values);
    free(params->system);
    free(params->calendar);
    free(params->folder);
    free(params->path);
    free(params->prefix);
    free(params);
}

pel_place pel_params_keep_place(const pel_params *params, pel_place place)
{
    const pel_params *root = params->root;
    for (int i = 0; place.set && i < root->set_count; i++)
        if (strcmp(root->sets[i], place.set) == 0) return (pel_place){root->sets[i], place.line, place.column};
    return place;
}

void pel_params_error(const pel_params *params, const char *name, const char *format, ...)
{
    const pel_value *value = name ? pel_params_find(params, name) : NULL;
    assert((!name || value) && "there is no such parameter");
    const pel_place place = value && value->is_given ? value->place : params->place;
    va_list args;
    va_start(args, format);
    pel_problems_add_list(&params->root->problems, params->root->path, place, format, args);
    va_end(args);
}

pel_status pel_params_finish(const pel_params *params)
{
    return pel_problems_finish(&params->root->problems);
}

/* --- getters --- */

pel_value *pel_params_find(const pel_params *params, const char *name)
{
    for (int i = 0; i < params->count; i++)
        if (strcmp(params->values[i].param->name, name) == 0) return &params->values[i];
    return NULL;
}

static const pel_value *value_called(const pel_params *params, const char *name)
{
    const pel_value *value = pel_params_find(params, name);
    assert(value && "there is no such parameter");
    return value;
}

/* The value if there is a number or the like to be had, NULL if it is absent or a word. */
static const pel_value *typed(const pel_params *params, const char *name, pel_param_type type)
{
    const pel_value *value = value_called(params, name);
    assert(value->param->type == type && "this parameter has another type");
    return value->is_set && !value->is_word ? value : NULL;
}

static const pel_value *element(const pel_params *params, const char *name, pel_param_type type, int i)
{
    const pel_value *value = typed(params, name, type);
    const bool is_there = value && i >= 0 && i < value->count;
    assert((is_there || params->root->problems.count > 0) && "there is no such element");
    return is_there ? value : NULL;
}

bool pel_params_has(const pel_params *params, const char *name)
{
    return value_called(params, name)->is_set;
}

bool pel_params_is_given(const pel_params *params, const char *name)
{
    return value_called(params, name)->is_given;
}

/* Reading a default changes nothing of the params. */
static bool reads_as(const pel_params *params, const pel_value *value)
{
    pel_value usual = {.param = value->param, .unit = value->unit};
    pel_text is = {0}, would_be = {0};
    const bool is_read = pel_value_resolve((pel_params *)params, &usual, NULL) == PEL_OK;
    pel_value_write(value, &is);
    pel_value_write(&usual, &would_be);
    const bool is_same = is_read && strcmp(pel_text_get(&is), pel_text_get(&would_be)) == 0;
    pel_value_clear(&usual);
    pel_text_free(&is);
    pel_text_free(&would_be);
    return is_same;
}

bool pel_params_is_default(const pel_params *params, const char *name)
{
    const pel_value *value = value_called(params, name);
    const bool is_empty = value->param->type == PEL_PARAM_LIST && value->count == 0;
    return !value->is_given || is_empty || reads_as(params, value);
}

bool pel_params_is_wrong(const pel_params *params, const char *name)
{
    return value_called(params, name)->is_wrong;
}

bool pel_params_is(const pel_params *params, const char *name, const char *word)
{
    const pel_value *value = value_called(params, name);
    const bool is_text = value->is_word || value->param->type == PEL_PARAM_TEXT;
    return is_text && value->text_count > 0 && strcmp(value->texts[0], word) == 0;
}

double pel_params_real(const pel_params *params, const char *name)
{
    const pel_value *value = typed(params, name, PEL_PARAM_REAL);
    return value ? value->reals[0] : 0;
}

const char *pel_params_unit(const pel_params *params, const char *name)
{
    return value_called(params, name)->unit;
}

long pel_params_int(const pel_params *params, const char *name)
{
    const pel_value *value = typed(params, name, PEL_PARAM_INT);
    return value ? value->ints[0] : 0;
}

bool pel_params_flag(const pel_params *params, const char *name)
{
    const pel_value *value = typed(params, name, PEL_PARAM_FLAG);
    return value && value->flag;
}

const char *pel_params_text(const pel_params *params, const char *name)
{
    const pel_value *value = value_called(params, name);
    const pel_param_type type = value->param->type;
    assert((type == PEL_PARAM_TEXT || type == PEL_PARAM_CHOICE || type == PEL_PARAM_PATH) &&
           "this parameter has another type");
    return value->text_count > 0 ? value->texts[0] : "";
}

int pel_params_count(const pel_params *params, const char *name)
{
    const pel_value *value = value_called(params, name);
    return value->is_set && !value->is_word ? value->count : 0;
}

double pel_params_real_at(const pel_params *params, const char *name, int i)
{
    const pel_value *value = element(params, name, PEL_PARAM_REALS, i);
    return value ? value->reals[i] : 0;
}

long pel_params_int_at(const pel_params *params, const char *name, int i)
{
    const pel_value *value = element(params, name, PEL_PARAM_INTS, i);
    return value ? value->ints[i] : 0;
}

const char *pel_params_text_at(const pel_params *params, const char *name, int i)
{
    const pel_value *value = element(params, name, PEL_PARAM_TEXTS, i);
    return value ? value->texts[i] : "";
}

pel_cadence pel_params_cadence(const pel_params *params, const char *name)
{
    const pel_value *value = typed(params, name, PEL_PARAM_CADENCE);
    return value ? value->cadence : (pel_cadence){.kind = PEL_CADENCE_NEVER};
}

pel_sides pel_params_sides(const pel_params *params, const char *name)
{
    static const pel_side wall = {"wall", "free-slip", 0};
    const pel_value *value = typed(params, name, PEL_PARAM_SIDES);
    return value ? value->sides : (pel_sides){{{wall, wall}, {wall, wall}, {wall, wall}}};
}

const pel_params *pel_params_item(const pel_params *params, const char *name, int i)
{
    const pel_value *value = typed(params, name, PEL_PARAM_LIST);
    assert(value && i >= 0 && i < value->count && "there is no such entry");
    return value->items[i];
}
