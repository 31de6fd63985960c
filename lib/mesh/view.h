/**
 * @file
 * What a kernel gets of a field: a pointer addressed by global index, and strides.
 *
 * A view is made afresh for every stretch; nothing keeps it. A field that does not lie along a dimension has stride 0
 * there, so that any index reads its one value.
 */
#ifndef PELAGOS_MESH_VIEW_H
#define PELAGOS_MESH_VIEW_H

#include <complex.h>
#include <stddef.h>
#include <stdint.h>

typedef struct pel_view {
    void *origin;        /**< where cell (0, 0, 0) of component 0 is or would be */
    ptrdiff_t stride[3]; /**< elements from a cell to the next in x, y, z */
    ptrdiff_t component; /**< elements from a component to the next */
} pel_view;

/* Rows: the address of cell (0, y, z), to be indexed with the global x. */
#define PEL_VIEW_ROW(name, type)                                                                                       \
    /** The row at (y, z) of component 0, indexed by x. */                                                             \
    static inline type *name(pel_view view, int y, int z)                                                              \
    {                                                                                                                  \
        return (type *)view.origin + y * view.stride[1] + z * view.stride[2];                                          \
    }                                                                                                                  \
    /** The row at (y, z) of component `c`, indexed by x. */                                                           \
    static inline type *name##_c(pel_view view, int c, int y, int z)                                                   \
    {                                                                                                                  \
        return name(view, y, z) + c * view.component;                                                                  \
    }
PEL_VIEW_ROW(pel_row, double)
PEL_VIEW_ROW(pel_row_float, float)
PEL_VIEW_ROW(pel_row_complex, double _Complex)
PEL_VIEW_ROW(pel_row_int32, int32_t)
PEL_VIEW_ROW(pel_row_int64, int64_t)
#undef PEL_VIEW_ROW

/** The cell (x, y, z) of a field of doubles; for fields along a subset of the dimensions too. */
static inline double *pel_at(pel_view view, int x, int y, int z)
{
    return pel_row(view, y, z) + x * view.stride[0];
}

#endif
