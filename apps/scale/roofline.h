/**
 * @file
 * Where each chain of loops stands under the roofline (Williams, Waterman & Patterson, CACM 52, 2009, 65).
 *
 * The intensity is operations over bytes that the loops' accesses imply, each array read or written once a loop. The
 * roof over it is the peak of the threads, or what a level of memory delivers to as many: of the slowest level that can
 * deliver as much as was measured (memory, else L3, L2, L1), since what asks for more than memory gives has its data in
 * a cache.
 */
#ifndef PELAGOS_SCALE_ROOFLINE_H
#define PELAGOS_SCALE_ROOFLINE_H

#include "exec/machine_figures.h"
#include "scale/study.h"

/** What a chain did, over all samples of a point. NAN for what is not known. */
typedef struct scale_position {
    char name[64], executor[16];
    double share; /**< of the point's measured time */
    double updates_a_second, bytes_an_update, flops_an_update;
    double intensity;      /**< operations a byte */
    double flops_a_second; /**< reached */
    double roof;           /**< attainable at that intensity */
    const char *level;     /**< whose bandwidth the roof is of, "memory"; NULL: not known */
    bool is_memory_bound;  /**< the bandwidth is the lower roof, not the peak */
} scale_position;

/** How many chains a point has. */
int scale_position_count(const scale_point *point);
/** The position of the chain that is `which`-th in the point's first sample. `figures` with count 0: no roof. */
scale_position scale_position_of(const scale_point *point, int which, const pel_figures *figures);

#endif
