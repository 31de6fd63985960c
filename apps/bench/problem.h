/**
 * @file
 * What a benchmark case is, and a case made ready to run: a grid of some size, fields filled by keyed random numbers,
 * a recorded chain, and beside it the same step written by hand.
 */
#ifndef PELAGOS_APPS_BENCH_PROBLEM_H
#define PELAGOS_APPS_BENCH_PROBLEM_H

#include "exec/planner.h"
#include "pelagos.h"
#include "sim/rehearsal.h"
#include "spectral/elliptic.h"
#include "spectral/space.h"

enum { BENCH_MOST_FIELDS = 16 };

typedef struct bench_problem bench_problem;

/** The apps among which a case's, or a deck's, is looked for. */
typedef struct bench_apps {
    const pel_app *const *app;
    int count;
} bench_apps;

/**
 * One thread's share of one sweep of a step, as somebody would write it who had only this kernel to run: working on
 * the memory of the fields, planes shared out along z, blocked in y. The team meets after every sweep. The order of the
 * operations at a cell is that of the kernel, so that the bits are the same.
 */
typedef void bench_hand(const bench_problem *p, int sweep, int thread, int threads);

/**
 * The transforms of a step alone, in arrays of their own, by raw FFTW with its own threads or by Pelagos: not the same
 * bits, but right to round-off. `effort` is FFTW_ESTIMATE or FFTW_MEASURE.
 */
typedef struct bench_rival {
    pel_status (*begin)(bench_problem *p, unsigned effort, void **state);
    pel_status (*load)(const bench_problem *p, void *state); /**< takes the problem's state at step 0 for its input */
    pel_status (*step)(void *state);                         /**< the transforms of one step */
    /** After one step of both: root of the sum of squared differences, over that of the squares. Finds out what it
     * can about each transform; may overwrite what step() left. */
    double (*difference)(const bench_problem *p, void *state);
    void (*end)(void *state);
    int transforms; /**< one after the other, of what difference() compares */
    bool is_part;   /**< a step is more than these transforms */
} bench_rival;

/** A case. Zero stands for nothing of the kind. */
typedef struct bench_case {
    const char *name, *summary;
    int cells[3]; /**< of a run without --size: modest; 1 beyond its dimensions */
    int dimensions;
    long steps;         /**< a repetition, without --steps */
    int flops;          /**< a cell and step; 0: not counted */
    bool is_periodic;   /**< whatever is asked for: transforms know no walls */
    bool is_stationary; /**< a step does not build on the one before: nothing to tile in time */
    bool is_sum;        /**< its result is the sum of what the threads of `hand` leave in bench_partial() */
    bool is_overhead;   /**< `hand` runs on one thread without a team: what others take longer is their overhead */
    const char *app;    /**< NULL, or the app whose step is run, with the deck that deck() writes */
    void (*deck)(const int cells[3], bool is_periodic, pel_text *text);
    pel_status (*declare)(bench_problem *p); /**< declares the fields and records p->chain */
    bench_hand *hand;
    int sweeps;               /**< of `hand` in a step */
    const bench_rival *rival; /**< raw FFTW */
    const bench_rival *part;  /**< Pelagos */
} bench_case;

/** How the values of a field are drawn: uniform in [low, high), multiples of `grain` (0: all numbers). */
typedef struct bench_values {
    double low, high, grain;
} bench_values;

struct bench_problem {
    const bench_case *which;
    int cells[3];
    bool is_periodic;
    pel_team *team; /**< borrowed */
    pel_grid *grid;
    pel_chain *chain;
    pel_step now;
    pel_field *field[BENCH_MOST_FIELDS];
    bench_values values[BENCH_MOST_FIELDS];
    int field_count;
    pel_space *space;     /**< NULL where nothing is transformed */
    pel_elliptic *solver; /**< or solved */
    pel_field *spectral[BENCH_MOST_FIELDS];
    int spectral_count;
    pel_reduced reduced;      /**< what the chain's reduction found, where it has one */
    pel_rehearsal *rehearsal; /**< in place of fields of its own, where the step is an app's */
    double cache_bytes;       /**< of level 2, a core: what `hand` blocks for */
    double *partials;         /**< a number a thread: bench_partial() */
};

/** What runs a step: an executor with its options, the loops written by hand, or transforms alone. */
typedef struct bench_contender {
    const char *name;
    bool is_hand;
    const bench_rival *rival; /**< the transforms, with their state; NULL for the others */
    void *state;
    pel_run_options options;
} bench_contender;

/**
 * Makes a case ready on `team`, which it borrows.
 * @return PEL_OK, or what went wrong with nothing left behind
 */
pel_status bench_problem_create(const bench_case *which, const int cells[3], bool is_periodic, pel_team *team,
                                bench_apps apps, bench_problem **problem);
/** The same for the step of a deck, with "key=value" overrides; it belongs to no case that bench_case_find() knows. */
pel_status bench_problem_from_deck(const char *deck_path, const char *const *sets, int set_count, pel_team *team,
                                   bench_apps apps, bench_problem **problem);
void bench_problem_destroy(bench_problem *problem);

/** For declare(): adds a field whose initial values are drawn from `values`. */
pel_status bench_field(bench_problem *p, const char *name, const pel_field_spec *spec, bench_values values);

/** For declare(): makes the space of the problem's grid; `spec` without grid. */
pel_status bench_space(bench_problem *p, const pel_space_spec *spec);
/** For declare(): adds a spectral field, zero at step 0. */
pel_status bench_spectral_field(bench_problem *p, const char *name, const pel_field_spec *spec);

/** Back to step 0: every field filled anew with the same numbers. */
pel_status bench_fill(bench_problem *p);
/** Goes on by `steps` steps. */
pel_status bench_run(bench_problem *p, const bench_contender *by, long steps);
/** Hash of all the fields and the reduction. */
uint64_t bench_hash(const bench_problem *p);
/** Whether there are loops written by hand to compare with. */
bool bench_has_hand(const bench_problem *p);
/** Cells of the grid. */
double bench_cells(const bench_problem *p);
/** Bytes that the accesses of one step declare. */
double bench_bytes_a_step(const bench_problem *p);

/** For difference(): sums of squares, of numbers and of how far others are from them. */
typedef struct bench_apart {
    double apart, all;
} bench_apart;
static inline void bench_add_apart(bench_apart *sums, double number, double other)
{
    sums->apart += (number - other) * (number - other);
    sums->all += number * number;
}
double bench_difference(const bench_apart *sums);

/** For hand(): the planes of z that fall to a thread; in 2-D, z is one plane. */
void bench_planes(const bench_problem *p, int thread, int threads, int *lo, int *hi);
/** For hand(): rows of y a block, so that `planes` planes of it, counted over all arrays, stay in half of the L2. */
int bench_block_rows(const bench_problem *p, int planes);
/** For hand(): where a thread leaves its part of a sum, on a cache line of its own. */
double *bench_partial(const bench_problem *p, int thread);
static inline int bench_least(int a, int b)
{
    return a < b ? a : b;
}

#endif
