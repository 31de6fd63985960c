/**
 * @file
 * Files of the embedded-atom method, as LAMMPS and DYNAMO have them, read unchanged.
 *
 * The energy is sum_i F_i(rho_i) + 1/2 sum_ij phi_ij(r), rho_i = sum_j of the density that j brings to i.
 */
#ifndef PELAGOS_PARTICLES_EAM_FILE_H
#define PELAGOS_PARTICLES_EAM_FILE_H

#include <stdbool.h>

#include "base/status.h"

/** The tables of all types on common grids: F at k drho, densities and r phi at k dr. Energies in eV, lengths in
 * angstrom, as in the files. Owns its arrays. */
typedef struct pel_eam_tables {
    int types;
    long nrho, nr;
    double drho, dr;
    double cutoff;
    double *mass;      /**< [types], u */
    double *embedding; /**< [types][nrho] */
    double *density;   /**< [types at][types from][nr] */
    double *r_phi;     /**< [types][types][nr], symmetric */
} pel_eam_tables;

/**
 * Reads one funcfl file (pair_style eam) for each type. Unlike types are mixed by their effective charges, phi = 27.2
 * * 0.529 Z_a Z_b / r; tables of different grids are interpolated onto the coarsest and longest.
 * @return PEL_OK; PEL_ERR_FILE; PEL_ERR_CORRUPT with file, line and what is missing; PEL_ERR_MEMORY
 */
pel_status pel_eam_read_funcfl(int types, const char *const *paths, pel_eam_tables *tables);
/**
 * Reads a setfl file (eam/alloy), or a Finnis-Sinclair one (eam/fs), in which densities depend on both types.
 * @param elements  [types]: the element of each type, by its name in the file
 * @return as above; PEL_ERR_NAME for an element that the file does not have
 */
pel_status pel_eam_read_setfl(const char *path, bool is_finnis_sinclair, int types, const char *const *elements,
                              pel_eam_tables *tables);
/** Makes the arrays, of zeros. What there is after a failure is for pel_eam_tables_free(), too. @return PEL_OK or
 * PEL_ERR_MEMORY */
pel_status pel_eam_tables_make(int types, long nrho, long nr, pel_eam_tables *tables);
/** Frees the arrays; all is zero again. */
void pel_eam_tables_free(pel_eam_tables *tables);

#endif
