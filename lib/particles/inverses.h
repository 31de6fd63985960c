/**
 * @file
 * Inverses of many numbers: what pair potentials in powers of r cost most.
 */
#ifndef PELAGOS_PARTICLES_INVERSES_H
#define PELAGOS_PARTICLES_INVERSES_H

/**
 * 1 / value[k] of n squared distances, to about one unit in the last place; the same bits for the same value wherever
 * it stands, on one type of machine. NaN may come of 0 and infinity.
 * @param n  a multiple of 8; both arrays are 64-byte aligned, and not the same
 */
void pel_inverses(int n, const double *restrict value, double *restrict inverse);

#endif
