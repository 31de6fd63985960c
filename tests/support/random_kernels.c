/* Kernels that hash what they read, and chains built of them.
 *
 * What is written at a point is a hash of: the salt of the loop, the step, the point, every value in reach of every
 * read, the old value where it is updated. Doubles become numbers in [1, 2), of which boundary conditions (mirrors,
 * slopes) keep nearly all bits. Along a dimension that is whole the kernel reads all points there are. */
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "support/random_chain.h"

enum { CHUNK = 256 };

/* One access as the kernel sees it. */
typedef struct mixed_access {
    pel_access access;
    pel_type type;
    int components;
    pel_reach reach;
    int extent[3]; /* points along each dimension */
} mixed_access;

typedef struct mixing {
    int access_count, pieces;
    unsigned whole;
    bool is_star, is_reduction;
    uint64_t salt;
    pel_box box; /* calls and tiles: what they compute */
    mixed_access access[MOST_ACCESSES];
} mixing;

static uint64_t stir(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0x9e3779b97f4a7c15u;
    return hash ^ hash >> 29;
}

static void stir_row8(uint64_t *hash, int count, const char *from, ptrdiff_t stride)
{
    for (int i = 0; i < count; i++) {
        uint64_t value;
        memcpy(&value, from + i * stride, sizeof value);
        hash[i] = stir(hash[i], value);
    }
}

static void stir_row4(uint64_t *hash, int count, const char *from, ptrdiff_t stride)
{
    for (int i = 0; i < count; i++) {
        uint32_t value;
        memcpy(&value, from + i * stride, sizeof value);
        hash[i] = stir(hash[i], value);
    }
}

static char *address(const pel_view *view, size_t bytes, int c, const int at[3])
{
    const ptrdiff_t element =
        at[0] * view->stride[0] + at[1] * view->stride[1] + at[2] * view->stride[2] + c * view->component;
    return (char *)((uintptr_t)view->origin + (uintptr_t)(element * (ptrdiff_t)bytes));
}

/* Takes in all components at `offset` (or, along whole dimensions, at that index) of each point of a row. */
static void stir_offset(const mixing *p, const mixed_access *a, const pel_view *view, const int row[3], int count,
                        const int offset[3], uint64_t *hash)
{
    const size_t bytes = pel_type_bytes(a->type);
    int at[3];
    for (int d = 0; d < 3; d++) at[d] = offset[d] + (p->whole >> d & 1 ? 0 : row[d]);
    const ptrdiff_t stride = p->whole & 1 ? 0 : view->stride[0] * (ptrdiff_t)bytes;
    for (int c = 0; c < a->components; c++) {
        const char *from = address(view, bytes, c, at);
        if (bytes == 4) stir_row4(hash, count, from, stride);
        else stir_row8(hash, count, from, stride);
        if (bytes == 16) stir_row8(hash, count, from + 8, stride);
    }
}

/* On an axis, or a corner. */
static bool is_on_star(const pel_reach *reach, const int o[3])
{
    const int off_axis = (o[0] != 0) + (o[1] != 0) + (o[2] != 0);
    bool is_corner = true;
    for (int d = 0; d < 3; d++) is_corner = is_corner && (o[d] == reach->lo[d] || o[d] == reach->hi[d]);
    return off_axis <= 1 || is_corner;
}

static void stir_access(const mixing *p, const mixed_access *a, const pel_view *view, const int row[3], int count,
                        uint64_t *hash)
{
    pel_reach reach = a->reach;
    for (int d = 0; d < 3; d++)
        if (p->whole >> d & 1) reach.lo[d] = 0, reach.hi[d] = a->extent[d] - 1;
    int o[3];
    for (o[2] = reach.lo[2]; o[2] <= reach.hi[2]; o[2]++)
        for (o[1] = reach.lo[1]; o[1] <= reach.hi[1]; o[1]++)
            for (o[0] = reach.lo[0]; o[0] <= reach.hi[0]; o[0]++)
                if (!p->is_star || p->whole || is_on_star(&reach, o)) stir_offset(p, a, view, row, count, o, hash);
}

/* The old value of what is updated, at the point itself. */
static void stir_own(const mixing *p, const mixed_access *a, const pel_view *view, const int row[3], int count,
                     uint64_t *hash)
{
    mixing own = *p;
    own.whole = 0;
    stir_offset(&own, a, view, row, count, (const int[3]){0, 0, 0}, hash);
}

static double number_of(uint64_t hash)
{
    const uint64_t bits = (uint64_t)0x3ff << 52 | hash >> 12;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static void put(pel_type type, void *to, uint64_t hash)
{
    const double value = number_of(hash), more = number_of(hash * 0xbf58476d1ce4e5b9u);
    const double pair[2] = {value, more};
    const float single = (float)value;
    if (type == PEL_DOUBLE) memcpy(to, &value, sizeof value);
    else if (type == PEL_FLOAT) memcpy(to, &single, sizeof single);
    else memcpy(to, type == PEL_COMPLEX ? (const void *)pair : (const void *)&hash, pel_type_bytes(type));
}

static void write_row(const mixing *p, const pel_view *arg, const int row[3], int count, const uint64_t *hash)
{
    for (int a = 0; a < p->access_count; a++) {
        const mixed_access *to = &p->access[a];
        const size_t bytes = pel_type_bytes(to->type);
        if (to->access == PEL_READ) continue;
        for (int c = 0; c < to->components; c++) {
            char *cell = address(&arg[a], bytes, c, row);
            for (int i = 0; i < count; i++, cell += arg[a].stride[0] * (ptrdiff_t)bytes)
                put(to->type, cell, pel_hash_mix(hash[i], (uint64_t)(8 * a + c)));
        }
    }
    if (!p->is_reduction) return;
    double *values = pel_row(arg[p->access_count], row[1], row[2]);
    for (int i = 0; i < count; i++) values[row[0] + i] = number_of(pel_hash_mix(hash[i], p->salt));
}

static void mix_row(const mixing *p, const pel_view *arg, uint64_t key, const int row[3], int count)
{
    uint64_t hash[CHUNK];
    for (int i = 0; i < count; i++) hash[i] = stir(key, (uint64_t)(unsigned)(row[0] + i));
    for (int a = 0; a < p->access_count; a++) {
        const mixed_access *access = &p->access[a];
        if (access->access == PEL_READ || (access->access == PEL_UPDATE && p->whole))
            stir_access(p, access, &arg[a], row, count, hash);
        if (access->access == PEL_UPDATE) stir_own(p, access, &arg[a], row, count, hash);
    }
    write_row(p, arg, row, count, hash);
}

static void mix_kernel(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const mixing *p = params;
    uint64_t key = stir(p->salt, (uint64_t)step->index), time[2];
    memcpy(&time[0], &step->time, sizeof time[0]);
    memcpy(&time[1], &step->dt, sizeof time[1]);
    key = stir(stir(key, time[0]), time[1]);
    for (int d = 0; d < 3; d++) /* a box that does not span what is whole shows */
        if (p->whole >> d & 1) key = stir(stir(key, (uint64_t)box->lo[d]), (uint64_t)box->hi[d]);
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x += CHUNK) {
                const int row[3] = {x, y, z}, rest = box->hi[0] - x;
                mix_row(p, arg, pel_hash_mix(key, (uint64_t)(unsigned)z << 32 | (unsigned)y), row,
                        rest < CHUNK ? rest : CHUNK);
            }
}

static pel_status mix_call(const pel_call *call)
{
    const mixing *p = call->params;
    mix_kernel(&p->box, call->arg, call->step, p);
    return PEL_OK;
}

/* One slab of the box, cut along y, or along x where there is no y. */
static void mix_piece(long piece, const pel_view *arg, const pel_step *step, const void *params)
{
    const mixing *p = params;
    pel_box box = p->box;
    const int d = box.hi[1] > 1 ? 1 : 0;
    long lo, hi;
    pel_team_share(box.hi[d] - box.lo[d], (int)piece, p->pieces, &lo, &hi);
    box.hi[d] = box.lo[d] + (int)hi;
    box.lo[d] += (int)lo;
    mix_kernel(&box, arg, step, p);
}

/* ---- building ---- */

static mixing mixing_of(const chain_case *c, const entry_case *e, const built_chain *built)
{
    mixing p = {.access_count = e->access_count,
                .pieces = e->pieces,
                .whole = e->range.whole,
                .is_star = e->is_star,
                .is_reduction = e->kind == ENTRY_REDUCE,
                .salt = e->salt};
    for (int a = 0; a < e->access_count; a++) {
        const access_case *from = &e->access[a];
        const pel_field_spec *spec = &c->fields[from->field].spec;
        const pel_box points = pel_field_points(built->fields[from->field]);
        mixed_access *to = &p.access[a];
        *to = (mixed_access){
            .access = from->access, .type = spec->type, .components = spec->components, .reach = from->reach};
        for (int d = 0; d < 3; d++) {
            to->extent[d] = points.hi[d];
            if (a == 0) to->reach.lo[d] += e->beyond.lo[d], to->reach.hi[d] += e->beyond.hi[d];
        }
        if (from->access != PEL_READ) p.box = points;
    }
    return p;
}

static void keep_probed(void *data, long first, long steps, int count, const double *values)
{
    double(*rows)[MOST_CELLS] = data;
    for (long k = 0; k < steps; k++)
        for (int i = 0; i < count; i++) rows[first + k][i] = values[k * count + i];
}

static void record(const chain_case *c, int number, built_chain *built, chain_outcome *outcome)
{
    const entry_case *e = &c->entries[number];
    const mixing p = mixing_of(c, e, built);
    char name[16];
    pel_arg args[MOST_ACCESSES];
    for (int a = 0; a < e->access_count; a++)
        args[a] = (pel_arg){.field = built->fields[e->access[a].field],
                            .level = e->access[a].level,
                            .access = e->access[a].access,
                            .reach = e->access[a].reach};
    snprintf(name, sizeof name, "entry%d", number);
    if (e->kind == ENTRY_LOOP)
        pel_chain_loop_args(built->chain, name, mix_kernel, &p, sizeof p, e->range, args, e->access_count);
    else if (e->kind == ENTRY_CALL)
        pel_chain_call_args(built->chain, name, mix_call, &p, sizeof p, args, e->access_count);
    else if (e->kind == ENTRY_TILES)
        pel_chain_tiles_args(built->chain, name, e->pieces, mix_piece, &p, sizeof p, args, e->access_count);
    else if (e->kind == ENTRY_REDUCE)
        pel_chain_reduce_args(built->chain, name, e->reduction, mix_kernel, &p, sizeof p, e->centring, e->range,
                              &outcome->reduced[number], args, e->access_count);
    else
        pel_chain_probe(built->chain, args[0].field, args[0].level, e->cells, e->cell_count, keep_probed,
                        outcome->probed[number]);
}

pel_status random_chain_build(const chain_case *c, built_chain *built, chain_outcome *outcome)
{
    static const char *const names[MOST_FIELDS] = {"a", "b", "c", "d", "e"};
    PEL_TRY(pel_grid_create(&c->grid, &built->grid));
    for (int i = 0; i < c->field_count; i++)
        PEL_TRY(pel_field_declare(built->grid, names[i], &c->fields[i].spec, &built->fields[i]));
    PEL_TRY(pel_chain_create("random", c->kind, &built->chain));
    for (int i = 0; i < c->entry_count; i++) record(c, i, built, outcome);
    for (int i = 0; i < c->field_count; i++) PEL_TRY(pel_field_use_level(built->fields[i], c->fields[i].lowest));
    return pel_chain_status(built->chain);
}

void random_chain_destroy(built_chain *built)
{
    pel_chain_destroy(built->chain);
    pel_grid_destroy(built->grid);
    *built = (built_chain){0};
}
