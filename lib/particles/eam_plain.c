/* The embedded-atom method in plain C; eam.c has the formulas. */
#include <math.h>

#include "particles/eam_inside.h"

/* The knot below r and how far r is from it, in spacings. */
static inline long knot_below(const pel_eam_splines *splines, double r, double *p)
{
    const double x = r * splines->per_spacing, last = (double)(splines->knots - 2);
    const long k = (long)(x < last ? x : last);
    *p = x - (double)k < 1 ? x - (double)k : 1;
    return k;
}

static long table_of(const pel_eam_splines *splines, int a, double b)
{
    return (a * splines->types + (long)b) * splines->knots;
}

/* No branch: what is too far is written over. */
int pel_eam_sort_out(const pel_eam_splines *splines, const pel_force_tile *tile, long i, int32_t *near,
                     pel_eam_pairs *pairs, long first)
{
    const double(*const at)[4] = (const double(*)[4])tile->atoms->position;
    const int32_t *row = tile->neighbours->first[i];
    const int count = tile->neighbours->count[i];
    const double xi = at[i][0], yi = at[i][1], zi = at[i][2];
    double *r2 = pairs->r2 + first, *type = pairs->type + first;
    int n = 0;
    for (int k = 0; k < count; k++) {
        const double *rj = at[row[k]], x = xi - rj[0], y = yi - rj[1], z = zi - rj[2];
        near[n] = row[k];
        r2[n] = x * x + (y * y + z * z);
        type[n] = rj[3];
        n += r2[n] < splines->cutoff2;
    }
    for (int k = n; k < pel_neighbours_padded(n); k++) near[k] = (int32_t)(tile->atoms->count + tile->atoms->images);
    return n;
}

double pel_eam_density(const pel_eam_splines *splines, int type, const pel_eam_pairs *pairs, long first, int count)
{
    double sum = splines->grain.anchor, p;
    for (long k = first; k < first + count; k++) {
        const long knot = knot_below(splines, sqrt(pairs->r2[k]), &p);
        const double *c = splines->density + 4 * (table_of(splines, type, pairs->type[k]) + knot);
        sum += pel_grain_odd(((c[3] * p + c[2]) * p + c[1]) * p + c[0]);
    }
    return sum - splines->grain.anchor;
}

static inline double slope_of(const double *c, double p)
{
    return (c[2] * p + c[1]) * p + c[0];
}

/* Where a pair lies in the tables. */
typedef struct place {
    long ij, ji; /* rows */
    double p, inverse;
} place;

/* The size of a pair's force, < 0 where it repels; symmetric in i and j to the bit. */
static inline double pair_force(const pel_eam_splines *splines, const place *at, double slope_i, double slope_j)
{
    const double *ij = splines->pair + 8 * at->ij, *ji = splines->pair + 8 * at->ji, *c = ij + 3, p = at->p;
    const double r2_phi_slope = ((c[3] * p + c[2]) * p + c[1]) * p + c[0];
    return slope_i * slope_of(ij, p) + slope_j * slope_of(ji, p) + r2_phi_slope * (at->inverse * at->inverse);
}

static void add_energy(const pel_eam_splines *splines, const place *at, const double d[3], const double f[3],
                       pel_eam_sums *sums)
{
    static const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
    const double *c = splines->r_phi + 4 * at->ij, p = at->p;
    sums->energy += pel_grain_odd((((c[3] * p + c[2]) * p + c[1]) * p + c[0]) * at->inverse);
    for (int v = 0; v < 6; v++) sums->virial[v] += pel_grain_odd(f[first[v]] * d[second[v]]);
    sums->pairs++;
}

/* Starts the accumulators at their anchors, or (sign -1) takes the anchors off. */
static void anchor(const pel_force_tile *tile, double sign, pel_eam_sums *sums)
{
    for (int a = 0; a < 3; a++) sums->force[a] += sign * tile->force.anchor;
    sums->energy += sign * tile->energy.anchor;
    for (int v = 0; v < 6; v++) sums->virial[v] += sign * tile->energy.anchor;
}

void pel_eam_forces(const pel_eam_splines *splines, const pel_force_tile *tile, const double *slope, long i,
                    const int32_t *near, int count, pel_eam_sums *sums)
{
    const double(*const at)[4] = (const double(*)[4])tile->atoms->position;
    const int type = tile->atoms->type[i];
    *sums = (pel_eam_sums){0};
    anchor(tile, 1, sums);
    for (int k = 0; k < count; k++) {
        const double *ri = at[i], *rj = at[near[k]], d[3] = {ri[0] - rj[0], ri[1] - rj[1], ri[2] - rj[2]};
        const double r2 = d[0] * d[0] + (d[1] * d[1] + d[2] * d[2]);
        if (!(r2 < splines->cutoff2)) continue;
        place at = {.inverse = 1 / sqrt(r2)};
        const long knot = knot_below(splines, sqrt(r2), &at.p);
        at.ij = table_of(splines, type, rj[3]) + knot;
        at.ji = table_of(splines, (int)rj[3], type) + knot;
        const double size = pair_force(splines, &at, slope[i], slope[near[k]]), f = -size * at.inverse;
        const double force[3] = {f * d[0], f * d[1], f * d[2]};
        for (int a = 0; a < 3; a++) sums->force[a] += pel_grain_odd(force[a]);
        if (tile->with_energy) add_energy(splines, &at, d, force, sums);
        sums->most = fabs(size) > sums->most ? fabs(size) : sums->most;
    }
    anchor(tile, -1, sums);
}
