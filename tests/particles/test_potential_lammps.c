/* Forces on every atom, energies and virials of shaken crystals against LAMMPS, which computed them once
 * (data/lammps/make.sh has its input). The files of potentials come from Debian's lammps-data, and are not ours to
 * keep.
 */
#include <unistd.h>

#include "particles/buckingham.h"
#include "particles/lj.h"
#include "particles/morse.h"
#include "particles/potentials.h"
#include "particles/wca.h"

#define POTENTIALS "/usr/share/lammps/potentials/"

enum { MOST_ATOMS = 256 };

/* What LAMMPS found; forces in the order of ids. */
typedef struct reference {
    pel_configuration atoms;
    pel_system_energy energy;
    double force[MOST_ATOMS][3];
} reference;

static void read_atom(FILE *file, reference *r)
{
    int type;
    double x[3], *f = r->force[r->atoms.count];
    CU_ASSERT_EQUAL_FATAL(
        fscanf(file, "%*d %d %lf %lf %lf %lf %lf %lf", &type, &x[0], &x[1], &x[2], &f[0], &f[1], &f[2]), 7);
    CHECK_STATUS(pel_configuration_add(&r->atoms, type, x));
}

static void read_reference(const char *name, int types, reference *r)
{
    char path[512], line[256];
    long count;
    double length, *v = r->energy.virial;
    *r = (reference){0};
    snprintf(path, sizeof path, "%s/tests/particles/data/lammps/%s.txt", getenv("PELAGOS_SOURCE"), name);
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_PTR_NOT_NULL_FATAL(fgets(line, sizeof line, file));
    CU_ASSERT_EQUAL_FATAL(fscanf(file, "%lf %lf %lf %lf %lf %lf %lf %ld %lf", &r->energy.potential, &v[0], &v[1], &v[2],
                                 &v[3], &v[4], &v[5], &count, &length),
                          9);
    CU_ASSERT_FATAL(count > 0 && count <= MOST_ATOMS);
    CHECK_STATUS(pel_configuration_types(&r->atoms, types));
    for (int t = 0; t < types; t++) r->atoms.mass[t] = 50;
    for (int d = 0; d < 3; d++) {
        r->atoms.box.length[d] = length;
        r->atoms.box.is_periodic[d] = true;
    }
    while (r->atoms.count < count) read_atom(file, r);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

/* The largest difference of two tables of `count` numbers over the largest of those wanted. */
static double difference(const double *found, const double *wanted, long count)
{
    double worst = 0, scale = 0;
    for (long i = 0; i < count; i++) {
        worst = fmax(worst, fabs(found[i] - wanted[i]));
        scale = fmax(scale, fabs(wanted[i]));
    }
    CU_ASSERT(scale > 0.1);
    return worst / scale;
}

static void check_against_lammps(const char *name, int types, pel_potential *potential)
{
    static reference wanted;
    static double force[MOST_ATOMS][3];
    read_reference(name, types, &wanted);
    const pel_system_energy found = compute_forces(&wanted.atoms, potential, (ways){.skin = 0.25}, force);
    const double forces = difference(force[0], wanted.force[0], 3 * wanted.atoms.count);
    if (strcmp(name, "eam-fs") == 0)
        for (long i = 0; i < wanted.atoms.count; i++) {
            double m = 0;
            for (int d = 0; d < 3; d++) m = fmax(m, fabs(force[i][d] - wanted.force[i][d]));
            if (m > 1e-10) printf("ATOM %ld %g\n", i, m);
        }
    const double virial = difference(found.virial, wanted.energy.virial, 6);
    const double energy = difference(&found.potential, &wanted.energy.potential, 1);
    printf("\n  %-12s differs by %.1e of the largest force, %.1e of the virial, %.1e of the energy ", name, forces,
           virial, energy);
    CU_ASSERT(forces <= 1e-10);
    CU_ASSERT(virial <= 1e-10);
    CU_ASSERT(energy <= 1e-10);
    pel_configuration_free(&wanted.atoms);
}

static pel_potential *pairs_of(const pel_pair_kind *kind, const void *coefficients, size_t size, double cutoff,
                               double most_force)
{
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_pairs_create(1, most_force, most_force, &potential));
    CHECK_STATUS(pel_pairs_set(potential, 0, 0, kind, coefficients, size, cutoff, PEL_TRUNCATION_CUT));
    return potential;
}

TEST(pair_potentials_are_those_of_lammps)
{
    const pel_wca wca = {1, 1};
    check_against_lammps("lj", 1, pairs_of(&pel_lj_kind, &(pel_lj){1, 1}, sizeof(pel_lj), 2.5, 0x1p15));
    check_against_lammps("wca", 1, pairs_of(&pel_wca_kind, &wca, sizeof wca, pel_wca_cutoff(&wca), 0x1p15));
    check_against_lammps("morse", 1,
                         pairs_of(&pel_morse_kind, &(pel_morse){0.3429, 1.3588, 2.866}, sizeof(pel_morse), 6, 0x1p10));
    check_against_lammps(
        "buckingham", 1,
        pairs_of(&pel_buckingham_kind, &(pel_buckingham){1500, 0.33, 80}, sizeof(pel_buckingham), 8, 0x1p10));
}

TEST(mixed_and_shifted_pairs_are_those_of_lammps)
{
    const pel_lj a = {1, 1}, b = {0.5, 0.9}, ab = pel_lj_mix(a, b, PEL_MIXING_LORENTZ_BERTHELOT);
    const struct {
        int a, b;
        const pel_lj *lj;
    } set[] = {{0, 0, &a}, {1, 1, &b}, {0, 1, &ab}};
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_pairs_create(2, 0x1p15, 0x1p15, &potential));
    for (int i = 0; i < 3; i++)
        CHECK_STATUS(pel_pairs_set(potential, set[i].a, set[i].b, &pel_lj_kind, set[i].lj, sizeof(pel_lj), 2.5,
                                   PEL_TRUNCATION_SHIFTED));
    check_against_lammps("lj-mixed", 2, potential);
}

/* Where the files are not there, what needs them is skipped. */
static void need_files(void)
{
    if (access(POTENTIALS "Cu_u3.eam", R_OK) != 0) exit(CU_get_number_of_failures() > 0 ? 1 : 77);
}

static pel_potential *funcfl_of(int types)
{
    pel_eam_tables tables = {0};
    CHECK_STATUS(
        pel_eam_read_funcfl(types, (const char *const[]){POTENTIALS "Cu_u3.eam", POTENTIALS "Ni_u3.eam"}, &tables));
    return metal_of(&tables);
}

static pel_potential *setfl_of(const char *path, bool is_finnis_sinclair, const char *const *elements)
{
    pel_eam_tables tables = {0};
    CHECK_STATUS(pel_eam_read_setfl(path, is_finnis_sinclair, 2, elements, &tables));
    return metal_of(&tables);
}

TEST(metals_are_those_of_lammps)
{
    need_files();
    check_against_lammps("eam-cu", 1, funcfl_of(1));
    check_against_lammps("eam-cu-ni", 2, funcfl_of(2));
    check_against_lammps("eam-alloy", 2,
                         setfl_of(POTENTIALS "CuNi.eam.alloy", false, (const char *const[]){"Cu", "Ni"}));
    check_against_lammps("eam-fs", 2, setfl_of(POTENTIALS "AlFe_mm.eam.fs", true, (const char *const[]){"Fe", "Al"}));
}

TEST(semiconductors_are_those_of_lammps)
{
    need_files();
    check_against_lammps("sw-si", 1, stillinger_weber_in(POTENTIALS "Si.sw", 1, (const char *const[]){"Si"}));
    check_against_lammps("sw-gan", 2, stillinger_weber_in(POTENTIALS "GaN.sw", 2, (const char *const[]){"Ga", "N"}));
}
