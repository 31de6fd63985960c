/**
 * @file
 * Waiting for another thread: spin briefly, then sleep. For lib/exec only.
 *
 * On a machine of one's own the spin sees the news within nanoseconds; on a shared one the sleep leaves the core to
 * whoever can use it. News is counted: who waits names the count it has seen.
 */
#ifndef PELAGOS_EXEC_WAIT_INSIDE_H
#define PELAGOS_EXEC_WAIT_INSIDE_H

#include <stdatomic.h>
#include <stdbool.h>

/** A count of news; zero to begin with. The count is a 32-bit word, as futex wants it. */
typedef struct pel_news {
    _Alignas(64) atomic_uint count;
    atomic_int sleepers;
} pel_news;

/** The count now; what was written before the news that it counts is visible. */
static inline unsigned pel_news_seen(const pel_news *news)
{
    return atomic_load_explicit(&news->count, memory_order_acquire);
}
/** Counts one more, and wakes who waits. */
void pel_news_tell(pel_news *news);
/** Returns when the count is no longer `seen`. */
void pel_news_wait(pel_news *news, unsigned seen);

/** Where threads wait for each other; zero to begin with. */
typedef struct pel_barrier {
    atomic_int arrived;
    pel_news phase;
} pel_barrier;

/** Returns when `threads` threads have come; each of them comes equally often. */
void pel_barrier_wait(pel_barrier *barrier, int threads);
/**
 * The same in two parts, for who wants to know how long it takes: says that the thread has come.
 * @param seen  receives what pel_news_wait() on barrier->phase is to be given then
 * @return false if this thread was the last, which wakes the others and need not wait
 */
bool pel_barrier_come(pel_barrier *barrier, int threads, unsigned *seen);

#endif
