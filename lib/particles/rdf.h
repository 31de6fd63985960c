/**
 * @file
 * Radial distribution functions g_ab(r): how many atoms of type b lie around one of type a, over how many would in an
 * ideal gas of the same density (Allen & Tildesley, Computer Simulation of Liquids, 2nd ed. 2017, sec. 8.2).
 *
 * Pairs are counted, so nothing depends on an order. The counts are plain arrays for the caller to checkpoint.
 */
#ifndef PELAGOS_PARTICLES_RDF_H
#define PELAGOS_PARTICLES_RDF_H

#include "exec/team.h"
#include "particles/configuration.h"

/** Counts of pairs by distance, over all frames sampled. What is not said to be the caller's is read only. */
typedef struct pel_rdf {
    int types, bins;
    double reach;     /**< bins share the distances from 0 to it */
    int64_t *count;   /**< [pel_rdf_pairs()][bins]: unordered pairs; may be checkpointed and put back */
    double *expected; /**< [pel_rdf_pairs()]: sum over frames of (possible pairs / volume); likewise */
    int64_t *scratch; /* [threads][pairs][bins] */
    size_t scratch_capacity;
} pel_rdf;

/** Makes an empty one. @return PEL_OK; PEL_ERR_ARGUMENT (bins or types < 1, reach not > 0); PEL_ERR_MEMORY */
pel_status pel_rdf_create(int types, int bins, double reach, pel_rdf *rdf);
void pel_rdf_free(pel_rdf *rdf);
/** The number of pairs of types: types (types + 1) / 2. */
int pel_rdf_pairs(const pel_rdf *rdf);
/** Where the pair of types a and b (from 1; in any order) stands in `count` and `expected`. */
int pel_rdf_pair(const pel_rdf *rdf, int a, int b);
/**
 * Counts the pairs of a configuration (wrapped), with the team.
 * @return PEL_OK; PEL_ERR_ARGUMENT where `reach` is beyond half a periodic length or there are other types;
 *         PEL_ERR_MEMORY
 */
pel_status pel_rdf_sample(pel_rdf *rdf, pel_team *team, const pel_configuration *atoms);
/** g_ab in bin `bin`, of the distances bin * reach / bins to (bin + 1) * reach / bins; 0 before the first sample. The
 * volume is the box's, also where it has open sides. */
double pel_rdf_at(const pel_rdf *rdf, int a, int b, int bin);
/** Atoms of type b within the bins up to and with `bin` around an atom of type a, at the mean density `density` of b.
 */
double pel_rdf_coordination(const pel_rdf *rdf, int a, int b, int bin, double density);

#endif
