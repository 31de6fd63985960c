/* Thermostats that act through the kinetic energy K of all atoms.
 *
 * Bussi's K follows dK = (K0 - K) dt / time + 2 sqrt(K K0 / (n time)) dW with K0 = n k T / 2, solved exactly over a
 * step (Bussi, Donadio & Parrinello, J. Chem. Phys. 126 (2007) 014101, appendix A): with c = exp(-dt / time)
 *
 *     alpha^2 = c + (1 - c) K0 / (n K) (R^2 + S) + 2 R sqrt(c (1 - c) K0 / (n K)),
 *
 * where R is normal and S the sum of the squares of n - 1 normal numbers: twice a number of the gamma distribution of
 * shape (n - 1) / 2, by the rejection of Marsaglia & Tsang, ACM Trans. Math. Softw. 26 (2000) 363. How many numbers a
 * rejection draws varies; each has its own `draw` of the step's key.
 *
 * A Nose-Hoover chain has links of masses Q_1 = n k T time^2, Q_j = k T time^2, with T of the beginning. Its part of
 * the evolution over h is factorised as in Martyna, Tuckerman, Tobias & Klein, Mol. Phys. 87 (1996) 1117, eq. 29-32:
 * velocities from the last link to the first, atoms and positions of the links, velocities back; in three pieces with
 * the weights of Suzuki and Yoshida. */
#include "particles/thermostat.h"

#include <math.h>
#include <stdbool.h>

#include "base/random.h"

pel_status pel_thermostat_check(const pel_thermostat *thermostat)
{
    if (thermostat->kind == PEL_THERMOSTAT_NONE) return PEL_OK;
    if (!(thermostat->temperature >= 0) || !(thermostat->last_temperature >= 0))
        return pel_fail(PEL_ERR_ARGUMENT, "a thermostat's temperature must be >= 0; it is %g (%g at the end)",
                        thermostat->temperature, thermostat->last_temperature);
    if (!(thermostat->time > 0))
        return pel_fail(PEL_ERR_ARGUMENT, "a thermostat's relaxation time must be > 0; it is %g", thermostat->time);
    if (thermostat->kind != PEL_THERMOSTAT_NOSE_HOOVER) return PEL_OK;
    if (thermostat->links < 0 || thermostat->links > PEL_NOSE_HOOVER_MOST)
        return pel_fail(PEL_ERR_ARGUMENT, "a Nose-Hoover chain has 1 to %d links, not %d", PEL_NOSE_HOOVER_MOST,
                        thermostat->links);
    if (!(thermostat->temperature > 0))
        return pel_fail(PEL_ERR_ARGUMENT, "a Nose-Hoover chain needs a temperature > 0; it is %g",
                        thermostat->temperature);
    return PEL_OK;
}

double pel_thermostat_temperature(const pel_thermostat *thermostat, int64_t step)
{
    const double first = thermostat->temperature, last = thermostat->last_temperature;
    if (thermostat->ramp_end <= thermostat->ramp_begin || step <= thermostat->ramp_begin) return first;
    if (step >= thermostat->ramp_end) return last;
    const double done =
        (double)(step - thermostat->ramp_begin) / (double)(thermostat->ramp_end - thermostat->ramp_begin);
    return first + done * (last - first);
}

/* ---- stochastic rescaling ---- */

static double uniform(pel_random_key *key)
{
    key->draw++;
    return 1 - pel_random_uniform(*key); /* in (0, 1]: its logarithm exists */
}

static double normal(pel_random_key *key)
{
    key->draw++;
    return pel_random_normal(*key);
}

/* A number of the gamma distribution of shape >= 1 and scale 1. */
static double gamma_number(double shape, pel_random_key *key)
{
    const double d = shape - 1.0 / 3, c = 1 / sqrt(9 * d);
    for (;;) {
        const double x = normal(key), root = 1 + c * x, v = root * root * root;
        if (v > 0 && log(uniform(key)) < 0.5 * x * x + d * (1 - v + log(v))) return d * v;
    }
}

/* The sum of the squares of n normal numbers. A shape below 1 is reached from shape + 1 (section 6 of the paper). */
static double sum_of_squares(double n, pel_random_key *key)
{
    if (n < 1) return 0;
    const double shape = n / 2;
    if (shape >= 1) return 2 * gamma_number(shape, key);
    const double above = gamma_number(shape + 1, key);
    return 2 * above * pow(uniform(key), 1 / shape);
}

double pel_bussi_factor(double kinetic, double freedom, double kt, double decay, uint64_t seed, uint64_t step)
{
    pel_random_key key = {.seed = seed, .id = 0, .step = step};
    const double share = (1 - decay) * kt / (2 * kinetic); /* (1 - c) K0 / (n K) */
    const double r = normal(&key), squares = sum_of_squares(freedom - 1, &key);
    const double square = decay + share * (r * r + squares) + 2 * r * sqrt(decay * share);
    const double sign = r + sqrt(decay / share) < 0 ? -1 : 1; /* eq. A8: matters for a few atoms only */
    return sign * sqrt(fmax(square, 0));
}

/* ---- Nose-Hoover chains ---- */

int pel_nose_hoover_links(const pel_thermostat *thermostat)
{
    return thermostat->links > 0 ? thermostat->links : 3;
}

static double mass_of(const pel_thermostat *thermostat, int link, double freedom, double boltzmann)
{
    const double mass = boltzmann * thermostat->temperature * thermostat->time * thermostat->time;
    return link == 0 ? freedom * mass : mass;
}

/* What drives link j: the atoms, or the link before it. */
static double drive(const pel_thermostat *thermostat, const pel_nose_hoover *chain, int j, double kinetic,
                    double freedom, double boltzmann, double kt)
{
    const double mass = mass_of(thermostat, j, freedom, boltzmann);
    if (j == 0) return (2 * kinetic - freedom * kt) / mass;
    const double before = mass_of(thermostat, j - 1, freedom, boltzmann) * chain->velocity[j - 1];
    return (before * chain->velocity[j - 1] - kt) / mass;
}

/* Half of a piece for the velocity of link j, which the next link rubs. */
static void push_link(const pel_thermostat *thermostat, pel_nose_hoover *chain, int j, double kinetic, double freedom,
                      double boltzmann, double kt, double h)
{
    const bool is_last = j == pel_nose_hoover_links(thermostat) - 1;
    const double rub = is_last ? 1 : exp(-chain->velocity[j + 1] * h / 4);
    const double push = drive(thermostat, chain, j, kinetic, freedom, boltzmann, kt) * h / 2;
    chain->velocity[j] = (chain->velocity[j] * rub + push) * rub;
}

double pel_nose_hoover_factor(const pel_thermostat *thermostat, pel_nose_hoover *chain, double kinetic, double freedom,
                              double boltzmann, double kt, double dt)
{
    const double outer = 1 / (2 - cbrt(2)), weight[3] = {outer, 1 - 2 * outer, outer}; /* Yoshida 1990, order 4 */
    const int links = pel_nose_hoover_links(thermostat);
    double factor = 1;
    for (int piece = 0; piece < 3; piece++) {
        const double h = weight[piece] * dt;
        double present = kinetic * factor * factor;
        for (int j = links - 1; j >= 0; j--) push_link(thermostat, chain, j, present, freedom, boltzmann, kt, h);
        factor *= exp(-chain->velocity[0] * h);
        for (int j = 0; j < links; j++) chain->position[j] += chain->velocity[j] * h;
        present = kinetic * factor * factor;
        for (int j = 0; j < links; j++) push_link(thermostat, chain, j, present, freedom, boltzmann, kt, h);
    }
    return factor;
}

double pel_nose_hoover_energy(const pel_thermostat *thermostat, const pel_nose_hoover *chain, double freedom,
                              double boltzmann, double kt)
{
    double energy = 0;
    for (int j = 0; j < pel_nose_hoover_links(thermostat); j++) {
        const double mass = mass_of(thermostat, j, freedom, boltzmann), v = chain->velocity[j];
        energy += 0.5 * mass * v * v + (j == 0 ? freedom : 1) * kt * chain->position[j];
    }
    return energy;
}
