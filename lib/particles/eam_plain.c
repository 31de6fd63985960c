/* The embedded-atom method in plain C; eam.c has the formulas. */
#include <math.h>

#include "particles/eam_inside.h"

/* The knot below r and how far r is from it, in spacings. */
static inline long knot_below(const pel_eam_splines *splines, double r, double *p)
{
    const double x = r * splines->per_spacing, last = (double)(splines->knots - 1);
    const long k = (long)(x < last ? x : last);
    *p = fmin(x - (double)k, 1);
    return k;
}

static const double *row_of(const pel_eam_splines *splines, int a, double b, long knot)
{
    return splines->pair + 8 * ((a * splines->types + (long)b) * splines->knots + knot);
}

/* Rows within the cutoff. No branch: what is too far is written over. */
static int sort_out(const pel_force_tile *tile, long i, double cutoff2, int32_t *near)
{
    const double(*const at)[4] = (const double(*)[4])tile->atoms->position;
    const int32_t *row = tile->neighbours->first[i];
    const int count = tile->neighbours->count[i];
    const double xi = at[i][0], yi = at[i][1], zi = at[i][2];
    int n = 0;
    for (int k = 0; k < count; k++) {
        const double *rj = at[row[k]], x = xi - rj[0], y = yi - rj[1], z = zi - rj[2];
        near[n] = row[k];
        n += x * x + (y * y + z * z) < cutoff2;
    }
    return n;
}

static inline double cubic(const double *c, double p)
{
    return ((c[3] * p + c[2]) * p + c[1]) * p + c[0];
}

static inline double slope_of_cubic(const double *c, double p)
{
    return (3 * c[3] * p + 2 * c[2]) * p + c[1];
}

/* Starts the accumulators at their anchors, or (sign -1) takes the anchors off. */
static void anchor(const pel_force_tile *tile, double sign, pel_eam_sums *sums)
{
    for (int a = 0; a < 3; a++) sums->force[a] += sign * tile->force.anchor;
    sums->energy += sign * tile->energy.anchor;
    for (int v = 0; v < 6; v++) sums->virial[v] += sign * tile->energy.anchor;
}

/* Adds a pair's force, with f / r. */
static inline void add_force(const pel_force_tile *tile, double f, const double d[3], double r2, pel_eam_sums *sums)
{
    static const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
    const double force[3] = {f * d[0], f * d[1], f * d[2]};
    for (int a = 0; a < 3; a++) sums->force[a] += pel_grain_odd(force[a]);
    for (int v = 0; v < 6 && tile->with_energy; v++) sums->virial[v] += pel_grain_odd(force[first[v]] * d[second[v]]);
    sums->most2 = fmax(sums->most2, f * f * r2);
}

void pel_eam_meet(const pel_eam_splines *splines, const pel_force_tile *tile, long i, const pel_eam_near *near,
                  pel_eam_sums *sums)
{
    const double(*const at)[4] = (const double(*)[4])tile->atoms->position;
    const int type = tile->atoms->type[i], n = sort_out(tile, i, splines->cutoff2, near->row);
    *sums = (pel_eam_sums){.pairs = n, .density = splines->grain.anchor};
    anchor(tile, 1, sums);
    for (int k = 0; k < n; k++) {
        const double *ri = at[i], *rj = at[near->row[k]], d[3] = {ri[0] - rj[0], ri[1] - rj[1], ri[2] - rj[2]};
        const double r2 = d[0] * d[0] + (d[1] * d[1] + d[2] * d[2]), r = sqrt(r2), inverse = 1 / r;
        double p;
        const long knot = knot_below(splines, r, &p);
        const double *c = row_of(splines, type, rj[3], knot), *back = row_of(splines, (int)rj[3], type, knot);
        const double phi = cubic(c + 4, p) * inverse, per_r = splines->per_spacing * inverse;
        sums->density += pel_grain_odd(cubic(c, p));
        near->slope[k] = slope_of_cubic(c, p) * per_r;
        if (near->back != near->slope) near->back[k] = slope_of_cubic(back, p) * per_r;
        if (tile->with_energy) sums->energy += pel_grain_odd(phi);
        add_force(tile, (phi * inverse - slope_of_cubic(c + 4, p) * per_r) * inverse, d, r2, sums);
    }
    anchor(tile, -1, sums);
    sums->density -= splines->grain.anchor;
}

void pel_eam_embed(const pel_eam_splines *splines, const pel_force_tile *tile, const double *slope, long i,
                   const pel_eam_near *near, int count, pel_eam_sums *sums)
{
    const double(*const at)[4] = (const double(*)[4])tile->atoms->position;
    (void)splines;
    *sums = (pel_eam_sums){0};
    anchor(tile, 1, sums);
    for (int k = 0; k < count; k++) {
        const double *ri = at[i], *rj = at[near->row[k]], d[3] = {ri[0] - rj[0], ri[1] - rj[1], ri[2] - rj[2]};
        const double r2 = d[0] * d[0] + (d[1] * d[1] + d[2] * d[2]);
        add_force(tile, -(slope[i] * near->slope[k] + slope[near->row[k]] * near->back[k]), d, r2, sums);
    }
    anchor(tile, -1, sums);
}
