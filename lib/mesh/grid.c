/* Grids: extents, blocks, and the list of fields. */
#include "mesh/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "mesh/field_list.h"

struct pel_grid {
    char *name, *length_unit;
    char *axis[3], *axis_unit[3]; /* NULL: not given */
    int dimensions;
    int cells[3], blocks[3], block[3];
    double spacing[3], origin[3];
    bool is_periodic[3];
    int bounds[3][PEL_GRID_MOST_BLOCKS + 1];
    pel_field **fields;
    size_t field_count, field_capacity;
};

static pel_status check(const pel_grid_spec *spec)
{
    if (spec->dimensions < 1 || spec->dimensions > 3)
        return pel_fail(PEL_ERR_ARGUMENT, "a grid has 1 to 3 dimensions, not %d", spec->dimensions);
    for (int d = 0; d < spec->dimensions; d++) {
        if (spec->cells[d] < 1)
            return pel_fail(PEL_ERR_ARGUMENT, "a grid of %d cells in dimension %d; at least 1 is needed",
                            spec->cells[d], d);
        if (spec->blocks[d] < 0 || spec->blocks[d] > PEL_GRID_MOST_BLOCKS || spec->blocks[d] > spec->cells[d])
            return pel_fail(PEL_ERR_ARGUMENT, "%d cells cannot be cut into %d blocks", spec->cells[d], spec->blocks[d]);
        const int blocks = spec->blocks[d] ? spec->blocks[d] : 1;
        if (spec->block[d] < 0 || spec->block[d] >= blocks)
            return pel_fail(PEL_ERR_ARGUMENT, "block %d of %d does not exist in dimension %d", spec->block[d], blocks,
                            d);
        const int *bounds = spec->bounds[d];
        if (bounds && (bounds[0] != 0 || bounds[blocks] != spec->cells[d]))
            return pel_fail(PEL_ERR_ARGUMENT, "the bounds of dimension %d do not run from 0 to %d", d, spec->cells[d]);
        for (int b = 0; bounds && b < blocks; b++)
            if (bounds[b + 1] <= bounds[b])
                return pel_fail(PEL_ERR_ARGUMENT, "block %d of dimension %d holds no cell", b, d);
    }
    return PEL_OK;
}

static void fill_dimension(pel_grid *grid, const pel_grid_spec *spec, int d)
{
    const bool is_used = d < spec->dimensions;
    grid->cells[d] = is_used ? spec->cells[d] : 1;
    grid->blocks[d] = is_used && spec->blocks[d] ? spec->blocks[d] : 1;
    grid->block[d] = is_used ? spec->block[d] : 0;
    grid->spacing[d] = is_used && spec->spacing[d] != 0 ? spec->spacing[d] : 1;
    grid->origin[d] = is_used ? spec->origin[d] : 0;
    grid->is_periodic[d] = is_used && spec->is_periodic[d];
    for (int b = 0; b <= grid->blocks[d]; b++)
        grid->bounds[d][b] =
            is_used && spec->bounds[d] ? spec->bounds[d][b] : (int)((long)grid->cells[d] * b / grid->blocks[d]);
}

static pel_status copy_texts(pel_grid *grid, const pel_grid_spec *spec)
{
    PEL_TRY(pel_text_copy(spec->name ? spec->name : "", &grid->name));
    PEL_TRY(pel_text_copy(spec->length_unit ? spec->length_unit : "m", &grid->length_unit));
    for (int d = 0; d < 3; d++) {
        if (spec->axis[d]) PEL_TRY(pel_text_copy(spec->axis[d], &grid->axis[d]));
        if (spec->axis_unit[d]) PEL_TRY(pel_text_copy(spec->axis_unit[d], &grid->axis_unit[d]));
    }
    return PEL_OK;
}

pel_status pel_grid_create(const pel_grid_spec *spec, pel_grid **grid)
{
    PEL_TRY(check(spec));
    pel_grid *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->dimensions = spec->dimensions;
    for (int d = 0; d < 3; d++) fill_dimension(fresh, spec, d);
    const pel_status status = copy_texts(fresh, spec);
    if (status != PEL_OK) {
        pel_grid_destroy(fresh);
        return status;
    }
    *grid = fresh;
    return PEL_OK;
}

void pel_grid_destroy(pel_grid *grid)
{
    if (!grid) return;
    for (size_t i = 0; i < grid->field_count; i++) pel_field_destroy(grid->fields[i]);
    free(grid->fields);
    for (int d = 0; d < 3; d++) {
        free(grid->axis_unit[d]);
        free(grid->axis[d]);
    }
    free(grid->length_unit);
    free(grid->name);
    free(grid);
}

pel_status pel_grid_adopt(pel_grid *grid, pel_field *field)
{
    PEL_TRY(pel_memory_grow(&grid->fields, &grid->field_capacity, grid->field_count + 1, sizeof(pel_field *)));
    grid->fields[grid->field_count++] = field;
    return PEL_OK;
}

const char *pel_grid_name(const pel_grid *grid)
{
    return grid->name;
}

const char *pel_grid_length_unit(const pel_grid *grid)
{
    return grid->length_unit;
}

const char *pel_grid_axis(const pel_grid *grid, int d)
{
    return grid->axis[d];
}

const char *pel_grid_axis_unit(const pel_grid *grid, int d)
{
    if (grid->axis_unit[d]) return grid->axis_unit[d];
    return grid->axis[d] ? "1" : grid->length_unit;
}

int pel_grid_dimensions(const pel_grid *grid)
{
    return grid->dimensions;
}

int pel_grid_cells(const pel_grid *grid, int d)
{
    return grid->cells[d];
}

double pel_grid_spacing(const pel_grid *grid, int d)
{
    return grid->spacing[d];
}

bool pel_grid_is_periodic(const pel_grid *grid, int d)
{
    return grid->is_periodic[d];
}

pel_box pel_grid_block_box(const pel_grid *grid, const int block[3])
{
    pel_box box;
    for (int d = 0; d < 3; d++) {
        box.lo[d] = grid->bounds[d][block[d]];
        box.hi[d] = grid->bounds[d][block[d] + 1];
    }
    return box;
}

pel_box pel_grid_owned(const pel_grid *grid)
{
    return pel_grid_block_box(grid, grid->block);
}

int pel_grid_blocks(const pel_grid *grid, int d)
{
    return grid->blocks[d];
}

int pel_grid_block(const pel_grid *grid, int d)
{
    return grid->block[d];
}

double pel_grid_centre(const pel_grid *grid, int d, int i)
{
    return grid->origin[d] + (i + 0.5) * grid->spacing[d];
}

double pel_grid_face(const pel_grid *grid, int d, int i)
{
    return grid->origin[d] + i * grid->spacing[d];
}

int pel_grid_field_count(const pel_grid *grid)
{
    return (int)grid->field_count;
}

pel_field *pel_grid_field(const pel_grid *grid, int index)
{
    return grid->fields[index];
}

pel_field *pel_grid_find(const pel_grid *grid, const char *name)
{
    for (size_t i = 0; i < grid->field_count; i++)
        if (strcmp(pel_field_name(grid->fields[i]), name) == 0) return grid->fields[i];
    return NULL;
}
