/**
 * @file
 * The Stillinger-Weber potential: silicon and its like, with forces between three atoms.
 */
#ifndef PELAGOS_PARTICLES_STILLINGER_WEBER_H
#define PELAGOS_PARTICLES_STILLINGER_WEBER_H

#include "particles/potential.h"
#include "particles/stillinger_weber_file.h"

/**
 * Makes a potential of the class "stillinger-weber" from parameters, which it does not keep.
 * @param most_force, most_energy  as of pel_pairs_create(): 2^10 eV / angstrom, 2^12 eV
 * @return PEL_OK; PEL_ERR_ARGUMENT for parameters that cannot be: p and q must be whole numbers from 0 to 16, the
 * three- body terms the same for i j k and i k j; PEL_ERR_MEMORY
 */
pel_status pel_sw_create(const pel_sw_parameters *parameters, double most_force, double most_energy,
                         pel_potential **potential);

#endif
