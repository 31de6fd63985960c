/**
 * @file
 * The schedule of the temporal executor: which tile computes which points of which step, and which tiles must come
 * first. For lib/exec only. slopes.c finds how far dependences reach, schedule.c cuts the tiles, images.c keeps
 * periodic images, temporal.c runs them.
 */
#ifndef PELAGOS_EXEC_SCHEDULE_INSIDE_H
#define PELAGOS_EXEC_SCHEDULE_INSIDE_H

#include "exec/chain_inside.h"

/** One slot of one step of a block, with its cumulative reaches since the block began. */
typedef struct stage {
    size_t slot;             /* in the plan */
    int step;                /* in the block */
    int left, right;         /* along the tiles' dimension: a tile loses so much of its base at either edge */
    int behind[2], ahead[2]; /* along the wavefronts: a sweep forward lags `ahead` behind its front */
} stage;

/** What the cumulative reaches grow by over a whole block, the step into the next one included. */
typedef struct growth {
    int left, right, behind[2], ahead[2];
} growth;

/** The points [lo, hi) of a tile's base; INT_MIN and INT_MAX stand for open at a wall. */
typedef struct base {
    int lo, hi;
} base;

/** The tiles of the even or of the odd rows. */
typedef struct tile_row {
    int count;
    base *bases;
    int *near_first, *near; /* of tile i: near[near_first[i] .. near_first[i + 1]), the tiles of the other kind of row
                               that its base overlaps: its parents in the row before, its children in the row after */
} tile_row;

/** A wavefront: how a tile moves along a dimension. */
typedef struct wavefront {
    int dimension; /* -1: there is none */
    int chunk;     /* points that it moves on */
    int hi;        /* beyond the last point that stages compute */
} wavefront;

enum { INNER, OUTER };

/** A schedule: the same for every block of `height` steps. */
typedef struct schedule {
    const pel_chain *chain;
    int dimension;      /* of the diamonds */
    wavefront waves[2]; /* INNER, along z or x, runs anew for each piece of rows along OUTER, x in three dimensions */
    int cells[3];       /* of the grid */
    bool is_periodic[3];
    int height, pitch;
    stage *stages;
    int stage_count;
    growth grows;
    tile_row rows[2];
} schedule;

/** What is asked of a schedule; 0: chosen. */
typedef struct schedule_shape {
    int pitch, height, chunk;
    int row; /* points of a row at a time; 0, or no less than the row: whole rows */
} schedule_shape;

/** The shape that a plan asks for. */
static inline schedule_shape pel_schedule_shape_of(const pel_plan *plan)
{
    return (schedule_shape){.pitch = plan->pitch, .height = plan->height, .chunk = plan->chunk, .row = plan->row};
}
/** How many of `steps` steps fall into a block; 0 before the first and after the last. */
static inline int pel_schedule_steps_in(const schedule *s, long steps, long block)
{
    const long left = steps - block * s->height;
    if (block < 0 || left <= 0) return 0;
    return (int)(left < s->height ? left : s->height);
}

/* slopes.c */
/**
 * Fills reaches of the stages (their slots and steps are set) and what a block grows by.
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status pel_slopes_find(schedule *s);
/** Whether the slot fills or computes only a thin range beyond the low and high sides of dimension d. */
bool pel_slot_is_at_wall(const slot *s, int d);
/** How far from a wall of dimension d the wall's own slots read and write. */
int pel_slopes_wall_zone(const pel_chain *chain, int d);
/** The furthest that any loop of the chain looks along d. */
int pel_slopes_furthest(const pel_chain *chain, int d);

/* schedule.c */
/**
 * Cuts slots [begin, end) of the chain's plan into tiles for runs of `steps` steps. Calls, tiles of other work and
 * exchanges may not be among them.
 *
 * @param made  receives the schedule; pel_schedule_free() returns it
 * @param why   receives, where the slots cannot be tiled in time, the reason in a few words, and PEL_OK is returned
 * with made->stage_count 0
 */
pel_status pel_schedule_make(const pel_chain *chain, size_t begin, size_t end, const schedule_shape *shape, long steps,
                             schedule *made, const char **why);
void pel_schedule_free(schedule *s);

/** Called for every box of a tile in the order in which they run. `step` counts from the start of the block. */
typedef void pel_schedule_visit(const schedule *s, int stage, bool is_next, const pel_box *box, void *data);
/**
 * Visits the boxes of tile `tile` of row `row`: growing parts of block row - 1 (`is_next` false), then shrinking parts
 * of block row (`is_next` true), interleaved along the wavefront. Blocks have `grow_steps` and `shrink_steps` steps; 0
 * for none.
 */
void pel_schedule_tile(const schedule *s, long row, int tile, int grow_steps, int shrink_steps,
                       pel_schedule_visit *visit, void *data);

/* images.c */
/** How deep the periodic images of each field that the chain writes are kept. */
typedef struct image {
    pel_field *field;
    slot_depth depth;
} image;
typedef struct images {
    image *list;
    int count, capacity;
} images;
pel_status pel_images_find(const pel_chain *chain, size_t begin, size_t end, images *found);
/** Fills all images of all levels, and the halos of fields that the chain never writes. */
void pel_images_fill(const pel_chain *chain, const images *all, size_t begin, size_t end, const pel_step *step);
/** How deep the images of the field are; NULL if it has none. */
const slot_depth *pel_images_depth(const images *all, const pel_field *field);
/** Copies what was just written in the box to its images; `depth` as found for the field. */
void pel_images_copy(const pel_field *field, const slot_depth *depth, const pel_view *view, const pel_box *box);

#endif
