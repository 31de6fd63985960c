/**
 * @file
 * The quasi-geostrophic model: its equations, its fields, what the files of the app share.
 *
 * In layer i of N, from the top, with the streamfunction psi_i of the eddies (u = -dpsi/dy, v = dpsi/dx), their
 * potential vorticity q_i, a mean flow U_i along x and its gradient of potential vorticity Qy_i (Vallis 2017, ch. 5):
 *
 *     dq_i/dt + J(psi_i, q_i + b_i) + U_i d(q_i + b_i)/dx + Qy_i dpsi_i/dx = -r lap psi_N [i = N] + F + D
 *
 *     layers       q_i = lap psi_i + (S psi)_i,   Qy_i = beta - (S U)_i               (layers.h)
 *     surface      q = b, the buoyancy at the surface of a fluid of constant N: psi^ = b^ / (N K)
 *                  (Held et al., J. Fluid Mech. 282 (1995) 1)
 *
 * b_i = f0 h_b / H_N is the bottom's in the lowest layer, 0 elsewhere. F is a stochastic forcing (forcing.c), D the
 * hyperviscosity, exact in time, and the filter after each step, both of them the stepper's.
 *
 * The state is q^(l, k, i) on the wavenumber grid (spectral/space.h). One evaluation of the tendency is one product in
 * physical space: of each layer u, v and q go there, u q and v q come back, 5 transforms (advection.c). The
 * streamfunction is never stored: each line of wavenumbers is inverted where it is needed.
 */
#ifndef PELAGOS_APPS_QG_MODEL_H
#define PELAGOS_APPS_QG_MODEL_H

#include "qg/layers.h"
#include "sim/app.h"
#include "spectral/space.h"

enum { QG_MOST_TRACERS = 3 }; /* as many as a product can carry along */

/** The numbers that kernels need. */
typedef struct qg_constants {
    qg_layers layers;
    bool is_surface;
    double buoyancy_frequency;       /**< N of surface QG, s-1 */
    double f0, beta;                 /**< s-1, m-1 s-1 */
    double flow[QG_MOST_LAYERS];     /**< U_i, m s-1 */
    double gradient[QG_MOST_LAYERS]; /**< Qy_i, m-1 s-1; of surface QG s-2 */
    double drag;                     /**< r, s-1 */
    double imaginary, real;          /**< limits of stability of the time scheme */
    int cells[2];                    /**< of the grid along x and y */
    double spacing[2];               /**< m */
    double largest[2];               /**< wavenumbers that the filter leaves alone, rad m-1 */
    bool is_round;                   /**< whether they are the axes of an ellipse, else the sides of a rectangle */
} qg_constants;

/** A formula of position, and what it needs. */
typedef struct qg_shape {
    const char *profile;
    double amplitude;        /**< in units of what it is a shape of */
    double width[2];         /**< m */
    double centre[2];        /**< m */
    double wavenumber[2];    /**< rad m-1 */
    double start[2], end[2]; /**< of the grid, m */
} qg_shape;

/** How the state of step 0 is made. */
typedef struct qg_initial {
    qg_shape shape;
    double energy;      /**< m2 s-2; 0: as the profile gives it */
    double ripple[2];   /**< amplitudes of q along x and y, s-1 */
    double peak, slope; /**< of a random spectrum: box wavenumber, and how steeply |psi|^2 falls beyond */
    int layer;          /**< from 0; -1: all */
    int mode;           /**< of a wave */
} qg_initial;

/** A passive tracer. */
typedef struct qg_tracer {
    char name[32], spectral_name[32];
    qg_shape shape;
    double diffusivity;                     /**< m2 s-1 */
    pel_field *spectral, *decay, *physical; /**< decay is NULL without diffusivity */
} qg_tracer;

/** The stochastic forcing; none where `injection` is 0. */
typedef struct qg_forcing {
    double wavenumber, width; /**< of the ring, rad m-1 */
    double injection;         /**< of energy, m2 s-3 */
    int layer;                /**< from 0 */
    pel_field *amplitude;     /**< of the increments of q, s-3/2; on the wavenumber grid */
} qg_forcing;

/** Lagrangian drifters; none where `count` is 0. */
typedef struct qg_drifters {
    long count;
    int layer; /**< from 0 */
    bool is_random;
    pel_table *table;
    const pel_chain *chain; /**< the latest in which they were recorded */
} qg_drifters;

/** The smallest scales' damping. */
typedef struct qg_damping {
    const char *filter;      /**< "exponential", "two-thirds", "none" */
    double strength, cutoff; /**< cutoff in rad */
    double hyperviscosity;   /**< m^(2 order) s-1 */
    int order;
    pel_field *factor, *decay; /**< fields on the wavenumber grid, or NULL */
} qg_damping;

/** What the bottom is like. */
typedef struct qg_bottom {
    qg_shape shape;
    const char *file, *variable; /**< file is NULL for a formula */
    bool exists;
    pel_field *height;   /**< h_b, m */
    pel_field *spectral; /**< b, s-1 */
} qg_bottom;

typedef struct qg_model {
    qg_constants constants;
    qg_damping damping;
    qg_bottom bottom;
    qg_forcing forcing;
    qg_drifters drifters;
    qg_initial initial;
    qg_tracer tracers[QG_MOST_TRACERS];
    int tracer_count;
    uint64_t seed;

    pel_space *space;
    pel_field *q_hat;                         /**< the state */
    pel_field *q, *psi, *u, *v;               /**< physical, for output; drifters use u and v */
    pel_field *psi_hat, *rate_hat, *density;  /**< of the diagnostics, on the wavenumber grid */
    pel_field *energy_spectrum, *energy_flux; /**< on the grid of the spectra */

    pel_chain *to_bottom, *to_spectral, *to_state, *scaling; /**< of step 0 */
    pel_chain *limit, *series, *output;
    pel_reduced frequency, courant, growth;
    char names[4 * QG_MOST_LAYERS][2][48]; /**< of series: name and long name */
    int name_count;
    pel_reduced kinetic[QG_MOST_LAYERS], enstrophy[QG_MOST_LAYERS], potential[QG_MOST_LAYERS], modal[QG_MOST_LAYERS];
} qg_model;

/** Hyperviscosity, filter, bottom, amplitudes of the forcing: constants on the wavenumber grid. */
pel_status qg_fill_constants(pel_component *component, qg_model *model);

/** Records b from the height of the bottom; by way of the field q. */
void qg_record_bottom(const qg_model *model, pel_chain *chain);

/** The chains that make a state of what the profiles fill. */
pel_status qg_setup_initial(pel_component *component, qg_model *model);
/** Fills the state of step 0. */
pel_status qg_fill(pel_component *component, qg_model *model);

/** Declares the forcing's amplitudes, if there is one; notes a ring without wavenumbers. */
pel_status qg_setup_forcing(const pel_params *params, qg_model *model);
/** Fills them: so that the increments of a step bring in the energy that is asked for. */
void qg_fill_forcing(qg_model *model);
/** Records the increments of a step. */
void qg_record_forcing(const qg_model *model, pel_chain *chain);

/** Declares the table of the drifters, if there are any. */
pel_status qg_setup_drifters(pel_component *component, qg_model *model);
/** Places them. */
pel_status qg_fill_drifters(qg_model *model);
/** Moves them by the fields u and v. */
void qg_record_drifters(qg_model *model, pel_chain *chain);

/** The chains of the series, the output fields and the limit of the step, and the series values. */
pel_status qg_setup_diagnostics(pel_component *component, qg_model *model);
/** The spectra and fluxes, at the end of the output chain. */
pel_status qg_setup_spectra(pel_component *component, qg_model *model);
/** Records psi^ of all layers from q^; both may be the same field. */
void qg_record_inversion(const qg_model *model, pel_chain *chain, pel_field *q, pel_field *psi);
/** The kinetic energy that the series chain has found, per mass of all layers, m2 s-2. */
double qg_kinetic_energy(const qg_model *model);
/** The largest frequency of advection and of linear waves that the limit chain has found, s-1. */
double qg_largest_frequency(const qg_model *model);

#endif
