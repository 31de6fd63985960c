/* Spectra: a shell's wavenumbers are found k by k, as two ranges of l; who sums a shell makes no difference to the
 * order of its terms. */
#include "spectral/spectrum.h"

#include <math.h>

#include "spectral/space_inside.h"

double pel_spectrum_width(const pel_space *space)
{
    return fmax(space->step[0], space->step[1]);
}

static int shell_of(const pel_space *space, int k, int l)
{
    const double kx = pel_space_wavenumber(space, 0, k), ly = pel_space_wavenumber(space, 1, l);
    return (int)floor(sqrt(kx * kx + ly * ly) / pel_spectrum_width(space) + 0.5);
}

int pel_spectrum_shell(const pel_space *space, int k, int l)
{
    return shell_of(space, k, l);
}

int pel_spectrum_shells(const pel_space *space)
{
    return shell_of(space, space->points[0] / 2, space->points[1] / 2) + 1;
}

pel_status pel_spectrum_grid(const pel_space *space, const char *name, const char *level_axis, pel_grid **grid)
{
    const double width = pel_spectrum_width(space);
    const int levels = space->points[2];
    char unit[PEL_SPACE_UNIT];
    pel_space_unit(space, unit);
    const pel_grid_spec spec = {.name = name,
                                .dimensions = levels > 1 ? 2 : 1,
                                .cells = {pel_spectrum_shells(space), levels, 1},
                                .spacing = {width, 1, 1},
                                .origin = {-0.5 * width, 0.5, 0},
                                .axis = {"wavenumber", level_axis},
                                .axis_unit = {unit, "1"}};
    return pel_grid_create(&spec, grid);
}

/* ---- sums ---- */

/* How many steps along l fit into the circle of radius `shells` widths, at k; 0 of one with a negative radius. */
static double reach_along_l(const pel_space *space, int k, double shells)
{
    const double kx = pel_space_wavenumber(space, 0, k), radius = fmax(0, shells) * pel_spectrum_width(space);
    return sqrt(fmax(0, radius * radius - kx * kx)) / space->step[1];
}

/* The part of shell j that lies on the row of one k. */
static double row_sum(const pel_space *space, const double *row, int k, int j)
{
    const int n = space->points[1];
    const int lo = (int)fmax(0, floor(reach_along_l(space, k, j - 0.5)) - 1);
    const int hi = (int)fmin(n / 2, ceil(reach_along_l(space, k, j + 0.5)) + 1); /* one more each way for rounding */
    double sum = 0;
    for (int l = lo; l <= hi; l++) {
        if (shell_of(space, k, l) != j) continue;
        sum += row[l];
        if (l > 0 && 2 * l != n) sum += row[n - l];
    }
    return sum;
}

static double shell_sum(const pel_space *space, pel_view density, int z, int j)
{
    double sum = 0;
    for (int k = 0; k < pel_space_stored(space); k++)
        if (fabs(pel_space_wavenumber(space, 0, k)) <= (j + 1) * pel_spectrum_width(space))
            sum += pel_space_weight(space, k) * row_sum(space, pel_row(density, k, z), k, j);
    return sum;
}

/* ---- calls ---- */

typedef struct job {
    const pel_space *space;
    const pel_call *call; /* views: density, spectrum or flux */
} job;

static void bin_share(int thread, int threads, void *data)
{
    const job *b = data;
    const pel_space *space = b->space;
    const int shells = pel_spectrum_shells(space);
    long lo, hi;
    pel_team_share((long)shells * space->points[2], thread, threads, &lo, &hi);
    for (long i = lo; i < hi; i++) {
        const int z = (int)(i / shells), j = (int)(i % shells);
        pel_row(b->call->arg[1], z, 0)[j] = shell_sum(space, b->call->arg[0], z, j) / pel_spectrum_width(space);
    }
}

static pel_status bin(const pel_call *call)
{
    job b = {*(const pel_space *const *)call->params, call};
    pel_team_run(call->team, bin_share, &b);
    return PEL_OK;
}

/* What shell j of all levels takes in. */
static void flux_share(int thread, int threads, void *data)
{
    const job *b = data;
    long lo, hi;
    pel_team_share(pel_spectrum_shells(b->space), thread, threads, &lo, &hi);
    for (long j = lo; j < hi; j++) {
        double sum = 0;
        for (int z = 0; z < b->space->points[2]; z++) sum += shell_sum(b->space, b->call->arg[0], z, (int)j);
        pel_row(b->call->arg[1], 0, 0)[j] = sum;
    }
}

static pel_status flux(const pel_call *call)
{
    job b = {*(const pel_space *const *)call->params, call};
    pel_team_run(call->team, flux_share, &b);
    double *row = pel_row(call->arg[1], 0, 0), sum = 0;
    for (int j = 0; j < pel_spectrum_shells(b.space); j++) {
        sum += row[j];
        row[j] = -sum;
    }
    return PEL_OK;
}

/* Doubles of one component, along all of `along`. */
static pel_status check_field(const pel_field *field, unsigned along, const char *along_names)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    const char *name = pel_field_name(field);
    if (spec->type != PEL_DOUBLE || spec->components != 1)
        return pel_fail(PEL_ERR_ARGUMENT, "%s must hold doubles of one component", name);
    if (spec->along != along) return pel_fail(PEL_ERR_ARGUMENT, "%s must lie along %s", name, along_names);
    return PEL_OK;
}

/* Whether the result fits: on a grid of spectra, along x or along all of it. */
static pel_status check_result(const pel_space *space, const pel_field *result, bool is_flux)
{
    const pel_grid *grid = pel_field_grid(result);
    const bool has_levels = space->points[2] > 1 && !is_flux;
    if (pel_grid_cells(grid, 0) != pel_spectrum_shells(space) ||
        (has_levels && pel_grid_cells(grid, 1) != space->points[2]))
        return pel_fail(PEL_ERR_ARGUMENT, "%s has not the shells and levels of a grid of spectra",
                        pel_field_name(result));
    return has_levels ? check_field(result, PEL_ALONG_X | PEL_ALONG_Y, "x and y")
                      : check_field(result, PEL_ALONG_X, "x");
}

static pel_status check(const pel_space *space, const pel_field *density, const pel_field *result, bool is_flux)
{
    const unsigned all = (1u << pel_grid_dimensions(space->grid)) - 1;
    if (space->along != (PEL_ALONG_X | PEL_ALONG_Y))
        return pel_fail(PEL_ERR_ARGUMENT, "isotropic spectra are for spaces along x and y");
    if (pel_field_grid(density) != space->grid)
        return pel_fail(PEL_ERR_ARGUMENT, "%s is not on the wavenumber grid of the space", pel_field_name(density));
    PEL_TRY(check_field(density, all, "all dimensions of its grid"));
    return check_result(space, result, is_flux);
}

static void record(const pel_space *space, pel_chain *chain, const char *name, pel_call_function *function,
                   pel_field *density, pel_field *result)
{
    pel_chain_refuse(chain, check(space, density, result, function == flux));
    pel_chain_call(chain, name, function, &space, sizeof space, pel_read(density, 0), pel_write(result, 0));
    pel_chain_flops(chain, pel_space_scale_flops(space, pel_space_stored(space)) / 2); /* each into one sum */
}

void pel_spectrum_bin(const pel_space *space, pel_chain *chain, const char *name, pel_field *density,
                      pel_field *spectrum)
{
    record(space, chain, name, bin, density, spectrum);
}

void pel_spectrum_flux(const pel_space *space, pel_chain *chain, const char *name, pel_field *density,
                       pel_field *result)
{
    record(space, chain, name, flux, density, result);
}
