/**
 * @file
 * Lengths that FFTW does well: products of small primes.
 */
#ifndef PELAGOS_SPECTRAL_LENGTHS_H
#define PELAGOS_SPECTRAL_LENGTHS_H

#include <stdbool.h>

/** Whether n is 2^a 3^b 5^c 7^d times at most one of 11 and 13: what FFTW has codelets for. */
bool pel_length_is_good(int n);
/** The smallest good length from n on; even where n is. */
int pel_length_next_good(int n);

#endif
