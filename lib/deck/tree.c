/* From libyaml's events to a tree. Errors of the deck (a key twice, an alias ...) are noted and reading goes on, so
 * that all are reported together; an error of syntax ends it. Recursion goes no deeper than PEL_TREE_DEEPEST. */
#include "deck/tree.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/memory.h"
#include "base/text.h"

typedef struct reader {
    yaml_parser_t parser;
    const char *bytes;
    size_t length;
    const char *path, *set;
    pel_problems *problems;
    int depth;
    pel_status status; /* other than PEL_OK once memory ran out */
} reader;

void pel_node_free(pel_node *node)
{
    if (!node) return;
    for (pel_node *child = node->first, *next; child; child = next) {
        next = child->next;
        pel_node_free(child);
    }
    free(node->text);
    free(node->key);
    free(node);
}

static void append(pel_node *parent, pel_node *child)
{
    if (parent->last) parent->last->next = child;
    else parent->first = child;
    parent->last = child;
    parent->count++;
}

pel_status pel_node_add_map(pel_node *parent, const char *key, pel_place place, pel_node **child)
{
    pel_node *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    const pel_status status = pel_text_copy(key, &fresh->key);
    if (status != PEL_OK) {
        pel_node_free(fresh);
        return status;
    }
    fresh->kind = PEL_NODE_MAP;
    fresh->place = fresh->key_place = place;
    append(parent, fresh);
    *child = fresh;
    return PEL_OK;
}

void pel_node_replace(pel_node *node, pel_node *value)
{
    pel_node old = *node;
    *node = *value;
    node->key = old.key;
    node->next = old.next;
    node->key_place = value->place;
    *value = old;
    value->key = NULL;
    pel_node_free(value);
}

pel_node *pel_node_entry(const pel_node *map, const char *key, size_t length)
{
    if (map->kind != PEL_NODE_MAP) return NULL;
    for (pel_node *child = map->first; child; child = child->next)
        if (strlen(child->key) == length && memcmp(child->key, key, length) == 0) return child;
    return NULL;
}

const pel_node *pel_node_find(const pel_node *map, const char *path, const pel_node **nearest)
{
    const pel_node *node = map;
    while (node) {
        if (nearest) *nearest = node;
        const size_t length = strcspn(path, ".");
        node = pel_node_entry(node, path, length);
        if (path[length] == '\0') return node;
        path += length + 1;
    }
    return NULL;
}

bool pel_node_is_empty(const pel_node *node)
{
    return node->kind == PEL_NODE_SCALAR && !node->is_quoted && node->text[0] == '\0';
}

/* --- reading --- */

static pel_place place_of(const reader *r, yaml_mark_t mark)
{
    return (pel_place){r->set, (int)mark.line + 1, (int)mark.column + 1};
}

/* libyaml gives no mark, only a byte offset, for bytes that are no UTF-8. */
static pel_place place_of_offset(const reader *r, size_t offset)
{
    pel_place place = {r->set, 1, 1};
    for (size_t i = 0; i < offset && i < r->length; i++) {
        const unsigned char byte = (unsigned char)r->bytes[i];
        if (byte == '\n') place.line++, place.column = 1;
        else if ((byte & 0xc0) != 0x80) place.column++; /* not the inside of a character */
    }
    return place;
}

static void note_syntax_error(reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR) {
        r->status = pel_fail(PEL_ERR_MEMORY, "memory ran out while the deck was read");
    } else if (p->error == YAML_READER_ERROR) {
        pel_problems_add(r->problems, r->path, place_of_offset(r, p->problem_offset), "%s; a deck is text in UTF-8",
                         p->problem ? p->problem : "the text cannot be read");
    } else {
        const bool is_tab = p->problem_mark.index < r->length && r->bytes[p->problem_mark.index] == '\t';
        pel_problems_add(r->problems, r->path, place_of(r, p->problem_mark), "%s%s%s%s",
                         p->problem ? p->problem : "this is no YAML", p->context ? " " : "",
                         p->context ? p->context : "", is_tab ? "; indent with spaces, not with tabs" : "");
    }
}

static bool next(reader *r, yaml_event_t *event)
{
    if (yaml_parser_parse(&r->parser, event)) return true;
    note_syntax_error(r);
    return false;
}

static bool new_node(reader *r, pel_node_kind kind, yaml_mark_t mark, pel_node **node)
{
    r->status = pel_memory_new(1, sizeof **node, node);
    if (r->status != PEL_OK) return false;
    (*node)->kind = kind;
    (*node)->place = place_of(r, mark);
    return true;
}

static void refuse_extras(reader *r, const yaml_event_t *event, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    const pel_place place = place_of(r, event->start_mark);
    if (anchor)
        pel_problems_add(r->problems, r->path, place, "the anchor &%s is not allowed; write the value out", anchor);
    if (tag) pel_problems_add(r->problems, r->path, place, "the tag %s is not allowed; write the value without", tag);
}

static bool copy_scalar(reader *r, const yaml_event_t *event, char **text)
{
    const char *value = (const char *)event->data.scalar.value;
    if (strlen(value) != event->data.scalar.length)
        pel_problems_add(r->problems, r->path, place_of(r, event->start_mark), "a text may not contain a zero byte");
    r->status = pel_text_copy(value, text);
    return r->status == PEL_OK;
}

static bool read_scalar(reader *r, const yaml_event_t *event, pel_node **node)
{
    if (!new_node(r, PEL_NODE_SCALAR, event->start_mark, node)) return false;
    refuse_extras(r, event, event->data.scalar.anchor, event->data.scalar.tag);
    (*node)->is_quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    return copy_scalar(r, event, &(*node)->text);
}

/* An alias is an error; an empty text stands in for it so that reading goes on. */
static bool read_alias(reader *r, const yaml_event_t *event, pel_node **node)
{
    pel_problems_add(r->problems, r->path, place_of(r, event->start_mark),
                     "the alias *%s is not allowed; write the value out", event->data.alias.anchor);
    if (!new_node(r, PEL_NODE_SCALAR, event->start_mark, node)) return false;
    r->status = pel_text_copy("", &(*node)->text);
    return r->status == PEL_OK;
}

static bool read_node(reader *r, const yaml_event_t *event, pel_node **node);

static bool read_list(reader *r, pel_node *list)
{
    for (;;) {
        yaml_event_t event;
        if (!next(r, &event)) return false;
        pel_node *child = NULL;
        const bool is_end = event.type == YAML_SEQUENCE_END_EVENT;
        const bool is_read = is_end || read_node(r, &event, &child);
        yaml_event_delete(&event);
        if (child) append(list, child);
        if (is_end || !is_read) return is_read;
    }
}

static void check_key(reader *r, const pel_node *map, const char *key, pel_place place)
{
    const pel_node *first = pel_node_entry(map, key, strlen(key));
    if (first)
        pel_problems_add(r->problems, r->path, place, "the key \"%s\" stands here twice, first in line %d; leave one",
                         key, first->key_place.line);
    else if (strcmp(key, "<<") == 0)
        pel_problems_add(r->problems, r->path, place, "the merge key << is not allowed; write the entries out");
    else if (key[0] == '\0') pel_problems_add(r->problems, r->path, place, "a key is missing before the colon");
    else if (strchr(key, '.'))
        pel_problems_add(r->problems, r->path, place,
                         "the key \"%s\" has a dot; write nested maps: \"%.*s: {%s: ...}\"", key,
                         (int)strcspn(key, "."), key, strchr(key, '.') + 1);
}

/* Reads the value of `key` (whose memory it takes) and hangs it into the map. */
static bool read_value(reader *r, pel_node *map, char *key, pel_place key_place)
{
    yaml_event_t event;
    pel_node *child = NULL;
    bool is_read = next(r, &event);
    if (is_read) {
        is_read = read_node(r, &event, &child);
        yaml_event_delete(&event);
    }
    if (!child) {
        free(key);
        return is_read;
    }
    child->key = key;
    child->key_place = key_place;
    append(map, child);
    return is_read;
}

static bool read_entry(reader *r, pel_node *map, const yaml_event_t *event)
{
    const pel_place place = place_of(r, event->start_mark);
    if (event->type != YAML_SCALAR_EVENT || map->count >= PEL_TREE_MOST_KEYS) {
        pel_problems_add(r->problems, r->path, place,
                         map->count >= PEL_TREE_MOST_KEYS ? "a map of more than %d keys is no deck"
                                                          : "a key must be a word, not a list, map or alias",
                         PEL_TREE_MOST_KEYS);
        return false;
    }
    refuse_extras(r, event, event->data.scalar.anchor, event->data.scalar.tag);
    char *key = NULL;
    if (!copy_scalar(r, event, &key)) return false;
    check_key(r, map, key, place);
    return read_value(r, map, key, place);
}

static bool read_map(reader *r, pel_node *map)
{
    for (;;) {
        yaml_event_t event;
        if (!next(r, &event)) return false;
        const bool is_end = event.type == YAML_MAPPING_END_EVENT;
        const bool is_read = is_end || read_entry(r, map, &event);
        yaml_event_delete(&event);
        if (is_end || !is_read) return is_read;
    }
}

static bool read_collection(reader *r, const yaml_event_t *event, pel_node **node)
{
    const bool is_map = event->type == YAML_MAPPING_START_EVENT;
    if (!new_node(r, is_map ? PEL_NODE_MAP : PEL_NODE_LIST, event->start_mark, node)) return false;
    if (is_map) refuse_extras(r, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
    else refuse_extras(r, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
    if (r->depth == PEL_TREE_DEEPEST) {
        pel_problems_add(r->problems, r->path, (*node)->place, "this is nested more than %d deep", PEL_TREE_DEEPEST);
        return false;
    }
    r->depth++;
    const bool is_read = is_map ? read_map(r, *node) : read_list(r, *node);
    r->depth--;
    return is_read;
}

/* False ends the reading; *node may then be incomplete and is the caller's all the same. */
static bool read_node(reader *r, const yaml_event_t *event, pel_node **node)
{
    if (r->problems->count >= PEL_TREE_MOST_PROBLEMS) return false;
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(r, event, node);
    case YAML_ALIAS_EVENT:
        return read_alias(r, event, node);
    default:
        return read_collection(r, event, node);
    }
}

/* The one document of the stream: stream start, document start, its root, document end, stream end. */
static void read_stream(reader *r, pel_node **root)
{
    for (bool goes_on = true; goes_on;) {
        yaml_event_t event;
        if (!next(r, &event)) return;
        switch (event.type) {
        case YAML_STREAM_START_EVENT:
        case YAML_DOCUMENT_END_EVENT:
            break;
        case YAML_DOCUMENT_START_EVENT:
            if (!*root) break;
            pel_problems_add(r->problems, r->path, place_of(r, event.start_mark),
                             "a second document starts here; a deck is one document");
            goes_on = false;
            break;
        case YAML_STREAM_END_EVENT:
            goes_on = false;
            break;
        default:
            goes_on = read_node(r, &event, root);
        }
        yaml_event_delete(&event);
    }
}

pel_status pel_tree_parse(const char *bytes, size_t length, const char *path, const char *set, pel_problems *problems,
                          pel_node **root)
{
    if (length >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) bytes += 3, length -= 3; /* a byte-order mark */
    reader r = {.bytes = bytes, .length = length, .path = path, .set = set, .problems = problems};
    const size_t problems_before = problems->count;
    pel_node *tree = NULL;
    if (!yaml_parser_initialize(&r.parser)) return pel_fail(PEL_ERR_MEMORY, "memory ran out before the deck was read");
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)bytes, length);
    read_stream(&r, &tree);
    yaml_parser_delete(&r.parser);
    if (r.status != PEL_OK || problems->count > problems_before) {
        pel_node_free(tree);
        tree = NULL;
    }
    *root = tree;
    return r.status;
}
