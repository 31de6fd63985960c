/* Small chains on the calling thread.
 *
 * When threads meet, each has to see that the others have come: a microsecond or two, once a step at least. A step that
 * takes one thread less than that is not worth a team. Chains of few points are therefore tried on the calling thread,
 * slot after slot on whole boxes, for a few steps of the run itself; if a step proves short enough, the thread does the
 * others as well. Like all choices of how to run, this does not change the bits.
 *
 * A run that asks for an order or for tiles gets them. */
#include "base/clock.h"
#include "exec/run_inside.h"

enum { MOST_POINTS = 1 << 14, FEWEST_STEPS = 64, TRIALS = 4 };

static const double worth_a_team = 2e-6; /* seconds of a step on one thread */

static bool is_candidate(const stretch *r)
{
    const int *tile = r->options->tile;
    const bool is_free = r->options->order == 0 && tile[0] <= 0 && tile[1] <= 0 && tile[2] <= 0;
    return is_free && r->steps >= FEWEST_STEPS && r->chain->updates_a_step <= MOST_POINTS;
}

static void run_step(const stretch *r, long k, const pel_step *step)
{
    for (size_t i = 0; i < r->chain->plan.count; i++) {
        slot *s = &r->chain->plan.slots[i];
        if (pel_slot_is_idle(r, s, k)) continue;
        const double start = pel_note_slot_now(r);
        pel_reference_run_slot(r, s, k, step); /* has no calls, so cannot fail */
        pel_note_slot(r, s, r->first_thread, start, false);
    }
}

/* The shortest of the next few steps. @return the step after them */
static long try_steps(const stretch *r, long from, long to, pel_step *at)
{
    double *shortest = &r->chain->step_alone;
    const long end = to - from < TRIALS ? to : from + TRIALS;
    for (; from < end; from++, *at = pel_step_next(*at)) {
        const double start = pel_clock_seconds();
        run_step(r, from, at);
        const double seconds = pel_clock_seconds() - start;
        if (*shortest == 0 || seconds < *shortest) *shortest = seconds;
    }
    return from;
}

long pel_alone_run_steps(const stretch *r, long from, long to, pel_step *at)
{
    if (!is_candidate(r)) return from;
    if (r->chain->step_alone == 0) from = try_steps(r, from, to, at);
    if (r->chain->step_alone >= worth_a_team) return from;
    for (; from < to; from++, *at = pel_step_next(*at)) run_step(r, from, at);
    return from;
}
