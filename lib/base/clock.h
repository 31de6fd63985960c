/**
 * @file
 * Wall-clock time.
 */
#ifndef PELAGOS_BASE_CLOCK_H
#define PELAGOS_BASE_CLOCK_H

/** Seconds from a fixed moment, never going back: for durations. */
double pel_clock_seconds(void);
/** Seconds since 1970-01-01 UTC: for time stamps and for limits that a batch system states. */
double pel_clock_epoch(void);

#endif
