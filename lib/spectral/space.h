/**
 * @file
 * Wavenumber space: the grid of the wavenumbers of a periodic grid, its spectral fields, and loops over them.
 *
 * A spectral field is an ordinary complex field on a wavenumber grid; a kernel over a box of wavenumbers is recorded in
 * a chain like any other, and gets k and l as one-dimensional args.
 *
 * A field f is the sum of its coefficients: f(x, y) = sum F(k, l) exp(i (k x + l y)), x and y counted from the first
 * cell centre. So coefficients have the units of the field, and F(0, 0) is its mean. Of a real field only k >= 0 is
 * stored: F(-k, -l) is the conjugate of F(k, l).
 *
 * Layout. Along which dimensions of the grid is transformed, and what index of the wavenumber grid is which:
 *
 * | transformed       | x index | y index | z index | cells of the wavenumber grid, real fields |
 * |-------------------|---------|---------|---------|-------------------------------------------|
 * | x                 | k       | y       | z       | nx / 2 + 1, ny, nz                        |
 * | x and y           | l       | k       | z       | ny, nx / 2 + 1, nz                        |
 * | x, y and z        | l       | k       | m       | ny, nx / 2 + 1, nz                        |
 *
 * l runs fastest, not k: after the transforms along x, whole lines along y follow each other in memory, and no second
 * transpose is needed. Of complex fields all nx values of k are stored. Indices of k, l and m count 0, 1, ..., then the
 * negative ones: ..., -2, -1.
 */
#ifndef PELAGOS_SPECTRAL_SPACE_H
#define PELAGOS_SPECTRAL_SPACE_H

#include <stdbool.h>

#include "exec/chain.h"

typedef struct pel_space pel_space;

/** What a space is made of; zero means the default. */
typedef struct pel_space_spec {
    pel_grid *grid;    /**< the physical grid; periodic along all that is transformed, whole on this process */
    unsigned along;    /**< PEL_ALONG_X, _X | _Y, or all three; default: x and y, or x where the grid has no y */
    bool is_complex;   /**< of complex fields; default: of real ones */
    const char *name;  /**< of the wavenumber grid, prefix of its dimensions in files; default "spectral" */
    double truncation; /**< products keep |k| below this fraction of the largest, 2.0 / 3 against aliasing (Orszag, J.
                            Atmos. Sci. 28 (1971) 1074); default: all */
} pel_space_spec;

/**
 * Makes the space, its grid and the fields k, l (m). They live until pel_space_destroy(), which destroys the grid
 * unless it was handed to a component. Lengths that FFTW does badly are worth a warning that names the next good one.
 * @return PEL_OK, PEL_ERR_ARGUMENT (a dimension that is not periodic, a cut grid, less than 4 cells), PEL_ERR_MEMORY
 */
pel_status pel_space_create(const pel_space_spec *spec, pel_space **space);
/** Ends the space; its grid too if it still owns it. NULL is allowed. */
void pel_space_destroy(pel_space *space);

/** The physical grid, and the wavenumber grid. */
pel_grid *pel_space_physical(const pel_space *space);
pel_grid *pel_space_grid(const pel_space *space);
/** Hands the wavenumber grid over to the caller (a component), who destroys it. */
pel_grid *pel_space_give_grid(pel_space *space);

/** Declares a spectral field: `spec` with type PEL_COMPLEX on the wavenumber grid. As pel_field_declare(). */
pel_status pel_space_field(pel_space *space, const char *name, const pel_field_spec *spec, pel_field **field);

/**
 * The wavenumbers along dimension d of the *physical* grid (0: k, 1: l, 2: m), rad per unit of length, as a
 * one-dimensional field of doubles (role PEL_CONSTANT) along its index. Filled by pel_space_fill(). At the largest
 * wavenumber of an even number of cells a first derivative vanishes (cos(pi j) has slope 0 at every point): for odd
 * derivatives take pel_space_slopes(), which is 0 there.
 */
pel_field *pel_space_wavenumbers(const pel_space *space, int d);
pel_field *pel_space_slopes(const pel_space *space, int d);
/** Fills the wavenumbers and slopes. After pel_commit(); they are constants, so a resumed run has them already. */
void pel_space_fill(const pel_space *space);
/** The wavenumber of index i along dimension d of the physical grid, rad per unit of length. */
double pel_space_wavenumber(const pel_space *space, int d, int i);
/** How many coefficients of the whole plane a stored one stands for: of a real field 2, but 1 where k = 0 or 2 k = nx,
 * which are their own conjugates; of a complex field 1. `i` is the index of k. */
int pel_space_weight(const pel_space *space, int i);

/* ---- loops over wavenumbers ---- */

/** Records out = (i k)^n in, the n-th derivative along dimension d of the physical grid. */
void pel_space_derivative(const pel_space *space, pel_chain *chain, int d, int n, pel_field *in, int in_level,
                          pel_field *out, int out_level);
/** Records out = -in / (k^2 + l^2 (+ m^2) + lambda), 1 / length^2: the solution of (Laplacian - lambda) out = in; where
 * lambda is 0 the mean of out is 0. */
void pel_space_inverse_laplacian(const pel_space *space, pel_chain *chain, double lambda, pel_field *in, int in_level,
                                 pel_field *out, int out_level);
/** Records field *= factor, a field of doubles on the wavenumber grid (a filter, a truncation). */
void pel_space_multiply(const pel_space *space, pel_chain *chain, pel_field *factor, pel_field *field, int level);

/* ---- factors: fields of doubles on the wavenumber grid, filled after pel_commit() ---- */

/** 1 where every |k| is below `fraction` of the largest of its dimension, else 0. */
void pel_space_fill_truncation(const pel_space *space, double fraction, pel_field *factor);
/**
 * exp(-strength (kappa* - cutoff)^4) for kappa* = sqrt((k dx)^2 + (l dy)^2) > cutoff, else 1: the exponential filter of
 * LaCasce, PhD thesis (1996). With strength 23.6 and cutoff 0.65 pi it is 1e-15 at the largest kappa* along an axis.
 */
void pel_space_fill_filter(const pel_space *space, double strength, double cutoff, pel_field *factor);

#endif
