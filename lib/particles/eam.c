/*
 * The embedded-atom method (Daw & Baskes, Phys. Rev. B 29 (1984) 6443):
 *
 *     E = sum_i F_i(rho_i) + 1/2 sum_ij phi_ij(r_ij),   rho_i = sum_j rho_ij(r_ij)
 *     f_i = - sum_j [F'_i rho'_ij + F'_j rho'_ji + phi'_ij] (r_i - r_j) / r_ij
 *
 * with rho_ij what j brings to i, which for Finnis & Sinclair (Phil. Mag. A 50 (1984) 45) depends on both types.
 *
 * Pass 0 sums densities and the forces of phi, and finds F and F'; pass 1 adds the forces of embedding. Pass 0 also
 * writes down which neighbours are within the cutoff, about half of the list, with the slopes of their densities, so
 * that each spline is evaluated once and pass 1 has little to do.
 *
 * Tables are splined as the peers do: between two knots a cubic with the table's values and with slopes from five-point
 * differences, of lower order at the ends; r phi is splined and divided by r. Beyond the last density F is a straight
 * line. So are a pair's tables behind their last knot: many files stop one spacing short of their cutoff. There the
 * peers hold the slope and the value, so that the force is the same and the energy, of no more than 1e-12 eV, is not.
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
    double *pair, *embedding; /* [types][types][nr][8], [types][nrho][4] */
    long nrho;
    double drho;
    double *slope;      /* [rows]: F' */
    pel_eam_near *near; /* [atoms]: the short lists, on the shelves */
    int32_t *count;     /* [atoms]: their lengths; -1: there was no memory */
    int threads;
    pel_shelf *shelf; /* [threads] */
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

/* The cubic from knot k on; from the last, a straight line. */
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

static void fill_pair(eam_potential *eam, const pel_eam_tables *tables, long table)
{
    const long nr = tables->nr;
    for (long k = 0; k < nr; k++) {
        double *pair = eam->pair + 8 * (table * nr + k);
        cubic_at(tables->density + table * nr, nr, k, pair);
        cubic_at(tables->r_phi + table * nr, nr, k, pair + 4);
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

static double cubic(const double c[4], double p)
{
    return ((c[3] * p + c[2]) * p + c[1]) * p + c[0];
}

static double slope_of_cubic(const double c[4], double p)
{
    return (3 * c[3] * p + 2 * c[2]) * p + c[1];
}

/* F of a type at a density, and F'. */
static double embed(const eam_potential *eam, int type, double rho, double *slope)
{
    const double x = rho / eam->drho, last = (double)(eam->nrho - 1), end = last * eam->drho;
    const double below = fmax(0, fmin(floor(x), last - 1)), p = fmin(x - below, 1);
    const double *c = eam->embedding + 4 * (type * eam->nrho + (long)below);
    *slope = slope_of_cubic(c, p) / eam->drho;
    const double energy = cubic(c, p);
    return rho > end ? energy + *slope * (rho - end) : energy;
}

pel_eam_point pel_eam_at(const pel_potential *potential, int a, int b, double r, double rho)
{
    const eam_potential *eam = (const void *)potential;
    const pel_eam_splines *splines = &eam->splines;
    const double x = r * splines->per_spacing, k = fmin(floor(x), (double)(splines->knots - 1)), p = fmin(x - k, 1);
    const double *c = splines->pair + 8 * ((long)(a * splines->types + b) * splines->knots + (long)k);
    pel_eam_point point = {.density = cubic(c, p),
                           .density_slope = slope_of_cubic(c, p) * splines->per_spacing,
                           .phi = cubic(c + 4, p) / r};
    point.phi_slope = (slope_of_cubic(c + 4, p) * splines->per_spacing - point.phi) / r;
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
    pel_force_too_close(tile, i, nearest2(tile->atoms, i, near, count));
}

static void add_sums(const pel_eam_sums *atom, pel_force_sums *sums)
{
    pel_sum_add(&sums->energy, 0.5 * atom->energy);
    for (int v = 0; v < 6; v++) pel_sum_add(&sums->virial[v], 0.5 * atom->virial[v]);
}

/* Room on the shelf for the short list of an atom with `most` neighbours; false: no memory. */
static bool make_room(pel_shelf *shelf, int most, bool is_mixed, pel_eam_near *near)
{
    const size_t length = (size_t)pel_neighbours_padded(most) + PEL_NEIGHBOURS_PAD;
    double *room = pel_shelf_room(shelf, length * (2 * sizeof(double) + sizeof(int32_t)));
    if (!room) return false;
    *near =
        (pel_eam_near){.slope = room, .back = is_mixed ? room + length : room, .row = (int32_t *)(room + 2 * length)};
    return true;
}

/* Moves the parts of a short list together, and takes from the shelf what they need. */
static void pack(pel_shelf *shelf, int count, bool is_mixed, pel_eam_near *near)
{
    const size_t length = (size_t)pel_neighbours_padded(count);
    double *back = near->slope + length;
    int32_t *row = (int32_t *)(is_mixed ? back + length : back);
    if (is_mixed) memmove(back, near->back, length * sizeof *back);
    memmove(row, near->row, length * sizeof *row);
    near->back = is_mixed ? back : near->slope;
    near->row = row;
    pel_shelf_take(shelf, (size_t)((char *)(row + length) - (char *)near->slope));
}

static bool is_too_strong(const eam_potential *eam, const pel_eam_sums *atom)
{
    const double most2 = pow(eam->head.most_force / CLOSE_SHARE, 2);
    return !(atom->most2 < most2 && isfinite(atom->force[0] + atom->force[1] + atom->force[2]) &&
             fabs(atom->density) < eam->splines.grain.most / CLOSE_SHARE);
}

static void meet_tile(const eam_potential *eam, const pel_force_tile *tile)
{
    const bool is_mixed = eam->splines.types > 1;
    pel_shelf *shelf = &eam->shelf[tile->thread];
    for (long i = tile->lo; i < tile->hi; i++) {
        pel_eam_sums atom;
        pel_eam_near *near = &eam->near[i];
        eam->count[i] = -1;
        if (!make_room(shelf, tile->neighbours->count[i], is_mixed, near)) {
            tile->sums->is_short_of_memory = true;
            continue;
        }
        pel_eam_meet(&eam->splines, tile, i, near, &atom);
        memcpy(tile->atoms->force[i], atom.force, sizeof atom.force);
        if (is_too_strong(eam, &atom)) note_too_close(tile, i, near->row, atom.pairs);
        eam->count[i] = atom.pairs;
        pack(shelf, atom.pairs, is_mixed, near);
        const double energy = embed(eam, tile->atoms->type[i], atom.density, &eam->slope[i]);
        if (!tile->with_energy) continue;
        pel_sum_add(&tile->sums->energy, energy);
        tile->sums->pairs += atom.pairs;
        add_sums(&atom, tile->sums);
    }
}

static void embed_tile(const eam_potential *eam, const pel_force_tile *tile)
{
    for (long i = tile->lo; i < tile->hi; i++) {
        pel_eam_sums atom;
        if (eam->count[i] < 0) continue;
        pel_eam_embed(&eam->splines, tile, eam->slope, i, &eam->near[i], eam->count[i], &atom);
        for (int a = 0; a < 3; a++) tile->atoms->force[i][a] += atom.force[a]; /* of grains: exact */
        atom.density = atom.energy = 0;
        if (is_too_strong(eam, &atom)) note_too_close(tile, i, eam->near[i].row, eam->count[i]);
        if (tile->with_energy) add_sums(&atom, tile->sums);
    }
}

static void compute(const pel_potential *potential, int pass, const pel_force_tile *tile)
{
    const eam_potential *eam = (const void *)potential;
    if (pass == 0) meet_tile(eam, tile);
    else embed_tile(eam, tile);
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
    for (int t = 0; t < eam->threads; t++) pel_shelf_free(&eam->shelf[t]);
    free(eam->shelf);
    free(eam->slope);
    free(eam->near);
    free(eam->count);
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
    eam->threads = threads;
    return PEL_OK;
}

static void destroy(pel_potential *potential)
{
    eam_potential *eam = (void *)potential;
    release_rows(eam);
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

/* Of a pair. Pass 0: 8 for the distance squared, 2 for the distance and its inverse, 2 for the place in the tables, 7
 * each for phi, the density and its slope, 11 for f / r, 8 to add the force and to look at its size. Pass 1: 8 for the
 * distance squared, 3 for f / r, 8 to add it. */
static const double pair_flops = 71;

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
    eam->pair = aligned_alloc(64, 8 * knots * sizeof(double));
    eam->embedding = aligned_alloc(64, (4 * types * (size_t)tables->nrho * sizeof(double) + 63) / 64 * 64);
    if (eam->pair && eam->embedding) return PEL_OK;
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
    if (tables->cutoff > (double)tables->nr * tables->dr * (1 + 1e-9))
        return pel_fail(
            PEL_ERR_ARGUMENT,
            "EAM tables of %ld distances end at %g, before their cutoff %g; reduce the cutoff or extend them",
            tables->nr, (double)(tables->nr - 1) * tables->dr, tables->cutoff);
    return PEL_OK;
}

static void fill(eam_potential *eam, const pel_eam_tables *tables)
{
    eam->nrho = tables->nrho;
    eam->drho = tables->drho;
    eam->splines = (pel_eam_splines){.types = tables->types,
                                     .knots = tables->nr,
                                     .per_spacing = 1 / tables->dr,
                                     .cutoff2 = tables->cutoff * tables->cutoff,
                                     .grain = pel_grain_for(most_density(tables)),
                                     .pair = eam->pair};
    fill_splines(eam, tables);
    eam->head = (pel_potential){.class = &eam_class,
                                .types = tables->types,
                                .cutoff = tables->cutoff,
                                .most_force = most_force,
                                .most_energy = most_energy,
                                .pair_flops = pair_flops};
    eam->head.least_distance = distance_of(&eam->head, tables, most_force / CLOSE_SHARE);
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
