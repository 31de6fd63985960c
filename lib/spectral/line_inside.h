/**
 * @file
 * Transforms of single lines, by FFTW. For lib/spectral only.
 *
 * One plan for each kind and length, made by estimate, so that a length is always computed by the same operations in
 * the same order: the same bits on any thread and in any run. Lines begin on a cache line and lie contiguous in memory,
 * but for batches; the caller shares them out over the team.
 */
#ifndef PELAGOS_SPECTRAL_LINE_INSIDE_H
#define PELAGOS_SPECTRAL_LINE_INSIDE_H

#include <stddef.h>

#include "base/status.h"

/**
 * What is done to a line of n points. None is scaled: there and back multiplies by pel_line_factor().
 *
 * The real ones to real are named after what they expand a line in; x_j is the j-th point, q the q-th coefficient.
 */
typedef enum pel_line_kind {
    /* out of place, which is half as fast again as in place; the complex ones leave the input alone */
    PEL_LINE_FORWARD,       /**< n complex to n complex, exp(-i) */
    PEL_LINE_BACKWARD,      /**< n complex to n complex, exp(+i) */
    PEL_LINE_REAL_FORWARD,  /**< n reals to n / 2 + 1 complex; leaves the input alone */
    PEL_LINE_REAL_BACKWARD, /**< n / 2 + 1 complex to n reals; destroys the input */
    /* n reals to n reals, in place */
    PEL_LINE_REDFT00, /**< cos(pi j q / (n - 1)): even about both end points; its own inverse */
    PEL_LINE_REDFT10, /**< cos(pi (j + 1/2) q / n): even about half a cell outside both ends; back: REDFT01 */
    PEL_LINE_REDFT01,
    PEL_LINE_REDFT11, /**< cos(pi (j + 1/2) (q + 1/2) / n): even below, odd above; its own inverse */
    PEL_LINE_RODFT00, /**< sin(pi (j + 1) (q + 1) / (n + 1)): odd about one cell outside both ends; its own inverse */
    PEL_LINE_RODFT10, /**< sin(pi (j + 1/2) (q + 1) / n): odd about half a cell outside both ends; back: RODFT01 */
    PEL_LINE_RODFT01,
    PEL_LINE_RODFT11, /**< sin(pi (j + 1/2) (q + 1/2) / n): odd below, even above; its own inverse */
    PEL_LINE_KINDS
} pel_line_kind;

typedef struct pel_line pel_line;

/**
 * The plan for a kind and length; the same pointer for the same question. It lives as long as the process. Not
 * thread-safe: call while a chain is being recorded, or in a call before its work is handed to the team.
 * @return PEL_OK, PEL_ERR_ARGUMENT (n below 1; below 2 for REDFT00), PEL_ERR_MEMORY
 */
pel_status pel_line_plan(pel_line_kind kind, int n, const pel_line **line);
/**
 * The plan for `count` neighbouring lines at once, in place, of which each has its points `stride` elements apart: all
 * lines along z of a row of a field. For complex lines only; as pel_line_plan().
 */
pel_status pel_line_plan_batch(pel_line_kind kind, int n, int count, ptrdiff_t stride, const pel_line **line);
/** Transforms one line, or one batch; both addresses are multiples of 64 bytes (in == out for the kinds that work in
 * place). */
void pel_line_run(const pel_line *line, void *in, void *out);
/** What there and back multiplies by: n, or 2 n, 2 (n - 1), 2 (n + 1). */
double pel_line_factor(pel_line_kind kind, int n);

/**
 * Floating-point operations of a line: 5 n log2 n of complex numbers and half of that of reals, which is what radix 2
 * takes and what transforms are compared by (Frigo and Johnson, Proc. IEEE 93 (2005) 216, sec. III); FFTW's own count
 * is lower.
 */
double pel_line_flops(pel_line_kind kind, int n);

/** This thread's scratch of at least `bytes`, on a cache line, kept until the thread ends; NULL if memory runs out. */
void *pel_line_scratch(size_t bytes);

#endif
