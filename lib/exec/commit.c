/* The commit: plans of all chains, then memory of all fields, first touched by the threads that will compute it. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "exec/chain_inside.h"

/* What the team zeroes: the fields that had no memory before. */
typedef struct zeroing {
    pel_field **fields;
    size_t count, capacity;
} zeroing;

static void zero_part(const pel_field *field, int level, pel_box part)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    const pel_box box = pel_box_intersect(pel_field_stored(field), part);
    const pel_view view = pel_field_view(field, level);
    const ptrdiff_t bytes = (ptrdiff_t)pel_type_bytes(spec->type);
    for (int c = 0; c < spec->components && !pel_box_is_empty(box); c++)
        for (int z = box.lo[2]; z < box.hi[2]; z++)
            for (int y = box.lo[1]; y < box.hi[1]; y++) {
                const ptrdiff_t at =
                    box.lo[0] * view.stride[0] + y * view.stride[1] + z * view.stride[2] + c * view.component;
                memset((char *)view.origin + at * bytes, 0, (size_t)(box.hi[0] - box.lo[0]) * (size_t)bytes);
            }
}

static void zero_share(int thread, int threads, void *data)
{
    const zeroing *z = data;
    for (size_t f = 0; f < z->count; f++) {
        pel_arg arg = {.field = z->fields[f]};
        const slot as_loop = {.args = &arg, .arg_count = 1};
        for (int l = 0; l < pel_field_spec_of(arg.field)->levels; l++)
            zero_part(arg.field, l, pel_tiling_part(&as_loop, thread, threads));
    }
}

static pel_status check_type(const pel_field *field)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    for (int d = 0; d < 3; d++)
        for (int side = 0; side < 2; side++)
            if (spec->boundary[d][side].kind != PEL_BOUNDARY_NONE && spec->type != PEL_DOUBLE)
                return pel_fail(PEL_ERR_ARGUMENT, "field %s: boundary conditions are for fields of double only",
                                pel_field_name(field));
    return PEL_OK;
}

static pel_status allocate(pel_grid *const *grids, int grid_count, zeroing *fresh)
{
    for (int g = 0; g < grid_count; g++)
        for (int f = 0; f < pel_grid_field_count(grids[g]); f++) {
            pel_field *field = pel_grid_field(grids[g], f);
            if (pel_field_is_allocated(field)) continue;
            PEL_TRY(check_type(field));
            PEL_TRY(pel_memory_grow(&fresh->fields, &fresh->capacity, fresh->count + 1, sizeof *fresh->fields));
            PEL_TRY(pel_field_allocate(field));
            fresh->fields[fresh->count++] = field;
        }
    return PEL_OK;
}

pel_status pel_commit_plan(pel_chain *const *chains, int chain_count)
{
    for (int i = 0; i < chain_count; i++) PEL_TRY(pel_chain_derive(chains[i]));
    return PEL_OK;
}

pel_status pel_commit(pel_team *team, pel_grid *const *grids, int grid_count, pel_chain *const *chains, int chain_count)
{
    PEL_TRY(pel_commit_plan(chains, chain_count));
    zeroing fresh = {0};
    const pel_status status = allocate(grids, grid_count, &fresh);
    if (status == PEL_OK) pel_team_run(team, zero_share, &fresh);
    free(fresh.fields);
    return status;
}
