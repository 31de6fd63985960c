/* Crystals from integers.
 *
 * A site of a cubic lattice is s / den cells from the origin, with integers s and den (2 or 4). Along the integer
 * direction o it lies at s.o / (den |o|^2) of the turned cell's edge a |o|. So a site belongs to the cell where all
 * three numerators s.o are in [0, den |o|^2), which is decided without rounding. The turned cell has |det(o)| times the
 * sites of the cubic one; as directions are orthogonal, det(o) = |o_x| |o_y| |o_z|.
 *
 * hcp is the same with a cell of its own and den = 6: layers at heights 0 and c / 2, the second shifted by a third of
 * the cell along y. The ideal ratio c / a = sqrt(8 / 3) is that of touching spheres (Ashcroft & Mermin, Solid State
 * Physics, 1976, ch. 4). */
#include "particles/lattice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/random.h"

typedef struct basis {
    const char *name;
    int sites, den;
    int site[PEL_LATTICE_SITES][3]; /* in units of 1 / den of the cell */
} basis;

static const basis shapes[] = {
    [PEL_LATTICE_SC] = {"sc", 1, 1, {{0, 0, 0}}},
    [PEL_LATTICE_BCC] = {"bcc", 2, 2, {{0, 0, 0}, {1, 1, 1}}},
    [PEL_LATTICE_FCC] = {"fcc", 4, 2, {{0, 0, 0}, {1, 1, 0}, {1, 0, 1}, {0, 1, 1}}},
    [PEL_LATTICE_DIAMOND] = {"diamond",
                             8,
                             4,
                             {{0, 0, 0}, {0, 2, 2}, {2, 0, 2}, {2, 2, 0}, {1, 1, 1}, {1, 3, 3}, {3, 1, 3}, {3, 3, 1}}},
    [PEL_LATTICE_HCP] = {"hcp", 4, 6, {{0, 0, 0}, {3, 3, 0}, {3, 5, 3}, {0, 2, 3}}},
};

enum { KINDS = sizeof shapes / sizeof *shapes, LARGEST_INDEX = 50 };

static const double most_sites = 0x1p31; /* rows of atoms are 32-bit numbers */

/* A cell as it stands in the box: where its sites are, as num[d] / den[d] of edge[d]. */
typedef struct unit_cell {
    double edge[3];
    long den[3];
    long sites;
    struct {
        long num[3];
        int kind; /* which site of the untouched cell */
    } * site;
} unit_cell;

pel_status pel_lattice_find(const char *name, pel_lattice_kind *kind)
{
    for (int k = 0; k < KINDS; k++) {
        if (strcmp(shapes[k].name, name) != 0) continue;
        *kind = (pel_lattice_kind)k;
        return PEL_OK;
    }
    return pel_fail(PEL_ERR_NAME, "\"%s\" is no lattice; there are sc, bcc, fcc, diamond, hcp", name);
}

int pel_lattice_sites(pel_lattice_kind kind)
{
    return shapes[kind].sites;
}

/* ---- directions ---- */

static long dot(const int a[3], const int b[3])
{
    return (long)a[0] * b[0] + (long)a[1] * b[1] + (long)a[2] * b[2];
}

static long determinant(int o[3][3])
{
    const int cross[3] = {o[1][1] * o[2][2] - o[1][2] * o[2][1], o[1][2] * o[2][0] - o[1][0] * o[2][2],
                          o[1][0] * o[2][1] - o[1][1] * o[2][0]};
    return dot(o[0], cross);
}

static bool is_turned(const pel_lattice *lattice)
{
    static const int straight[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, none[3][3] = {{0}};
    return memcmp(lattice->orient, none, sizeof none) != 0 && memcmp(lattice->orient, straight, sizeof straight) != 0;
}

static pel_status find_directions(const pel_lattice *lattice, int o[3][3])
{
    static const int straight[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    memcpy(o, is_turned(lattice) ? lattice->orient : straight, sizeof straight);
    if (is_turned(lattice) && lattice->kind == PEL_LATTICE_HCP)
        return pel_fail(PEL_ERR_ARGUMENT, "orient is for cubic lattices; hcp cannot be turned");
    for (int i = 0; i < 9; i++)
        if (abs(o[i / 3][i % 3]) > LARGEST_INDEX)
            return pel_fail(PEL_ERR_ARGUMENT, "orient has the index %d; indices may be up to %d in size",
                            o[i / 3][i % 3], LARGEST_INDEX);
    if (dot(o[0], o[1]) != 0 || dot(o[0], o[2]) != 0 || dot(o[1], o[2]) != 0 || determinant(o) <= 0)
        return pel_fail(PEL_ERR_ARGUMENT,
                        "orient: [%d, %d, %d], [%d, %d, %d], [%d, %d, %d] must be at right angles to each other and "
                        "form a right-handed system",
                        o[0][0], o[0][1], o[0][2], o[1][0], o[1][1], o[1][2], o[2][0], o[2][1], o[2][2]);
    return PEL_OK;
}

/* ---- the cell ---- */

/* The sites of the cubic cell at `n` that lie in the turned one. */
static void collect_sites(const basis *shape, int o[3][3], const int n[3], unit_cell *cell)
{
    for (int k = 0; k < shape->sites; k++) {
        int s[3];
        bool is_in = true;
        for (int d = 0; d < 3; d++) s[d] = n[d] * shape->den + shape->site[k][d];
        for (int d = 0; d < 3; d++) is_in = is_in && dot(s, o[d]) >= 0 && dot(s, o[d]) < cell->den[d];
        if (!is_in) continue;
        for (int d = 0; d < 3; d++) cell->site[cell->sites].num[d] = dot(s, o[d]);
        cell->site[cell->sites++].kind = k;
    }
}

/* How far the turned cell reaches along dimension d of the cubic lattice: [lo, hi) cubic cells. */
static void find_reach(int o[3][3], int d, int *lo, int *hi)
{
    *lo = *hi = 0;
    for (int k = 0; k < 3; k++) {
        *lo += o[k][d] < 0 ? o[k][d] : 0;
        *hi += o[k][d] > 0 ? o[k][d] : 0;
    }
    --*lo;
    ++*hi;
}

static pel_status find_sites(const basis *shape, int o[3][3], unit_cell *cell)
{
    int lo[3], hi[3];
    for (int d = 0; d < 3; d++) cell->den[d] = shape->den * dot(o[d], o[d]);
    for (int d = 0; d < 3; d++) find_reach(o, d, &lo[d], &hi[d]);
    PEL_TRY(pel_memory_new((size_t)(determinant(o) * shape->sites), sizeof *cell->site, &cell->site));
    for (int z = lo[2]; z < hi[2]; z++)
        for (int y = lo[1]; y < hi[1]; y++)
            for (int x = lo[0]; x < hi[0]; x++) collect_sites(shape, o, (int[]){x, y, z}, cell);
    return PEL_OK;
}

/* The lattice constant, from the density where that is given. */
static pel_status find_constant(const pel_lattice *lattice, double volume, double *constant)
{
    const bool has_constant = lattice->constant != 0, has_density = lattice->density != 0;
    if (has_constant == has_density)
        return pel_fail(PEL_ERR_ARGUMENT, "a lattice needs either its constant or a density%s",
                        has_constant ? ", not both" : "");
    if (!(lattice->constant >= 0 && lattice->density >= 0 && lattice->ratio >= 0))
        return pel_fail(PEL_ERR_ARGUMENT,
                        "a lattice of constant %g, density %g, ratio %g; none of them may be negative",
                        lattice->constant, lattice->density, lattice->ratio);
    *constant = has_constant ? lattice->constant : cbrt(shapes[lattice->kind].sites / (lattice->density * volume));
    return PEL_OK;
}

static pel_status make_cell(const pel_lattice *lattice, unit_cell *cell)
{
    int o[3][3];
    PEL_TRY(find_directions(lattice, o));
    const bool is_hcp = lattice->kind == PEL_LATTICE_HCP;
    const double ratio = lattice->ratio > 0 ? lattice->ratio : sqrt(8.0 / 3), stretch[3] = {1, sqrt(3), ratio};
    double constant = 0;
    PEL_TRY(find_constant(lattice, is_hcp ? stretch[1] * stretch[2] : 1, &constant));
    for (int d = 0; d < 3; d++) {
        const double edge = constant * (is_hcp ? stretch[d] : sqrt((double)dot(o[d], o[d])));
        cell->edge[d] = edge * (1 + lattice->strain[d]);
    }
    return find_sites(&shapes[lattice->kind], o, cell);
}

/* ---- filling ---- */

static pel_status check(const pel_lattice *lattice, const pel_configuration *to)
{
    if (to->count || to->types < 1)
        return pel_fail(PEL_ERR_ARGUMENT, "a lattice fills a configuration that has types and no atoms; it has %d, %ld",
                        to->types, to->count);
    for (int d = 0; d < 3; d++) {
        if (lattice->cells[d] < 1)
            return pel_fail(PEL_ERR_ARGUMENT, "cells[%d] is %d; a lattice needs at least 1 cell a dimension", d,
                            lattice->cells[d]);
        if (!(lattice->strain[d] > -1))
            return pel_fail(PEL_ERR_ARGUMENT, "strain[%d] is %g; a strain of -1 would leave nothing of the crystal", d,
                            lattice->strain[d]);
        if (!(lattice->vacuum[d] >= 0))
            return pel_fail(PEL_ERR_ARGUMENT, "vacuum[%d] is %g; it cannot be negative", d, lattice->vacuum[d]);
    }
    if (!lattice->fractions) return PEL_OK;
    double sum = 0;
    for (int t = 0; t < to->types; t++) {
        if (!(lattice->fractions[t] >= 0))
            return pel_fail(PEL_ERR_ARGUMENT, "the fraction of type %d is %g; it cannot be negative", t + 1,
                            lattice->fractions[t]);
        sum += lattice->fractions[t];
    }
    if (fabs(sum - 1) < 1e-9) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT, "the fractions of the types sum to %.10g; they must sum to 1", sum);
}

static int draw_type(const pel_lattice *lattice, int types, uint64_t id)
{
    const pel_random_key key = {.seed = pel_hash_mix(lattice->seed, pel_hash_text("alloy")), .id = id};
    double left = pel_random_uniform(key);
    for (int t = 1; t < types; t++) {
        left -= lattice->fractions[t - 1];
        if (left < 0) return t;
    }
    return types;
}

static pel_status add_site(const pel_lattice *lattice, const double position[3], int kind, pel_configuration *to)
{
    if (!pel_region_contains(lattice->regions, lattice->region_count, position)) return PEL_OK;
    int type = lattice->type[kind];
    if (!type) type = lattice->fractions ? draw_type(lattice, to->types, (uint64_t)to->count + 1) : 1;
    return pel_configuration_add(to, type, position);
}

static pel_status add_cell(const pel_lattice *lattice, const unit_cell *cell, const int at[3], pel_configuration *to)
{
    for (long s = 0; s < cell->sites; s++) {
        double position[3];
        for (int d = 0; d < 3; d++) {
            const long numerator = at[d] * cell->den[d] + cell->site[s].num[d];
            position[d] = lattice->vacuum[d] / 2 + (double)numerator / (double)cell->den[d] * cell->edge[d];
        }
        PEL_TRY(add_site(lattice, position, cell->site[s].kind, to));
    }
    return PEL_OK;
}

static pel_status fill(const pel_lattice *lattice, const unit_cell *cell, pel_configuration *to)
{
    const int *n = lattice->cells;
    const double sites = (double)cell->sites * n[0] * n[1] * n[2];
    if (!(sites < most_sites))
        return pel_fail(PEL_ERR_ARGUMENT, "%d x %d x %d cells have %g sites; there may be %g: take fewer cells", n[0],
                        n[1], n[2], sites, most_sites - 1);
    for (int d = 0; d < 3; d++) {
        to->box.lo[d] = 0;
        to->box.length[d] = n[d] * cell->edge[d] + lattice->vacuum[d];
        to->box.is_periodic[d] = !lattice->is_open[d];
    }
    for (int z = 0; z < n[2]; z++)
        for (int y = 0; y < n[1]; y++)
            for (int x = 0; x < n[0]; x++) PEL_TRY(add_cell(lattice, cell, (int[]){x, y, z}, to));
    if (to->count) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT,
                    "the regions of the lattice hold no atom; they lie in the box from 0 to "
                    "%g, %g, %g",
                    to->box.length[0], to->box.length[1], to->box.length[2]);
}

pel_status pel_lattice_fill(const pel_lattice *lattice, pel_configuration *to)
{
    unit_cell cell = {.sites = 0};
    PEL_TRY(check(lattice, to));
    pel_status status = make_cell(lattice, &cell);
    if (status == PEL_OK) status = fill(lattice, &cell, to);
    free(cell.site);
    return status;
}
