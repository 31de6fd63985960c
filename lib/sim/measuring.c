/* Measuring: two moments of a run, after the warm-up and at the end, by steps or by the clock. */
#include "sim/measuring.h"

#include <limits.h>
#include <math.h>

#include "base/clock.h"

pel_measuring pel_measuring_start(const pel_run_request *request, pel_step now)
{
    const double clock = pel_clock_seconds();
    return (pel_measuring){.request = request,
                           .first = now,
                           .from = now,
                           .is_warm = request->warm_up_steps == 0 && request->warm_up_seconds <= 0,
                           .began = clock,
                           .since = clock};
}

bool pel_measuring_is_due(const pel_measuring *m, pel_step now)
{
    if (m->is_warm || now.index - m->first.index < m->request->warm_up_steps) return false;
    return pel_clock_seconds() - m->began >= m->request->warm_up_seconds;
}

void pel_measuring_begin(pel_measuring *m, pel_step now)
{
    m->is_warm = true;
    m->from = now;
    m->since = pel_clock_seconds();
    m->warm_up_seconds = m->since - m->began;
}

void pel_measuring_leave_out(pel_measuring *m, double seconds)
{
    m->since += seconds;
    if (!m->is_warm) m->began += seconds;
}

double pel_measuring_seconds(const pel_measuring *m)
{
    return pel_clock_seconds() - m->since;
}

bool pel_measuring_is_enough(const pel_measuring *m, pel_step now)
{
    if (m->request->seconds <= 0) return true;
    return m->is_warm && now.index > m->from.index && pel_measuring_seconds(m) >= m->request->seconds;
}

/* Steps that `seconds` are enough for; rounded up, so that not a single step is left over in the end. */
static long steps_in(const pel_measuring *m, double seconds)
{
    if (!(m->step_seconds > 0)) return 1;
    const double steps = ceil(seconds / m->step_seconds);
    return steps < 1 ? 1 : steps < 1e9 ? (long)steps : (long)1e9;
}

long pel_measuring_steps_left(const pel_measuring *m, pel_step now)
{
    if (m->is_warm)
        return m->request->seconds > 0 ? steps_in(m, m->request->seconds - pel_measuring_seconds(m)) : LONG_MAX;
    const long steps = m->request->warm_up_steps - (now.index - m->first.index);
    if (steps > 0) return steps;
    return steps_in(m, m->request->warm_up_seconds - (pel_clock_seconds() - m->began));
}
