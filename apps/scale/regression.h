/**
 * @file
 * Robust regression of times on threads, with an effect for each round of the study.
 *
 *     log t = c_i + log f(p; theta) + noise        for a sample of round i on p threads
 *
 * The caller adds the observations round by round and chooses f, which has one or two parameters from 0 on.
 */
#ifndef PELAGOS_SCALE_REGRESSION_H
#define PELAGOS_SCALE_REGRESSION_H

#include "base/status.h"
#include "scale/study.h"

enum { SCALE_MOST_SHAPE = 2 };

/** Parameters of a shape; what a shape does not have is 0. */
typedef struct scale_shape {
    double value[SCALE_MOST_SHAPE];
} scale_shape;

/** log f on p threads; `slope` receives its derivatives by the parameters that there are. */
typedef double scale_log_shape(double p, scale_shape theta, double slope[SCALE_MOST_SHAPE]);

typedef struct scale_observation {
    double threads, log_time;
} scale_observation;

typedef struct scale_regression {
    scale_log_shape *log_shape;
    int parameters;
    scale_shape most; /**< bounds from above; INFINITY: none */
    /* what the functions below fill in */
    int count, rounds;
    scale_observation *observations; /**< [count], round by round */
    int *round_start;                /**< [rounds + 1] */
    scale_shape theta;               /**< the fit */
    double badness;                  /**< Q of the fit */
    double allowance;                /**< how far Q may rise within an interval */
    double scale;                    /**< of the noise */
    double *location;                /**< [rounds] the c_i last found */
    double *residual;                /**< [count] of the last Q, in units of the scale */
    double *room;                    /**< [count] */
} scale_regression;

/** Room for so many samples and rounds. @return PEL_OK or PEL_ERR_MEMORY; scale_regression_free() either way */
pel_status scale_regression_allocate(scale_regression *r, int samples, int rounds);
void scale_regression_free(scale_regression *r);

/** Adds an observation of the present round; at most as many as there is room for. */
void scale_regression_add(scale_regression *r, scale_observation observation);
/** Ends the round. One with a single thread count says nothing of the shape: it is dropped. */
void scale_regression_end_round(scale_regression *r);

/** How many different thread counts were observed. */
int scale_regression_thread_counts(const scale_regression *r);
/** Observations less rounds and parameters; a fit needs at least one, and one thread count more than parameters. */
int scale_regression_degrees(const scale_regression *r);

/** Fits the shape, from `start` on. What follows is of the fit; none of it may be asked for before. */
void scale_regression_fit(scale_regression *r, scale_shape start);
/** Root mean square of the residuals, relative to the time. */
double scale_regression_residual(const scale_regression *r);
/** The p value of the test of lack of fit; NAN where there are no thread counts to spare. */
double scale_regression_p_value(const scale_regression *r);
/** The median of the rounds' effects c_i. */
double scale_regression_location(scale_regression *r);
/** A parameter with its 95 % interval; `high` is INFINITY where the samples do not bound it. */
scale_estimate scale_regression_interval(scale_regression *r, int parameter);

#endif
