/**
 * @file
 * A probe's values as one number, for comparing runs.
 */
#ifndef PELAGOS_TESTS_SUPPORT_PROBE_H
#define PELAGOS_TESTS_SUPPORT_PROBE_H

#include <stdint.h>
#include <string.h>

#include "base/hash.h"

/** A pel_probe_sink: mixes the bits of all values, with the step each stretch began at, into the uint64_t at `data`. */
static inline void probe_hash(void *data, long first, long steps, int count, const double *values)
{
    uint64_t *probed = data;
    for (long i = 0; i < steps * count; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        *probed = pel_hash_mix(*probed + (uint64_t)first, bits);
    }
}

#endif
