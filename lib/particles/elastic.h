/**
 * @file
 * Elastic constants from the stress of strained crystals.
 *
 * Boxes are orthogonal, so strains are too. A cubic crystal has three constants; C11 and C12 come from a box with the
 * cube's edges along x, y, z, and C44 from one with [110], [-110], [001], in which C'11 = (C11 + C12 + 2 C44) / 2.
 */
#ifndef PELAGOS_PARTICLES_ELASTIC_H
#define PELAGOS_PARTICLES_ELASTIC_H

#include "particles/minimise.h"

/** The constants of a cubic crystal, energy / length^3. */
typedef struct pel_cubic_constants {
    double c11, c12, c44;
} pel_cubic_constants;

/**
 * d sigma_a / d epsilon_b for normal stresses and strains, by central differences at +-strain, about the present box.
 * The system is as before afterwards.
 *
 * @param strain  about 1e-4
 * @param relax   how atoms are minimised in the strained box; NULL: they only move with it
 * @param c       receives C_ab, energy / length^3
 * @return PEL_OK, or what pel_system_scale(), pel_system_forces(), pel_minimise() return
 */
pel_status pel_elastic_normal(pel_system *system, double strain, const pel_minimisation *relax, double c[3][3]);

/**
 * The constants of a cubic crystal.
 *
 * @param straight  the crystal with the edges of its cubes along x, y, z
 * @param turned    the same with [110], [-110], [001] along x, y, z, and the same lattice constant
 */
pel_status pel_elastic_cubic(pel_system *straight, pel_system *turned, double strain, const pel_minimisation *relax,
                             pel_cubic_constants *constants);

#endif
