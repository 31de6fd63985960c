/*
 * Pieces of vector code that the *_avx512.c files share: eight rows of four doubles turned into four vectors of eight,
 * grains, and inverse square roots.
 */
#ifndef PELAGOS_PARTICLES_AVX512_INSIDE_H
#define PELAGOS_PARTICLES_AVX512_INSIDE_H

#include <immintrin.h>
#include <stdint.h>

/* Column c of eight rows of four. */
typedef struct pel_columns {
    __m512d c0, c1, c2, c3;
} pel_columns;

/* Rows a and b side by side. */
static inline __m512d pel_two_rows(const double *a, const double *b)
{
    return _mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_load_pd(a)), _mm256_load_pd(b), 1);
}

/* Rows row[0] to row[7], each of four doubles, transposed; faster than four gathers. */
static inline pel_columns pel_eight_rows(const double *base, const int32_t *row)
{
    const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13),
                  high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
#define ROW(k) (base + 4 * (long)row[k])
    const __m512d a = pel_two_rows(ROW(0), ROW(4)), b = pel_two_rows(ROW(1), ROW(5));
    const __m512d c = pel_two_rows(ROW(2), ROW(6)), d = pel_two_rows(ROW(3), ROW(7));
#undef ROW
    const __m512d even01 = _mm512_unpacklo_pd(a, b), odd01 = _mm512_unpackhi_pd(a, b);
    const __m512d even23 = _mm512_unpacklo_pd(c, d), odd23 = _mm512_unpackhi_pd(c, d);
    return (pel_columns){_mm512_permutex2var_pd(even01, low, even23), _mm512_permutex2var_pd(odd01, low, odd23),
                         _mm512_permutex2var_pd(even01, high, even23), _mm512_permutex2var_pd(odd01, high, odd23)};
}

/* pel_grain_odd() of eight. */
static inline __m512d pel_odd(__m512d value)
{
    return _mm512_castsi512_pd(_mm512_or_si512(_mm512_castpd_si512(value), _mm512_set1_epi64(1)));
}

/* The sum of eight accumulators that began at the anchor: exact, as all are multiples of one quantum. */
static inline double pel_total(__m512d sum, double anchor)
{
    return _mm512_reduce_add_pd(_mm512_sub_pd(sum, _mm512_set1_pd(anchor)));
}

/* 1 / sqrt(x) to about one unit in the last place: 14 bits of the machine's, refined by terms of the third order and of
 * the second. NaN for 0 and infinity. */
static inline __m512d pel_inverse_root(__m512d x)
{
    const __m512d one = _mm512_set1_pd(1), half = _mm512_set1_pd(0.5), most = _mm512_set1_pd(0.375);
    __m512d y = _mm512_rsqrt14_pd(x);
    __m512d error = _mm512_fnmadd_pd(_mm512_mul_pd(x, y), y, one);
    y = _mm512_fmadd_pd(_mm512_mul_pd(y, error), _mm512_fmadd_pd(most, error, half), y);
    error = _mm512_fnmadd_pd(_mm512_mul_pd(x, y), y, one);
    return _mm512_fmadd_pd(_mm512_mul_pd(y, error), half, y);
}

#endif
