/**
 * @file
 * Random chains, for tests of the executors: a chain is drawn from a seed as plain data, built from the data, run in
 * some way, and what it leaves is compared bit for bit with what `reference` leaves.
 *
 * Kernels hash all that they declare to read, the step and their own place into what they write, so that any wrong
 * order, halo or boundary changes the answer. A chain that fails is shrunk by editing its data.
 */
#ifndef PELAGOS_TESTS_SUPPORT_RANDOM_CHAIN_H
#define PELAGOS_TESTS_SUPPORT_RANDOM_CHAIN_H

#include <stdint.h>

#include "exec/chain.h"

enum {
    MOST_FIELDS = 5,
    MOST_LOOPS = 6,
    MOST_ENTRIES = 10,
    MOST_ACCESSES = 6,
    MOST_CELLS = 4,
    MOST_STEPS = 30,
    MOST_STRETCHES = 3,
    MOST_REACH = 4,
    MOST_THREADS = 4
};

/** Draws that follow from a seed. */
typedef struct random_stream {
    uint64_t seed, draw;
} random_stream;
/** One of 0 .. count - 1. */
int random_pick(random_stream *r, int count);
/** Whether something of that many percent happens. */
bool random_chance(random_stream *r, int percent);

typedef struct field_case {
    pel_field_spec spec;
    int lowest; /* level */
} field_case;

typedef struct access_case {
    int field, level;
    pel_access access;
    pel_reach reach;
} access_case;

typedef enum entry_kind { ENTRY_LOOP, ENTRY_CALL, ENTRY_TILES, ENTRY_PROBE, ENTRY_REDUCE } entry_kind;

/** What one loop, call, ... of the chain is. */
typedef struct entry_case {
    entry_kind kind;
    pel_range range;
    int access_count;
    access_case access[MOST_ACCESSES];
    pel_reach beyond; /* how much further than declared the kernel looks in its first access: a negative control */
    bool is_star;     /* reads along the axes and at the corners of the reach only */
    uint64_t salt;
    int pieces;                           /* tiles */
    pel_reduction reduction;              /* reduction */
    unsigned centring;                    /* reduction */
    int cells[MOST_CELLS][3], cell_count; /* probe */
} entry_case;

typedef struct chain_case {
    uint64_t seed;
    pel_grid_spec grid;
    pel_chain_kind kind;
    int field_count, entry_count;
    field_case fields[MOST_FIELDS];
    entry_case entries[MOST_ENTRIES];
    int stretch_count, stretches[MOST_STRETCHES]; /* steps of each */
} chain_case;

/** How a chain is run. */
typedef struct run_case {
    int threads;
    pel_run_options options;
} run_case;

/** The chain of a seed. */
chain_case random_chain(uint64_t seed);
/** The `number`-th way of running the chain of a seed: the first under `spatial`, most others under `temporal`. */
run_case random_run(uint64_t seed, int number);
/** Points of a field on a grid, or of a centring that lies along all dimensions. */
pel_box random_points(const pel_grid_spec *grid, unsigned centring, unsigned along);
/** What a kernel of the entry reads at all its points in one step, counted in values. */
double random_work(const chain_case *c, const entry_case *e);

/** What a run leaves. All zero is nothing; random_outcome_free() returns the memory. */
typedef struct chain_outcome {
    pel_status status;
    char failure[512];
    char *bytes; /* the owned points of all levels of all fields */
    size_t count;
    pel_reduced reduced[MOST_ENTRIES];
    double probed[MOST_ENTRIES][MOST_STEPS][MOST_CELLS];
    bool is_temporal; /* its last stretch was tiled in time */
} chain_outcome;

/** Builds the chain, runs it, keeps what it leaves. `teams[t]` has t + 1 threads. `plan` may be NULL. */
void random_chain_run(const chain_case *c, const run_case *run, pel_team *const *teams, chain_outcome *outcome,
                      pel_text *plan);
void random_outcome_free(chain_outcome *outcome);
/** Says where the outcomes differ. @return whether they do */
bool random_outcomes_differ(const chain_case *c, const chain_outcome *wanted, const chain_outcome *got,
                            pel_text *where);

/** The chain and the run in words. */
void random_chain_print(const chain_case *c, const run_case *run, pel_text *text);
/** Makes both smaller for as long as the run leaves other bits than `reference`. */
void random_chain_shrink(chain_case *c, run_case *run, pel_team *const *teams);

/** A main(): the seeds from argv[1] on, argv[2] of them (1 where it is missing), or seeds 1 to `count`. */
int random_chains_main(int argument_count, char **arguments, long count);

/* random_kernels.c: building */
typedef struct built_chain {
    pel_grid *grid;
    pel_field *fields[MOST_FIELDS];
    pel_chain *chain;
} built_chain;
/** Declares and records all of it; reductions and probes go to `outcome`. */
pel_status random_chain_build(const chain_case *c, built_chain *built, chain_outcome *outcome);
void random_chain_destroy(built_chain *built);

#endif
