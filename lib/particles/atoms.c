/* Memory of atoms: arrays from their own pages, so that they are aligned and may use huge pages, which scattered reads
 * of positions need. */
#include <string.h>

#include "base/memory.h"
#include "particles/system_inside.h"

/* Gives *array `rows` rows of `size` bytes in place of `old`, keeping what it holds. */
static pel_status grow(void *array, size_t old, size_t rows, size_t size)
{
    void *fresh = NULL, *before;
    PEL_TRY(pel_memory_map(rows * size, &fresh));
    memcpy(&before, array, sizeof before);
    if (before) memcpy(fresh, before, old * size);
    pel_memory_unmap(before, old * size);
    memcpy(array, &fresh, sizeof fresh);
    return PEL_OK;
}

static size_t wanted_capacity(size_t now, long rows)
{
    return (size_t)rows <= now ? now : (size_t)rows + (size_t)rows / 8 + 64;
}

pel_status pel_system_reserve_rows(pel_system *system, long rows)
{
    pel_atoms *a = &system->atoms;
    const size_t old = system->row_capacity, fresh = wanted_capacity(old, rows);
    if (fresh == old) return PEL_OK;
    PEL_TRY(grow(&a->position, old, fresh, sizeof *a->position));
    PEL_TRY(grow(&a->owner, old, fresh, sizeof *a->owner));
    PEL_TRY(grow(&system->shift, old, fresh, sizeof *system->shift));
    PEL_TRY(grow(&system->key, old, fresh, sizeof *system->key));
    system->row_capacity = fresh;
    a->capacity = (long)fresh;
    return PEL_OK;
}

pel_status pel_system_reserve_atoms(pel_system *system, long count)
{
    pel_atoms *a = &system->atoms;
    const size_t old = system->atom_capacity, fresh = wanted_capacity(old, count);
    if (fresh == old) return PEL_OK;
    PEL_TRY(grow(&a->velocity, old, fresh, sizeof *a->velocity));
    PEL_TRY(grow(&a->force, old, fresh, sizeof *a->force));
    PEL_TRY(grow(&a->type, old, fresh, sizeof *a->type));
    PEL_TRY(grow(&a->image, old, fresh, sizeof *a->image));
    PEL_TRY(grow(&a->place, old, fresh, sizeof *a->place));
    PEL_TRY(grow(&a->id, old, fresh, sizeof *a->id));
    PEL_TRY(grow(&system->built, old, fresh, sizeof *system->built));
    PEL_TRY(grow(&system->first, old, fresh, sizeof *system->first));
    PEL_TRY(grow(&system->near_count, old, fresh, sizeof *system->near_count));
    PEL_TRY(grow(&system->spare, old, fresh, sizeof *system->spare));
    system->atom_capacity = fresh;
    return PEL_OK;
}

static void drop(void *array, size_t rows, size_t size)
{
    void *memory;
    memcpy(&memory, array, sizeof memory);
    pel_memory_unmap(memory, rows * size);
}

void pel_system_free_atoms(pel_system *system)
{
    pel_atoms *a = &system->atoms;
    const size_t rows = system->row_capacity, atoms = system->atom_capacity;
    drop(&a->position, rows, sizeof *a->position);
    drop(&a->owner, rows, sizeof *a->owner);
    drop(&system->shift, rows, sizeof *system->shift);
    drop(&system->key, rows, sizeof *system->key);
    drop(&a->velocity, atoms, sizeof *a->velocity);
    drop(&a->force, atoms, sizeof *a->force);
    drop(&a->type, atoms, sizeof *a->type);
    drop(&a->image, atoms, sizeof *a->image);
    drop(&a->place, atoms, sizeof *a->place);
    drop(&a->id, atoms, sizeof *a->id);
    drop(&system->built, atoms, sizeof *system->built);
    drop(&system->first, atoms, sizeof *system->first);
    drop(&system->near_count, atoms, sizeof *system->near_count);
    drop(&system->spare, atoms, sizeof *system->spare);
}
