/**
 * @file
 * Where the threads' time goes: factors of efficiency after POP, shares of the time, memory traffic.
 *
 * POP (the EU centre of excellence Performance Optimisation and Productivity, "POP standard metrics for parallel
 * performance analysis") splits the efficiency of processes that pass messages. Of p threads in a wall time T, with
 * "useful" their work in loops of the team and thread 0's work between them:
 *
 *     load balance    mean useful / max useful                as POP's
 *     transfer        1 - overhead / (p T)                    POP: the run's time on an ideal network over T; here what
 *                                                             handing out work costs: fork, join, tiles
 *     serialisation   max useful / (T transfer)               POP: max useful over the time on an ideal network; here
 *                                                             waits that not even the busiest thread is spared
 *     parallel        mean useful / T                         their product, as POP's
 *     computation     useful of the base / useful, a unit     as POP's computation scaling: below 1 where the same
 *                     of work                                 work takes more thread time than on few threads
 *     global          parallel x computation                  as POP's
 *
 * A serial part keeps thread 0 busy while p - 1 wait: it lowers the load balance, as a serial part of a program that
 * passes messages does in POP's.
 */
#ifndef PELAGOS_SCALE_FACTORS_H
#define PELAGOS_SCALE_FACTORS_H

#include "scale/study.h"

/** Factors of efficiency, 1 is ideal; NAN where not counted. */
typedef struct scale_factors {
    double global, parallel, load_balance, serialisation, transfer, computation;
} scale_factors;

/** Shares of threads x wall time; NAN where not counted. busy + waiting + overhead is 1. */
typedef struct scale_shares {
    double busy;      /**< in work, of the team or between its loops */
    double waiting;   /**< for other threads, or for the one at work between loops */
    double overhead;  /**< handing out work */
    double serial;    /**< of the wall time: between loops, one thread at work */
    double files;     /**< of the wall time: reading and writing */
    double imbalance; /**< of the wall time: what the busiest thread works longer than the mean */
    double stolen;    /**< of `busy`: tiles taken from another thread */
} scale_shares;

/** Bytes a second. */
typedef struct scale_traffic {
    double declared; /**< that the accesses of the loops imply */
    double moved;    /**< to and from memory as the plans predict; fewer where tiles stay in cache */
} scale_traffic;

/**
 * Factors of a typical sample: of the round in which the time over the base's is the middle one.
 * @param base  the point that computation is compared with; NULL: computation and global are NAN
 */
scale_factors scale_factors_of(const scale_point *point, const scale_point *base);
/** Shares of the same sample. */
scale_shares scale_shares_of(const scale_point *point, const scale_point *base);
/** Of the same sample; NAN where no chain says. */
scale_traffic scale_traffic_of(const scale_point *point, const scale_point *base);

/** The medians over a point's samples of what scale_sample counts, a step (`steps` is 1), without its chains. */
scale_sample scale_median_sample(const scale_point *point);

#endif
