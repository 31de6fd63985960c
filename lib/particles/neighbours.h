/**
 * @file
 * Full neighbour lists: for each atom all rows (atoms proper and images) within cutoff + skin when the list was built.
 *
 * Full, so that each atom's force is gathered by one thread and written once; a pair is computed twice, which costs
 * less than the scattered additions, and their synchronisation, that half lists need.
 */
#ifndef PELAGOS_PARTICLES_NEIGHBOURS_H
#define PELAGOS_PARTICLES_NEIGHBOURS_H

#include <stdint.h>

enum {
    PEL_NEIGHBOURS_PAD = 8,    /**< lists are filled up to a multiple of this with the atom at infinity */
    PEL_NEIGHBOURS_MOST = 4096 /**< of one atom; more is PEL_ERR_NUMERICS: a density too high */
};

/** The lists; owned by the system. */
typedef struct pel_neighbours {
    const int32_t *const *first; /**< [atoms]: the rows near atom i, cache-line aligned */
    const int32_t *count;        /**< [atoms]: how many, without the filling; with it pel_neighbours_padded() */
} pel_neighbours;

/** The length of a list with its filling. */
static inline int pel_neighbours_padded(int count)
{
    return (count + PEL_NEIGHBOURS_PAD - 1) / PEL_NEIGHBOURS_PAD * PEL_NEIGHBOURS_PAD;
}

#endif
