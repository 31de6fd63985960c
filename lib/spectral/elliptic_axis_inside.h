/**
 * @file
 * The second difference along one dimension, as elliptic solvers see it. For lib/spectral only.
 *
 * Row j: below[j] (phi[j - 1] - phi[j]) + above[j] (phi[j + 1] - phi[j]). Of a dimension with sides, below[0] and
 * above[unknowns - 1] stand before the given value beyond the side; they are 0 where the slope is given.
 */
#ifndef PELAGOS_SPECTRAL_ELLIPTIC_AXIS_INSIDE_H
#define PELAGOS_SPECTRAL_ELLIPTIC_AXIS_INSIDE_H

#include <stdbool.h>

#include "mesh/field.h"
#include "spectral/cosine_inside.h"

typedef struct pel_elliptic_axis {
    int cells;
    int unknowns, first; /* the point of unknown 0; 1 where that of index 0 is on a wall with a given value */
    bool is_periodic, is_face;
    bool has_null; /* a constant is mapped to 0: there is no given value */
    pel_boundary boundary[2];
    double outside[2];             /* what the value or slope of a side multiplies by, in the row next to it */
    double *below, *above, *width; /* a row; width of the cell around the unknown; unknowns each */
    double *eigenvalue;            /* <= 0, of each coefficient of the transform; NULL: stretched */
    /* what transforms its lines: the cosine transform if it has one, else the plans */
    pel_cosine cosine;
    double sign; /* for the cosine transform */
    const pel_line *forward, *backward;
    double factor; /* of there and back */
} pel_elliptic_axis;

/**
 * Makes the axis of dimension d; of one beyond the grid's, a single point with nothing to do.
 * @param faces  positions of the cells + 1 faces; NULL: uniform
 * @return PEL_OK, PEL_ERR_ARGUMENT, PEL_ERR_MEMORY; to be freed in any case
 */
pel_status pel_elliptic_axis_make(const pel_grid *grid, int d, bool is_face, const pel_boundary boundary[2],
                                  const double *faces, pel_elliptic_axis *axis);
void pel_elliptic_axis_free(pel_elliptic_axis *axis);

/**
 * Lines in this thread's scratch, of the unknowns along an axis: line i holds values at points[i * pitch + j], and the
 * coefficients of its transform at waves[i * pitch + j], which may be the same place.
 */
typedef struct pel_elliptic_lines {
    double *points, *waves; /* NULL: no memory */
    ptrdiff_t pitch;
} pel_elliptic_lines;

/** Room for `count` lines; what was there before is lost. */
pel_elliptic_lines pel_elliptic_lines_make(const pel_elliptic_axis *axis, int count);
/** Transforms one line there, and back without scaling; both destroy what they read. `points` may be anywhere on a
 * cache line if the axis is periodic. */
void pel_elliptic_axis_forward(const pel_elliptic_axis *axis, double *points, double *waves);
void pel_elliptic_axis_backward(const pel_elliptic_axis *axis, double *waves, double *points);

/** Whether the point on the wall of a side is there and has a given value. */
bool pel_elliptic_axis_has_wall_point(const pel_elliptic_axis *axis, int side);
/** The largest sum of |coefficients| of a row. */
double pel_elliptic_axis_norm(const pel_elliptic_axis *axis);
/** The mean of the unknowns `values[j * stride]`, weighted by width. */
double pel_elliptic_axis_mean(const pel_elliptic_axis *axis, const double *values, int stride);

#endif
