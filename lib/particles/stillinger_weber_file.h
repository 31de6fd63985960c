/**
 * @file
 * Parameters of the Stillinger-Weber potential, from files of LAMMPS' pair_style sw, read unchanged.
 */
#ifndef PELAGOS_PARTICLES_STILLINGER_WEBER_FILE_H
#define PELAGOS_PARTICLES_STILLINGER_WEBER_FILE_H

#include "base/status.h"

/** Parameters of atom i with neighbours j and k. Those of a pair are of the entry i j j. */
typedef struct pel_sw_entry {
    double epsilon, sigma; /**< energy, length */
    double a;              /**< the cutoff in sigma */
    double lambda, gamma, cos_theta0;
    double big_a, big_b, p, q;
} pel_sw_entry;

/** Parameters of all triples. Owns its array. */
typedef struct pel_sw_parameters {
    int types;
    pel_sw_entry *entry; /**< [types][types][types]: i, j, k */
} pel_sw_parameters;

/**
 * Reads the entries of the given elements: three names and eleven numbers (the last, a tolerance, is not used), over as
 * many lines as they take; # begins a comment.
 * @param elements  [types]: the element of each type
 * @return PEL_OK; PEL_ERR_FILE; PEL_ERR_NAME naming a triple that the file lacks; PEL_ERR_CORRUPT with file and line;
 *         PEL_ERR_MEMORY
 */
pel_status pel_sw_read(const char *path, int types, const char *const *elements, pel_sw_parameters *parameters);
void pel_sw_parameters_free(pel_sw_parameters *parameters);

#endif
