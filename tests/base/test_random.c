/* Counter-based random numbers: reproducible, uniform, independent between ids. */
#include "base/random.h"

#include <math.h>

#include "support/test.h"

TEST(philox_gives_its_published_known_answers)
{
    /* Random123 1.14, examples/kat_vectors, philox4x64-10 with zero counter and key: the first word. */
    CU_ASSERT_EQUAL(pel_random_bits((pel_random_key){0}), 0x16554d9eca36314cu);
}

TEST(a_normal_draw_has_mean_zero_and_variance_one)
{
    const int n = 200000;
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) {
        const double x = pel_random_normal((pel_random_key){.seed = 7, .id = (uint64_t)i, .step = 3});
        sum += x;
        squares += x * x;
    }
    CU_ASSERT_DOUBLE_EQUAL(sum / n, 0, 4 / sqrt(n)); /* four standard errors */
    CU_ASSERT_DOUBLE_EQUAL(squares / n, 1, 4 * sqrt(2.0 / n));
}

TEST(a_uniform_draw_lies_in_the_unit_interval_and_every_part_of_its_key_counts)
{
    const pel_random_key key = {.seed = 1, .id = 2, .step = 3, .draw = 4};
    pel_random_key others[] = {key, key, key, key};
    others[0].seed++, others[1].id++, others[2].step++, others[3].draw++;
    const double value = pel_random_uniform(key);
    CU_ASSERT(value >= 0 && value < 1);
    CU_ASSERT_EQUAL(value, pel_random_uniform(key));
    for (int i = 0; i < 4; i++) CU_ASSERT_NOT_EQUAL(value, pel_random_uniform(others[i]));
}

TEST(four_normal_draws_at_once_are_each_normal_and_independent)
{
    const int n = 100000;
    double sum[4] = {0}, product[4][4] = {{0}};
    for (int i = 0; i < n; i++) {
        double x[4];
        pel_random_normals((pel_random_key){.seed = 7, .id = (uint64_t)i, .step = 3}, x);
        for (int a = 0; a < 4; a++) {
            sum[a] += x[a];
            for (int b = 0; b < 4; b++) product[a][b] += x[a] * x[b];
        }
    }
    for (int a = 0; a < 4; a++) {
        CU_ASSERT_DOUBLE_EQUAL(sum[a] / n, 0, 4 / sqrt(n)); /* four standard errors */
        for (int b = 0; b < 4; b++)
            CU_ASSERT_DOUBLE_EQUAL(product[a][b] / n, a == b, 4 * sqrt((a == b ? 2.0 : 1.0) / n));
    }
    double x[4];
    const pel_random_key key = {.seed = 1, .id = 2};
    pel_random_normals(key, x);
    CU_ASSERT_EQUAL(x[0], pel_random_normal(key));
}
