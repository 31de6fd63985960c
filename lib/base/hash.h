/**
 * @file
 * Hashes of state: a sum of mixed words, the same for any order of summation and any decomposition.
 */
#ifndef PELAGOS_BASE_HASH_H
#define PELAGOS_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/** Mixes two words into one, all bits of both spread over all bits of the result. */
static inline uint64_t pel_hash_mix(uint64_t a, uint64_t b)
{
    /* The finaliser of SplitMix64 (Steele, Lea & Flood 2014, OOPSLA) over a sum with an odd multiple of b. */
    uint64_t z = a + b * 0x9e3779b97f4a7c15u + 0x632be59bd9b4e019u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/** Hash of `bytes` bytes (XXH3, 64 bits). */
uint64_t pel_hash_bytes(const void *data, size_t bytes);
/** Hash of a zero-terminated text (XXH3, 64 bits). */
uint64_t pel_hash_text(const char *text);

#endif
