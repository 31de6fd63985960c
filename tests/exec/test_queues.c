/* Queues of ready tiles: own newest first, the nearest victim's oldest, and nothing lost or run twice. */
#include "exec/queues_inside.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/hash.h"
#include "exec/wait_inside.h"
#include "support/test.h"

enum { MANY = 128 };

static pel_queues *queues_of(int threads, int a_domain)
{
    int domain[MANY];
    pel_queues *queues;
    for (int i = 0; i < threads; i++) domain[i] = i / a_domain;
    CHECK_STATUS(pel_queues_create(threads, domain, 100, &queues));
    return queues;
}

/* The next item of `thread`, and whose it was; -1 if there is none. */
static long take(pel_queues *queues, int thread, int *victim)
{
    long item;
    return pel_queues_take(queues, thread, 0, &item, victim) ? item : -1;
}

TEST(the_newest_own_item_comes_first)
{
    pel_queues *queues = queues_of(2, 2);
    int victim;
    for (long i = 0; i < 3; i++) pel_queues_push(queues, 0, i);
    CU_ASSERT_EQUAL(take(queues, 0, &victim), 2);
    CU_ASSERT_EQUAL(victim, 0);
    pel_queues_push(queues, 0, 7);
    CU_ASSERT_EQUAL(take(queues, 0, &victim), 7);
    CU_ASSERT_EQUAL(take(queues, 0, &victim), 1);
    CU_ASSERT_EQUAL(take(queues, 0, &victim), 0);
    CU_ASSERT_EQUAL(take(queues, 0, &victim), -1);
    pel_queues_destroy(queues);
}

TEST(a_thief_takes_the_oldest)
{
    pel_queues *queues = queues_of(2, 2);
    int victim;
    for (long i = 0; i < 3; i++) pel_queues_push(queues, 0, i);
    for (long i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL(take(queues, 1, &victim), i);
        CU_ASSERT_EQUAL(victim, 0);
    }
    CU_ASSERT_EQUAL(take(queues, 1, &victim), -1);
    pel_queues_destroy(queues);
}

TEST(a_ring_goes_round_many_times)
{
    pel_queues *queues = queues_of(2, 2);
    int victim;
    for (long i = 0; i < 60; i++) pel_queues_push(queues, 0, i);
    for (long i = 0; i < 1000; i++) {
        pel_queues_push(queues, 0, 60 + i);
        CU_ASSERT_EQUAL(take(queues, 1, &victim), i);
    }
    CU_ASSERT_EQUAL(take(queues, 0, &victim), 1059);
    pel_queues_destroy(queues);
}

/* Eight domains of 16 threads: thread 37 belongs to the third, of threads 32 to 47. */
TEST(the_nearest_of_the_same_domain_is_robbed_before_nearer_ones_of_others)
{
    pel_queues *queues = queues_of(128, 16);
    const int order[] = {36, 38, 32, 47, 31, 48, 16, 127};
    int victim;
    for (int i = 7; i >= 0; i--) pel_queues_push(queues, order[i], order[i]);
    for (int i = 0; i < 8; i++) {
        CU_ASSERT_EQUAL(take(queues, 37, &victim), order[i]);
        CU_ASSERT_EQUAL(victim, order[i]);
    }
    CU_ASSERT_EQUAL(take(queues, 37, &victim), -1);
    pel_queues_destroy(queues);
}

TEST(a_drawn_order_reaches_every_item_from_every_queue_once)
{
    pel_queues *queues = queues_of(4, 2);
    bool is_seen[40] = {false};
    int out_of_order = 0, victim;
    long last = -1, item;
    for (long i = 0; i < 40; i++) pel_queues_push(queues, (int)i / 10, i);
    for (long draw = 1; pel_queues_take(queues, 0, draw, &item, &victim); draw++) {
        CU_ASSERT_FALSE(is_seen[item]);
        CU_ASSERT_EQUAL(victim, item / 10);
        is_seen[item] = true;
        out_of_order += item < last;
        last = item;
    }
    for (int i = 0; i < 40; i++) CU_ASSERT_TRUE(is_seen[i]);
    CU_ASSERT_TRUE(out_of_order > 5);
    pel_queues_destroy(queues);
}

TEST(closed_queues_give_what_they_hold_and_then_nothing)
{
    pel_queues *queues = queues_of(2, 2);
    long item;
    int victim;
    pel_queues_push(queues, 1, 5);
    pel_queues_close(queues);
    CU_ASSERT_TRUE(pel_queues_wait(queues, 0, 0, &item, &victim));
    CU_ASSERT_EQUAL(item, 5);
    CU_ASSERT_FALSE(pel_queues_wait(queues, 0, 0, &item, &victim));
    pel_queues_open(queues);
    pel_queues_push(queues, 0, 6);
    CU_ASSERT_TRUE(pel_queues_wait(queues, 0, 0, &item, &victim));
    CU_ASSERT_EQUAL(item, 6);
    pel_queues_destroy(queues);
}

/* ---- four threads ---- */

enum { THREADS = 4, ITEMS = 20000 };

/* A binary tree of items: item i, once taken, pushes 2 i + 1 and 2 i + 2, so that threads run dry now and then. */
typedef struct stress {
    pel_queues *queues;
    long order;
    atomic_long left;
    long written[ITEMS]; /* by whoever pushed the item; its taker reads it */
    atomic_int taken[ITEMS];
} stress;

typedef struct worker {
    stress *all;
    int thread;
    long wrong;
} worker;

static void give(stress *s, int home, long item)
{
    if (item >= ITEMS) return;
    s->written[item] = 3 * item;
    pel_queues_push(s->queues, home, item);
}

static void *work(void *data)
{
    worker *w = data;
    stress *s = w->all;
    long item;
    int victim;
    for (long n = 1; pel_queues_wait(s->queues, w->thread, s->order * n, &item, &victim); n++) {
        atomic_fetch_add(&s->taken[item], 1);
        w->wrong += s->written[item] != 3 * item;
        give(s, w->thread, 2 * item + 1);
        give(s, (int)(pel_hash_mix(1, (uint64_t)item) % THREADS), 2 * item + 2);
        if (atomic_fetch_sub(&s->left, 1) == 1) pel_queues_close(s->queues);
    }
    return NULL;
}

static void run_stress(long order)
{
    static stress s;
    worker workers[THREADS];
    pthread_t ids[THREADS];
    s = (stress){.order = order, .left = ITEMS};
    CHECK_STATUS(pel_queues_create(THREADS, (int[]){0, 0, 1, 1}, ITEMS, &s.queues));
    give(&s, 0, 0);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.all = &s, .thread = i};
        CU_ASSERT_EQUAL_FATAL(pthread_create(&ids[i], NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        CU_ASSERT_EQUAL(pthread_join(ids[i], NULL), 0);
        CU_ASSERT_EQUAL(workers[i].wrong, 0);
    }
    int lost = 0, doubled = 0;
    for (long i = 0; i < ITEMS; i++) lost += s.taken[i] == 0, doubled += s.taken[i] > 1;
    CU_ASSERT_EQUAL(lost, 0);
    CU_ASSERT_EQUAL(doubled, 0);
    pel_queues_destroy(s.queues);
}

TEST(nothing_is_lost_or_taken_twice_by_four_threads)
{
    for (int round = 0; round < 5; round++) run_stress(0);
}

TEST(nothing_is_lost_or_taken_twice_in_a_drawn_order)
{
    for (long order = 1; order < 4; order++) run_stress(order);
}

/* One item goes from thread to thread; the others wait meanwhile. */

static void *pass_on(void *data)
{
    const worker *w = data;
    stress *s = w->all;
    long item;
    int victim;
    while (pel_queues_wait(s->queues, w->thread, 0, &item, &victim)) {
        if (item == ITEMS / 2) pel_queues_close(s->queues);
        else give(s, (w->thread + 1) % THREADS, item + 1);
    }
    return NULL;
}

TEST(who_sleeps_is_woken_by_a_push)
{
    static stress s;
    worker workers[THREADS];
    pthread_t ids[THREADS];
    CHECK_STATUS(pel_queues_create(THREADS, (int[]){0, 0, 0, 0}, 2, &s.queues));
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (worker){.all = &s, .thread = i};
        CU_ASSERT_EQUAL_FATAL(pthread_create(&ids[i], NULL, pass_on, &workers[i]), 0);
    }
    give(&s, 2, 0);
    for (int i = 0; i < THREADS; i++) CU_ASSERT_EQUAL(pthread_join(ids[i], NULL), 0);
    CU_ASSERT_EQUAL(s.written[ITEMS / 2], 3 * (ITEMS / 2));
    pel_queues_destroy(s.queues);
}
