/* Pairs, for any machine: a few lanes at a time, with the compiler's own vectors, which become what the target has.
 * Without a fused multiply-add a product is rounded before it is added: it is the product whose last bit is set then
 * (particles/grain.h). */
#include <math.h>

#include "particles/pairs_inside.h"

#ifdef __AVX__
enum { LANES = 4 };
#else
enum { LANES = 2 };
#endif

typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));
typedef int64_t bits __attribute__((vector_size(LANES * sizeof(int64_t))));
typedef double two __attribute__((vector_size(2 * sizeof(double))));

static inline lanes load(const double *from)
{
    return *(const lanes *)from;
}

static inline lanes all(double value)
{
    return (lanes){0} + value;
}

/* Two pairs at a time: a row is two halves, x y and z t, and the halves of two rows are put crosswise. */
void pel_pairs_gather(const pel_atoms *atoms, long i, const int32_t *neighbour, int count, pel_pair_rows *rows)
{
    const double(*const at)[4] = (const double(*)[4])atoms->position;
    const two here = {at[i][0], at[i][1]}, above = {at[i][2], 0};
    for (int k = 0; k < count; k += 2) {
        const double *a = at[neighbour[k]], *b = at[neighbour[k + 1]];
        const two axy = here - *(const two *)a, bxy = here - *(const two *)b;
        const two azt = *(const two *)(a + 2), bzt = *(const two *)(b + 2);
        const two x = {axy[0], bxy[0]}, y = {axy[1], bxy[1]}, z = above[0] - (two){azt[0], bzt[0]};
        *(two *)(rows->x + k) = x;
        *(two *)(rows->y + k) = y;
        *(two *)(rows->z + k) = z;
        *(two *)(rows->type + k) = (two){azt[1], bzt[1]};
        *(two *)(rows->r2 + k) = x * x + y * y + z * z;
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

/* The values whose lane of `wanted` is all ones, with their last bit set; 0 elsewhere. */
static inline lanes odd_where(bits wanted, lanes value)
{
    return (lanes)(((bits)value | 1) & wanted);
}

static inline lanes lesser(lanes a, lanes b)
{
    const bits is_less = a < b;
    return (lanes)(((bits)a & is_less) | ((bits)b & ~is_less));
}

static double total(lanes sum, double start)
{
    double total = 0;
    for (int l = 0; l < LANES; l++) total += sum[l] - start;
    return total;
}

static double least_lane(lanes value)
{
    double least = value[0];
    for (int l = 1; l < LANES; l++) least = value[l] < least ? value[l] : least;
    return least;
}

double pel_pairs_add_forces(const pel_pair_rows *rows, int count, double cutoff2, pel_grain grain, double force[3])
{
    const lanes most = all(cutoff2);
    lanes x = all(grain.anchor), y = x, z = x, least = most;
    for (int k = 0; k < count; k += LANES) {
        const lanes r2 = load(rows->r2 + k), f = load(rows->force + k);
        const bits near = r2 < most;
        least = lesser(r2, least);
        x += odd_where(near, f * load(rows->x + k));
        y += odd_where(near, f * load(rows->y + k));
        z += odd_where(near, f * load(rows->z + k));
    }
    force[0] += total(x, grain.anchor);
    force[1] += total(y, grain.anchor);
    force[2] += total(z, grain.anchor);
    return least_lane(least);
}

double pel_pairs_add_forces_fast(const pel_pair_rows *rows, int count, double cutoff2, double force[3])
{
    const lanes most = all(cutoff2);
    lanes x = {0}, y = x, z = x, least = most;
    for (int k = 0; k < count; k += LANES) {
        const lanes r2 = load(rows->r2 + k), f = (lanes)((bits)load(rows->force + k) & (r2 < most));
        least = lesser(r2, least);
        x += f * load(rows->x + k);
        y += f * load(rows->y + k);
        z += f * load(rows->z + k);
    }
    force[0] += total(x, 0);
    force[1] += total(y, 0);
    force[2] += total(z, 0);
    return least_lane(least);
}
