/*
 * The embedded-atom method, 8 pairs at a time; eam.c has the formulas.
 *
 * About half of a list lies beyond the cutoff. The density's pass sorts that out with compressing stores, so that
 * splines are evaluated for whole vectors of pairs that count, and leaves the short list to the forces' pass. The
 * coefficients of a knot lie in one cache line, and eight such rows are transposed in registers rather than gathered.
 */
#include <math.h>

#include "particles/avx512_inside.h"
#include "particles/eam_inside.h"

/* Where eight pairs lie in the splines' tables. */
typedef struct place {
    __m512d p;     /* in spacings behind the knot, at most 1 */
    __m512d below; /* the knot */
} place;

/* Clamped, also where r is not a number: those pairs are left out later, but are read. */
static inline place place_of(const pel_eam_splines *splines, __m512d r)
{
    const __m512d x = _mm512_max_pd(_mm512_mul_pd(r, _mm512_set1_pd(splines->per_spacing)), _mm512_setzero_pd());
    const __m512d last = _mm512_set1_pd((double)(splines->knots - 2));
    const __m512d below = _mm512_min_pd(_mm512_roundscale_pd(x, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC), last);
    return (place){_mm512_min_pd(_mm512_sub_pd(x, below), _mm512_set1_pd(1)), below};
}

/* Rows of tables that begin at `table`, `per_type` knots for each of the types given. */
static inline void rows_of(__m512d below, __m512d type, double table, double per_type, bool is_mixed, int32_t row[8])
{
    __m512d at = _mm512_add_pd(below, _mm512_set1_pd(table));
    if (is_mixed) at = _mm512_fmadd_pd(type, _mm512_set1_pd(per_type), at);
    _mm256_store_si256((__m256i *)row, _mm512_cvttpd_epi32(at));
}

/* c1 + c2 p + c3 p^2 and the cubic, by Horner's scheme. */
static inline __m512d parabola(__m512d c0, __m512d c1, __m512d c2, __m512d p)
{
    return _mm512_fmadd_pd(_mm512_fmadd_pd(c2, p, c1), p, c0);
}

static inline __m512d cubic(pel_columns c, __m512d p)
{
    return _mm512_fmadd_pd(parabola(c.c1, c.c2, c.c3, p), p, c.c0);
}

/* ---- densities ---- */

/* The short list of an atom with squared distances and types. */
typedef struct short_list {
    _Alignas(64) double r2[PEL_NEIGHBOURS_MOST + 16];
    _Alignas(64) double type[PEL_NEIGHBOURS_MOST + 16];
} short_list;

static inline int sort_out(const pel_force_tile *tile, long i, double cutoff2, bool is_mixed, int32_t *near,
                           short_list *list)
{
    const double *base = tile->atoms->position[0], *at = tile->atoms->position[i];
    const __m512d xi = _mm512_set1_pd(at[0]), yi = _mm512_set1_pd(at[1]), zi = _mm512_set1_pd(at[2]);
    const __m512d most = _mm512_set1_pd(cutoff2);
    const int32_t *row = tile->neighbours->first[i];
    const int count = pel_neighbours_padded(tile->neighbours->count[i]);
    int n = 0;
    for (int k = 0; k < count; k += 8) {
        const pel_columns rj = pel_eight_rows(base, row + k);
        const __m512d x = _mm512_sub_pd(xi, rj.c0), y = _mm512_sub_pd(yi, rj.c1), z = _mm512_sub_pd(zi, rj.c2);
        const __m512d r2 = _mm512_fmadd_pd(x, x, _mm512_fmadd_pd(y, y, _mm512_mul_pd(z, z)));
        const __mmask8 inside = _mm512_cmp_pd_mask(r2, most, _CMP_LT_OQ);
        const __m256i rows = _mm256_load_si256((const __m256i *)(row + k));
        _mm256_storeu_si256((__m256i *)(near + n), _mm256_maskz_compress_epi32(inside, rows));
        _mm512_storeu_pd(list->r2 + n, _mm512_maskz_compress_pd(inside, r2));
        if (is_mixed) _mm512_storeu_pd(list->type + n, _mm512_maskz_compress_pd(inside, rj.c3));
        n += __builtin_popcount(inside);
    }
    const __m256i infinity = _mm256_set1_epi32((int32_t)(tile->atoms->count + tile->atoms->images));
    _mm256_storeu_si256((__m256i *)(near + n), infinity);
    _mm512_storeu_pd(list->r2 + n, most);
    if (is_mixed) _mm512_storeu_pd(list->type + n, _mm512_setzero_pd());
    return n;
}

static inline double sum_densities(const pel_eam_splines *splines, int type, int n, bool is_mixed,
                                   const short_list *list)
{
    const double knots = (double)splines->knots, table = is_mixed ? knots * (double)(type * splines->types) : 0;
    __m512d sum = _mm512_set1_pd(splines->grain.anchor);
    for (int k = 0; k < n; k += 8) {
        _Alignas(32) int32_t row[8];
        const __m512d r2 = _mm512_load_pd(list->r2 + k), r = _mm512_mul_pd(r2, pel_inverse_root(r2));
        const place at = place_of(splines, r);
        rows_of(at.below, is_mixed ? _mm512_load_pd(list->type + k) : r, table, knots, is_mixed, row);
        const __m512d density = cubic(pel_eight_rows(splines->density, row), at.p);
        const __mmask8 there = n - k < 8 ? (__mmask8)((1u << (n - k)) - 1) : (__mmask8)0xff;
        sum = _mm512_mask_add_pd(sum, there, sum, pel_odd(density));
    }
    return pel_total(sum, splines->grain.anchor);
}

static inline __attribute__((always_inline)) int density_of(const pel_eam_splines *splines, const pel_force_tile *tile,
                                                            long i, bool is_mixed, int32_t *near, double *density)
{
    short_list list;
    const int n = sort_out(tile, i, splines->cutoff2, is_mixed, near, &list);
    *density = sum_densities(splines, is_mixed ? tile->atoms->type[i] : 0, n, is_mixed, &list);
    return n;
}

int pel_eam_density(const pel_eam_splines *splines, const pel_force_tile *tile, long i, int32_t *near, double *density)
{
    return splines->types > 1 ? density_of(splines, tile, i, true, near, density)
                              : density_of(splines, tile, i, false, near, density);
}

/* ---- forces ---- */

/* The accumulators of an atom. */
typedef struct atom_sums {
    __m512d force[3], energy, virial[6], most2;
    int pairs;
} atom_sums;

/* A pair's row of 8 coefficients: the parabola of d rho / dr and the cubic of r phi. */
typedef struct pair_columns {
    __m512d slope0, slope1, slope2;
    pel_columns r_phi;
} pair_columns;

/* Eight rows of eight transposed: first in pairs, then the pairs in each half, then the halves. */
static inline pair_columns eight_pairs(const double *base, const int32_t *row)
{
#define ROW(k) _mm512_load_pd(base + 8 * (long)row[k])
    const __m512d r0 = ROW(0), r1 = ROW(1), r2 = ROW(2), r3 = ROW(3), r4 = ROW(4), r5 = ROW(5), r6 = ROW(6),
                  r7 = ROW(7);
#undef ROW
    const __m512i low = _mm512_setr_epi64(0, 1, 8, 9, 4, 5, 12, 13),
                  high = _mm512_setr_epi64(2, 3, 10, 11, 6, 7, 14, 15);
    const __m512d e01 = _mm512_unpacklo_pd(r0, r1), o01 = _mm512_unpackhi_pd(r0, r1);
    const __m512d e23 = _mm512_unpacklo_pd(r2, r3), o23 = _mm512_unpackhi_pd(r2, r3);
    const __m512d e45 = _mm512_unpacklo_pd(r4, r5), o45 = _mm512_unpackhi_pd(r4, r5);
    const __m512d e67 = _mm512_unpacklo_pd(r6, r7), o67 = _mm512_unpackhi_pd(r6, r7);
    /* Columns 0 and 4 of rows 0 to 3, and so on. */
    const __m512d c04a = _mm512_permutex2var_pd(e01, low, e23), c04b = _mm512_permutex2var_pd(e45, low, e67);
    const __m512d c26a = _mm512_permutex2var_pd(e01, high, e23), c26b = _mm512_permutex2var_pd(e45, high, e67);
    const __m512d c15a = _mm512_permutex2var_pd(o01, low, o23), c15b = _mm512_permutex2var_pd(o45, low, o67);
    const __m512d c37a = _mm512_permutex2var_pd(o01, high, o23), c37b = _mm512_permutex2var_pd(o45, high, o67);
    enum { LOW_HALVES = 0x44, HIGH_HALVES = 0xee };
    return (pair_columns){_mm512_shuffle_f64x2(c04a, c04b, LOW_HALVES),
                          _mm512_shuffle_f64x2(c15a, c15b, LOW_HALVES),
                          _mm512_shuffle_f64x2(c26a, c26b, LOW_HALVES),
                          {_mm512_shuffle_f64x2(c37a, c37b, LOW_HALVES), _mm512_shuffle_f64x2(c04a, c04b, HIGH_HALVES),
                           _mm512_shuffle_f64x2(c15a, c15b, HIGH_HALVES),
                           _mm512_shuffle_f64x2(c26a, c26b, HIGH_HALVES)}};
}

/* F'_i d rho_ij / dr + F'_j d rho_ji / dr, where the first slope comes with the pair's row. */
static inline __m512d embedding_slope(const pel_eam_splines *splines, int type, __m512d other, place at,
                                      __m512d slope_i, __m512d slope_j, __m512d slope, bool is_mixed)
{
    if (!is_mixed) return _mm512_mul_pd(_mm512_add_pd(slope_i, slope_j), slope);
    _Alignas(32) int32_t row[8];
    const double knots = (double)splines->knots;
    rows_of(at.below, other, knots * type, knots * splines->types, true, row);
    const double *base = splines->pair;
    const __m256i index = _mm256_slli_epi32(_mm256_load_si256((const __m256i *)row), 3);
    const __m512d back = parabola(_mm512_i32gather_pd(index, base, 8), _mm512_i32gather_pd(index, base + 1, 8),
                                  _mm512_i32gather_pd(index, base + 2, 8), at.p);
    return _mm512_add_pd(_mm512_mul_pd(slope_i, slope), _mm512_mul_pd(slope_j, back));
}

static inline void add_energy(atom_sums *sums, __mmask8 inside, __m512d phi, const __m512d f[3], const __m512d d[3])
{
    sums->energy = _mm512_mask_add_pd(sums->energy, inside, sums->energy, pel_odd(phi));
    const __m512d fx = pel_odd(f[0]), fy = pel_odd(f[1]), fz = pel_odd(f[2]);
    sums->virial[0] = _mm512_mask3_fmadd_pd(fx, d[0], sums->virial[0], inside);
    sums->virial[1] = _mm512_mask3_fmadd_pd(fy, d[1], sums->virial[1], inside);
    sums->virial[2] = _mm512_mask3_fmadd_pd(fz, d[2], sums->virial[2], inside);
    sums->virial[3] = _mm512_mask3_fmadd_pd(fx, d[1], sums->virial[3], inside);
    sums->virial[4] = _mm512_mask3_fmadd_pd(fx, d[2], sums->virial[4], inside);
    sums->virial[5] = _mm512_mask3_fmadd_pd(fy, d[2], sums->virial[5], inside);
    sums->pairs += __builtin_popcount(inside);
}

/* Eight pairs of atom i, which is at xyz. */
static inline __attribute__((always_inline)) void add_pairs(const pel_eam_splines *splines, const pel_force_tile *tile,
                                                            const double *slope, long i, const int32_t *near,
                                                            bool is_mixed, bool with_energy, atom_sums *sums)
{
    const double *base = tile->atoms->position[0], *xyz = base + 4 * i;
    const int type = is_mixed ? tile->atoms->type[i] : 0;
    _Alignas(32) int32_t row[8];
    const pel_columns rj = pel_eight_rows(base, near);
    const __m512d d[3] = {_mm512_sub_pd(_mm512_set1_pd(xyz[0]), rj.c0), _mm512_sub_pd(_mm512_set1_pd(xyz[1]), rj.c1),
                          _mm512_sub_pd(_mm512_set1_pd(xyz[2]), rj.c2)};
    const __m512d r2 = _mm512_fmadd_pd(d[0], d[0], _mm512_fmadd_pd(d[1], d[1], _mm512_mul_pd(d[2], d[2])));
    const __mmask8 inside = _mm512_cmp_pd_mask(r2, _mm512_set1_pd(splines->cutoff2), _CMP_LT_OQ);
    const __m512d inverse = pel_inverse_root(r2);
    const place at = place_of(splines, _mm512_mul_pd(r2, inverse));
    const double knots = (double)splines->knots;
    rows_of(at.below, rj.c3, knots * (type * splines->types), knots, is_mixed, row);
    const pair_columns c = eight_pairs(splines->pair, row);
    const pel_columns z = c.r_phi;
    const __m512d slope_j = _mm512_i32gather_pd(_mm256_loadu_si256((const __m256i *)near), slope, 8);
    const __m512d embedding = embedding_slope(splines, type, rj.c3, at, _mm512_set1_pd(slope[i]), slope_j,
                                              parabola(c.slope0, c.slope1, c.slope2, at.p), is_mixed);
    const __m512d two = _mm512_set1_pd(2), three = _mm512_set1_pd(3);
    const __m512d r_phi_slope =
        _mm512_mul_pd(parabola(z.c1, _mm512_mul_pd(two, z.c2), _mm512_mul_pd(three, z.c3), at.p),
                      _mm512_set1_pd(splines->per_spacing));
    const __m512d phi = _mm512_mul_pd(cubic(z, at.p), inverse);
    const __m512d du = _mm512_fmadd_pd(_mm512_sub_pd(r_phi_slope, phi), inverse, embedding);
    const __m512d f = pel_odd(_mm512_mul_pd(_mm512_xor_pd(du, _mm512_set1_pd(-0.0)), inverse));
    for (int a = 0; a < 3; a++) sums->force[a] = _mm512_mask3_fmadd_pd(f, d[a], sums->force[a], inside);
    sums->most2 = _mm512_mask_max_pd(sums->most2, inside, sums->most2, _mm512_mul_pd(_mm512_mul_pd(f, f), r2));
    if (!with_energy) return;
    const __m512d force[3] = {_mm512_mul_pd(f, d[0]), _mm512_mul_pd(f, d[1]), _mm512_mul_pd(f, d[2])};
    add_energy(sums, inside, phi, force, d);
}

static inline __attribute__((always_inline)) void forces_of(const pel_eam_splines *splines, const pel_force_tile *tile,
                                                            const double *slope, long i, const int32_t *near, int count,
                                                            bool is_mixed, bool with_energy, pel_eam_sums *out)
{
    const double force_anchor = tile->force.anchor, energy_anchor = tile->energy.anchor;
    atom_sums sums = {.energy = _mm512_set1_pd(energy_anchor), .most2 = _mm512_setzero_pd()};
    for (int a = 0; a < 3; a++) sums.force[a] = _mm512_set1_pd(force_anchor);
    for (int v = 0; v < 6; v++) sums.virial[v] = _mm512_set1_pd(energy_anchor);
    for (int k = 0; k < count; k += 8) add_pairs(splines, tile, slope, i, near + k, is_mixed, with_energy, &sums);
    for (int a = 0; a < 3; a++) out->force[a] = pel_total(sums.force[a], force_anchor);
    out->most2 = _mm512_reduce_max_pd(sums.most2);
    if (!with_energy) return;
    out->energy = pel_total(sums.energy, energy_anchor);
    for (int v = 0; v < 6; v++) out->virial[v] = pel_total(sums.virial[v], energy_anchor);
    out->pairs = sums.pairs;
}

void pel_eam_forces(const pel_eam_splines *splines, const pel_force_tile *tile, const double *slope, long i,
                    const int32_t *near, int count, pel_eam_sums *out)
{
    const bool is_mixed = splines->types > 1;
    if (is_mixed && tile->with_energy) forces_of(splines, tile, slope, i, near, count, true, true, out);
    else if (is_mixed) forces_of(splines, tile, slope, i, near, count, true, false, out);
    else if (tile->with_energy) forces_of(splines, tile, slope, i, near, count, false, true, out);
    else forces_of(splines, tile, slope, i, near, count, false, false, out);
}
