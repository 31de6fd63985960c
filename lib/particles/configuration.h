/**
 * @file
 * Configurations: atoms as people and files give them. Plain arrays in the order of ids, which lattices, packings and
 * readers of files fill, and which a pel_system is made from and brought back into.
 */
#ifndef PELAGOS_PARTICLES_CONFIGURATION_H
#define PELAGOS_PARTICLES_CONFIGURATION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

/** The simulation box: orthogonal, [lo, lo + length) in each dimension, in the unit of length of the run. */
typedef struct pel_simulation_box {
    double lo[3], length[3];
    bool is_periodic[3]; /**< else open: atoms may leave, and nothing comes back */
} pel_simulation_box;

/** Atoms in the order of rising ids; row i of each array is one atom. Owns its arrays. All zero is an empty one. */
typedef struct pel_configuration {
    long count, capacity;
    pel_simulation_box box;
    int types;             /**< type numbers are 1 to `types` */
    double *mass;          /**< [types], of type t at t - 1; 0: not known */
    int64_t *id;           /**< > 0, rising */
    int32_t *type;         /**< 1 to types */
    double (*position)[3]; /**< inside the box where it is periodic */
    double (*velocity)[3];
    int32_t (*image)[3]; /**< box lengths that the atom has crossed: position + image * length is unwrapped */
} pel_configuration;

/** Gives `types` types with masses 0, once, before atoms are added. @return PEL_OK or PEL_ERR_MEMORY */
pel_status pel_configuration_types(pel_configuration *configuration, int types);
/** Makes room for `count` atoms in all. */
pel_status pel_configuration_reserve(pel_configuration *configuration, long count);
/** Adds an atom at rest with the next id. @return PEL_OK, PEL_ERR_ARGUMENT (no such type) or PEL_ERR_MEMORY */
pel_status pel_configuration_add(pel_configuration *configuration, int type, const double position[3]);
/** Puts rows into the order of rising ids. @return PEL_OK; PEL_ERR_NAME naming an id that comes twice or is not > 0 */
pel_status pel_configuration_sort(pel_configuration *configuration);
/** Brings positions into the box where it is periodic, counting the crossings in `image`. */
void pel_configuration_wrap(pel_configuration *configuration);
/** Frees the arrays; all is zero again. */
void pel_configuration_free(pel_configuration *configuration);

#endif
