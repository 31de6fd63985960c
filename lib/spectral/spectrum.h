/**
 * @file
 * Isotropic spectra: sums over shells of wavenumbers of about the same length.
 *
 * Of a space along x and y with spacings dk and dl in wavenumber, shell j holds the wavenumbers whose length K lies in
 * [(j - 1/2) D, (j + 1/2) D), D = max(dk, dl); its own wavenumber is j D. The shells go on into the corners of the
 * plane, so that every wavenumber is in one; those beyond the largest wavenumber along an axis are not full circles.
 * What is summed is a density, a value for each coefficient that is stored, which counts as often as it stands for in
 * the whole plane (pel_space_weight()).
 *
 * Each sum runs in an order of its own, shell by shell, whoever computes it: the same bits on any team.
 */
#ifndef PELAGOS_SPECTRAL_SPECTRUM_H
#define PELAGOS_SPECTRAL_SPECTRUM_H

#include "spectral/space.h"

/** The width D of a shell, rad per unit of length, and how many there are. */
double pel_spectrum_width(const pel_space *space);
int pel_spectrum_shells(const pel_space *space);
/** The shell of the coefficient of index k along x and l along y. */
int pel_spectrum_shell(const pel_space *space, int k, int l);

/**
 * Makes the grid of spectra: shells along x (`wavenumber` in files), and along y the levels of the space (`level_axis`
 * in files) where it has several. The caller's to destroy, or to hand to a component.
 */
pel_status pel_spectrum_grid(const pel_space *space, const char *name, const char *level_axis, pel_grid **grid);

/**
 * Records spectrum(j, z) = sum over shell j of weight x density(l, k, z) / D, level by level: so that the sum of
 * spectrum x D is that over all wavenumbers. In units of the density times length.
 *
 * @param density   doubles on the wavenumber grid
 * @param spectrum  doubles on the grid of spectra
 */
void pel_spectrum_bin(const pel_space *space, pel_chain *chain, const char *name, pel_field *density,
                      pel_field *spectrum);
/**
 * Records flux(j) = - sum over all levels, and shells up to j, of weight x density(l, k, z): with the density the rate
 * at which something is brought to a wavenumber, flux is what goes on through the outer edge of shell j, to larger
 * wavenumbers.
 *
 * @param flux  doubles on the grid of spectra, along x only
 */
void pel_spectrum_flux(const pel_space *space, pel_chain *chain, const char *name, pel_field *density, pel_field *flux);

#endif
