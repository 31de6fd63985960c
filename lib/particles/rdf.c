/* Radial distribution functions.
 *
 * In an ideal gas each of the P possible pairs (N_a N_b, or N_a (N_a - 1) / 2 of one type) is found in a shell of
 * volume v with probability v / V, so that g = count / sum over frames of (P v / V). With N (N - 1) instead of N^2 a
 * small ideal gas has g = 1 as well. */
#include "particles/rdf.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "particles/pair_search.h"

typedef struct rdf_sampling {
    const pel_rdf *rdf;
    const pel_configuration *atoms;
    double per_bin;
} rdf_sampling;

pel_status pel_rdf_create(int types, int bins, double reach, pel_rdf *rdf)
{
    if (types < 1 || bins < 1 || !(reach > 0 && reach < INFINITY))
        return pel_fail(PEL_ERR_ARGUMENT,
                        "a radial distribution function of %d types, %d bins, up to %g; all must be greater than 0",
                        types, bins, reach);
    *rdf = (pel_rdf){.types = types, .bins = bins, .reach = reach};
    const size_t pairs = (size_t)pel_rdf_pairs(rdf);
    pel_status status = pel_memory_new(pairs * (size_t)bins, sizeof *rdf->count, &rdf->count);
    if (status == PEL_OK) status = pel_memory_new(pairs, sizeof *rdf->expected, &rdf->expected);
    if (status != PEL_OK) pel_rdf_free(rdf);
    return status;
}

void pel_rdf_free(pel_rdf *rdf)
{
    free(rdf->count);
    free(rdf->expected);
    free(rdf->scratch);
    *rdf = (pel_rdf){0};
}

int pel_rdf_pairs(const pel_rdf *rdf)
{
    return rdf->types * (rdf->types + 1) / 2;
}

int pel_rdf_pair(const pel_rdf *rdf, int a, int b)
{
    const int low = (a < b ? a : b) - 1, high = (a < b ? b : a) - 1;
    return low * (2 * rdf->types - low - 1) / 2 + high;
}

/* ---- sampling ---- */

static void count_pair(long i, long j, const double apart[3], double r2, int thread, void *data)
{
    const rdf_sampling *s = data;
    const pel_rdf *rdf = s->rdf;
    (void)apart;
    const int bin = (int)(sqrt(r2) * s->per_bin), pair = pel_rdf_pair(rdf, s->atoms->type[i], s->atoms->type[j]);
    const size_t row = (size_t)thread * (size_t)pel_rdf_pairs(rdf) + (size_t)pair;
    if (bin < rdf->bins) rdf->scratch[row * (size_t)rdf->bins + (size_t)bin]++; /* rounding may lead to bin `bins` */
}

static pel_status add_expected(pel_rdf *rdf, const pel_configuration *atoms)
{
    const double *length = atoms->box.length, volume = length[0] * length[1] * length[2];
    double *number = NULL;
    PEL_TRY(pel_memory_new((size_t)rdf->types, sizeof *number, &number));
    for (long i = 0; i < atoms->count; i++) number[atoms->type[i] - 1]++;
    for (int a = 1; a <= rdf->types; a++)
        for (int b = a; b <= rdf->types; b++) {
            const double possible = a == b ? number[a - 1] * (number[a - 1] - 1) / 2 : number[a - 1] * number[b - 1];
            rdf->expected[pel_rdf_pair(rdf, a, b)] += possible / volume;
        }
    free(number);
    return PEL_OK;
}

pel_status pel_rdf_sample(pel_rdf *rdf, pel_team *team, const pel_configuration *atoms)
{
    const size_t size = (size_t)pel_rdf_pairs(rdf) * (size_t)rdf->bins, threads = (size_t)pel_team_threads(team);
    rdf_sampling sampling = {rdf, atoms, rdf->bins / rdf->reach};
    if (atoms->types != rdf->types)
        return pel_fail(PEL_ERR_ARGUMENT, "atoms of %d types for a radial distribution function of %d", atoms->types,
                        rdf->types);
    PEL_TRY(pel_memory_grow(&rdf->scratch, &rdf->scratch_capacity, threads * size, sizeof *rdf->scratch));
    memset(rdf->scratch, 0, threads * size * sizeof *rdf->scratch);
    PEL_TRY(pel_pair_search(team, atoms, rdf->reach, count_pair, &sampling));
    PEL_TRY(add_expected(rdf, atoms));
    for (size_t k = 0; k < threads * size; k++) rdf->count[k % size] += rdf->scratch[k];
    return PEL_OK;
}

/* ---- results ---- */

static double shell_volume(const pel_rdf *rdf, int bin)
{
    const double width = rdf->reach / rdf->bins, low = bin * width, high = (bin + 1) * width;
    return 4 * M_PI / 3 * (high * high * high - low * low * low);
}

double pel_rdf_at(const pel_rdf *rdf, int a, int b, int bin)
{
    const int pair = pel_rdf_pair(rdf, a, b);
    const double expected = rdf->expected[pair] * shell_volume(rdf, bin);
    return expected > 0 ? (double)rdf->count[(size_t)pair * (size_t)rdf->bins + (size_t)bin] / expected : 0;
}

double pel_rdf_coordination(const pel_rdf *rdf, int a, int b, int bin, double density)
{
    double sum = 0;
    for (int k = 0; k <= bin; k++) sum += pel_rdf_at(rdf, a, b, k) * shell_volume(rdf, k);
    return density * sum;
}
