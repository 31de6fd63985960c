/* Counter-based random numbers. */
#include "base/random.h"

#include <Random123/philox.h>
#include <math.h>

static philox4x64_ctr_t draw(pel_random_key key)
{
    const philox4x64_ctr_t counter = {{key.id, key.step, key.draw, 0}};
    const philox4x64_key_t seed = {{key.seed, 0}};
    return philox4x64(counter, seed);
}

static double uniform(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

uint64_t pel_random_bits(pel_random_key key)
{
    return draw(key).v[0];
}

double pel_random_uniform(pel_random_key key)
{
    return uniform(draw(key).v[0]);
}

double pel_random_normal(pel_random_key key)
{
    const philox4x64_ctr_t bits = draw(key);
    const double radius = sqrt(-2 * log(1 - uniform(bits.v[0]))); /* 1 - u is in (0, 1] */
    return radius * cos(2 * M_PI * uniform(bits.v[1]));
}
