/**
 * @file
 * Regions: the part of a box that atoms are put into (the liquid of a slab, a cluster), or left out of (a pore).
 */
#ifndef PELAGOS_PARTICLES_REGION_H
#define PELAGOS_PARTICLES_REGION_H

#include <stdbool.h>

typedef enum pel_region_shape {
    PEL_REGION_BLOCK, /**< lo <= x < hi in each dimension; where lo and hi are equal, any x */
    PEL_REGION_SPHERE /**< within `radius` of `centre` */
} pel_region_shape;

/** A region, in the run's unit of length; all zero is everywhere. */
typedef struct pel_region {
    pel_region_shape shape;
    double lo[3], hi[3];
    double centre[3], radius;
    bool is_outside; /**< all but it */
} pel_region;

/** Whether `position` lies in all of the `count` regions. No region: everywhere. */
bool pel_region_contains(const pel_region *regions, int count, const double position[3]);

#endif
