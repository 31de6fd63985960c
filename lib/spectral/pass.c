/* Passes: transposing blocks, and handing pieces to the team. */
#include "spectral/pass_inside.h"

#include <stdatomic.h>

enum { LINE_VALUES = 4 }; /* complex numbers in a cache line */

ptrdiff_t pel_pass_pitch(const pel_space *space)
{
    const ptrdiff_t lines = (pel_space_stored(space) + LINE_VALUES - 1) / LINE_VALUES;
    return (lines | 1) * LINE_VALUES;
}

ptrdiff_t pel_pass_real_pitch(const pel_space *space)
{
    const ptrdiff_t lines = (space->points[0] + 2 * LINE_VALUES - 1) / (2 * LINE_VALUES);
    return (lines | 1) * 2 * LINE_VALUES;
}

/* ---- transposing ---- */

/* Four complex numbers: a cache line. */
typedef double quad __attribute__((vector_size(64), may_alias));

/* Columns become rows: a 4 by 4 transpose of complex numbers. */
static inline void transpose(quad a[4])
{
    const quad ab_low = __builtin_shufflevector(a[0], a[1], 0, 1, 8, 9, 4, 5, 12, 13);
    const quad ab_high = __builtin_shufflevector(a[0], a[1], 2, 3, 10, 11, 6, 7, 14, 15);
    const quad cd_low = __builtin_shufflevector(a[2], a[3], 0, 1, 8, 9, 4, 5, 12, 13);
    const quad cd_high = __builtin_shufflevector(a[2], a[3], 2, 3, 10, 11, 6, 7, 14, 15);
    a[0] = __builtin_shufflevector(ab_low, cd_low, 0, 1, 2, 3, 8, 9, 10, 11);
    a[1] = __builtin_shufflevector(ab_high, cd_high, 0, 1, 2, 3, 8, 9, 10, 11);
    a[2] = __builtin_shufflevector(ab_low, cd_low, 4, 5, 6, 7, 12, 13, 14, 15);
    a[3] = __builtin_shufflevector(ab_high, cd_high, 4, 5, 6, 7, 12, 13, 14, 15);
}

/* to[j][i] = scale * from[i][j] for 4 by 4 numbers; all rows begin on a cache line. */
static inline void transpose_scaled(const double complex *from, ptrdiff_t from_pitch, double scale, double complex *to,
                                    ptrdiff_t to_pitch)
{
    quad a[4];
    for (int i = 0; i < 4; i++) a[i] = scale * *(const quad *)(const void *)(from + i * from_pitch);
    transpose(a);
    for (int i = 0; i < 4; i++) *(quad *)(void *)(to + i * to_pitch) = a[i];
}

/* to[j][i] = scale * from[i][j] for i < rows, j < columns. */
static void transpose_block(const double complex *from, ptrdiff_t from_pitch, int rows, int columns, double scale,
                            double complex *to, ptrdiff_t to_pitch)
{
    const int whole_rows = rows / LINE_VALUES * LINE_VALUES, whole_columns = columns / LINE_VALUES * LINE_VALUES;
    for (int j = 0; j < whole_columns; j += LINE_VALUES)
        for (int i = 0; i < whole_rows; i += LINE_VALUES)
            transpose_scaled(from + i * from_pitch + j, from_pitch, scale, to + j * to_pitch + i, to_pitch);
    for (int j = 0; j < columns; j++)
        for (int i = j < whole_columns ? whole_rows : 0; i < rows; i++)
            to[j * to_pitch + i] = scale * from[i * from_pitch + j];
}

void pel_pass_scatter(const pel_space *space, const double complex *from, int rows, int kept, double scale,
                      double complex *to, ptrdiff_t line)
{
    transpose_block(from, pel_pass_pitch(space), rows, kept, scale, to, line);
}

void pel_pass_gather(const pel_space *space, const double complex *from, ptrdiff_t line, int rows, int kept,
                     double complex *to)
{
    const ptrdiff_t pitch = pel_pass_pitch(space);
    const int stored = pel_space_stored(space);
    transpose_block(from, line, kept, rows, 1, to, pitch);
    for (int i = 0; i < rows; i++)
        for (int k = kept; k < stored; k++) to[i * pitch + k] = 0;
}

/* ---- the team ---- */

typedef struct job {
    const pel_pass *pass;
    atomic_bool has_failed;
} job;

static void run_share(int thread, int threads, void *data)
{
    job *j = data;
    long lo, hi;
    pel_team_share(j->pass->items, thread, threads, &lo, &hi);
    for (long item = lo; item < hi; item++)
        if (!j->pass->piece(j->pass->data, item)) atomic_store_explicit(&j->has_failed, true, memory_order_relaxed);
}

pel_status pel_pass_run(const pel_pass *pass, pel_team *team)
{
    job j = {.pass = pass};
    pel_team_run(team, run_share, &j);
    return j.has_failed ? pel_fail(PEL_ERR_MEMORY, "no memory is left for the scratch of a transform") : PEL_OK;
}
