/* The box to the pressure wanted: the zero of P - P0 as a function of the logarithm of the length, by secants. */
#include <math.h>

#include "particles/minimise.h"

enum { MOST_SCALINGS = 60 };
static const double first_strain = 1e-4, most_strain = 0.02;

/* Minimises the atoms and gives their pressure less the one wanted. */
static pel_status excess_pressure(pel_system *system, const pel_minimisation *how, double pressure,
                                  pel_minimised *result, double *excess)
{
    const long iterations = result->iterations, evaluations = result->evaluations;
    PEL_TRY(pel_minimise(system, how, result));
    result->iterations += iterations, result->evaluations += evaluations;
    const double *virial = pel_system_energy_of(system)->virial, *length = pel_system_box(system)->length;
    *excess = (virial[0] + virial[1] + virial[2]) / (3 * length[0] * length[1] * length[2]) - pressure;
    return PEL_OK;
}

/* The next strain: by a secant where the pressure falls as the box grows, else a step the right way. */
static double next_strain(double strain, double excess, double before)
{
    const double slope = (excess - before) / strain;
    const double wanted = slope < 0 ? -excess / slope : (excess > 0 ? most_strain : -most_strain);
    return fmin(fmax(wanted, -most_strain), most_strain);
}

pel_status pel_minimise_box(pel_system *system, const pel_minimisation *how, double pressure, double tolerance,
                            pel_minimised *result)
{
    if (!(tolerance > 0))
        return pel_fail(PEL_ERR_ARGUMENT, "the pressure of a minimised box needs a tolerance > 0; it is %g", tolerance);
    double excess, before;
    *result = (pel_minimised){0};
    PEL_TRY(excess_pressure(system, how, pressure, result, &excess));
    double strain = excess > 0 ? first_strain : -first_strain;
    for (int i = 0; i < MOST_SCALINGS && fabs(excess) > tolerance; i++) {
        const double factor = exp(strain);
        before = excess;
        PEL_TRY(pel_system_scale(system, (double[3]){factor, factor, factor}));
        PEL_TRY(excess_pressure(system, how, pressure, result, &excess));
        strain = next_strain(strain, excess, before);
    }
    if (fabs(excess) <= tolerance) return PEL_OK;
    return pel_fail(PEL_ERR_NUMERICS,
                    "the pressure is still %g off the %g wanted after %d scalings of the box; begin nearer to it, or "
                    "allow more than %g",
                    excess, pressure, MOST_SCALINGS, tolerance);
}
