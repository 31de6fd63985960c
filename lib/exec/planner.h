/**
 * @file
 * How a chain will be run: which executor, with which tiles, and how fast that should be.
 */
#ifndef PELAGOS_EXEC_PLANNER_H
#define PELAGOS_EXEC_PLANNER_H

#include "exec/chain.h"

/** One way to run a chain, with what is expected of it. An update is one point of one loop. */
typedef struct pel_plan {
    pel_executor executor;     /**< reference, spatial or temporal */
    int pitch, height, chunk;  /**< temporal: points, steps, points; else 0 */
    int row;                   /**< temporal in three dimensions: points of a row at a time; 0: whole rows */
    int dimension, wave;       /**< temporal: of the diamonds and of the wavefront (-1: none) */
    double working_set;        /**< bytes that a core has in hand at a time */
    double bytes_an_update;    /**< between memory and caches */
    double updates_per_second; /**< on the whole team */
    const char *why_not;       /**< why it is not temporal; NULL where it is, or could be */
} pel_plan;

/**
 * The ways to run `steps` steps of the chain under these options, the one expected to be fastest first. The chain has
 * been committed (pel_commit_plan() is enough). Numbers given in the options stay as they are, but a pitch below what
 * the reaches need, which is raised to that.
 *
 * @param plans  receives up to `most`
 * @return PEL_OK or PEL_ERR_MEMORY
 */
pel_status pel_plan_candidates(const pel_chain *chain, const pel_team *team, const pel_run_options *options, long steps,
                               pel_plan *plans, int most, int *count);
/** How the latest stretch was run in the end; zero (PEL_EXECUTOR_AUTO) before the first. */
pel_plan pel_chain_plan_used(const pel_chain *chain);
/** The plan as a nested expression, from the process down to the row. */
void pel_plan_describe(const pel_plan *plan, const pel_chain *chain, const pel_team *team, pel_text *text);
/** "reference", "spatial", "temporal" or "auto". */
const char *pel_executor_name(pel_executor executor);

#endif
