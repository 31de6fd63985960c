/* Heap objects and mapped arrays. Large arrays begin on a huge-page boundary, else the kernel cannot use huge pages
 * at their ends. */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static const size_t huge_page = (size_t)2 << 20;

static pel_status out_of_memory(size_t bytes)
{
    return pel_fail(PEL_ERR_MEMORY, "%.1f MB of memory could not be had; use a smaller grid or a larger machine",
                    (double)bytes / 1e6);
}

pel_status pel_memory_new(size_t count, size_t size, void *memory)
{
    void *fresh = calloc(count ? count : 1, size);
    if (!fresh) return out_of_memory(count * size);
    memcpy(memory, &fresh, sizeof fresh);
    return PEL_OK;
}

pel_status pel_memory_grow(void *array, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity) return PEL_OK;
    size_t wanted = *capacity ? *capacity : 8;
    while (wanted < needed) wanted *= 2;
    void *old, *grown;
    memcpy(&old, array, sizeof old);
    if (wanted > SIZE_MAX / size || !(grown = realloc(old, wanted * size))) return out_of_memory(wanted * size);
    memset((char *)grown + *capacity * size, 0, (wanted - *capacity) * size);
    memcpy(array, &grown, sizeof grown);
    *capacity = wanted;
    return PEL_OK;
}

/* What is mapped for `bytes`: whole pages, and room to move the start to a huge-page boundary. */
static size_t mapped_bytes(size_t bytes)
{
    const size_t page = 4096;
    return (bytes + page - 1) / page * page;
}

pel_status pel_memory_map(size_t bytes, void **memory)
{
    const size_t wanted = mapped_bytes(bytes), slack = wanted >= huge_page ? huge_page : 0;
    char *start = mmap(NULL, wanted + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) return out_of_memory(wanted);
    if (slack) {
        const size_t before = (huge_page - (uintptr_t)start % huge_page) % huge_page;
        if (before) munmap(start, before);
        if (slack > before) munmap(start + before + wanted, slack - before);
        start += before;
        madvise(start, wanted, MADV_HUGEPAGE); /* advice: a machine without huge pages runs all the same */
    }
    *memory = start;
    return PEL_OK;
}

void pel_memory_unmap(void *memory, size_t bytes)
{
    if (memory) munmap(memory, mapped_bytes(bytes));
}
