/**
 * @file
 * Boxes of cells: half-open ranges of global indices in x, y, z.
 */
#ifndef PELAGOS_MESH_BOX_H
#define PELAGOS_MESH_BOX_H

#include <stdbool.h>

/** The cells lo[d] <= i < hi[d] of each dimension d (0 = x, 1 = y, 2 = z). */
typedef struct pel_box {
    int lo[3], hi[3];
} pel_box;

/** Whether the box holds no cell. */
static inline bool pel_box_is_empty(pel_box box)
{
    return box.lo[0] >= box.hi[0] || box.lo[1] >= box.hi[1] || box.lo[2] >= box.hi[2];
}

/** Number of cells. */
static inline long pel_box_count(pel_box box)
{
    if (pel_box_is_empty(box)) return 0;
    return (long)(box.hi[0] - box.lo[0]) * (box.hi[1] - box.lo[1]) * (box.hi[2] - box.lo[2]);
}

/** The cells that are in both. */
static inline pel_box pel_box_intersect(pel_box a, pel_box b)
{
    for (int d = 0; d < 3; d++) {
        if (b.lo[d] > a.lo[d]) a.lo[d] = b.lo[d];
        if (b.hi[d] < a.hi[d]) a.hi[d] = b.hi[d];
    }
    return a;
}

/** Whether both hold the same ranges. */
static inline bool pel_box_equal(pel_box a, pel_box b)
{
    for (int d = 0; d < 3; d++)
        if (a.lo[d] != b.lo[d] || a.hi[d] != b.hi[d]) return false;
    return true;
}

/** Whether every cell of `inner` is in `outer`. */
static inline bool pel_box_contains(pel_box outer, pel_box inner)
{
    return pel_box_is_empty(inner) || pel_box_equal(pel_box_intersect(outer, inner), inner);
}

#endif
