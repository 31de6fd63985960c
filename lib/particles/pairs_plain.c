/* Pairs, in plain loops for any machine. Without a fused multiply-add a product is rounded before it is added: it is
 * the product whose last bit is set then (particles/grain.h). */
#include <math.h>

#include "particles/pairs_inside.h"

enum { LANES = PEL_NEIGHBOURS_PAD };

void pel_pairs_gather(const pel_atoms *atoms, long i, const int32_t *neighbour, int count, pel_pair_rows *rows)
{
    const double *const at = atoms->position[i];
    for (int k = 0; k < count; k++) {
        const double *const near = atoms->position[neighbour[k]];
        const double x = at[0] - near[0], y = at[1] - near[1], z = at[2] - near[2];
        rows->x[k] = x;
        rows->y[k] = y;
        rows->z[k] = z;
        rows->type[k] = near[3];
        rows->r2[k] = x * x + y * y + z * z;
    }
}

int pel_pairs_select(const pel_pair_rows *from, int count, double type, double cutoff2, pel_pair_rows *to)
{
    int n = 0;
    for (int k = 0; k < count; k++) {
        to->x[n] = from->x[k];
        to->y[n] = from->y[k];
        to->z[n] = from->z[k];
        to->r2[n] = from->r2[k];
        n += (from->r2[k] < cutoff2) & (from->type[k] == type);
    }
    for (int k = n; k < pel_neighbours_padded(n); k++) {
        to->x[k] = to->y[k] = to->z[k] = 0;
        to->r2[k] = cutoff2;
    }
    return pel_neighbours_padded(n);
}

static double add(const double *restrict over_r, const double *restrict x, const double *restrict r2, int count,
                  double cutoff2, pel_grain grain)
{
    double sum[LANES], total = 0;
    for (int l = 0; l < LANES; l++) sum[l] = grain.anchor;
    for (int k = 0; k < count; k += LANES)
        for (int l = 0; l < LANES; l++) {
            const double f = pel_grain_odd(over_r[k + l] * x[k + l]);
            sum[l] += r2[k + l] < cutoff2 ? f : 0;
        }
    for (int l = 0; l < LANES; l++) total += sum[l] - grain.anchor;
    return total;
}

static double least_of(const double *r2, int count, double cutoff2)
{
    double least = cutoff2;
    for (int k = 0; k < count; k++) least = r2[k] < least ? r2[k] : least;
    return least;
}

double pel_pairs_add_forces(const pel_pair_rows *rows, int count, double cutoff2, pel_grain grain, double force[3])
{
    force[0] += add(rows->force, rows->x, rows->r2, count, cutoff2, grain);
    force[1] += add(rows->force, rows->y, rows->r2, count, cutoff2, grain);
    force[2] += add(rows->force, rows->z, rows->r2, count, cutoff2, grain);
    return least_of(rows->r2, count, cutoff2);
}

double pel_pairs_add_forces_fast(const pel_pair_rows *rows, int count, double cutoff2, double force[3])
{
    double x[LANES] = {0}, y[LANES] = {0}, z[LANES] = {0};
    for (int k = 0; k < count; k += LANES)
        for (int l = 0; l < LANES; l++) {
            const double f = rows->r2[k + l] < cutoff2 ? rows->force[k + l] : 0;
            x[l] += f * rows->x[k + l];
            y[l] += f * rows->y[k + l];
            z[l] += f * rows->z[k + l];
        }
    for (int l = 0; l < LANES; l++) force[0] += x[l], force[1] += y[l], force[2] += z[l];
    return least_of(rows->r2, count, cutoff2);
}
