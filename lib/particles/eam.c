/*
 * The embedded-atom method (Daw & Baskes, Phys. Rev. B 29 (1984) 6443):
 *
 *     E = sum_i F_i(rho_i) + 1/2 sum_ij phi_ij(r_ij),   rho_i = sum_j rho_ij(r_ij)
 *     f_i = - sum_j [F'_i rho'_ij + F'_j rho'_ji + phi'_ij] (r_i - r_j) / r_ij
 *
 * with rho_ij what j brings to i, which for Finnis & Sinclair (Phil. Mag. A 50 (1984) 45) depends on both types.
 *
 * Pass 0 sums densities and finds F and F'; pass 1 the forces. Pass 0 also writes down which neighbours are within the
 * cutoff, about half of the list, and pass 1 goes by that short list. Where there was no memory for it, it goes by the
 * list itself: the same bits, as the sums are of grains.
 *
 * Tables are splined as the peers do: between two knots a cubic with the table's values and with slopes from five-point
 * differences, of lower order at the ends; r phi is splined and divided by r. Beyond the last density F is a straight
 * line.
 */
#include "particles/eam.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "particles/eam_inside.h"
#include "particles/shelf_inside.h"

/* Where a pair's force, or the density of an atom, exceeds this share of what sums may reach, the run stops: so no
 * partial sum of a few dozen terms, in any order, leaves the grain. */
enum { CLOSE_SHARE = 16 };

typedef struct eam_potential {
    pel_potential head;
    pel_eam_splines splines;
    double *density, *r_phi, *pair; /* [types][types][nr][4], the same, [types][types][nr][8] */
    double *embedding;              /* [types][nrho][4] */
    long nrho;
    double drho, per_drho;
    double *slope;  /* [rows]: F' */
    int32_t **near; /* [atoms]: the short lists, on the shelves; NULL: there was no memory */
    int32_t *count; /* [atoms]: their lengths */
    int threads;
    pel_shelf *shelf;      /* [threads] */
    pel_eam_pairs **pairs; /* [threads] */
} eam_potential;

/* ---- splines ---- */

/* The slope at knot k, in values a spacing. */
static double slope_at(const double *value, long n, long k)
{
    if (k == 0) return value[1] - value[0];
    if (k == n - 1) return value[n - 1] - value[n - 2];
    if (k == 1 || k == n - 2) return (value[k + 1] - value[k - 1]) / 2;
    return ((value[k - 2] - value[k + 2]) + 8 * (value[k + 1] - value[k - 1])) / 12;
}

/* The cubic from knot k on. */
static void cubic_at(const double *value, long n, long k, double c[4])
{
    const double d0 = slope_at(value, n, k);
    c[0] = value[k];
    c[1] = d0;
    c[2] = c[3] = 0;
    if (k == n - 1) return;
    const double rise = value[k + 1] - value[k], d1 = slope_at(value, n, k + 1);
    c[2] = 3 * rise - 2 * d0 - d1;
    c[3] = d0 + d1 - 2 * rise;
}

/* (k + p) dz/dp - z of the cubic z at knot k. */
static void slope_cubic(double k, const double z[4], double c[4])
{
    c[0] = k * z[1] - z[0];
    c[1] = 2 * k * z[2];
    c[2] = 3 * k * z[3] + z[2];
    c[3] = 2 * z[3];
}

static void fill_pair(eam_potential *eam, const pel_eam_tables *tables, long table)
{
    const long nr = tables->nr;
    for (long k = 0; k < nr; k++) {
        const long row = table * nr + k;
        double *density = eam->density + 4 * row, *r_phi = eam->r_phi + 4 * row, *pair = eam->pair + 8 * row;
        cubic_at(tables->density + table * nr, nr, k, density);
        cubic_at(tables->r_phi + table * nr, nr, k, r_phi);
        for (int power = 1; power <= 3; power++) pair[power - 1] = power * density[power] / tables->dr;
        slope_cubic((double)k, r_phi, pair + 3);
    }
}

static void fill_splines(eam_potential *eam, const pel_eam_tables *tables)
{
    const long types = tables->types;
    for (long table = 0; table < types * types; table++) fill_pair(eam, tables, table);
    for (long k = 0; k < types * tables->nrho; k++)
        cubic_at(tables->embedding + k / tables->nrho * tables->nrho, tables->nrho, k % tables->nrho,
                 eam->embedding + 4 * k);
}

static inline double cubic(const double c[4], double p)
{
    return ((c[3] * p + c[2]) * p + c[1]) * p + c[0];
}

/* F of a type at a density, and F'. */
static inline double embed(const eam_potential *eam, int type, double rho, double *slope)
{
    const double last = (double)(eam->nrho - 1), end = last * eam->drho, x = rho * eam->per_drho;
    const double inside = x > 0 ? (x < last - 1 ? x : last - 1) : 0;
    const long below = (long)inside;
    const double beyond = x - (double)below, p = beyond < 1 ? beyond : 1,
                 *c = eam->embedding + 4 * (type * eam->nrho + below);
    *slope = ((3 * c[3] * p + 2 * c[2]) * p + c[1]) * eam->per_drho;
    const double energy = cubic(c, p);
    return rho > end ? energy + *slope * (rho - end) : energy;
}

pel_eam_point pel_eam_at(const pel_potential *potential, int a, int b, double r, double rho)
{
    const eam_potential *eam = (const void *)potential;
    const pel_eam_splines *splines = &eam->splines;
    const double x = r * splines->per_spacing, k = fmin(floor(x), (double)(splines->knots - 2)), p = fmin(x - k, 1);
    const long knot = (long)(a * splines->types + b) * splines->knots + (long)k;
    const double *pair = splines->pair + 8 * knot;
    pel_eam_point point = {.density = cubic(splines->density + 4 * knot, p),
                           .density_slope = (pair[2] * p + pair[1]) * p + pair[0],
                           .phi = cubic(splines->r_phi + 4 * knot, p) / r,
                           .phi_slope = cubic(pair + 3, p) / (r * r)};
    point.embedding = embed(eam, a, rho, &point.embedding_slope);
    return point;
}

/* ---- passes ---- */

/* The squared distance of the nearest of the rows. */
static double nearest2(const pel_atoms *atoms, long i, const int32_t *near, int count)
{
    const double *ri = atoms->position[i];
    double least = INFINITY;
    for (int k = 0; k < count; k++) {
        const double *rj = atoms->position[near[k]], d[3] = {ri[0] - rj[0], ri[1] - rj[1], ri[2] - rj[2]};
        least = fmin(least, d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    }
    return least;
}

static void note_too_close(const pel_force_tile *tile, long i, const int32_t *near, int count)
{
    const double r2 = nearest2(tile->atoms, i, near, count);
    if (r2 >= tile->sums->nearest2) return;
    tile->sums->nearest2 = r2;
    tile->sums->nearest_atom = i;
}

/* Writes down which neighbours of atom i are near, and returns how many. */
static int sort_out(const eam_potential *eam, const pel_force_tile *tile, long i, pel_eam_pairs *pairs, long first)
{
    pel_shelf *shelf = &eam->shelf[tile->thread];
    const size_t most = (size_t)pel_neighbours_padded(tile->neighbours->count[i]) + PEL_NEIGHBOURS_PAD;
    int32_t spare[PEL_NEIGHBOURS_MOST + 2 * PEL_NEIGHBOURS_PAD], *near = pel_shelf_room(shelf, most * sizeof *near);
    const int count = pel_eam_sort_out(&eam->splines, tile, i, near ? near : spare, pairs, first);
    if (near) pel_shelf_take(shelf, (size_t)pel_neighbours_padded(count) * sizeof *near);
    eam->near[i] = near;
    eam->count[i] = count;
    return count;
}

static void embed_atom(const eam_potential *eam, const pel_force_tile *tile, long i, double density)
{
    const double energy = embed(eam, tile->atoms->type[i], density, &eam->slope[i]);
    if (tile->with_energy) pel_sum_add(&tile->sums->energy, energy);
    if (!(fabs(density) < eam->splines.grain.most / CLOSE_SHARE))
        note_too_close(tile, i, tile->neighbours->first[i], tile->neighbours->count[i]);
}

/* A few atoms at a time are sorted out and then summed: what has just been stored is read slowly. */
static void add_densities(const eam_potential *eam, const pel_force_tile *tile)
{
    enum { AT_ONCE = 16 };
    pel_eam_pairs *pairs = eam->pairs[tile->thread];
    for (long lo = tile->lo, hi; lo < tile->hi; lo = hi) {
        long first[AT_ONCE + 1] = {0};
        for (hi = lo; hi < tile->hi && hi < lo + AT_ONCE; hi++) {
            const long at = first[hi - lo],
                       room = pel_neighbours_padded(tile->neighbours->count[hi]) + PEL_NEIGHBOURS_PAD;
            if (at + room > PEL_EAM_ROOM) break;
            first[hi - lo + 1] = at + pel_neighbours_padded(sort_out(eam, tile, hi, pairs, at));
        }
        for (long i = lo; i < hi; i++)
            embed_atom(eam, tile, i,
                       pel_eam_density(&eam->splines, tile->atoms->type[i], pairs, first[i - lo], eam->count[i]));
    }
}

static void add_sums(const pel_eam_sums *atom, pel_force_sums *sums)
{
    pel_sum_add(&sums->energy, 0.5 * atom->energy);
    for (int v = 0; v < 6; v++) pel_sum_add(&sums->virial[v], 0.5 * atom->virial[v]);
    sums->pairs += atom->pairs;
}

static void add_forces(const eam_potential *eam, const pel_force_tile *tile)
{
    const double most = eam->head.most_force / CLOSE_SHARE;
    for (long i = tile->lo; i < tile->hi; i++) {
        pel_eam_sums atom;
        const int32_t *near = eam->near[i] ? eam->near[i] : tile->neighbours->first[i];
        const int count = eam->near[i] ? eam->count[i] : tile->neighbours->count[i];
        pel_eam_forces(&eam->splines, tile, eam->slope, i, near, pel_neighbours_padded(count), &atom);
        memcpy(tile->atoms->force[i], atom.force, sizeof atom.force);
        if (tile->with_energy) add_sums(&atom, tile->sums);
        const double total = atom.force[0] + atom.force[1] + atom.force[2];
        if (!(atom.most < most && isfinite(total))) note_too_close(tile, i, near, count);
    }
}

static void compute(const pel_potential *potential, int pass, const pel_force_tile *tile)
{
    const eam_potential *eam = (const void *)potential;
    if (pass == 0) add_densities(eam, tile);
    else add_forces(eam, tile);
}

/* ---- the class ---- */

static void begin(pel_potential *potential, const pel_atoms *atoms)
{
    eam_potential *eam = (void *)potential;
    (void)atoms;
    for (int t = 0; t < eam->threads; t++) pel_shelf_clear(&eam->shelf[t]);
}

static double *shared(pel_potential *potential, int pass)
{
    return pass == 0 ? ((eam_potential *)potential)->slope : NULL;
}

static void release_rows(eam_potential *eam)
{
    for (int t = 0; t < eam->threads; t++) {
        pel_shelf_free(&eam->shelf[t]);
        pel_memory_unmap(eam->pairs[t], sizeof **eam->pairs);
    }
    free(eam->pairs);
    free(eam->shelf);
    free(eam->slope);
    free(eam->near);
    free(eam->count);
    eam->pairs = NULL;
    eam->shelf = NULL;
    eam->slope = NULL;
    eam->near = NULL;
    eam->count = NULL;
    eam->threads = 0;
}

static pel_status reserve(pel_potential *potential, long rows, int threads)
{
    eam_potential *eam = (void *)potential;
    release_rows(eam);
    PEL_TRY(pel_memory_new((size_t)rows, sizeof *eam->slope, &eam->slope));
    PEL_TRY(pel_memory_new((size_t)rows, sizeof *eam->near, &eam->near));
    PEL_TRY(pel_memory_new((size_t)rows, sizeof *eam->count, &eam->count));
    PEL_TRY(pel_memory_new((size_t)threads, sizeof *eam->shelf, &eam->shelf));
    PEL_TRY(pel_memory_new((size_t)threads, sizeof *eam->pairs, &eam->pairs));
    for (; eam->threads < threads; eam->threads++) {
        void *memory = NULL;
        PEL_TRY(pel_memory_map(sizeof **eam->pairs, &memory));
        eam->pairs[eam->threads] = memory;
    }
    return PEL_OK;
}

static void destroy(pel_potential *potential)
{
    eam_potential *eam = (void *)potential;
    release_rows(eam);
    free(eam->density);
    free(eam->r_phi);
    free(eam->pair);
    free(eam->embedding);
    free(eam);
}

static const pel_potential_class eam_class = {.name = "eam",
                                              .passes = 2,
                                              .compute = compute,
                                              .reserve = reserve,
                                              .begin = begin,
                                              .shared = shared,
                                              .destroy = destroy};

/* ---- making ---- */

/* Scales of eV and angstrom: what forces and energies of one atom stay below. */
static const double most_force = 0x1p10, most_energy = 0x1p12;

/* Densities stay below a multiple of the last in the tables. */
static double most_density(const pel_eam_tables *tables)
{
    return 2 * CLOSE_SHARE * (double)tables->nrho * tables->drho;
}

/* The longest distance at which phi alone has such a force. */
static double distance_of(const pel_potential *potential, const pel_eam_tables *tables, double most)
{
    for (long k = tables->nr - 1; k > 0; k--)
        for (int a = 0; a < tables->types; a++)
            for (int b = 0; b <= a; b++)
                if (fabs(pel_eam_at(potential, a, b, (double)k * tables->dr, 0).phi_slope) > most)
                    return (double)k * tables->dr;
    return tables->dr;
}

static pel_status make_arrays(eam_potential *eam, const pel_eam_tables *tables)
{
    const size_t types = (size_t)tables->types, knots = types * types * (size_t)tables->nr;
    eam->density = aligned_alloc(64, (4 * knots * sizeof(double) + 63) / 64 * 64);
    eam->r_phi = aligned_alloc(64, (4 * knots * sizeof(double) + 63) / 64 * 64);
    eam->pair = aligned_alloc(64, 8 * knots * sizeof(double));
    eam->embedding = aligned_alloc(64, (4 * types * (size_t)tables->nrho * sizeof(double) + 63) / 64 * 64);
    if (eam->density && eam->r_phi && eam->pair && eam->embedding) {
        memset(eam->pair, 0, 8 * knots * sizeof(double));
        return PEL_OK;
    }
    return pel_fail(PEL_ERR_MEMORY, "no memory for the splines of %d types with %ld knots; use smaller tables",
                    tables->types, tables->nr);
}

static pel_status check(const pel_eam_tables *tables)
{
    if (tables->types < 1 || tables->nr < 5 || tables->nrho < 5)
        return pel_fail(PEL_ERR_ARGUMENT, "EAM tables of %d types, %ld distances, %ld densities; splines need 5",
                        tables->types, tables->nr, tables->nrho);
    if (!(tables->dr > 0 && tables->drho > 0 && tables->cutoff > 0))
        return pel_fail(PEL_ERR_ARGUMENT, "EAM tables with dr = %g, drho = %g, cutoff = %g; all must be > 0",
                        tables->dr, tables->drho, tables->cutoff);
    return PEL_OK;
}

static void fill(eam_potential *eam, const pel_eam_tables *tables)
{
    eam->nrho = tables->nrho;
    eam->drho = tables->drho;
    eam->per_drho = 1 / tables->drho;
    eam->splines = (pel_eam_splines){.types = tables->types,
                                     .knots = tables->nr,
                                     .per_spacing = 1 / tables->dr,
                                     .cutoff2 = tables->cutoff * tables->cutoff,
                                     .grain = pel_grain_for(most_density(tables)),
                                     .density = eam->density,
                                     .r_phi = eam->r_phi,
                                     .pair = eam->pair};
    fill_splines(eam, tables);
    eam->head = (pel_potential){.class = &eam_class,
                                .types = tables->types,
                                .cutoff = tables->cutoff,
                                .most_force = most_force,
                                .most_energy = most_energy};
    eam->head.least_distance = eam->head.close_distance = distance_of(&eam->head, tables, most_force / CLOSE_SHARE);
}

pel_status pel_eam_create(const pel_eam_tables *tables, pel_potential **potential)
{
    eam_potential *fresh = NULL;
    PEL_TRY(check(tables));
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    const pel_status status = make_arrays(fresh, tables);
    if (status != PEL_OK) {
        destroy(&fresh->head);
        return status;
    }
    fill(fresh, tables);
    *potential = &fresh->head;
    return PEL_OK;
}
