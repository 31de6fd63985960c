/* Tables meet a deck: every parameter gets its value, every key that belongs to none is an error with the nearest name.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "deck/values.h"

/* Known in every deck, so that a resolved deck always says which app it is for. */
static const pel_param common_table[] = {
    {.name = "app", .type = PEL_PARAM_TEXT, .initial = "", .help = "The app to run; see `pelagos apps`."},
    {.name = NULL},
};

/* --- values from tables --- */

static int table_length(const pel_param *table)
{
    int count = 0;
    while (table[count].name) count++;
    return count;
}

/* The unit of a parameter's numbers in the deck's system of units. */
static const char *unit_of(const pel_params *root, const pel_param *param)
{
    char quantity[32] = "time";
    const bool is_cadence = param->type == PEL_PARAM_CADENCE;
    if (!is_cadence && !pel_param_quantity(param->unit, quantity)) return param->unit ? param->unit : "";
    const char *unit = root->unit_of                   ? root->unit_of(root->system, quantity)
                       : strcmp(quantity, "time") == 0 ? "s"
                                                       : NULL;
    assert(unit && "a parameter is of a quantity that the system of units does not know");
    return unit ? unit : "";
}

static void add_table(pel_params *params, const pel_param *table)
{
    for (; table->name; table++) {
        if (pel_params_find(params, table->name)) continue;
        pel_value *value = &params->values[params->count++];
        value->param = table;
        value->unit = unit_of(params->root, table);
    }
}

/* The app comes first in a resolved deck, whichever table it is from. */
static void put_app_first(pel_params *params)
{
    pel_value *app = pel_params_find(params, "app");
    if (!app) return;
    const pel_value kept = *app;
    for (; app > params->values; app--) *app = app[-1];
    *app = kept;
}

static pel_status add_tables(pel_params *params, const pel_param *const *tables, int table_count)
{
    int most = 0;
    for (int i = 0; i < table_count; i++) most += table_length(tables[i]);
    PEL_TRY(pel_memory_new((size_t)most, sizeof *params->values, &params->values));
    for (int i = 0; i < table_count; i++) add_table(params, tables[i]);
    put_app_first(params);
    return PEL_OK;
}

static pel_status resolve_values(pel_params *params, const pel_node *map)
{
    for (int i = 0; i < params->count; i++) {
        pel_value *value = &params->values[i];
        const pel_node *nearest = map, *node = pel_node_find(map, value->param->name, &nearest);
        PEL_TRY(pel_value_resolve(params, value, node));
        if (node || value->param->initial) continue;
        pel_text takes = {0};
        pel_param_describe(value->param, value->unit, &takes);
        pel_problems_add(&params->root->problems, params->root->path,
                         nearest->key ? nearest->key_place : nearest->place, "%s%s is missing; it takes %s",
                         params->prefix, value->param->name, pel_text_get(&takes));
        pel_text_free(&takes);
    }
    return PEL_OK;
}

/* --- unknown keys --- */

/* Names that may have been meant: texts of the heap, freed by free_names(). */
typedef struct names {
    char **list;
    size_t count;
} names;

static void free_names(names *n)
{
    for (size_t i = 0; i < n->count; i++) free(n->list[i]);
    free(n->list);
}

static pel_status add_name(names *n, const char *name, size_t length)
{
    for (size_t i = 0; i < n->count; i++)
        if (strlen(n->list[i]) == length && memcmp(n->list[i], name, length) == 0) return PEL_OK;
    PEL_TRY(pel_memory_new(length + 1, 1, &n->list[n->count]));
    memcpy(n->list[n->count++], name, length);
    return PEL_OK;
}

/* The keys that exist below `group` ("" or "physics."). */
static pel_status keys_below(const pel_params *params, const char *group, names *n)
{
    const size_t length = strlen(group);
    PEL_TRY(pel_memory_new((size_t)params->count, sizeof *n->list, &n->list));
    for (int i = 0; i < params->count; i++) {
        const char *name = params->values[i].param->name;
        if (strncmp(name, group, length) == 0) PEL_TRY(add_name(n, name + length, strcspn(name + length, ".")));
    }
    return PEL_OK;
}

/* A parameter elsewhere: of nearly the same path, or of the same last key, or NULL. */
static pel_status name_elsewhere(const pel_params *params, const char *path, const char **found)
{
    const char **list = NULL;
    PEL_TRY(pel_memory_new((size_t)params->count, sizeof *list, &list));
    for (int i = 0; i < params->count; i++) list[i] = params->values[i].param->name;
    *found = pel_text_nearest(path, list, (size_t)params->count);
    const char *dot = strrchr(path, '.'), *key = dot ? dot + 1 : path;
    for (int i = 0; i < params->count && !*found; i++) {
        const char *last = strrchr(list[i], '.');
        if (last && strcmp(last + 1, key) == 0) *found = list[i];
    }
    free(list);
    return PEL_OK;
}

static void add_key_list(const names *n, pel_text *text)
{
    for (size_t i = 0; i < n->count; i++) pel_text_add(text, "%s%s", i ? ", " : "; allowed here: ", n->list[i]);
}

static pel_status note_unknown(pel_params *params, const char *group, const pel_node *node)
{
    names keys = {0};
    pel_text path = {0}, advice = {0};
    const char *elsewhere = NULL;
    pel_text_add(&path, "%s%s", group, node->key);
    pel_status status = keys_below(params, group, &keys);
    const char *near =
        status == PEL_OK ? pel_text_nearest(node->key, (const char *const *)keys.list, keys.count) : NULL;
    if (status == PEL_OK && !near) status = name_elsewhere(params, pel_text_get(&path), &elsewhere);
    if (near) pel_text_add(&advice, ", did you mean %s%s%s?", params->prefix, group, near);
    else if (elsewhere) pel_text_add(&advice, ", did you mean %s%s?", params->prefix, elsewhere);
    else add_key_list(&keys, &advice);
    pel_problems_add(&params->root->problems, params->root->path, node->key_place, "%s%s is no parameter%s",
                     params->prefix, pel_text_get(&path), pel_text_get(&advice));
    pel_text_free(&advice);
    pel_text_free(&path);
    free_names(&keys);
    return status;
}

static bool is_group(const pel_params *params, const char *group)
{
    for (int i = 0; i < params->count; i++)
        if (strncmp(params->values[i].param->name, group, strlen(group)) == 0) return true;
    return false;
}

static pel_status check_keys(pel_params *params, const char *group, const pel_node *map);

static pel_status check_key(pel_params *params, const char *group, const char *path, const pel_node *node)
{
    if (!is_group(params, path)) return note_unknown(params, group, node);
    if (node->kind == PEL_NODE_MAP) return check_keys(params, path, node);
    if (pel_node_is_empty(node)) return PEL_OK; /* a heading with nothing below it */
    pel_problems_add(&params->root->problems, params->root->path, node->place,
                     "%s%.*s holds parameters; it takes a map, not a single value or list", params->prefix,
                     (int)strlen(path) - 1, path);
    return PEL_OK;
}

/* Every key of the map below `group`, and of the maps in it, is a parameter or the beginning of one. */
static pel_status check_keys(pel_params *params, const char *group, const pel_node *map)
{
    pel_status status = PEL_OK;
    for (const pel_node *node = map->first; node && status == PEL_OK; node = node->next) {
        pel_text path = {0};
        pel_text_add(&path, "%s%s", group, node->key);
        if (path.lost) status = PEL_ERR_MEMORY;
        else if (!pel_params_find(params, pel_text_get(&path))) {
            pel_text_add(&path, ".");
            status = check_key(params, group, pel_text_get(&path), node);
        }
        pel_text_free(&path);
    }
    return status;
}

/* --- the whole --- */

static pel_status resolve_map(pel_params *params, const pel_param *const *tables, int table_count, const pel_node *map)
{
    PEL_TRY(add_tables(params, tables, table_count));
    PEL_TRY(resolve_values(params, map));
    return check_keys(params, "", map);
}

pel_status pel_params_resolve_item(pel_params *parent, const pel_param *param, const pel_node *map, int index,
                                   pel_params **item)
{
    pel_params *fresh = NULL;
    pel_text prefix = {0};
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->root = parent->root;
    fresh->place = pel_params_keep_place(parent, map->place);
    pel_text_add(&prefix, "%s%s.%d.", parent->prefix, param->name, index);
    fresh->prefix = prefix.bytes;
    const pel_status status = prefix.lost ? PEL_ERR_MEMORY : resolve_map(fresh, &param->items, 1, map);
    if (status == PEL_OK) *item = fresh;
    else pel_params_free(fresh);
    return status;
}

/* Calendar and system of units are needed to read other values, so they are looked up before all of them; a wrong one
 * is noted later. */
static const char *find_word(const pel_deck *deck, const pel_param *const *tables, int table_count, const char *name,
                             const char *otherwise)
{
    for (int i = 0; i < table_count; i++) {
        for (const pel_param *p = tables[i]; p->name; p++) {
            if (strcmp(p->name, name) != 0) continue;
            const char *given = pel_deck_scalar(deck, p->name);
            if (given && pel_param_has_word(p->choices, given)) return given;
            return p->initial && p->initial[0] ? p->initial : otherwise;
        }
    }
    return otherwise;
}

static pel_status find_words(const pel_deck *deck, const pel_param *const *tables, int table_count, pel_params *params)
{
    PEL_TRY(pel_text_copy(find_word(deck, tables, table_count, "time.calendar", "365_day"), &params->calendar));
    return pel_text_copy(params->unit_of ? find_word(deck, tables, table_count, "units", "") : "", &params->system);
}

static pel_status resolve_root(const pel_deck *deck, const pel_param *const *tables, int table_count,
                               pel_params *params)
{
    params->root = params;
    params->place = deck->root->place;
    PEL_TRY(pel_text_copy("", &params->prefix));
    PEL_TRY(pel_text_copy(deck->path, &params->path));
    PEL_TRY(pel_text_copy(deck->folder, &params->folder));
    PEL_TRY(find_words(deck, tables, table_count, params));
    PEL_TRY(pel_memory_new((size_t)deck->set_count, sizeof *params->sets, &params->sets));
    for (int i = 0; i < deck->set_count; i++) {
        PEL_TRY(pel_text_copy(deck->sets[i], &params->sets[i]));
        params->set_count++;
    }
    const pel_param **all = NULL;
    PEL_TRY(pel_memory_new((size_t)table_count + 1, sizeof *all, &all));
    for (int i = 0; i < table_count; i++) all[i] = tables[i];
    all[table_count] = common_table;
    const pel_status status = resolve_map(params, all, table_count + 1, deck->root);
    free(all);
    return status;
}

pel_status pel_params_resolve_in(const pel_deck *deck, const pel_param *const *tables, int table_count,
                                 pel_unit_of *unit_of_quantity, pel_params **params)
{
    pel_params *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->unit_of = unit_of_quantity;
    const pel_status status = resolve_root(deck, tables, table_count, fresh);
    if (status == PEL_OK) *params = fresh;
    else pel_params_free(fresh);
    return status;
}

pel_status pel_params_resolve(const pel_deck *deck, const pel_param *const *tables, int table_count,
                              pel_params **params)
{
    return pel_params_resolve_in(deck, tables, table_count, NULL, params);
}
