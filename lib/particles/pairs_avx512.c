/* Pairs, 8 at a time. Eight rows of four doubles are read as they lie in memory and transposed in registers, which
 * takes half the time of three gathers. */
#include "particles/avx512_inside.h"
#include "particles/pairs_inside.h"

void pel_pairs_gather(const pel_atoms *atoms, long i, const int32_t *neighbour, int count, pel_pair_rows *rows)
{
    const double(*const at)[4] = (const double(*)[4])atoms->position;
    const __m512d xi = _mm512_set1_pd(at[i][0]), yi = _mm512_set1_pd(at[i][1]), zi = _mm512_set1_pd(at[i][2]);
    for (int k = 0; k < count; k += 8) {
        const pel_columns near = pel_eight_rows(at[0], neighbour + k);
        const __m512d x = _mm512_sub_pd(xi, near.c0), y = _mm512_sub_pd(yi, near.c1), z = _mm512_sub_pd(zi, near.c2);
        _mm512_store_pd(rows->x + k, x);
        _mm512_store_pd(rows->y + k, y);
        _mm512_store_pd(rows->z + k, z);
        _mm512_store_pd(rows->type + k, near.c3);
        _mm512_store_pd(rows->r2 + k, _mm512_fmadd_pd(x, x, _mm512_fmadd_pd(y, y, _mm512_mul_pd(z, z))));
    }
}

int pel_pairs_select(const pel_pair_rows *from, int count, double type, double cutoff2, pel_pair_rows *to)
{
    const __m512d wanted = _mm512_set1_pd(type), most = _mm512_set1_pd(cutoff2);
    int n = 0;
    for (int k = 0; k < count; k += 8) {
        const __m512d r2 = _mm512_load_pd(from->r2 + k);
        const __mmask8 near = _mm512_mask_cmp_pd_mask(_mm512_cmp_pd_mask(r2, most, _CMP_LT_OQ),
                                                      _mm512_load_pd(from->type + k), wanted, _CMP_EQ_OQ);
        _mm512_storeu_pd(to->x + n, _mm512_maskz_compress_pd(near, _mm512_load_pd(from->x + k)));
        _mm512_storeu_pd(to->y + n, _mm512_maskz_compress_pd(near, _mm512_load_pd(from->y + k)));
        _mm512_storeu_pd(to->z + n, _mm512_maskz_compress_pd(near, _mm512_load_pd(from->z + k)));
        _mm512_storeu_pd(to->r2 + n, _mm512_maskz_compress_pd(near, r2));
        n += __builtin_popcount(near);
    }
    _mm512_storeu_pd(to->r2 + n, most);
    return pel_neighbours_padded(n);
}

double pel_pairs_add_forces(const pel_pair_rows *rows, int count, double cutoff2, pel_grain grain, double force[3])
{
    const __m512d most = _mm512_set1_pd(cutoff2);
    __m512d x = _mm512_set1_pd(grain.anchor), y = x, z = x, least = most;
    for (int k = 0; k < count; k += 8) {
        const __m512d r2 = _mm512_load_pd(rows->r2 + k), f = pel_odd(_mm512_load_pd(rows->force + k));
        const __mmask8 near = _mm512_cmp_pd_mask(r2, most, _CMP_LT_OQ);
        least = _mm512_min_pd(least, r2);
        x = _mm512_mask3_fmadd_pd(f, _mm512_load_pd(rows->x + k), x, near);
        y = _mm512_mask3_fmadd_pd(f, _mm512_load_pd(rows->y + k), y, near);
        z = _mm512_mask3_fmadd_pd(f, _mm512_load_pd(rows->z + k), z, near);
    }
    force[0] += pel_total(x, grain.anchor);
    force[1] += pel_total(y, grain.anchor);
    force[2] += pel_total(z, grain.anchor);
    return _mm512_reduce_min_pd(least);
}

double pel_pairs_add_forces_fast(const pel_pair_rows *rows, int count, double cutoff2, double force[3])
{
    const __m512d most = _mm512_set1_pd(cutoff2);
    __m512d x = _mm512_setzero_pd(), y = x, z = x, least = most;
    for (int k = 0; k < count; k += 8) {
        const __m512d r2 = _mm512_load_pd(rows->r2 + k), f = _mm512_load_pd(rows->force + k);
        const __mmask8 near = _mm512_cmp_pd_mask(r2, most, _CMP_LT_OQ);
        least = _mm512_min_pd(least, r2);
        x = _mm512_mask3_fmadd_pd(f, _mm512_load_pd(rows->x + k), x, near);
        y = _mm512_mask3_fmadd_pd(f, _mm512_load_pd(rows->y + k), y, near);
        z = _mm512_mask3_fmadd_pd(f, _mm512_load_pd(rows->z + k), z, near);
    }
    force[0] += _mm512_reduce_add_pd(x);
    force[1] += _mm512_reduce_add_pd(y);
    force[2] += _mm512_reduce_add_pd(z);
    return _mm512_reduce_min_pd(least);
}
