/* Fields: where points lie, how they are stored, and copies in and out.
 *
 * In memory a field is levels x components planes, each z by y by x with x fastest. Rows begin on a cache line: the
 * first owned point of a row is aligned, the low halo stands before it. The pitch of a row is kept off multiples of 1
 * KiB and the pitch of a plane likewise, so that neighbours in y and z do not fall into the same cache sets; so do
 * levels and fields among each other, by an offset that differs from field to field. */
#include "mesh/field.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "mesh/field_list.h"

struct pel_field {
    pel_grid *grid;
    char *name;
    pel_field_spec spec;
    char *texts[3]; /* units, standard name, long name: the spec points to them */
    int halo[3][2];
    int lowest_level, highest_level; /* that loops named */
    unsigned set_buffers;            /* bit b: buffer b holds values */
    long rotations;
    char *memory;
    size_t memory_bytes;
    char *first;            /* element at the low corner of the stored box, buffer 0, component 0 */
    ptrdiff_t pitch[3];     /* elements from a point to the next, 0 across dimensions it does not lie along */
    ptrdiff_t plane_pitch;  /* elements from a component to the next */
    ptrdiff_t buffer_pitch; /* elements from a level's buffer to the next */
};

static pel_status copy_texts(pel_field *field, const char *name, const pel_field_spec *spec)
{
    PEL_TRY(pel_text_copy(name, &field->name));
    PEL_TRY(pel_text_copy(spec->units ? spec->units : "1", &field->texts[0]));
    if (spec->standard_name) PEL_TRY(pel_text_copy(spec->standard_name, &field->texts[1]));
    PEL_TRY(pel_text_copy(spec->long_name ? spec->long_name : name, &field->texts[2]));
    field->spec.units = field->texts[0];
    field->spec.standard_name = field->texts[1];
    field->spec.long_name = field->texts[2];
    return PEL_OK;
}

static void apply_defaults(pel_field_spec *spec, int dimensions)
{
    const unsigned all = (1u << dimensions) - 1;
    if (!spec->components) spec->components = 1;
    if (!spec->levels) spec->levels = 1;
    spec->along = spec->along ? spec->along & all : all;
    spec->centring &= spec->along;
}

pel_status pel_field_declare(pel_grid *grid, const char *name, const pel_field_spec *spec, pel_field **field)
{
    if (pel_grid_find(grid, name)) return pel_fail(PEL_ERR_NAME, "the field %s is declared twice", name);
    if (spec->components < 0 || spec->levels < 0 || spec->levels > 8)
        return pel_fail(PEL_ERR_ARGUMENT, "the field %s asks for %d components and %d levels", name, spec->components,
                        spec->levels);
    pel_field *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->grid = grid;
    fresh->spec = *spec;
    apply_defaults(&fresh->spec, pel_grid_dimensions(grid));
    if (spec->role != PEL_WORK) pel_field_mark_set(fresh, 0); /* a state of zeros is a state */
    pel_status status = copy_texts(fresh, name, spec);
    if (status == PEL_OK) status = pel_grid_adopt(grid, fresh);
    if (status != PEL_OK) {
        pel_field_destroy(fresh);
        return status;
    }
    *field = fresh;
    return PEL_OK;
}

void pel_field_destroy(pel_field *field)
{
    pel_memory_unmap(field->memory, field->memory_bytes);
    for (int i = 0; i < 3; i++) free(field->texts[i]);
    free(field->name);
    free(field);
}

pel_grid *pel_field_grid(const pel_field *field)
{
    return field->grid;
}

const char *pel_field_name(const pel_field *field)
{
    return field->name;
}

const pel_field_spec *pel_field_spec_of(const pel_field *field)
{
    return &field->spec;
}

size_t pel_type_bytes(pel_type type)
{
    static const size_t bytes[] = {
        [PEL_DOUBLE] = 8, [PEL_FLOAT] = 4, [PEL_COMPLEX] = 16, [PEL_INT32] = 4, [PEL_INT64] = 8};
    return bytes[type];
}

/* ---- points ---- */

static bool lies_along(const pel_field *field, int d)
{
    return (field->spec.along >> d & 1) != 0;
}

bool pel_field_has_face(const pel_field *field, int d)
{
    return (field->spec.centring >> d & 1) != 0;
}

/* Faces between walls: one more than cells. */
static bool has_wall_faces(const pel_field *field, int d)
{
    return pel_field_has_face(field, d) && !pel_grid_is_periodic(field->grid, d);
}

pel_box pel_field_points(const pel_field *field)
{
    pel_box box = {{0, 0, 0}, {1, 1, 1}};
    for (int d = 0; d < 3; d++)
        if (lies_along(field, d)) box.hi[d] = pel_grid_cells(field->grid, d) + has_wall_faces(field, d);
    return box;
}

pel_box pel_field_owned(const pel_field *field)
{
    const pel_box block = pel_grid_owned(field->grid);
    pel_box box = pel_field_points(field);
    for (int d = 0; d < 3; d++) {
        if (!lies_along(field, d)) continue;
        box.lo[d] = block.lo[d];
        if (block.hi[d] < pel_grid_cells(field->grid, d)) box.hi[d] = block.hi[d];
    }
    return box;
}

pel_box pel_field_interior(const pel_field *field)
{
    pel_box box = pel_field_owned(field);
    const pel_box points = pel_field_points(field);
    for (int d = 0; d < 3; d++) {
        if (!has_wall_faces(field, d)) continue;
        if (box.lo[d] == 0) box.lo[d] = 1;
        if (box.hi[d] == points.hi[d]) box.hi[d]--;
    }
    return box;
}

/* ---- halo and memory ---- */

void pel_field_need_halo(pel_field *field, int d, int low, int high)
{
    if (!lies_along(field, d)) return;
    if (low > field->halo[d][0]) field->halo[d][0] = low;
    if (high > field->halo[d][1]) field->halo[d][1] = high;
}

int pel_field_halo(const pel_field *field, int d, int side)
{
    return field->halo[d][side];
}

pel_box pel_field_stored(const pel_field *field)
{
    pel_box box = pel_field_owned(field);
    for (int d = 0; d < 3; d++) {
        box.lo[d] -= field->halo[d][0];
        box.hi[d] += field->halo[d][1];
    }
    return box;
}

enum { LINE = 64, ALIAS = 1024 }; /* bytes: a cache line; the distance at which rows begin to compete for cache sets */

static ptrdiff_t round_up(ptrdiff_t value, ptrdiff_t unit)
{
    return (value + unit - 1) / unit * unit;
}

/* Elements of a pitch that begins on a cache line and, if long, is an odd number of lines away from aliasing. */
static ptrdiff_t padded_pitch(ptrdiff_t elements, ptrdiff_t bytes)
{
    ptrdiff_t pitch = round_up(elements * bytes, LINE);
    if (pitch >= ALIAS && pitch % ALIAS == 0) pitch += LINE;
    return pitch / bytes;
}

static void lay_out(pel_field *field, ptrdiff_t *front)
{
    const pel_box stored = pel_field_stored(field);
    const ptrdiff_t bytes = (ptrdiff_t)pel_type_bytes(field->spec.type);
    const ptrdiff_t n[3] = {stored.hi[0] - stored.lo[0], stored.hi[1] - stored.lo[1], stored.hi[2] - stored.lo[2]};
    *front = round_up(field->halo[0][0] * bytes, LINE) / bytes - field->halo[0][0]; /* aligns the first owned point */
    const bool is_row = n[0] > 1;
    const ptrdiff_t row = is_row ? padded_pitch(*front + n[0], bytes) : 1;
    const ptrdiff_t plane = is_row ? padded_pitch(row * n[1], bytes) : row * n[1];
    field->pitch[0] = lies_along(field, 0) ? 1 : 0;
    field->pitch[1] = lies_along(field, 1) ? row : 0;
    field->pitch[2] = lies_along(field, 2) ? plane : 0;
    field->plane_pitch = round_up(plane * n[2] * bytes + *front * bytes, LINE) / bytes;
    field->buffer_pitch = field->plane_pitch * field->spec.components;
}

/* Fields of one shape would begin at the same offset in their pages; this staggers them over the cache sets. */
static ptrdiff_t stagger(const pel_field *field)
{
    return (ptrdiff_t)(pel_hash_text(field->name) % 61) * LINE;
}

/* Lays the field out; returns the bytes before its first element, and those of all. */
static ptrdiff_t measure(pel_field *field, size_t *all)
{
    ptrdiff_t front;
    lay_out(field, &front);
    const ptrdiff_t bytes = (ptrdiff_t)pel_type_bytes(field->spec.type), offset = stagger(field) + front * bytes;
    *all = (size_t)(field->buffer_pitch * field->spec.levels * bytes + offset);
    return offset;
}

pel_status pel_field_allocate(pel_field *field)
{
    if (field->memory) return PEL_OK;
    const ptrdiff_t offset = measure(field, &field->memory_bytes);
    void *memory = NULL;
    pel_status status = pel_memory_map(field->memory_bytes, &memory);
    if (status != PEL_OK) return pel_fail_within(status, "field %s: ", field->name);
    field->memory = memory;
    field->first = field->memory + offset;
    return PEL_OK;
}

bool pel_field_is_allocated(const pel_field *field)
{
    return field->memory != NULL;
}

size_t pel_field_bytes(const pel_field *field)
{
    pel_field copy = *field; /* it may have no memory yet */
    size_t bytes;
    measure(&copy, &bytes);
    return bytes;
}

/* ---- levels and views ---- */

static int buffer_of(const pel_field *field, int level, long rotations)
{
    const long levels = field->spec.levels;
    return (int)(((rotations + level) % levels + levels) % levels);
}

pel_view pel_field_view_at(const pel_field *field, int level, long rotations)
{
    const pel_box stored = pel_field_stored(field);
    ptrdiff_t origin = buffer_of(field, level, rotations) * field->buffer_pitch;
    for (int d = 0; d < 3; d++) origin -= stored.lo[d] * field->pitch[d];
    const uintptr_t address =
        (uintptr_t)field->first + (uintptr_t)(origin * (ptrdiff_t)pel_type_bytes(field->spec.type));
    return (pel_view){.origin =
                          (void *)address, /* may lie outside the memory: only cells of the stored box are addressed */
                      .stride = {field->pitch[0], field->pitch[1], field->pitch[2]},
                      .component = field->plane_pitch};
}

pel_view pel_field_view(const pel_field *field, int level)
{
    return pel_field_view_at(field, level, field->rotations);
}

long pel_field_rotations(const pel_field *field)
{
    return field->rotations;
}

void pel_field_set_rotations(pel_field *field, long rotations)
{
    field->rotations = rotations;
}

int pel_field_lowest_level(const pel_field *field)
{
    return field->lowest_level;
}

pel_status pel_field_use_level(pel_field *field, int level)
{
    const int levels = field->spec.levels, lowest = level < field->lowest_level ? level : field->lowest_level,
              highest = level > field->highest_level ? level : field->highest_level;
    if (highest - lowest >= levels)
        return pel_fail(PEL_ERR_ARGUMENT, "level %d of %s is used, but it has %d level%s from %d on", level,
                        field->name, levels, levels == 1 ? "" : "s", lowest);
    field->lowest_level = lowest;
    field->highest_level = highest;
    return PEL_OK;
}

bool pel_field_is_set(const pel_field *field, int level)
{
    return (field->set_buffers >> buffer_of(field, level, field->rotations) & 1) != 0;
}

void pel_field_mark_set(pel_field *field, int level)
{
    field->set_buffers |= 1u << buffer_of(field, level, field->rotations);
}

/* ---- copies ---- */

/* Address of a stored point in the buffer of `level`. */
static char *address(const pel_field *field, int level, int c, int x, int y, int z)
{
    const pel_box stored = pel_field_stored(field);
    const ptrdiff_t element = buffer_of(field, level, field->rotations) * field->buffer_pitch + c * field->plane_pitch +
                              (x - stored.lo[0]) * field->pitch[0] + (y - stored.lo[1]) * field->pitch[1] +
                              (z - stored.lo[2]) * field->pitch[2];
    return field->first + element * (ptrdiff_t)pel_type_bytes(field->spec.type);
}

void pel_field_get(const pel_field *field, int level, int c, pel_box box, void *values)
{
    const size_t row = (size_t)(box.hi[0] - box.lo[0]) * pel_type_bytes(field->spec.type);
    char *to = values;
    for (int z = box.lo[2]; z < box.hi[2]; z++)
        for (int y = box.lo[1]; y < box.hi[1]; y++, to += row)
            memcpy(to, address(field, level, c, box.lo[0], y, z), row);
}

void pel_field_put(pel_field *field, int level, int c, pel_box box, const void *values)
{
    const size_t row = (size_t)(box.hi[0] - box.lo[0]) * pel_type_bytes(field->spec.type);
    const char *from = values;
    pel_field_mark_set(field, level);
    for (int z = box.lo[2]; z < box.hi[2]; z++)
        for (int y = box.lo[1]; y < box.hi[1]; y++, from += row)
            memcpy(address(field, level, c, box.lo[0], y, z), from, row);
}

/* ---- hash and search ---- */

long pel_field_rows(const pel_field *field)
{
    const pel_box owned = pel_field_owned(field);
    return (long)(owned.hi[1] - owned.lo[1]) * (owned.hi[2] - owned.lo[2]);
}

/* The y and z of a row of the owned box. */
static void row_place(const pel_box *owned, long row, int *y, int *z)
{
    const int ny = owned->hi[1] - owned->lo[1];
    *y = owned->lo[1] + (int)(row % ny);
    *z = owned->lo[2] + (int)(row / ny);
}

static uint64_t hash_row(const char *values, int count, size_t bytes, uint64_t key, uint64_t first)
{
    uint64_t sum = 0;
    for (int i = 0; i < count; i++) {
        uint64_t words[2] = {0, 0};
        memcpy(words, values + (size_t)i * bytes, bytes);
        sum += pel_hash_mix(pel_hash_mix(words[0], words[1] + key), first + (uint64_t)i);
    }
    return sum;
}

/* Blocks side by side in a dimension that the field does not lie along hold the same values: the first one counts them.
 */
static bool counts_here(const pel_field *field)
{
    for (int d = 0; d < 3; d++)
        if (!lies_along(field, d) && pel_grid_block(field->grid, d) > 0) return false;
    return true;
}

uint64_t pel_field_hash(const pel_field *field, long row_lo, long row_hi)
{
    if (!counts_here(field)) return 0;
    const pel_box owned = pel_field_owned(field), points = pel_field_points(field);
    const uint64_t nx = (uint64_t)points.hi[0], ny = (uint64_t)points.hi[1];
    uint64_t sum = 0;
    for (int l = 0; l < field->spec.levels; l++) {
        const int level = field->lowest_level + l;
        if (!pel_field_is_set(field, level)) continue;
        for (int c = 0; c < field->spec.components; c++) {
            const uint64_t key = pel_hash_mix(pel_hash_text(field->name), (uint64_t)(level * 64 + c));
            for (long row = row_lo; row < row_hi; row++) {
                int y, z;
                row_place(&owned, row, &y, &z);
                const uint64_t first = ((uint64_t)z * ny + (uint64_t)y) * nx + (uint64_t)owned.lo[0];
                sum += hash_row(address(field, level, c, owned.lo[0], y, z), owned.hi[0] - owned.lo[0],
                                pel_type_bytes(field->spec.type), key, first);
            }
        }
    }
    return sum;
}

static bool is_bad(const pel_field *field, const char *value)
{
    if (field->spec.type == PEL_FLOAT) return !isfinite(*(const float *)(const void *)value);
    const double *number = (const void *)value;
    return !isfinite(number[0]) || (field->spec.type == PEL_COMPLEX && !isfinite(number[1]));
}

bool pel_field_find_bad(const pel_field *field, long row_lo, long row_hi, int point[3], int *component)
{
    if (field->spec.type == PEL_INT32 || field->spec.type == PEL_INT64) return false;
    const pel_box owned = pel_field_owned(field);
    const size_t bytes = pel_type_bytes(field->spec.type);
    for (long row = row_lo; row < row_hi; row++) {
        int y, z;
        row_place(&owned, row, &y, &z);
        for (int c = 0; c < field->spec.components; c++) {
            const char *values = address(field, 0, c, owned.lo[0], y, z);
            for (int x = owned.lo[0]; x < owned.hi[0]; x++, values += bytes) {
                if (!is_bad(field, values)) continue;
                point[0] = x, point[1] = y, point[2] = z, *component = c;
                return true;
            }
        }
    }
    return false;
}
