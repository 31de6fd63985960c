/* Messages through memory: a list of those that were sent and not yet received. */
#include "exec/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

typedef struct message {
    int from, to, tag;
    size_t count;
    struct message *next;
    char bytes[];
} message;

typedef struct mailbox {
    message *first, **last;
} mailbox;

static pel_status send_to_memory(void *state, int from, int to, int tag, const void *bytes, size_t count)
{
    mailbox *box = state;
    message *m = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *m + count, &m));
    m->from = from, m->to = to, m->tag = tag, m->count = count;
    memcpy(m->bytes, bytes, count);
    *box->last = m;
    box->last = &m->next;
    return PEL_OK;
}

static pel_status receive_from_memory(void *state, int from, int to, int tag, void *bytes, size_t count)
{
    mailbox *box = state;
    message **link = &box->first;
    while (*link && ((*link)->from != from || (*link)->to != to || (*link)->tag != tag)) link = &(*link)->next;
    message *m = *link;
    if (!m)
        return pel_fail(PEL_ERR_SYSTEM, "block %d sent no message %d to block %d; run all blocks together", from, tag,
                        to);
    if (m->count != count)
        return pel_fail(PEL_ERR_MISMATCH, "block %d sent %zu bytes to block %d, which expects %zu", from, m->count, to,
                        count);
    memcpy(bytes, m->bytes, count);
    *link = m->next;
    if (!m->next) box->last = link;
    free(m);
    return PEL_OK;
}

static void destroy_mailbox(void *state)
{
    mailbox *box = state;
    for (message *m = box->first; m;) {
        message *next = m->next;
        free(m);
        m = next;
    }
    free(box);
}

pel_status pel_exchange_memory(pel_exchange *exchange)
{
    mailbox *box = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *box, &box));
    box->last = &box->first;
    *exchange = (pel_exchange){
        .send = send_to_memory, .receive = receive_from_memory, .destroy = destroy_mailbox, .state = box};
    return PEL_OK;
}

void pel_exchange_destroy(pel_exchange *exchange)
{
    if (exchange->destroy) exchange->destroy(exchange->state);
    *exchange = (pel_exchange){0};
}
