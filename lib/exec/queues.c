/* Queues of ready tiles.
 *
 * A queue is a ring: its owner takes at the newest end, where the data is still in cache; thieves take at the oldest,
 * whose data has most likely left it. A spin lock guards each ring. Tiles take from ten microseconds to a millisecond,
 * the lock some ten nanoseconds: nothing is to be gained from a queue without locks. The count of items is written
 * under the lock but read without, so that who looks for work passes by empty queues without touching their locks; a
 * stale count costs a second look at most, as every push is news (wait_inside.h), and nobody sleeps on news that came
 * after the look.
 *
 * Each queue and its lock have cache lines of their own. */
#include "exec/queues_inside.h"

#include <assert.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "exec/wait_inside.h"

enum { SPINS_BEFORE_YIELD = 1000 };

typedef struct queue {
    _Alignas(64) atomic_bool is_locked;
    atomic_long count; /* items; changed under the lock */
    long oldest;       /* its place in the ring */
    long *ring;
    int domain;
} queue;

struct pel_queues {
    int threads;
    long capacity;
    atomic_bool is_closed;
    queue *queue;
    pel_news news; /* of every push, and of closing */
};

static void lock(queue *q)
{
    for (int spins = 0; atomic_exchange_explicit(&q->is_locked, true, memory_order_acquire); spins++)
        while (atomic_load_explicit(&q->is_locked, memory_order_relaxed))
            if (++spins > SPINS_BEFORE_YIELD) sched_yield(); /* its holder may have lost the core */
}

static void unlock(queue *q)
{
    atomic_store_explicit(&q->is_locked, false, memory_order_release);
}

static long count_of(const queue *q)
{
    return atomic_load_explicit(&q->count, memory_order_relaxed);
}

/* ---- one ring, under its lock ---- */

static long *place(const pel_queues *queues, const queue *q, long position)
{
    return &q->ring[(q->oldest + position) % queues->capacity];
}

/* Takes the item at `position`, 0 the oldest; those behind it close up. */
static long remove_at(const pel_queues *queues, queue *q, long position)
{
    const long count = count_of(q), item = *place(queues, q, position);
    for (long i = position; i > 0; i--) *place(queues, q, i) = *place(queues, q, i - 1);
    q->oldest = (q->oldest + 1) % queues->capacity;
    atomic_store_explicit(&q->count, count - 1, memory_order_relaxed);
    return item;
}

static long remove_newest(const pel_queues *queues, queue *q)
{
    const long count = count_of(q);
    atomic_store_explicit(&q->count, count - 1, memory_order_relaxed);
    return *place(queues, q, count - 1);
}

/* ---- taking ---- */

typedef enum take_rule { NEWEST, OLDEST, DRAWN } take_rule;

/* Takes one item of a queue; false if there is none. */
static bool take_from(pel_queues *queues, int victim, take_rule rule, uint64_t draw, long *item)
{
    queue *q = &queues->queue[victim];
    if (count_of(q) == 0) return false;
    lock(q);
    const long count = count_of(q);
    if (count > 0 && rule == NEWEST) *item = remove_newest(queues, q);
    else if (count > 0) *item = remove_at(queues, q, rule == OLDEST ? 0 : (long)(draw % (uint64_t)count));
    unlock(q);
    return count > 0;
}

/* The queue that the number points at, or the next that has something. */
static bool take_drawn(pel_queues *queues, uint64_t draw, long *item, int *victim)
{
    for (int i = 0; i < queues->threads; i++) {
        *victim = (int)((draw + (uint64_t)i) % (uint64_t)queues->threads);
        if (take_from(queues, *victim, DRAWN, draw >> 16, item)) return true;
    }
    return false;
}

/* The oldest item of the nearest other thread, of the same domain or of others. */
static bool steal(pel_queues *queues, int thread, bool is_same_domain, long *item, int *victim)
{
    for (int distance = 1; distance < queues->threads; distance++)
        for (int side = -1; side <= 1; side += 2) {
            const int other = thread + side * distance;
            if (other < 0 || other >= queues->threads) continue;
            if ((queues->queue[other].domain == queues->queue[thread].domain) != is_same_domain) continue;
            *victim = other;
            if (take_from(queues, other, OLDEST, 0, item)) return true;
        }
    return false;
}

bool pel_queues_take(pel_queues *queues, int thread, long order_draw, long *item, int *victim)
{
    if (order_draw) return take_drawn(queues, pel_hash_mix((uint64_t)order_draw, 1), item, victim);
    *victim = thread;
    return take_from(queues, thread, NEWEST, 0, item) || steal(queues, thread, true, item, victim) ||
           steal(queues, thread, false, item, victim);
}

bool pel_queues_wait(pel_queues *queues, int thread, long order_draw, long *item, int *victim)
{
    for (;;) {
        const unsigned seen = pel_news_seen(&queues->news); /* before looking: a push after it ends the wait */
        const bool is_closed = atomic_load_explicit(&queues->is_closed, memory_order_acquire);
        if (pel_queues_take(queues, thread, order_draw, item, victim)) return true;
        if (is_closed) return false;
        pel_news_wait(&queues->news, seen);
    }
}

/* ---- giving ---- */

void pel_queues_push(pel_queues *queues, int home, long item)
{
    queue *q = &queues->queue[home];
    lock(q);
    const long count = count_of(q);
    assert(count < queues->capacity && item >= 0);
    *place(queues, q, count) = item;
    atomic_store_explicit(&q->count, count + 1, memory_order_relaxed);
    unlock(q);
    pel_news_tell(&queues->news);
}

void pel_queues_close(pel_queues *queues)
{
    atomic_store_explicit(&queues->is_closed, true, memory_order_release);
    pel_news_tell(&queues->news);
}

void pel_queues_open(pel_queues *queues)
{
    atomic_store_explicit(&queues->is_closed, false, memory_order_release);
}

/* ---- making ---- */

static pel_status create_rings(pel_queues *queues, const int *domain)
{
    const size_t bytes = (size_t)queues->threads * sizeof(queue);
    queues->queue = aligned_alloc(64, bytes);
    if (!queues->queue) return pel_fail(PEL_ERR_MEMORY, "no memory for the queues of %d threads", queues->threads);
    memset(queues->queue, 0, bytes);
    for (int i = 0; i < queues->threads; i++) {
        queues->queue[i].domain = domain[i];
        PEL_TRY(pel_memory_new((size_t)queues->capacity, sizeof(long), &queues->queue[i].ring));
    }
    return PEL_OK;
}

pel_status pel_queues_create(int threads, const int *domain, long capacity, pel_queues **queues)
{
    const size_t bytes = (sizeof(pel_queues) + 63) / 64 * 64;
    pel_queues *fresh = aligned_alloc(64, bytes);
    if (!fresh) return pel_fail(PEL_ERR_MEMORY, "no memory for the queues of %d threads", threads);
    memset(fresh, 0, bytes);
    fresh->threads = threads;
    fresh->capacity = capacity > 0 ? capacity : 1;
    const pel_status status = create_rings(fresh, domain);
    if (status == PEL_OK) *queues = fresh;
    else pel_queues_destroy(fresh);
    return status;
}

void pel_queues_destroy(pel_queues *queues)
{
    if (!queues) return;
    for (int i = 0; queues->queue && i < queues->threads; i++) free(queues->queue[i].ring);
    free(queues->queue);
    free(queues);
}
