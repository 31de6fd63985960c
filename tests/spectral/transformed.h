/**
 * @file
 * A grid with a random field, its spectral field and the field that comes back, for tests of transforms.
 */
#ifndef PELAGOS_TESTS_SPECTRAL_TRANSFORMED_H
#define PELAGOS_TESTS_SPECTRAL_TRANSFORMED_H

#include <complex.h>
#include <math.h>

#include "base/random.h"
#include "exec/field_hash.h"
#include "spectral/transform.h"
#include "support/test.h"

typedef struct transformed {
    int n[3];
    unsigned along;
    bool is_complex;
    pel_team *team;
    pel_grid *grid;
    pel_space *space;
    pel_field *there, *coefficients, *back;
    pel_chain *forward, *backward;
} transformed;

/** Makes everything on a team of `threads`; the grid has as many dimensions as `n` has entries above 0. */
static inline transformed transformed_make(const int n[3], unsigned along, bool is_complex, int threads)
{
    transformed t = {.along = along, .is_complex = is_complex};
    pel_grid_spec spec = {.is_periodic = {true, true, true}, .spacing = {0.5, 0.25, 2}};
    for (int d = 0; d < 3; d++) {
        t.n[d] = n[d] > 0 ? n[d] : 1;
        if (n[d] > 0) spec.dimensions = d + 1;
        spec.cells[d] = t.n[d];
    }
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true}, &t.team));
    CHECK_STATUS(pel_grid_create(&spec, &t.grid));
    CHECK_STATUS(
        pel_space_create(&(pel_space_spec){.grid = t.grid, .along = along, .is_complex = is_complex}, &t.space));
    const pel_field_spec field = {.type = is_complex ? PEL_COMPLEX : PEL_DOUBLE};
    CHECK_STATUS(pel_field_declare(t.grid, "there", &field, &t.there));
    CHECK_STATUS(pel_field_declare(t.grid, "back", &field, &t.back));
    CHECK_STATUS(pel_space_field(t.space, "coefficients", &(pel_field_spec){0}, &t.coefficients));
    CHECK_STATUS(pel_chain_create("forward", PEL_CHAIN_PLAIN, &t.forward));
    CHECK_STATUS(pel_chain_create("backward", PEL_CHAIN_PLAIN, &t.backward));
    pel_transform_forward(t.space, t.forward, "forward",
                          &(pel_transform_pair){.physical = t.there, .spectral = t.coefficients}, 1);
    pel_transform_backward(t.space, t.backward, "backward",
                           &(pel_transform_pair){.physical = t.back, .spectral = t.coefficients}, 1);
    return t;
}

static inline void transformed_commit(transformed *t)
{
    CHECK_STATUS(pel_commit(t->team, (pel_grid *[]){t->grid, pel_space_grid(t->space)}, 2,
                            (pel_chain *[]){t->forward, t->backward}, 2));
    pel_space_fill(t->space);
}

static inline void transformed_end(transformed *t)
{
    pel_chain_destroy(t->forward);
    pel_chain_destroy(t->backward);
    pel_space_destroy(t->space);
    pel_grid_destroy(t->grid);
    pel_team_destroy(t->team);
}

static inline void transformed_run(const transformed *t, pel_chain *chain)
{
    CHECK_STATUS(pel_chain_run(chain, t->team, &(pel_run_options){0}, (pel_step){.dt = 1}, 1));
}

/** The place of a physical point, of a double or of a complex number. */
static inline double *transformed_point(const transformed *t, pel_field *field, int x, int y, int z)
{
    const pel_view view = pel_field_view(field, 0);
    return t->is_complex ? (double *)(pel_row_complex(view, y, z) + x) : pel_row(view, y, z) + x;
}

/** A coefficient by its indices along k, l, m. */
static inline double complex *transformed_coefficient(const transformed *t, int k, int l, int m)
{
    const pel_view view = pel_field_view(t->coefficients, 0);
    return t->along == PEL_ALONG_X ? pel_row_complex(view, l, m) + k : pel_row_complex(view, k, m) + l;
}

static inline int transformed_stored(const transformed *t)
{
    return t->is_complex ? t->n[0] : t->n[0] / 2 + 1;
}

/** Every index of a box n[0] x n[1] x n[2]. */
#define EACH_POINT(n0, n1, n2)                                                                                         \
    for (int z = 0; z < (n2); z++)                                                                                     \
        for (int y = 0; y < (n1); y++)                                                                                 \
            for (int x = 0; x < (n0); x++)

static inline void transformed_fill(const transformed *t, uint64_t seed)
{
    EACH_POINT(t->n[0], t->n[1], t->n[2])
    {
        const uint64_t id = (uint64_t)(x + t->n[0] * (y + t->n[1] * z));
        double *at = transformed_point(t, t->there, x, y, z);
        for (int part = 0; part <= t->is_complex; part++)
            at[part] = 2 * pel_random_uniform((pel_random_key){.seed = seed, .id = id, .draw = (uint64_t)part}) - 1;
    }
}

/** The largest difference of `back` from `there`. */
static inline double transformed_difference(const transformed *t)
{
    double most = 0;
    EACH_POINT(t->n[0], t->n[1], t->n[2])
    {
        const double *a = transformed_point(t, t->there, x, y, z), *b = transformed_point(t, t->back, x, y, z);
        for (int part = 0; part <= t->is_complex; part++) most = fmax(most, fabs(a[part] - b[part]));
    }
    return most;
}

#endif
