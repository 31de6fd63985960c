/* Lennard-Jones energies and pressures against published and recomputed numbers.
 *
 * The configurations in data/lj-1.xyz and lj-2.xyz are the first and second of NIST's Standard Reference Simulation
 * Website (Lennard-Jones fluid, reference calculations, cuboid cells), with NIST's energies to all digits that it
 * prints; the further digits, the number of pairs and the shifted energies were computed again with an independent
 * script. */
#include <math.h>

#include "particles/lattice.h"
#include "particles/lj.h"
#include "particles/system.h"
#include "support/test.h"

static void read_nist(const char *name, pel_configuration *atoms)
{
    char path[4096], species[8];
    long count;
    double length[3], x[3];
    snprintf(path, sizeof path, "%s/tests/particles/data/%s", getenv("PELAGOS_SOURCE"), name);
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL_FATAL(fscanf(file, "%ld cell: %lf %lf %lf", &count, &length[0], &length[1], &length[2]), 4);
    CHECK_STATUS(pel_configuration_types(atoms, 1));
    atoms->mass[0] = 1;
    for (int d = 0; d < 3; d++) {
        atoms->box.lo[d] = -length[d] / 2;
        atoms->box.length[d] = length[d];
        atoms->box.is_periodic[d] = true;
    }
    while (count-- > 0) {
        CU_ASSERT_EQUAL_FATAL(fscanf(file, "%7s %lf %lf %lf", species, &x[0], &x[1], &x[2]), 4);
        CHECK_STATUS(pel_configuration_add(atoms, 1, x));
    }
    fclose(file);
}

static pel_potential *lennard_jones(double cutoff, pel_truncation truncation)
{
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_pairs_create(1, 0x1p15, 0x1p15, &potential));
    CHECK_STATUS(pel_pairs_set(potential, 0, 0, &pel_lj_kind, &(pel_lj){1, 1}, sizeof(pel_lj), cutoff, truncation));
    return potential;
}

static pel_team *team_of(int threads)
{
    pel_team *team = NULL;
    CHECK_STATUS(
        pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true, .places = PEL_TEAM_UNPLACED}, &team));
    return team;
}

typedef struct answer {
    pel_system_energy energy;
    double tail;
} answer;

static answer energy_of(const pel_configuration *atoms, double cutoff, pel_truncation truncation)
{
    pel_team *team = team_of(2);
    pel_system *system = NULL;
    pel_potential *potential = lennard_jones(cutoff, truncation);
    const pel_system_spec spec = {.team = team, .potential = potential};
    CHECK_STATUS(pel_system_create(&spec, atoms, &system));
    CHECK_STATUS(pel_system_forces(system, true));
    const double n = (double)atoms->count, *l = atoms->box.length;
    const answer found = {*pel_system_energy_of(system), n * n * potential->tail[0] / (l[0] * l[1] * l[2])};
    pel_system_destroy(system);
    pel_team_destroy(team);
    return found;
}

static double trace(const pel_system_energy *energy)
{
    return energy->virial[0] + energy->virial[1] + energy->virial[2];
}

static void check_close(double found, double wanted, double relative)
{
    if (!(fabs(found - wanted) <= relative * fabs(wanted))) printf("\n  %.15g, not %.15g\n", found, wanted);
    CU_ASSERT(fabs(found - wanted) <= relative * fabs(wanted));
}

static void check_nist(const char *name, double cutoff, long pairs, double energy, double virial, double tail)
{
    pel_configuration atoms = {0};
    read_nist(name, &atoms);
    const answer found = energy_of(&atoms, cutoff, PEL_TRUNCATION_CUT);
    CU_ASSERT_EQUAL(found.energy.pairs, pairs);
    check_close(found.energy.potential, energy, 1e-11);
    check_close(trace(&found.energy), virial, 1e-11);
    check_close(found.tail, tail, 1e-11);
    pel_configuration_free(&atoms);
}

TEST(nists_configurations_have_their_pairs_energies_and_virials)
{
    check_nist("lj-1.xyz", 3, 35677, -4351.54019454, -568.665465318, -198.488883744);
    check_nist("lj-1.xyz", 4, 85488, -4467.49572495, -1263.88337187, -83.7689864033);
    check_nist("lj-2.xyz", 3, 5038, -690.004045173, -568.457340738, -24.2296000664);
    check_nist("lj-2.xyz", 4, 11215, -704.603319727, -655.987560707, -10.2257063481);
}

TEST(a_shifted_potential_and_a_force_shifted_one_have_theirs)
{
    static const double wanted[2][2] = {{-4156.05015143, -3870.92488578}, {-662.398617665, -620.119860998}};
    for (int c = 0; c < 2; c++) {
        pel_configuration atoms = {0};
        read_nist(c == 0 ? "lj-1.xyz" : "lj-2.xyz", &atoms);
        check_close(energy_of(&atoms, 3, PEL_TRUNCATION_SHIFTED).energy.potential, wanted[c][0], 1e-11);
        check_close(energy_of(&atoms, 3, PEL_TRUNCATION_FORCE_SHIFTED).energy.potential, wanted[c][1], 1e-11);
        pel_configuration_free(&atoms);
    }
}

static void fcc(pel_configuration *atoms, int cells)
{
    const pel_lattice lattice = {.kind = PEL_LATTICE_FCC, .density = 0.8442, .cells = {cells, cells, cells}};
    CHECK_STATUS(pel_configuration_types(atoms, 1));
    atoms->mass[0] = 1;
    CHECK_STATUS(pel_lattice_fill(&lattice, atoms));
}

TEST(a_perfect_crystal_has_its_energy_and_pressure)
{
    pel_configuration atoms = {0};
    fcc(&atoms, 20);
    const answer found = energy_of(&atoms, 2.5, PEL_TRUNCATION_CUT);
    const double n = (double)atoms.count;
    CU_ASSERT_EQUAL(atoms.count, 32000);
    check_close(found.energy.potential / n, -6.773368053253, 1e-11);
    check_close(trace(&found.energy) / 3 / (n / 0.8442), -6.235317270086, 1e-11);
    check_close(energy_of(&atoms, 3, PEL_TRUNCATION_CUT).energy.potential / n, -6.936163097521, 1e-11);
    pel_configuration_free(&atoms);
}

/* The same bits, whatever threads, skin and storage; forces summed in id order here, so a hash is not needed. */
static void forces_in_id_order(const pel_configuration *atoms, int threads, double skin, int sort_every,
                               double (*force)[3], pel_system_energy *energy)
{
    pel_team *team = team_of(threads);
    pel_system *system = NULL;
    const pel_system_spec spec = {
        .team = team, .potential = lennard_jones(2.5, PEL_TRUNCATION_CUT), .skin = skin, .sort_every = sort_every};
    CHECK_STATUS(pel_system_create(&spec, atoms, &system));
    CHECK_STATUS(pel_system_forces(system, true));
    const pel_atoms *a = pel_system_atoms(system);
    for (long i = 0; i < a->count; i++) memcpy(force[a->place[i]], a->force[i], sizeof *force);
    *energy = *pel_system_energy_of(system);
    pel_system_destroy(system);
    pel_team_destroy(team);
}

TEST(forces_and_energies_are_the_same_bits_for_any_threads_skin_and_storage)
{
    static double first[800][3], other[800][3];
    pel_system_energy first_energy, other_energy;
    pel_configuration atoms = {0};
    read_nist("lj-1.xyz", &atoms);
    forces_in_id_order(&atoms, 1, 0, -1, first, &first_energy);
    for (int threads = 1; threads <= 4; threads++)
        for (int skin = 0; skin < 3; skin++)
            for (int sort = -1; sort <= 1; sort += 2) {
                forces_in_id_order(&atoms, threads, (double[]){0.2, 0.3, 0.5}[skin], sort, other, &other_energy);
                CU_ASSERT_EQUAL(memcmp(first, other, sizeof first), 0);
                CU_ASSERT_EQUAL(memcmp(&first_energy, &other_energy, sizeof first_energy), 0);
            }
    double sum[3] = {0};
    for (int i = 0; i < 800; i++)
        for (int d = 0; d < 3; d++) sum[d] += first[i][d]; /* grains: exact */
    for (int d = 0; d < 3; d++) CU_ASSERT_EQUAL(sum[d], 0);
    pel_configuration_free(&atoms);
}
