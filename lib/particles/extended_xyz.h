/**
 * @file
 * Extended XYZ files: as ASE, OVITO and many codes of electronic structure write them.
 *
 * Format: the number of atoms; a line of key=value with the box (Lattice) and the columns (Properties); a line an atom.
 * Plain XYZ is read too where the box is given. Numbers are in the units of the run.
 */
#ifndef PELAGOS_PARTICLES_EXTENDED_XYZ_H
#define PELAGOS_PARTICLES_EXTENDED_XYZ_H

#include "particles/configuration.h"

/** What the file does not say; what is zero has its default. */
typedef struct pel_extended_xyz_spec {
    const char *const *species;    /**< [types]: names in the order of types; NULL: types by order of appearance */
    int types;                     /**< number of `species`; without them, at least so many types */
    const pel_simulation_box *box; /**< of a file without Lattice; NULL: such a file is refused */
    long frame;                    /**< which frame of the file, from 0 */
} pel_extended_xyz_spec;

/**
 * Reads a frame into an empty configuration: ids by the order of lines unless there is a column `id`, positions wrapped
 * into the box, velocities from a column `vel`, `velo` or `velocities` (else 0), masses from a column `mass` or
 * `masses` (else 0). `pbc="T T F"` makes sides open, `Origin="x y z"` moves the box.
 * @param names  NULL, or receives the names of the types, comma-separated, in a text for free()
 * @return PEL_OK; PEL_ERR_FILE; PEL_ERR_CORRUPT with file and line (a tilted box, no box, no positions, a species that
 *         is not in the list), with `to` empty; PEL_ERR_MEMORY
 */
pel_status pel_extended_xyz_read(const char *path, const pel_extended_xyz_spec *spec, pel_configuration *to,
                                 char **names);

#endif
