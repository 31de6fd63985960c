/* A shelf is a list of boards, filled one after the other. */
#include "particles/shelf_inside.h"

#include <stdlib.h>

enum { LINE = 64, BOARD = 1 << 20 };

struct pel_shelf_board {
    struct pel_shelf_board *next;
    size_t bytes, used; /* behind the head, which fills one cache line */
};

static struct pel_shelf_board *new_board(size_t bytes)
{
    const size_t room = bytes > BOARD - LINE ? (bytes + LINE - 1) / LINE * LINE : BOARD - LINE;
    struct pel_shelf_board *board = aligned_alloc(LINE, room + LINE);
    if (board) *board = (struct pel_shelf_board){.bytes = room};
    return board;
}

static void *free_part(struct pel_shelf_board *board)
{
    return (char *)board + LINE + board->used;
}

void *pel_shelf_room(pel_shelf *shelf, size_t bytes)
{
    struct pel_shelf_board **link = shelf->present ? &shelf->present : &shelf->first, *board = *link;
    while (board && board->bytes - board->used < bytes) {
        link = &board->next;
        board = *link;
    }
    if (!board) {
        board = new_board(bytes);
        if (!board) return NULL;
        *link = board;
    }
    shelf->present = board;
    return free_part(board);
}

void pel_shelf_take(pel_shelf *shelf, size_t bytes)
{
    shelf->present->used += (bytes + LINE - 1) / LINE * LINE;
}

void pel_shelf_clear(pel_shelf *shelf)
{
    for (struct pel_shelf_board *board = shelf->first; board; board = board->next) board->used = 0;
    shelf->present = shelf->first;
}

void pel_shelf_free(pel_shelf *shelf)
{
    for (struct pel_shelf_board *board = shelf->first, *next; board; board = next) {
        next = board->next;
        free(board);
    }
    *shelf = (pel_shelf){0};
}
