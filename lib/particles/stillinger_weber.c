/*
 * The potential of Stillinger & Weber, Phys. Rev. B 31 (1985) 5262:
 *
 *     E = 1/2 sum_ij phi2(r_ij) + sum_i sum_j<k lambda epsilon (cos theta_jik - cos theta_0)^2 g(r_ij) g(r_ik)
 *     phi2 = A epsilon [B (sigma/r)^p - (sigma/r)^q] exp(sigma / (r - a sigma))
 *     g = exp(gamma sigma / (r - a sigma)),   both 0 from r = a sigma on
 *
 * No loop goes over triples. With u the unit vector from i to j, cos theta = u_j . u_k, and the square is a sum of
 * products of something of j and something of k, so that the sum over pairs of neighbours is one of moments of i:
 *
 *     M2 = sum_j g u u,  M1 = sum_j g u,  M0 = sum_j g;   c = - cos theta_0
 *     E3_i = lambda epsilon / 2 [M2 : M2 + 2 c M1 . M1 + c^2 M0^2 - (1 + c)^2 sum_j g^2]
 *
 * where the last term takes out j = k. With types there are moments of the neighbours of each type t, and parameters
 * that depend on t and t'. Pass 0 sums moments and keeps, for each t, what a neighbour of that type sees of them,
 *
 *     A2 = sum_t' lambda epsilon M2,  A1 = sum_t' c lambda epsilon M1,  A0 = sum_t' c^2 lambda epsilon M0.
 *
 * Pass 1 has then to do with pairs only: with D = lambda epsilon (1 + c)^2, s2 = u . A2 u and s1 = u . A1,
 *
 *     T_i(u) = dE3_i / dr_ij = u [g' (s2 + 2 s1 + A0 - D g) - 2 g/r (s2 + s1)] + 2 g/r (A2 u + A1)
 *     f_i = sum_j [T_i(u) - T_j(-u) + phi2' u],
 *
 * which is exactly minus what j gets. Moments are sums of grains, and so are forces: no order of neighbours shows.
 */
#include "particles/stillinger_weber.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "particles/exponential_inside.h"
#include "particles/pairs_inside.h"

enum {
    SLOTS = 16, /* of a short list: longer ones are found anew in pass 1 */
    MOST_POWER = 16,
    CLOSE_SHARE = 16, /* a pair's force beyond most / 16, or such a moment, stops the run */
    MOMENTS = 10      /* M2: xx, yy, zz, xy, xz, yz; M1: x, y, z; M0 */
};

static const double most_moment = 128; /* what their sums may reach; g < 1, and a crystal's M0 is below 1 */

/* A pair of types. */
typedef struct sw_pair {
    double cutoff, cutoff2;
    double sigma, gamma_sigma, a_epsilon, b;
    int p, q;
    double diagonal; /* D for i j j */
} sw_pair;

/* What a neighbour of one type sees of an atom: A2, A1, A0 in the moments' order, padded to a cache line's multiple. */
typedef struct sw_field {
    double a[MOMENTS], pad[6];
} sw_field;

/* The pairs of an atom with neighbours of one type; all arrays filled up to a multiple of 8 with pairs at the cutoff,
 * where everything is 0. */
typedef struct sw_rows {
    int32_t row[PEL_PAIR_ROOM];
    _Alignas(64) double x[PEL_PAIR_ROOM]; /* neighbour less atom; then the unit vector */
    _Alignas(64) double y[PEL_PAIR_ROOM];
    _Alignas(64) double z[PEL_PAIR_ROOM];
    _Alignas(64) double r2[PEL_PAIR_ROOM]; /* then r */
    _Alignas(64) double g[PEL_PAIR_ROOM];
    _Alignas(64) double slope[PEL_PAIR_ROOM];          /* g' */
    _Alignas(64) double phi[PEL_PAIR_ROOM];            /* phi2 */
    _Alignas(64) double phi_slope[PEL_PAIR_ROOM];      /* phi2' */
    _Alignas(64) double term[3][PEL_PAIR_ROOM];        /* forces, or whatever is to be summed */
    _Alignas(64) double field[MOMENTS][PEL_PAIR_ROOM]; /* of the neighbours */
} sw_rows;

typedef struct sw_scratch {
    pel_pair_rows all;
    int32_t near[PEL_PAIR_ROOM];
    sw_rows rows;
} sw_scratch;

typedef struct stillinger_weber {
    pel_potential head;
    pel_grain grain;      /* of moments */
    sw_pair *pair;        /* [types][types] */
    double *strength;     /* [types][types][types]: lambda epsilon */
    double *cosine;       /* likewise: c */
    sw_field *field;      /* [atoms][types] */
    int32_t *near;        /* [atoms][SLOTS]: the short lists */
    int32_t *count;       /* [atoms]: their lengths, more than SLOTS if they do not fit */
    sw_scratch **scratch; /* [threads] */
    int threads;
} stillinger_weber;

/* ---- pairs of one atom ---- */

/* The sum of values rounded to grains: exact, whatever the order. */
static double sum_of(const double *value, int n, pel_grain grain)
{
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int k = 0; k < n; k++) sum += pel_grain_round(grain, value[k]);
    return sum;
}

/* The neighbours of atom i within the longest cutoff. */
static int find_near(const stillinger_weber *sw, const pel_force_tile *tile, long i, sw_scratch *s)
{
    const int32_t *row = tile->neighbours->first[i];
    const int count = tile->neighbours->count[i];
    const double cutoff2 = sw->head.cutoff * sw->head.cutoff;
    int n = 0;
    pel_pairs_gather(tile->atoms, i, row, pel_neighbours_padded(count), &s->all);
    for (int k = 0; k < count; k++) {
        s->near[n] = row[k];
        n += s->all.r2[k] < cutoff2;
    }
    return n;
}

/* Of those, the ones of one type within its cutoff. @return how many, with the filling */
static int take_type(const pel_atoms *atoms, long i, const int32_t *near, int count, int type, const sw_pair *pair,
                     sw_rows *rows)
{
    const double *ri = atoms->position[i];
    int n = 0;
    for (int k = 0; k < count; k++) {
        const double *rj = atoms->position[near[k]], x = rj[0] - ri[0], y = rj[1] - ri[1], z = rj[2] - ri[2];
        rows->row[n] = near[k];
        rows->x[n] = x;
        rows->y[n] = y;
        rows->z[n] = z;
        rows->r2[n] = x * x + (y * y + z * z);
        n += rows->r2[n] < pair->cutoff2 && rj[3] == type;
    }
    const int padded = pel_neighbours_padded(n);
    for (int k = n; k < padded; k++) {
        rows->row[k] = (int32_t)i;
        rows->x[k] = pair->cutoff;
        rows->y[k] = rows->z[k] = 0;
        rows->r2[k] = pair->cutoff2;
    }
    return padded;
}

/* Distances, unit vectors, g and g'. */
static void compute_screening(const sw_pair *pair, int n, sw_rows *rows)
{
    const double cutoff = pair->cutoff, gamma_sigma = pair->gamma_sigma, least = -1e-9 * cutoff;
    for (int k = 0; k < n; k++) {
        const double r = sqrt(rows->r2[k]), inverse = 1 / r, gap = r - cutoff, behind = gap < least ? gap : least;
        const double per_gap = 1 / behind, g = pel_exponential(gamma_sigma * per_gap);
        rows->r2[k] = r;
        rows->x[k] *= inverse;
        rows->y[k] *= inverse;
        rows->z[k] *= inverse;
        rows->g[k] = g;
        rows->slope[k] = -gamma_sigma * (per_gap * per_gap) * g;
    }
}

static void raise(const double *base, int power, int n, double *result)
{
    for (int k = 0; k < n; k++) result[k] = 1;
    for (int times = 0; times < power; times++)
        for (int k = 0; k < n; k++) result[k] *= base[k];
}

/* phi2 and phi2', at distances in r2. */
static void compute_phi(const sw_pair *pair, int n, sw_rows *rows)
{
    const double cutoff = pair->cutoff, sigma = pair->sigma, least = -1e-9 * cutoff, b = pair->b;
    double *restrict inverse = rows->term[0], *restrict to_p = rows->term[1], *restrict to_q = rows->term[2];
    for (int k = 0; k < n; k++) inverse[k] = sigma / rows->r2[k];
    raise(inverse, pair->p, n, to_p);
    raise(inverse, pair->q, n, to_q);
    for (int k = 0; k < n; k++) {
        const double gap = rows->r2[k] - cutoff, behind = gap < least ? gap : least, per_gap = 1 / behind;
        const double e = pair->a_epsilon * pel_exponential(sigma * per_gap), repulsion = b * to_p[k];
        const double bracket = repulsion - to_q[k], bracket_slope = pair->q * to_q[k] - pair->p * repulsion;
        rows->phi[k] = e * bracket;
        rows->phi_slope[k] = e * (bracket_slope / rows->r2[k] - bracket * sigma * (per_gap * per_gap));
    }
}

/* ---- pass 0: moments ---- */

/* Moments of the neighbours in `rows`, and the sum of g^2. */
static void sum_moments(const stillinger_weber *sw, int n, sw_rows *rows, double moment[MOMENTS], double *squares)
{
    static const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
    const double *const u[3] = {rows->x, rows->y, rows->z}, *g = rows->g;
    double *restrict term = rows->term[0];
    for (int m = 0; m < 6; m++) {
        for (int k = 0; k < n; k++) term[k] = g[k] * (u[first[m]][k] * u[second[m]][k]);
        moment[m] = sum_of(term, n, sw->grain);
    }
    for (int a = 0; a < 3; a++) {
        for (int k = 0; k < n; k++) term[k] = g[k] * u[a][k];
        moment[6 + a] = sum_of(term, n, sw->grain);
    }
    moment[9] = sum_of(g, n, sw->grain);
    for (int k = 0; k < n; k++) term[k] = g[k] * g[k];
    *squares = sum_of(term, n, sw->grain);
}

/* M2 : M2 (with the off-diagonal ones twice), M1 . M1, M0^2. */
static void multiply_moments(const double m[MOMENTS], const double a[MOMENTS], double product[3])
{
    product[0] = m[0] * a[0] + m[1] * a[1] + m[2] * a[2] + 2 * (m[3] * a[3] + m[4] * a[4] + m[5] * a[5]);
    product[1] = m[6] * a[6] + m[7] * a[7] + m[8] * a[8];
    product[2] = m[9] * a[9];
}

/* What a neighbour sees of an atom of that type with these moments, one set a type. */
static void add_fields(const stillinger_weber *sw, int type, const double (*moment)[MOMENTS], sw_field *field)
{
    const int types = sw->head.types;
    for (int t = 0; t < types; t++) {
        double *a = field[t].a;
        memset(a, 0, sizeof field[t].a);
        for (int u = 0; u < types; u++) {
            const long triple = ((long)type * types + t) * types + u;
            const double l = sw->strength[triple], c = sw->cosine[triple];
            for (int m = 0; m < 6; m++) a[m] += l * moment[u][m];
            for (int m = 6; m < 9; m++) a[m] += l * c * moment[u][m];
            a[9] += l * c * c * moment[u][9];
        }
    }
}

static void note_too_close(const pel_force_tile *tile, long i, const int32_t *near, int count)
{
    const double *ri = tile->atoms->position[i];
    for (int k = 0; k < count; k++) {
        const double *rj = tile->atoms->position[near[k]], d[3] = {ri[0] - rj[0], ri[1] - rj[1], ri[2] - rj[2]};
        pel_force_too_close(tile, i, d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    }
}

enum { MOST_TYPES = 16 };

static void meet_atom(const stillinger_weber *sw, const pel_force_tile *tile, long i)
{
    sw_scratch *s = sw->scratch[tile->thread];
    const int types = sw->head.types, type = tile->atoms->type[i], count = find_near(sw, tile, i, s);
    double moment[MOST_TYPES][MOMENTS], energy = 0, largest = 0;
    for (int t = 0; t < types; t++) {
        double squares;
        const sw_pair *pair = &sw->pair[type * types + t];
        const int n = take_type(tile->atoms, i, s->near, count, t, pair, &s->rows);
        compute_screening(pair, n, &s->rows);
        sum_moments(sw, n, &s->rows, moment[t], &squares);
        energy -= 0.5 * pair->diagonal * squares;
        largest += moment[t][9];
    }
    sw_field *field = &sw->field[i * types];
    add_fields(sw, type, (const double(*)[MOMENTS])moment, field);
    sw->count[i] = count;
    memcpy(sw->near + i * SLOTS, s->near, (size_t)(count < SLOTS ? count : SLOTS) * sizeof *s->near);
    if (!(largest < most_moment / CLOSE_SHARE)) note_too_close(tile, i, s->near, count);
    if (!tile->with_energy) return;
    for (int t = 0; t < types; t++) {
        double product[3];
        multiply_moments(moment[t], field[t].a, product);
        energy += 0.5 * (product[0] + 2 * product[1] + product[2]);
    }
    pel_sum_add(&tile->sums->energy, energy);
}

/* ---- pass 1: forces ---- */

/* Named components, of vectors and of fields: arrays in the loop over pairs would keep it from becoming vector code. */
typedef struct sw_vector {
    double x, y, z;
} sw_vector;

typedef struct sw_seen {
    double xx, yy, zz, xy, xz, yz, x, y, z, one;
} sw_seen;

/* What all pairs of an atom have in common, or a pair from its neighbour's side: g, g', 2 g / r, D. */
typedef struct sw_screening {
    double g, slope, twice_g_per_r, diagonal;
} sw_screening;

/* T of a pair with the unit vector u, and what the neighbour sees of the atom. */
static inline sw_vector slope_towards(sw_vector u, sw_seen a, sw_screening s)
{
    const double vx = a.xx * u.x + a.xy * u.y + a.xz * u.z + a.x, vy = a.xy * u.x + a.yy * u.y + a.yz * u.z + a.y;
    const double vz = a.xz * u.x + a.yz * u.y + a.zz * u.z + a.z;                              /* v = A2 u + A1 */
    const double s1 = u.x * a.x + u.y * a.y + u.z * a.z, sum = u.x * vx + u.y * vy + u.z * vz; /* s2 + s1 */
    const double along = s.slope * (sum + s1 + a.one - s.diagonal * s.g) - s.twice_g_per_r * sum, w = s.twice_g_per_r;
    return (sw_vector){along * u.x + w * vx, along * u.y + w * vy, along * u.z + w * vz};
}

/* The fields that the neighbours have for an atom of this type, one array a component. */
static void gather_fields(const stillinger_weber *sw, const pel_atoms *atoms, int type, int n, sw_rows *rows)
{
    for (int k = 0; k < n; k++) {
        const double *a = sw->field[(long)atoms->owner[rows->row[k]] * sw->head.types + type].a;
        for (int m = 0; m < MOMENTS; m++) rows->field[m][k] = a[m];
    }
}

/* Forces on the atom, whose field is `a`, from each pair. `back` is the pair seen from the neighbour. */
static void compute_forces(const double a[MOMENTS], const sw_pair *pair, const sw_pair *back, int n, sw_rows *rows)
{
    const sw_seen own = {a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9]};
    const double d_own = pair->diagonal, d_back = back->diagonal;
    const double(*field)[PEL_PAIR_ROOM] = (const double(*)[PEL_PAIR_ROOM])rows->field;
    for (int k = 0; k < n; k++) {
        const sw_vector u = {rows->x[k], rows->y[k], rows->z[k]}, minus = {-u.x, -u.y, -u.z};
        const double g = rows->g[k], slope = rows->slope[k], twice = 2 * g / rows->r2[k],
                     phi_slope = rows->phi_slope[k];
        const sw_seen other = {field[0][k], field[1][k], field[2][k], field[3][k], field[4][k],
                               field[5][k], field[6][k], field[7][k], field[8][k], field[9][k]};
        const sw_vector to = slope_towards(u, own, (sw_screening){g, slope, twice, d_own});
        const sw_vector from = slope_towards(minus, other, (sw_screening){g, slope, twice, d_back});
        rows->term[0][k] = (to.x - from.x) + phi_slope * u.x;
        rows->term[1][k] = (to.y - from.y) + phi_slope * u.y;
        rows->term[2][k] = (to.z - from.z) + phi_slope * u.z;
    }
}

/* The largest component of a pair's force. What is not a number shows in the sum. */
static double largest_of(const sw_rows *rows, int n)
{
    double most = 0;
    for (int c = 0; c < 3; c++) {
        const double *term = rows->term[c];
#pragma omp simd reduction(max : most)
        for (int k = 0; k < n; k++) most = fabs(term[k]) > most ? fabs(term[k]) : most;
    }
    return most;
}

/* Energy and virial of the pairs: r_a f_b with r from neighbour to atom. */
static void add_energy(const pel_force_tile *tile, int n, sw_rows *rows, const sw_pair *pair)
{
    static const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
    const double *const u[3] = {rows->x, rows->y, rows->z}, *r = rows->r2;
    double *restrict term = rows->field[0]; /* is not needed any more */
    pel_sum_add(&tile->sums->energy, 0.5 * sum_of(rows->phi, n, tile->energy));
    for (int v = 0; v < 6; v++) {
        for (int k = 0; k < n; k++) term[k] = -(r[k] * u[first[v]][k]) * rows->term[second[v]][k];
        pel_sum_add(&tile->sums->virial[v], 0.5 * sum_of(term, n, tile->energy));
    }
    for (int k = 0; k < n; k++) tile->sums->pairs += r[k] < pair->cutoff;
}

static void move_atom(const stillinger_weber *sw, const pel_force_tile *tile, long i)
{
    sw_scratch *s = sw->scratch[tile->thread];
    const int types = sw->head.types, type = tile->atoms->type[i];
    const int32_t *near = sw->count[i] > SLOTS ? s->near : sw->near + i * SLOTS;
    if (sw->count[i] > SLOTS) find_near(sw, tile, i, s);
    double force[3] = {0}, most = 0;
    for (int t = 0; t < types; t++) {
        const sw_pair *pair = &sw->pair[type * types + t], *back = &sw->pair[t * types + type];
        const int n = take_type(tile->atoms, i, near, sw->count[i], t, pair, &s->rows);
        if (n == 0) continue;
        compute_screening(pair, n, &s->rows);
        compute_phi(pair, n, &s->rows);
        gather_fields(sw, tile->atoms, type, n, &s->rows);
        compute_forces(sw->field[i * types + t].a, pair, back, n, &s->rows);
        for (int c = 0; c < 3; c++) force[c] += sum_of(s->rows.term[c], n, tile->force);
        most = fmax(most, largest_of(&s->rows, n));
        if (tile->with_energy) add_energy(tile, n, &s->rows, pair);
    }
    memcpy(tile->atoms->force[i], force, sizeof force);
    const bool is_finite = isfinite(force[0] + force[1] + force[2]);
    if (!(most < sw->head.most_force / CLOSE_SHARE && is_finite)) note_too_close(tile, i, near, sw->count[i]);
}

static void compute(const pel_potential *potential, int pass, const pel_force_tile *tile)
{
    const stillinger_weber *sw = (const void *)potential;
    for (long i = tile->lo; i < tile->hi; i++) {
        if (pass == 0) meet_atom(sw, tile, i);
        else move_atom(sw, tile, i);
    }
}

/* ---- the class ---- */

static void release_rows(stillinger_weber *sw)
{
    for (int t = 0; t < sw->threads; t++) pel_memory_unmap(sw->scratch[t], sizeof **sw->scratch);
    free(sw->scratch);
    free(sw->field);
    free(sw->near);
    free(sw->count);
    sw->scratch = NULL;
    sw->field = NULL;
    sw->near = NULL;
    sw->count = NULL;
    sw->threads = 0;
}

static pel_status reserve(pel_potential *potential, long rows, int threads)
{
    stillinger_weber *sw = (void *)potential;
    release_rows(sw);
    PEL_TRY(pel_memory_new((size_t)rows * (size_t)potential->types, sizeof *sw->field, &sw->field));
    PEL_TRY(pel_memory_new((size_t)rows * SLOTS, sizeof *sw->near, &sw->near));
    PEL_TRY(pel_memory_new((size_t)rows, sizeof *sw->count, &sw->count));
    PEL_TRY(pel_memory_new((size_t)threads, sizeof *sw->scratch, &sw->scratch));
    for (; sw->threads < threads; sw->threads++) {
        void *memory = NULL;
        PEL_TRY(pel_memory_map(sizeof **sw->scratch, &memory));
        sw->scratch[sw->threads] = memory;
    }
    return PEL_OK;
}

static void destroy(pel_potential *potential)
{
    stillinger_weber *sw = (void *)potential;
    release_rows(sw);
    free(sw->pair);
    free(sw->strength);
    free(sw->cosine);
    free(sw);
}

static const pel_potential_class sw_class = {
    .name = "stillinger-weber", .passes = 2, .compute = compute, .reserve = reserve, .destroy = destroy};

/* ---- making ---- */

/* Operations of a pair, of which 34 are an exponential. Pass 0: 8 for the distance squared, 45 for g, its slope and the
 * unit vector, 27 for the moments. Pass 1: the former again, 51 and the powers for phi2 and its slope, 99 for the
 * forces, 3 to add them. */
static const double met_flops = 8 + 45 + 27, force_flops = 8 + 45 + 51 + 99 + 3;

static pel_status check_power(double power, const char *name)
{
    if (power >= 0 && power <= MOST_POWER && power == floor(power)) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT,
                    "the power %s of a Stillinger-Weber pair is %g; it must be a whole number from 0 "
                    "to %d",
                    name, power, MOST_POWER);
}

static pel_status set_pair(const pel_sw_parameters *parameters, int a, int b, sw_pair *pair)
{
    const int types = parameters->types;
    const pel_sw_entry *e = &parameters->entry[((long)a * types + b) * types + b];
    PEL_TRY(check_power(e->p, "p"));
    PEL_TRY(check_power(e->q, "q"));
    if (!(e->sigma > 0 && e->a > 0))
        return pel_fail(PEL_ERR_ARGUMENT, "sigma = %g and a = %g of types %d and %d; both must be > 0", e->sigma, e->a,
                        a + 1, b + 1);
    const double c = -e->cos_theta0, cutoff = e->a * e->sigma;
    *pair = (sw_pair){.cutoff = cutoff,
                      .cutoff2 = cutoff * cutoff,
                      .sigma = e->sigma,
                      .gamma_sigma = e->gamma * e->sigma,
                      .a_epsilon = e->big_a * e->epsilon,
                      .b = e->big_b,
                      .p = (int)e->p,
                      .q = (int)e->q,
                      .diagonal = e->lambda * e->epsilon * (1 + c) * (1 + c)};
    return PEL_OK;
}

static pel_status set_triple(const pel_sw_parameters *parameters, int i, int j, int k, stillinger_weber *sw)
{
    const long n = parameters->types, triple = (i * n + j) * n + k, other = (i * n + k) * n + j;
    const pel_sw_entry *e = &parameters->entry[triple], *o = &parameters->entry[other];
    if (e->lambda * e->epsilon != o->lambda * o->epsilon || e->cos_theta0 != o->cos_theta0)
        return pel_fail(PEL_ERR_ARGUMENT, "epsilon, lambda and cos(theta0) of types %d %d %d must be those of %d %d %d",
                        i + 1, j + 1, k + 1, i + 1, k + 1, j + 1);
    sw->strength[triple] = e->lambda * e->epsilon;
    sw->cosine[triple] = -e->cos_theta0;
    return PEL_OK;
}

/* The two-body part must be the same both ways. */
static pel_status check_symmetry(const stillinger_weber *sw, int a, int b)
{
    const sw_pair *ab = &sw->pair[a * sw->head.types + b], *ba = &sw->pair[b * sw->head.types + a];
    if (ab->sigma == ba->sigma && ab->cutoff == ba->cutoff && ab->gamma_sigma == ba->gamma_sigma &&
        ab->a_epsilon == ba->a_epsilon && ab->b == ba->b && ab->p == ba->p && ab->q == ba->q)
        return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT, "the entries of types %d %d %d and %d %d %d differ in what belongs to the pair",
                    a + 1, b + 1, b + 1, b + 1, a + 1, a + 1);
}

static pel_status fill(stillinger_weber *sw, const pel_sw_parameters *parameters)
{
    const int n = parameters->types;
    PEL_TRY(pel_memory_new((size_t)(n * n), sizeof *sw->pair, &sw->pair));
    PEL_TRY(pel_memory_new((size_t)(n * n * n), sizeof *sw->strength, &sw->strength));
    PEL_TRY(pel_memory_new((size_t)(n * n * n), sizeof *sw->cosine, &sw->cosine));
    for (int a = 0; a < n; a++) {
        for (int b = 0; b < n; b++) {
            PEL_TRY(set_pair(parameters, a, b, &sw->pair[a * n + b]));
            sw->head.cutoff = fmax(sw->head.cutoff, sw->pair[a * n + b].cutoff);
            if (b <= a) PEL_TRY(check_symmetry(sw, a, b));
            for (int c = 0; c < n; c++) PEL_TRY(set_triple(parameters, a, b, c, sw));
        }
    }
    return PEL_OK;
}

/* The longest distance at which phi2 has a force beyond `most`. */
static double distance_of(const stillinger_weber *sw, double most, sw_rows *rows)
{
    double longest = 0;
    for (int a = 0; a < sw->head.types * sw->head.types; a++) {
        const sw_pair *pair = &sw->pair[a];
        for (double r = pair->cutoff; r > longest && r > 1e-3 * pair->cutoff; r *= 0.999) {
            rows->r2[0] = r;
            compute_phi(pair, 1, rows);
            if (fabs(rows->phi_slope[0]) > most) longest = r;
        }
    }
    return longest;
}

static pel_status set_distances(stillinger_weber *sw)
{
    sw_rows *rows = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *rows, &rows));
    sw->head.pair_flops = met_flops + force_flops + sw->pair[0].p + sw->pair[0].q;
    sw->head.least_distance = distance_of(sw, sw->head.most_force / CLOSE_SHARE, rows);
    free(rows);
    return PEL_OK;
}

pel_status pel_sw_create(const pel_sw_parameters *parameters, double most_force, double most_energy,
                         pel_potential **potential)
{
    stillinger_weber *fresh = NULL;
    if (parameters->types < 1 || parameters->types > MOST_TYPES)
        return pel_fail(PEL_ERR_ARGUMENT, "Stillinger-Weber with %d types; from 1 to %d are possible",
                        parameters->types, MOST_TYPES);
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->grain = pel_grain_for(most_moment);
    fresh->head = (pel_potential){
        .class = &sw_class, .types = parameters->types, .most_force = most_force, .most_energy = most_energy};
    pel_status status = fill(fresh, parameters);
    if (status == PEL_OK) status = set_distances(fresh);
    if (status == PEL_OK) *potential = &fresh->head;
    else destroy(&fresh->head);
    return status;
}
