/* Grains are powers of two, so that multiplying and dividing by them is exact. */
#include "particles/grain.h"

#include <math.h>

pel_grain pel_grain_for(double most)
{
    const double power = exp2(ceil(log2(most)));
    return (pel_grain){.quantum = ldexp(power, -51), .anchor = 3 * power, .most = power};
}
