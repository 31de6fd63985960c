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

/* With the number of rows known to the compiler. */
static inline void scatter(const double complex *restrict from, ptrdiff_t pitch, int rows, int kept, double scale,
                           double complex *restrict to, ptrdiff_t line)
{
    for (int k = 0; k < kept; k++)
        for (int i = 0; i < rows; i++) to[k * line + i] = scale * from[i * pitch + k];
}

void pel_pass_scatter(const pel_space *space, const double complex *from, int rows, int kept, double scale,
                      double complex *to, ptrdiff_t line)
{
    const ptrdiff_t pitch = pel_pass_pitch(space);
    if (rows == PEL_PASS_ROWS) scatter(from, pitch, PEL_PASS_ROWS, kept, scale, to, line);
    else scatter(from, pitch, rows, kept, scale, to, line);
}

static inline void gather(const double complex *restrict from, ptrdiff_t line, int rows, int kept,
                          double complex *restrict to, ptrdiff_t pitch)
{
    for (int k = 0; k < kept; k++)
        for (int i = 0; i < rows; i++) to[i * pitch + k] = from[k * line + i];
}

void pel_pass_gather(const pel_space *space, const double complex *from, ptrdiff_t line, int rows, int kept,
                     double complex *to)
{
    const ptrdiff_t pitch = pel_pass_pitch(space);
    const int stored = pel_space_stored(space);
    if (rows == PEL_PASS_ROWS) gather(from, line, PEL_PASS_ROWS, kept, to, pitch);
    else gather(from, line, rows, kept, to, pitch);
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
