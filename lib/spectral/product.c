/* Products: three passes, with the caller's kernels riding along.
 *
 * 1. Lines along y, one k and all levels at a time: to_physical makes the line of each input in scratch, and its
 *    transform along y goes to the input's work field.
 * 2. Blocks of 8 rows: the inputs are gathered and transformed along x, multiply makes the outputs, which are
 *    transformed back and scattered into the work fields - over the columns that this block alone has just read, so
 *    that inputs and outputs share them.
 * 3. Lines along y again: the outputs are transformed where they lie, and to_spectral makes of them what is wanted.
 *
 * Arrays are read or written once a pass: three passes over the inputs and outputs, one over the args. */
#include "spectral/product.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "spectral/pass_inside.h"

/* What a call's parameters begin with; the caller's follow. */
typedef struct head {
    const pel_space *space;
    pel_product_spec spec;
    int arg_count;
    _Alignas(max_align_t) char params[];
} head;

enum { MOST_VIEWS = 64 };

/* A call at work. */
typedef struct job {
    const head *h;
    const pel_view *arg, *work;
    const pel_step *step;
} job;

/* ---- views of scratch ---- */

/* A view of memory that holds the points of `box` of a level every `plane` elements, addressed by global indices.
 * The origin may lie outside the memory; it is not looked at. */
static pel_view view_of(void *memory, size_t bytes, const pel_box *box, ptrdiff_t row, ptrdiff_t plane)
{
    const ptrdiff_t first = box->lo[0] + box->lo[1] * row + box->lo[2] * plane;
    return (pel_view){.origin = (void *)((uintptr_t)memory - bytes * (uintptr_t)first), .stride = {1, row, plane}};
}

/* ---- lines along y ---- */

static pel_box box_of_line(const pel_space *space, int k)
{
    return (pel_box){{0, k, 0}, {space->points[1], k + 1, space->points[2]}};
}

static bool is_kept(const pel_space *space, int k)
{
    return k < space->kept[0];
}

/* Zeroes the numbers of a line from which on a truncation drops them. */
static void truncate(const pel_space *space, double complex *line)
{
    const int n = space->points[1], kept = space->kept[1];
    for (int l = kept; l <= n - kept; l++) line[l] = 0;
}

static ptrdiff_t line_pitch(const pel_space *space)
{
    return (space->points[1] + 3) / 4 * 4 + 4;
}

static bool line_to_physical(const void *data, long k)
{
    const job *j = data;
    const pel_space *space = j->h->space;
    const int inputs = j->h->spec.inputs, levels = space->points[2];
    if (!is_kept(space, (int)k)) return true;
    const ptrdiff_t pitch = line_pitch(space);
    double complex *scratch = pel_line_scratch(sizeof *scratch * (size_t)(pitch * levels * inputs));
    if (!scratch) return false;
    const pel_box box = box_of_line(space, (int)k);
    pel_view views[MOST_VIEWS];
    memcpy(views, j->arg, sizeof *views * (size_t)j->h->arg_count);
    for (int i = 0; i < inputs; i++)
        views[j->h->arg_count + i] = view_of(scratch + i * levels * pitch, sizeof *scratch, &box, pitch, pitch);
    j->h->spec.to_physical(&box, views, j->step, j->h->params);
    for (int i = 0; i < inputs; i++)
        for (int z = 0; z < levels; z++) {
            double complex *line = scratch + (i * levels + z) * pitch;
            truncate(space, line);
            pel_line_run(space->backward[1], line, pel_row_complex(j->work[i], (int)k, z));
        }
    return true;
}

static void line_of_output(const job *j, int o, int k, int z, double complex *to)
{
    const pel_space *space = j->h->space;
    if (is_kept(space, k)) {
        pel_line_run(space->forward[1], pel_row_complex(j->work[o], k, z), to);
        truncate(space, to);
    } else {
        memset(to, 0, sizeof *to * (size_t)space->points[1]);
    }
}

/* The inputs are gone by now: their views are empty. */
static bool line_to_spectral(const void *data, long k)
{
    const job *j = data;
    const pel_space *space = j->h->space;
    const int outputs = j->h->spec.outputs, levels = space->points[2];
    const ptrdiff_t pitch = line_pitch(space);
    double complex *scratch = pel_line_scratch(sizeof *scratch * (size_t)(pitch * levels * outputs));
    if (!scratch) return false;
    const pel_box box = box_of_line(space, (int)k);
    pel_view views[MOST_VIEWS] = {0};
    memcpy(views, j->arg, sizeof *views * (size_t)j->h->arg_count);
    for (int o = 0; o < outputs; o++) {
        double complex *lines = scratch + o * levels * pitch;
        views[j->h->arg_count + j->h->spec.inputs + o] = view_of(lines, sizeof *lines, &box, pitch, pitch);
        for (int z = 0; z < levels; z++) line_of_output(j, o, (int)k, z, lines + z * pitch);
    }
    j->h->spec.to_spectral(&box, views, j->step, j->h->params);
    return true;
}

/* ---- blocks of rows ---- */

/* A block in scratch: the coefficients of 8 rows, and the rows of every input and output. */
typedef struct block {
    pel_box box;
    int rows;
    double complex *coefficients;
    double *values; /* array after array */
    ptrdiff_t pitch, array;
} block;

static bool open_block(const job *j, long item, block *b)
{
    const pel_space *space = j->h->space;
    const int blocks = pel_pass_blocks(space), z = (int)(item / blocks), y = (int)(item % blocks) * PEL_PASS_ROWS;
    const int arrays = j->h->spec.inputs + j->h->spec.outputs;
    b->rows = space->points[1] - y < PEL_PASS_ROWS ? space->points[1] - y : PEL_PASS_ROWS;
    b->box = (pel_box){{0, y, z}, {space->points[0], y + b->rows, z + 1}};
    b->pitch = pel_pass_real_pitch(space);
    b->array = b->pitch * PEL_PASS_ROWS;
    const size_t first = sizeof(double complex) * (size_t)(pel_pass_pitch(space) * PEL_PASS_ROWS);
    b->coefficients = pel_line_scratch(first + sizeof(double) * (size_t)(b->array * arrays));
    if (b->coefficients) b->values = (double *)b->coefficients + first / sizeof(double);
    return b->coefficients != NULL;
}

static void take_input(const job *j, const block *b, int i)
{
    const pel_space *space = j->h->space;
    const pel_view work = j->work[i];
    const int stored = pel_space_stored(space), kept = space->kept[0] < stored ? space->kept[0] : stored;
    pel_pass_gather(space, pel_row_complex(work, 0, b->box.lo[2]) + b->box.lo[1], work.stride[1], b->rows, kept,
                    b->coefficients);
    for (int row = 0; row < b->rows; row++)
        pel_line_run(space->backward[0], b->coefficients + row * pel_pass_pitch(space),
                     b->values + i * b->array + row * b->pitch);
}

static void give_output(const job *j, const block *b, int o)
{
    const pel_space *space = j->h->space;
    const pel_view work = j->work[o];
    const int stored = pel_space_stored(space), kept = space->kept[0] < stored ? space->kept[0] : stored;
    for (int row = 0; row < b->rows; row++)
        pel_line_run(space->forward[0], b->values + (j->h->spec.inputs + o) * b->array + row * b->pitch,
                     b->coefficients + row * pel_pass_pitch(space));
    pel_pass_scatter(space, b->coefficients, b->rows, kept, pel_space_scale(space),
                     pel_row_complex(work, 0, b->box.lo[2]) + b->box.lo[1], work.stride[1]);
}

static bool multiply_block(const void *data, long item)
{
    const job *j = data;
    const pel_product_spec *spec = &j->h->spec;
    block b;
    if (!open_block(j, item, &b)) return false;
    for (int i = 0; i < spec->inputs; i++) take_input(j, &b, i);
    pel_view views[MOST_VIEWS];
    memcpy(views, j->arg, sizeof *views * (size_t)j->h->arg_count);
    for (int a = 0; a < spec->inputs + spec->outputs; a++)
        views[j->h->arg_count + a] = view_of(b.values + a * b.array, sizeof(double), &b.box, b.pitch, b.array);
    spec->multiply(&b.box, views, j->step, j->h->params);
    for (int o = 0; o < spec->outputs; o++) give_output(j, &b, o);
    return true;
}

/* ---- the call ---- */

static pel_status call(const pel_call *c)
{
    const head *h = c->params;
    const pel_space *space = h->space;
    const job j = {h, c->arg, c->arg + h->arg_count, c->step};
    PEL_TRY(pel_pass_run(&(pel_pass){line_to_physical, &j, pel_space_stored(space)}, c->team));
    PEL_TRY(pel_pass_run(&(pel_pass){multiply_block, &j, (long)pel_pass_blocks(space) * space->points[2]}, c->team));
    if (h->spec.outputs == 0) return PEL_OK;
    return pel_pass_run(&(pel_pass){line_to_spectral, &j, pel_space_stored(space)}, c->team);
}

static pel_status check(const pel_space *space, const pel_product_spec *spec, int arg_count)
{
    if (space->is_complex || space->along != (PEL_ALONG_X | PEL_ALONG_Y))
        return pel_fail(PEL_ERR_ARGUMENT, "products are for spaces of real fields along x and y");
    if (spec->inputs < 1 || spec->inputs > PEL_PRODUCT_MOST || spec->outputs < 0 || spec->outputs > PEL_PRODUCT_MOST)
        return pel_fail(PEL_ERR_ARGUMENT, "a product of %d inputs and %d outputs; up to %d are allowed", spec->inputs,
                        spec->outputs, PEL_PRODUCT_MOST);
    if (arg_count + spec->inputs + spec->outputs > MOST_VIEWS)
        return pel_fail(PEL_ERR_ARGUMENT, "a product with %d args; %d views are too many", arg_count,
                        arg_count + spec->inputs + spec->outputs);
    return PEL_OK;
}

static double transform_flops(const pel_space *space, const pel_product_spec *spec)
{
    const int stored = pel_space_stored(space), lines = space->kept[0] < stored ? space->kept[0] : stored;
    return (spec->inputs + spec->outputs) * pel_space_transform_flops(space, lines) +
           spec->outputs * pel_space_scale_flops(space, lines);
}

static pel_status record(pel_space *space, pel_chain *chain, const char *name, const pel_product_spec *spec,
                         const void *params, size_t params_size, const pel_arg *args, int arg_count)
{
    PEL_TRY(check(space, spec, arg_count));
    pel_arg all[MOST_VIEWS];
    const int works = spec->inputs > spec->outputs ? spec->inputs : spec->outputs;
    memcpy(all, args, sizeof *all * (size_t)arg_count);
    for (int i = 0; i < works; i++) {
        pel_field *work;
        PEL_TRY(pel_space_work_field(space, i, &work));
        all[arg_count + i] = pel_write(work, 0);
    }
    head *h = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *h + params_size, &h));
    *h = (head){.space = space, .spec = *spec, .arg_count = arg_count};
    if (params_size > 0) memcpy(h->params, params, params_size);
    pel_chain_call_args(chain, name, call, h, sizeof *h + params_size, all, arg_count + works);
    if (spec->flops > 0) pel_chain_flops(chain, spec->flops + transform_flops(space, spec));
    free(h);
    return PEL_OK;
}

void pel_product_args(pel_space *space, pel_chain *chain, const char *name, const pel_product_spec *spec,
                      const void *params, size_t params_size, const pel_arg *args, int arg_count)
{
    pel_chain_refuse(chain, record(space, chain, name, spec, params, params_size, args, arg_count));
}
