/**
 * @file
 * The pieces of a pair pass: gathering what is near an atom, sorting out what does not count, adding up. For
 * lib/particles/pairs*.c only; pairs_plain.c and pairs_avx512.c bring the same functions, one of which is built.
 */
#ifndef PELAGOS_PARTICLES_PAIRS_INSIDE_H
#define PELAGOS_PARTICLES_PAIRS_INSIDE_H

#include "particles/potential.h"

enum { PEL_PAIR_ROOM = PEL_NEIGHBOURS_MOST + 2 * PEL_NEIGHBOURS_PAD };

/** The pairs of one atom: its position less its neighbour's, and what is computed from that. */
typedef struct pel_pair_rows {
    _Alignas(64) double x[PEL_PAIR_ROOM];
    _Alignas(64) double y[PEL_PAIR_ROOM];
    _Alignas(64) double z[PEL_PAIR_ROOM];
    _Alignas(64) double r2[PEL_PAIR_ROOM];
    _Alignas(64) double type[PEL_PAIR_ROOM];
    _Alignas(64) double force[PEL_PAIR_ROOM]; /**< over r */
    _Alignas(64) double energy[PEL_PAIR_ROOM];
} pel_pair_rows;

/** Fills x, y, z, r2 and type of the pairs of row i; `count` (a multiple of 8) neighbours. */
void pel_pairs_gather(const pel_atoms *atoms, long i, const int32_t *neighbour, int count, pel_pair_rows *rows);
/** Copies x, y, z, r2 of the pairs with that type within the cutoff, filled up to a multiple of 8 with pairs at the
 * cutoff (which do not count). @return the padded number */
int pel_pairs_select(const pel_pair_rows *from, int count, double type, double cutoff2, pel_pair_rows *to);
/** Adds the forces of `count` pairs (a multiple of 8) within the cutoff to force[3], in grains. @return the least r2 */
double pel_pairs_add_forces(const pel_pair_rows *rows, int count, double cutoff2, pel_grain grain, double force[3]);
/** The same with plain sums, whose last bits depend on the order of neighbours. */
double pel_pairs_add_forces_fast(const pel_pair_rows *rows, int count, double cutoff2, double force[3]);

#endif
