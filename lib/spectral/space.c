/* Wavenumber spaces: the grid and the constant fields of one. Loops over wavenumbers are in loops.c. */
#include "spectral/space_inside.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"
#include "spectral/lengths.h"

static const char dimension_names[] = "xyz", wavenumber_names[] = "klm";

/* ---- checks ---- */

static unsigned default_along(const pel_grid *grid)
{
    return pel_grid_dimensions(grid) > 1 ? PEL_ALONG_X | PEL_ALONG_Y : PEL_ALONG_X;
}

static pel_status check_dimension(const pel_space *space, int d)
{
    const char *grid = pel_grid_name(space->physical);
    if (!pel_grid_is_periodic(space->physical, d))
        return pel_fail(PEL_ERR_ARGUMENT, "grid %s is not periodic along %c, which Fourier transforms need", grid,
                        dimension_names[d]);
    if (space->points[d] < 4)
        return pel_fail(PEL_ERR_ARGUMENT, "grid %s has %d cells along %c; transforms need at least 4", grid,
                        space->points[d], dimension_names[d]);
    return PEL_OK;
}

static void warn_of_length(const pel_space *space, int d)
{
    const int n = space->points[d];
    if (!pel_length_is_good(n))
        pel_log_warning("transforms of %d cells along %c are slow, as FFTW has no code for a large prime factor; %d "
                        "cells would be fast",
                        n, dimension_names[d], pel_length_next_good(n));
}

static pel_status check(const pel_space *space)
{
    const unsigned along = space->along;
    if (along != 1 && along != 3 && along != 7)
        return pel_fail(PEL_ERR_ARGUMENT, "a space is along x, along x and y, or along all three dimensions");
    for (int d = 0; d < 3; d++) {
        if (pel_grid_blocks(space->physical, d) > 1)
            return pel_fail(PEL_ERR_ARGUMENT, "grid %s is cut into blocks; transforms need it whole",
                            pel_grid_name(space->physical));
        if (!pel_space_has(space, d)) continue;
        PEL_TRY(check_dimension(space, d));
        warn_of_length(space, d);
    }
    return PEL_OK;
}

/* ---- numbers ---- */

void pel_space_unit(const pel_space *space, char unit[PEL_SPACE_UNIT])
{
    const char *length = pel_grid_length_unit(space->physical);
    const bool is_plain = strpbrk(length, " ./*^-+0123456789") == NULL;
    snprintf(unit, PEL_SPACE_UNIT, is_plain ? "rad %s-1" : "rad (%s)-1", length);
}

int pel_space_stored(const pel_space *space)
{
    return space->is_complex ? space->points[0] : space->points[0] / 2 + 1;
}

int pel_space_number(const pel_space *space, int d, int i)
{
    return 2 * i <= space->points[d] ? i : i - space->points[d];
}

double pel_space_wavenumber(const pel_space *space, int d, int i)
{
    return space->step[d] * pel_space_number(space, d, i);
}

int pel_space_weight(const pel_space *space, int i)
{
    return space->is_complex || i == 0 || 2 * i == space->points[0] ? 1 : 2;
}

double pel_space_transform_flops(const pel_space *space, int lines)
{
    const int nx = space->points[0], ny = space->points[1], nz = space->points[2];
    double flops = (double)ny * nz * pel_line_flops(space->is_complex ? PEL_LINE_FORWARD : PEL_LINE_REAL_FORWARD, nx);
    if (pel_space_has(space, 1)) flops += (double)lines * nz * pel_line_flops(PEL_LINE_FORWARD, ny);
    if (pel_space_has(space, 2)) flops += (double)lines * ny * pel_line_flops(PEL_LINE_FORWARD, nz);
    return flops;
}

double pel_space_scale_flops(const pel_space *space, int lines)
{
    return 2.0 * lines * space->points[1] * space->points[2];
}

double pel_space_scale(const pel_space *space)
{
    double points = 1;
    for (int d = 0; d < 3; d++)
        if (pel_space_has(space, d)) points *= space->points[d];
    return 1 / points;
}

/* ---- making ---- */

static void read_spec(const pel_space_spec *spec, pel_space *space)
{
    space->physical = spec->grid;
    space->along = spec->along ? spec->along : default_along(spec->grid);
    space->is_complex = spec->is_complex;
    for (int d = 0; d < 3; d++) {
        const int n = pel_grid_cells(spec->grid, d);
        space->points[d] = n;
        space->index[d] = d;
        space->step[d] = pel_space_has(space, d) ? 2 * M_PI / (n * pel_grid_spacing(spec->grid, d)) : 0;
        space->kept[d] = n;
        if (pel_space_has(space, d) && spec->truncation > 0) space->kept[d] = (int)ceil(spec->truncation * n / 2);
    }
    if (pel_space_has(space, 1)) space->index[0] = 1, space->index[1] = 0;
}

static pel_status make_grid(const pel_space_spec *spec, pel_space *space)
{
    pel_grid_spec grid = {.name = spec->name ? spec->name : "spectral", .dimensions = pel_grid_dimensions(spec->grid)};
    for (int d = 0; d < 3; d++) {
        const int to = space->index[d];
        grid.cells[to] = d == 0 ? pel_space_stored(space) : space->points[d];
        grid.spacing[to] = pel_space_has(space, d) ? space->step[d] : pel_grid_spacing(spec->grid, d);
        grid.origin[to] = pel_space_has(space, d) ? -0.5 * space->step[d] : pel_grid_face(spec->grid, d, 0);
    }
    PEL_TRY(pel_grid_create(&grid, &space->grid));
    space->owns_grid = true;
    return PEL_OK;
}

static pel_status make_plans(pel_space *space)
{
    for (int d = 0; d < 2; d++) {
        if (!pel_space_has(space, d)) continue;
        const bool is_real = d == 0 && !space->is_complex;
        const pel_line_kind there = is_real ? PEL_LINE_REAL_FORWARD : PEL_LINE_FORWARD;
        const pel_line_kind back = is_real ? PEL_LINE_REAL_BACKWARD : PEL_LINE_BACKWARD;
        PEL_TRY(pel_line_plan(there, space->points[d], &space->forward[d]));
        PEL_TRY(pel_line_plan(back, space->points[d], &space->backward[d]));
    }
    return PEL_OK;
}

static pel_status declare_wavenumbers(pel_space *space)
{
    for (int d = 0; d < 3; d++) {
        if (!pel_space_has(space, d)) continue;
        char units[PEL_SPACE_UNIT];
        pel_space_unit(space, units);
        const pel_field_spec spec = {.along = 1u << space->index[d], .role = PEL_CONSTANT, .units = units};
        char name[] = {wavenumber_names[d], 0}, slope[] = {wavenumber_names[d], '_', 's', 'l', 'o', 'p', 'e', 0};
        PEL_TRY(pel_field_declare(space->grid, name, &spec, &space->wavenumbers[d]));
        PEL_TRY(pel_field_declare(space->grid, slope, &spec, &space->slopes[d]));
    }
    return PEL_OK;
}

pel_status pel_space_create(const pel_space_spec *spec, pel_space **space)
{
    pel_space *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    read_spec(spec, fresh);
    pel_status status = check(fresh);
    if (status == PEL_OK) status = make_grid(spec, fresh);
    if (status == PEL_OK) status = make_plans(fresh);
    if (status == PEL_OK) status = declare_wavenumbers(fresh);
    if (status == PEL_OK) *space = fresh;
    else pel_space_destroy(fresh);
    return status;
}

void pel_space_destroy(pel_space *space)
{
    if (!space) return;
    if (space->owns_grid) pel_grid_destroy(space->grid);
    free(space);
}

pel_grid *pel_space_give_grid(pel_space *space)
{
    space->owns_grid = false;
    return space->grid;
}

/* ---- use ---- */

pel_grid *pel_space_physical(const pel_space *space)
{
    return space->physical;
}

pel_grid *pel_space_grid(const pel_space *space)
{
    return space->grid;
}

pel_field *pel_space_wavenumbers(const pel_space *space, int d)
{
    return space->wavenumbers[d];
}

pel_field *pel_space_slopes(const pel_space *space, int d)
{
    return space->slopes[d];
}

pel_status pel_space_field(pel_space *space, const char *name, const pel_field_spec *spec, pel_field **field)
{
    pel_field_spec spectral = *spec;
    spectral.type = PEL_COMPLEX;
    return pel_field_declare(space->grid, name, &spectral, field);
}

pel_status pel_space_work_field(pel_space *space, int i, pel_field **field)
{
    if (i >= PEL_SPACE_WORK)
        return pel_fail(PEL_ERR_ARGUMENT, "transforms of more than %d arrays at once; record several", PEL_SPACE_WORK);
    while (space->work_count <= i) {
        char name[32];
        snprintf(name, sizeof name, "transform work %d", space->work_count);
        PEL_TRY(pel_space_field(space, name, &(pel_field_spec){.role = PEL_WORK}, &space->work[space->work_count]));
        space->work_count++;
    }
    *field = space->work[i];
    return PEL_OK;
}

/* ---- constants ---- */

static void fill_line(const pel_space *space, int d)
{
    pel_field *const fields[] = {space->wavenumbers[d], space->slopes[d]};
    const int count = d == 0 ? pel_space_stored(space) : space->points[d];
    for (int f = 0; f < 2; f++) {
        const pel_view view = pel_field_view(fields[f], 0);
        for (int i = 0; i < count; i++) {
            const bool is_largest = 2 * i == space->points[d];
            double *at = (double *)view.origin + i * view.stride[space->index[d]];
            *at = f == 1 && is_largest ? 0 : pel_space_wavenumber(space, d, i);
        }
        pel_field_mark_set(fields[f], 0);
    }
}

void pel_space_fill(const pel_space *space)
{
    for (int d = 0; d < 3; d++)
        if (pel_space_has(space, d)) fill_line(space, d);
}

/* What a factor is a function of: the numbers of a wavenumber along each dimension. */
typedef double factor_function(const pel_space *space, const int number[3], const double params[2]);

static void fill_factor(const pel_space *space, factor_function *function, const double params[2], pel_field *factor)
{
    const pel_box box = pel_field_owned(factor);
    const pel_view view = pel_field_view(factor, 0);
    int at[3];
    for (at[2] = box.lo[2]; at[2] < box.hi[2]; at[2]++)
        for (at[1] = box.lo[1]; at[1] < box.hi[1]; at[1]++)
            for (at[0] = box.lo[0]; at[0] < box.hi[0]; at[0]++) {
                int number[3] = {0};
                for (int d = 0; d < 3; d++)
                    if (pel_space_has(space, d)) number[d] = pel_space_number(space, d, at[space->index[d]]);
                *pel_at(view, at[0], at[1], at[2]) = function(space, number, params);
            }
    pel_field_mark_set(factor, 0);
}

static double truncation_of(const pel_space *space, const int number[3], const double params[2])
{
    for (int d = 0; d < 3; d++)
        if (pel_space_has(space, d) && abs(number[d]) >= (int)ceil(params[0] * space->points[d] / 2)) return 0;
    return 1;
}

void pel_space_fill_truncation(const pel_space *space, double fraction, pel_field *factor)
{
    fill_factor(space, truncation_of, (const double[]){fraction, 0}, factor);
}

static double filter_of(const pel_space *space, const int number[3], const double params[2])
{
    double square = 0;
    for (int d = 0; d < 3; d++) {
        const double kd = space->step[d] * number[d] * pel_grid_spacing(space->physical, d);
        square += kd * kd;
    }
    const double beyond = sqrt(square) - params[1];
    return beyond > 0 ? exp(-params[0] * (beyond * beyond) * (beyond * beyond)) : 1;
}

void pel_space_fill_filter(const pel_space *space, double strength, double cutoff, pel_field *factor)
{
    fill_factor(space, filter_of, (const double[]){strength, cutoff}, factor);
}
