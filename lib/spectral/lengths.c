/* FFTW's codelets cover the factors 2 to 16, 20, 25, 32 and 64; other primes go through Rader's or Bluestein's
 * algorithm, which takes several times as long (FFTW 3.3.10 manual, section 4.1.1). */
#include "spectral/lengths.h"

bool pel_length_is_good(int n)
{
    static const int small[] = {2, 3, 5, 7};
    if (n < 1) return false;
    for (int i = 0; i < 4; i++)
        while (n % small[i] == 0) n /= small[i];
    return n == 1 || n == 11 || n == 13;
}

int pel_length_next_good(int n)
{
    const int step = n % 2 == 0 ? 2 : 1;
    while (!pel_length_is_good(n)) n += step;
    return n;
}
