/* Mean-square displacement and velocity autocorrelation.
 *
 * A sample is met with each origin that is kept: their lag is the number of samples between them. Positions are
 * unwrapped with the images, position + image * length. A barostat or a deformation scales them about the low corner of
 * the box, those of atoms that have crossed its sides as well; so an origin is scaled as the box has been before it is
 * subtracted, and an atom that only goes with the box is not displaced. */
#include "particles/transport.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "exec/sum.h"

/* Sums of one thread: of |r(t) - r(0)|^2 and v(t).v(0). */
typedef struct transport_sums {
    pel_sum displacement2, autocorrelation;
} transport_sums;

typedef struct transport_sampling {
    const pel_transport *transport;
    const pel_configuration *atoms;
    int slot;
    double scale[3];      /* the box's present length over that at the origin */
    transport_sums *sums; /* [threads] */
} transport_sampling;

pel_status pel_transport_create(long atoms, int lags, int origin_every, pel_transport *transport)
{
    if (atoms < 1 || lags < 1 || origin_every < 1)
        return pel_fail(PEL_ERR_ARGUMENT,
                        "displacements of %ld atoms over %d lags, an origin every %d samples; all must be at least 1",
                        atoms, lags, origin_every);
    const int slots = (lags + origin_every - 1) / origin_every;
    const size_t rows = (size_t)slots * (size_t)atoms;
    *transport = (pel_transport){.atoms = atoms, .lags = lags, .origin_every = origin_every, .slots = slots};
    pel_status status = pel_memory_new((size_t)lags, sizeof *transport->count, &transport->count);
    if (status == PEL_OK)
        status = pel_memory_new((size_t)lags, sizeof *transport->displacement2, &transport->displacement2);
    if (status == PEL_OK)
        status = pel_memory_new((size_t)lags, sizeof *transport->autocorrelation, &transport->autocorrelation);
    if (status == PEL_OK) status = pel_memory_new(rows, sizeof *transport->position, &transport->position);
    if (status == PEL_OK) status = pel_memory_new(rows, sizeof *transport->velocity, &transport->velocity);
    if (status == PEL_OK) status = pel_memory_new((size_t)slots, sizeof *transport->length, &transport->length);
    if (status != PEL_OK) pel_transport_free(transport);
    return status;
}

void pel_transport_free(pel_transport *transport)
{
    free(transport->count);
    free(transport->displacement2);
    free(transport->autocorrelation);
    free(transport->position);
    free(transport->velocity);
    free(transport->length);
    *transport = (pel_transport){0};
}

/* ---- sampling ---- */

static double unwrapped(const pel_configuration *atoms, long i, int d)
{
    return atoms->position[i][d] - atoms->box.lo[d] + atoms->image[i][d] * atoms->box.length[d];
}

static void keep_origin(pel_transport *transport, const pel_configuration *atoms, int slot)
{
    const size_t first = (size_t)slot * (size_t)transport->atoms;
    for (long i = 0; i < transport->atoms; i++)
        for (int d = 0; d < 3; d++) transport->position[first + (size_t)i][d] = unwrapped(atoms, i, d);
    memcpy(transport->length[slot], atoms->box.length, sizeof *transport->length);
    memcpy(transport->velocity + first, atoms->velocity, (size_t)transport->atoms * sizeof *atoms->velocity);
}

static void meet(int thread, int threads, void *data)
{
    const transport_sampling *s = data;
    const size_t first = (size_t)s->slot * (size_t)s->transport->atoms;
    const double(*position)[3] = (const double(*)[3])(s->transport->position + first);
    const double(*velocity)[3] = (const double(*)[3])(s->transport->velocity + first);
    transport_sums *sums = &s->sums[thread];
    long lo, hi;
    pel_team_share(s->transport->atoms, thread, threads, &lo, &hi);
    for (long i = lo; i < hi; i++) {
        double distance2 = 0, product = 0;
        for (int d = 0; d < 3; d++) {
            const double moved = unwrapped(s->atoms, i, d) - s->scale[d] * position[i][d];
            distance2 += moved * moved;
            product += s->atoms->velocity[i][d] * velocity[i][d];
        }
        pel_sum_add(&sums->displacement2, distance2);
        pel_sum_add(&sums->autocorrelation, product);
    }
}

static void meet_origin(pel_transport *transport, pel_team *team, transport_sampling *sampling, int lag)
{
    const int threads = pel_team_threads(team);
    memset(sampling->sums, 0, (size_t)threads * sizeof *sampling->sums);
    pel_team_run(team, meet, sampling);
    for (int t = 1; t < threads; t++) {
        pel_sum_merge(&sampling->sums[0].displacement2, &sampling->sums[t].displacement2);
        pel_sum_merge(&sampling->sums[0].autocorrelation, &sampling->sums[t].autocorrelation);
    }
    const double atoms = (double)transport->atoms;
    transport->count[lag]++;
    transport->displacement2[lag] += pel_sum_round(&sampling->sums[0].displacement2) / atoms;
    transport->autocorrelation[lag] += pel_sum_round(&sampling->sums[0].autocorrelation) / atoms;
}

pel_status pel_transport_sample(pel_transport *transport, pel_team *team, const pel_configuration *atoms)
{
    transport_sampling sampling = {.transport = transport, .atoms = atoms};
    if (atoms->count != transport->atoms)
        return pel_fail(PEL_ERR_MISMATCH, "displacements of %ld atoms, where there are %ld now; none may come or go",
                        transport->atoms, atoms->count);
    PEL_TRY(pel_memory_new((size_t)pel_team_threads(team), sizeof *sampling.sums, &sampling.sums));
    const int64_t now = transport->samples, newest = now / transport->origin_every;
    if (now % transport->origin_every == 0) keep_origin(transport, atoms, (int)(newest % transport->slots));
    for (int64_t origin = newest; origin >= 0 && now - origin * transport->origin_every < transport->lags; origin--) {
        sampling.slot = (int)(origin % transport->slots);
        for (int d = 0; d < 3; d++) sampling.scale[d] = atoms->box.length[d] / transport->length[sampling.slot][d];
        meet_origin(transport, team, &sampling, (int)(now - origin * transport->origin_every));
    }
    transport->samples++;
    free(sampling.sums);
    return PEL_OK;
}

/* ---- results ---- */

static double mean(const pel_transport *transport, const double *sum, int lag)
{
    return transport->count[lag] ? sum[lag] / (double)transport->count[lag] : 0;
}

double pel_transport_displacement2(const pel_transport *transport, int lag)
{
    return mean(transport, transport->displacement2, lag);
}

double pel_transport_autocorrelation(const pel_transport *transport, int lag)
{
    return mean(transport, transport->autocorrelation, lag);
}

double pel_transport_einstein(const pel_transport *transport, int from, int to, double interval)
{
    const double middle = (from + to) / 2.0;
    double above = 0, below = 0;
    for (int lag = from; lag <= to; lag++) {
        above += (lag - middle) * pel_transport_displacement2(transport, lag);
        below += (lag - middle) * (lag - middle);
    }
    return below > 0 ? above / below / interval / 6 : 0;
}

double pel_transport_green_kubo(const pel_transport *transport, int to, double interval)
{
    double sum = 0;
    for (int lag = 0; lag < to; lag++)
        sum += pel_transport_autocorrelation(transport, lag) + pel_transport_autocorrelation(transport, lag + 1);
    return sum / 2 * interval / 3;
}
