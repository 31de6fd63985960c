/**
 * @file
 * Potentials: what gives atoms their forces.
 *
 * A potential is one or more *passes* over the atoms; each pass is computed tile by tile by the team, and between
 * passes what was computed for atoms is copied to their periodic images. Pair potentials have one pass, which is shared
 * (pairs.c): a new one is one short file with a pel_pair_kind. Many-body potentials (eam.c, stillinger_weber.c) bring
 * passes of their own.
 *
 * Same bits: forces, energies and virials of pairs are rounded to the grains of the tile (particles/grain.h), so that
 * the order of neighbours does not matter; what a pair gives atom i must be exactly minus what it gives atom j, which
 * asks for expressions symmetric in i and j (no fma of two terms that change places).
 */
#ifndef PELAGOS_PARTICLES_POTENTIAL_H
#define PELAGOS_PARTICLES_POTENTIAL_H

#include <stdbool.h>

#include "base/status.h"
#include "exec/sum.h"
#include "particles/atoms.h"
#include "particles/neighbours.h"

typedef struct pel_potential pel_potential;

/** What a pass has found in a tile besides forces; summed over atoms, where every pair counts twice, hence halves. */
typedef struct pel_force_sums {
    pel_sum energy;
    pel_sum virial[6];       /**< r_a f_b of pairs: xx, yy, zz, xy, xz, yz */
    double nearest2;         /**< least squared distance of a pair that is too close; INFINITY if none */
    long nearest_atom;       /**< the row that has met it */
    bool is_short_of_memory; /**< something could not be computed for want of memory */
    long pairs;              /**< ordered pairs within the cutoff, where energies are wanted */
} pel_force_sums;

/** What a pass gets: rows [lo, hi), for which it writes forces. */
typedef struct pel_force_tile {
    long lo, hi;
    const pel_atoms
        *atoms; /**< positions and owners of all rows are there; `force` of the tile's rows is to be written */
    const pel_neighbours *neighbours;
    pel_grain force, energy; /**< grains of forces; of energies and virials, and of what a pass sums besides */
    bool with_energy;        /**< whether energy, virial and pairs are wanted */
    bool is_reproducible;    /**< else sums may be plain ones */
    pel_force_sums *sums;    /**< to add to; the thread's own */
    int thread;              /**< which thread's scratch memory to use */
} pel_force_tile;

/** Notes that row i has met a pair at the squared distance r2 that is too close. Of pairs equally close the atom with
 * the lowest id is kept, whatever the order of rows. */
static inline void pel_force_too_close(const pel_force_tile *tile, long i, double r2)
{
    pel_force_sums *sums = tile->sums;
    const int64_t *id = tile->atoms->id;
    if (r2 > sums->nearest2) return;
    if (r2 == sums->nearest2 && sums->nearest_atom >= 0 && id[i] > id[sums->nearest_atom]) return;
    sums->nearest2 = r2;
    sums->nearest_atom = i;
}

/** What makes a kind of potential; a pel_potential begins with its class. */
typedef struct pel_potential_class {
    const char *name; /**< in decks */
    int passes;
    /** Computes a pass over a tile; by all threads at once. */
    void (*compute)(const pel_potential *potential, int pass, const pel_force_tile *tile);
    /** Memory for `rows` rows (atoms, images and the one at infinity) and `threads` threads; called when either grows,
     * and before the first pass. NULL: none needed. */
    pel_status (*reserve)(pel_potential *potential, long rows, int threads);
    /** Called on one thread before pass 0. NULL: nothing. */
    void (*begin)(pel_potential *potential, const pel_atoms *atoms);
    /** The array [rows] of doubles that pass `pass` filled for atoms proper and the next pass reads of images too;
     * NULL: none. */
    double *(*shared)(pel_potential *potential, int pass);
    void (*destroy)(pel_potential *potential);
} pel_potential_class;

/** The head of every potential. */
struct pel_potential {
    const pel_potential_class *class;
    int types;     /**< that it knows */
    double cutoff; /**< the longest distance at which atoms act on each other (centre to neighbour) */
    double
        most_force; /**< forces on an atom stay below it (for the grain); a power of two, from the potential's scale */
    double most_energy; /**< likewise energies and virials of one atom */
    double
        least_distance; /**< below it a pair's force is too large for the grain: the run stops and says which atoms */
    double pair_flops;  /**< operations for the force of a pair on one of its atoms; 0: not known */
    double *tail;       /**< [types][types][2], or NULL: the tail's U = sum n_a n_b tail[a][b][0] / V; its W with [1] */
};

static inline void pel_potential_destroy(pel_potential *potential)
{
    if (potential) potential->class->destroy(potential);
}

/* ---- pair potentials ---- */

/** How a pair potential ends at its cutoff. */
typedef enum pel_truncation {
    PEL_TRUNCATION_CUT,          /**< u(r) */
    PEL_TRUNCATION_SHIFTED,      /**< u(r) - u(rc) */
    PEL_TRUNCATION_FORCE_SHIFTED /**< u(r) - u(rc) + (r - rc) f(rc), with f = -du/dr: force and energy vanish at rc */
} pel_truncation;

/** One kind of pair potential: u(r) with its coefficients for a pair of types. */
typedef struct pel_pair_kind {
    const char *name;
    int flops;      /**< operations of compute() without energies, a pair: see pel_chain_flops() */
    bool is_costly; /**< costs more than about 20 operations: distances beyond the cutoff are sorted out first */
    /**
     * For n squared distances r2 (n a multiple of 8, arrays 64-byte aligned) gives f / r = -(du/dr) / r and, unless
     * `energy` is NULL, u. Distances beyond the cutoff may come and must give finite numbers or infinities, no traps;
     * they are left out by the caller. A plain loop that the compiler turns into vector code.
     */
    void (*compute)(const void *coefficients, int n, const double *restrict r2, double *restrict force_over_r,
                    double *restrict energy);
    /** Integrals for the tail beyond `cutoff`: of u r^2 dr and of (r du/dr) r^2 dr; NULL: the kind has none. */
    void (*tail)(const void *coefficients, double cutoff, double integral[2]);
} pel_pair_kind;

/**
 * Makes a pair potential of `types` types without any pairs: atoms of types without a pair do not act on each other.
 * @param most_force  forces on an atom stay below it: 2^15 epsilon / sigma, or 2^10 eV / angstrom
 */
pel_status pel_pairs_create(int types, double most_force, double most_energy, pel_potential **potential);
/**
 * Sets the pair of types a and b (from 0; also b and a).
 * @param coefficients  `size` bytes, copied
 * @return PEL_OK, PEL_ERR_ARGUMENT (types, cutoff) or PEL_ERR_MEMORY
 */
pel_status pel_pairs_set(pel_potential *potential, int a, int b, const pel_pair_kind *kind, const void *coefficients,
                         size_t size, double cutoff, pel_truncation truncation);
/** u and f = -du/dr at distance r of types a and b, truncated as set; for tests, tables and plots. Beyond the cutoff 0.
 */
void pel_pairs_at(const pel_potential *potential, int a, int b, double r, double *energy, double *force);

#endif
