/* One condition a side of the grid: the short form, a word for all or one a dimension, or the long one, a map of
 * sides. */
#include <stdio.h>
#include <string.h>

#include "deck/reading.h"

static const char *const side_names[3][2] = {{"west", "east"}, {"south", "north"}, {"bottom", "top"}};

/* The kind as a text that lives as long as the params. */
static pel_status keep_kind(pel_reading *r, const char *kind, const char **kept)
{
    static const char *const known[] = {"periodic", "wall", "value", "gradient", "free-slip", "no-slip"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(kind, known[i]) == 0) *kept = known[i];
    if (*kept) return PEL_OK;
    PEL_TRY(pel_reading_keep(r, kind));
    *kept = r->value->texts[r->value->text_count - 1];
    return PEL_OK;
}

static bool has_number(const char *kind)
{
    return strcmp(kind, "periodic") != 0 && strcmp(kind, "wall") != 0;
}

/* What stands behind the kind in {wall: no-slip} or {value: 3 K}. */
static pel_status read_side_detail(pel_reading *r, const pel_node *node, pel_side *side)
{
    if (!pel_reading_has_text(r, node)) return PEL_OK;
    if (strcmp(side->kind, "wall") == 0 && pel_param_has_word("free-slip|no-slip", node->text))
        return keep_kind(r, node->text, &side->detail);
    if (strcmp(side->kind, "wall") == 0)
        return pel_reading_wrong(r, node, "a wall is free-slip or no-slip, not \"%.60s\"", node->text);
    if (!has_number(side->kind)) return pel_reading_wrong(r, node, "%s takes no \"%.60s\"", side->kind, node->text);
    char unit[128];
    const char *own = r->value->unit;
    snprintf(unit, sizeof unit, "%s%s", own, own[0] && strcmp(side->kind, "gradient") == 0 ? " m-1" : "");
    return pel_reading_number(r, node, node->text, unit, &side->value);
}

static pel_status read_side(pel_reading *r, const pel_node *node, pel_side *side)
{
    const bool is_map = node->kind == PEL_NODE_MAP;
    if (is_map && node->count != 1)
        return pel_reading_wrong(r, node, "a side is one map entry, such as {wall: no-slip}");
    if (!is_map && !pel_reading_has_text(r, node)) return PEL_OK;
    const char *kind = is_map ? node->first->key : node->text;
    if (!pel_param_has_word(r->param->choices, kind))
        return pel_reading_wrong(r, node, "\"%.60s\" is not allowed here", kind);
    *side = (pel_side){0};
    PEL_TRY(keep_kind(r, kind, &side->kind));
    if (strcmp(kind, "wall") == 0) side->detail = "free-slip";
    if (is_map) return read_side_detail(r, node->first, side);
    return strcmp(kind, "value") && strcmp(kind, "gradient")
               ? PEL_OK
               : pel_reading_wrong(r, node, "%s needs a number, such as {%s: 0}", kind, kind);
}

static pel_status read_short_sides(pel_reading *r, const pel_node *node)
{
    if (node->count < 1 || node->count > 3)
        return pel_reading_wrong(r, node, "a grid has 1 to 3 dimensions, not %d", node->count);
    int d = 0;
    for (const pel_node *child = node->first; child; child = child->next, d++) {
        PEL_TRY(read_side(r, child, &r->value->sides.side[d][0]));
        r->value->sides.side[d][1] = r->value->sides.side[d][0];
    }
    r->value->count = node->count;
    return PEL_OK;
}

/* The same at every side; the count stays 0, as no dimension is named. */
static pel_status read_every_side(pel_reading *r, const pel_node *node)
{
    if (!pel_reading_has_text(r, node)) return PEL_OK;
    pel_side *first = &r->value->sides.side[0][0];
    PEL_TRY(read_side(r, node, first));
    for (int i = 1; i < 6; i++) r->value->sides.side[i / 2][i % 2] = *first;
    return PEL_OK;
}

static pel_side *side_called(pel_value *value, const char *name)
{
    for (int i = 0; i < 6; i++) {
        if (strcmp(name, side_names[i / 2][i % 2]) != 0) continue;
        if (value->count < i / 2 + 1) value->count = i / 2 + 1;
        return &value->sides.side[i / 2][i % 2];
    }
    return NULL;
}

static pel_status read_long_sides(pel_reading *r, const pel_node *node)
{
    if (node->count == 0) return pel_reading_wrong(r, node, "there is no side in it");
    for (const pel_node *child = node->first; child; child = child->next) {
        pel_side *side = side_called(r->value, child->key);
        if (side) PEL_TRY(read_side(r, child, side));
        else pel_reading_wrong(r, child, "\"%.60s\" is no side", child->key);
    }
    return PEL_OK;
}

/* Sides not given, and periodic ones that do not come in pairs. */
static pel_status complete_sides(pel_reading *r, const pel_node *node)
{
    char first[64];
    snprintf(first, sizeof first, "%.*s", (int)strcspn(r->param->choices, "|"), r->param->choices);
    for (int i = 0; i < 6; i++) {
        pel_side *side = &r->value->sides.side[i / 2][i % 2];
        if (side->kind) continue;
        const bool has_wall = pel_param_has_word(r->param->choices, "wall");
        PEL_TRY(keep_kind(r, has_wall ? "wall" : first, &side->kind));
        if (has_wall) side->detail = "free-slip";
    }
    for (int d = 0; d < 3 && !r->is_wrong; d++) {
        const pel_side *side = r->value->sides.side[d];
        const bool is_low = strcmp(side[0].kind, "periodic") == 0, is_high = strcmp(side[1].kind, "periodic") == 0;
        if (is_low != is_high)
            pel_reading_wrong(r, node, "%s is periodic and %s is not; make both periodic or none",
                              side_names[d][is_high], side_names[d][is_low]);
    }
    return PEL_OK;
}

pel_status pel_reading_sides(pel_reading *r, const pel_node *node)
{
    if (node->kind == PEL_NODE_SCALAR) PEL_TRY(read_every_side(r, node));
    else if (node->kind == PEL_NODE_LIST) PEL_TRY(read_short_sides(r, node));
    else PEL_TRY(read_long_sides(r, node));
    return r->is_wrong ? PEL_OK : complete_sides(r, node);
}
