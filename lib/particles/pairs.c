/* Pair potentials: forces of one atom after the other from its full list.
 *
 * For each atom three short loops over arrays that stay in L1: its distances to all neighbours; f / r of these by the
 * potential's own loop; the sum of the forces. Neighbours of another type than the coefficients are for, and for costly
 * potentials those beyond the cutoff, are sorted out between the first two.
 *
 * Grains: a pair whose force exceeds most / 4 stops the run; up to 3 of an atom may exceed most / 64. So no partial sum
 * of a lane, of a few dozen pairs, comes near `most`, whatever the order, and all additions are exact. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "particles/pairs_inside.h"

enum { MOST_CLOSE = 3, LEAST_SHARE = 4, CLOSE_SHARE = 64, AT_ONCE = PEL_NEIGHBOURS_PAD };

typedef struct pair {
    const pel_pair_kind *kind; /* NULL: these types do not act on each other */
    void *coefficients;
    double cutoff, cutoff2;
    double least2, close2;                /* squared distances where the force reaches most / 4, most / 64 */
    double energy_shift, force_at_cutoff; /* what is taken from the energy and the force */
    bool is_cut;                          /* nothing is */
} pair;

typedef struct scratch {
    pel_pair_rows all, some;
} scratch;

typedef struct pairs {
    pel_potential base;
    pair *pair; /* [types * types] */
    scratch **scratch;
    int threads;
} pairs;

/* ---- one pair of types ---- */

/* Takes from force and energy what makes them end at the cutoff as asked. */
static void truncate_at_cutoff(const pair *p, int n, const double *restrict r2, double *restrict over_r,
                               double *restrict energy)
{
    const double f = p->force_at_cutoff, u = p->energy_shift, rc = p->cutoff;
    for (int k = 0; k < n && f != 0; k++) over_r[k] -= f / sqrt(r2[k]);
    for (int k = 0; k < n && energy; k++) energy[k] -= u - (sqrt(r2[k]) - rc) * f;
}

static void compute_pairs(const pair *p, int n, const double *restrict r2, double *restrict over_r,
                          double *restrict energy)
{
    p->kind->compute(p->coefficients, n, r2, over_r, energy);
    if (!p->is_cut) truncate_at_cutoff(p, n, r2, over_r, energy);
}

static void evaluate(const pair *p, double r, double *energy, double *force)
{
    _Alignas(64) double r2[AT_ONCE], over_r[AT_ONCE], u[AT_ONCE];
    for (int k = 0; k < AT_ONCE; k++) r2[k] = r * r;
    compute_pairs(p, AT_ONCE, r2, over_r, u);
    *energy = u[0];
    *force = over_r[0] * r;
}

/* Where, coming from the cutoff, the force or the energy first reaches `most`; 0 if nowhere. */
static double distance_of(const pair *p, double most)
{
    for (double r = p->cutoff; r > 1e-3 * p->cutoff; r *= 0.999) {
        double energy, force;
        evaluate(p, r, &energy, &force);
        if (!(fabs(force) < most && fabs(energy) < most && fabs(force * r) < most)) return r;
    }
    return 0;
}

void pel_pairs_at(const pel_potential *potential, int a, int b, double r, double *energy, double *force)
{
    const pair *p = &((const pairs *)potential)->pair[a * potential->types + b];
    *energy = *force = 0;
    if (p->kind && r * r < p->cutoff2) evaluate(p, r, energy, force);
}

/* ---- sums of an atom ---- */

/* Of n values, a multiple of 8: in 8 sums at a time, as one would wait for each addition. */
static double sum_of_grains(const double value[], int n, pel_grain grain)
{
    double lane[AT_ONCE], sum = 0;
    for (int l = 0; l < AT_ONCE; l++) lane[l] = grain.anchor;
    for (int k = 0; k < n; k += AT_ONCE)
        for (int l = 0; l < AT_ONCE; l++) lane[l] += pel_grain_odd(value[k + l]);
    for (int l = 0; l < AT_ONCE; l++) sum += lane[l] - grain.anchor;
    return sum;
}

/* Makes force and energy of pairs beyond the cutoff zero. @return how many are within */
static long keep_near(pel_pair_rows *restrict rows, int n, double cutoff2)
{
    long near = 0;
    for (int k = 0; k < n; k++) near += rows->r2[k] < cutoff2;
    for (int k = 0; k < n; k++) {
        const double force = rows->force[k], energy = rows->energy[k];
        rows->force[k] = rows->r2[k] < cutoff2 ? force : 0;
        rows->energy[k] = rows->r2[k] < cutoff2 ? energy : 0;
    }
    return near;
}

/* Adds energy and virial of an atom's pairs. */
static void add_energy(pel_pair_rows *rows, int n, const pair *p, const pel_force_tile *tile)
{
    static const int first[6] = {0, 1, 2, 0, 0, 1}, second[6] = {0, 1, 2, 1, 2, 2};
    const double *const at[3] = {rows->x, rows->y, rows->z};
    double *const term = rows->type; /* is not needed any more */
    pel_force_sums *sums = tile->sums;
    sums->pairs += keep_near(rows, n, p->cutoff2);
    pel_sum_add(&sums->energy, sum_of_grains(rows->energy, n, tile->energy) / 2);
    for (int c = 0; c < 6; c++) {
        for (int k = 0; k < n; k++) term[k] = rows->force[k] * at[first[c]][k] * at[second[c]][k];
        pel_sum_add(&sums->virial[c], sum_of_grains(term, n, tile->energy) / 2);
    }
}

/* How many pairs are so close that a sum of them could leave the grain; any too close counts as too many. */
static int count_close(const pel_pair_rows *rows, int n, const pair *p)
{
    int close = 0;
    for (int k = 0; k < n; k++) close += rows->r2[k] < p->least2 ? MOST_CLOSE + 1 : rows->r2[k] < p->close2;
    return close;
}

/* ---- the pass ---- */

/* Forces on row i from its neighbours of one type; `least2` falls to the least r2. @return how many are close */
static int add_type(const pairs *potential, const pel_force_tile *tile, long i, int n, scratch *s, int type,
                    double force[3], double *least2)
{
    const pair *p = &potential->pair[tile->atoms->type[i] * potential->base.types + type];
    pel_pair_rows *rows = &s->all;
    if (!p->kind) return 0;
    if (potential->base.types > 1 || p->kind->is_costly) {
        n = pel_pairs_select(&s->all, n, type, p->cutoff2, &s->some);
        rows = &s->some;
    }
    compute_pairs(p, n, rows->r2, rows->force, tile->with_energy ? rows->energy : NULL);
    const double nearest2 = tile->is_reproducible ? pel_pairs_add_forces(rows, n, p->cutoff2, tile->force, force)
                                                  : pel_pairs_add_forces_fast(rows, n, p->cutoff2, force);
    const int close = nearest2 < p->close2 ? count_close(rows, n, p) : 0;
    *least2 = fmin(*least2, nearest2);
    if (tile->with_energy) add_energy(rows, n, p, tile);
    return close;
}

static void compute_tile(const pel_potential *base, int pass, const pel_force_tile *tile)
{
    (void)pass;
    const pairs *potential = (const pairs *)base;
    scratch *s = potential->scratch[tile->thread];
    for (long i = tile->lo; i < tile->hi; i++) {
        const int n = pel_neighbours_padded(tile->neighbours->count[i]);
        double force[3] = {0}, least2 = INFINITY;
        int close = 0;
        pel_pairs_gather(tile->atoms, i, tile->neighbours->first[i], n, &s->all);
        for (int type = 0; type < base->types; type++)
            close += add_type(potential, tile, i, n, s, type, force, &least2);
        if (close > MOST_CLOSE) pel_force_too_close(tile, i, least2);
        memcpy(tile->atoms->force[i], force, sizeof force);
    }
}

/* ---- making and ending ---- */

static pel_status reserve(pel_potential *base, long rows, int threads)
{
    (void)rows;
    pairs *potential = (pairs *)base;
    size_t capacity = (size_t)potential->threads;
    PEL_TRY(pel_memory_grow(&potential->scratch, &capacity, (size_t)threads, sizeof *potential->scratch));
    for (; potential->threads < threads; potential->threads++) {
        void *memory = NULL;
        PEL_TRY(pel_memory_map(sizeof(scratch), &memory));
        potential->scratch[potential->threads] = memory;
    }
    return PEL_OK;
}

static void destroy(pel_potential *base)
{
    pairs *potential = (pairs *)base;
    for (int i = 0; potential->pair && i < base->types * base->types; i++) free(potential->pair[i].coefficients);
    for (int h = 0; h < potential->threads; h++) pel_memory_unmap(potential->scratch[h], sizeof(scratch));
    free(potential->scratch);
    free(potential->pair);
    free(base->tail);
    free(potential);
}

static const pel_potential_class pairs_class = {
    .name = "pairs", .passes = 1, .compute = compute_tile, .reserve = reserve, .destroy = destroy};

pel_status pel_pairs_create(int types, double most_force, double most_energy, pel_potential **potential)
{
    pairs *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->base =
        (pel_potential){.class = &pairs_class, .types = types, .most_force = most_force, .most_energy = most_energy};
    const size_t count = (size_t)types * (size_t)types;
    pel_status status = pel_memory_new(count, sizeof *fresh->pair, &fresh->pair);
    if (status == PEL_OK) status = pel_memory_new(2 * count, sizeof *fresh->base.tail, &fresh->base.tail);
    if (status == PEL_OK) *potential = &fresh->base;
    else destroy(&fresh->base);
    return status;
}

static void choose_truncation(pair *p, pel_truncation truncation)
{
    double energy, force;
    p->is_cut = true;
    p->energy_shift = p->force_at_cutoff = 0;
    evaluate(p, p->cutoff, &energy, &force);
    p->is_cut = truncation == PEL_TRUNCATION_CUT;
    if (truncation != PEL_TRUNCATION_CUT) p->energy_shift = energy;
    if (truncation == PEL_TRUNCATION_FORCE_SHIFTED) p->force_at_cutoff = force;
}

/* Of a pair, whichever types they are: the mean of those that act. Adding the force takes three products and sums. */
static void find_flops(pairs *potential)
{
    const int types = potential->base.types;
    double sum = 0;
    int count = 0;
    for (int p = 0; p < types * types; p++)
        if (potential->pair[p].kind) sum += potential->pair[p].kind->flops + 6, count++;
    potential->base.pair_flops = sum / count;
}

static pel_status set_one(pairs *potential, int a, int b, const pair *from, size_t size)
{
    pair *p = &potential->pair[a * potential->base.types + b];
    free(p->coefficients);
    *p = *from;
    p->coefficients = NULL;
    PEL_TRY(pel_memory_new(1, size, &p->coefficients));
    memcpy(p->coefficients, from->coefficients, size);
    double integral[2] = {0}, *tail = potential->base.tail + 2 * (a * potential->base.types + b);
    if (p->kind->tail) p->kind->tail(p->coefficients, p->cutoff, integral);
    tail[0] = 2 * M_PI * integral[0];
    tail[1] = -2 * M_PI * integral[1];
    return PEL_OK;
}

pel_status pel_pairs_set(pel_potential *base, int a, int b, const pel_pair_kind *kind, const void *coefficients,
                         size_t size, double cutoff, pel_truncation truncation)
{
    pairs *potential = (pairs *)base;
    if (a < 0 || b < 0 || a >= base->types || b >= base->types || !(cutoff > 0 && isfinite(cutoff)))
        return pel_fail(PEL_ERR_ARGUMENT, "%s between types %d and %d with cutoff %g; types go to %d, a cutoff is > 0",
                        kind->name, a + 1, b + 1, cutoff, base->types);
    void *copy = NULL;
    PEL_TRY(pel_memory_new(1, size, &copy));
    memcpy(copy, coefficients, size);
    pair p = {.kind = kind, .coefficients = copy, .cutoff = cutoff, .cutoff2 = cutoff * cutoff};
    choose_truncation(&p, truncation);
    const double most = fmin(base->most_force, base->most_energy);
    const double least = distance_of(&p, most / LEAST_SHARE), close = distance_of(&p, most / CLOSE_SHARE);
    p.least2 = least * least;
    p.close2 = close * close;
    base->cutoff = fmax(base->cutoff, cutoff);
    base->least_distance = fmax(base->least_distance, least);
    pel_status status = set_one(potential, a, b, &p, size);
    if (status == PEL_OK && a != b) status = set_one(potential, b, a, &p, size);
    free(copy);
    if (status == PEL_OK) find_flops(potential);
    return status;
}
