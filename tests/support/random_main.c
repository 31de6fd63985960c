/* The program of a test over random chains: what each seed leaves under `reference`, and under a few other runs. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "support/random_chain.h"

enum { RUNS = 4, PATIENCE = 120, FEW = 100 }; /* a chain that takes so many seconds hangs */

typedef struct tally {
    long chains, runs, temporal, failed;
} tally;

static char at_work[96]; /* what is said of a chain that crashes or hangs */

static void print_and_end(int signal_number)
{
    const char *what = signal_number == SIGALRM ? "hangs: " : "crashes: ";
    if (write(STDERR_FILENO, what, strlen(what)) < 0 || write(STDERR_FILENO, at_work, strlen(at_work)) < 0) _exit(3);
    _exit(2);
}

static void watch(uint64_t seed, int number)
{
    snprintf(at_work, sizeof at_work, "seed %llu, run %d\n", (unsigned long long)seed, number);
    alarm(PATIENCE);
}

/* ---- failures ---- */

static void print_failure(const chain_case *c, const run_case *run, pel_team *const *teams, const char *title)
{
    const run_case reference = {.threads = 1, .options = {.executor = PEL_EXECUTOR_REFERENCE}};
    chain_outcome wanted, got;
    pel_text text = {0};
    pel_text_add(&text, "---- %s\n", title);
    random_chain_run(c, &reference, teams, &wanted, NULL);
    random_chain_print(c, run, &text);
    random_chain_run(c, run, teams, &got, &text);
    if (!random_outcomes_differ(c, &wanted, &got, &text)) pel_text_add(&text, "(this time the bits are the same)\n");
    fprintf(stderr, "%s", pel_text_get(&text));
    pel_text_free(&text);
    random_outcome_free(&wanted);
    random_outcome_free(&got);
}

static void report(chain_case c, run_case run, int number, pel_team *const *teams)
{
    fprintf(stderr, "\nseed %llu, run %d: other bits than reference\n", (unsigned long long)c.seed, number);
    print_failure(&c, &run, teams, "as drawn");
    alarm(0);
    if (getenv("PELAGOS_DO_NOT_SHRINK")) return;
    random_chain_shrink(&c, &run, teams);
    print_failure(&c, &run, teams, "the smallest that fails");
}

/* ---- one seed ---- */

static void try_run(const chain_case *c, int number, const chain_outcome *wanted, pel_team *const *teams, tally *t)
{
    const run_case run = random_run(c->seed, number);
    chain_outcome got;
    pel_text where = {0};
    watch(c->seed, number);
    random_chain_run(c, &run, teams, &got, NULL);
    t->runs++;
    t->temporal += got.is_temporal;
    if (random_outcomes_differ(c, wanted, &got, &where)) {
        t->failed++;
        report(*c, run, number, teams);
    }
    random_outcome_free(&got);
    pel_text_free(&where);
}

static void try_seed(uint64_t seed, pel_team *const *teams, tally *t)
{
    const chain_case c = random_chain(seed);
    const run_case reference = {.threads = 1, .options = {.executor = PEL_EXECUTOR_REFERENCE}};
    chain_outcome wanted;
    watch(seed, -1);
    random_chain_run(&c, &reference, teams, &wanted, NULL);
    t->chains++;
    if (wanted.status != PEL_OK) {
        t->failed++;
        fprintf(stderr, "\nseed %llu cannot be run: %s\n", (unsigned long long)seed, wanted.failure);
    }
    const long failed = t->failed;
    for (int i = 0; i < RUNS && t->failed == failed && wanted.status == PEL_OK; i++) try_run(&c, i, &wanted, teams, t);
    random_outcome_free(&wanted);
}

int random_chains_main(int argument_count, char **arguments, long count)
{
    const uint64_t first = argument_count > 1 ? strtoull(arguments[1], NULL, 10) : 1;
    if (argument_count > 1) count = argument_count > 2 ? strtol(arguments[2], NULL, 10) : 1;
    pel_team *teams[MOST_THREADS];
    for (int t = 0; t < MOST_THREADS; t++)
        if (pel_team_create(&(pel_team_spec){.threads = t + 1, .is_quiet = true}, &teams[t]) != PEL_OK) return 2;
    signal(SIGALRM, print_and_end);
    signal(SIGSEGV, print_and_end);
    tally t = {0};
    for (long i = 0; i < count && t.failed < 5; i++) try_seed(first + (uint64_t)i, teams, &t);
    alarm(0);
    printf("%ld chains, %ld runs, of which %ld tiled in time; %ld failed\n", t.chains, t.runs, t.temporal, t.failed);
    for (int i = 0; i < MOST_THREADS; i++) pel_team_destroy(teams[i]);
    const bool is_tried = count < FEW || t.temporal > t.runs / 4; /* else the test would say little */
    if (!is_tried) fprintf(stderr, "too few of the runs were tiled in time\n");
    return t.failed || t.chains < count || !is_tried ? 1 : 0;
}
