/*
 * The embedded-atom method, 8 pairs at a time; eam.c has the formulas.
 *
 * About half of a list lies beyond the cutoff. The first pass sorts that out with compressing stores, so that splines
 * are evaluated for whole vectors of pairs that count. All coefficients of a knot lie in one cache line, and eight such
 * rows are transposed in registers rather than gathered. What the second pass needs of a spline is left to it in the
 * short list.
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
    const __m512d last = _mm512_set1_pd((double)(splines->knots - 1));
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

static inline __m512d cubic(pel_columns c, __m512d p)
{
    return _mm512_fmadd_pd(_mm512_fmadd_pd(_mm512_fmadd_pd(c.c3, p, c.c2), p, c.c1), p, c.c0);
}

static inline __m512d slope_of_cubic(__m512d c1, __m512d c2, __m512d c3, __m512d p)
{
    const __m512d two = _mm512_set1_pd(2), three = _mm512_set1_pd(3);
    return _mm512_fmadd_pd(_mm512_fmadd_pd(_mm512_mul_pd(three, c3), p, _mm512_mul_pd(two, c2)), p, c1);
}

/* ---- the short list ---- */

enum { ROOM = PEL_NEIGHBOURS_MOST + 2 * PEL_NEIGHBOURS_PAD };

/* What is within the cutoff of an atom: its position less the neighbour's, and the neighbour's type. */
typedef struct near_rows {
    _Alignas(64) double d[3][ROOM], r2[ROOM], type[ROOM];
} near_rows;

static inline void pack(double *to, __mmask8 which, __m512d from)
{
    _mm512_storeu_pd(to, _mm512_maskz_compress_pd(which, from));
}

/* Fills up to a multiple of 8 with pairs that can be computed, for nothing. */
static inline void fill_up(const pel_force_tile *tile, double cutoff2, int n, int32_t *near, near_rows *rows)
{
    const __m256i infinity = _mm256_set1_epi32((int32_t)(tile->atoms->count + tile->atoms->images));
    _mm256_storeu_si256((__m256i *)(near + n), infinity);
    for (int a = 0; a < 3; a++) _mm512_storeu_pd(rows->d[a] + n, _mm512_setzero_pd());
    _mm512_storeu_pd(rows->r2 + n, _mm512_set1_pd(cutoff2));
    _mm512_storeu_pd(rows->type + n, _mm512_setzero_pd());
}

static inline int sort_out(const pel_force_tile *tile, long i, double cutoff2, bool is_mixed, int32_t *near,
                           near_rows *rows)
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
        const __m256i which = _mm256_load_si256((const __m256i *)(row + k));
        _mm256_storeu_si256((__m256i *)(near + n), _mm256_maskz_compress_epi32(inside, which));
        pack(rows->d[0] + n, inside, x);
        pack(rows->d[1] + n, inside, y);
        pack(rows->d[2] + n, inside, z);
        pack(rows->r2 + n, inside, r2);
        if (is_mixed) pack(rows->type + n, inside, rj.c3);
        n += __builtin_popcount(inside);
    }
    fill_up(tile, cutoff2, n, near, rows);
    return n;
}

/* ---- pairs ---- */

/* The accumulators of an atom. */
typedef struct atom_sums {
    __m512d force[3], energy, virial[6], density, most2;
} atom_sums;

static inline atom_sums begin_sums(const pel_force_tile *tile, double density_anchor)
{
    const __m512d force = _mm512_set1_pd(tile->force.anchor), energy = _mm512_set1_pd(tile->energy.anchor);
    return (atom_sums){.force = {force, force, force},
                       .energy = energy,
                       .virial = {energy, energy, energy, energy, energy, energy},
                       .density = _mm512_set1_pd(density_anchor),
                       .most2 = _mm512_setzero_pd()};
}

static inline void end_sums(const atom_sums *sums, const pel_force_tile *tile, bool with_energy, pel_eam_sums *out)
{
    for (int a = 0; a < 3; a++) out->force[a] = pel_total(sums->force[a], tile->force.anchor);
    out->most2 = _mm512_reduce_max_pd(sums->most2);
    if (!with_energy) return;
    out->energy = pel_total(sums->energy, tile->energy.anchor);
    for (int v = 0; v < 6; v++) out->virial[v] = pel_total(sums->virial[v], tile->energy.anchor);
}

/* Where eight neighbours are seen from an atom. */
typedef struct apart {
    __m512d d[3], r2;
} apart;

static inline apart apart_of(const pel_columns at, const pel_columns rj)
{
    const __m512d x = _mm512_sub_pd(at.c0, rj.c0), y = _mm512_sub_pd(at.c1, rj.c1), z = _mm512_sub_pd(at.c2, rj.c2);
    return (apart){{x, y, z}, _mm512_fmadd_pd(x, x, _mm512_fmadd_pd(y, y, _mm512_mul_pd(z, z)))};
}

static inline pel_columns spread(const double at[4])
{
    return (pel_columns){_mm512_set1_pd(at[0]), _mm512_set1_pd(at[1]), _mm512_set1_pd(at[2]), _mm512_set1_pd(at[3])};
}

/* Adds the forces of pairs, with f / r. */
static inline void add_forces(atom_sums *sums, __mmask8 there, __m512d f, const apart *pair, bool with_energy)
{
    f = pel_odd(f);
    for (int a = 0; a < 3; a++) sums->force[a] = _mm512_mask3_fmadd_pd(f, pair->d[a], sums->force[a], there);
    sums->most2 = _mm512_mask_max_pd(sums->most2, there, sums->most2, _mm512_mul_pd(_mm512_mul_pd(f, f), pair->r2));
    if (!with_energy) return;
    const __m512d *d = pair->d;
    const __m512d fx = pel_odd(_mm512_mul_pd(f, d[0])), fy = pel_odd(_mm512_mul_pd(f, d[1])),
                  fz = pel_odd(_mm512_mul_pd(f, d[2]));
    sums->virial[0] = _mm512_mask3_fmadd_pd(fx, d[0], sums->virial[0], there);
    sums->virial[1] = _mm512_mask3_fmadd_pd(fy, d[1], sums->virial[1], there);
    sums->virial[2] = _mm512_mask3_fmadd_pd(fz, d[2], sums->virial[2], there);
    sums->virial[3] = _mm512_mask3_fmadd_pd(fx, d[1], sums->virial[3], there);
    sums->virial[4] = _mm512_mask3_fmadd_pd(fx, d[2], sums->virial[4], there);
    sums->virial[5] = _mm512_mask3_fmadd_pd(fy, d[2], sums->virial[5], there);
}

static inline __mmask8 lanes_before(int n)
{
    return n < 8 ? (__mmask8)((1u << n) - 1) : (__mmask8)0xff;
}

/* ---- the first pass ---- */

/* The splines of a pair: the density that the other brings, and r phi. */
typedef struct pair_columns {
    pel_columns density, r_phi;
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
    return (pair_columns){{_mm512_shuffle_f64x2(c04a, c04b, LOW_HALVES), _mm512_shuffle_f64x2(c15a, c15b, LOW_HALVES),
                           _mm512_shuffle_f64x2(c26a, c26b, LOW_HALVES), _mm512_shuffle_f64x2(c37a, c37b, LOW_HALVES)},
                          {_mm512_shuffle_f64x2(c04a, c04b, HIGH_HALVES), _mm512_shuffle_f64x2(c15a, c15b, HIGH_HALVES),
                           _mm512_shuffle_f64x2(c26a, c26b, HIGH_HALVES),
                           _mm512_shuffle_f64x2(c37a, c37b, HIGH_HALVES)}};
}

/* The slope of the density that the atom brings to its neighbours. */
static inline __m512d slope_back(const pel_eam_splines *splines, int type, __m512d other, place at)
{
    _Alignas(32) int32_t row[8];
    const double knots = (double)splines->knots, *base = splines->pair;
    rows_of(at.below, other, knots * type, knots * splines->types, true, row);
    const __m256i index = _mm256_slli_epi32(_mm256_load_si256((const __m256i *)row), 3);
    return slope_of_cubic(_mm512_i32gather_pd(index, base + 1, 8), _mm512_i32gather_pd(index, base + 2, 8),
                          _mm512_i32gather_pd(index, base + 3, 8), at.p);
}

/* Eight pairs of atom i, from the k-th on. */
static inline __attribute__((always_inline)) void meet_eight(const pel_eam_splines *splines, const pel_force_tile *tile,
                                                             long i, const pel_eam_near *near, const near_rows *rows,
                                                             int k, int n, bool is_mixed, bool with_energy,
                                                             atom_sums *sums)
{
    const int type = is_mixed ? tile->atoms->type[i] : 0;
    const double knots = (double)splines->knots;
    const __m512d other = is_mixed ? _mm512_load_pd(rows->type + k) : _mm512_setzero_pd();
    const apart pair = {
        {_mm512_load_pd(rows->d[0] + k), _mm512_load_pd(rows->d[1] + k), _mm512_load_pd(rows->d[2] + k)},
        _mm512_load_pd(rows->r2 + k)};
    const __mmask8 there = lanes_before(n - k);
    const __m512d inverse = pel_inverse_root(pair.r2);
    const place at = place_of(splines, _mm512_mul_pd(pair.r2, inverse));
    _Alignas(32) int32_t row[8];
    rows_of(at.below, other, knots * (type * splines->types), knots, is_mixed, row);
    const pair_columns c = eight_pairs(splines->pair, row);
    const __m512d per_r = _mm512_mul_pd(_mm512_set1_pd(splines->per_spacing), inverse);
    const __m512d slope = slope_of_cubic(c.density.c1, c.density.c2, c.density.c3, at.p);
    sums->density = _mm512_mask_add_pd(sums->density, there, sums->density, pel_odd(cubic(c.density, at.p)));
    _mm512_storeu_pd(near->slope + k, _mm512_maskz_mul_pd(there, slope, per_r));
    if (is_mixed)
        _mm512_storeu_pd(near->back + k, _mm512_maskz_mul_pd(there, slope_back(splines, type, other, at), per_r));
    const __m512d phi = _mm512_mul_pd(cubic(c.r_phi, at.p), inverse);
    const __m512d r_phi_slope = slope_of_cubic(c.r_phi.c1, c.r_phi.c2, c.r_phi.c3, at.p);
    const __m512d force = _mm512_fmsub_pd(phi, inverse, _mm512_mul_pd(r_phi_slope, per_r));
    if (with_energy) sums->energy = _mm512_mask_add_pd(sums->energy, there, sums->energy, pel_odd(phi));
    add_forces(sums, there, _mm512_mul_pd(force, inverse), &pair, with_energy);
}

static inline __attribute__((always_inline)) void meet(const pel_eam_splines *splines, const pel_force_tile *tile,
                                                       long i, const pel_eam_near *near, bool is_mixed,
                                                       bool with_energy, pel_eam_sums *out)
{
    near_rows rows;
    const int n = sort_out(tile, i, splines->cutoff2, is_mixed, near->row, &rows);
    atom_sums sums = begin_sums(tile, splines->grain.anchor);
    for (int k = 0; k < n; k += 8) meet_eight(splines, tile, i, near, &rows, k, n, is_mixed, with_energy, &sums);
    end_sums(&sums, tile, with_energy, out);
    out->density = pel_total(sums.density, splines->grain.anchor);
    out->pairs = n;
}

void pel_eam_meet(const pel_eam_splines *splines, const pel_force_tile *tile, long i, const pel_eam_near *near,
                  pel_eam_sums *sums)
{
    const bool is_mixed = splines->types > 1;
    if (is_mixed && tile->with_energy) meet(splines, tile, i, near, true, true, sums);
    else if (is_mixed) meet(splines, tile, i, near, true, false, sums);
    else if (tile->with_energy) meet(splines, tile, i, near, false, true, sums);
    else meet(splines, tile, i, near, false, false, sums);
}

/* ---- the second pass ---- */

/* F'_i d rho_ij / dr + F'_j d rho_ji / dr: the same bits for i and j, as the products change places. */
static inline __attribute__((always_inline)) void embed(const pel_force_tile *tile, const double *slope, long i,
                                                        const pel_eam_near *near, int count, bool is_mixed,
                                                        bool with_energy, pel_eam_sums *out)
{
    const pel_columns at = spread(tile->atoms->position[i]);
    const __m512d own = _mm512_set1_pd(slope[i]);
    atom_sums sums = begin_sums(tile, 0);
    for (int k = 0; k < count; k += 8) {
        const apart pair = apart_of(at, pel_eight_rows(tile->atoms->position[0], near->row + k));
        const __m512d other = _mm512_i32gather_pd(_mm256_loadu_si256((const __m256i *)(near->row + k)), slope, 8);
        const __m512d first = _mm512_loadu_pd(near->slope + k);
        const __m512d f =
            is_mixed ? _mm512_add_pd(_mm512_mul_pd(own, first), _mm512_mul_pd(other, _mm512_loadu_pd(near->back + k)))
                     : _mm512_mul_pd(_mm512_add_pd(own, other), first);
        add_forces(&sums, lanes_before(count - k), _mm512_xor_pd(f, _mm512_set1_pd(-0.0)), &pair, with_energy);
    }
    end_sums(&sums, tile, with_energy, out);
}

void pel_eam_embed(const pel_eam_splines *splines, const pel_force_tile *tile, const double *slope, long i,
                   const pel_eam_near *near, int count, pel_eam_sums *sums)
{
    const bool is_mixed = splines->types > 1;
    if (is_mixed && tile->with_energy) embed(tile, slope, i, near, count, true, true, sums);
    else if (is_mixed) embed(tile, slope, i, near, count, true, false, sums);
    else if (tile->with_energy) embed(tile, slope, i, near, count, false, true, sums);
    else embed(tile, slope, i, near, count, false, false, sums);
}
