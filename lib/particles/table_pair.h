/**
 * @file
 * Tabulated pair potentials, from arrays or from files of LAMMPS' pair_style table.
 */
#ifndef PELAGOS_PARTICLES_TABLE_PAIR_H
#define PELAGOS_PARTICLES_TABLE_PAIR_H

#include "particles/potential.h"

/** A table: the coefficients of pel_table_pair_kind; of pel_table_pair_size() bytes, from the heap, for free(). */
typedef struct pel_table_pair pel_table_pair;

extern const pel_pair_kind pel_table_pair_kind; /**< without a tail; infinite below the table, zero beyond it */

/** Knots, evenly spaced in r, or in r^2 with `is_square`, from `first` to `last` (r, not r^2, in any case). */
typedef struct pel_table_pair_knots {
    long count; /**< >= 2 */
    bool is_square;
    double first, last;
    const double *energy, *force; /**< [count]: u and -du/dr at the knots */
} pel_table_pair_knots;

/** Makes a table. @return PEL_OK; PEL_ERR_ARGUMENT (fewer than two knots, or no range); PEL_ERR_MEMORY */
pel_status pel_table_pair_create(const pel_table_pair_knots *knots, pel_table_pair **table);
/**
 * Reads the section `keyword` (NULL: the first) of a file: keyword, "N n [R|RSQ lo hi]", then n lines of index, r,
 * energy and force. Without R and RSQ the r of the lines must be evenly spaced in r or in r^2.
 * @return PEL_OK; PEL_ERR_FILE; PEL_ERR_NAME (no such section); PEL_ERR_CORRUPT with file and line; PEL_ERR_MEMORY
 */
pel_status pel_table_pair_read(const char *path, const char *keyword, pel_table_pair **table);
size_t pel_table_pair_size(const pel_table_pair *table);
/** The largest r of the table: a cutoff for it. */
double pel_table_pair_last(const pel_table_pair *table);

#endif
