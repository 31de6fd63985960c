/**
 * @file
 * Inside a system of particles. For lib/particles/{atoms,bins,diagnose,images,list_scan,lists,order,pair_search,
 * system,tiles}*.c only.
 */
#ifndef PELAGOS_PARTICLES_SYSTEM_INSIDE_H
#define PELAGOS_PARTICLES_SYSTEM_INSIDE_H

#include <stdatomic.h>

#include "particles/system.h"

/** Coordinates of the atom at infinity: far beyond any box, and its inverse powers are no denormal numbers. */
#define PEL_FAR_AWAY 1e12

enum { PEL_FEWEST_ROWS = 32, PEL_MOST_ROWS = 256, PEL_TILES_A_THREAD = 16, PEL_CACHE_LINE = 64, PEL_LIST_LANES = 32 };

/* ---- tiles.c: rows in pieces, over the team ---- */

/** Rows 0 to rows - 1 in tiles, each thread with a run of them of about the same cost. */
typedef struct pel_row_tiles {
    long rows, count, size; /**< tile t has rows [t size, (t + 1) size), the last fewer */
    double *cost;           /**< [count] */
    long *share;            /**< [threads + 1]: thread h begins with tiles [share[h], share[h + 1]) */
    struct {
        _Alignas(PEL_CACHE_LINE) atomic_long next;
        double busy;
    } * turn; /**< [threads] */
    int threads;
} pel_row_tiles;

/** Cuts `rows` rows for `threads` threads, with costs as equal as the tiles' lengths. */
pel_status pel_row_tiles_cut(pel_row_tiles *tiles, long rows, int threads);
void pel_row_tiles_free(pel_row_tiles *tiles);
/** Gives each thread a run of tiles by their present costs. */
void pel_row_tiles_balance(pel_row_tiles *tiles);
/** Work on the rows [lo, hi) of a tile. */
typedef void pel_row_work(long tile, long lo, long hi, int thread, void *data);
/** Runs the work over all tiles: each thread its own run, then what others have left. With `is_measured` a tile's cost
 * becomes the seconds that it took. Threads are numbered below tiles->threads, also where the team has been resized. */
void pel_row_tiles_run(pel_row_tiles *tiles, pel_team *team, pel_row_work *work, void *data, bool is_measured);
/** Busiest thread over the mean, in the latest measured run. */
double pel_row_tiles_imbalance(const pel_row_tiles *tiles);

/* ---- bins.c: rows sorted by a key ---- */

/** Rows sorted by bin: those of bin b are row[first[b]] to row[first[b + 1] - 1], rising. */
typedef struct pel_bins {
    long bins, rows;
    size_t bin_capacity, row_capacity;
    atomic_int *cursor; /**< [bins] */
    int32_t *first;     /**< [bins + 1] */
    int32_t *row;       /**< [rows] */
} pel_bins;

/** Sorts `rows` rows by key[row] in [0, bins), with the team. */
pel_status pel_bins_sort(pel_bins *bins, pel_team *team, long bin_count, long rows, const int32_t *key);
void pel_bins_free(pel_bins *bins);

/* ---- cells ---- */

/** A grid of cells over all rows: at least the lists' reach wide along y and z, finer along x, so that what is near
 * lies in 9 runs of cells. */
typedef struct pel_cells {
    double lo[3], width[3], per_width[3];
    int count[3];
    double origin[3]; /**< what x, y, z count from */
    float *x, *y, *z; /**< [rows] in the order of bins.row */
    size_t capacity;
    float reach2; /**< squared reach, with room for the rounding of floats */
    pel_bins bins;
} pel_cells;

/** A curve through cells, for the order of storage. */
typedef struct pel_curve {
    double lo[3], length[3], width;
    int count[3], wanted[3];
    size_t capacity;
    int32_t *rank; /**< [cells] along the curve */
    pel_bins bins;
} pel_curve;

/** Memory of one thread for its lists: blocks that stay where they are. */
typedef struct pel_list_arena {
    int32_t **block;
    size_t count, capacity; /**< blocks */
    size_t current, used;   /**< the block that is being filled, entries used in it */
} pel_list_arena;

struct pel_system {
    pel_system_spec spec;
    pel_team *team;
    pel_potential *potential;
    pel_simulation_box box;
    int types;
    double *mass;
    pel_grain position_grain, force_grain, energy_grain;
    pel_atoms atoms;
    size_t row_capacity, atom_capacity;
    size_t potential_rows;
    int potential_threads;

    int8_t (*shift)[4];         /**< [rows - atoms.count]: of images, in box lengths */
    double (*built)[3];         /**< positions when the lists were built, scaled with the box since */
    double shrunk;              /**< least factor by which a box length has changed since */
    bool has_lists, has_forces; /**< whether there are any, of whatever state */
    pel_row_tiles tiles, force_tiles;
    pel_cells cells;
    pel_curve curve;
    int32_t *key;       /**< [rows] */
    double (*spare)[4]; /**< [atoms] */
    const int32_t **first;
    int32_t *near_count;
    pel_list_arena *arenas;
    int arena_count;
    pel_neighbours neighbours;
    struct pel_force_thread *threads; /**< [threads] sums of a force computation */
    int thread_count;
    pel_system_energy energy;
    pel_system_cost cost;
    double imbalance; /**< sum over passes of pel_row_tiles_imbalance() */
    long passes;      /**< that it is a sum over */
};

/* ---- system.c ---- */
/** Where atoms are: the box where periodic, else from the lowest to the highest. */
void pel_system_extent(pel_system *system, double lo[3], double length[3]);
/** How many box lengths x lies beyond the box along a periodic dimension: x - n length is in [lo, lo + length). */
double pel_system_crossings(const pel_simulation_box *box, int d, double x);
/* ---- diagnose.c ---- */
/** Fails with PEL_ERR_NUMERICS: "what: the atom of that row, its force and nearest neighbour; remedy". */
pel_status pel_system_blame(const pel_system *system, long row, const char *what, const char *remedy);
/* ---- order.c ---- */
/** Sorts atoms along a Hilbert curve through cells of about 4 atoms. */
pel_status pel_system_sort(pel_system *system);
/* ---- images.c ---- */
/** Wraps atoms into the box, and makes images of all atoms within `reach` of a periodic side. */
pel_status pel_system_make_images(pel_system *system, double reach);
/** Brings the images' positions up to date. */
void pel_system_refresh_images(pel_system *system);
/** Copies value[owner] to value[image] for all images. */
void pel_system_share(pel_system *system, double *value);
/* ---- lists.c ---- */
/** Bins all rows and builds the lists of all rows within `reach`. */
pel_status pel_system_make_lists(pel_system *system, double reach);
void pel_system_free_lists(pel_system *system);
/**
 * Finds rows near a point: writes to `out` those of bins.row[begin, end) within reach, but not row `self`. Stops when
 * it has found `room` or a few more; may scribble PEL_LIST_LANES entries beyond those. @return how many
 */
int pel_list_scan(const pel_cells *cells, long begin, long end, const float at[3], int32_t self, int32_t *out,
                  int room);
/* ---- atoms.c ---- */
/** Makes room for `rows` rows of position and owner. */
pel_status pel_system_reserve_rows(pel_system *system, long rows);
/** Makes room for `count` atoms proper. */
pel_status pel_system_reserve_atoms(pel_system *system, long count);
void pel_system_free_atoms(pel_system *system);

#endif
