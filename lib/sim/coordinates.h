/**
 * @file
 * The dimensions of a grid in a file: which points are stored, and their coordinates. For lib/sim only.
 *
 * Cell centres lie along x, y, z, faces along x_face, y_face, z_face: as many as a field stores, n between periodic
 * sides and n + 1 between walls. The grid's name is a prefix. A dimension with a name of its own (pel_grid_spec) has
 * that name, with "_face" where it must.
 */
#ifndef PELAGOS_SIM_COORDINATES_H
#define PELAGOS_SIM_COORDINATES_H

#include "io/file.h"
#include "mesh/field.h"

enum { PEL_COORDINATES_NAME = 128 }; /* bytes of the name of a dimension */

/** The part of a grid that a file holds; zero is all of it. */
typedef struct pel_extract {
    const pel_grid *grid; /**< which grid; others are whole. NULL: every grid */
    pel_box cells; /**< global; a dimension with hi 0 is whole. Of faces, the one on the high side belongs to it */
    int stride[3]; /**< every so many points, from the low end; 0 is 1 */
} pel_extract;

/** The stored points of a dimension: first, first + stride, ... */
typedef struct pel_points {
    int first, count, stride;
} pel_points;

/** Whether a field lies along dimension d of its grid. */
bool pel_coordinates_has(const pel_field *field, int d);
/** The points of `field` in dimension d that an extract holds. */
pel_points pel_coordinates_points(const pel_field *field, int d, const pel_extract *extract);
/** Writes the name of the dimension to `name`. */
void pel_coordinates_name(const pel_field *field, int d, char name[PEL_COORDINATES_NAME]);
/** Whether dimension d of a field and dimension e of another would share a name and not the coordinates. */
bool pel_coordinates_clash(const pel_field *field, int d, const pel_field *other, int e, const pel_extract *extract);
/** Defines the dimension with its coordinates and CF attributes, unless the file has it already. */
pel_status pel_coordinates_define(pel_file *file, const pel_field *field, int d, const pel_extract *extract);
/** Whether the file's dimension has exactly these coordinates. @return PEL_OK or PEL_ERR_MISMATCH */
pel_status pel_coordinates_check(const pel_file *file, const pel_field *field, int d, const pel_extract *extract);

#endif
