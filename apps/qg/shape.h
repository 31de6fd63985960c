/**
 * @file
 * Shapes of position on the doubly periodic plane.
 */
#ifndef PELAGOS_APPS_QG_SHAPE_H
#define PELAGOS_APPS_QG_SHAPE_H

#include <math.h>

#include "qg/model.h"

/** A Gaussian around the nearest of the centre's periodic images, 1 at most: in x alone (1 dimension), or in both. */
static inline double qg_hill(const qg_shape *shape, const double at[3], int dimensions)
{
    double sum = 0;
    for (int d = 0; d < dimensions; d++) {
        const double away = remainder(at[d] - shape->centre[d], shape->end[d] - shape->start[d]) / shape->width[d];
        sum += away * away;
    }
    return exp(-sum / 2);
}

/** cos of the shape's wavenumber along d. */
static inline double qg_cosine(const qg_shape *shape, const double at[3], int d)
{
    return cos(shape->wavenumber[d] * (at[d] - shape->start[d]));
}

#endif
