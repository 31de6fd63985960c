/* Liquid methane as spheres with a pair potential of one's own: Mie's, with the exponents 14 and 6.
 *
 *     u(r) = C epsilon ((sigma / r)^14 - (sigma / r)^6),   C = 14 / 8 (14 / 6)^(6 / 8)
 *
 * fits the coexistence of methane with epsilon / k = 161 K and sigma = 3.74 Angstrom (Potoff & Bernard-Brunhes, J.
 * Phys. Chem. B 113 (2009) 14725). All numbers here are in units of those and of the mass of a molecule. A crystal
 * melts at a constant energy, which is printed: all of it has to be there at the end.
 *
 *     mie [STEPS [THREADS]]      the same bits on any number of threads */
#include <inttypes.h>
#include <math.h>
#include <pelagos.h>
#include <stdio.h>
#include <stdlib.h>

static const double density = 0.8, temperature = 1.6, cutoff = 3, dt = 0.004;

/* f / r = -(du/dr) / r and u of n squared distances. */
static void compute(const void *coefficients, int n, const double *restrict r2, double *restrict force_over_r,
                    double *restrict energy)
{
    const double strength = *(const double *)coefficients;
    for (int k = 0; k < n; k++) {
        const double s = 1 / r2[k], s3 = s * s * s, s7 = s3 * s3 * s;
        force_over_r[k] = strength * s * (14 * s7 - 6 * s3);
    }
    for (int k = 0; energy && k < n; k++) {
        const double s = 1 / r2[k], s3 = s * s * s, s7 = s3 * s3 * s;
        energy[k] = strength * (s7 - s3);
    }
}

static const pel_pair_kind mie = {.name = "mie", .compute = compute};

/* Forces end smoothly at the cutoff, so that the energy is conserved. */
static pel_status make_potential(pel_potential **potential)
{
    const double strength = 14.0 / 8 * pow(14.0 / 6, 6.0 / 8);
    PEL_TRY(pel_pairs_create(1, 0x1p15, 0x1p15, potential));
    return pel_pairs_set(*potential, 0, 0, &mie, &strength, sizeof strength, cutoff, PEL_TRUNCATION_FORCE_SHIFTED);
}

static pel_status make_atoms(pel_configuration *atoms)
{
    const pel_unit_system *units;
    const pel_lattice lattice = {.kind = PEL_LATTICE_FCC, .density = density, .cells = {8, 8, 8}};
    PEL_TRY(pel_unit_system_find("lj", &units));
    PEL_TRY(pel_configuration_types(atoms, 1));
    atoms->mass[0] = 1;
    PEL_TRY(pel_lattice_fill(&lattice, atoms));
    return pel_velocities_draw(atoms, temperature, 1, units);
}

static pel_status print(pel_dynamics *dynamics, int64_t step, long count)
{
    pel_measures now;
    PEL_TRY(pel_dynamics_measure(dynamics, step, &now));
    printf("step %5" PRId64 "   T %.15f   P %.15f   U / N %.15f   E / N %.15f\n", step, now.temperature, now.pressure,
           now.potential / (double)count, now.conserved / (double)count);
    return PEL_OK;
}

static pel_status run(pel_system *system, int64_t steps)
{
    enum { PRINTS = 10 };
    const pel_dynamics_spec spec = {.dt = dt};
    const long count = pel_system_atoms(system)->count;
    pel_dynamics *dynamics = NULL;
    PEL_TRY(pel_dynamics_create(&spec, system, &dynamics));
    pel_status status = print(dynamics, 0, count);
    for (int i = 0; i < PRINTS && status == PEL_OK; i++) {
        const int64_t from = steps * i / PRINTS, to = steps * (i + 1) / PRINTS;
        status = pel_dynamics_run(dynamics, from, to - from, true);
        if (status == PEL_OK) status = print(dynamics, to, count);
    }
    pel_dynamics_destroy(dynamics);
    return status;
}

static pel_status melt(pel_team *team, int64_t steps)
{
    pel_system_spec spec = {.team = team, .skin = 0.3};
    pel_configuration atoms = {0};
    pel_system *system = NULL;
    PEL_TRY(make_potential(&spec.potential)); /* the system frees it */
    pel_status status = make_atoms(&atoms);
    if (status == PEL_OK) status = pel_system_create(&spec, &atoms, &system);
    else pel_potential_destroy(spec.potential);
    if (status == PEL_OK) status = run(system, steps);
    pel_system_destroy(system);
    pel_configuration_free(&atoms);
    return status;
}

int main(int count, char **words)
{
    const int64_t steps = count > 1 ? atoll(words[1]) : 1000;
    const pel_team_spec spec = {.threads = count > 2 ? atoi(words[2]) : 0};
    pel_team *team = NULL;
    pel_status status = pel_team_create(&spec, &team);
    if (status == PEL_OK) status = melt(team, steps);
    pel_team_destroy(team);
    if (status != PEL_OK) fprintf(stderr, "mie: %s\n", pel_failure());
    return pel_status_exit_code(status);
}
