/* Wall-clock time from POSIX clocks. */
#include "base/clock.h"

#include <time.h>

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double pel_clock_seconds(void)
{
    return seconds(CLOCK_MONOTONIC);
}

double pel_clock_epoch(void)
{
    return seconds(CLOCK_REALTIME);
}
