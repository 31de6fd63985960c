/**
 * @file
 * Atoms as the kernels see them: arrays in storage order, which is the order along a space-filling curve and changes
 * when the lists are built anew. Results never depend on it.
 *
 * Behind the `count` atoms proper stand `images` copies of atoms near periodic sides, shifted by box lengths, so that a
 * kernel finds every neighbour of an atom by plain subtraction; they have a position and an owner, nothing else. Behind
 * those stands one atom at infinity (far beyond any cutoff), to fill up lists.
 */
#ifndef PELAGOS_PARTICLES_ATOMS_H
#define PELAGOS_PARTICLES_ATOMS_H

#include "particles/configuration.h"
#include "particles/grain.h"

/** Atoms in storage order; arrays are cache-line aligned. */
typedef struct pel_atoms {
    long count;    /**< atoms proper: rows 0 to count - 1 */
    long images;   /**< rows count to count + images - 1 of position and owner; row count + images is at infinity */
    long capacity; /**< rows of position and owner; the other arrays have `count` */
    double (*position)[4]; /**< x, y, z: multiples of the position's quantum; and the type as a double (from 0) */
    double (*velocity)[3]; /**< at the same time as the positions, but inside a step */
    double (*force)[3];    /**< multiples of the force's quantum */
    int32_t *type;         /**< from 0 */
    int32_t (*image)[3];   /**< crossings of the periodic sides */
    int32_t *place; /**< in the order of ids, from 0: where arrays that are kept over a new storage order have it */
    int64_t *id;
    int32_t *owner; /**< of row j: j itself for atoms proper, the atom that it is a copy of for images */
} pel_atoms;

#endif
