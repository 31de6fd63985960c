/*
 * Potentials for tests: files that the test writes from formulas, configurations, and forces in the order of ids.
 *
 * The metals are no real ones: densities and pair energies of exponentials that end smoothly at the cutoff, with F of
 * Finnis & Sinclair's kind, so that every table has a formula to be compared with.
 */
#ifndef PELAGOS_TESTS_PARTICLES_POTENTIALS_H
#define PELAGOS_TESTS_PARTICLES_POTENTIALS_H

#include <math.h>

#include "base/random.h"
#include "particles/eam.h"
#include "particles/lattice.h"
#include "particles/stillinger_weber.h"
#include "particles/system.h"
#include "support/test.h"

enum { METAL_KNOTS = 400, METAL_DENSITIES = 300 };
static const double metal_cutoff = 5.2, metal_dr = 5.2 / (METAL_KNOTS - 1), metal_drho = 0.2;

/* What two elements have, and what of both is in the tables of a pair. */
static inline double metal_end(double r)
{
    const double x = (metal_cutoff - r) / metal_cutoff;
    return r < metal_cutoff ? x * x * x * (10 - 15 * x + 6 * x * x) : 0;
}

static inline double metal_density(int at, int from, double r)
{
    return (1.5 + 0.5 * from - 0.25 * at) * exp(-1.1 * (r - 2.5)) * metal_end(r);
}

static inline double metal_r_phi(int a, int b, double r)
{
    return r * (0.6 + 0.1 * (a + b)) * exp(-2.2 * (r - 2.4)) * metal_end(r);
}

static inline double metal_charge(int a, double r)
{
    return (0.5 + 0.1 * a) * exp(-0.9 * (r - 2.2)) * metal_end(r);
}

static inline double metal_embedding(int a, double rho)
{
    return -(1.2 + 0.1 * a) * (sqrt(rho + 1) - 1);
}

static inline void print_table(FILE *file, long count, double (*value)(int, int, double), int a, int b, double spacing)
{
    for (long k = 0; k < count; k++)
        fprintf(file, "%.17g%c", value(a, b, (double)k * spacing), k % 5 == 4 ? '\n' : ' ');
}

static inline double value_embedding(int a, int b, double rho)
{
    (void)b;
    return metal_embedding(a, rho);
}

static inline double value_charge(int a, int b, double r)
{
    (void)b;
    return metal_charge(a, r);
}

static inline const char *write_funcfl(int element)
{
    const char *path = test_path(element == 0 ? "a.eam" : "b.eam");
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fprintf(file, "no real metal\n %d %g 3.6 fcc\n%d %.17g %d %.17g %.17g\n", 29 + element, 60.0 + element,
            METAL_DENSITIES, metal_drho, METAL_KNOTS, metal_dr, metal_cutoff);
    print_table(file, METAL_DENSITIES, value_embedding, element, 0, metal_drho);
    print_table(file, METAL_KNOTS, value_charge, element, 0, metal_dr);
    print_table(file, METAL_KNOTS, metal_density, element, element, metal_dr);
    CU_ASSERT_EQUAL(fclose(file), 0);
    return path;
}

/* A setfl file, or a Finnis-Sinclair one, of the elements Aa and Bb. */
static inline const char *write_setfl(bool is_finnis_sinclair)
{
    const char *path = test_path(is_finnis_sinclair ? "ab.eam.fs" : "ab.eam.alloy");
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fprintf(file, "no\nreal\nmetals\n 2 Aa Bb\n%d %.17g %d %.17g %.17g\n", METAL_DENSITIES, metal_drho, METAL_KNOTS,
            metal_dr, metal_cutoff);
    for (int e = 0; e < 2; e++) {
        fprintf(file, "%d %g 3.6 fcc\n", 29 + e, 60.0 + e);
        print_table(file, METAL_DENSITIES, value_embedding, e, 0, metal_drho);
        for (int at = 0; at < (is_finnis_sinclair ? 2 : 1); at++) {
            fprintf(file, "\n");
            print_table(file, METAL_KNOTS, metal_density, at, e, metal_dr);
        }
        fprintf(file, "\n");
    }
    for (int a = 0; a < 2; a++)
        for (int b = 0; b <= a; b++) print_table(file, METAL_KNOTS, metal_r_phi, a, b, metal_dr);
    CU_ASSERT_EQUAL(fclose(file), 0);
    return path;
}

static inline pel_potential *metal_of(pel_eam_tables *tables)
{
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_eam_create(tables, &potential));
    pel_eam_tables_free(tables);
    return potential;
}

static inline pel_potential *funcfl_metal(int types)
{
    pel_eam_tables tables = {0};
    const char *paths[2] = {write_funcfl(0), write_funcfl(1)};
    CHECK_STATUS(pel_eam_read_funcfl(types, paths, &tables));
    return metal_of(&tables);
}

static inline pel_potential *setfl_metal(bool is_finnis_sinclair, int types)
{
    pel_eam_tables tables = {0};
    CHECK_STATUS(pel_eam_read_setfl(write_setfl(is_finnis_sinclair), is_finnis_sinclair, types,
                                    (const char *const[]){"Bb", "Aa"}, &tables));
    return metal_of(&tables);
}

static inline const char *write_text(const char *name, const char *text)
{
    const char *path = test_path(name);
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT(fputs(text, file) >= 0);
    CU_ASSERT_EQUAL(fclose(file), 0);
    return path;
}

/* Silicon: Stillinger & Weber, Phys. Rev. B 31 (1985) 5262, in eV and angstrom. */
static const char silicon_file[] = "# silicon\n"
                                   "Si Si Si 2.1683 2.0951 1.80 21.0 1.20 -0.333333333333\n"
                                   "  7.049556277 0.6022245584 4.0 0.0 0.0\n";
/* Gallium nitride: Bere & Serra, Phil. Mag. 86 (2006) 2159. */
static const char nitride_file[] = "Ga Ga Ga 1.2000000 2.100 1.6 32.5 1.2 -0.333333333333 7.917 0.72 4.0 0.0 0.0\n"
                                   "N  N  N  1.2000000 1.300 1.8 32.5 1.2 -0.333333333333 7.917 0.72 4.0 0.0 0.0\n"
                                   "Ga Ga N  1.6136914 0.0   0.0 32.5 0.0 -0.333333333333 0.0   0.0  0.0 0.0 0.0\n"
                                   "Ga N  N  2.1700000 1.695 1.8 32.5 1.2 -0.333333333333 7.917 0.72 4.0 0.0 0.0\n"
                                   "N  Ga Ga 2.1700000 1.695 1.8 32.5 1.2 -0.333333333333 7.917 0.72 4.0 0.0 0.0\n"
                                   "N  Ga N  1.6136914 0.0   0.0 32.5 0.0 -0.333333333333 0.0   0.0  0.0 0.0 0.0\n"
                                   "N  N  Ga 1.6136914 0.0   0.0 32.5 0.0 -0.333333333333 0.0   0.0  0.0 0.0 0.0\n"
                                   "Ga N  Ga 1.6136914 0.0   0.0 32.5 0.0 -0.333333333333 0.0   0.0  0.0 0.0 0.0\n";

static inline pel_potential *stillinger_weber_in(const char *path, int types, const char *const *elements)
{
    pel_sw_parameters parameters = {0};
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_sw_read(path, types, elements, &parameters));
    CHECK_STATUS(pel_sw_create(&parameters, 0x1p10, 0x1p12, &potential));
    pel_sw_parameters_free(&parameters);
    return potential;
}

static inline pel_potential *silicon(void)
{
    return stillinger_weber_in(write_text("some.sw", silicon_file), 1, (const char *const[]){"Si"});
}

static inline pel_potential *nitride(void)
{
    return stillinger_weber_in(write_text("some.sw", nitride_file), 2, (const char *const[]){"Ga", "N"});
}

/* A crystal with atoms moved by up to `far`, to multiples of 2^-16; with two types drawn at random. */
static inline void shaken_crystal(pel_lattice_kind kind, double constant, int cells, int types, double far,
                                  pel_configuration *atoms)
{
    static const double fractions[2] = {0.6, 0.4};
    const pel_lattice lattice = {.kind = kind,
                                 .constant = constant,
                                 .cells = {cells, cells, cells},
                                 .fractions = types == 2 ? fractions : NULL,
                                 .seed = 5};
    CHECK_STATUS(pel_configuration_types(atoms, types));
    for (int t = 0; t < types; t++) atoms->mass[t] = 50 + t;
    CHECK_STATUS(pel_lattice_fill(&lattice, atoms));
    for (long i = 0; i < atoms->count; i++)
        for (uint64_t d = 0; d < 3; d++) {
            const double u = pel_random_uniform((pel_random_key){.seed = 3, .id = (uint64_t)i, .draw = d});
            atoms->position[i][d] = ldexp(round(ldexp(atoms->position[i][d] + far * (2 * u - 1), 16)), -16);
        }
    pel_configuration_wrap(atoms);
}

/* How forces are computed, where that is not to matter. */
typedef struct ways {
    int threads, sort_every;
    double skin;
} ways;

/* Forces in the order of ids (NULL: not wanted), and energy. */
static inline pel_system_energy compute_forces(const pel_configuration *atoms, pel_potential *potential, ways how,
                                               double (*force)[3])
{
    pel_team *team = NULL;
    pel_system *system = NULL;
    CHECK_STATUS(pel_team_create(
        &(pel_team_spec){.threads = how.threads ? how.threads : 1, .is_quiet = true, .places = PEL_TEAM_UNPLACED},
        &team));
    const pel_system_spec spec = {.team = team, .potential = potential, .skin = how.skin, .sort_every = how.sort_every};
    CHECK_STATUS(pel_system_create(&spec, atoms, &system));
    CHECK_STATUS(pel_system_forces(system, true));
    const pel_atoms *a = pel_system_atoms(system);
    for (long i = 0; force && i < a->count; i++) memcpy(force[a->place[i]], a->force[i], sizeof *force);
    const pel_system_energy energy = *pel_system_energy_of(system);
    pel_system_destroy(system);
    pel_team_destroy(team);
    return energy;
}

#endif
