/**
 * @file
 * Crystals: cells of a lattice in an orthogonal box that repeats them without a seam.
 *
 * A cubic lattice may be turned so that three orthogonal integer directions lie along x, y and z; a cell is then the
 * block of edges a |direction|, as given ([2,0,0] is twice [1,0,0]). hcp has the orthogonal cell a x sqrt(3) a x c of
 * four atoms. Sites are found with integers, so that none is missed or doubled at the sides of a cell.
 */
#ifndef PELAGOS_PARTICLES_LATTICE_H
#define PELAGOS_PARTICLES_LATTICE_H

#include "particles/configuration.h"
#include "particles/region.h"

typedef enum pel_lattice_kind {
    PEL_LATTICE_SC,
    PEL_LATTICE_BCC,
    PEL_LATTICE_FCC,
    PEL_LATTICE_DIAMOND,
    PEL_LATTICE_HCP
} pel_lattice_kind;

enum { PEL_LATTICE_SITES = 8 /**< of a cell, at most */ };

/** A crystal; what is zero has its default. */
typedef struct pel_lattice {
    pel_lattice_kind kind;
    double constant;  /**< a; or 0 and `density` */
    double density;   /**< atoms a volume, as reduced units have it */
    double ratio;     /**< c / a of hcp; 0: the ideal sqrt(8 / 3) */
    int cells[3];     /**< along x, y, z */
    int orient[3][3]; /**< row d: the cubic direction along dimension d; all zero: [1,0,0], [0,1,0], [0,0,1] */
    double strain[3]; /**< of the crystal along each dimension, edges and sites alike: (1 + strain) times as long */
    double vacuum[3]; /**< empty length of the box beyond the crystal, half of it on each side */
    bool is_open[3];  /**< sides that are not periodic */
    int type[PEL_LATTICE_SITES]; /**< of the sites of the cell, from 1; 0: drawn by `fractions`, or 1 without them */
    const double *fractions;     /**< [types of the configuration], summing to 1: a random alloy; NULL: none */
    uint64_t seed;               /**< of the alloy */
    const pel_region *regions;   /**< atoms are put into all of them only; coordinates of the box, from 0 */
    int region_count;
} pel_lattice;

/** The kind of that name: "sc", "bcc", "fcc", "diamond", "hcp". @return PEL_OK or PEL_ERR_NAME */
pel_status pel_lattice_find(const char *name, pel_lattice_kind *kind);
/** The number of sites of a kind's cell, before it is turned. */
int pel_lattice_sites(pel_lattice_kind kind);
/**
 * Fills `to`, which has its types but no atoms yet, and sets its box, from 0 to the lengths of the crystal and its
 * vacuum. Ids rise along x, then y, then z of cells.
 * @return PEL_OK; PEL_ERR_ARGUMENT (cells, constant, directions that are not orthogonal and right-handed, fractions, a
 *         type that is not there, no atom in the regions); PEL_ERR_MEMORY
 */
pel_status pel_lattice_fill(const pel_lattice *lattice, pel_configuration *to);

#endif
