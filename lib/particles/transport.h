/**
 * @file
 * Mean-square displacement and velocity autocorrelation, over several time origins (Allen & Tildesley, Computer
 * Simulation of Liquids, 2nd ed. 2017, sec. 8.3), and the diffusion coefficient from each.
 *
 * Samples are taken at equal intervals. Every `origin_every` samples the present positions and velocities become an
 * origin; lag k gathers what lies k samples behind an origin. Sums over atoms are exact, so that no order matters. All
 * state is in plain arrays for the caller to checkpoint: `samples`, `count`, `displacement2`, `autocorrelation`, and
 * the origins.
 *
 * Where the box changes, displacements are what atoms move besides the box: r(t) - r(0) L(t) / L(0) in each dimension.
 */
#ifndef PELAGOS_PARTICLES_TRANSPORT_H
#define PELAGOS_PARTICLES_TRANSPORT_H

#include "exec/team.h"
#include "particles/configuration.h"

/** What has been gathered. What is not said to be the caller's is read only. */
typedef struct pel_transport {
    long atoms;
    int lags;         /**< 0 to lags - 1, in samples */
    int origin_every; /**< samples from origin to origin */
    int slots;        /**< origins that are kept: those not older than the longest lag */

    int64_t samples;         /**< taken so far */
    int64_t *count;          /**< [lags]: origins that have come to this lag */
    double *displacement2;   /**< [lags]: sum over origins of the mean over atoms of |r(t) - r(0)|^2 */
    double *autocorrelation; /**< [lags]: likewise of v(t).v(0) */
    double (*position)[3];   /**< [slots][atoms]: unwrapped, at the origins, from the low corner of the box; origin n is
                                in slot n % slots */
    double (*velocity)[3];   /**< [slots][atoms] */
    double (*length)[3];     /**< [slots]: of the box */
} pel_transport;

/**
 * Makes an empty one; it takes 48 bytes an atom and slot, of which there are lags / origin_every.
 * @return PEL_OK; PEL_ERR_ARGUMENT (atoms, lags or origin_every < 1); PEL_ERR_MEMORY
 */
pel_status pel_transport_create(long atoms, int lags, int origin_every, pel_transport *transport);
void pel_transport_free(pel_transport *transport);
/** Takes a sample, with the team. @return PEL_OK; PEL_ERR_MISMATCH for another number of atoms; PEL_ERR_MEMORY */
pel_status pel_transport_sample(pel_transport *transport, pel_team *team, const pel_configuration *atoms);

/** Mean-square displacement and velocity autocorrelation at a lag; 0 where nothing has come to it yet. */
double pel_transport_displacement2(const pel_transport *transport, int lag);
double pel_transport_autocorrelation(const pel_transport *transport, int lag);
/** D from the slope of the mean-square displacement (Einstein): of the straight line through lags `from` to `to` by
 * least squares, over 6. `interval` is the time between samples. */
double pel_transport_einstein(const pel_transport *transport, int from, int to, double interval);
/** D from the integral of the autocorrelation up to lag `to` (Green-Kubo), over 3, by the trapezoidal rule. */
double pel_transport_green_kubo(const pel_transport *transport, int to, double interval);

#endif
