/* The five transforms of a layer and step of qg, by the same product in physical space (spectral/product.h), whose
 * kernels only copy: the inputs are three times the spectrum of a field, the outputs are two of them, and what becomes
 * of their mean is that spectrum again. The memory traffic of a step's kernels, in which they take part, is left: one
 * spectral field is read and one is written. */
#include "bench/advection.h"

#include <complex.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/memory.h"
#include "spectral/product.h"
#include "spectral/transform.h"

enum { FROM, TO, ARGS }; /* the declared accesses */
enum { INPUTS = 3, OUTPUTS = 2 };

typedef struct advection {
    pel_team *team;
    pel_grid *grid;
    pel_space *space;
    pel_field *values, *from, *to;
    pel_chain *start, *chain;
} advection;

/* ---- kernels ---- */

static void to_physical(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++) {
        const double complex *from = pel_row_complex(arg[FROM], box->lo[1], z);
        for (int i = 0; i < INPUTS; i++) {
            double complex *restrict to = pel_row_complex(arg[ARGS + i], box->lo[1], z);
            for (int x = box->lo[0]; x < box->hi[0]; x++) to[x] = from[x];
        }
    }
}

static void copy(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int i = 0; i < OUTPUTS; i++) {
                const double *from = pel_row(arg[ARGS + i], y, z), *other = pel_row(arg[ARGS + OUTPUTS], y, z);
                double *restrict to = pel_row(arg[ARGS + INPUTS + i], y, z);
                for (int x = box->lo[0]; x < box->hi[0]; x++) to[x] = 0.5 * (from[x] + other[x]);
            }
}

static void to_spectral(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    const pel_view *output = arg + ARGS + INPUTS;
    for (int z = box->lo[2]; z < box->hi[2]; z++) {
        const double complex *a = pel_row_complex(output[0], box->lo[1], z);
        const double complex *b = pel_row_complex(output[1], box->lo[1], z);
        double complex *restrict to = pel_row_complex(arg[TO], box->lo[1], z);
        for (int x = box->lo[0]; x < box->hi[0]; x++) to[x] = 0.5 * (a[x] + b[x]);
    }
}

/* ---- making and ending ---- */

static void end(void *state)
{
    advection *a = state;
    pel_chain_destroy(a->chain);
    pel_chain_destroy(a->start);
    pel_space_destroy(a->space);
    pel_grid_destroy(a->grid);
    free(a);
}

static pel_status record(advection *a)
{
    static const pel_product_spec spec = {
        .inputs = INPUTS, .outputs = OUTPUTS, .to_physical = to_physical, .multiply = copy, .to_spectral = to_spectral};
    PEL_TRY(pel_chain_create("start", PEL_CHAIN_PLAIN, &a->start));
    PEL_TRY(pel_chain_create("transforms", PEL_CHAIN_PLAIN, &a->chain));
    pel_transform_forward(a->space, a->start, "there",
                          &(pel_transform_pair){.physical = a->values, .spectral = a->from}, 1);
    pel_product(a->space, a->chain, "transforms", &spec, NULL, 0, pel_read(a->from, 0), pel_write(a->to, 0));
    pel_grid *const grids[] = {a->grid, pel_space_grid(a->space)};
    pel_chain *const chains[] = {a->start, a->chain};
    return pel_commit(a->team, grids, 2, chains, 2);
}

static pel_status set_up(advection *a, const int cells[3])
{
    const pel_grid_spec spec = {
        .dimensions = 3, .cells = {cells[0], cells[1], cells[2]}, .is_periodic = {true, true, false}};
    PEL_TRY(pel_grid_create(&spec, &a->grid));
    PEL_TRY(pel_field_declare(a->grid, "values", &(pel_field_spec){0}, &a->values));
    PEL_TRY(pel_space_create(&(pel_space_spec){.grid = a->grid, .along = PEL_ALONG_X | PEL_ALONG_Y}, &a->space));
    PEL_TRY(pel_space_field(a->space, "from", &(pel_field_spec){0}, &a->from));
    PEL_TRY(pel_space_field(a->space, "to", &(pel_field_spec){0}, &a->to));
    return record(a);
}

static pel_status begin(bench_problem *p, unsigned effort, void **state)
{
    (void)effort;
    advection *a = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *a, &a));
    a->team = p->team;
    const pel_status status = set_up(a, p->cells);
    if (status == PEL_OK) *state = a;
    else end(a);
    return status;
}

/* ---- running ---- */

static pel_status run(advection *a, pel_chain *chain)
{
    static const pel_run_options options = {.executor = PEL_EXECUTOR_SPATIAL};
    return pel_chain_run(chain, a->team, &options, (pel_step){.dt = 1}, 1);
}

static pel_status load(const bench_problem *p, void *state)
{
    advection *a = state;
    const pel_view view = pel_field_view(a->values, 0);
    uint64_t i = 0;
    for (int z = 0; z < p->cells[2]; z++)
        for (int y = 0; y < p->cells[1]; y++)
            for (int x = 0; x < p->cells[0]; x++, i++)
                pel_row(view, y, z)[x] = (double)(pel_hash_mix(0, i) >> 11) * 0x1p-53 - 0.5;
    pel_field_mark_set(a->values, 0);
    return run(a, a->start);
}

static pel_status step(void *state)
{
    advection *a = state;
    return run(a, a->chain);
}

static double difference(const bench_problem *p, void *state)
{
    const advection *a = state;
    bench_apart apart = {0};
    for (int z = 0; z < p->cells[2]; z++)
        for (int k = 0; k <= p->cells[0] / 2; k++) {
            const double complex *from = pel_row_complex(pel_field_view(a->from, 0), k, z);
            const double complex *to = pel_row_complex(pel_field_view(a->to, 0), k, z);
            for (int l = 0; l < p->cells[1]; l++) {
                bench_add_apart(&apart, creal(from[l]), creal(to[l]));
                bench_add_apart(&apart, cimag(from[l]), cimag(to[l]));
            }
        }
    return bench_difference(&apart);
}

const bench_rival bench_advection_alone = {
    .begin = begin,
    .load = load,
    .step = step,
    .difference = difference,
    .end = end,
    .transforms = 2,
};
