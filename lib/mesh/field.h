/**
 * @file
 * Fields: named arrays on a grid, with centring, time levels, units and a boundary condition a side.
 *
 * Index i of an x-face is the low face of cell i: n faces where the dimension is periodic, n + 1 between walls;
 * likewise y, z and corners. The *points* of a field are all of these; its *interior* leaves out the faces on a wall,
 * which belong to the boundary condition.
 *
 * Time levels count from now: 0 now, +1 next, -1 previous; level l at step n is buffer (n + l) mod levels.
 */
#ifndef PELAGOS_MESH_FIELD_H
#define PELAGOS_MESH_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "mesh/boundary.h"
#include "mesh/grid.h"
#include "mesh/view.h"

typedef enum pel_type { PEL_DOUBLE, PEL_FLOAT, PEL_COMPLEX, PEL_INT32, PEL_INT64 } pel_type;

/** Where a field's values lie in a cell: centre, or the low face in one or more dimensions (corner: all of them). */
enum { PEL_CENTRE = 0, PEL_FACE_X = 1, PEL_FACE_Y = 2, PEL_FACE_Z = 4, PEL_CORNER_XY = 3 };

/** The dimensions that a field lies along; 0 in a spec means all of the grid's. */
enum { PEL_ALONG_X = 1, PEL_ALONG_Y = 2, PEL_ALONG_Z = 4 };

/** What becomes of a field in checkpoints. */
typedef enum pel_role {
    PEL_PROGNOSTIC, /**< the model's state and history: checkpointed, all levels; the default, so that nothing is
                       forgotten */
    PEL_CONSTANT, /**< filled at the start (depth, wind): checkpointed; a run begun --from a checkpoint fills it anew */
    PEL_WORK      /**< computed before it is read in every step: not checkpointed */
} pel_role;

/** What a field is made of; zero means the default. Texts are copied. */
typedef struct pel_field_spec {
    pel_type type;
    int components;    /**< separate planes; default 1 */
    unsigned centring; /**< PEL_FACE_... */
    int levels;        /**< time levels; default 1 */
    unsigned along;    /**< PEL_ALONG_...; default all of the grid's dimensions */
    pel_role role;
    const char *units;           /**< UDUNITS, "m s-1"; default "1" */
    const char *standard_name;   /**< CF; default none */
    const char *long_name;       /**< default: the name */
    pel_boundary boundary[3][2]; /**< low and high side of each dimension; ignored where the grid is periodic */
} pel_field_spec;

/**
 * Declares a field on `grid`. Its memory comes with pel_commit(), zeroed by the threads that will compute it.
 * The field is owned by the grid. Not thread-safe; call before pel_commit().
 *
 * @param name   unique on the grid; names the dataset in files; copied
 * @param field  receives the field; untouched on failure
 * @return PEL_OK, PEL_ERR_MEMORY, PEL_ERR_ARGUMENT, or PEL_ERR_NAME if the name is taken
 */
pel_status pel_field_declare(pel_grid *grid, const char *name, const pel_field_spec *spec, pel_field **field);

pel_grid *pel_field_grid(const pel_field *field);
const char *pel_field_name(const pel_field *field);
/** The spec with its defaults filled in; lives as long as the field. */
const pel_field_spec *pel_field_spec_of(const pel_field *field);
/** Bytes of one element of the type. */
size_t pel_type_bytes(pel_type type);

/** All points of the field on the whole grid: [0, n) or, for faces between walls, [0, n + 1). */
pel_box pel_field_points(const pel_field *field);
/** The points that this process owns (a face on the high wall goes with the last block). */
pel_box pel_field_owned(const pel_field *field);
/** The owned points that loops compute: without the faces on walls. */
pel_box pel_field_interior(const pel_field *field);
/** Whether point index i of dimension d has neighbours beyond a side with a boundary condition. */
bool pel_field_has_face(const pel_field *field, int d);

/** Asks for at least `low` and `high` halo cells in dimension d. Before pel_field_allocate(). */
void pel_field_need_halo(pel_field *field, int d, int low, int high);
int pel_field_halo(const pel_field *field, int d, int side);
/** Owned points and halo: all that is in memory. */
pel_box pel_field_stored(const pel_field *field);

/**
 * Reserves the memory (no page is touched: who writes a page first decides its NUMA domain). Rows begin on a cache
 * line; pitches avoid powers of two. Does nothing if the field has its memory already.
 */
pel_status pel_field_allocate(pel_field *field);
bool pel_field_is_allocated(const pel_field *field);
/** Bytes that the field takes with the halo known so far, all levels and components; reserved or not yet. */
size_t pel_field_bytes(const pel_field *field);

/** The view of time level `level` when the field has been rotated `rotations` times. */
pel_view pel_field_view_at(const pel_field *field, int level, long rotations);
/** The view of time level `level` now. */
pel_view pel_field_view(const pel_field *field, int level);
/** How often the field's levels have been rotated; set on restore. */
long pel_field_rotations(const pel_field *field);
void pel_field_set_rotations(pel_field *field, long rotations);
/** Which levels there are: lowest ... lowest + levels - 1; from the levels that loops named. 0 until one is named. */
int pel_field_lowest_level(const pel_field *field);
/** Tells the field that `level` is used; widens the range. @return PEL_ERR_ARGUMENT if the range exceeds `levels` */
pel_status pel_field_use_level(pel_field *field, int level);

/** Whether level `level` holds values that a step may read: level 0 unless the role is PEL_WORK; what was written or
 * put. */
bool pel_field_is_set(const pel_field *field, int level);
void pel_field_mark_set(pel_field *field, int level);

/**
 * Copies the box of component `c`, level `level`, between the field and contiguous memory (x fastest) of the field's
 * type. The box lies within pel_field_stored(). pel_field_put() marks the level as set.
 */
void pel_field_get(const pel_field *field, int level, int c, pel_box box, void *values);
void pel_field_put(pel_field *field, int level, int c, pel_box box, const void *values);

/**
 * Sum modulo 2^64, over the owned points of all levels in use, of a mix of each value's bits with its field's name,
 * level, component and global index: the same for any order and any decomposition. Works on rows [row_lo, row_hi) of
 * the field's rows (y and z together), so that a team can share the work; 0 and pel_field_rows() for all.
 */
uint64_t pel_field_hash(const pel_field *field, long row_lo, long row_hi);
long pel_field_rows(const pel_field *field);

/** Lowest global point (x fastest) of level 0 whose value is not finite. @return whether there is one */
bool pel_field_find_bad(const pel_field *field, long row_lo, long row_hi, int point[3], int *component);

#endif
