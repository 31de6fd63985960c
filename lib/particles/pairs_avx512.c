/* Pairs, 8 at a time. Eight rows of four doubles are read as they lie in memory and transposed in registers, which
 * takes half the time of three gathers. */
#include <immintrin.h>
#include <math.h>

#include "particles/pairs_inside.h"

/* Rows a and b side by side. */
static inline __m512d two_rows(const double *a, const double *b)
{
    return _mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_load_pd(a)), _mm256_load_pd(b), 1);
}

void pel_pairs_gather(const pel_atoms *atoms, long i, const int32_t *neighbour, int count, pel_pair_rows *rows)
{
    const double(*const at)[4] = (const double(*)[4])atoms->position;
    const __m512d xi = _mm512_set1_pd(at[i][0]), yi = _mm512_set1_pd(at[i][1]), zi = _mm512_set1_pd(at[i][2]);
    const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13);
    const __m512i high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    for (int k = 0; k < count; k += 8) {
        const int32_t *j = neighbour + k;
        const __m512d a = two_rows(at[j[0]], at[j[4]]); /* x0 y0 z0 t0 x4 y4 z4 t4 */
        const __m512d b = two_rows(at[j[1]], at[j[5]]);
        const __m512d c = two_rows(at[j[2]], at[j[6]]);
        const __m512d d = two_rows(at[j[3]], at[j[7]]);
        const __m512d xz01 = _mm512_unpacklo_pd(a, b); /* x0 x1 z0 z1 x4 x5 z4 z5 */
        const __m512d yt01 = _mm512_unpackhi_pd(a, b);
        const __m512d xz23 = _mm512_unpacklo_pd(c, d);
        const __m512d yt23 = _mm512_unpackhi_pd(c, d);
        const __m512d x = _mm512_sub_pd(xi, _mm512_permutex2var_pd(xz01, low, xz23));
        const __m512d y = _mm512_sub_pd(yi, _mm512_permutex2var_pd(yt01, low, yt23));
        const __m512d z = _mm512_sub_pd(zi, _mm512_permutex2var_pd(xz01, high, xz23));
        _mm512_store_pd(rows->x + k, x);
        _mm512_store_pd(rows->y + k, y);
        _mm512_store_pd(rows->z + k, z);
        _mm512_store_pd(rows->type + k, _mm512_permutex2var_pd(yt01, high, yt23));
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

static inline __m512d odd(__m512d value)
{
    return _mm512_castsi512_pd(_mm512_or_si512(_mm512_castpd_si512(value), _mm512_set1_epi64(1)));
}

/* The sum of eight accumulators that began at the anchor: exact, as all are multiples of one quantum. */
static inline double total(__m512d sum, double anchor)
{
    return _mm512_reduce_add_pd(_mm512_sub_pd(sum, _mm512_set1_pd(anchor)));
}

double pel_pairs_add_forces(const pel_pair_rows *rows, int count, double cutoff2, pel_grain grain, double force[3])
{
    const __m512d most = _mm512_set1_pd(cutoff2);
    __m512d x = _mm512_set1_pd(grain.anchor), y = x, z = x, least = most;
    for (int k = 0; k < count; k += 8) {
        const __m512d r2 = _mm512_load_pd(rows->r2 + k), f = odd(_mm512_load_pd(rows->force + k));
        const __mmask8 near = _mm512_cmp_pd_mask(r2, most, _CMP_LT_OQ);
        least = _mm512_min_pd(least, r2);
        x = _mm512_mask3_fmadd_pd(f, _mm512_load_pd(rows->x + k), x, near);
        y = _mm512_mask3_fmadd_pd(f, _mm512_load_pd(rows->y + k), y, near);
        z = _mm512_mask3_fmadd_pd(f, _mm512_load_pd(rows->z + k), z, near);
    }
    force[0] += total(x, grain.anchor);
    force[1] += total(y, grain.anchor);
    force[2] += total(z, grain.anchor);
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
