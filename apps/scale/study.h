/**
 * @file
 * What a scaling study is made of: ways to run the deck, the samples taken of each, and the points of its curves.
 */
#ifndef PELAGOS_SCALE_STUDY_H
#define PELAGOS_SCALE_STUDY_H

#include <stdbool.h>
#include <stdint.h>

#include "machine/placement.h"

typedef enum scale_mode {
    SCALE_STRONG, /**< the same problem on more threads */
    SCALE_WEAK    /**< a problem that grows with the threads */
} scale_mode;

/** An estimate with its 95 % interval; all NAN where there is none. */
typedef struct scale_estimate {
    double value, low, high;
} scale_estimate;

enum { SCALE_MOST_CHAINS = 16 };

/** What one chain of loops did in the measured steps of a sample; NAN for what is not known. */
typedef struct scale_chain {
    char name[64], executor[16];
    double seconds;
    double updates; /**< points computed, all loops */
    double bytes;   /**< that the declared accesses imply */
    double moved;   /**< bytes to and from memory that the plan predicts: fewer, where tiles stay in cache */
    double flops;   /**< floating-point operations that the loops declare */
} scale_chain;

/** One process that ran one point: what its report says of the measured steps, the warm-up left out. */
typedef struct scale_sample {
    int round;             /**< in which turn of the study, from 0 */
    double steps, seconds; /**< measured */
    double work;           /**< cell-steps or atom-steps measured */
    double start_up;       /**< seconds of the process before the first step */
    double warm_up;        /**< seconds of the steps before the measured ones */
    double files;          /**< seconds of reading and writing in the measured steps */
    double serial;         /**< seconds of the measured ones in which the team did not work: one thread did */
    double busy;           /**< seconds in work of the team, all threads together; NAN: not counted */
    double busiest;        /**< the same of the thread with the most, `serial` left out */
    double busy_of_first;  /**< the same of thread 0 */
    double waiting;        /**< seconds in which threads waited for others within work of the team */
    double stolen;         /**< of `busy`: tiles taken from another thread */
    double regions;        /**< how often work was handed to the team */
    double joules;         /**< NAN: not available */
    double peak_memory;    /**< bytes */
    double load;           /**< processors that other processes kept busy meanwhile; NAN: not known */
    double steal;          /**< share of time that the hypervisor gave to others, 0 to 1; NAN: not known */
    uint64_t hash;         /**< of the state at the step that all samples pass */
    int chain_count;
    scale_chain chains[SCALE_MOST_CHAINS];
} scale_sample;

/** One point of a curve. */
typedef struct scale_point {
    scale_mode mode;
    int threads;
    pel_placement_kind places;
    double work_a_step;     /**< cells or atoms; 0 until a sample was taken */
    bool is_oversubscribed; /**< more threads than processors granted */
    int sample_count;
    scale_sample *samples; /**< [sample_count], in the order of their rounds; of the way */
    int way;               /**< which; the smallest weak point is the same way as the strong one */
} scale_point;

/** One way to run the deck. */
typedef struct scale_way {
    int threads;
    pel_placement_kind places;
    int factor;    /**< how many times the deck's problem */
    char name[64]; /**< of its folder below points/ */
    char *growth;  /**< overrides, a line each, that make the problem so large; owned */
    char size[64]; /**< "256 x 256" cells, or the number of atoms; "" until a sample was taken */
    int sample_count;
    scale_sample *samples; /**< [sample_count], room for one a round; owned */
    char *trouble;         /**< why it cannot be run; owned, NULL: it can, as far as is known */
} scale_way;

#endif
