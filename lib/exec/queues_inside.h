/**
 * @file
 * Queues of tiles that are ready to run, one a thread. For lib/exec only.
 *
 * An item is a number that the executor gives its meaning, 0 or more. Whoever pushes an item names its home, the thread
 * whose cache and memory hold what the item works on; any thread may take it. What was written before an item was
 * pushed is visible to who takes it.
 */
#ifndef PELAGOS_EXEC_QUEUES_INSIDE_H
#define PELAGOS_EXEC_QUEUES_INSIDE_H

#include <stdbool.h>

#include "base/status.h"

typedef struct pel_queues pel_queues;

/**
 * Makes the queues of `threads` threads, empty and open; they are the caller's until pel_queues_destroy().
 *
 * @param domain    the NUMA domain of each thread, copied
 * @param capacity  most items that one queue holds at a time; a push beyond is a programmer's mistake
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status pel_queues_create(int threads, const int *domain, long capacity, pel_queues **queues);
/** Ends the queues, when no thread uses them any more; NULL is allowed. */
void pel_queues_destroy(pel_queues *queues);

/** Puts `item` into the queue of thread `home`, as its newest, and wakes who waits. By any thread. */
void pel_queues_push(pel_queues *queues, int home, long item);

/**
 * Takes an item for `thread`, without waiting: the newest of its own queue; else the oldest of the nearest other queue
 * that has one, in its own domain first, then in others. Near is by the difference of the threads' numbers, of two at
 * the same distance the lower.
 *
 * @param order_draw  0: as said; else any number, which picks the queue and the place in it (adversarial orders)
 * @param item        receives the item
 * @param victim      receives the thread whose queue it came from, `thread` itself for its own
 * @return false if all queues were found empty
 */
bool pel_queues_take(pel_queues *queues, int thread, long order_draw, long *item, int *victim);
/** As pel_queues_take(), but waits for an item; false if all queues are empty and closed. */
bool pel_queues_wait(pel_queues *queues, int thread, long order_draw, long *item, int *victim);

/** Nothing will be pushed any more: wakes all that wait, and nobody waits from now on. */
void pel_queues_close(pel_queues *queues);
/** Opens closed queues for another use, when no thread waits any more. */
void pel_queues_open(pel_queues *queues);

#endif
