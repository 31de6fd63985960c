/**
 * @file
 * Boundary conditions: what stands beyond a side of a field that is not periodic.
 *
 * With w the wall, n the normal direction and q the field, mirrored about the wall:
 *
 * | kind      | values at cell centres in n                    | values at faces in n (the face on the wall too)      |
 * |-----------|------------------------------------------------|------------------------------------------------------|
 * | none      | nothing is filled; a loop over the side may do it | likewise                                          |
 * | value     | q(w) = value: odd mirror about it              | q(w) = value, odd mirror about it beyond             |
 * | gradient  | dq/dn = value along the axis: even mirror, slope added | extrapolated with that slope from the next
 * face | | free-slip | even mirror (a tangential velocity)            | q(w) = 0, odd mirror (the normal velocity) | |
 * no-slip   | odd mirror, q(w) = 0 (a tangential velocity)   | q(w) = 0, odd mirror (the normal velocity)           |
 */
#ifndef PELAGOS_MESH_BOUNDARY_H
#define PELAGOS_MESH_BOUNDARY_H

struct pel_step;

typedef enum pel_boundary_kind {
    PEL_BOUNDARY_NONE,
    PEL_BOUNDARY_VALUE,
    PEL_BOUNDARY_GRADIENT,
    PEL_BOUNDARY_FREE_SLIP,
    PEL_BOUNDARY_NO_SLIP
} pel_boundary_kind;

/** The value (or slope) at the boundary point next to (x, y, z), at a step. Pure: it depends on its arguments alone. */
typedef double pel_boundary_function(int x, int y, int z, const struct pel_step *step, const void *params);

/** One side's condition. */
typedef struct pel_boundary {
    pel_boundary_kind kind;
    double value;                    /**< value, or slope along the axis, where there is no function */
    pel_boundary_function *function; /**< of position and time; NULL: the value everywhere */
    const void *params;              /**< for `function`; outlives the field */
} pel_boundary;

#endif
