/**
 * @file
 * Elliptic solvers on grid fields: (Laplacian - lambda) phi = rhs, solved directly.
 *
 * The operator is the discrete one of second order, and it is inverted to round-off. Along each dimension, for the
 * unknown j with the cell width h:
 *
 *     (phi[j + 1] - 2 phi[j] + phi[j - 1]) / h^2
 *
 * On stretched dimensions it is the divergence of the gradient over the cell, ((phi[j + 1] - phi[j]) / d[j + 1/2] -
 * (phi[j] - phi[j - 1]) / d[j - 1/2]) / v[j], with d the distance of two points and v the width of the cell around a
 * point. (Cells reach from face to face around a centre; from centre to centre around a face, or to the wall.)
 * pel_elliptic_apply() applies it. At a side that is not periodic stands one of two conditions:
 *
 * | side             | points at cell centres                                | points at faces                       |
 * |------------------|-------------------------------------------------------|---------------------------------------|
 * | value (Dirichlet)| phi[-1] = 2 value - phi[0]; stretched: the value lies | the point on the wall has the value;  |
 * |                  | d = v[0] / 2 away, on the wall                        | the solver writes it there            |
 * | gradient         | phi[-1] = phi[0] - h slope: the slope, along the      | the point on the wall is an unknown:  |
 * | (Neumann)        | axis, at the wall                                     | phi[-1] = phi[1] - 2 h slope          |
 *
 * So does a pressure solver want it: with phi at centres and the velocity at faces, the divergence of the gradient of
 * phi is this operator, and a face on a wall has the slope given. Dimensions that the grid makes periodic have no
 * sides. Any centring and any mixture of sides, on grids of one to three dimensions.
 *
 * The way: real transforms along each uniform dimension (Fourier's, or the sine or cosine transform whose waves fulfil
 * the conditions of both sides) are the eigenvectors of the discrete operator; the eigenvalue of a wave of angle theta
 * a cell is -(2 sin(theta / 2) / h)^2 (Schumann and Sweet, J. Comput. Phys. 75 (1988) 123). A stretched dimension is
 * solved by elimination, one tridiagonal system for each horizontal wave. All work is shared out over the team, and
 * the bits are the same for any number of threads.
 *
 * Without a side of given value and with lambda = 0 the problem is singular: the mean of rhs, weighted by the widths
 * of the cells (half ones around faces on a wall), with the slopes of the sides counted in, must be zero to round-off,
 * which is checked in each solve; the mean of phi, weighted likewise, is then zero.
 *
 * Halos of phi are not filled: the conditions that the *field* phi was declared with fill them, where a loop looks
 * there. At centres, give the field the same pel_boundary. At faces with a gradient give it PEL_BOUNDARY_NONE, as the
 * field's own condition would overwrite the unknown on the wall.
 */
#ifndef PELAGOS_SPECTRAL_ELLIPTIC_H
#define PELAGOS_SPECTRAL_ELLIPTIC_H

#include "exec/chain.h"

typedef struct pel_elliptic pel_elliptic;

/** What is solved; zero means the default. */
typedef struct pel_elliptic_spec {
    pel_grid *grid;    /**< of rhs and phi, whole on this process; outlives the solver */
    unsigned centring; /**< PEL_FACE_... of rhs and phi */
    /** Sides of dimensions that are not periodic: PEL_BOUNDARY_VALUE or PEL_BOUNDARY_GRADIENT, with the value (units of
     * phi) or slope (of phi per unit of length), or a function of position and step, which is asked at the unknown
     * next to the side, or the point on the wall that has the value. Copied; `params` outlives the solver. */
    pel_boundary boundary[3][2];
    /** The last dimension of the grid stretched: rising positions of its cells + 1 faces, in the grid's unit of length;
     * copied. Not where that dimension is periodic. NULL: uniform, of the grid's spacing. */
    const double *faces;
    double lambda;     /**< 1 / length^2, 0 or positive */
    bool removes_mean; /**< singular problems: subtract the mean of rhs in place of checking that it is zero */
    double tolerance;  /**< of that check: |mean| <= tolerance * largest |rhs|; default 1e-12 */
} pel_elliptic_spec;

/**
 * Makes a solver. It lives until pel_elliptic_destroy(), and outlives the chains it is recorded in.
 * @return PEL_OK, PEL_ERR_MEMORY, PEL_ERR_ARGUMENT (a cut grid, a side without condition, no unknown between two walls,
 * faces that do not rise, a negative lambda, for which the operator could vanish)
 */
pel_status pel_elliptic_create(const pel_elliptic_spec *spec, pel_elliptic **solver);
/** Ends the solver; NULL is allowed. */
void pel_elliptic_destroy(pel_elliptic *solver);

/** Another lambda from the next solve on, between stretches. Not stored in checkpoints: set it from what is.
 * @return PEL_OK, PEL_ERR_ARGUMENT if it is negative */
pel_status pel_elliptic_set_lambda(pel_elliptic *solver, double lambda);

/**
 * Solves for phi, now, on the whole team; not from within team work. Both fields are doubles of one component on the
 * solver's grid, with its centring; they may be the same level of one field. rhs is read at unknowns alone; phi needs
 * no first guess. `step` goes to the functions of sides.
 * @return PEL_OK, PEL_ERR_ARGUMENT (a field that does not fit), PEL_ERR_MEMORY, PEL_ERR_NUMERICS (a singular problem
 * whose rhs has a mean), with phi then undefined
 */
pel_status pel_elliptic_solve(const pel_elliptic *solver, pel_team *team, const pel_step *step, const pel_field *rhs,
                              int rhs_level, pel_field *phi, int phi_level);
/** Applies the operator, now: out = (Laplacian - lambda) phi with the values and slopes of the sides; 0 at points on
 * walls whose value is given. The fields differ. Errors as pel_elliptic_solve(), but PEL_ERR_NUMERICS. */
pel_status pel_elliptic_apply(const pel_elliptic *solver, pel_team *team, const pel_step *step, const pel_field *phi,
                              int phi_level, pel_field *out, int out_level);

/** Records pel_elliptic_solve() as a call; what it returns ends the run. @return PEL_OK, PEL_ERR_ARGUMENT */
pel_status pel_elliptic_record_solve(const pel_elliptic *solver, pel_chain *chain, const char *name, pel_field *rhs,
                                     int rhs_level, pel_field *phi, int phi_level);
/** Records pel_elliptic_apply() as a call. @return PEL_OK, PEL_ERR_ARGUMENT */
pel_status pel_elliptic_record_apply(const pel_elliptic *solver, pel_chain *chain, const char *name, pel_field *phi,
                                     int phi_level, pel_field *out, int out_level);

/** The largest sum of |coefficients| in a row of the operator at most: its infinity norm, 1 / length^2. */
double pel_elliptic_norm(const pel_elliptic *solver);

#endif
