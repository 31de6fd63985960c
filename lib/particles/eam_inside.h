/*
 * The inner part of the embedded-atom method: one atom and its neighbours. eam_plain.c and eam_avx512.c bring the same
 * functions, one of which is built.
 */
#ifndef PELAGOS_PARTICLES_EAM_INSIDE_H
#define PELAGOS_PARTICLES_EAM_INSIDE_H

#include "particles/potential.h"

/* Splines at the knots k dr, p = r / dr - k. A pair's seven coefficients and one of no use fill a cache line. The
 * slope of phi comes with r^2, which is (r d/dr - 1) of r phi and so a cubic like that. */
typedef struct pel_eam_splines {
    int types;
    long knots;
    double per_spacing; /* 1 / dr */
    double cutoff2;
    pel_grain grain;       /* of densities */
    const double *density; /* [at][from][knots][4]: c0 + c1 p + c2 p^2 + c3 p^3 */
    const double *r_phi;   /* likewise, symmetric */
    const double *pair;    /* [a][b][knots][8]: d rho_ab / dr = 0 + 1 p + 2 p^2, then r^2 d phi / dr = 3 to 6 */
} pel_eam_splines;

/* What a pass finds for one atom; energy and virial of its pairs, not halved. */
typedef struct pel_eam_sums {
    double force[3], energy, virial[6];
    double most; /* the largest force of a pair */
    int pairs;
} pel_eam_sums;

/* Pairs of one atom within the cutoff: their squared distances and the others' types. */
enum { PEL_EAM_ROOM = 2 * (PEL_NEIGHBOURS_MOST + 2 * PEL_NEIGHBOURS_PAD) };
typedef struct pel_eam_pairs {
    _Alignas(64) double r2[PEL_EAM_ROOM];
    _Alignas(64) double type[PEL_EAM_ROOM];
} pel_eam_pairs;

/* Writes the neighbours of atom i within the cutoff to `near`, filled up to a multiple of 8 with the atom at infinity,
 * and to pairs->r2[first ...] and, if there are types, pairs->type. All need room for 8 more than the padded list.
 * @return how many, without the filling */
int pel_eam_sort_out(const pel_eam_splines *splines, const pel_force_tile *tile, long i, int32_t *near,
                     pel_eam_pairs *pairs, long first);
/* The density that `count` pairs from `first` (a multiple of 8) on bring to an atom of a type. */
double pel_eam_density(const pel_eam_splines *splines, int type, const pel_eam_pairs *pairs, long first, int count);
/* Forces on atom i from the rows `near` (count: a multiple of 8; those beyond the cutoff do not count); energies and
 * virials too if the tile wants them. `slope` is F' of all rows. */
void pel_eam_forces(const pel_eam_splines *splines, const pel_force_tile *tile, const double *slope, long i,
                    const int32_t *near, int count, pel_eam_sums *sums);

#endif
