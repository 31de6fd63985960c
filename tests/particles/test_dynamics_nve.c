/* Velocity Verlet without anything else: order, reversibility, momentum. */
#include "particles/fluids.h"

/* A melting crystal of 256 atoms whose energy has no jump at the cutoff. */
static fluid melting(double dt)
{
    return fluid_of(1, 4, 0.8442, 1.44, 2.5, PEL_TRUNCATION_FORCE_SHIFTED, (pel_dynamics_spec){.dt = dt});
}

/* The standard deviation of the energy, looked at every `stride` steps over the same time. */
static double fluctuation(double dt, int stride)
{
    enum { SAMPLES = 400 };
    fluid f = melting(dt);
    double sum = 0, squares = 0, first = 0;
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 0, 200 * stride, true)); /* both from about the same state on */
    for (int i = 0; i < SAMPLES; i++) {
        CHECK_STATUS(pel_dynamics_run(f.dynamics, (200 + i) * stride, stride, true));
        const double energy = measures_of(f.dynamics, 0).conserved;
        if (i == 0) first = energy;
        sum += energy - first, squares += (energy - first) * (energy - first);
    }
    fluid_end(&f);
    return sqrt(squares / SAMPLES - pow(sum / SAMPLES, 2));
}

TEST(half_the_step_gives_a_quarter_of_the_energys_fluctuation)
{
    const double ratio = fluctuation(0.004, 1) / fluctuation(0.002, 2);
    printf(" ratio %.3f ", ratio);
    CU_ASSERT(fabs(ratio - 4) < 0.4); /* trajectories part on the way: statistics, not the order, limit this */
}

TEST(energy_does_not_drift)
{
    fluid f = melting(0.004);
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 0, 500, true));
    const double before = measures_of(f.dynamics, 500).conserved;
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 500, 2000, true));
    CU_ASSERT(fabs(measures_of(f.dynamics, 2500).conserved / before - 1) < 2e-4); /* its fluctuation */
    fluid_end(&f);
}

TEST(momentum_stays_zero_to_the_rounding_of_velocities)
{
    fluid f = melting(0.004);
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 0, 500, false));
    double momentum[3];
    momentum_of(&f, momentum);
    /* forces sum to zero exactly; each of 1000 half kicks of 256 atoms rounds a velocity by 2^-53 at most */
    for (int a = 0; a < 3; a++) CU_ASSERT(fabs(momentum[a]) < 4 * sqrt(256.0 * 1000) * 0x1p-52);
    fluid_end(&f);
}

static void turn_round(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread, (void)data;
    for (long i = lo; i < hi; i++)
        for (int a = 0; a < 3; a++) pel_system_atoms(system)->velocity[i][a] *= -1;
}

TEST(with_velocities_turned_round_the_atoms_go_back_to_where_they_began)
{
    fluid f = melting(0.004);
    pel_configuration start = {0}, back = {0};
    CHECK_STATUS(pel_system_store(f.system, &start));
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 0, 200, false));
    pel_system_each(f.system, turn_round, NULL);
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 200, 200, false));
    CHECK_STATUS(pel_system_store(f.system, &back));
    double worst = 0;
    for (long i = 0; i < start.count; i++)
        for (int a = 0; a < 3; a++) {
            const double length = start.box.length[a];
            const double there = start.position[i][a] + start.image[i][a] * length;
            worst = fmax(worst, fabs(back.position[i][a] + back.image[i][a] * length - there));
        }
    printf(" worst %.1e ", worst);
    CU_ASSERT(worst < 1e-10); /* rounding, grown by the fluid's chaos over 0.8 time units */
    pel_configuration_free(&start);
    pel_configuration_free(&back);
    fluid_end(&f);
}

TEST(kicks_and_drifts_make_the_same_step)
{
    fluid a = melting(0.004), b = melting(0.004);
    CHECK_STATUS(pel_dynamics_run(a.dynamics, 0, 20, false));
    for (int step = 0; step < 20; step++) {
        CHECK_STATUS(pel_system_forces(b.system, false));
        CHECK_STATUS(pel_kick(b.system, 0.002));
        CHECK_STATUS(pel_drift(b.system, 0.004));
        CHECK_STATUS(pel_system_forces(b.system, false));
        CHECK_STATUS(pel_kick(b.system, 0.002));
    }
    CU_ASSERT_EQUAL(hash_of(a.system), hash_of(b.system));
    fluid_end(&a);
    fluid_end(&b);
}
