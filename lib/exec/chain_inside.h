/**
 * @file
 * Inside a chain. For lib/exec only.
 *
 * Recording makes *slots*: loops, calls, tiles, probes, reductions, in order. pel_commit() derives the *plan*: the same
 * slots with exchanges and boundary slots put in where a read looks outside what was computed, and a mark on every slot
 * that must wait for those before it.
 */
#ifndef PELAGOS_EXEC_CHAIN_INSIDE_H
#define PELAGOS_EXEC_CHAIN_INSIDE_H

#include <stdatomic.h>

#include "exec/chain.h"
#include "exec/planner.h"
#include "exec/sum.h"

typedef enum slot_kind {
    SLOT_LOOP,
    SLOT_CALL,
    SLOT_TILES,
    SLOT_PROBE,
    SLOT_REDUCE,
    SLOT_BOUNDARY,
    SLOT_EXCHANGE
} slot_kind;

/** How deep the halo of one level of one field is filled, a dimension and side. */
typedef struct slot_depth {
    int side[3][2];
} slot_depth;

/** One thread's part of a reduction, on cache lines of its own. */
typedef struct slot_partial {
    _Alignas(64) pel_sum sum;
    pel_reduced extremum; /* count 1: there is one */
    long points;
} slot_partial;

/** How many tiles of each thread's share are taken; two sets, used by even and odd steps in turn. */
typedef struct slot_taken {
    _Alignas(64) atomic_long count[2];
} slot_taken;

typedef struct slot {
    slot_kind kind;
    char *name;
    pel_arg *args;
    int arg_count;
    void *params;
    size_t params_size;
    pel_range range;
    pel_box box; /* what this process computes */

    pel_kernel *kernel;        /* loop, reduction */
    pel_call_function *call;   /* call */
    pel_tiles_function *tiles; /* tiles */
    long piece_count;          /* tiles */
    double *piece_cost;        /* tiles: seconds of the latest run of each piece */
    long *piece_order;         /* tiles: heaviest first */
    int (*cells)[3];           /* probe */
    int cell_count;            /* probe */
    pel_probe_sink *sink;      /* probe */
    void *sink_data;           /* probe */
    double *probed;            /* probe: values of the present stretch */
    pel_reduction reduction;   /* reduction */
    unsigned centring;         /* reduction */
    pel_reduced *result;       /* reduction */
    slot_partial *partials;    /* reduction: one a thread */
    int dimension;             /* boundary, exchange */
    slot_depth depth;          /* boundary, exchange */

    double flops;     /* declared: a point of a loop or reduction, else a step */
    bool knows_flops; /* they are declared */

    slot_taken *taken; /* one a thread */
    bool is_prologue;  /* only in the first step of a stretch */
    bool waits;        /* a barrier stands before it */
    bool is_derived;   /* shares its texts and parameters with nobody; made by the plan */
} slot;

typedef struct slot_list {
    slot *slots;
    size_t count, capacity;
} slot_list;

enum { MOST_TRIALS = 7 };

/** The ways to run a chain that take turns until one is chosen: see auto.c. */
typedef struct tuner {
    pel_run_options options; /* and threads, steps: what the question was */
    int threads;
    long steps;
    pel_plan plans[MOST_TRIALS];
    double seconds_a_step[MOST_TRIALS]; /* the best of each; 0: not tried */
    double updates_a_step;
    int count, next, rounds;
    bool is_settled;
} tuner;

/** What the access checker found first in a stretch, on whichever thread; zero to begin with. */
typedef struct first_failure {
    atomic_int state; /* 0: nothing yet; 1: somebody writes it; 2: it is there */
    pel_status status;
    char sentence[1024];
} first_failure;

struct pel_chain {
    char *name;
    pel_chain_kind kind;
    slot_list recorded; /* as the app said it */
    slot_list plan;     /* with what follows from it; shares names, args and params with `recorded` */
    pel_field **rotated;
    size_t rotated_count, rotated_capacity;
    pel_status status; /* the first mistake in recording */
    char *mistake;
    bool is_planned;
    bool has_serial; /* a call or an exchange: the team's region ends there */
    int threads;     /* for which the waits are marked; 0: not yet */
    tuner tuner;
    pel_plan used; /* in the latest stretch */
    pel_chain_cost cost;
    first_failure failure; /* of the present stretch */
    double updates_a_step, bytes_a_step;
    double flops_a_step;          /* NAN: some slot declares none */
    double step_alone;            /* seconds of a step on one thread, the shortest measured; 0: not tried */
    double thread_seconds_a_step; /* of the latest stretch: its time times its threads; 0: not measured yet */
};

/* derive.c */
/** Whether the chain's steps rotate the field. */
bool pel_chain_rotates(const pel_chain *chain, const pel_field *field);
/** Fills plan, waits, depths; once. */
pel_status pel_chain_derive(pel_chain *chain);
/** Marks which slots must wait for earlier ones, on a team of so many threads. */
void pel_chain_mark_waits(pel_chain *chain, int threads);
/** How many points a step computes, and the bytes that it moves by all the slot's accesses. */
void pel_slot_traffic(const slot *s, double *points, double *bytes);
/** Floating-point operations of a step; NAN if the slot computes and declares none. */
double pel_slot_flops(const slot *s);

/* boundary.c */
/** The points that a boundary slot fills on one side, on this process; empty if it does not touch that side. */
pel_box pel_boundary_side(const slot *s, int side);
/** Fills the part of the slot's two sides that lies in `part`. */
void pel_boundary_fill(const slot *s, const pel_box *part, const pel_view *view, const pel_step *step);

/* halo.c */
pel_status pel_halo_send(const slot *s, const pel_exchange *exchange);
pel_status pel_halo_receive(const slot *s, const pel_exchange *exchange);

/* tiles.c */
/** The tiles of one thread's share of a box. */
typedef struct tiling {
    pel_box share;
    int tile[3];
    long count[3];
} tiling;
/** Which dimension is cut among threads: the slowest that has enough points and need not stay whole. */
int pel_tiling_cut_dimension(const slot *s, int threads);
/** The part of all indices that falls to a thread; halos and faces at the edge belong to the first and the last. */
pel_box pel_tiling_part(const slot *s, int thread, int threads);
/** The tiles of the thread's share of the slot's box; `cache_bytes` is its L2. */
tiling pel_tiling_make(const slot *s, const pel_run_options *options, size_t cache_bytes, int thread, int threads);
long pel_tiling_count(const tiling *t);
pel_box pel_tiling_box(const tiling *t, long index);

/* reduce.c */
void pel_reduce_reset(slot *s, int thread);
/** Memory for the values of a box, row after row and plane after plane, as a view addressed by global index. */
pel_view pel_reduce_view(double *values, const pel_box *box);
/** Runs the kernel on a box, into scratch, and takes in its values. */
void pel_reduce_box(slot *s, int thread, const pel_box *box, pel_view *views, const pel_step *step);
/** Merges the parts of all threads and blocks, and gives each block the result for the whole. */
void pel_reduce_finish(slot *const *blocks, int count, int threads);

/* check.c */
/**
 * Runs a loop's or a reduction's kernel over a box of copies, with poison for all that it did not declare. The box is
 * ready to be run, and is not run. Thread-safe.
 * @return PEL_OK, PEL_ERR_MEMORY, or PEL_ERR_ACCESS naming kernel, field and offset
 */
pel_status pel_check_box(const slot *s, const pel_box *box, const pel_view *views, const pel_step *step);

#endif
