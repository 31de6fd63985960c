/**
 * @file
 * Data exchange between owners of blocks: the one interface that transports implement.
 *
 * A message is a tagged run of bytes from one rank to another; a rank is the number of a block (x fastest). Messages
 * between two ranks with the same tag arrive in the order sent. `send` does not wait for the receiver: it copies or
 * keeps the bytes. `receive` waits until the message is there. pel_exchange_memory() connects blocks of one process,
 * for tests; MPI will implement the same two functions.
 */
#ifndef PELAGOS_EXEC_EXCHANGE_H
#define PELAGOS_EXEC_EXCHANGE_H

#include <stddef.h>

#include "base/status.h"

typedef struct pel_exchange {
    pel_status (*send)(void *state, int from, int to, int tag, const void *bytes, size_t count);
    pel_status (*receive)(void *state, int from, int to, int tag, void *bytes, size_t count);
    void (*destroy)(void *state);
    void *state;
} pel_exchange;

/** Messages through memory, between blocks in one process that take turns. @return PEL_OK or PEL_ERR_MEMORY */
pel_status pel_exchange_memory(pel_exchange *exchange);
/** Ends the exchange and drops messages that nobody received. */
void pel_exchange_destroy(pel_exchange *exchange);

#endif
