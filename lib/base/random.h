/**
 * @file
 * Random numbers keyed by (seed, id, step, draw): the same draw on any thread, in any order, after any resume.
 *
 * Philox4x64-10 (Salmon, Moraes, Dror & Shaw 2011, SC11), from the Random123 library.
 */
#ifndef PELAGOS_BASE_RANDOM_H
#define PELAGOS_BASE_RANDOM_H

#include <stdint.h>

/** What a draw belongs to. */
typedef struct pel_random_key {
    uint64_t seed; /**< of the run */
    uint64_t id;   /**< of the cell, atom or mode */
    uint64_t step;
    uint64_t draw; /**< 0, 1, 2 ... where one id draws several times in a step */
} pel_random_key;

/** 64 random bits. */
uint64_t pel_random_bits(pel_random_key key);
/** Uniform in [0, 1), a multiple of 2^-53. */
double pel_random_uniform(pel_random_key key);
/** Normal with mean 0 and variance 1 (Box-Muller). */
double pel_random_normal(pel_random_key key);
/** Four independent ones, for little more than the price of one; the first is pel_random_normal(). */
void pel_random_normals(pel_random_key key, double value[4]);

#endif
