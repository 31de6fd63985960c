/* Searching a run of cells, 16 rows at a time: those within reach are packed by a compressing store. */
#include <immintrin.h>

#include "particles/system_inside.h"

int pel_list_scan(const pel_cells *cells, long begin, long end, const float at[3], int32_t self, int32_t *out, int room)
{
    const __m512 x = _mm512_set1_ps(at[0]), y = _mm512_set1_ps(at[1]), z = _mm512_set1_ps(at[2]);
    const __m512 reach2 = _mm512_set1_ps(cells->reach2);
    const __m512i own = _mm512_set1_epi32(self);
    int count = 0;
    for (long k = begin; k < end && count < room; k += 16) {
        const __mmask16 there = end - k < 16 ? (__mmask16)((1u << (end - k)) - 1) : (__mmask16)0xffff;
        const __m512 dx = _mm512_sub_ps(_mm512_loadu_ps(cells->x + k), x);
        const __m512 dy = _mm512_sub_ps(_mm512_loadu_ps(cells->y + k), y);
        const __m512 dz = _mm512_sub_ps(_mm512_loadu_ps(cells->z + k), z);
        const __m512i row = _mm512_maskz_loadu_epi32(there, cells->bins.row + k);
        const __m512 r2 = _mm512_fmadd_ps(dx, dx, _mm512_fmadd_ps(dy, dy, _mm512_mul_ps(dz, dz)));
        __mmask16 near = _mm512_mask_cmp_ps_mask(there, r2, reach2, _CMP_LE_OQ);
        near = _mm512_mask_cmpneq_epi32_mask(near, row, own);
        _mm512_storeu_si512(out + count, _mm512_maskz_compress_epi32(near, row));
        count += __builtin_popcount(near);
    }
    return count;
}
