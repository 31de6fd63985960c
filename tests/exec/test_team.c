/* Teams: as many threads as there are, and no work lost where OpenMP gives fewer than asked for. */
#include "exec/team.h"

#include <omp.h>
#include <stdatomic.h>

#include "support/test.h"

static void count_share(int thread, int threads, void *data)
{
    long lo, hi;
    pel_team_share(1000, thread, threads, &lo, &hi);
    atomic_fetch_add((atomic_long *)data, hi - lo);
}

static long count_shares(int threads, int *given)
{
    pel_team *team;
    atomic_long count = 0;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true}, &team));
    *given = pel_team_threads(team);
    pel_team_run(team, count_share, &count);
    pel_team_destroy(team);
    return count;
}

TEST(shares_make_up_the_whole)
{
    int given;
    CU_ASSERT_EQUAL(count_shares(3, &given), 1000);
    CU_ASSERT_EQUAL(given, 3);
}

TEST(no_share_is_lost_where_openmp_gives_fewer_threads)
{
    const int levels = omp_get_max_active_levels();
    int given;
    omp_set_max_active_levels(0);
    CU_ASSERT_EQUAL(count_shares(3, &given), 1000);
    CU_ASSERT_EQUAL(given, 1);
    omp_set_max_active_levels(levels);
}
