/* Spinning, sleeping by futex, and the barrier made of them. */
#include "exec/wait_inside.h"

#include <limits.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SPINS = 3000 }; /* some 50 microseconds: longer than tiles differ, shorter than a time slice */

/* Tells the core that this is a spin. */
static inline void relax(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

void pel_news_tell(pel_news *news)
{
    atomic_fetch_add(&news->count, 1);
    if (atomic_load(&news->sleepers) > 0) syscall(SYS_futex, &news->count, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}

static void sleep_until_past(pel_news *news, unsigned seen)
{
    atomic_fetch_add(&news->sleepers, 1); /* before futex looks at the count: who tells afterwards sees a sleeper */
    while (atomic_load(&news->count) == seen) syscall(SYS_futex, &news->count, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
    atomic_fetch_sub(&news->sleepers, 1);
}

void pel_news_wait(pel_news *news, unsigned seen)
{
    for (int i = 0; i < SPINS; i++) {
        if (pel_news_seen(news) != seen) return;
        relax();
    }
    sleep_until_past(news, seen);
}

bool pel_barrier_come(pel_barrier *barrier, int threads, unsigned *seen)
{
    *seen = pel_news_seen(&barrier->phase);
    if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) < threads - 1) return true;
    atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
    pel_news_tell(&barrier->phase);
    return false;
}

void pel_barrier_wait(pel_barrier *barrier, int threads)
{
    unsigned seen;
    if (pel_barrier_come(barrier, threads, &seen)) pel_news_wait(&barrier->phase, seen);
}
