/**
 * @file
 * Chains: ordered lists of loops, recorded once, run for any number of steps by one of several executors.
 *
 * An app declares fields, records loops into chains, and calls pel_commit(). From the declared accesses follow the
 * halos, where boundary conditions are applied, the memory, the tiles. The result does not depend on the executor, the
 * number of threads, or the tiles: every executor gives the bits of `reference`.
 *
 * Recording never returns an error by itself: the first mistake is kept and given by pel_commit(), so that an app's
 * setup reads as a list of loops.
 */
#ifndef PELAGOS_EXEC_CHAIN_H
#define PELAGOS_EXEC_CHAIN_H

#include "base/text.h"
#include "exec/exchange.h"
#include "exec/loop.h"
#include "exec/team.h"
#include "exec/trace.h"

typedef struct pel_chain pel_chain;

typedef enum pel_chain_kind {
    PEL_CHAIN_PLAIN,  /**< computes; never rotates levels (diagnostics) */
    PEL_CHAIN_STEPPER /**< at the end of each of its steps rotates the fields with several levels that it writes */
} pel_chain_kind;

/** Makes an empty chain over fields of `grid` (the first one; loops over other grids are allowed). */
pel_status pel_chain_create(const char *name, pel_chain_kind kind, pel_chain **chain);
/** Ends the chain; NULL is allowed. Before the grids of its fields. */
void pel_chain_destroy(pel_chain *chain);
const char *pel_chain_name(const pel_chain *chain);

/** Records a loop: see pel_chain_loop(). */
void pel_chain_loop_args(pel_chain *chain, const char *name, pel_kernel *kernel, const void *params, size_t params_size,
                         pel_range range, const pel_arg *args, int arg_count);
#define PEL_ARGS(...) (const pel_arg[]){__VA_ARGS__}, (int)(sizeof((const pel_arg[]){__VA_ARGS__}) / sizeof(pel_arg))
/**
 * Records a loop: `kernel` over the points `range` of what it writes, with the accesses that follow, in the order of
 * the kernel's views. `params` (size bytes) is copied; it holds no pointers to data that changes.
 */
#define pel_chain_loop(chain, name, kernel, params, size, range, ...)                                                  \
    pel_chain_loop_args(chain, name, kernel, params, size, range, PEL_ARGS(__VA_ARGS__))
/** Replaces the parameters of every loop or call of that name, between stretches. @return PEL_ERR_NAME if there is none
 */
pel_status pel_chain_params(pel_chain *chain, const char *name, const void *params, size_t size);

/** What a call gets: the team, the views of its accesses in order, the step, its parameters. */
typedef struct pel_call {
    pel_team *team;
    const pel_view *arg;
    const pel_step *step;
    const void *params;
} pel_call;
/** A global operation on the whole team (a transform, a solve). */
typedef pel_status pel_call_function(const pel_call *call);
void pel_chain_call_args(pel_chain *chain, const char *name, pel_call_function *function, const void *params,
                         size_t params_size, const pel_arg *args, int arg_count);
/** Records a call; it declares its accesses as loops do. */
#define pel_chain_call(chain, name, function, params, size, ...)                                                       \
    pel_chain_call_args(chain, name, function, params, size, PEL_ARGS(__VA_ARGS__))

/** One of `count` pieces of work, run by any thread; pieces of one item write nothing in common. */
typedef void pel_tiles_function(long piece, const pel_view *arg, const pel_step *step, const void *params);
void pel_chain_tiles_args(pel_chain *chain, const char *name, long count, pel_tiles_function *function,
                          const void *params, size_t params_size, const pel_arg *args, int arg_count);
/** Records indexed pieces of work with costs that may differ: measured, handed out heaviest first. */
#define pel_chain_tiles(chain, name, count, function, params, size, ...)                                               \
    pel_chain_tiles_args(chain, name, count, function, params, size, PEL_ARGS(__VA_ARGS__))

/**
 * Declares the floating-point operations of what was recorded last: those of a point of a loop or a reduction, of a
 * step of a call, of all pieces of tiles. An addition, subtraction, multiplication, division or root of doubles is one,
 * a fused multiply-add two, a function of the mathematical library one; comparisons, signs and indices are none. For
 * reports alone, as what a roofline is made of (Williams, Waterman and Patterson 2009, doi:10.1145/1498765.1498785):
 * nothing depends on it.
 */
void pel_chain_flops(pel_chain *chain, double flops);

/** Where the values of a probe go after each stretch: `steps` rows of `count` values, the first of step `first`. */
typedef void pel_probe_sink(void *data, long first, long steps, int count, const double *values);
/** Records the values of component 0 of `field` at `count` cells {x, y, z}, as they are at this place of the chain,
 * every step. */
void pel_chain_probe(pel_chain *chain, pel_field *field, int level, const int (*cells)[3], int count,
                     pel_probe_sink *sink, void *data);

typedef enum pel_reduction { PEL_SUM, PEL_MIN, PEL_MAX } pel_reduction;
/** What a reduction found in the latest step. */
typedef struct pel_reduced {
    double value; /**< the correctly rounded sum, or the extremum */
    int at[3];    /**< lowest global point (x fastest) of the extremum */
    long count;   /**< points */
} pel_reduced;
void pel_chain_reduce_args(pel_chain *chain, const char *name, pel_reduction reduction, pel_kernel *kernel,
                           const void *params, size_t params_size, unsigned centring, pel_range range,
                           pel_reduced *result, const pel_arg *args, int arg_count);
/**
 * Records a reduction over the points `range` of `centring` (of the first arg's grid). `kernel` gets one more view
 * after its declared ones, and writes there the value of each point of the box, which like any box may have several
 * rows and planes: at pel_row(view, y, z)[x], as in a field. Nothing of the size of a field is needed. Sums are exact:
 * any order gives the same bits. `result` is written at the end of a stretch, with what the last step found; it
 * outlives the chain.
 */
#define pel_chain_reduce(chain, name, reduction, kernel, params, size, centring, range, result, ...)                   \
    pel_chain_reduce_args(chain, name, reduction, kernel, params, size, centring, range, result, PEL_ARGS(__VA_ARGS__))

/** For modules that record calls on a caller's behalf: keeps `status`, with the sentence of pel_failure(), as the
 * chain's first mistake, unless it has one already or `status` is PEL_OK. */
void pel_chain_refuse(pel_chain *chain, pel_status status);
/** The chain's first mistake in recording, or PEL_OK. */
pel_status pel_chain_status(const pel_chain *chain);

/**
 * Derives halos and boundary loops of all chains, then reserves the memory of all fields of all grids, zeroed by the
 * threads that will compute it.
 * @return PEL_OK, PEL_ERR_ARGUMENT with the first recording mistake, or PEL_ERR_MEMORY
 */
pel_status pel_commit(pel_team *team, pel_grid *const *grids, int grid_count, pel_chain *const *chains,
                      int chain_count);

/** Derives halos and boundary loops alone, for pel_chain_describe() and pel_field_bytes(): nothing can be run yet. */
pel_status pel_commit_plan(pel_chain *const *chains, int chain_count);

typedef enum pel_executor {
    PEL_EXECUTOR_AUTO,      /**< what is expected to be fastest */
    PEL_EXECUTOR_REFERENCE, /**< one thread, loop after loop, whole boxes */
    PEL_EXECUTOR_SPATIAL,   /**< each loop cut into tiles over the team */
    PEL_EXECUTOR_TEMPORAL   /**< tiles that go through several steps while their data stays in cache */
} pel_executor;

/** How to run; zero means the default. */
typedef struct pel_run_options {
    pel_executor executor;
    int tile[3];       /**< spatial: points a tile; 0: chosen */
    int pitch;         /**< temporal: points from a tile to the next; 0: chosen; raised to what the reaches need */
    int height;        /**< temporal: steps a tile grows; 0: chosen */
    int chunk;         /**< temporal: points that the wavefront moves on; 0: chosen */
    int row;           /**< temporal in three dimensions: points of a row at a time; 0: whole rows */
    bool check_access; /**< poison what kernels did not declare, and report the kernel that looks there or writes
                          elsewhere */
    long order;        /**< seed of an adversarial order of tiles; 0: the natural one */
    const pel_exchange *exchange; /**< needed where a grid has several blocks */
    pel_trace *trace;             /**< where to note what each thread did; NULL: nowhere */
} pel_run_options;

/** What running has cost; summed over runs. */
typedef struct pel_chain_cost {
    double seconds;
    long steps;
    double updates; /**< points computed by loops, all loops */
    double bytes;   /**< that the declared accesses imply: each array read or written once a loop or call */
    double flops;   /**< that were declared with pel_chain_flops(); NAN if anything that has run declares none */
} pel_chain_cost;

/**
 * Runs the chain for `steps` steps from `first` (its index, time and dt; dt stays, time advances by pel_step_next()).
 * @return PEL_OK, PEL_ERR_ACCESS from the checker, a call's failure, or an exchange's
 */
pel_status pel_chain_run(pel_chain *chain, pel_team *team, const pel_run_options *options, pel_step first, long steps);
/** The same for `count` chains at once, each over its own block of a cut grid: their loops take turns, so that
 * exchanges meet. */
pel_status pel_chain_run_blocks(pel_chain *const *chains, int count, pel_team *team, const pel_run_options *options,
                                pel_step first, long steps);

/**
 * Runs independent chains beside each other: chain i for `steps[i]` steps from `first[i]`. No field that one writes may
 * be touched by another. Each chain gets a group of the team's threads, in proportion to its need: by its declared
 * bytes at first, then by what its latest stretch took. The bits are those of running the chains one after the other.
 *
 * One after the other, each with the whole team, run: all of them where there are fewer threads than chains or under an
 * executor that needs the whole team; and after the others, chains with calls or exchanges, which are the whole team's
 * work, and chains that fill a halo of a field that another reads.
 *
 * @return PEL_OK, PEL_ERR_ARGUMENT naming the field that two chains share or the chain that is given twice, and all
 * that pel_chain_run() may return
 */
pel_status pel_chain_run_beside(pel_chain *const *chains, const pel_step *first, const long *steps, int count,
                                pel_team *team, const pel_run_options *options);

/** The next step: index + 1, time + dt. One rule, whatever the stretches. */
pel_step pel_step_next(pel_step step);

/** What has been run so far, since the chain was made or its cost reset. */
pel_chain_cost pel_chain_cost_so_far(const pel_chain *chain);
/** Sets the cost to 0: what has been run so far was to warm up. */
void pel_chain_cost_reset(pel_chain *chain);
/** Bytes and points that one step implies, by the declared accesses. */
void pel_chain_predict(const pel_chain *chain, double *updates, double *bytes);
/** Describes the plan: each loop, boundary loop and exchange in order, with range, reach and bytes, and how it is
 * tiled. @return PEL_OK or PEL_ERR_MEMORY */
pel_status pel_chain_describe(pel_chain *chain, const pel_team *team, const pel_run_options *options, pel_text *text);

#endif
