/* label: long
 * timeout: 900
 *
 * Long runs: the drift of the energy over 1e5 steps, its fluctuation to 5 %, and a fluid under pressure. */
#include "particles/dynamics.h"

typedef struct fluid {
    pel_team *team;
    pel_system *system;
    pel_dynamics *dynamics;
} fluid;

static fluid fluid_of(int cells, double density, double temperature, double cutoff, pel_truncation truncation,
                      pel_dynamics_spec spec)
{
    pel_configuration atoms = {0};
    fill_crystal(cells, density, temperature, &atoms);
    fluid f = {.team = team_of(2)};
    f.system = system_of(f.team, lennard_jones(1, cutoff, truncation), 0.3, &atoms);
    f.dynamics = dynamics_of(f.system, spec);
    pel_configuration_free(&atoms);
    return f;
}

static void end(fluid *f)
{
    pel_dynamics_destroy(f->dynamics);
    pel_system_destroy(f->system);
    pel_team_destroy(f->team);
}

/* A straight line through the energies of a run. */
typedef struct line {
    double mean, slope, deviation; /* slope a step; deviation from the mean */
} line;

static line energy_line(double dt, long steps, long stride)
{
    fluid f = fluid_of(5, 0.8442, 1.44, 2.5, PEL_TRUNCATION_FORCE_SHIFTED, (pel_dynamics_spec){.dt = dt});
    const long begin = (long)(8 / dt), samples = steps / stride;
    CHECK_STATUS(pel_dynamics_run(f.dynamics, 0, begin, true));
    const double first = measures_of(f.dynamics, begin).conserved, centre = 0.5 * (double)(samples - 1);
    double sum = 0, squares = 0, with_time = 0;
    for (long i = 0; i < samples; i++) {
        CHECK_STATUS(pel_dynamics_run(f.dynamics, begin + i * stride, stride, true));
        const double excess = measures_of(f.dynamics, begin + (i + 1) * stride).conserved - first;
        sum += excess, squares += excess * excess, with_time += excess * ((double)i - centre);
    }
    end(&f);
    const double n = (double)samples, mean = sum / n;
    return (line){first + mean, with_time / (n * (n * n - 1) / 12) / (double)stride, sqrt(squares / n - mean * mean)};
}

TEST(energy_drifts_by_less_than_a_millionth_in_1e5_steps)
{
    const long steps = 100000;
    const line l = energy_line(0.004, steps, 20);
    const double drift = l.slope * (double)steps / fabs(l.mean);
    printf(" drift %.1e, deviation %.1e ", drift, l.deviation / fabs(l.mean));
    CU_ASSERT(fabs(drift) < 1e-6);
}

TEST(half_the_step_gives_a_quarter_of_the_energys_fluctuation_to_5_percent)
{
    const double ratio = energy_line(0.004, 40000, 10).deviation / energy_line(0.002, 80000, 20).deviation;
    printf(" ratio %.3f ", ratio);
    CU_ASSERT(fabs(ratio / 4 - 1) < 0.05);
}

TEST(a_fluid_at_the_pressure_of_its_equation_of_state_has_its_density)
{
    /* Kolafa & Nezbeda, Fluid Phase Equilib. 100 (1994) 1: T = 2, density 0.5: p = 1.0739, with the tail. The slope
     * dp/drho is about 5 there: 0.02 of the pressure are 0.004 of the density. */
    const double wanted = 0.5, temperature = 2;
    fluid f = fluid_of(8, wanted, temperature, 3, PEL_TRUNCATION_CUT,
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
    end(&f);
}
