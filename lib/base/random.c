/* Counter-based random numbers. */
#include "base/random.h"

#include <Random123/philox.h>
#include <math.h>

/* By address: a key that is copied in a wide register leaves its upper half in use, and the mathematical functions that
 * are called next then take several times as long. */
static philox4x64_ctr_t draw(const pel_random_key *key)
{
    const philox4x64_ctr_t counter = {{key->id, key->step, key->draw, 0}};
    const philox4x64_key_t seed = {{key->seed, 0}};
    return philox4x64(counter, seed);
}

static double uniform(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

uint64_t pel_random_bits(pel_random_key key)
{
    return draw(&key).v[0];
}

double pel_random_uniform(pel_random_key key)
{
    return uniform(draw(&key).v[0]);
}

/* Two independent normal numbers of two words (Box & Muller 1958). */
static void normal_pair(uint64_t first, uint64_t second, double value[2])
{
    const double radius = sqrt(-2 * log(1 - uniform(first))); /* 1 - u is in (0, 1] */
    const double angle = 2 * M_PI * uniform(second);
    value[0] = radius * cos(angle);
    value[1] = radius * sin(angle);
}

double pel_random_normal(pel_random_key key)
{
    const philox4x64_ctr_t bits = draw(&key);
    double pair[2];
    normal_pair(bits.v[0], bits.v[1], pair);
    return pair[0];
}

void pel_random_normals(pel_random_key key, double value[4])
{
    const philox4x64_ctr_t bits = draw(&key);
    normal_pair(bits.v[0], bits.v[1], value);
    normal_pair(bits.v[2], bits.v[3], value + 2);
}
