/* Halos of blocks: in each dimension in turn a block sends its edge points to the neighbours and takes theirs, halos of
 * earlier dimensions included, so that corners arrive without messages of their own. */
#include <stdlib.h>

#include "base/memory.h"
#include "exec/chain_inside.h"

/* Number of the block next to this one along d (`way` -1 or +1), x fastest; -1 beyond a wall. */
static int neighbour(const pel_grid *grid, int d, int way)
{
    int block[3];
    for (int e = 0; e < 3; e++) block[e] = pel_grid_block(grid, e);
    const int count = pel_grid_blocks(grid, d);
    block[d] += way;
    if (block[d] < 0 || block[d] >= count) {
        if (!pel_grid_is_periodic(grid, d)) return -1;
        block[d] = (block[d] + count) % count;
    }
    return (block[2] * pel_grid_blocks(grid, 1) + block[1]) * pel_grid_blocks(grid, 0) + block[0];
}

static int rank_of(const pel_grid *grid)
{
    return (pel_grid_block(grid, 2) * pel_grid_blocks(grid, 1) + pel_grid_block(grid, 1)) * pel_grid_blocks(grid, 0) +
           pel_grid_block(grid, 0);
}

/* The owned points next to a side (`is_halo` false), `depth` of them, or the halo beyond it. */
static pel_box edge(const slot *s, int side, int depth, bool is_halo)
{
    pel_box box = pel_field_owned(s->args[0].field);
    for (int e = 0; e < s->dimension; e++) {
        box.lo[e] -= s->depth.side[e][0];
        box.hi[e] += s->depth.side[e][1];
    }
    const int d = s->dimension;
    if (side == 0) box.hi[d] = box.lo[d] + (is_halo ? 0 : depth), box.lo[d] -= is_halo ? depth : 0;
    else box.lo[d] = box.hi[d] - (is_halo ? 0 : depth), box.hi[d] += is_halo ? depth : 0;
    return box;
}

/* Moves one edge, all components, between the field and a message. The views' rotation is the field's own for now. */
static void copy_edge(const slot *s, pel_box box, void *bytes, bool is_get)
{
    pel_field *field = s->args[0].field;
    const pel_field_spec *spec = pel_field_spec_of(field);
    const size_t plane = (size_t)pel_box_count(box) * pel_type_bytes(spec->type);
    for (int c = 0; c < spec->components; c++) {
        char *values = (char *)bytes + (size_t)c * plane;
        if (is_get) pel_field_get(field, s->args[0].level, c, box, values);
        else pel_field_put(field, s->args[0].level, c, box, values);
    }
}

static size_t message_bytes(const slot *s, pel_box box)
{
    const pel_field_spec *spec = pel_field_spec_of(s->args[0].field);
    return (size_t)pel_box_count(box) * pel_type_bytes(spec->type) * (size_t)spec->components;
}

static pel_status check_width(const slot *s, int depth)
{
    const pel_box owned = pel_field_owned(s->args[0].field);
    const int width = owned.hi[s->dimension] - owned.lo[s->dimension];
    if (depth <= width) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT,
                    "a block is %d cells wide in dimension %d, but %s needs a halo of %d; use fewer blocks", width,
                    s->dimension, s->name, depth);
}

/* Sends to the neighbour on `side` what fills its halo on the other side. */
static pel_status send_edge(const slot *s, int side, const pel_exchange *exchange)
{
    const pel_grid *grid = pel_field_grid(s->args[0].field);
    const int to = neighbour(grid, s->dimension, side == 0 ? -1 : 1), depth = s->depth.side[s->dimension][1 - side];
    if (to < 0 || depth == 0) return PEL_OK;
    PEL_TRY(check_width(s, depth));
    const pel_box box = edge(s, side, depth, false);
    const size_t count = message_bytes(s, box);
    void *bytes = NULL;
    PEL_TRY(pel_memory_new(count, 1, &bytes));
    copy_edge(s, box, bytes, true);
    const pel_status status = exchange->send(exchange->state, rank_of(grid), to, 2 * s->dimension + side, bytes, count);
    free(bytes);
    return status;
}

/* Receives the halo beyond `side`, which the neighbour there sent towards its other side. */
static pel_status receive_edge(const slot *s, int side, const pel_exchange *exchange)
{
    const pel_grid *grid = pel_field_grid(s->args[0].field);
    const int from = neighbour(grid, s->dimension, side == 0 ? -1 : 1), depth = s->depth.side[s->dimension][side];
    if (from < 0 || depth == 0) return PEL_OK;
    const pel_box box = edge(s, side, depth, true);
    const size_t count = message_bytes(s, box);
    void *bytes = NULL;
    PEL_TRY(pel_memory_new(count, 1, &bytes));
    const pel_status status =
        exchange->receive(exchange->state, from, rank_of(grid), 2 * s->dimension + 1 - side, bytes, count);
    if (status == PEL_OK) copy_edge(s, box, bytes, false);
    free(bytes);
    return status;
}

pel_status pel_halo_send(const slot *s, const pel_exchange *exchange)
{
    PEL_TRY(send_edge(s, 0, exchange));
    return send_edge(s, 1, exchange);
}

pel_status pel_halo_receive(const slot *s, const pel_exchange *exchange)
{
    PEL_TRY(receive_edge(s, 0, exchange));
    return receive_edge(s, 1, exchange);
}
