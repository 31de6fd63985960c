/* When things are due: properties over random steps and stretches. */
#include <limits.h>
#include <math.h>

#include "base/random.h"
#include "sim/output.h"
#include "support/test.h"

enum { MOST_RECORDS = 4096 };

static double draw(uint64_t id, uint64_t number)
{
    return pel_random_uniform((pel_random_key){.seed = 7, .id = id, .draw = number});
}

/* The steps at which something is due, when the run looks after stretches of at most `longest` steps. */
static int run_until(pel_cadence cadence, double dt, long steps, long longest, uint64_t id, long due[MOST_RECORDS])
{
    pel_step now = {.dt = dt};
    pel_schedule schedule = pel_schedule_start(cadence, now, true);
    int count = 0;
    for (uint64_t stretch = 0;; stretch++) {
        if (pel_schedule_is_due(&schedule, now)) {
            due[count++] = now.index;
            pel_schedule_advance(&schedule, now);
        }
        if (now.index >= steps) return count;
        long n = pel_schedule_steps_until(&schedule, now);
        const long most = 1 + (long)(draw(id, stretch) * (double)longest);
        if (n > most) n = most;
        if (n > steps - now.index) n = steps - now.index;
        for (long i = 0; i < n; i++) now = pel_step_next(now);
    }
}

static pel_cadence seconds(double value)
{
    return (pel_cadence){.kind = PEL_CADENCE_TIME, .seconds = value};
}

TEST(stretches_do_not_move_records)
{
    static long one[MOST_RECORDS], many[MOST_RECORDS];
    for (uint64_t id = 0; id < 200; id++) {
        const double dt = exp(6 * draw(id, 1000000) - 3), interval = dt * exp(5 * draw(id, 1000001) - 1);
        const int count = run_until(seconds(interval), dt, 1000, 1, id, one);
        CU_ASSERT_EQUAL(run_until(seconds(interval), dt, 1000, 300, id, many), count);
        CU_ASSERT_EQUAL(memcmp(one, many, (size_t)count * sizeof *one), 0);
    }
}

TEST(a_record_comes_with_the_first_step_at_or_past_each_multiple)
{
    static long due[MOST_RECORDS];
    for (uint64_t id = 0; id < 100; id++) {
        const double dt = exp(6 * draw(id, 1) - 3), interval = dt * (1 + 20 * draw(id, 2));
        const int count = run_until(seconds(interval), dt, 500, 50, id, due);
        for (int k = 0; k < count; k++) CU_ASSERT_EQUAL(due[k], (long)ceil(k * interval / dt - 1e-5));
    }
}

TEST(an_interval_of_whole_steps_is_hit_exactly_in_spite_of_rounding)
{
    static long due[MOST_RECORDS];
    const int count = run_until(seconds(0.7), 0.1, 7000, 1000, 3, due);
    CU_ASSERT_EQUAL(count, 1001);
    for (int k = 0; k < count; k++) CU_ASSERT_EQUAL(due[k], 7 * k);
}

TEST(a_step_longer_than_the_interval_writes_one_record)
{
    static long due[MOST_RECORDS];
    CU_ASSERT_EQUAL(run_until(seconds(1), 2.5, 10, 5, 0, due), 11);
}

TEST(steps_count_from_step_zero_also_after_a_resume)
{
    const pel_cadence cadence = {.kind = PEL_CADENCE_STEPS, .steps = 10};
    const pel_step now = {.index = 25, .time = 25, .dt = 1};
    pel_schedule schedule = pel_schedule_start(cadence, now, false);
    CU_ASSERT_EQUAL(schedule.next_step, 30);
    CU_ASSERT_EQUAL(pel_schedule_steps_until(&schedule, now), 5);
    schedule = pel_schedule_start(cadence, now, true);
    CU_ASSERT_TRUE(pel_schedule_is_due(&schedule, now));
    pel_schedule_advance(&schedule, now);
    CU_ASSERT_EQUAL(schedule.next_step, 30);
}

TEST(never_is_never_due)
{
    const pel_schedule schedule = pel_schedule_start((pel_cadence){0}, (pel_step){.dt = 1}, true);
    CU_ASSERT_FALSE(pel_schedule_is_due(&schedule, (pel_step){.index = 5, .time = 5, .dt = 1}));
    CU_ASSERT_EQUAL(pel_schedule_steps_until(&schedule, (pel_step){.dt = 1}), LONG_MAX);
}

TEST(wall_clock_cadences_do_not_end_stretches)
{
    const pel_cadence hour = {.kind = PEL_CADENCE_WALL, .seconds = 3600};
    const pel_step now = {.dt = 1};
    pel_schedule schedule = pel_schedule_start(hour, now, false);
    CU_ASSERT_FALSE(pel_schedule_is_due(&schedule, now));
    CU_ASSERT_EQUAL(pel_schedule_steps_until(&schedule, now), LONG_MAX);
    schedule.next_time -= 3601;
    CU_ASSERT_TRUE(pel_schedule_is_due(&schedule, now));
}

TEST(a_time_that_cannot_advance_does_not_hang)
{
    pel_schedule schedule = {.cadence = seconds(1e12), .next_time = 1e12 + 1e-4};
    CU_ASSERT_TRUE(pel_schedule_steps_until(&schedule, (pel_step){.time = 1e12, .dt = 1e-6}) >= 1);
}

TEST(an_interval_that_is_too_short_to_count_does_not_hang)
{
    const pel_step now = {.time = 1e8, .dt = 1e-3};
    const pel_schedule schedule = pel_schedule_start(seconds(1e-12), now, false);
    CU_ASSERT_TRUE(schedule.next_time > now.time);
    CU_ASSERT_EQUAL(pel_schedule_steps_until(&schedule, now), 1);
}
