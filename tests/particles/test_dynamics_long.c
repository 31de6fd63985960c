/* label: long
 * timeout: 1800
 *
 * Long runs: the drift of the energy over 1e5 steps, its fluctuation to 5 %, a fluid under pressure, and diffusion. */
#include "particles/fluids.h"

/* ---- energy ---- */

enum { CELLS = 7, ATOMS = 4 * CELLS * CELLS * CELLS };

static fluid melting(int cells, double dt)
{
    return fluid_of(1, cells, 0.8442, 1.44, 2.5, PEL_TRUNCATION_FORCE_SHIFTED, (pel_dynamics_spec){.dt = dt});
}

/* Of all atoms, in the order of ids. */
typedef struct snapshot {
    double velocity[ATOMS][3], force[ATOMS][3];
} snapshot;

static void look(const fluid *f, snapshot *to)
{
    const pel_atoms *atoms = pel_system_atoms(f->system);
    for (long i = 0; i < atoms->count; i++) {
        memcpy(to->velocity[atoms->place[i]], atoms->velocity[i], sizeof *to->velocity);
        memcpy(to->force[atoms->place[i]], atoms->force[i], sizeof *to->force);
    }
}

/* The energy that velocity Verlet itself conserves, to order dt^4 (Skeel & Hardy, SIAM J. Sci. Comput. 23 (2001) 1172):
 *
 *     H + dt^2 (v.U''.v / 12 - F^2 / (24 m)),      U'' v = -dF/dt = (F(t - dt) - F(t + dt)) / (2 dt).
 *
 * It does not fluctuate as H does, and so shows a drift of H that is far below the fluctuation. What remains is a
 * random walk, of the jumps of U'' at the cutoff, that falls relatively as the root of the number of atoms. */
static double modified_energy(const fluid *f, long step, double dt)
{
    static snapshot before, now, after;
    look(f, &before);
    CHECK_STATUS(pel_dynamics_run(f->dynamics, step, 1, true));
    const double energy = measures_of(f->dynamics, step + 1).conserved;
    look(f, &now);
    CHECK_STATUS(pel_dynamics_run(f->dynamics, step + 1, 1, false));
    look(f, &after);
    double sum = 0;
    for (int i = 0; i < ATOMS; i++)
        for (int a = 0; a < 3; a++) {
            const double force_rate = (after.force[i][a] - before.force[i][a]) / (2 * dt);
            sum -= now.velocity[i][a] * force_rate / 12 + now.force[i][a] * now.force[i][a] / 24;
        }
    return energy + dt * dt * sum;
}

/* A straight line through values at equal distances. */
typedef struct line {
    double mean, slope, deviation, slope_error; /* slope a value; deviation from the mean */
} line;

static line line_through(long count, const double *value)
{
    const double n = (double)count, centre = 0.5 * (n - 1), spread = n * (n * n - 1) / 12;
    double mean = 0, with_place = 0, squares = 0;
    for (long i = 0; i < count; i++) mean += (value[i] - value[0]) / n;
    for (long i = 0; i < count; i++) {
        const double excess = value[i] - value[0] - mean;
        squares += excess * excess, with_place += excess * ((double)i - centre);
    }
    return (line){value[0] + mean, with_place / spread, sqrt(squares / n), sqrt(squares / n / spread)};
}

TEST(energy_drifts_by_less_than_a_millionth_in_1e5_steps_and_momentum_stays_zero)
{
    enum { SAMPLES = 1000, STRIDE = 100 };
    static double plain[SAMPLES], modified[SAMPLES];
    const double dt = 0.004;
    fluid f = melting(CELLS, dt);
    long step = 2000;
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 0, step, true));
    for (int i = 0; i < SAMPLES; i++, step += STRIDE) {
        plain[i] = measures_of(f.dynamics, step).conserved;
        modified[i] = modified_energy(&f, step, dt);
        CHECK_STATUS(pel_dynamics_run(f.dynamics, step + 2, STRIDE - 2, true));
    }
    const line p = line_through(SAMPLES, plain), m = line_through(SAMPLES, modified);
    const double drift = m.slope * SAMPLES / fabs(m.mean), error = m.slope_error * SAMPLES / fabs(m.mean);
    printf(" drift %.1e +- %.1e, deviation %.1e; of H %.1e +- %.1e, %.1e ", drift, error, m.deviation / fabs(m.mean),
           p.slope * SAMPLES / fabs(p.mean), p.slope_error * SAMPLES / fabs(p.mean), p.deviation / fabs(p.mean));
    CU_ASSERT(fabs(drift) < 1e-6);
    double momentum[3];
    momentum_of(&f, momentum);
    /* forces sum to zero exactly; two half kicks a step round each velocity by 2^-53 of its binade, 4, at most */
    for (int a = 0; a < 3; a++) CU_ASSERT(fabs(momentum[a]) < 4 * sqrt(2.0 * (double)step * ATOMS) * 0x1p-51);
    fluid_end(&f);
}

/* The standard deviation of the energy over `steps` steps, looked at every `stride` steps. */
static double energy_deviation(double dt, long steps, long stride)
{
    fluid f = melting(5, dt);
    const long begin = (long)(8 / dt), samples = steps / stride;
    double *energy = calloc((size_t)samples, sizeof *energy);
    CU_ASSERT_PTR_NOT_NULL_FATAL(energy);
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 0, begin, true));
    for (long i = 0; i < samples; i++) {
        CHECK_STATUS(pel_dynamics_run(f.dynamics, begin + i * stride, stride, true));
        energy[i] = measures_of(f.dynamics, begin + (i + 1) * stride).conserved;
    }
    const double deviation = line_through(samples, energy).deviation;
    free(energy);
    fluid_end(&f);
    return deviation;
}

TEST(half_the_step_gives_a_quarter_of_the_energys_fluctuation_to_5_percent)
{
    const double ratio = energy_deviation(0.004, 40000, 10) / energy_deviation(0.002, 80000, 20);
    printf(" ratio %.3f ", ratio);
    CU_ASSERT(fabs(ratio / 4 - 1) < 0.05);
}

/* ---- pressure ---- */

TEST(a_fluid_at_the_pressure_of_its_equation_of_state_has_its_density)
{
    /* Kolafa & Nezbeda, Fluid Phase Equilib. 100 (1994) 1: T = 2, density 0.5: p = 1.0739, with the tail. The slope
     * dp/drho is about 5 there: 0.02 of the pressure are 0.004 of the density. */
    const double wanted = 0.5, temperature = 2;
    fluid f = fluid_of(1, 8, wanted, temperature, 3, PEL_TRUNCATION_CUT,
                       (pel_dynamics_spec){.dt = 0.004,
                                           .seed = 1,
                                           .has_tail = true,
                                           .thermostat = {PEL_THERMOSTAT_BUSSI, temperature, .time = 0.2},
                                           .barostat = {.pressure = 1.0739, .time = 1, .compressibility = 0.4}});
    double sum = 0, energy = 0;
    const long samples = 1000, stride = 20, begin = 4000, atoms = pel_system_atoms(f.system)->count;
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 0, begin, false));
    for (long i = 0; i < samples; i++) {
        CHECK_STATUS(pel_dynamics_run(f.dynamics, begin + i * stride, stride, true));
        const pel_measures now = measures_of(f.dynamics, begin + (i + 1) * stride);
        sum += (double)atoms / now.volume / (double)samples;
        energy += now.potential / (double)atoms / (double)samples;
    }
    printf(" density %.4f energy %.4f ", sum, energy);
    CU_ASSERT(fabs(sum - wanted) < 0.004);
    CU_ASSERT(fabs(energy + 3.1501) < 0.02);
    fluid_end(&f);
}

/* ---- diffusion ---- */

TEST(displacements_and_velocities_give_the_same_diffusion_to_3_percent)
{
    const diffusion d = measure_diffusion(1, 6, 10000);
    CU_ASSERT(d.einstein > 0.01);
    CU_ASSERT(fabs(d.green_kubo / d.einstein - 1) < 0.03);
}
