/* Progress: step, model time, percentage, updates a second, model time a day of wall time, time left. */
#include "sim/progress.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"

static const double first_line = 10, line_every = 30, live_every = 0.2; /* s of wall time */

pel_progress pel_progress_start(const pel_component *component, double updates, long end_step, double end_time,
                                pel_step now)
{
    const double clock = pel_clock_seconds();
    return (pel_progress){.component = component,
                          .updates = updates,
                          .end_step = end_step,
                          .end_time = end_time,
                          .first = now,
                          .began = clock,
                          .next_at = clock + (pel_log_is_terminal() ? 0 : first_line)};
}

/* Which part of what this run had to do from its beginning is done, and which part of the whole. */
static void parts_done(const pel_progress *p, pel_step now, double *of_this, double *of_all)
{
    const double start = p->end_step ? (double)p->first.index : p->first.time;
    const double at = p->end_step ? (double)now.index : now.time, end = p->end_step ? (double)p->end_step : p->end_time;
    *of_this = end > start ? fmin(1, (at - start) / (end - start)) : 1;
    *of_all = end > 0 ? fmin(1, at / end) : 1;
}

void pel_progress_show(pel_progress *progress, pel_step now)
{
    const double clock = pel_clock_seconds(), spent = clock - progress->began;
    if (clock < progress->next_at || spent <= 0) return;
    progress->next_at = clock + (pel_log_is_terminal() ? live_every : line_every);
    double of_this, of_all;
    parts_done(progress, now, &of_this, &of_all);
    const double steps = (double)(now.index - progress->first.index);
    const double model_a_day = (now.time - progress->first.time) / spent * 86400;
    char time[64], rate[32], speed[64], left[32], line[320];
    snprintf(line, sizeof line, "step %ld, time %s, %.1f %%, %s %s-updates/s, %s a day, %s left", now.index,
             pel_component_duration(progress->component, now.time, time), 100 * of_all,
             pel_text_si(progress->updates * steps / spent, rate), pel_component_unit_of_work(progress->component),
             pel_component_duration(progress->component, model_a_day, speed),
             of_this > 0 ? pel_text_duration(spent * (1 - of_this) / of_this, left) : "unknown");
    if (pel_log_is_terminal()) pel_log_live(line);
    else pel_log_info("%s", line);
}

void pel_progress_end(void)
{
    pel_log_live(NULL);
}
