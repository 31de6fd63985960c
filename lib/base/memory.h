/**
 * @file
 * Memory: small objects from the heap, large arrays from their own pages.
 */
#ifndef PELAGOS_BASE_MEMORY_H
#define PELAGOS_BASE_MEMORY_H

#include <stddef.h>

#include "base/status.h"

/**
 * Zeroed memory for `count` objects of `size` bytes, from the heap; free() returns it.
 * @return PEL_OK or PEL_ERR_MEMORY, with *memory untouched
 */
pel_status pel_memory_new(size_t count, size_t size, void *memory);

/** Grows *array (of `size`-byte elements, from the heap) so that it holds `needed`; *capacity is kept in elements. */
pel_status pel_memory_grow(void *array, size_t *capacity, size_t needed, size_t size);

/**
 * `bytes` of fresh zero pages, aligned to 2 MiB where that large and advised to use huge pages. No page is touched:
 * the thread that first writes one decides its NUMA domain. Returned by pel_memory_unmap() with the same size.
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status pel_memory_map(size_t bytes, void **memory);
/** Returns pages from pel_memory_map(); does nothing for NULL. */
void pel_memory_unmap(void *memory, size_t bytes);

#endif
