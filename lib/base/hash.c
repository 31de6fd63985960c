/* XXH3 of memory (xxHash). */
#include "base/hash.h"

#include <string.h>
#include <xxhash.h>

uint64_t pel_hash_bytes(const void *data, size_t bytes)
{
    return XXH3_64bits(data, bytes);
}

uint64_t pel_hash_text(const char *text)
{
    return pel_hash_bytes(text, strlen(text));
}
