/* Velocities of a temperature.
 *
 * Each component is normal with variance k T / (m u), with u the kinetic unit (energy of mass * velocity^2). What N
 * such draws have of total momentum and of kinetic energy varies from draw to draw; a run begins with just zero and
 * just the temperature asked for, counted over the 3 N - 3 degrees of freedom that are left. */
#include "particles/velocities.h"

#include <math.h>

#include "base/hash.h"
#include "base/random.h"
#include "exec/sum.h"

static double mass_of(const pel_configuration *atoms, long i)
{
    return atoms->mass[atoms->type[i] - 1];
}

static pel_status check(const pel_configuration *atoms, double temperature)
{
    if (!(temperature >= 0 && temperature < INFINITY))
        return pel_fail(PEL_ERR_ARGUMENT, "a temperature of %g; it must be 0 or more", temperature);
    for (int t = 0; t < atoms->types; t++)
        if (!(atoms->mass[t] > 0 && atoms->mass[t] < INFINITY))
            return pel_fail(PEL_ERR_ARGUMENT, "the mass of type %d is %g; give it one greater than 0", t + 1,
                            atoms->mass[t]);
    return PEL_OK;
}

static void draw(pel_configuration *atoms, double energy, uint64_t seed, double kinetic_unit)
{
    const uint64_t own = pel_hash_mix(seed, pel_hash_text("velocities"));
    for (long i = 0; i < atoms->count; i++) {
        const double width = sqrt(energy / (mass_of(atoms, i) * kinetic_unit));
        for (uint64_t d = 0; d < 3; d++) {
            const pel_random_key key = {.seed = own, .id = (uint64_t)atoms->id[i], .draw = d};
            atoms->velocity[i][d] = width * pel_random_normal(key);
        }
    }
}

void pel_velocities_remove_drift(pel_configuration *configuration)
{
    pel_sum momentum[3] = {{.pending = 0}}, mass = {.pending = 0};
    for (long i = 0; i < configuration->count; i++) {
        const double m = mass_of(configuration, i);
        pel_sum_add(&mass, m);
        for (int d = 0; d < 3; d++) pel_sum_add(&momentum[d], m * configuration->velocity[i][d]);
    }
    for (int d = 0; d < 3 && configuration->count; d++) {
        const double drift = pel_sum_round(&momentum[d]) / pel_sum_round(&mass);
        for (long i = 0; i < configuration->count; i++) configuration->velocity[i][d] -= drift;
    }
}

double pel_velocities_temperature(const pel_configuration *configuration, const pel_unit_system *units)
{
    pel_sum sum = {.pending = 0};
    if (configuration->count < 2) return 0;
    for (long i = 0; i < configuration->count; i++) {
        const double m = mass_of(configuration, i);
        for (int d = 0; d < 3; d++)
            pel_sum_add(&sum, m * configuration->velocity[i][d] * configuration->velocity[i][d]);
    }
    const double freedom = 3.0 * (double)configuration->count - 3;
    return pel_sum_round(&sum) * units->kinetic_unit / (freedom * units->boltzmann);
}

pel_status pel_velocities_draw(pel_configuration *configuration, double temperature, uint64_t seed,
                               const pel_unit_system *units)
{
    PEL_TRY(check(configuration, temperature));
    draw(configuration, units->boltzmann * temperature, seed, units->kinetic_unit);
    /* The second round takes out what the first one's rounding has left. */
    for (int round = 0; round < 2; round++) {
        pel_velocities_remove_drift(configuration);
        const double now = pel_velocities_temperature(configuration, units);
        if (!(now < INFINITY))
            return pel_fail(PEL_ERR_ARGUMENT, "a temperature of %g; the energy of its velocities is beyond all numbers",
                            temperature);
        const double scale = now > 0 ? sqrt(temperature / now) : 0;
        for (long i = 0; i < configuration->count; i++)
            for (int d = 0; d < 3; d++) configuration->velocity[i][d] *= scale;
    }
    return PEL_OK;
}
