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

static int whole(int count)
{
    return count / LINE_VALUES * LINE_VALUES;
}

/* What lies in a field, line after line far apart, is asked for some lines ahead: no cache foresees it. */
enum { AHEAD = 12 };
#define ASK_FOR(field, line, j, is_write)                                                                              \
    for (int ahead = (j) + AHEAD; ahead < (j) + AHEAD + LINE_VALUES; ahead++)                                          \
        for (int part = 0; part < PEL_PASS_ROWS; part += LINE_VALUES)                                                  \
    __builtin_prefetch((field) + ahead * (line) + part, is_write)

void pel_pass_scatter(const pel_space *space, const double complex *from, int rows, int kept, double scale,
                      double complex *to, ptrdiff_t line)
{
    const ptrdiff_t pitch = pel_pass_pitch(space);
    for (int k = 0; k < whole(kept); k += LINE_VALUES) {
        ASK_FOR(to, line, k, 1);
        for (int i = 0; i < whole(rows); i += LINE_VALUES)
            transpose_scaled(from + i * pitch + k, pitch, scale, to + k * line + i, line);
    }
    for (int k = 0; k < kept; k++)
        for (int i = k < whole(kept) ? whole(rows) : 0; i < rows; i++) to[k * line + i] = scale * from[i * pitch + k];
}

void pel_pass_gather(const pel_space *space, const double complex *from, ptrdiff_t line, int rows, int kept,
                     double complex *to)
{
    const ptrdiff_t pitch = pel_pass_pitch(space);
    for (int k = 0; k < whole(kept); k += LINE_VALUES) {
        ASK_FOR(from, line, k, 0);
        for (int i = 0; i < whole(rows); i += LINE_VALUES)
            transpose_scaled(from + k * line + i, line, 1, to + i * pitch + k, pitch);
    }
    for (int k = 0; k < kept; k++)
        for (int i = k < whole(kept) ? whole(rows) : 0; i < rows; i++) to[i * pitch + k] = from[k * line + i];
    for (int i = 0; i < rows; i++)
        for (int k = kept; k < pel_space_stored(space); k++) to[i * pitch + k] = 0;
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
