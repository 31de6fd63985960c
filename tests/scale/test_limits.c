/* Verdicts: each kind of loss is told from the others, in a sentence with its figures, and doubt is said. */
#include <math.h>

#include "scale/limits.h"
#include "support/test.h"

enum { MOST_POINTS = 4, ROUNDS = 5 };

/* How a step on p threads goes, by the time that one thread takes: shares of the thread time are added to it. */
typedef struct made_up {
    double serial;   /* of the time on one thread */
    double waiting;  /* within loops, over the busy time */
    double overhead; /* over the busy time */
    double growth;   /* of the busy time: 1.5 takes half as long again */
    double traffic;  /* bytes/s on the most threads */
    double regions;  /* a step */
    double noise;    /* round i takes 1 + noise (i - 2) times as long, if on several threads */
    double start_up; /* s of the process */
    double steal, load;
    bool is_even; /* all threads wait alike */
    bool is_uncounted;
} made_up;

typedef struct made_study {
    scale_point points[MOST_POINTS];
    scale_sample samples[MOST_POINTS][ROUNDS];
    double bandwidth[MOST_POINTS];
    int count;
    scale_mode mode;
} made_study;

/* 100 steps, which one thread takes 1 s for. */
static scale_sample sample_of(const made_up *how, int threads, int round)
{
    const double p = threads, slower = 1 + how->noise * (round - 2);
    const double busy = threads == 1 ? 1 - how->serial : (1 - how->serial) * how->growth;
    const double waiting = threads == 1 ? 0 : how->waiting * busy, overhead = threads == 1 ? 0 : how->overhead * busy;
    const double busiest = how->is_even ? busy / p : (busy + waiting) / p;
    scale_sample s = {.round = round,
                      .steps = 100,
                      .seconds = (how->serial + (busy + waiting + overhead) / p) * (threads == 1 ? 1 : slower),
                      .work = 1e6,
                      .start_up = how->start_up,
                      .serial = how->serial,
                      .busy = how->is_uncounted ? NAN : busy,
                      .busiest = how->is_uncounted ? NAN : busiest,
                      .busy_of_first = how->is_uncounted ? NAN : busy / p,
                      .waiting = how->is_uncounted ? NAN : waiting,
                      .regions = 100 * how->regions,
                      .steal = how->steal,
                      .load = how->load,
                      .chain_count = 1};
    s.chains[0] = (scale_chain){.bytes = how->traffic * s.seconds, .moved = NAN};
    return s;
}

/* Points on `threads` of them, of a memory with 100 GB/s. */
static void make(const made_up *how, const int *threads, int count, made_study *study)
{
    *study = (made_study){.count = count, .mode = SCALE_STRONG};
    for (int i = 0; i < count; i++) {
        for (int round = 0; round < ROUNDS; round++) study->samples[i][round] = sample_of(how, threads[i], round);
        study->points[i] = (scale_point){.mode = SCALE_STRONG,
                                         .threads = threads[i],
                                         .places = PEL_PLACEMENT_COMPACT,
                                         .work_a_step = 1e4,
                                         .sample_count = ROUNDS,
                                         .samples = study->samples[i]};
        study->bandwidth[i] = 100e9;
    }
}

static scale_verdict judge(const made_study *study, const scale_fit *usl)
{
    scale_verdict verdict;
    CHECK_STATUS(
        scale_judge(study->points, study->count, study->bandwidth, usl, study->mode, PEL_PLACEMENT_COMPACT, &verdict));
    if (getenv("PELAGOS_SHOW")) printf("\n  %s: %s\n", scale_limit_name(verdict.kind), verdict.sentence);
    return verdict;
}

static void check_says(const scale_verdict *verdict, scale_limit kind, const char *text)
{
    if (verdict->kind != kind || !strstr(verdict->sentence, text))
        fprintf(stderr, "\n%s: %s\n", scale_limit_name(verdict->kind), verdict->sentence);
    CU_ASSERT_EQUAL(verdict->kind, kind);
    CU_ASSERT_PTR_NOT_NULL(strstr(verdict->sentence, text));
}

static scale_verdict judge_made_up(made_up how)
{
    made_study study;
    if (how.growth == 0) how.growth = 1;
    make(&how, (const int[]){1, 2, 4, 8}, 4, &study);
    return judge(&study, NULL);
}

/* ---- each kind ---- */

TEST(a_run_that_scales_well_has_no_limit)
{
    const scale_verdict v = judge_made_up((made_up){.waiting = 0.02, .overhead = 0.01, .traffic = 30e9});
    check_says(&v, SCALE_LIMIT_NONE, "7.77 times as fast as on one (efficiency 97 %");
    check_says(&v, SCALE_LIMIT_NONE, "Threads wait 1.9 %");
    CU_ASSERT_PTR_NULL(strstr(v.sentence, "bandwidth"));
}

TEST(a_run_that_scales_well_is_warned_of_the_bandwidth)
{
    const scale_verdict v = judge_made_up((made_up){.waiting = 0.02, .traffic = 90e9});
    check_says(&v, SCALE_LIMIT_NONE, "90 GB/s of the 100 GB/s");
}

TEST(one_thread_at_work_is_a_serial_part)
{
    const scale_verdict v = judge_made_up((made_up){.serial = 0.1, .waiting = 0.02, .traffic = 30e9});
    check_says(&v, SCALE_LIMIT_SERIAL, "for 47 % of the time one thread works alone and 7 wait");
    check_says(&v, SCALE_LIMIT_SERIAL, "more than 2.15 times as fast");
}

TEST(slower_work_near_the_bandwidth_is_the_bandwidth)
{
    const scale_verdict v = judge_made_up((made_up){.growth = 1.7, .waiting = 0.02, .traffic = 93e9});
    check_says(&v, SCALE_LIMIT_BANDWIDTH, "93 GB/s of the 100 GB/s measured");
    check_says(&v, SCALE_LIMIT_BANDWIDTH, "the same work takes 1.7 times as much thread time as on one");
}

TEST(slower_work_far_from_the_bandwidth_is_contention)
{
    scale_verdict v = judge_made_up((made_up){.growth = 1.7, .waiting = 0.02, .traffic = 30e9});
    check_says(&v, SCALE_LIMIT_CONTENTION, "though the loops ask for 30 GB/s of the 100 GB/s");
    v = judge_made_up((made_up){.growth = 1.7, .traffic = 300e9});
    check_says(&v, SCALE_LIMIT_CONTENTION, "300 GB/s, more than the 100 GB/s of memory: they live on caches");
    v = judge_made_up((made_up){.growth = 1.7, .traffic = NAN});
    check_says(&v, SCALE_LIMIT_CONTENTION, "is not known");
    v = judge_made_up((made_up){.growth = 1.7, .traffic = 30e9, .steal = 0.08});
    check_says(&v, SCALE_LIMIT_CONTENTION, "The hypervisor gave 8 % of the time to others");
}

TEST(what_tiles_in_time_keep_from_memory_counts_by_their_plan)
{
    made_study study;
    const made_up how = {.growth = 1.7, .waiting = 0.02, .traffic = 300e9};
    make(&how, (const int[]){1, 2, 4, 8}, 4, &study);
    for (int i = 0; i < 4; i++)
        for (int round = 0; round < ROUNDS; round++)
            study.samples[i][round].chains[0].moved = study.samples[i][round].chains[0].bytes / 3;
    const scale_verdict v = judge(&study, NULL);
    check_says(&v, SCALE_LIMIT_BANDWIDTH, "by their plan the tiles move 100 GB/s of the 100 GB/s measured");
    CU_ASSERT_PTR_NULL(strstr(v.sentence, "ask for"));
}

TEST(waits_for_the_busiest_are_imbalance)
{
    const scale_verdict v = judge_made_up((made_up){.waiting = 0.4, .overhead = 0.05, .regions = 10, .traffic = 30e9});
    check_says(&v, SCALE_LIMIT_IMBALANCE, "the busiest of them works 1.40 times as long as the mean");
}

TEST(waits_in_turns_are_told_from_uneven_work)
{
    const scale_verdict v = judge_made_up((made_up){.waiting = 0.4, .is_even = true, .regions = 10, .traffic = 30e9});
    check_says(&v, SCALE_LIMIT_IMBALANCE, "their work is even in sum");
}

TEST(waits_on_a_busy_machine_may_be_for_a_processor)
{
    made_up how = {.waiting = 0.4, .is_even = true, .regions = 10, .traffic = 30e9};
    scale_verdict v = judge_made_up(how);
    CU_ASSERT_PTR_NULL(strstr(v.sentence, "measure again"));
    how.load = 1.3;
    v = judge_made_up(how);
    check_says(&v, SCALE_LIMIT_IMBALANCE, "Other processes kept 1.3 processors busy meanwhile: measure again");
    how.overhead = 3;
    v = judge_made_up(how);
    check_says(&v, SCALE_LIMIT_START_UP, "Other processes kept 1.3 processors busy meanwhile: measure again");
}

TEST(overhead_of_regions_is_start_up)
{
    const scale_verdict v = judge_made_up((made_up){.waiting = 0.05, .overhead = 0.5, .regions = 20, .traffic = 30e9});
    check_says(&v, SCALE_LIMIT_START_UP, "take 32 % of the time");
    check_says(&v, SCALE_LIMIT_START_UP, "microseconds of a region, of which a step has 20");
}

TEST(waits_in_regions_of_microseconds_are_start_up)
{
    const scale_verdict v = judge_made_up((made_up){.waiting = 0.4, .regions = 1000, .traffic = 30e9});
    check_says(&v, SCALE_LIMIT_START_UP, "The problem is too small");
}

/* ---- what else is said ---- */

TEST(the_fastest_number_of_threads_is_named_if_it_is_not_the_largest)
{
    made_study study;
    const made_up how = {.growth = 1, .overhead = 0.05, .regions = 20, .traffic = 30e9};
    make(&how, (const int[]){1, 2, 4, 8}, 4, &study);
    for (int i = 0; i < ROUNDS; i++) study.samples[3][i].seconds *= 3;
    const scale_verdict v = judge(&study, NULL);
    check_says(&v, SCALE_LIMIT_START_UP, "It is fastest on 4.");
}

TEST(a_long_start_of_the_process_is_mentioned)
{
    const scale_verdict v = judge_made_up((made_up){.waiting = 0.02, .start_up = 3});
    check_says(&v, SCALE_LIMIT_NONE, "Before the first step the process takes 3.0 s, as long as 2353 steps");
}

TEST(weak_points_are_said_by_their_work)
{
    made_study study;
    const made_up how = {.growth = 1.5, .traffic = 30e9};
    make(&how, (const int[]){1, 2, 4, 8}, 4, &study);
    study.mode = SCALE_WEAK;
    for (int i = 0; i < study.count; i++) {
        study.points[i].mode = SCALE_WEAK;
        for (int round = 0; round < ROUNDS; round++) {
            scale_sample *s = &study.samples[i][round];
            double *const grown[] = {&s->seconds, &s->work,          &s->busy,
                                     &s->busiest, &s->busy_of_first, &s->chains[0].bytes};
            for (size_t k = 0; k < sizeof grown / sizeof *grown; k++) *grown[k] *= study.points[i].threads;
        }
    }
    const scale_verdict v = judge(&study, NULL);
    check_says(&v, SCALE_LIMIT_CONTENTION, "with 8 times the work, a step takes 1.50 times as long as on one");
}

/* ---- times alone ---- */

static scale_fit usl_of(double kappa, double low)
{
    scale_fit fit = {.law = SCALE_USL, .parameter_count = 2};
    fit.parameters[0].of = (scale_estimate){.value = 0.01, .low = 0, .high = 0.02};
    fit.parameters[1].of = (scale_estimate){.value = kappa, .low = low, .high = 2 * kappa};
    return fit;
}

TEST(without_counts_the_times_are_judged)
{
    made_study study;
    made_up how = {.growth = 1.5, .traffic = 90e9, .is_uncounted = true};
    make(&how, (const int[]){1, 2, 4, 8}, 4, &study);
    scale_verdict v = judge(&study, NULL);
    check_says(&v, SCALE_LIMIT_BANDWIDTH, "90 GB/s");
    how.traffic = 30e9;
    make(&how, (const int[]){1, 2, 4, 8}, 4, &study);
    scale_fit usl = usl_of(0.01, 0.005);
    v = judge(&study, &usl);
    check_says(&v, SCALE_LIMIT_CONTENTION, "fastest on about 10 threads");
    usl = usl_of(0.01, 0);
    v = judge(&study, &usl);
    check_says(&v, SCALE_LIMIT_SERIAL, "a fraction of 0.071");
    how.growth = 10;
    make(&how, (const int[]){1, 2, 4, 8}, 4, &study);
    v = judge(&study, NULL);
    check_says(&v, SCALE_LIMIT_CONTENTION, "beyond what a serial part explains");
}

/* ---- doubt ---- */

TEST(one_thread_count_cannot_tell)
{
    made_study study;
    const made_up how = {.growth = 1};
    make(&how, (const int[]){1, 2}, 2, &study);
    study.points[1].is_oversubscribed = true;
    scale_verdict v = judge(&study, NULL);
    check_says(&v, SCALE_LIMIT_UNKNOWN, "only one thread count");
    study.points[0].sample_count = study.points[1].sample_count = 0;
    v = judge(&study, NULL);
    check_says(&v, SCALE_LIMIT_UNKNOWN, "no thread count");
}

TEST(noise_as_large_as_the_loss_cannot_tell)
{
    const scale_verdict v = judge_made_up((made_up){.waiting = 0.15, .noise = 0.2});
    check_says(&v, SCALE_LIMIT_UNKNOWN, "too uncertain to tell");
}

TEST(losses_that_are_not_counted_are_not_guessed)
{
    made_study study;
    const made_up how = {.growth = 1, .waiting = 0.02, .traffic = 30e9};
    make(&how, (const int[]){1, 8}, 2, &study);
    for (int i = 0; i < ROUNDS; i++) { /* one thread is faster than its counts say */
        study.samples[0][i].seconds *= 0.5;
    }
    const scale_verdict v = judge(&study, NULL);
    check_says(&v, SCALE_LIMIT_UNKNOWN, "not seen in what was counted");
}

TEST(one_round_alone_is_said)
{
    made_study study;
    const made_up how = {.growth = 1.7, .traffic = 93e9};
    make(&how, (const int[]){1, 8}, 2, &study);
    study.points[1].sample_count = 1;
    const scale_verdict v = judge(&study, NULL);
    check_says(&v, SCALE_LIMIT_BANDWIDTH, "Measured in one round alone");
}

TEST(an_unknown_bandwidth_is_no_failure)
{
    made_study study;
    scale_verdict v;
    const made_up how = {.growth = 1.7, .traffic = 93e9};
    make(&how, (const int[]){1, 8}, 2, &study);
    CHECK_STATUS(scale_judge(study.points, 2, NULL, NULL, SCALE_STRONG, PEL_PLACEMENT_COMPACT, &v));
    check_says(&v, SCALE_LIMIT_CONTENTION, "is not known");
}
