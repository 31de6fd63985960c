/**
 * @file
 * Status codes, and the one sentence that goes with a failure.
 *
 * A function that can fail returns a pel_status. Where the failure happens it calls pel_fail() with what is wrong,
 * where, and what to do; callers pass the status up with PEL_TRY(). The command prints the sentence and exits with
 * pel_status_exit_code().
 */
#ifndef PELAGOS_BASE_STATUS_H
#define PELAGOS_BASE_STATUS_H

/** Every status: X(name, exit code of the command, what it means in general). */
#define PEL_STATUS_MAP(X)                                                                                              \
    X(OK, 0, "no error")                                                                                               \
    X(ERR_USAGE, 2, "the command line cannot be understood")                                                           \
    X(ERR_DECK, 2, "the deck is wrong")                                                                                \
    X(ERR_ARGUMENT, 2, "an argument is outside what the function accepts")                                             \
    X(ERR_NAME, 2, "a name is unknown or already taken")                                                               \
    X(ERR_MISMATCH, 2, "two things that must agree differ")                                                            \
    X(ERR_EXISTS, 2, "it exists already and would be overwritten")                                                     \
    X(ERR_STOPPED, 3, "stopped early, with a good checkpoint")                                                         \
    X(ERR_NUMERICS, 4, "the numerics failed")                                                                          \
    X(ERR_ACCESS, 4, "a kernel broke its declared accesses")                                                           \
    X(ERR_FILE, 5, "a file cannot be read or written")                                                                 \
    X(ERR_CORRUPT, 5, "a file is damaged")                                                                             \
    X(ERR_BUSY, 5, "another run holds it")                                                                             \
    X(ERR_MEMORY, 5, "out of memory")                                                                                  \
    X(ERR_SYSTEM, 5, "the operating system refused")

typedef enum pel_status {
#define X(name, exit_code, meaning) PEL_##name,
    PEL_STATUS_MAP(X)
#undef X
} pel_status;

/** The constant's name, for instance "PEL_ERR_DECK". */
const char *pel_status_name(pel_status status);
/** What the status means in general, without the detail. */
const char *pel_status_meaning(pel_status status);
/** The exit code that the command gives for the status: 0, 2, 3, 4 or 5. */
int pel_status_exit_code(pel_status status);

/** Records the sentence of this thread's latest failure (printf style) and returns `status`. */
pel_status pel_fail(pel_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** Puts more context in front of the recorded sentence ("run.h5: " ...) and returns `status`. */
pel_status pel_fail_within(pel_status status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/** The sentence of this thread's latest failure; "" if there was none. Valid until the next failure. */
const char *pel_failure(void);

/** Returns from the calling function with the status of `call` unless it is PEL_OK. */
#define PEL_TRY(call)                                                                                                  \
    do {                                                                                                               \
        const pel_status pel_try_status = (call);                                                                      \
        if (pel_try_status != PEL_OK) return pel_try_status;                                                           \
    } while (0)

#endif
