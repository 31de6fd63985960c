/**
 * @file
 * Random packings: atoms anywhere in a box or a part of it, none nearer to another than a least distance.
 */
#ifndef PELAGOS_PARTICLES_PACKING_H
#define PELAGOS_PARTICLES_PACKING_H

#include "particles/configuration.h"
#include "particles/region.h"

/** A packing; what is zero has its default. */
typedef struct pel_packing {
    const long *count;         /**< [types of the configuration]: atoms of each type */
    double density;            /**< atoms a volume: a cube; or 0 and `length` */
    double length[3];          /**< of the box, from 0 */
    bool is_open[3];           /**< sides that are not periodic */
    double least_distance;     /**< between any two atoms, across periodic sides too; may be 0 */
    uint64_t seed;             /**< of the positions */
    const pel_region *regions; /**< atoms are put into all of them only */
    int region_count;
} pel_packing;

/**
 * Fills `to`, which has its types but no atoms yet, and sets its box. Atoms are put one after another at random places
 * (random sequential addition), the same ones for the same seed.
 * @return PEL_OK; PEL_ERR_ARGUMENT if the atoms do not fit, naming the first that found no place; PEL_ERR_MEMORY
 */
pel_status pel_packing_fill(const pel_packing *packing, pel_configuration *to);

#endif
