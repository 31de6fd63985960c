/**
 * @file
 * The passes that transforms and products are made of. For lib/spectral only.
 *
 * A *block* is some neighbouring rows of one level; between the passes along x and along y its coefficients are
 * transposed, k by k, in pieces that fill whole cache lines.
 */
#ifndef PELAGOS_SPECTRAL_PASS_INSIDE_H
#define PELAGOS_SPECTRAL_PASS_INSIDE_H

#include "spectral/space_inside.h"

enum { PEL_PASS_ROWS = 8 }; /* rows of a block: 8 complex numbers fill two cache lines */

/** Blocks of a level. */
static inline int pel_pass_blocks(const pel_space *space)
{
    return (space->points[1] + PEL_PASS_ROWS - 1) / PEL_PASS_ROWS;
}
/** Coefficients from one row of a block to the next, in scratch: on a cache line, no power of two. */
ptrdiff_t pel_pass_pitch(const pel_space *space);
/** Doubles from one row to the next, in scratch. */
ptrdiff_t pel_pass_real_pitch(const pel_space *space);

/**
 * to[k][y0 + i] = scale * from[i][k] for the first `kept` k of `rows` rows; `to` is the line k = 0 at l or y = y0,
 * `line` its pitch.
 */
void pel_pass_scatter(const pel_space *space, const double complex *from, int rows, int kept, double scale,
                      double complex *to, ptrdiff_t line);
/** The way back: to[i][k] = from[k][y0 + i], and 0 from k = kept on. */
void pel_pass_gather(const pel_space *space, const double complex *from, ptrdiff_t line, int rows, int kept,
                     double complex *to);

/** A job of the team: `items` pieces, each done by one thread. A piece that finds no memory returns false. */
typedef struct pel_pass {
    bool (*piece)(const void *data, long item);
    const void *data;
    long items;
} pel_pass;
/** Runs all pieces, each thread a contiguous share. @return PEL_OK or PEL_ERR_MEMORY */
pel_status pel_pass_run(const pel_pass *pass, pel_team *team);

#endif
