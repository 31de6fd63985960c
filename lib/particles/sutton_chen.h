/**
 * @file
 * The potential of Sutton & Chen: fcc metals from five numbers, without a file.
 */
#ifndef PELAGOS_PARTICLES_SUTTON_CHEN_H
#define PELAGOS_PARTICLES_SUTTON_CHEN_H

#include "particles/eam_file.h"

/** A metal, as in table 1 of the paper. */
typedef struct pel_sutton_chen {
    double epsilon; /**< eV */
    double a;       /**< angstrom; the lattice constant, where n, m and c balance without a cutoff */
    double n, m;    /**< powers of repulsion and density, n > m > 3 */
    double c;
} pel_sutton_chen;

/** The share of the cutoff from which on pairs are brought to zero there. */
#define PEL_SUTTON_CHEN_TAPER 0.9

/**
 * Tables for pel_eam_create(), with masses 0; for pel_eam_tables_free(). Unlike metals are mixed.
 * @param metals  [types]
 * @param cutoff  angstrom; what acts beyond 0.9 of it is weakened, until nothing is left
 * @param knots   in distance; 0: 2000
 * @return PEL_OK; PEL_ERR_ARGUMENT naming a metal that cannot be; PEL_ERR_MEMORY
 */
pel_status pel_sutton_chen_tables(int types, const pel_sutton_chen *metals, double cutoff, long knots,
                                  pel_eam_tables *tables);

#endif
