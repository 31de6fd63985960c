/* When something is due.
 *
 * The moments are the multiples of the interval, counted from step 0 and time 0, so that they neither drift nor depend
 * on when a run was resumed. Something is due at the first state at or past its moment; times are sums of steps, hence
 * the tolerance of a millionth of a step. Nothing here looks at stretches: a stretch that ends too early costs a
 * little, one that ends too late would move a record, so the count of steps is never too large. */
#include <limits.h>
#include <math.h>

#include "base/clock.h"
#include "sim/output.h"

static const double tolerance = 1e-6; /* of a step */

/* The first multiple of `interval` that is after the state; of intervals too short to count, the next number. */
static double time_after(double interval, pel_step now)
{
    const double reached = now.time + tolerance * now.dt;
    double multiple = floor(reached / interval) + 1;
    if (multiple * interval <= reached) multiple++; /* the quotient was rounded */
    return fmax(multiple * interval, nextafter(reached, INFINITY));
}

pel_schedule pel_schedule_start(pel_cadence cadence, pel_step now, bool at_start)
{
    pel_schedule schedule = {.cadence = cadence};
    if (cadence.kind == PEL_CADENCE_WALL && at_start) schedule.next_time = pel_clock_seconds();
    else if (at_start) schedule.next_step = now.index, schedule.next_time = now.time;
    else pel_schedule_advance(&schedule, now);
    return schedule;
}

bool pel_schedule_is_due(const pel_schedule *schedule, pel_step now)
{
    switch (schedule->cadence.kind) {
    case PEL_CADENCE_STEPS:
        return now.index >= schedule->next_step;
    case PEL_CADENCE_TIME:
        return now.time + tolerance * now.dt >= schedule->next_time;
    case PEL_CADENCE_WALL:
        return pel_clock_seconds() >= schedule->next_time;
    default:
        return false;
    }
}

void pel_schedule_advance(pel_schedule *schedule, pel_step now)
{
    const pel_cadence cadence = schedule->cadence;
    switch (cadence.kind) {
    case PEL_CADENCE_STEPS:
        schedule->next_step = (now.index / cadence.steps + 1) * cadence.steps;
        break;
    case PEL_CADENCE_TIME:
        schedule->next_time = time_after(cadence.seconds, now);
        break;
    case PEL_CADENCE_WALL:
        schedule->next_time = pel_clock_seconds() + cadence.seconds;
        break;
    default:
        break;
    }
}

/* Counts by the same additions that the run will do; far from the moment, a part of the way is enough. */
static long steps_until_time(const pel_schedule *schedule, pel_step now)
{
    enum { MOST_COUNTED = 4096 };
    if (!(now.dt > 0)) return 1;
    const double remaining = (schedule->next_time - now.time) / now.dt;
    if (remaining > MOST_COUNTED) return remaining < 1e9 ? (long)(0.9 * remaining) : (long)9e8;
    long steps = 0;
    do {
        now = pel_step_next(now);
        steps++;
    } while (steps <= MOST_COUNTED && !pel_schedule_is_due(schedule, now));
    return steps;
}

long pel_schedule_steps_until(const pel_schedule *schedule, pel_step now)
{
    switch (schedule->cadence.kind) {
    case PEL_CADENCE_STEPS:
        return schedule->next_step > now.index ? schedule->next_step - now.index : 1;
    case PEL_CADENCE_TIME:
        return steps_until_time(schedule, now);
    default:
        return LONG_MAX;
    }
}
