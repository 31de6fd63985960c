/* Formulas of the deck: initial states, winds, bottoms, land. Each is a function of position over the shape it belongs
 * to. */
#include "shallow_water/profiles.h"

#include <math.h>

/* ---- the shapes ---- */

static double square(double a)
{
    return a * a;
}

/* A Gaussian hill of height 1 around the centre of a shape. */
static double hill(const swe_shape *s, const double at[3])
{
    return exp(-(square(at[0] - s->centre[0]) + square(at[1] - s->centre[1])) / (2 * square(s->width)));
}

static double coriolis(const swe_constants *p, double y)
{
    return p->f0 + p->beta * (y - p->y0);
}

static double bump_eta(const double at[3], const void *data)
{
    const swe_model *m = data;
    return m->initial.amplitude * hill(&m->initial, at);
}

/* A vortex: the hill with velocities in geostrophic balance, f v = g deta/dx, f u = -g deta/dy. */
static double vortex_u(const double at[3], const void *data)
{
    const swe_model *m = data;
    const double slope = -(at[1] - m->initial.centre[1]) / square(m->initial.width) * bump_eta(at, data);
    return -m->constants.gravity / coriolis(&m->constants, at[1]) * slope;
}

static double vortex_v(const double at[3], const void *data)
{
    const swe_model *m = data;
    const double slope = -(at[0] - m->initial.centre[0]) / square(m->initial.width) * bump_eta(at, data);
    return m->constants.gravity / coriolis(&m->constants, at[1]) * slope;
}

/* A step up along x: Gill, Atmosphere-Ocean Dynamics (1982), sec. 7.2. */
static double step_eta(const double at[3], const void *data)
{
    const swe_model *m = data;
    const double x = at[0] - m->initial.centre[0];
    return x > 0 ? m->initial.amplitude : x < 0 ? -m->initial.amplitude : 0;
}

/* A plane through the middle of the grid, the amplitude at its edges in x. */
static double tilt_eta(const double at[3], const void *data)
{
    const swe_model *m = data;
    const double half = 0.5 * (m->edge[0][1] - m->edge[0][0]);
    return m->initial.amplitude * (at[0] - m->edge[0][0] - half) / half;
}

/* ---- a Poincare wave, an exact mode of the linear equations on the C-grid ----
 *
 * With K = 2/dx sin(k dx/2), L likewise, F = f cos(k dx/2) cos(l dy/2): omega^2 = F^2 + g H (K^2 + L^2), and
 * u = g eta (omega K + i F L) / (omega^2 - F^2), v = g eta (omega L - i F K) / (omega^2 - F^2). */

typedef struct wave {
    double k, l, f, omega, factor, phase;
} wave;

static wave wave_at(const double at[3], const swe_model *m)
{
    const swe_constants *p = &m->constants;
    const double kx = m->initial.wavenumber[0], ky = m->initial.wavenumber[1];
    wave w = {.k = 2 * p->rdx * sin(0.5 * kx * p->dx), .l = 2 * p->rdy * sin(0.5 * ky * p->dy)};
    w.f = p->f0 * cos(0.5 * kx * p->dx) * cos(0.5 * ky * p->dy);
    const double gravity_part = p->gravity * p->depth * (square(w.k) + square(w.l));
    w.omega = sqrt(square(w.f) + gravity_part);
    w.factor = gravity_part > 0 ? p->gravity * m->initial.amplitude / gravity_part : 0;
    w.phase = kx * (at[0] - m->edge[0][0]) + ky * (at[1] - m->edge[1][0]);
    return w;
}

static double wave_eta(const double at[3], const void *data)
{
    const swe_model *m = data;
    return m->initial.amplitude * cos(wave_at(at, m).phase);
}

static double wave_u(const double at[3], const void *data)
{
    const wave w = wave_at(at, data);
    return w.factor * (w.omega * w.k * cos(w.phase) - w.f * w.l * sin(w.phase));
}

static double wave_v(const double at[3], const void *data)
{
    const wave w = wave_at(at, data);
    return w.factor * (w.omega * w.l * cos(w.phase) + w.f * w.k * sin(w.phase));
}

/* ---- a jet along x in geostrophic balance: u = U / cosh^2(s), s = (y - centre) / width ----
 *
 * eta = -(1/g) integral of f u dy, with the integral of s / cosh^2(s) = s tanh(s) - ln cosh(s); and a small wave on it.
 */

static double jet_u(const double at[3], const void *data)
{
    const swe_model *m = data;
    return m->initial.speed / square(cosh((at[1] - m->initial.centre[1]) / m->initial.width));
}

static double jet_eta(const double at[3], const void *data)
{
    const swe_model *m = data;
    const swe_shape *i = &m->initial;
    const double s = (at[1] - i->centre[1]) / i->width, f = coriolis(&m->constants, i->centre[1]);
    const double integral = f * i->width * tanh(s) + m->constants.beta * square(i->width) *
                                                         (s * tanh(s) - fabs(s) - log1p(exp(-2 * fabs(s))) + log(2));
    const double ripple = i->perturbation * cos(i->wavenumber[0] * (at[0] - m->edge[0][0])) * exp(-s * s);
    return -i->speed / m->constants.gravity * integral + ripple;
}

const swe_initial swe_initials[] = {
    {"rest", NULL, NULL, NULL},     {"bump", bump_eta, NULL, NULL}, {"vortex", bump_eta, vortex_u, vortex_v},
    {"step", step_eta, NULL, NULL}, {"tilt", tilt_eta, NULL, NULL}, {"poincare-wave", wave_eta, wave_u, wave_v},
    {"jet", jet_eta, jet_u, NULL},  {NULL, NULL, NULL, NULL},
};

/* ---- wind along x, N m-2 ---- */

/* y from 0 at the south to 1 at the north of the grid */
static double northing(const double at[3], const swe_model *m)
{
    return (at[1] - m->edge[1][0]) / (m->edge[1][1] - m->edge[1][0]);
}

/* Trades in the south, westerlies in the north: one subtropical gyre. Munk, J. Meteor. 7 (1950) 79. */
static double single_gyre(const double at[3], const void *data)
{
    const swe_model *m = data;
    return -m->wind_stress * cos(M_PI * northing(at, m));
}

/* Westerlies in the middle: a subtropical gyre south of them, a subpolar one north. */
static double double_gyre(const double at[3], const void *data)
{
    const swe_model *m = data;
    return -m->wind_stress * cos(2 * M_PI * northing(at, m));
}

static double channel_wind(const double at[3], const void *data)
{
    const swe_model *m = data;
    return m->wind_stress * sin(M_PI * northing(at, m));
}

static double uniform_wind(const double at[3], const void *data)
{
    (void)at;
    return ((const swe_model *)data)->wind_stress;
}

const swe_formula swe_winds[] = {{"none", NULL},
                                 {"single-gyre", single_gyre},
                                 {"double-gyre", double_gyre},
                                 {"channel", channel_wind},
                                 {"uniform", uniform_wind},
                                 {NULL, NULL}};

/* ---- depth at rest, m ---- */

static double seamount(const double at[3], const void *data)
{
    const swe_model *m = data;
    return m->constants.depth - m->bottom.amplitude * hill(&m->bottom, at);
}

/* A ridge along y. */
static double ridge(const double at[3], const void *data)
{
    const swe_model *m = data;
    return m->constants.depth -
           m->bottom.amplitude * exp(-square(at[0] - m->bottom.centre[0]) / (2 * square(m->bottom.width)));
}

/* Shallower towards the north, by the height over the whole grid. */
static double slope(const double at[3], const void *data)
{
    const swe_model *m = data;
    return m->constants.depth - m->bottom.amplitude * northing(at, m);
}

const swe_formula swe_bottoms[] = {
    {"flat", NULL}, {"seamount", seamount}, {"ridge", ridge}, {"slope", slope}, {NULL, NULL}};

/* ---- sea (1) and land (0) ---- */

static double island(const double at[3], const void *data)
{
    const swe_shape *s = &((const swe_model *)data)->land;
    return square(at[0] - s->centre[0]) + square(at[1] - s->centre[1]) > square(s->width) ? 1 : 0;
}

const swe_formula swe_lands[] = {{"none", NULL}, {"island", island}, {NULL, NULL}};

/* ---- concentration of the tracer ---- */

static double blob(const double at[3], const void *data)
{
    return hill(&((const swe_model *)data)->blob, at);
}

static double north_half(const double at[3], const void *data)
{
    return northing(at, data) > 0.5 ? 1 : 0;
}

static double everywhere(const double at[3], const void *data)
{
    (void)at, (void)data;
    return 1;
}

const swe_formula swe_tracers[] = {
    {"none", NULL}, {"blob", blob}, {"north-half", north_half}, {"uniform", everywhere}, {NULL, NULL}};

pel_point_function *swe_formula_find(const swe_formula *formulas, const char *name)
{
    while (formulas->name && strcmp(formulas->name, name) != 0) formulas++;
    return formulas->function;
}

const swe_initial *swe_initial_find(const char *name)
{
    const swe_initial *initial = swe_initials;
    while (initial->name && strcmp(initial->name, name) != 0) initial++;
    return initial;
}
