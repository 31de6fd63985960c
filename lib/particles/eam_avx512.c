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
    __m512d p;    /* in spacings behind the knot, at most 1 */
    __m512d knot; /* plus 2^52, where the spacing of doubles is 1: the low bits are the number */
} place;

/* Clamped, also where r is not a number: those pairs are left out later, but are read. */
static inline place place_of(const pel_eam_splines *splines, __m512d r)
{
    const __m512d whole = _mm512_set1_pd(0x1p52), last = _mm512_set1_pd(0x1p52 + (double)(splines->knots - 2));
    const __m512d x = _mm512_mul_pd(r, _mm512_set1_pd(splines->per_spacing));
    const __m512d knot = _mm512_min_pd(_mm512_add_round_pd(x, whole, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC), last);
    const __m512d p = _mm512_sub_pd(x, _mm512_sub_pd(knot, whole));
    return (place){_mm512_min_pd(p, _mm512_set1_pd(1)), knot};
}

/* Rows of `doubles` doubles in tables, as distances in bytes. */
typedef struct table_rows {
    _Alignas(64) int64_t byte[8];
} table_rows;

enum { BYTES4 = 5, BYTES8 = 6 }; /* logarithms of the bytes of 4 and 8 doubles */

/* The rows of a place in the tables from `table` on, one for each type, `per_type` knots apart. They go through memory:
 * taking integers out of a vector register costs more. */
static inline void rows_of(place at, __m512d type, double table, double per_type, bool is_mixed, int shift,
                           table_rows *rows)
{
    __m512d knot = at.knot;
    if (is_mixed) knot = _mm512_add_pd(knot, _mm512_fmadd_pd(type, _mm512_set1_pd(per_type), _mm512_set1_pd(table)));
    const __m512i number = _mm512_maskz_mov_epi32(0x5555, _mm512_castpd_si512(knot));
    _mm512_store_si512(rows->byte, _mm512_slli_epi64(number, (unsigned)shift));
    __asm__("" : "+m"(*rows));
}

static inline const double *row(const double *base, const table_rows *rows, int k)
{
    return (const double *)((const char *)base + rows->byte[k]);
}

static inline pel_columns eight_cubics(const double *base, const table_rows *at)
{
    return pel_transposed(row(base, at, 0), row(base, at, 1), row(base, at, 2), row(base, at, 3), row(base, at, 4),
                          row(base, at, 5), row(base, at, 6), row(base, at, 7));
}

/* c0 + c1 p + c2 p^2 and the cubic, by Horner's scheme. */
static inline __m512d parabola(__m512d c0, __m512d c1, __m512d c2, __m512d p)
{
    return _mm512_fmadd_pd(_mm512_fmadd_pd(c2, p, c1), p, c0);
}

static inline __m512d cubic(pel_columns c, __m512d p)
{
    return _mm512_fmadd_pd(parabola(c.c1, c.c2, c.c3, p), p, c.c0);
}

/* ---- densities ---- */

static inline __attribute__((always_inline)) int sort_out(const pel_force_tile *tile, long i, double cutoff2,
                                                          bool is_mixed, int32_t *near, double *list_r2,
                                                          double *list_type)
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
        const __m256i numbers = _mm256_load_si256((const __m256i *)(row + k));
        _mm256_storeu_si256((__m256i *)(near + n), _mm256_maskz_compress_epi32(inside, numbers));
        _mm512_storeu_pd(list_r2 + n, _mm512_maskz_compress_pd(inside, r2));
        if (is_mixed) _mm512_storeu_pd(list_type + n, _mm512_maskz_compress_pd(inside, rj.c3));
        n += __builtin_popcount(inside);
    }
    const __m256i infinity = _mm256_set1_epi32((int32_t)(tile->atoms->count + tile->atoms->images));
    _mm256_storeu_si256((__m256i *)(near + n), infinity);
    _mm512_storeu_pd(list_r2 + n, most);
    if (is_mixed) _mm512_storeu_pd(list_type + n, _mm512_setzero_pd());
    return n;
}

int pel_eam_sort_out(const pel_eam_splines *splines, const pel_force_tile *tile, long i, int32_t *near,
                     pel_eam_pairs *pairs, long first)
{
    double *r2 = pairs->r2 + first, *type = pairs->type + first;
    return splines->types > 1 ? sort_out(tile, i, splines->cutoff2, true, near, r2, type)
                              : sort_out(tile, i, splines->cutoff2, false, near, r2, type);
}

static inline __attribute__((always_inline)) double sum_densities(const pel_eam_splines *splines, int type, int n,
                                                                  bool is_mixed, const double *list_r2,
                                                                  const double *list_type)
{
    const double knots = (double)splines->knots, table = is_mixed ? knots * (double)(type * splines->types) : 0;
    __m512d sum = _mm512_set1_pd(splines->grain.anchor);
    for (int k = 0; k < n; k += 8) {
        table_rows rows;
        const __m512d r2 = _mm512_load_pd(list_r2 + k), r = _mm512_mul_pd(r2, pel_inverse_root(r2));
        const place at = place_of(splines, r);
        rows_of(at, is_mixed ? _mm512_load_pd(list_type + k) : r, table, knots, is_mixed, BYTES4, &rows);
        const __m512d density = cubic(eight_cubics(splines->density, &rows), at.p);
        const __mmask8 there = n - k < 8 ? (__mmask8)((1u << (n - k)) - 1) : (__mmask8)0xff;
        sum = _mm512_mask_add_pd(sum, there, sum, pel_odd(density));
    }
    return pel_total(sum, splines->grain.anchor);
}

double pel_eam_density(const pel_eam_splines *splines, int type, const pel_eam_pairs *pairs, long first, int count)
{
    const double *r2 = pairs->r2 + first, *types = pairs->type + first;
    return splines->types > 1 ? sum_densities(splines, type, count, true, r2, types)
                              : sum_densities(splines, type, count, false, r2, types);
}

/* ---- forces ---- */

/* The accumulators of an atom, each a name of its own so that they stay in registers. */
typedef struct atom_sums {
    __m512d x, y, z, energy, virial[6], most;
    int pairs;
} atom_sums;

/* Rows of pairs: the parabola of d rho / dr and the cubic of r^2 d phi / dr. */
typedef struct pair_columns {
    __m512d slope0, slope1, slope2;
    pel_columns phi_slope;
} pair_columns;

/* Eight rows of eight transposed: first in pairs, then the pairs in each half, then the halves. */
static inline pair_columns eight_pairs(const double *base, const table_rows *at)
{
#define ROW(k) _mm512_load_pd(row(base, at, k))
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

/* Eight pairs of an atom: rj - ri, and where they lie in the tables. */
typedef struct eight {
    __m512d x, y, z, r2, inverse, type;
    __mmask8 inside;
    place at;
} eight;

static inline eight eight_of(const pel_eam_splines *splines, const pel_atoms *atoms, long i, const int32_t *near)
{
    const double *ri = atoms->position[i];
    const pel_columns rj = pel_eight_rows(atoms->position[0], near);
    eight e = {.x = _mm512_sub_pd(rj.c0, _mm512_set1_pd(ri[0])),
               .y = _mm512_sub_pd(rj.c1, _mm512_set1_pd(ri[1])),
               .z = _mm512_sub_pd(rj.c2, _mm512_set1_pd(ri[2])),
               .type = rj.c3};
    e.r2 = _mm512_fmadd_pd(e.x, e.x, _mm512_fmadd_pd(e.y, e.y, _mm512_mul_pd(e.z, e.z)));
    e.inside = _mm512_cmp_pd_mask(e.r2, _mm512_set1_pd(splines->cutoff2), _CMP_LT_OQ);
    e.inverse = pel_inverse_root(e.r2);
    e.at = place_of(splines, _mm512_mul_pd(e.r2, e.inverse));
    return e;
}

/* F'_i d rho_ij / dr + F'_j d rho_ji / dr, where the first d rho / dr comes with the pair's row. */
static inline __m512d embedding_slope(const pel_eam_splines *splines, int type, const eight *e, __m512d slope_i,
                                      __m512d slope_j, __m512d ij, bool is_mixed)
{
    if (!is_mixed) return _mm512_mul_pd(_mm512_add_pd(slope_i, slope_j), ij);
    table_rows rows;
    const double knots = (double)splines->knots;
    rows_of(e->at, e->type, knots * type, knots * splines->types, true, BYTES8, &rows);
    const __m512i at = _mm512_load_si512(rows.byte);
    const double *base = splines->pair;
    const __m512d ji = parabola(_mm512_i64gather_pd(at, base, 1), _mm512_i64gather_pd(at, base + 1, 1),
                                _mm512_i64gather_pd(at, base + 2, 1), e->at.p);
    return _mm512_add_pd(_mm512_mul_pd(slope_i, ij), _mm512_mul_pd(slope_j, ji));
}

/* phi of eight pairs, and their virials with the force f d on atom i. */
static inline void add_energy(const pel_eam_splines *splines, int type, const eight *e, __m512d f, bool is_mixed,
                              atom_sums *sums)
{
    table_rows rows;
    const double knots = (double)splines->knots;
    rows_of(e->at, e->type, knots * (type * splines->types), knots, is_mixed, BYTES4, &rows);
    const __m512d phi = _mm512_mul_pd(cubic(eight_cubics(splines->r_phi, &rows), e->at.p), e->inverse);
    sums->energy = _mm512_mask_add_pd(sums->energy, e->inside, sums->energy, pel_odd(phi));
    const __m512d fx = pel_odd(_mm512_mul_pd(f, e->x)), fy = pel_odd(_mm512_mul_pd(f, e->y)),
                  fz = pel_odd(_mm512_mul_pd(f, e->z));
    sums->virial[0] = _mm512_mask3_fnmadd_pd(fx, e->x, sums->virial[0], e->inside);
    sums->virial[1] = _mm512_mask3_fnmadd_pd(fy, e->y, sums->virial[1], e->inside);
    sums->virial[2] = _mm512_mask3_fnmadd_pd(fz, e->z, sums->virial[2], e->inside);
    sums->virial[3] = _mm512_mask3_fnmadd_pd(fx, e->y, sums->virial[3], e->inside);
    sums->virial[4] = _mm512_mask3_fnmadd_pd(fx, e->z, sums->virial[4], e->inside);
    sums->virial[5] = _mm512_mask3_fnmadd_pd(fy, e->z, sums->virial[5], e->inside);
    sums->pairs += __builtin_popcount(e->inside);
}

/* Eight pairs of atom i. */
static inline __attribute__((always_inline)) void add_pairs(const pel_eam_splines *splines, const pel_force_tile *tile,
                                                            const double *slope, long i, const int32_t *near,
                                                            bool is_mixed, bool with_energy, atom_sums *sums)
{
    table_rows rows;
    const int type = is_mixed ? tile->atoms->type[i] : 0;
    const double knots = (double)splines->knots;
    const eight e = eight_of(splines, tile->atoms, i, near);
    rows_of(e.at, e.type, knots * (type * splines->types), knots, is_mixed, BYTES8, &rows);
    const pair_columns c = eight_pairs(splines->pair, &rows);
    const __m512d slope_j = _mm512_i32gather_pd(_mm256_loadu_si256((const __m256i *)near), slope, 8);
    const __m512d ij = parabola(c.slope0, c.slope1, c.slope2, e.at.p), slope_i = _mm512_set1_pd(slope[i]);
    const __m512d embedding = embedding_slope(splines, type, &e, slope_i, slope_j, ij, is_mixed);
    const __m512d inverse2 = _mm512_mul_pd(e.inverse, e.inverse);
    const __m512d size = _mm512_fmadd_pd(cubic(c.phi_slope, e.at.p), inverse2, embedding);
    const __m512d f = pel_odd(_mm512_mul_pd(size, e.inverse));
    sums->x = _mm512_mask3_fmadd_pd(f, e.x, sums->x, e.inside);
    sums->y = _mm512_mask3_fmadd_pd(f, e.y, sums->y, e.inside);
    sums->z = _mm512_mask3_fmadd_pd(f, e.z, sums->z, e.inside);
    enum { LARGER_SIZE = 0x0b };
    sums->most = _mm512_mask_range_pd(sums->most, e.inside, sums->most, size, LARGER_SIZE);
    if (with_energy) add_energy(splines, type, &e, f, is_mixed, sums);
}

static inline __attribute__((always_inline)) void forces_of(const pel_eam_splines *splines, const pel_force_tile *tile,
                                                            const double *slope, long i, const int32_t *near, int count,
                                                            bool is_mixed, bool with_energy, pel_eam_sums *out)
{
    const double force_anchor = tile->force.anchor, energy_anchor = tile->energy.anchor;
    atom_sums sums = {.energy = _mm512_set1_pd(energy_anchor), .most = _mm512_setzero_pd()};
    sums.x = sums.y = sums.z = _mm512_set1_pd(force_anchor);
    for (int v = 0; v < 6; v++) sums.virial[v] = _mm512_set1_pd(energy_anchor);
    for (int k = 0; k < count; k += 8) add_pairs(splines, tile, slope, i, near + k, is_mixed, with_energy, &sums);
    out->force[0] = pel_total(sums.x, force_anchor);
    out->force[1] = pel_total(sums.y, force_anchor);
    out->force[2] = pel_total(sums.z, force_anchor);
    out->most = _mm512_reduce_max_pd(sums.most);
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
