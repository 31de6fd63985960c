/**
 * @file
 * Inside a wavenumber space. For lib/spectral only.
 */
#ifndef PELAGOS_SPECTRAL_SPACE_INSIDE_H
#define PELAGOS_SPECTRAL_SPACE_INSIDE_H

#include <complex.h>

#include "spectral/line_inside.h"
#include "spectral/space.h"

enum { PEL_SPACE_WORK = 16, PEL_SPACE_UNIT = 64 }; /* work fields at most; bytes of the name of a unit */

struct pel_space {
    pel_grid *physical, *grid;
    bool owns_grid, is_complex;
    unsigned along;
    int points[3];  /* of the physical grid */
    int index[3];   /* which index of the wavenumber grid counts along dimension d of the physical one */
    double step[3]; /* 2 pi / length of dimension d, rad per unit of length; 0 where it is not transformed */
    int kept[3];    /* coefficients of products are zero from this |number| on, a dimension */
    pel_field *wavenumbers[3], *slopes[3];
    pel_field *work[PEL_SPACE_WORK];
    int work_count;
    /* Lines along x and y. */
    const pel_line *forward[2], *backward[2];
};

/** Whether dimension d of the physical grid is transformed. */
static inline bool pel_space_has(const pel_space *space, int d)
{
    return (space->along >> d & 1) != 0;
}
/** The signed number of index i along dimension d of the physical grid: 0, 1, ..., -2, -1. */
int pel_space_number(const pel_space *space, int d, int i);
/** Writes the unit of wavenumbers: "rad m-1". */
void pel_space_unit(const pel_space *space, char unit[PEL_SPACE_UNIT]);
/** How many coefficients along x are stored. */
int pel_space_stored(const pel_space *space);
/** What forward coefficients are multiplied by: 1 / the number of points. */
double pel_space_scale(const pel_space *space);
/** Floating-point operations of the transform of one array with all its levels, one way, of which `lines` of the
 * pel_space_stored() are not dropped by a truncation; those of the scaling are left out. */
double pel_space_transform_flops(const pel_space *space, int lines);
/** Those of scaling the coefficients. */
double pel_space_scale_flops(const pel_space *space, int lines);
/** The i-th work field: complex, of one component; declared when first asked for, which may fail. */
pel_status pel_space_work_field(pel_space *space, int i, pel_field **field);

#endif
