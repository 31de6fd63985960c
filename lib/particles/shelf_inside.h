/*
 * Memory that a thread takes piece by piece while forces are computed and gives back all at once, kept for the next
 * time.
 */
#ifndef PELAGOS_PARTICLES_SHELF_INSIDE_H
#define PELAGOS_PARTICLES_SHELF_INSIDE_H

#include <stddef.h>

/* All zero is an empty one. Used by one thread at a time. */
typedef struct pel_shelf {
    struct pel_shelf_board *first, *present;
} pel_shelf;

/* Room for at least `bytes`, aligned to 64; NULL if there is no memory. It is taken only by pel_shelf_take(). */
void *pel_shelf_room(pel_shelf *shelf, size_t bytes);
/* Takes the first `bytes` of the room that was asked for last. */
void pel_shelf_take(pel_shelf *shelf, size_t bytes);
/* All is free again; nothing is returned to the system. */
void pel_shelf_clear(pel_shelf *shelf);
void pel_shelf_free(pel_shelf *shelf);

#endif
