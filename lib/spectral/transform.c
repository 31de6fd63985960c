/* Transforms of grid fields, dimension after dimension.
 *
 * Forward along x and y: blocks of 8 rows are transformed along x into scratch and written transposed, so that k is
 * constant along a row of the spectral field; then each such row is transformed along y where it lies. Backward goes
 * the other way through a work field, unless the spectral field may be overwritten. In three dimensions, all that has
 * one k is transformed along y and then along z while it is in cache; along z, lines are neighbours and go as one
 * batch.
 *
 * Where there are many levels, each of them small, a thread does all of a level while it is in its cache. Who does what
 * makes no difference to the bits: every line goes through the same plan. */
#include "spectral/transform.h"

#include <string.h>

#include "spectral/pass_inside.h"

enum { LEVEL_BYTES = 1 << 20 }; /* a level that stays in a core's cache between the passes along x and y */

/* One component of a pair, with the views of a call. */
typedef struct array {
    pel_view physical;
    int component;           /* of the physical view */
    pel_view spectral, work; /* work: where lines wait between the passes; the spectral field where that may be */
    const pel_line *columns; /* along z: one plan for the pitch of the levels of `work` */
} array;

typedef struct transform {
    const pel_space *space;
    bool is_forward;
    int count;
    array arrays[PEL_TRANSFORM_MOST];
} transform;

/* ---- addresses ---- */

/* The row of a physical field as bytes: doubles, or complex numbers. */
static void *physical_row(const transform *t, const array *a, int y, int z)
{
    return t->space->is_complex ? (void *)pel_row_complex_c(a->physical, a->component, y, z)
                                : (void *)pel_row_c(a->physical, a->component, y, z);
}

static double complex *work_row(const array *a, int y, int z)
{
    return pel_row_complex(a->work, y, z);
}

static double complex *spectral_row(const array *a, int y, int z)
{
    return pel_row_complex(a->spectral, y, z);
}

/* Item i of `inner` items a level, levels of an array, arrays. */
static const array *find_item(const transform *t, long item, int inner, int *z, int *i)
{
    const int levels = t->space->points[2];
    *i = (int)(item % inner);
    *z = (int)(item / inner % levels);
    return &t->arrays[item / inner / levels];
}

static int rows_of_block(const pel_space *space, int block)
{
    const int left = space->points[1] - block * PEL_PASS_ROWS;
    return left < PEL_PASS_ROWS ? left : PEL_PASS_ROWS;
}

/* ---- along x ---- */

static double complex *block_scratch(const pel_space *space)
{
    return pel_line_scratch(sizeof(double complex) * (size_t)(pel_pass_pitch(space) * PEL_PASS_ROWS));
}

static bool block_forward(const transform *t, const array *a, int z, int block)
{
    const pel_space *space = t->space;
    const int rows = rows_of_block(space, block), y = block * PEL_PASS_ROWS;
    double complex *scratch = block_scratch(space);
    if (!scratch) return false;
    for (int i = 0; i < rows; i++)
        pel_line_run(space->forward[0], physical_row(t, a, y + i, z), scratch + i * pel_pass_pitch(space));
    pel_pass_scatter(space, scratch, rows, pel_space_stored(space), pel_space_scale(space), work_row(a, 0, z) + y,
                     a->work.stride[1]);
    return true;
}

static bool block_backward(const transform *t, const array *a, int z, int block)
{
    const pel_space *space = t->space;
    const int rows = rows_of_block(space, block), y = block * PEL_PASS_ROWS;
    double complex *scratch = block_scratch(space);
    if (!scratch) return false;
    pel_pass_gather(space, work_row(a, 0, z) + y, a->work.stride[1], rows, pel_space_stored(space), scratch);
    for (int i = 0; i < rows; i++)
        pel_line_run(space->backward[0], scratch + i * pel_pass_pitch(space), physical_row(t, a, y + i, z));
    return true;
}

/* Of spaces along x alone, nothing is transposed. */
static bool single_row_forward(const transform *t, const array *a, int z, int y)
{
    double complex *to = spectral_row(a, y, z);
    const double scale = pel_space_scale(t->space);
    pel_line_run(t->space->forward[0], physical_row(t, a, y, z), to);
    for (int k = 0; k < pel_space_stored(t->space); k++) to[k] *= scale;
    return true;
}

static bool single_row_backward(const transform *t, const array *a, int z, int y)
{
    double complex *scratch = block_scratch(t->space);
    if (!scratch) return false;
    memcpy(scratch, spectral_row(a, y, z), sizeof *scratch * (size_t)pel_space_stored(t->space));
    pel_line_run(t->space->backward[0], scratch, physical_row(t, a, y, z));
    return true;
}

/* ---- along y: k is the row ---- */

/* A line of the work field to where it lies, by way of scratch. */
static bool line_in_place(const pel_line *plan, const transform *t, double complex *line)
{
    const size_t bytes = sizeof *line * (size_t)t->space->points[1];
    double complex *scratch = pel_line_scratch(bytes);
    if (!scratch) return false;
    memcpy(scratch, line, bytes);
    pel_line_run(plan, scratch, line);
    return true;
}

static bool line_forward(const transform *t, const array *a, int z, int k)
{
    return line_in_place(t->space->forward[1], t, work_row(a, k, z));
}

static bool line_backward(const transform *t, const array *a, int z, int k)
{
    double complex *from = spectral_row(a, k, z), *to = work_row(a, k, z);
    if (from == to) return line_in_place(t->space->backward[1], t, to);
    pel_line_run(t->space->backward[1], from, to);
    return true;
}

/* ---- along y and z: all that has one k ---- */

/* Asks for a row that is soon wanted: it lies a whole level away from the one before, which no cache foresees. */
static void ask_for_row(const transform *t, const double complex *row)
{
    for (int l = 0; l < t->space->points[1]; l += 4) __builtin_prefetch(row + l, 1);
}

static void ask_for(const transform *t, const array *a, int z, int k)
{
    if (z >= t->space->points[2]) return;
    ask_for_row(t, work_row(a, k, z));
    if (spectral_row(a, k, z) != work_row(a, k, z)) ask_for_row(t, spectral_row(a, k, z));
}

static bool sheet_piece(const void *data, long item)
{
    const transform *t = data;
    const int stored = pel_space_stored(t->space), k = (int)(item % stored);
    const array *a = &t->arrays[item / stored];
    bool is_done = true;
    for (int z = 0; z < t->space->points[2]; z++) {
        ask_for(t, a, z + 2, k);
        is_done = (t->is_forward ? line_forward : line_backward)(t, a, z, k) && is_done;
    }
    pel_line_run(a->columns, work_row(a, k, 0), work_row(a, k, 0));
    return is_done;
}

/* ---- pieces for the team ---- */

typedef bool level_part(const transform *t, const array *a, int z, int i);

#define PIECE(name, part, inner)                                                                                       \
    static bool name(const void *data, long item)                                                                      \
    {                                                                                                                  \
        const transform *t = data;                                                                                     \
        int z, i;                                                                                                      \
        const array *a = find_item(t, item, inner, &z, &i);                                                            \
        return part(t, a, z, i);                                                                                       \
    }
PIECE(block_forward_piece, block_forward, pel_pass_blocks(t->space))
PIECE(block_backward_piece, block_backward, pel_pass_blocks(t->space))
PIECE(line_forward_piece, line_forward, pel_space_stored(t->space))
PIECE(line_backward_piece, line_backward, pel_space_stored(t->space))
PIECE(row_forward_piece, single_row_forward, t->space->points[1])
PIECE(row_backward_piece, single_row_backward, t->space->points[1])
#undef PIECE

static bool whole_level(const transform *t, long item, level_part *first, int first_count, level_part *second,
                        int second_count)
{
    int z, nothing;
    const array *a = find_item(t, item, 1, &z, &nothing);
    bool is_done = true;
    for (int i = 0; i < first_count; i++) is_done = first(t, a, z, i) && is_done;
    for (int i = 0; i < second_count; i++) is_done = second(t, a, z, i) && is_done;
    return is_done;
}

static bool level_forward_piece(const void *data, long item)
{
    const transform *t = data;
    return whole_level(t, item, block_forward, pel_pass_blocks(t->space), line_forward, pel_space_stored(t->space));
}

static bool level_backward_piece(const void *data, long item)
{
    const transform *t = data;
    return whole_level(t, item, line_backward, pel_space_stored(t->space), block_backward, pel_pass_blocks(t->space));
}

/* ---- running ---- */

static pel_status run(const transform *t, pel_team *team, bool (*piece)(const void *, long), long items_a_level)
{
    const pel_pass pass = {piece, t, t->count * items_a_level * t->space->points[2]};
    return pel_pass_run(&pass, team);
}

/* Whether threads take whole levels: enough of them for all, each small. */
static bool takes_levels(const transform *t, const pel_team *team)
{
    const long levels = (long)t->count * t->space->points[2], threads = pel_team_threads(team);
    const long bytes = (long)sizeof(double complex) * t->space->points[1] * pel_space_stored(t->space);
    return bytes <= LEVEL_BYTES && (levels >= 8 * threads || levels % threads == 0);
}

/* The pitch of the levels, which the plans depend on, is known only now: it is another one where a field has a halo. */
static pel_status run_sheets(transform *t, pel_team *team)
{
    const pel_space *space = t->space;
    const pel_line_kind kind = t->is_forward ? PEL_LINE_FORWARD : PEL_LINE_BACKWARD;
    for (array *a = t->arrays; a < t->arrays + t->count; a++)
        PEL_TRY(pel_line_plan_batch(kind, space->points[2], space->points[1], a->work.stride[2], &a->columns));
    const pel_pass pass = {sheet_piece, t, (long)t->count * pel_space_stored(space)};
    return pel_pass_run(&pass, team);
}

static pel_status run_forward(transform *t, pel_team *team)
{
    const pel_space *space = t->space;
    if (!pel_space_has(space, 1)) return run(t, team, row_forward_piece, space->points[1]);
    if (!pel_space_has(space, 2) && takes_levels(t, team)) return run(t, team, level_forward_piece, 1);
    PEL_TRY(run(t, team, block_forward_piece, pel_pass_blocks(space)));
    if (pel_space_has(space, 2)) return run_sheets(t, team);
    return run(t, team, line_forward_piece, pel_space_stored(space));
}

static pel_status run_backward(transform *t, pel_team *team)
{
    const pel_space *space = t->space;
    if (!pel_space_has(space, 1)) return run(t, team, row_backward_piece, space->points[1]);
    if (!pel_space_has(space, 2) && takes_levels(t, team)) return run(t, team, level_backward_piece, 1);
    if (pel_space_has(space, 2)) PEL_TRY(run_sheets(t, team));
    else PEL_TRY(run(t, team, line_backward_piece, pel_space_stored(space)));
    return run(t, team, block_backward_piece, pel_pass_blocks(space));
}

/* ---- recording ---- */

/* The parameters of a call: the space, and the components of each pair, as many as arrays of a transform at most. */
typedef struct plan {
    const pel_space *space;
    int count, components[PEL_TRANSFORM_MOST];
    bool has_work[PEL_TRANSFORM_MOST], is_forward;
} plan;

/* The view of one component, as its own component 0. */
static pel_view component_of(pel_view view, int component)
{
    view.origin = pel_row_complex_c(view, component, 0, 0);
    return view;
}

/* Views of a call: physical and spectral of each pair, then the work fields. */
static pel_status call(const pel_call *c)
{
    const plan *p = c->params;
    transform t = {.space = p->space, .is_forward = p->is_forward};
    const pel_view *work = c->arg + 2 * p->count;
    for (int i = 0; i < p->count; i++)
        for (int component = 0; component < p->components[i]; component++, t.count++) {
            array *a = &t.arrays[t.count];
            a->physical = c->arg[2 * i];
            a->component = component;
            a->spectral = component_of(c->arg[2 * i + 1], component);
            a->work = p->has_work[i] ? *work++ : a->spectral;
        }
    return p->is_forward ? run_forward(&t, c->team) : run_backward(&t, c->team);
}

static pel_status check_pair(const pel_space *space, const pel_transform_pair *pair)
{
    const pel_field_spec *physical = pel_field_spec_of(pair->physical), *spectral = pel_field_spec_of(pair->spectral);
    const char *names[] = {pel_field_name(pair->physical), pel_field_name(pair->spectral)};
    if (pel_field_grid(pair->physical) != space->physical || pel_field_grid(pair->spectral) != space->grid)
        return pel_fail(PEL_ERR_ARGUMENT, "%s and %s do not lie on the physical and the wavenumber grid of the space",
                        names[0], names[1]);
    if (physical->type != (space->is_complex ? PEL_COMPLEX : PEL_DOUBLE) || spectral->type != PEL_COMPLEX)
        return pel_fail(PEL_ERR_ARGUMENT, "%s must hold %s and %s complex numbers", names[0],
                        space->is_complex ? "complex numbers" : "doubles", names[1]);
    const unsigned all = (1u << pel_grid_dimensions(space->physical)) - 1;
    if (physical->along != all || spectral->along != all)
        return pel_fail(PEL_ERR_ARGUMENT, "%s and %s must lie along all dimensions of their grids", names[0], names[1]);
    if (physical->components != spectral->components)
        return pel_fail(PEL_ERR_ARGUMENT, "%s has %d components, %s has %d", names[0], physical->components, names[1],
                        spectral->components);
    return PEL_OK;
}

static pel_status check_pairs(const pel_space *space, const pel_transform_pair *pairs, int count)
{
    int arrays = 0;
    if (count < 1 || count > PEL_TRANSFORM_MOST)
        return pel_fail(PEL_ERR_ARGUMENT, "a transform of %d fields; 1 to %d are allowed", count, PEL_TRANSFORM_MOST);
    for (int i = 0; i < count; i++) {
        PEL_TRY(check_pair(space, &pairs[i]));
        arrays += pel_field_spec_of(pairs[i].physical)->components;
    }
    if (arrays <= PEL_TRANSFORM_MOST) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT,
                    "a transform of %d fields with %d components in all; up to %d are allowed: "
                    "record several transforms",
                    count, arrays, PEL_TRANSFORM_MOST);
}

static double flops_of(const plan *p)
{
    const int lines = pel_space_stored(p->space);
    int arrays = 0;
    for (int i = 0; i < p->count; i++) arrays += p->components[i];
    return arrays *
           (pel_space_transform_flops(p->space, lines) + (p->is_forward ? pel_space_scale_flops(p->space, lines) : 0));
}

static pel_status record(pel_space *space, pel_chain *chain, const char *name, const pel_transform_pair *pairs,
                         int count, bool is_forward)
{
    pel_arg args[2 * PEL_TRANSFORM_MOST + PEL_SPACE_WORK];
    plan p = {.space = space, .count = count, .is_forward = is_forward};
    int work = 0;
    PEL_TRY(check_pairs(space, pairs, count));
    for (int i = 0; i < count; i++) {
        p.components[i] = pel_field_spec_of(pairs[i].physical)->components;
        const pel_arg physical = pel_read(pairs[i].physical, pairs[i].physical_level);
        const pel_arg spectral = pel_read(pairs[i].spectral, pairs[i].spectral_level);
        args[2 * i] = physical, args[2 * i + 1] = spectral;
        args[is_forward ? 2 * i + 1 : 2 * i].access = PEL_WRITE;
        if (!is_forward && pairs[i].is_spent) args[2 * i + 1].access = PEL_UPDATE;
        p.has_work[i] = !is_forward && !pairs[i].is_spent && pel_space_has(space, 1);
        for (int c = 0; c < p.components[i] && p.has_work[i]; c++, work++) {
            pel_field *field;
            PEL_TRY(pel_space_work_field(space, work, &field));
            args[2 * count + work] = pel_write(field, 0);
        }
    }
    pel_chain_call_args(chain, name, call, &p, sizeof p, args, 2 * count + work);
    pel_chain_flops(chain, flops_of(&p));
    return PEL_OK;
}

void pel_transform_forward(pel_space *space, pel_chain *chain, const char *name, const pel_transform_pair *pairs,
                           int count)
{
    pel_chain_refuse(chain, record(space, chain, name, pairs, count, true));
}

void pel_transform_backward(pel_space *space, pel_chain *chain, const char *name, const pel_transform_pair *pairs,
                            int count)
{
    pel_chain_refuse(chain, record(space, chain, name, pairs, count, false));
}
