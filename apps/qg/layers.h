/**
 * @file
 * The vertical structure of a layered quasi-geostrophic fluid: stretching, modes, and what they make of a line of
 * coefficients.
 *
 * With h_i = H_i / H the share of layer i (from the top, i = 0), and c_i = f0^2 / (g'_i H) the coupling across the
 * interface below it (Vallis 2017, sec. 5.3.2):
 *
 *     (S psi)_i = (c_{i-1} (psi_{i-1} - psi_i) + c_i (psi_{i+1} - psi_i)) / h_i,      c_{-1} = outer, psi_{-1} = 0
 *
 * `outer` is 0 under a rigid lid; in the equivalent-barotropic model it is 1 / Rd^2. The modes e_m solve
 * S e_m = -lambda_m e_m, 1 / sqrt(lambda_m) being their deformation radius, and are orthonormal in the mean over depth,
 * sum_i h_i e_m(i) e_n(i) = delta_mn. In them the inversion of q = (lap + S) psi is a division:
 *
 *     psi = -sum_m e_m (sum_i h_i e_m(i) q_i) / (K^2 + lambda_m)
 */
#ifndef PELAGOS_APPS_QG_LAYERS_H
#define PELAGOS_APPS_QG_LAYERS_H

#include "base/status.h"

enum { QG_MOST_LAYERS = 16 };

typedef struct qg_layers {
    int count;
    double depth;                                      /**< H, m */
    double share[QG_MOST_LAYERS];                      /**< h_i */
    double coupling[QG_MOST_LAYERS];                   /**< c_i, m-2; count - 1 of them */
    double outer;                                      /**< m-2 */
    double lambda[QG_MOST_LAYERS];                     /**< of the modes, rising, m-2 */
    double mode[QG_MOST_LAYERS][QG_MOST_LAYERS];       /**< mode[m][i] = e_m(i) */
    double projection[QG_MOST_LAYERS][QG_MOST_LAYERS]; /**< projection[m][i] = h_i e_m(i) */
} qg_layers;

/** Shares of `count` thicknesses (> 0), which add up to the depth. The coupling is left to one of the next two. */
void qg_layers_set_thickness(qg_layers *layers, const double *thickness, int count);
/** Coupling from the reduced gravities g'_i = gravity (rho_{i+1} - rho_i) / rho_0, rho_0 the mean density over depth.
 */
void qg_layers_set_density(qg_layers *layers, const double *density, double f0, double gravity);
/** Coupling from the deformation radius of each interface, that of its two layers alone: R_i^2 = g'_i H_i H_{i+1} /
 * (f0^2 (H_i + H_{i+1})). With two layers it is the radius of the baroclinic mode. */
void qg_layers_set_radius(qg_layers *layers, const double *radius);
/**
 * The modes, by LAPACK, of the matrix made symmetric: sqrt(h_i) e_m(i) are the eigenvectors of a tridiagonal matrix.
 * Signs: e_m > 0 in the top layer. Without `outer` mode 0 is exactly 1 in all layers, with lambda_0 = 0.
 * @return PEL_OK, PEL_ERR_DECK if the stretching is not finite, PEL_ERR_NUMERICS if LAPACK does not converge
 */
pel_status qg_layers_find_modes(qg_layers *layers);
/** (S psi)_i of values a layer, `psi` with `stride` elements from a layer to the next. */
double qg_layers_stretching(const qg_layers *layers, const double *psi, int stride, int i);

#endif
