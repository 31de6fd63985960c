/* Inverses on any machine. */
#include "particles/inverses.h"

void pel_inverses(int n, const double *restrict value, double *restrict inverse)
{
    for (int k = 0; k < n; k++) inverse[k] = 1 / value[k];
}
