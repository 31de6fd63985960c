/* Displacements and autocorrelations of motions that are known, over several origins, on any number of threads. */
#include "particles/transport.h"

#include <math.h>

#include "base/random.h"
#include "support/test.h"

enum { N = 300, LAGS = 12 };

static pel_team *team_of(int threads)
{
    pel_team *team = NULL;
    CHECK_STATUS(
        pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true, .places = PEL_TEAM_UNPLACED}, &team));
    return team;
}

static pel_configuration make_atoms(void)
{
    pel_configuration atoms = {.box = {.length = {4, 4, 4}, .is_periodic = {true, true, true}}};
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    for (int i = 0; i < N; i++) CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){0.01 * i, 1, 2}));
    return atoms;
}

/* Atoms fly on with velocities (i / 8, -1, 0); steps of 1/4 are exact in binary. */
static void fly(pel_configuration *atoms)
{
    for (long i = 0; i < N; i++) {
        atoms->velocity[i][0] = (double)i / 8;
        atoms->velocity[i][1] = -1;
        for (int d = 0; d < 3; d++) atoms->position[i][d] += atoms->velocity[i][d] / 4;
    }
    pel_configuration_wrap(atoms);
}

TEST(free_flight_crosses_the_sides_and_goes_on)
{
    double square = 0;
    for (int i = 0; i < N; i++) square += (i / 8.0 * i / 8.0 + 1) / N;
    pel_team *team = team_of(2);
    pel_configuration atoms = make_atoms();
    pel_transport transport;
    CHECK_STATUS(pel_transport_create(N, LAGS, 6, &transport));
    for (int s = 0; s < 50; s++) {
        fly(&atoms);
        CHECK_STATUS(pel_transport_sample(&transport, team, &atoms));
    }
    for (int lag = 0; lag < LAGS; lag++) {
        const double wanted = square * lag * lag / 16;
        CU_ASSERT_EQUAL(transport.count[lag], (49 - lag) / 6 + 1); /* origins at samples 0, 6, ... 48 */
        CU_ASSERT_DOUBLE_EQUAL(pel_transport_displacement2(&transport, lag), wanted, 1e-11 * wanted);
        CU_ASSERT_DOUBLE_EQUAL(pel_transport_autocorrelation(&transport, lag), square, 1e-12 * square);
    }
    pel_transport_free(&transport);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

/* A walk of steps that forget their direction: v(t).v(0) is 3 s^2 at lag 0 and 0 after it, |r|^2 is 3 s^2 per step;
 * with velocity = step / interval both give D = s^2 / (2 interval). */
static void walk(pel_configuration *atoms, uint64_t step)
{
    for (long i = 0; i < N; i++)
        for (uint64_t d = 0; d < 3; d++) {
            atoms->velocity[i][d] = pel_random_normal((pel_random_key){3, (uint64_t)i, step, d});
            atoms->position[i][d] += atoms->velocity[i][d];
        }
    pel_configuration_wrap(atoms);
}

static void gather(int threads, pel_transport *transport)
{
    pel_team *team = team_of(threads);
    pel_configuration atoms = make_atoms();
    CHECK_STATUS(pel_transport_create(N, LAGS, 1, transport));
    for (uint64_t step = 0; step < 400; step++) {
        walk(&atoms, step);
        CHECK_STATUS(pel_transport_sample(transport, team, &atoms));
    }
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

TEST(a_random_walk_diffuses_alike_by_einstein_and_green_kubo)
{
    pel_transport transport;
    gather(2, &transport);
    /* The mean over N atoms and 40 separate stretches of 10 steps has a deviation of sqrt(2 / (3 N 40)) D = 0.004. */
    CU_ASSERT_DOUBLE_EQUAL(pel_transport_einstein(&transport, 1, 10, 1), 0.5, 0.02);
    CU_ASSERT_DOUBLE_EQUAL(pel_transport_green_kubo(&transport, 10, 1), 0.5, 0.02);
    CU_ASSERT_DOUBLE_EQUAL(pel_transport_autocorrelation(&transport, 0), 3, 0.03);
    CU_ASSERT_DOUBLE_EQUAL(pel_transport_autocorrelation(&transport, 1), 0, 0.03);
    pel_transport_free(&transport);
}

/* Atoms at rest in a box whose lengths go up and down, some of them in other images than the first. */
TEST(an_atom_that_goes_with_the_box_is_not_displaced)
{
    pel_team *team = team_of(2);
    pel_configuration atoms = make_atoms();
    pel_transport transport;
    CHECK_STATUS(pel_transport_create(N, LAGS, 3, &transport));
    for (long i = 0; i < N; i++) atoms.image[i][i % 3] = (int32_t)(i % 7 - 3);
    for (int d = 0; d < 3; d++) atoms.box.lo[d] = 0.5;
    for (int s = 0; s < 30; s++) {
        const double scale = s % 2 ? 1.25 : 0.8; /* about the low corner */
        for (int d = 0; d < 3; d++) {
            atoms.box.length[d] *= scale;
            for (long i = 0; i < N; i++) atoms.position[i][d] = 0.5 + (atoms.position[i][d] - 0.5) * scale;
        }
        CHECK_STATUS(pel_transport_sample(&transport, team, &atoms));
    }
    for (int lag = 0; lag < LAGS; lag++) {
        CU_ASSERT_TRUE(transport.count[lag] > 0);
        CU_ASSERT_DOUBLE_EQUAL(pel_transport_displacement2(&transport, lag), 0, 1e-24);
    }
    pel_transport_free(&transport);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

TEST(threads_do_not_change_a_bit)
{
    pel_transport one, three;
    gather(1, &one);
    gather(3, &three);
    CU_ASSERT_EQUAL(memcmp(one.displacement2, three.displacement2, LAGS * sizeof(double)), 0);
    CU_ASSERT_EQUAL(memcmp(one.autocorrelation, three.autocorrelation, LAGS * sizeof(double)), 0);
    pel_transport_free(&one);
    pel_transport_free(&three);
}

TEST(atoms_may_not_come_or_go)
{
    pel_team *team = team_of(1);
    pel_configuration atoms = make_atoms();
    pel_transport transport;
    CHECK_STATUS(pel_transport_create(N + 1, LAGS, 1, &transport));
    CHECK_FAILS(pel_transport_sample(&transport, team, &atoms), PEL_ERR_MISMATCH, "of 301 atoms");
    CU_ASSERT_EQUAL(transport.samples, 0);
    pel_transport_free(&transport);
    CHECK_FAILS(pel_transport_create(N, 0, 1, &transport), PEL_ERR_ARGUMENT, "0 lags");
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}
