/*
 * The inner part of the embedded-atom method: one atom and its neighbours. eam_plain.c and eam_avx512.c bring the same
 * functions, one of which is built.
 */
#ifndef PELAGOS_PARTICLES_EAM_INSIDE_H
#define PELAGOS_PARTICLES_EAM_INSIDE_H

#include "particles/potential.h"

/* Splines from the knots k dr on, p = r / dr - k: c0 + c1 p + c2 p^2 + c3 p^3, from the last one a straight line. What
 * the first pass needs of a pair fills a cache line. */
typedef struct pel_eam_splines {
    int types;
    long knots;
    double per_spacing; /* 1 / dr */
    double cutoff2;
    pel_grain grain;    /* of densities */
    const double *pair; /* [a][b][knots][8]: the density that b brings to a, and r phi of a and b */
} pel_eam_splines;

/* The short list of an atom: what is within the cutoff, with what the forces of embedding need of each. Filled up to a
 * multiple of 8 with the atom at infinity and zeros. */
typedef struct pel_eam_near {
    int32_t *row;  /* room for 8 more than the padded list of neighbours, in all three */
    double *slope; /* d rho_ij / dr / r, of what the neighbour brings to the atom */
    double *back;  /* d rho_ji / dr / r, of what the atom brings to it; with one type, `slope` itself */
} pel_eam_near;

/* What a pass finds for one atom; energy and virial of its pairs, not halved. */
typedef struct pel_eam_sums {
    double force[3], energy, virial[6];
    double most2;   /* the largest squared force of a pair */
    double density; /* first pass */
    int pairs;      /* first pass: within the cutoff */
} pel_eam_sums;

/* Density at atom i, forces of phi on it, and its short list. */
void pel_eam_meet(const pel_eam_splines *splines, const pel_force_tile *tile, long i, const pel_eam_near *near,
                  pel_eam_sums *sums);
/* Forces of embedding on atom i from its short list of `count` (not padded). `slope` is F' of all rows. */
void pel_eam_embed(const pel_eam_splines *splines, const pel_force_tile *tile, const double *slope, long i,
                   const pel_eam_near *near, int count, pel_eam_sums *sums);

#endif
