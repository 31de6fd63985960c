/* Transforms of single lines: a table of FFTW's plans, one a kind and length; and, of the complex kinds, of batches of
 * neighbouring lines across a field, one plan a length, count and stride.
 *
 * Why single lines, and not FFTW's own transforms in several dimensions or batches of lines: a plan for a whole array
 * would be chosen anew for every number of threads, and another plan is another order of operations. Here every line of
 * a length goes through the same plan, which was made by estimate: nothing is measured, so nothing depends on how busy
 * the machine was. Batches of 8 contiguous lines were no faster than single ones from 64 points on (2 cores with
 * AVX-512), and single ones leave no short batch at the end. A batch across a field is a whole row of it, always.
 *
 * FFTW chooses its SIMD code by the alignment of the arrays that a plan is made with; all lines are aligned alike. */
#include "spectral/line_inside.h"

#include <assert.h>
#include <complex.h> /* before fftw3.h: its complex is then C's */
#include <fftw3.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/memory.h"

enum { LINE_BYTES = 64 };

struct pel_line {
    pel_line_kind kind;
    int n, count;     /* points; lines at once */
    ptrdiff_t stride; /* from a point to the next */
    bool is_in_place;
    fftw_plan plan;
    pel_line *next;
};

static pel_line *lines; /* all that were asked for */

/* ---- what a kind is to FFTW ---- */

static const struct {
    bool is_real_to_real, is_in_place;
    fftw_r2r_kind r2r;
    double scale; /* there and back multiplies by scale (n + offset) */
    int offset;
} traits[PEL_LINE_KINDS] = {
    [PEL_LINE_FORWARD] = {.scale = 1},
    [PEL_LINE_BACKWARD] = {.scale = 1},
    [PEL_LINE_REAL_FORWARD] = {.scale = 1},
    [PEL_LINE_REAL_BACKWARD] = {.scale = 1},
    [PEL_LINE_REDFT00] = {true, true, FFTW_REDFT00, 2, -1},
    [PEL_LINE_REDFT10] = {true, true, FFTW_REDFT10, 2, 0},
    [PEL_LINE_REDFT01] = {true, true, FFTW_REDFT01, 2, 0},
    [PEL_LINE_REDFT11] = {true, true, FFTW_REDFT11, 2, 0},
    [PEL_LINE_RODFT00] = {true, true, FFTW_RODFT00, 2, 1},
    [PEL_LINE_RODFT10] = {true, true, FFTW_RODFT10, 2, 0},
    [PEL_LINE_RODFT01] = {true, true, FFTW_RODFT01, 2, 0},
    [PEL_LINE_RODFT11] = {true, true, FFTW_RODFT11, 2, 0},
};

double pel_line_flops(pel_line_kind kind, int n)
{
    const bool is_complex = kind == PEL_LINE_FORWARD || kind == PEL_LINE_BACKWARD;
    return (is_complex ? 5 : 2.5) * n * log2(n);
}

double pel_line_factor(pel_line_kind kind, int n)
{
    return traits[kind].scale * (n + traits[kind].offset);
}

/* ---- planning ---- */

static fftw_plan make_complex_plan(const pel_line *line, void *in, void *out)
{
    const int sign = line->kind == PEL_LINE_FORWARD ? FFTW_FORWARD : FFTW_BACKWARD;
    const fftw_iodim64 points = {line->n, line->stride, line->stride}, batch = {line->count, 1, 1};
    return fftw_plan_guru64_dft(1, &points, 1, &batch, in, out, sign, FFTW_ESTIMATE);
}

static fftw_plan make_plan(const pel_line *line, void *in, void *out)
{
    const pel_line_kind kind = line->kind;
    const int n = line->n;
    switch (kind) {
    case PEL_LINE_FORWARD:
    case PEL_LINE_BACKWARD:
        return make_complex_plan(line, in, out);
    case PEL_LINE_REAL_FORWARD:
        return fftw_plan_dft_r2c_1d(n, in, out, FFTW_ESTIMATE);
    case PEL_LINE_REAL_BACKWARD:
        return fftw_plan_dft_c2r_1d(n, in, out, FFTW_ESTIMATE);
    default:
        return fftw_plan_r2r_1d(n, in, out, traits[kind].r2r, FFTW_ESTIMATE);
    }
}

/* The arrays are only looked at for their alignment; planning by estimate touches nothing. */
static pel_status plan_on_arrays(pel_line *line)
{
    const size_t points = (size_t)(line->n - 1) * (size_t)line->stride + (size_t)line->count + 2;
    const size_t bytes = points * sizeof(double complex) / LINE_BYTES * LINE_BYTES + LINE_BYTES;
    void *in = aligned_alloc(LINE_BYTES, bytes);
    void *out = line->is_in_place ? in : aligned_alloc(LINE_BYTES, bytes);
    if (in && out) line->plan = make_plan(line, in, out);
    if (out != in) free(out);
    free(in);
    return line->plan ? PEL_OK : pel_fail(PEL_ERR_MEMORY, "FFTW has no memory for a plan of %d points", line->n);
}

static pel_status find_or_plan(const pel_line *wanted, const pel_line **line)
{
    for (const pel_line *known = lines; known; known = known->next)
        if (known->kind == wanted->kind && known->n == wanted->n && known->count == wanted->count &&
            known->stride == wanted->stride) {
            *line = known;
            return PEL_OK;
        }
    pel_line *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    *fresh = *wanted;
    fresh->next = lines;
    const pel_status status = plan_on_arrays(fresh);
    if (status == PEL_OK) *line = lines = fresh;
    else free(fresh);
    return status;
}

pel_status pel_line_plan(pel_line_kind kind, int n, const pel_line **line)
{
    const int least = kind == PEL_LINE_REDFT00 ? 2 : 1;
    if (n < least) return pel_fail(PEL_ERR_ARGUMENT, "a transform of %d points; it needs at least %d", n, least);
    return find_or_plan(
        &(pel_line){.kind = kind, .n = n, .count = 1, .stride = 1, .is_in_place = traits[kind].is_in_place}, line);
}

pel_status pel_line_plan_batch(pel_line_kind kind, int n, int count, ptrdiff_t stride, const pel_line **line)
{
    assert(kind <= PEL_LINE_BACKWARD && stride >= count);
    return find_or_plan(&(pel_line){.kind = kind, .n = n, .count = count, .stride = stride, .is_in_place = true}, line);
}

/* ---- running ---- */

void pel_line_run(const pel_line *line, void *in, void *out)
{
    assert((uintptr_t)in % LINE_BYTES == 0 && (uintptr_t)out % LINE_BYTES == 0);
    assert((in == out) == line->is_in_place);
    if (traits[line->kind].is_real_to_real) fftw_execute_r2r(line->plan, in, out);
    else if (line->kind == PEL_LINE_REAL_FORWARD) fftw_execute_dft_r2c(line->plan, in, out);
    else if (line->kind == PEL_LINE_REAL_BACKWARD) fftw_execute_dft_c2r(line->plan, in, out);
    else fftw_execute_dft(line->plan, in, out);
}

/* ---- scratch ---- */

typedef struct scratch {
    void *memory;
    size_t bytes;
} scratch;

static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;
static _Thread_local scratch mine;

static void make_key(void)
{
    if (pthread_key_create(&scratch_key, free) != 0) abort(); /* no key is left: a programmer's mistake */
}

/* Without the key's value, memory would be lost when the thread ends. */
static void *allocate_owned(size_t bytes)
{
    void *memory = aligned_alloc(LINE_BYTES, bytes);
    if (pthread_setspecific(scratch_key, memory) == 0) return memory;
    free(memory);
    return NULL;
}

void *pel_line_scratch(size_t bytes)
{
    if (bytes <= mine.bytes) return mine.memory;
    if (pthread_once(&scratch_once, make_key) != 0) return NULL;
    if (mine.memory && pthread_setspecific(scratch_key, NULL) != 0) return NULL;
    free(mine.memory);
    mine.bytes = (bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
    mine.memory = allocate_owned(mine.bytes);
    if (!mine.memory) mine.bytes = 0;
    return mine.memory;
}
