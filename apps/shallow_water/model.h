/**
 * @file
 * The shallow-water model: its equations, its grid, what the files of the app share.
 *
 * With h = H + eta the thickness, (u, v) the velocity, f = f0 + beta (y - y0), zeta = dv/dx - du/dy, q = (f + zeta) / h
 * the potential vorticity and B = g eta + (u^2 + v^2) / 2 the Bernoulli function:
 *
 *     du/dt   =  q h v - dB/dx + F_x        deta/dt    = - d(h u)/dx - d(h v)/dy
 *     dv/dt   = -q h u - dB/dy + F_y        d(h c)/dt  = - d(h u c)/dx - d(h v c)/dy + div(kappa h grad c)
 *
 *     F = nu lap(u) - nu4 lap(lap(u)) + tau / (rho h) - (r + C |u| / h) u
 *
 * Linear: h = H, q = f / H, B = g eta. The kernels hold one factor `nonlinear`, 1 or 0, before each term that then
 * goes.
 *
 * On a C-grid (Arakawa & Lamb 1981) cell (x, y) has eta at its centre, u at its low face in x, v at its low face in y,
 * zeta and q at its low corner:
 *
 *     v(x, y+1)
 *        |
 *     u(x, y)  eta(x, y)  u(x+1, y)
 *     q(x, y)  v(x, y)    q(x+1, y)
 */
#ifndef PELAGOS_APPS_SHALLOW_WATER_MODEL_H
#define PELAGOS_APPS_SHALLOW_WATER_MODEL_H

#include "sim/app.h"

/** The numbers that kernels need. */
typedef struct swe_constants {
    double gravity;          /**< m s-2 */
    double depth;            /**< m; where there is no field of it */
    double nonlinear;        /**< 1, or 0 for the linear equations */
    double f0, beta, y0;     /**< s-1, m-1 s-1, m */
    double south;            /**< y of the low edge of the grid, m */
    double dx, dy, rdx, rdy; /**< spacing, m, and its reciprocal */
    double density;          /**< kg m-3 */
    double slip;             /**< of vorticity at coasts: 0 free-slip, 2 no-slip */
    double linear_drag;      /**< s-1 */
    double quadratic_drag;   /**< 1 */
    double diffusivity;      /**< of the tracer, m2 s-1 */
    double upwind;           /**< tracer: 1 upwind, 0 centred */
    double imaginary, real;  /**< limits of stability of the time scheme */
    double friction_rate;    /**< the fastest rate of friction and diffusion on this grid, s-1 */
    int cells[2];
    int is_wall[2]; /**< whether x, y end at walls */
} swe_constants;

/** What the formulas of the initial state, the bottom and the land need. */
typedef struct swe_shape {
    double amplitude, width, speed, perturbation; /**< m, m, m s-1, m */
    double centre[2];                             /**< m */
    double wavenumber[2];                         /**< rad m-1 */
} swe_shape;

typedef struct swe_model {
    swe_constants constants;
    double viscosity, hyperviscosity; /* m2 s-1, m4 s-1 */
    bool is_enstrophy, is_tracer;
    const char *initial_profile, *wind_profile, *bottom_profile, *land_profile, *tracer_profile;
    swe_shape initial, bottom, land, blob;
    double wind_stress; /* N m-2 */
    double edge[2][2];  /* coordinates of the sides of the grid, m */

    pel_field *eta, *u, *v, *tracer;                       /* the state */
    pel_field *vorticity, *potential_vorticity;            /* at corners */
    pel_field *laplacian_u, *laplacian_v, *laplacian_curl; /* of hyperviscosity, or NULL */
    pel_field *depth, *wet, *wind[2];                      /* NULL where depth is one number, all is sea, no wind */
    pel_field *speed, *concentration;                      /* for output */

    pel_chain *beginning, *limit, *series, *output;
    pel_reduced kinetic, potential, enstrophy, volume, tracer_total, fastest, frequency, courant;
} swe_model;

/** A kernel in two variants: with the depth one number, and with a field of it as the last access. */
typedef struct swe_kernel {
    pel_kernel *flat, *varied;
    int flops; /**< of a point: pel_chain_flops() */
} swe_kernel;

/** Records a loop of such a kernel with the model's constants. The last access is to the depth. */
void swe_loop_args(const swe_model *model, pel_chain *chain, const char *name, swe_kernel kernel, pel_range range,
                   const pel_arg *args, int arg_count);
#define swe_loop(model, chain, name, kernel, range, ...)                                                               \
    swe_loop_args(model, chain, name, kernel, range, PEL_ARGS(__VA_ARGS__))

/* A kernel `name` of so many operations a point for swe_loop(), from a body that takes `varied`, 0 or 1, as a
 * compile-time constant: it indexes depth as depth[varied * x], so that both variants are the same formula. The body
 * gets a copy of the constants that no store can change, so that the compiler keeps them in registers. */
#define SWE_KERNEL(name, body, flops)                                                                                  \
    static void name##_flat(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)         \
    {                                                                                                                  \
        (void)step;                                                                                                    \
        const swe_constants p = *(const swe_constants *)params;                                                        \
        body(box, arg, &p, 0);                                                                                         \
    }                                                                                                                  \
    static void name##_varied(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)       \
    {                                                                                                                  \
        (void)step;                                                                                                    \
        const swe_constants p = *(const swe_constants *)params;                                                        \
        body(box, arg, &p, 1);                                                                                         \
    }                                                                                                                  \
    static const swe_kernel name = {name##_flat, name##_varied, flops};
#define SWE_BODY static inline __attribute__((always_inline)) void

/** The row of depths at y, to be indexed with varied * x. */
static inline const double *swe_depth_row(const pel_view *depth, const swe_constants *p, int y, int varied)
{
    return varied ? pel_row(*depth, y, 0) : &p->depth;
}

/* The terms, each a file. They record their loops into a chain, for a state and its tendency in the order of swe_state.
 */
enum swe_state { SWE_ETA, SWE_U, SWE_V, SWE_TRACER };

/** Vorticity and potential vorticity of a state, at all corners. */
void swe_record_vorticity(const swe_model *model, pel_chain *chain, const pel_operand *state);
/** The curl of any velocities (at level 0), at all corners. */
void swe_record_curl(const swe_model *model, pel_chain *chain, pel_field *u, pel_field *v, pel_field *curl);
/** q h v - dB/dx and its companion; after the vorticity. */
void swe_record_momentum(const swe_model *model, pel_chain *chain, const pel_operand *state,
                         const pel_operand *tendency);
void swe_record_continuity(const swe_model *model, pel_chain *chain, const pel_operand *state,
                           const pel_operand *tendency);
/** Wind and drag, added to the tendencies. */
void swe_record_stress(const swe_model *model, pel_chain *chain, const pel_operand *state, const pel_operand *tendency);
/** Viscosity and hyperviscosity, added to the tendencies; after the vorticity. */
void swe_record_dissipation(const swe_model *model, pel_chain *chain, const pel_operand *state,
                            const pel_operand *tendency);
/** No flow through coasts: zeroes u, v (velocities or tendencies, at their levels) beside land. Nothing where all is
 * sea. */
void swe_record_coasts(const swe_model *model, pel_chain *chain, pel_operand u, pel_operand v);
void swe_record_tracer(const swe_model *model, pel_chain *chain, const pel_operand *state, const pel_operand *tendency);

/** The chains of the series, the output fields and the limit of the step, and the series values. */
pel_status swe_setup_diagnostics(pel_component *component, swe_model *model);

/** The chain that turns the filled fields into a state: no flow through coasts, the content of the tracer. */
pel_status swe_setup_beginning(pel_component *component, swe_model *model);
/** Fills depth, land, wind and the state from the profiles of the deck and from files. */
pel_status swe_fill(pel_component *component, const pel_params *params, swe_model *model);

#endif
