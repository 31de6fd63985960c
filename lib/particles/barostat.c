/* Stochastic cell rescaling.
 *
 * The volume follows dV = - (beta V / time) (P0 - P - k T / V) dt + sqrt(2 k T beta V / time) dW, with an estimate beta
 * of the compressibility; positions scale with V^(1/3), velocities inversely, and so V, with whatever the atoms do in
 * between, samples exp(-P0 V / k T) Z(V). In terms of the root of the volume, lambda, the noise is constant (section
 * II.B of the paper):
 *
 *     d lambda = - (beta lambda / 2 time) (P0 - P - k T / 2 V) dt + sqrt(k T beta / 2 time) dW,
 *
 * so that a step is a normal number around the drift, and the probability of the step back can be stated: that is
 * what the conserved quantity needs. In lambda the density wanted is lambda exp(-(H + P0 V) / k T). */
#include "particles/barostat.h"

#include <math.h>

#include "base/random.h"

static const double most_change = 0.1; /* of the volume in a step */

pel_status pel_barostat_check(const pel_barostat *barostat)
{
    if (barostat->time == 0) return PEL_OK;
    if (!(barostat->time > 0) || !(barostat->compressibility > 0) || !(barostat->temperature >= 0))
        return pel_fail(PEL_ERR_ARGUMENT,
                        "a barostat needs relaxation time and compressibility > 0 and a temperature >= 0; they are %g, "
                        "%g and %g",
                        barostat->time, barostat->compressibility, barostat->temperature);
    if (barostat->every < 0) return pel_fail(PEL_ERR_ARGUMENT, "a barostat cannot act every %d steps", barostat->every);
    return PEL_OK;
}

int pel_barostat_every(const pel_barostat *barostat)
{
    return barostat->every > 0 ? barostat->every : 10;
}

bool pel_barostat_is_due(const pel_barostat *barostat, int64_t step)
{
    return barostat->time > 0 && step % pel_barostat_every(barostat) == 0;
}

/* d lambda / dt */
static double speed(const pel_barostat *barostat, double volume, double pressure, double kt)
{
    return -barostat->compressibility * sqrt(volume) / (2 * barostat->time) *
           (barostat->pressure - pressure - kt / (2 * volume));
}

/* The variance of lambda after dt. */
static double variance(const pel_barostat *barostat, double kt, double dt)
{
    return kt * barostat->compressibility * dt / (2 * barostat->time);
}

pel_status pel_barostat_volume(const pel_barostat *barostat, double volume, double pressure, double kt, double dt,
                               uint64_t seed, uint64_t step, double *next)
{
    const pel_random_key key = {.seed = seed, .id = 0, .step = step};
    const double lambda = sqrt(volume) + speed(barostat, volume, pressure, kt) * dt +
                          sqrt(variance(barostat, kt, dt)) * pel_random_normal(key);
    if (!(fabs(lambda * lambda - volume) <= most_change * volume))
        return pel_fail(PEL_ERR_NUMERICS,
                        "the barostat would change the volume from %g to %g at once (pressure %g, wanted "
                        "%g); give it a longer time, or a smaller compressibility than %g",
                        volume, lambda * lambda, pressure, barostat->pressure, barostat->compressibility);
    *next = lambda * lambda;
    return PEL_OK;
}

double pel_barostat_heat(const pel_barostat *barostat, const double volume[2], const double pressure[2], double kt,
                         double dt)
{
    const double move = sqrt(volume[1]) - sqrt(volume[0]);
    const double there = move - speed(barostat, volume[0], pressure[0], kt) * dt;
    const double back = -move - speed(barostat, volume[1], pressure[1], kt) * dt;
    const double weight = 0.5 * kt * log(volume[1] / volume[0]);
    if (kt == 0) return 0;
    return weight - kt * (back * back - there * there) / (2 * variance(barostat, kt, dt));
}
