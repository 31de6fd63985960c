/* Fitting laws of scaling.
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
 * an interval that reaches it starts there.
 *
 * Of 1500 draws (1 to 16 or 32 threads, 5 rounds, noise of 1 to 5 %, drift of 5 %, no sample or one in 20 slow by half)
 * the intervals held the truth in 94 to 96 %; with a parameter within the noise of its bound in up to 97 %; both
 * parameters of 3 thread counts in 3 rounds in 90 %. tests/scale/test_laws.c measures it again with fewer draws.
 *
 * They take the noise for equal at all thread counts (were it 3 times as large at the most threads as at the fewest,
 * they would hold the truth in 90 to 96 %), and the law for true: where the test of lack of fit refuses it, they say
 * little. */
#include "scale/laws.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "scale/statistics.h"

/* ---- laws ---- */

enum { MOST_SHAPE = SCALE_MOST_PARAMETERS };

typedef struct shape {
    double value[MOST_SHAPE];
} shape;

static const struct law {
    const char *name;
    bool is_strong, is_weak;
    int parameters;
    struct {
        const char *name, *symbol;
        double most, start;
    } parameter[MOST_SHAPE];
} laws[SCALE_LAW_COUNT] = {
    [SCALE_AMDAHL] = {"amdahl", true, false, 1, {{"serial fraction", "s", 1, 0.05}}},
    [SCALE_GUSTAFSON] = {"gustafson", false, true, 1, {{"serial fraction", "alpha", 1, 0.05}}},
    [SCALE_USL] =
        {"usl", true, true, 2, {{"contention", "sigma", INFINITY, 0.05}, {"coherency", "kappa", INFINITY, 0}}},
};

const char *scale_law_name(scale_law law)
{
    return laws[law].name;
}

bool scale_law_applies(scale_law law, scale_mode mode)
{
    return mode == SCALE_STRONG ? laws[law].is_strong : laws[law].is_weak;
}

/* log T(p) / T1 were the work of one thread shared by p: minus the log of the speed-up. `slope`: by each parameter. */
static double log_shape(scale_law law, shape theta, double p, double slope[MOST_SHAPE])
{
    const double others = 1 - 1 / p;
    if (law == SCALE_AMDAHL) {
        const double share = theta.value[0] + (1 - theta.value[0]) / p;
        slope[0] = others / share;
        return log(share);
    }
    if (law == SCALE_GUSTAFSON) {
        const double share = 1 - theta.value[0] * others;
        slope[0] = others / share;
        return -log(p * share);
    }
    const double delay = 1 + theta.value[0] * (p - 1) + theta.value[1] * p * (p - 1);
    slope[0] = (p - 1) / delay;
    slope[1] = p * (p - 1) / delay;
    return log(delay / p);
}

/* ---- what is fitted to ---- */

typedef struct observation {
    double threads;
    double log_time; /**< a step, over the growth of the work: weak points are fitted by their speed-up */
} observation;

typedef struct fitting {
    scale_law law;
    int parameters;
    int count, rounds;
    observation *observations; /* [count], round by round */
    int *round_start;          /* [rounds + 1] */
    double *location;          /* [rounds], the c_i last found */
    double *residual;          /* [count], of the last Q */
    double *room;              /* [count] */
    double scale;              /* of the noise */
} fitting;

static bool is_fitted(const scale_point *p, scale_mode mode, pel_placement_kind places)
{
    return p->mode == mode && p->places == places && !p->is_oversubscribed;
}

static void add_samples_of_round(fitting *f, const scale_point *p, int round)
{
    for (int i = 0; i < p->sample_count; i++) {
        const scale_sample *s = &p->samples[i];
        if (s->round != round) continue;
        const double growth = p->mode == SCALE_WEAK ? p->threads : 1;
        f->observations[f->count++] =
            (observation){.threads = p->threads, .log_time = log(s->seconds / s->steps / growth)};
    }
}

/* A round with a single thread count says nothing of the law. */
static void end_round(fitting *f)
{
    const int start = f->round_start[f->rounds];
    bool differs = false;
    for (int i = start; i < f->count; i++)
        if (f->observations[i].threads != f->observations[start].threads) differs = true;
    if (!differs) f->count = start;
    else f->round_start[++f->rounds] = f->count;
}

static void gather(fitting *f, const scale_point *points, int count, scale_mode mode, pel_placement_kind places,
                   int rounds)
{
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < count; i++)
            if (is_fitted(&points[i], mode, places)) add_samples_of_round(f, &points[i], round);
        end_round(f);
    }
}

static int count_rounds(const scale_point *points, int count)
{
    int rounds = 0;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < points[i].sample_count; k++)
            if (points[i].samples[k].round >= rounds) rounds = points[i].samples[k].round + 1;
    return rounds;
}

static int count_samples(const scale_point *points, int count)
{
    int samples = 0;
    for (int i = 0; i < count; i++) samples += points[i].sample_count;
    return samples;
}

static int count_thread_counts(const fitting *f)
{
    int distinct = 0;
    for (int i = 0; i < f->count; i++) {
        bool is_new = true;
        for (int k = 0; k < i; k++)
            if (f->observations[k].threads == f->observations[i].threads) is_new = false;
        if (is_new) distinct++;
    }
    return distinct;
}

static int degrees_of_freedom(const fitting *f)
{
    return f->count - f->rounds - f->parameters;
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
static double badness(fitting *f, shape theta)
{
    double q = 0, unused[MOST_SHAPE];
    for (int i = 0; i < f->count; i++)
        f->residual[i] = f->observations[i].log_time - log_shape(f->law, theta, f->observations[i].threads, unused);
    for (int r = 0; r < f->rounds; r++) {
        const int start = f->round_start[r], end = f->round_start[r + 1];
        f->location[r] = locate(f->residual + start, end - start, f->scale, f->location[r]);
        for (int i = start; i < end; i++) {
            f->residual[i] = (f->residual[i] - f->location[r]) / f->scale;
            q += rho(f->residual[i]);
        }
    }
    return q;
}

/* ---- the minimum of Q ---- */

/* Normal equations of one reweighted Gauss-Newton step, the rounds' effects eliminated. */
typedef struct normal_equations {
    double matrix[MOST_SHAPE][MOST_SHAPE], side[MOST_SHAPE];
} normal_equations;

static void add_round(const fitting *f, shape theta, int start, int end, normal_equations *n)
{
    double sum[MOST_SHAPE] = {0}, weights = 0;
    for (int i = start; i < end; i++) {
        double slope[MOST_SHAPE] = {0};
        const double w = weight(f->residual[i]);
        log_shape(f->law, theta, f->observations[i].threads, slope);
        weights += w;
        for (int k = 0; k < f->parameters; k++) {
            sum[k] += w * slope[k];
            n->side[k] += w * f->residual[i] * f->scale * slope[k];
            for (int l = 0; l < f->parameters; l++) n->matrix[k][l] += w * slope[k] * slope[l];
        }
    }
    for (int k = 0; k < f->parameters; k++)
        for (int l = 0; l < f->parameters; l++) n->matrix[k][l] -= sum[k] * sum[l] / weights;
}

/* The step of the parameters that are free; nothing for the others. */
static shape solve(const normal_equations *n, const bool is_free[MOST_SHAPE])
{
    const double(*m)[MOST_SHAPE] = n->matrix, *b = n->side;
    shape step = {{0}};
    const double determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0];
    if (is_free[0] && is_free[1] && determinant > 1e-14 * m[0][0] * m[1][1]) {
        step.value[0] = (m[1][1] * b[0] - m[0][1] * b[1]) / determinant;
        step.value[1] = (m[0][0] * b[1] - m[1][0] * b[0]) / determinant;
        return step;
    }
    for (int k = 0; k < MOST_SHAPE; k++)
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
static shape step_from(const fitting *f, shape theta, const bool is_free[MOST_SHAPE])
{
    normal_equations n = {0};
    for (int r = 0; r < f->rounds; r++) add_round(f, theta, f->round_start[r], f->round_start[r + 1], &n);
    shape step = solve(&n, is_free);
    for (int k = 0; k < f->parameters; k++) {
        const double at = theta.value[k], most = laws[f->law].parameter[k].most;
        if (step.value[k] == 0 || within(at + step.value[k], most) != at) continue;
        bool others[MOST_SHAPE] = {is_free[0], is_free[1]};
        others[k] = false;
        step = solve(&n, others);
        break;
    }
    return step;
}

static shape moved_by(const fitting *f, shape theta, shape step, double share)
{
    for (int k = 0; k < f->parameters; k++)
        theta.value[k] = within(theta.value[k] + share * step.value[k], laws[f->law].parameter[k].most);
    return theta;
}

/* Minimises Q over the parameters that are free. @return the minimum, with *theta there */
static double minimise(fitting *f, const bool is_free[MOST_SHAPE], shape *theta)
{
    double best = badness(f, *theta);
    for (int turn = 0; turn < 200; turn++) {
        const shape step = step_from(f, *theta, is_free);
        double share = 1, q = best;
        shape trial = *theta;
        for (; share > 1e-6; share /= 2) {
            trial = moved_by(f, *theta, step, share);
            q = badness(f, trial);
            if (q < best) break;
        }
        if (!(q < best)) break;
        const double gain = best - q;
        *theta = trial;
        best = q;
        if (gain < 1e-9) break;
    }
    return badness(f, *theta);
}

/* ---- the scale of the noise ---- */

static const double least_scale = 1e-9; /* of times without noise */

/* The median absolute residual, as a standard deviation, for as many degrees of freedom as there are. */
static double scale_of_residuals(const fitting *f)
{
    for (int i = 0; i < f->count; i++) f->room[i] = fabs(f->residual[i]) * f->scale;
    const double sigma = 1.4826 * scale_median(f->room, f->count) * sqrt((double)f->count / degrees_of_freedom(f));
    return sigma > least_scale ? sigma : least_scale;
}

static const bool all_free[MOST_SHAPE] = {true, true};

/* Parameters and scale in turns, first as least squares. @return Q at its minimum */
static double fit_with_scale(fitting *f, shape *theta)
{
    f->scale = 1e3;
    double q = minimise(f, all_free, theta);
    for (int turn = 0; turn < 20; turn++) {
        const double before = f->scale;
        f->scale = scale_of_residuals(f);
        q = minimise(f, all_free, theta);
        if (fabs(f->scale - before) < 1e-3 * before) break;
    }
    return q;
}

/* ---- intervals ---- */

/* How much Q may rise above its minimum. `few` corrects lambda for fits of few samples (Huber 1981, Robust Statistics,
 * section 7.6). */
static double allowance(const fitting *f)
{
    double squares = 0, inside = 0;
    for (int i = 0; i < f->count; i++) {
        const double u = f->residual[i], psi = u * weight(u);
        squares += psi * psi;
        if (fabs(u) <= huber_k) inside++;
    }
    const double degrees = degrees_of_freedom(f), n = f->count, slope = inside / n;
    const double few = 1 + (n - degrees) / n * (1 - slope) / slope;
    const double lambda = few * few * (squares / degrees) / slope;
    return lambda / 2 * pow(gsl_cdf_tdist_Qinv(0.025, degrees), 2);
}

/* A parameter's profile: whether a value of it is within the interval. */
typedef struct profile {
    fitting *f;
    int parameter;
    shape best;
    double most_badness;
} profile;

static bool is_allowed(const profile *p, double value)
{
    const bool is_free[MOST_SHAPE] = {p->parameter != 0, p->parameter != 1 && p->f->parameters > 1};
    shape theta = p->best;
    theta.value[p->parameter] = value;
    return minimise(p->f, is_free, &theta) <= p->most_badness;
}

/* Where between a value that is allowed and one that is not the border lies. */
static double border(const profile *p, double allowed, double refused)
{
    const double precision = 1e-4 * fabs(refused - allowed);
    while (fabs(refused - allowed) > precision) {
        const double middle = (allowed + refused) / 2;
        if (is_allowed(p, middle)) allowed = middle;
        else refused = middle;
    }
    return (allowed + refused) / 2;
}

static double upper_end(const profile *p, double value, double most)
{
    double allowed = value, reach = fmax(value, 1e-6);
    while (value + reach < fmin(most, 1e6)) {
        if (!is_allowed(p, value + reach)) return border(p, allowed, value + reach);
        allowed = value + reach;
        reach *= 2;
    }
    if (isinf(most)) return INFINITY;
    return is_allowed(p, most) ? most : border(p, allowed, most);
}

static scale_estimate interval(const profile *p)
{
    const double value = p->best.value[p->parameter];
    const double most = laws[p->f->law].parameter[p->parameter].most;
    return (scale_estimate){
        .value = value, .low = is_allowed(p, 0) ? 0 : border(p, value, 0), .high = upper_end(p, value, most)};
}

/* ---- a fit ---- */

static const char *plural(int count)
{
    return count == 1 ? "" : "s";
}

/* What is lacking for a fit, if anything. */
static void say_why_not(const fitting *f, scale_fit *fit)
{
    const int wanted = f->parameters + 1, counts = count_thread_counts(f);
    if (counts < wanted)
        snprintf(fit->why_not, sizeof fit->why_not,
                 "needs %d thread counts within the processors granted, measured in the same rounds; there %s %d",
                 wanted, counts == 1 ? "is" : "are", counts);
    else if (degrees_of_freedom(f) < 1)
        snprintf(fit->why_not, sizeof fit->why_not,
                 "needs more samples: %d in %d round%s leave nothing to tell noise from the law; repeat the points",
                 f->count, f->rounds, plural(f->rounds));
}

static double root_mean_square(const fitting *f)
{
    double sum = 0;
    for (int i = 0; i < f->count; i++) sum += pow(f->residual[i] * f->scale, 2);
    return sqrt(sum / degrees_of_freedom(f));
}

/* Mean psi of the residuals on as many threads as observation `i`: zero, but for noise, where the law holds. */
static double mean_psi(const fitting *f, int i)
{
    double sum = 0;
    int same = 0;
    for (int k = 0; k < f->count; k++) {
        if (f->observations[k].threads != f->observations[i].threads) continue;
        sum += f->residual[k] * weight(f->residual[k]);
        same++;
    }
    return sum / same;
}

/* The F test of lack of fit (Draper & Smith 1998, Applied Regression Analysis, section 2.1): what thread counts have in
 * common over all rounds, against what they have not. Residuals are bounded as in the fit. */
static double test_lack_of_fit(const fitting *f)
{
    const int spare = count_thread_counts(f) - 1 - f->parameters, rest = degrees_of_freedom(f) - spare;
    double common = 0, all = 0;
    if (spare < 1 || rest < 1) return NAN;
    for (int i = 0; i < f->count; i++) {
        common += pow(mean_psi(f, i), 2);
        all += pow(f->residual[i] * weight(f->residual[i]), 2);
    }
    return gsl_cdf_fdist_Q(common / spare / ((all - common) / rest), spare, rest);
}

static void report_fit(fitting *f, scale_fit *fit)
{
    shape theta = {{0}};
    for (int k = 0; k < f->parameters; k++) theta.value[k] = laws[f->law].parameter[k].start;
    const double q = fit_with_scale(f, &theta);
    profile p = {.f = f, .best = theta, .most_badness = q + allowance(f)};
    fit->samples = f->count;
    fit->residual = root_mean_square(f);
    fit->p_value = test_lack_of_fit(f);
    for (int r = 0; r < f->rounds; r++) f->room[r] = f->location[r];
    fit->seconds_on_one = exp(scale_median(f->room, f->rounds));
    for (p.parameter = 0; p.parameter < f->parameters; p.parameter++) fit->parameters[p.parameter].of = interval(&p);
}

static pel_status allocate(fitting *f, int samples, int rounds)
{
    PEL_TRY(pel_memory_new((size_t)samples + 1, sizeof *f->observations, &f->observations));
    PEL_TRY(pel_memory_new((size_t)rounds + 1, sizeof *f->round_start, &f->round_start));
    PEL_TRY(pel_memory_new((size_t)rounds + 1, sizeof *f->location, &f->location));
    PEL_TRY(pel_memory_new((size_t)samples + 1, sizeof *f->residual, &f->residual));
    return pel_memory_new((size_t)samples + 1, sizeof *f->room, &f->room);
}

static void release(fitting *f)
{
    free(f->room);
    free(f->residual);
    free(f->location);
    free(f->round_start);
    free(f->observations);
}

static scale_fit empty_fit(scale_law law, scale_mode mode, pel_placement_kind places)
{
    scale_fit fit = {.law = law,
                     .mode = mode,
                     .places = places,
                     .parameter_count = laws[law].parameters,
                     .seconds_on_one = NAN,
                     .residual = NAN,
                     .p_value = NAN};
    for (int k = 0; k < fit.parameter_count; k++)
        fit.parameters[k] =
            (scale_parameter){laws[law].parameter[k].name, laws[law].parameter[k].symbol, scale_estimate_none};
    return fit;
}

pel_status scale_law_fit(scale_law law, const scale_point *points, int count, scale_mode mode,
                         pel_placement_kind places, scale_fit *fit)
{
    *fit = empty_fit(law, mode, places);
    fitting f = {.law = law, .parameters = laws[law].parameters};
    const int rounds = count_rounds(points, count);
    const pel_status status = allocate(&f, count_samples(points, count), rounds);
    if (status == PEL_OK) {
        gather(&f, points, count, mode, places, rounds);
        say_why_not(&f, fit);
        if (!fit->why_not[0]) report_fit(&f, fit);
    }
    release(&f);
    return status;
}

/* ---- what a fit says ---- */

double scale_law_speedup(const scale_fit *fit, double base, double threads)
{
    shape theta = {{0}};
    double unused[MOST_SHAPE];
    for (int k = 0; k < fit->parameter_count; k++) theta.value[k] = fit->parameters[k].of.value;
    return exp(log_shape(fit->law, theta, base, unused) - log_shape(fit->law, theta, threads, unused));
}

/* Where the derivative of X(p) is zero (Gunther 2007, Guerrilla Capacity Planning, section 4.4.2); one thread at least.
 */
double scale_law_peak(const scale_fit *fit)
{
    if (fit->law != SCALE_USL || fit->why_not[0]) return NAN;
    const double sigma = fit->parameters[0].of.value, kappa = fit->parameters[1].of.value;
    if (sigma >= 1) return 1;
    return kappa > 0 ? fmax(1, sqrt((1 - sigma) / kappa)) : INFINITY;
}
