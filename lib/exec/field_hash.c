/* Rows of a field are shared out to the team; the hash is a sum, so that their order does not matter. */
#include "exec/field_hash.h"

typedef struct hashing {
    const pel_field *field;
    _Atomic uint64_t sum;
} hashing;

static void hash_rows(int thread, int threads, void *data)
{
    hashing *h = data;
    long lo, hi;
    pel_team_share(pel_field_rows(h->field), thread, threads, &lo, &hi);
    if (lo < hi) h->sum += pel_field_hash(h->field, lo, hi);
}

uint64_t pel_field_hash_by_team(pel_team *team, const pel_field *field)
{
    hashing h = {.field = field};
    pel_team_run(team, hash_rows, &h);
    return h.sum;
}
