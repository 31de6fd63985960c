/* A deck is the tree of its file with the overrides hung in. Errors of the file and of all overrides come together. */
#include "deck/deck.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "deck/tree.h"

/* --- overrides --- */

/* The entry of a list that `part` names: its index, or nothing where there is only one. */
static pel_node *list_entry(const pel_node *list, const char *part)
{
    char *end;
    const long index = strtol(part, &end, 10);
    if (end == part || *end || index < 0) return list->count == 1 ? list->first : NULL;
    pel_node *entry = list->first;
    for (long i = 0; i < index && entry; i++) entry = entry->next;
    return entry;
}

static bool is_index(const char *part)
{
    return part[0] && part[strspn(part, "0123456789")] == '\0';
}

/* One step of an override's path: *node becomes what `part` names below it (made if need be), or NULL with a problem.
 */
static pel_status step_into(const pel_deck *deck, pel_problems *problems, const char *part, pel_place place,
                            pel_node **node)
{
    pel_node *here = *node;
    if (here->kind == PEL_NODE_LIST) {
        pel_node *entry = list_entry(here, part);
        if (!entry)
            pel_problems_add(problems, deck->path, place,
                             "there is no \"%s\" in a list of %d; count its entries from 0", part, here->count);
        *node = entry;
        return !entry || is_index(part) ? PEL_OK : step_into(deck, problems, part, place, node);
    }
    if (pel_node_is_empty(here)) here->kind = PEL_NODE_MAP; /* "physics:" with nothing below */
    if (here->kind == PEL_NODE_SCALAR) {
        pel_problems_add(problems, deck->path, place, "there is no \"%s\" below the value \"%.60s\"; it is no map",
                         part, here->text);
        *node = NULL;
        return PEL_OK;
    }
    pel_node *entry = pel_node_entry(here, part, strlen(part));
    if (entry) *node = entry;
    else if (here == deck->root || strcmp(part, "0") != 0) return pel_node_add_map(here, part, place, node);
    return PEL_OK; /* entry 0 of a map is the map: one entry needs no list */
}

/* Hangs the value (whose memory it takes) into the tree at the dotted `key`, which it cuts up. */
static pel_status hang(pel_deck *deck, pel_problems *problems, char *key, pel_place place, pel_node *value)
{
    pel_node *node = deck->root;
    pel_status status = PEL_OK;
    int depth = 0;
    for (char *rest = key, *part; status == PEL_OK && node && (part = strsep(&rest, "."));) {
        if (part[0] == '\0' || ++depth > PEL_TREE_DEEPEST / 2) {
            pel_problems_add(problems, deck->path, place, "this is no dotted key such as \"time.end\"");
            node = NULL;
        } else {
            status = step_into(deck, problems, part, place, &node);
        }
    }
    if (status == PEL_OK && node) pel_node_replace(node, value);
    else pel_node_free(value);
    return status;
}

/* The value of an override; an empty one is an empty text, as --set title="" means it. */
static pel_status parse_set_value(const pel_deck *deck, pel_problems *problems, const char *key, const char *value,
                                  pel_node **node)
{
    const char *text = value[0] ? value : "\"\"";
    if (strlen(text) > PEL_TREE_MOST_BYTES) {
        pel_problems_add(problems, deck->path, (pel_place){key, 0, 0}, "the value is too long");
        return PEL_OK;
    }
    PEL_TRY(pel_tree_parse(text, strlen(text), deck->path, key, problems, node));
    return PEL_OK;
}

/* Hangs the value (whose memory it takes) in, if there is a tree at all: else its errors are worth telling all the
 * same. */
static pel_status apply_value(pel_deck *deck, pel_problems *problems, const char *key, pel_node *value)
{
    char *parts = NULL;
    pel_status status = deck->root ? pel_text_copy(key, &parts) : PEL_OK;
    if (parts) status = hang(deck, problems, parts, (pel_place){key, 0, 0}, value);
    else pel_node_free(value);
    free(parts);
    return status;
}

static pel_status apply_set(pel_deck *deck, pel_problems *problems, const char *set)
{
    const char *equals = strchr(set, '=');
    if (!equals) {
        pel_problems_add(problems, deck->path, (pel_place){set, 0, 0}, "write KEY=VALUE, such as time.end=\"5 days\"");
        return PEL_OK;
    }
    char *key = NULL;
    PEL_TRY(pel_text_copy(set, &key));
    key[equals - set] = '\0';
    deck->sets[deck->set_count++] = key;
    pel_node *value = NULL;
    const size_t before = problems->count;
    PEL_TRY(parse_set_value(deck, problems, key, equals + 1, &value));
    if (value) return apply_value(deck, problems, key, value);
    if (problems->count == before)
        pel_problems_add(problems, deck->path, (pel_place){key, 0, 0}, "there is no value behind the =");
    return PEL_OK;
}

/* --- the deck --- */

static pel_status parse_root(pel_deck *deck, const char *bytes, size_t length, pel_problems *problems)
{
    PEL_TRY(pel_tree_parse(bytes, length, deck->path, NULL, problems, &deck->root));
    if (problems->count > 0) return PEL_OK;
    const pel_node *root = deck->root;
    if (!root || pel_node_is_empty(root))
        pel_problems_add(problems, deck->path, (pel_place){NULL, 1, 1},
                         "the deck is empty; it needs at least an app, such as \"app: shallow-water\"");
    else if (root->kind != PEL_NODE_MAP)
        pel_problems_add(problems, deck->path, root->place,
                         "a deck is a map of keys and values, such as \"app: heat\"");
    if (problems->count > 0) {
        pel_node_free(deck->root);
        deck->root = NULL;
    }
    return PEL_OK;
}

static pel_status fill(pel_deck *deck, const char *bytes, size_t length, const char *const *sets, int set_count,
                       pel_problems *problems)
{
    PEL_TRY(pel_memory_new((size_t)set_count, sizeof *deck->sets, &deck->sets));
    PEL_TRY(parse_root(deck, bytes, length, problems));
    for (int i = 0; i < set_count; i++) PEL_TRY(apply_set(deck, problems, sets[i]));
    return pel_problems_finish(problems);
}

/* Takes the memory of `folder`. */
static pel_status build(const char *bytes, size_t length, const char *path, char *folder, const char *const *sets,
                        int set_count, pel_deck **deck)
{
    pel_deck *fresh = NULL;
    pel_status status = pel_memory_new(1, sizeof *fresh, &fresh);
    if (status != PEL_OK) {
        free(folder);
        return status;
    }
    fresh->folder = folder;
    status = pel_text_copy(path, &fresh->path);
    pel_problems problems = {0};
    if (status == PEL_OK) status = fill(fresh, bytes, length, sets, set_count, &problems);
    pel_problems_free(&problems);
    if (status == PEL_OK) *deck = fresh;
    else pel_deck_free(fresh);
    return status;
}

/* The absolute folder of the file `path`. */
static pel_status folder_of(const char *path, char **folder)
{
    char *copy = NULL;
    PEL_TRY(pel_text_copy(path, &copy));
    char *slash = strrchr(copy, '/');
    if (slash) slash[slash == copy ? 1 : 0] = '\0';
    *folder = realpath(slash ? copy : ".", NULL);
    free(copy);
    return *folder ? PEL_OK : pel_fail(PEL_ERR_FILE, "%s: its folder cannot be found: %s", path, strerror(errno));
}

static pel_status read_stream(FILE *file, const char *path, pel_text *text)
{
    char block[4096];
    size_t got;
    while ((got = fread(block, 1, sizeof block, file)) > 0) {
        if (text->length + got > PEL_TREE_MOST_BYTES)
            return pel_fail(PEL_ERR_DECK, "%s: this is larger than 1 MiB; a deck is a short text in YAML", path);
        PEL_TRY(pel_memory_grow(&text->bytes, &text->capacity, text->length + got + 1, 1));
        memcpy(text->bytes + text->length, block, got);
        text->length += got;
    }
    return ferror(file) ? pel_fail(PEL_ERR_FILE, "%s: the deck cannot be read: %s", path, strerror(errno)) : PEL_OK;
}

static pel_status read_file(const char *path, pel_text *text)
{
    FILE *file = fopen(path, "rb");
    if (!file) return pel_fail(PEL_ERR_FILE, "%s: the deck cannot be opened: %s", path, strerror(errno));
    const pel_status status = read_stream(file, path, text);
    fclose(file);
    return status;
}

pel_status pel_deck_load(const char *path, const char *const *sets, int set_count, pel_deck **deck)
{
    pel_text text = {0};
    char *folder = NULL;
    pel_status status = read_file(path, &text);
    if (status == PEL_OK) status = folder_of(path, &folder);
    if (status == PEL_OK) status = build(pel_text_get(&text), text.length, path, folder, sets, set_count, deck);
    pel_text_free(&text);
    return status;
}

pel_status pel_deck_parse(const char *text, const char *name, const char *const *sets, int set_count, pel_deck **deck)
{
    char *folder = NULL;
    PEL_TRY(folder_of("deck.yaml", &folder));
    return build(text, strlen(text), name, folder, sets, set_count, deck);
}

void pel_deck_free(pel_deck *deck)
{
    if (!deck) return;
    pel_node_free(deck->root);
    for (int i = 0; i < deck->set_count; i++) free(deck->sets[i]);
    free(deck->sets);
    free(deck->folder);
    free(deck->path);
    free(deck);
}

const char *pel_deck_scalar(const pel_deck *deck, const char *key)
{
    const pel_node *node = pel_node_find(deck->root, key, NULL);
    return node && node->kind == PEL_NODE_SCALAR ? node->text : NULL;
}

const char *pel_deck_path(const pel_deck *deck)
{
    return deck->path;
}
