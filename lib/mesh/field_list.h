/**
 * @file
 * How a grid and its fields hold together. For lib/mesh only.
 */
#ifndef PELAGOS_MESH_FIELD_LIST_H
#define PELAGOS_MESH_FIELD_LIST_H

#include "mesh/field.h"

/** Makes the grid the owner of the field. @return PEL_OK or PEL_ERR_MEMORY */
pel_status pel_grid_adopt(pel_grid *grid, pel_field *field);
/** Ends a field and returns its memory. */
void pel_field_destroy(pel_field *field);

#endif
