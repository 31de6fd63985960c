/**
 * @file
 * The embedded-atom method: metals.
 */
#ifndef PELAGOS_PARTICLES_EAM_H
#define PELAGOS_PARTICLES_EAM_H

#include "particles/eam_file.h"
#include "particles/potential.h"

/**
 * Makes a potential of the class "eam" from tables, which it does not keep. Energies are in eV and lengths in angstrom.
 * @return PEL_OK; PEL_ERR_ARGUMENT for tables without knots or range, or that end more than a spacing
 * before their cutoff; PEL_ERR_MEMORY
 */
pel_status pel_eam_create(const pel_eam_tables *tables, pel_potential **potential);

/** What a potential of this class has at a distance or a density, for tests, tables and plots. */
typedef struct pel_eam_point {
    double density, density_slope;     /**< that type b brings to type a at r */
    double phi, phi_slope;             /**< of a and b at r */
    double embedding, embedding_slope; /**< F of type a at rho */
} pel_eam_point;
pel_eam_point pel_eam_at(const pel_potential *potential, int a, int b, double r, double rho);

#endif
