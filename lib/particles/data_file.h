/**
 * @file
 * Data files of LAMMPS: the form in which many tools hand atoms to each other.
 *
 * Format: the LAMMPS manual, command "read_data". Read are the header, Masses, Atoms and Velocities, of orthogonal
 * boxes; other sections (bonds, coefficients) are passed over. Numbers are in the units of the run.
 */
#ifndef PELAGOS_PARTICLES_DATA_FILE_H
#define PELAGOS_PARTICLES_DATA_FILE_H

#include "particles/configuration.h"

/** What a data file does not say of itself; what is zero has its default. */
typedef struct pel_data_file_spec {
    /** What the columns of Atoms are: "atomic", "charge", "molecular" (bond, angle), "full", "sphere", where only id,
     * type, position and image are kept. NULL: as the comment behind "Atoms" says, else atomic. */
    const char *style;
    bool is_open[3]; /**< sides that are not periodic */
} pel_data_file_spec;

/**
 * Reads a file into an empty configuration: types, masses (0 where not given), box, atoms by rising id, wrapped into
 * the box.
 * @param spec  NULL: all defaults
 * @return PEL_OK; PEL_ERR_FILE if it cannot be read; PEL_ERR_CORRUPT, with file and line, if it is not as it should be,
 *         with `to` empty again; PEL_ERR_ARGUMENT for an unknown style; PEL_ERR_MEMORY
 */
pel_status pel_data_file_read(const char *path, const pel_data_file_spec *spec, pel_configuration *to);
/**
 * Writes a file of style atomic, whole or not at all, replacing an older one. Read back it gives the same bits; masses
 * are written where all are known.
 * @param title  the first line; of it only what stands before a line end
 */
pel_status pel_data_file_write(const char *path, const char *title, const pel_configuration *from);

#endif
