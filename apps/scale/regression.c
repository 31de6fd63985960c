/* Robust regression of times on threads.
 *
 * Noise multiplies times, and a drifting machine multiplies all times of a round alike. So what is fitted is
 *
 *     log t = c_i + log f(p; theta) + noise
 *
 * for a sample of round i on p threads: each round has an effect c_i of its own, and the law's shape f, T over T1, has
 * one or two parameters theta. Shared machines give samples that are slow by half, hence not squares but Huber's rho
 * of the residuals is summed (Huber 1981, Robust Statistics, chapter 7):
 *
 *     Q(theta) = sum over rounds of the minimum over c of sum rho((log t - log f - c) / scale)
 *
 * Q is minimised within the bounds of the law by reweighted Gauss-Newton steps; the scale is the median absolute
 * residual, found in turns with theta.
 *
 * Intervals are profiles: theta_k belongs to its interval if fixing it, with the rest fitted anew, costs no more than
 *
 *     2 (Q(theta_k fixed) - Q) / lambda  <=  F(95 %; 1, n - rounds - parameters),  lambda = mean psi^2 / mean psi'
 *
 * (the tau test, Hampel, Ronchetti, Rousseeuw & Stahel 1986, Robust Statistics, section 7.2). A bound is no exception:
 * an interval that reaches it starts there. */
#include "scale/regression.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "scale/statistics.h"

/* ---- observations ---- */

pel_status scale_regression_allocate(scale_regression *r, int samples, int rounds)
{
    PEL_TRY(pel_memory_new((size_t)samples + 1, sizeof *r->observations, &r->observations));
    PEL_TRY(pel_memory_new((size_t)rounds + 1, sizeof *r->round_start, &r->round_start));
    PEL_TRY(pel_memory_new((size_t)rounds + 1, sizeof *r->location, &r->location));
    PEL_TRY(pel_memory_new((size_t)samples + 1, sizeof *r->residual, &r->residual));
    return pel_memory_new((size_t)samples + 1, sizeof *r->room, &r->room);
}

void scale_regression_free(scale_regression *r)
{
    free(r->room);
    free(r->residual);
    free(r->location);
    free(r->round_start);
    free(r->observations);
}

void scale_regression_add(scale_regression *r, scale_observation observation)
{
    r->observations[r->count++] = observation;
}

void scale_regression_end_round(scale_regression *r)
{
    const int start = r->round_start[r->rounds];
    bool differs = false;
    for (int i = start; i < r->count; i++)
        if (r->observations[i].threads != r->observations[start].threads) differs = true;
    if (!differs) r->count = start;
    else r->round_start[++r->rounds] = r->count;
}

int scale_regression_thread_counts(const scale_regression *r)
{
    int distinct = 0;
    for (int i = 0; i < r->count; i++) {
        bool is_new = true;
        for (int k = 0; k < i; k++)
            if (r->observations[k].threads == r->observations[i].threads) is_new = false;
        if (is_new) distinct++;
    }
    return distinct;
}

int scale_regression_degrees(const scale_regression *r)
{
    return r->count - r->rounds - r->parameters;
}

/* ---- Q ---- */

static const double huber_k =
    1.345; /* 95 % efficient for normal noise (Holland & Welsch 1977, Commun. Stat. A 6, 813) */

static double rho(double u)
{
    const double a = fabs(u);
    return a <= huber_k ? u * u / 2 : huber_k * (a - huber_k / 2);
}

/* psi(u) / u */
static double weight(double u)
{
    const double a = fabs(u);
    return a <= huber_k ? 1 : huber_k / a;
}

/* Huber's location of `count` values by reweighting, from where it was last; convex, so any start will do. */
static double locate(const double *value, int count, double scale, double location)
{
    for (int turn = 0; turn < 100; turn++) {
        double sum = 0, weights = 0;
        for (int i = 0; i < count; i++) {
            const double w = weight((value[i] - location) / scale);
            sum += w * value[i];
            weights += w;
        }
        const double moved = sum / weights - location;
        location += moved;
        if (fabs(moved) < 1e-7 * scale) break;
    }
    return location;
}

/* Q of the parameters; leaves the residuals in units of the scale. */
static double badness(scale_regression *r, scale_shape theta)
{
    double q = 0, unused[SCALE_MOST_SHAPE];
    for (int i = 0; i < r->count; i++)
        r->residual[i] = r->observations[i].log_time - r->log_shape(r->observations[i].threads, theta, unused);
    for (int round = 0; round < r->rounds; round++) {
        const int start = r->round_start[round], end = r->round_start[round + 1];
        r->location[round] = locate(r->residual + start, end - start, r->scale, r->location[round]);
        for (int i = start; i < end; i++) {
            r->residual[i] = (r->residual[i] - r->location[round]) / r->scale;
            q += rho(r->residual[i]);
        }
    }
    return q;
}

/* ---- the minimum of Q ---- */

/* Normal equations of one reweighted Gauss-Newton step, the rounds' effects eliminated. */
typedef struct normal_equations {
    double matrix[SCALE_MOST_SHAPE][SCALE_MOST_SHAPE], side[SCALE_MOST_SHAPE];
} normal_equations;

static void add_round(const scale_regression *r, scale_shape theta, int start, int end, normal_equations *n)
{
    double sum[SCALE_MOST_SHAPE] = {0}, weights = 0;
    for (int i = start; i < end; i++) {
        double slope[SCALE_MOST_SHAPE] = {0};
        const double w = weight(r->residual[i]);
        r->log_shape(r->observations[i].threads, theta, slope);
        weights += w;
        for (int k = 0; k < r->parameters; k++) {
            sum[k] += w * slope[k];
            n->side[k] += w * r->residual[i] * r->scale * slope[k];
            for (int l = 0; l < r->parameters; l++) n->matrix[k][l] += w * slope[k] * slope[l];
        }
    }
    for (int k = 0; k < r->parameters; k++)
        for (int l = 0; l < r->parameters; l++) n->matrix[k][l] -= sum[k] * sum[l] / weights;
}

/* The step of the parameters that are free; nothing for the others. */
static scale_shape solve(const normal_equations *n, const bool is_free[SCALE_MOST_SHAPE])
{
    const double(*m)[SCALE_MOST_SHAPE] = n->matrix, *b = n->side;
    scale_shape step = {{0}};
    const double determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    if (is_free[0] && is_free[1] && determinant > 1e-14 * m[0][0] * m[1][1]) {
        step.value[0] = (m[1][1] * b[0] - m[0][1] * b[1]) / determinant;
        step.value[1] = (m[0][0] * b[1] - m[1][0] * b[0]) / determinant;
        return step;
    }
    for (int k = 0; k < SCALE_MOST_SHAPE; k++)
        if (is_free[k] && m[k][k] > 0) {
            step.value[k] = b[k] / m[k][k];
            break;
        }
    return step;
}

static double within(double value, double most)
{
    return value < 0 ? 0 : value > most ? most : value;
}

/* A parameter at a bound that its own step would cross stays there, and the other goes its own way. */
static scale_shape step_from(const scale_regression *r, scale_shape theta, const bool is_free[SCALE_MOST_SHAPE])
{
    normal_equations n = {0};
    for (int round = 0; round < r->rounds; round++)
        add_round(r, theta, r->round_start[round], r->round_start[round + 1], &n);
    scale_shape step = solve(&n, is_free);
    for (int k = 0; k < r->parameters; k++) {
        const double at = theta.value[k], most = r->most.value[k];
        if (step.value[k] == 0 || within(at + step.value[k], most) != at) continue;
        bool others[SCALE_MOST_SHAPE] = {is_free[0], is_free[1]};
        others[k] = false;
        step = solve(&n, others);
        break;
    }
    return step;
}

static scale_shape moved_by(const scale_regression *r, scale_shape theta, scale_shape step, double share)
{
    for (int k = 0; k < r->parameters; k++)
        theta.value[k] = within(theta.value[k] + share * step.value[k], r->most.value[k]);
    return theta;
}

/* Minimises Q over the parameters that are free. @return the minimum, with *theta there */
static double minimise(scale_regression *r, const bool is_free[SCALE_MOST_SHAPE], scale_shape *theta)
{
    double best = badness(r, *theta);
    for (int turn = 0; turn < 200; turn++) {
        const scale_shape step = step_from(r, *theta, is_free);
        double share = 1, q = best;
        scale_shape trial = *theta;
        for (; share > 1e-6; share /= 2) {
            trial = moved_by(r, *theta, step, share);
            q = badness(r, trial);
            if (q < best) break;
        }
        if (!(q < best)) break;
        const double gain = best - q;
        *theta = trial;
        best = q;
        if (gain < 1e-9) break;
    }
    return badness(r, *theta);
}

/* ---- the scale of the noise ---- */

static const double least_scale = 1e-9; /* of times without noise */

/* The median absolute residual, as a standard deviation, for as many degrees of freedom as there are. */
static double scale_of_residuals(const scale_regression *r)
{
    for (int i = 0; i < r->count; i++) r->room[i] = fabs(r->residual[i]) * r->scale;
    const double sigma =
        1.4826 * scale_median(r->room, r->count) * sqrt((double)r->count / scale_regression_degrees(r));
    return sigma > least_scale ? sigma : least_scale;
}

/* ---- intervals ---- */

/* How much Q may rise above its minimum. `few` corrects lambda for fits of few samples (Huber 1981, Robust Statistics,
 * section 7.6). */
static double allowance(const scale_regression *r)
{
    double squares = 0, inside = 0;
    for (int i = 0; i < r->count; i++) {
        const double u = r->residual[i], psi = u * weight(u);
        squares += psi * psi;
        if (fabs(u) <= huber_k) inside++;
    }
    const double degrees = scale_regression_degrees(r), n = r->count, slope = inside / n;
    const double few = 1 + (n - degrees) / n * (1 - slope) / slope;
    const double lambda = few * few * (squares / degrees) / slope;
    return lambda / 2 * pow(gsl_cdf_tdist_Qinv(0.025, degrees), 2);
}

/* Whether a value of a parameter is within its interval: the other fitted anew. */
static bool is_allowed(scale_regression *r, int parameter, double value)
{
    const bool is_free[SCALE_MOST_SHAPE] = {parameter != 0, parameter != 1 && r->parameters > 1};
    scale_shape theta = r->theta;
    theta.value[parameter] = value;
    return minimise(r, is_free, &theta) <= r->badness + r->allowance;
}

/* Where between a value that is allowed and one that is not the border lies. */
static double border(scale_regression *r, int parameter, double allowed, double refused)
{
    const double precision = 1e-4 * fabs(refused - allowed);
    while (fabs(refused - allowed) > precision) {
        const double middle = (allowed + refused) / 2;
        if (is_allowed(r, parameter, middle)) allowed = middle;
        else refused = middle;
    }
    return (allowed + refused) / 2;
}

static double upper_end(scale_regression *r, int parameter)
{
    const double value = r->theta.value[parameter], most = r->most.value[parameter];
    double allowed = value, reach = fmax(value, 1e-6);
    while (value + reach < fmin(most, 1e6)) {
        if (!is_allowed(r, parameter, value + reach)) return border(r, parameter, allowed, value + reach);
        allowed = value + reach;
        reach *= 2;
    }
    if (isinf(most)) return INFINITY;
    return is_allowed(r, parameter, most) ? most : border(r, parameter, allowed, most);
}

/* ---- lack of fit ---- */

/* Mean psi of the residuals on as many threads as observation `i`: zero, but for noise, where the law holds. */
static double mean_psi(const scale_regression *r, int i)
{
    double sum = 0;
    int same = 0;
    for (int k = 0; k < r->count; k++) {
        if (r->observations[k].threads != r->observations[i].threads) continue;
        sum += r->residual[k] * weight(r->residual[k]);
        same++;
    }
    return sum / same;
}

/* ---- for the caller ---- */

static const bool all_free[SCALE_MOST_SHAPE] = {true, true};

void scale_regression_fit(scale_regression *r, scale_shape start)
{
    r->theta = start;
    r->scale = 1e3; /* as least squares */
    r->badness = minimise(r, all_free, &r->theta);
    for (int turn = 0; turn < 20; turn++) {
        const double before = r->scale;
        r->scale = scale_of_residuals(r);
        r->badness = minimise(r, all_free, &r->theta);
        if (fabs(r->scale - before) < 1e-3 * before) break;
    }
    r->allowance = allowance(r);
}

double scale_regression_residual(const scale_regression *r)
{
    double sum = 0;
    for (int i = 0; i < r->count; i++) sum += pow(r->residual[i] * r->scale, 2);
    return sqrt(sum / scale_regression_degrees(r));
}

/* The F test of lack of fit (Draper & Smith 1998, Applied Regression Analysis, section 2.1): what thread counts have in
 * common over all rounds, against what they have not. Residuals are bounded as in the fit. */
double scale_regression_p_value(const scale_regression *r)
{
    const int spare = scale_regression_thread_counts(r) - 1 - r->parameters, rest = scale_regression_degrees(r) - spare;
    double common = 0, all = 0;
    if (spare < 1 || rest < 1) return NAN;
    for (int i = 0; i < r->count; i++) {
        common += pow(mean_psi(r, i), 2);
        all += pow(r->residual[i] * weight(r->residual[i]), 2);
    }
    return gsl_cdf_fdist_Q(common / spare / ((all - common) / rest), spare, rest);
}

double scale_regression_location(scale_regression *r)
{
    for (int round = 0; round < r->rounds; round++) r->room[round] = r->location[round];
    return scale_median(r->room, r->rounds);
}

scale_estimate scale_regression_interval(scale_regression *r, int parameter)
{
    const double value = r->theta.value[parameter];
    const scale_estimate interval = {.value = value,
                                     .low = is_allowed(r, parameter, 0) ? 0 : border(r, parameter, value, 0),
                                     .high = upper_end(r, parameter)};
    badness(r, r->theta); /* the residuals are those of the fit again */
    return interval;
}
