/**
 * @file
 * Grids: global cell counts, spacing, periodic dimensions, and the box of cells that this process owns.
 *
 * A grid is cut into blocks, a Cartesian product of ranges (uneven ones allowed), each with an owner. Fields, loops,
 * sums, files and checkpoints work on the owned box in global indices.
 */
#ifndef PELAGOS_MESH_GRID_H
#define PELAGOS_MESH_GRID_H

#include <stdbool.h>
#include <stddef.h>

#include "base/status.h"
#include "mesh/box.h"

typedef struct pel_grid pel_grid;
typedef struct pel_field pel_field;

enum { PEL_GRID_MOST_BLOCKS = 256 };

/** What a grid is made of; zero means the default. */
typedef struct pel_grid_spec {
    const char *name;  /**< prefix of its dimensions in files where a run has several grids; default "" */
    int dimensions;    /**< 1 to 3; the others have one cell and no halo */
    int cells[3];      /**< global counts */
    double spacing[3]; /**< edge length of a cell, m (or the model's unit of length); default 1 */
    double origin[3];  /**< coordinate of the low edge of cell 0 */
    bool is_periodic[3];
    int blocks[3];           /**< blocks a dimension; default 1 */
    const int *bounds[3];    /**< blocks[d] + 1 rising cell indices from 0 to cells[d]; default: near-even ranges */
    int block[3];            /**< which block this process owns */
    const char *length_unit; /**< of the coordinates; default "m" */
    /**
     * Names of its dimensions in files, in place of the grid's name and x, y, z: "wavenumber", "layer". Such a
     * dimension is no length unless its unit says so. Fields of two grids may share a name in a file where they have
     * the same coordinates there. Default: none.
     */
    const char *axis[3];
    const char *axis_unit[3]; /**< of the coordinates along them, "rad m-1"; default: length_unit, or "1" if named */
} pel_grid_spec;

/**
 * Makes a grid. It owns the fields declared on it.
 * @return PEL_OK, PEL_ERR_ARGUMENT (a count below 1, a bad block, falling bounds) or PEL_ERR_MEMORY
 */
pel_status pel_grid_create(const pel_grid_spec *spec, pel_grid **grid);
/** Ends the grid and all its fields; NULL is allowed. */
void pel_grid_destroy(pel_grid *grid);

const char *pel_grid_name(const pel_grid *grid);
const char *pel_grid_length_unit(const pel_grid *grid);
/** The name that dimension d was given, or NULL; and the unit of its coordinates. */
const char *pel_grid_axis(const pel_grid *grid, int d);
const char *pel_grid_axis_unit(const pel_grid *grid, int d);
int pel_grid_dimensions(const pel_grid *grid);
/** Global number of cells in dimension d; 1 beyond the grid's dimensions. */
int pel_grid_cells(const pel_grid *grid, int d);
double pel_grid_spacing(const pel_grid *grid, int d);
bool pel_grid_is_periodic(const pel_grid *grid, int d);
/** The cells that this process owns. */
pel_box pel_grid_owned(const pel_grid *grid);
/** The owned cells of any block: bx, by, bz count blocks from 0. */
pel_box pel_grid_block_box(const pel_grid *grid, const int block[3]);
/** Blocks a dimension, and this process's block. */
int pel_grid_blocks(const pel_grid *grid, int d);
int pel_grid_block(const pel_grid *grid, int d);
/** Coordinate of the centre of cell i, or of its low face. */
double pel_grid_centre(const pel_grid *grid, int d, int i);
double pel_grid_face(const pel_grid *grid, int d, int i);

/** The fields of the grid in the order of declaration. */
int pel_grid_field_count(const pel_grid *grid);
pel_field *pel_grid_field(const pel_grid *grid, int index);
/** The field of that name, or NULL. */
pel_field *pel_grid_find(const pel_grid *grid, const char *name);

#endif
