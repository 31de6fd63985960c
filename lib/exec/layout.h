/**
 * @file
 * The tiles of a chain that is tiled in time, as data: to draw them, or to look at what a schedule really does.
 */
#ifndef PELAGOS_EXEC_LAYOUT_H
#define PELAGOS_EXEC_LAYOUT_H

#include "exec/chain.h"

/**
 * Appends one JSON object: the shape of the schedule, its tiles with the tiles that each waits for, and every box that
 * they compute in the order in which a tile computes them. The chain has been committed (pel_commit_plan() is enough).
 *
 * Keys: "chain"; "cells", "periodic" a dimension; "across", the dimension of the diamonds, and "wave", that of the
 * wavefront (0 = x, null: none); "pitch", "chunk" in points, "height", "steps" in steps; "slots": the loops of a step,
 * in order; "tile_columns" and "tiles"; "box_columns" and "boxes". A tile has its base [lo, hi) and "parents", numbers
 * of tiles in the row before. A box has its slot, its step, and points from x_lo to below x_hi, y and z likewise.
 *
 * @param options  executor is taken to be temporal; pitch, height and chunk as given, or else as the planner would
 * @param steps    how many to lay out; 0: two blocks of the schedule's height
 * @return PEL_OK; PEL_ERR_ARGUMENT if the chain cannot be tiled in time, saying why; PEL_ERR_MEMORY
 */
pel_status pel_layout_describe(const pel_chain *chain, const pel_team *team, const pel_run_options *options, long steps,
                               pel_text *json);

#endif
