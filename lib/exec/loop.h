/**
 * @file
 * Access declarations: which fields a kernel reads and writes, at which level, how far it looks.
 */
#ifndef PELAGOS_EXEC_LOOP_H
#define PELAGOS_EXEC_LOOP_H

#include <stddef.h>

#include "mesh/field.h"

/** Which step a kernel computes. */
typedef struct pel_step {
    long index;  /**< from 0 at the start of the run */
    double time; /**< at the beginning of the step, s */
    double dt;   /**< s */
} pel_step;

/**
 * A kernel: plain C over the box. Pure in its declared reads, its parameters and its step; writes only the cells of its
 * box. `arg` holds one view for each declared access, in order.
 */
typedef void pel_kernel(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params);

/** How far a read looks from the cell that is computed: offsets lo[d] <= 0 <= hi[d]. */
typedef struct pel_reach {
    int lo[3], hi[3];
} pel_reach;

typedef enum pel_access { PEL_READ, PEL_WRITE, PEL_UPDATE } pel_access;

/** One declared access. */
typedef struct pel_arg {
    pel_field *field;
    int level;
    pel_access access;
    pel_reach reach;
} pel_arg;

/* Reaches, to be added up with commas inside one pel_read(): pel_read(u, 0, PEL_AROUND_X(1), PEL_AHEAD_Y(1)). */
#define PEL_AHEAD_X(n) .reach.hi[0] = (n)
#define PEL_AHEAD_Y(n) .reach.hi[1] = (n)
#define PEL_AHEAD_Z(n) .reach.hi[2] = (n)
#define PEL_BEHIND_X(n) .reach.lo[0] = -(n)
#define PEL_BEHIND_Y(n) .reach.lo[1] = -(n)
#define PEL_BEHIND_Z(n) .reach.lo[2] = -(n)
#define PEL_AROUND_X(n) PEL_BEHIND_X(n), PEL_AHEAD_X(n)
#define PEL_AROUND_Y(n) PEL_BEHIND_Y(n), PEL_AHEAD_Y(n)
#define PEL_AROUND_Z(n) PEL_BEHIND_Z(n), PEL_AHEAD_Z(n)
#define PEL_AROUND(n) PEL_AROUND_X(n), PEL_AROUND_Y(n), PEL_AROUND_Z(n)

/** Reads `f` at level `l`, at the cell itself and as far as the reaches that follow. */
#define pel_read(f, ...) ((pel_arg){.access = PEL_READ, .field = (f), .level = __VA_ARGS__})
/** Overwrites `f` at level `l` in the box, without looking at what was there. */
#define pel_write(f, l) ((pel_arg){.access = PEL_WRITE, .field = (f), .level = (l)})
/** Reads and writes `f` at level `l`, cell by cell. */
#define pel_update(f, l) ((pel_arg){.access = PEL_UPDATE, .field = (f), .level = (l)})

typedef enum pel_range_kind { PEL_RANGE_INTERIOR, PEL_RANGE_EVERYTHING, PEL_RANGE_SIDE, PEL_RANGE_BOX } pel_range_kind;

/** Which points a loop computes; follows the centring of what it writes. */
typedef struct pel_range {
    pel_range_kind kind;
    int dimension, side, depth; /**< side: points from -depth, or up to n + depth, and a wall face */
    pel_box box;                /**< global */
    unsigned whole;             /**< PEL_ALONG_...: boxes span these dimensions; reads and writes anywhere along them */
} pel_range;

/** All points but the faces on walls. */
#define PEL_INTERIOR ((pel_range){.kind = PEL_RANGE_INTERIOR})
/** All points, the faces on walls too. */
#define PEL_EVERYTHING ((pel_range){.kind = PEL_RANGE_EVERYTHING})
/** The halo points of depth n beyond a side (0 low, 1 high), with the face on the wall: an app's own boundary
 * condition. */
#define PEL_SIDE(d, s, n) ((pel_range){.kind = PEL_RANGE_SIDE, .dimension = (d), .side = (s), .depth = (n)})
/** A box of global indices. */
#define PEL_BOX(...) ((pel_range){.kind = PEL_RANGE_BOX, .box = __VA_ARGS__})
/** The interior, in boxes that span the given dimensions (PEL_ALONG_Z: columns). */
#define PEL_WHOLE(dimensions) ((pel_range){.kind = PEL_RANGE_INTERIOR, .whole = (dimensions)})

#endif
