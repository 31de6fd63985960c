/**
 * @file
 * What else keeps the processors busy: from the counters of /proc/stat.
 */
#ifndef PELAGOS_MACHINE_LOAD_H
#define PELAGOS_MACHINE_LOAD_H

/** Seconds since the machine started, all processors that this process may use together. */
typedef struct pel_load {
    double busy;    /**< in user and kernel code, of whatever process */
    double stolen;  /**< that a hypervisor gave to other machines */
    double clock;   /**< pel_clock_seconds() */
    int processors; /**< counted; 0 where nothing is known */
} pel_load;

/**
 * Reads the counters.
 * @param root  "" for this machine; else a folder that holds proc/stat, for tests: all its processors count
 */
pel_load pel_load_read(const char *root);
/** Processors that others kept busy between two readings, in which the caller's own took `own` seconds; NAN: not known.
 */
double pel_load_of_others(pel_load from, pel_load to, double own);
/** Which share of the time the hypervisor gave to others, 0 to 1; NAN: not known. */
double pel_load_steal(pel_load from, pel_load to);

#endif
