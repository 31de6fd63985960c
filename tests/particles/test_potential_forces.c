/* Forces of every potential: against a numerical derivative of its energy, and the symmetries that they must have. */
#include "particles/buckingham.h"
#include "particles/lj.h"
#include "particles/morse.h"
#include "particles/potentials.h"
#include "particles/sutton_chen.h"
#include "particles/table_pair.h"
#include "particles/wca.h"

enum { MOST_ATOMS = 700 };

static pel_potential *pair_of(const pel_pair_kind *kind, const void *coefficients, size_t size, double cutoff,
                              pel_truncation truncation)
{
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_pairs_create(1, 0x1p10, 0x1p10, &potential));
    CHECK_STATUS(pel_pairs_set(potential, 0, 0, kind, coefficients, size, cutoff, truncation));
    return potential;
}

static pel_potential *make_lj_shifted(void)
{
    return pair_of(&pel_lj_kind, &(pel_lj){0.4, 2.3}, sizeof(pel_lj), 5.43, PEL_TRUNCATION_SHIFTED);
}

static pel_potential *make_lj_force_shifted(void)
{
    return pair_of(&pel_lj_kind, &(pel_lj){0.4, 2.3}, sizeof(pel_lj), 5.5, PEL_TRUNCATION_FORCE_SHIFTED);
}

static pel_potential *make_wca(void)
{
    return pair_of(&pel_wca_kind, &(pel_wca){0.4, 2.4}, sizeof(pel_wca), 4.0, PEL_TRUNCATION_CUT);
}

static pel_potential *make_morse(void)
{
    return pair_of(&pel_morse_kind, &(pel_morse){0.34, 1.36, 2.87}, sizeof(pel_morse), 5.5,
                   PEL_TRUNCATION_FORCE_SHIFTED);
}

static pel_potential *make_buckingham(void)
{
    return pair_of(&pel_buckingham_kind, &(pel_buckingham){1500, 0.33, 80}, sizeof(pel_buckingham), 5.5,
                   PEL_TRUNCATION_FORCE_SHIFTED);
}

static pel_potential *make_table(bool is_square)
{
    enum { KNOTS = 2000 };
    static double energy[KNOTS], force[KNOTS];
    pel_table_pair_knots knots = {KNOTS, is_square, 1.0, 5.5, energy, force};
    for (int k = 0; k < KNOTS; k++) {
        const double part = (double)k / (KNOTS - 1);
        const double r = is_square ? sqrt(1 + part * (5.5 * 5.5 - 1)) : 1 + part * 4.5;
        energy[k] = exp(-r) * cos(2 * r);
        force[k] = exp(-r) * (cos(2 * r) + 2 * sin(2 * r));
    }
    pel_table_pair *table = NULL;
    CHECK_STATUS(pel_table_pair_create(&knots, &table));
    pel_potential *potential =
        pair_of(&pel_table_pair_kind, table, pel_table_pair_size(table), 5.5, PEL_TRUNCATION_FORCE_SHIFTED);
    free(table);
    return potential;
}

static pel_potential *make_table_in_r(void)
{
    return make_table(false);
}

static pel_potential *make_table_in_r2(void)
{
    return make_table(true);
}

static pel_potential *make_funcfl(void)
{
    return funcfl_metal(1);
}

static pel_potential *make_funcfl_alloy(void)
{
    return funcfl_metal(2);
}

static pel_potential *make_setfl(void)
{
    return setfl_metal(false, 2);
}

static pel_potential *make_finnis_sinclair(void)
{
    return setfl_metal(true, 2);
}

/* Copper, and with silver (Sutton & Chen's table 1). */
static pel_potential *make_sutton_chen(int types)
{
    static const pel_sutton_chen metals[] = {{1.2382e-2, 3.61, 9, 6, 39.432}, {2.5415e-3, 4.09, 12, 6, 144.41}};
    pel_eam_tables tables = {0};
    CHECK_STATUS(pel_sutton_chen_tables(types, metals, 6, 4000, &tables));
    return metal_of(&tables);
}

static pel_potential *make_copper(void)
{
    return make_sutton_chen(1);
}

static pel_potential *make_copper_and_silver(void)
{
    return make_sutton_chen(2);
}

/* Each potential with a crystal that suits it, and how well the derivatives agree, relative to the largest force.
 * Tables and splines have jumps in a higher derivative at their knots, which limit that. */
static const struct potential_case {
    const char *name;
    pel_potential *(*make)(void);
    pel_lattice_kind lattice;
    double constant;
    int cells, types;
    double tolerance;
} cases[] = {
    {"lj, shifted", make_lj_shifted, PEL_LATTICE_FCC, 3.625, 4, 1, 1e-9},
    {"lj, force-shifted", make_lj_force_shifted, PEL_LATTICE_FCC, 3.625, 4, 1, 1e-9},
    {"wca", make_wca, PEL_LATTICE_FCC, 3.625, 4, 1, 1e-9},
    {"morse", make_morse, PEL_LATTICE_FCC, 3.625, 4, 1, 1e-9},
    {"buckingham", make_buckingham, PEL_LATTICE_FCC, 4.125, 4, 1, 3e-9},
    {"table in r", make_table_in_r, PEL_LATTICE_FCC, 3.625, 4, 1, 2e-8},
    {"table in r2", make_table_in_r2, PEL_LATTICE_FCC, 3.625, 4, 1, 2e-8},
    {"eam, funcfl", make_funcfl, PEL_LATTICE_FCC, 3.625, 4, 1, 5e-7},
    {"eam, funcfl of two elements", make_funcfl_alloy, PEL_LATTICE_FCC, 3.625, 4, 2, 5e-7},
    {"eam, setfl", make_setfl, PEL_LATTICE_BCC, 2.875, 5, 2, 5e-8},
    {"eam, Finnis-Sinclair", make_finnis_sinclair, PEL_LATTICE_BCC, 2.875, 5, 2, 5e-8},
    {"sutton-chen", make_copper, PEL_LATTICE_FCC, 3.625, 4, 1, 2e-8},
    {"sutton-chen of two metals", make_copper_and_silver, PEL_LATTICE_FCC, 3.75, 4, 2, 2e-8},
    {"stillinger-weber", silicon, PEL_LATTICE_DIAMOND, 5.4375, 3, 1, 1e-9},
    {"stillinger-weber of two elements", nitride, PEL_LATTICE_DIAMOND, 4.5, 3, 2, 1e-9},
};

enum { CASES = sizeof cases / sizeof cases[0] };

static void crystal_of(const struct potential_case *c, double far, pel_configuration *atoms)
{
    *atoms = (pel_configuration){0};
    shaken_crystal(c->lattice, c->constant, c->cells, c->types, far, atoms);
    CU_ASSERT_FATAL(atoms->count <= MOST_ATOMS);
}

static double largest_force(long count, const double (*force)[3])
{
    double most = 0;
    for (long i = 0; i < count; i++)
        for (int d = 0; d < 3; d++) most = fmax(most, fabs(force[i][d]));
    return most;
}

static double energy_of(const struct potential_case *c, const pel_configuration *atoms)
{
    return compute_forces(atoms, c->make(), (ways){.skin = 0.25}, NULL).potential;
}

/* The derivative of `energy` at 0 by Richardson's rule from steps h and 2 h. */
static double derivative(double (*energy)(const struct potential_case *, const pel_configuration *, double, void *),
                         const struct potential_case *c, const pel_configuration *atoms, double h, void *data)
{
    const double near = energy(c, atoms, h, data) - energy(c, atoms, -h, data);
    const double far = energy(c, atoms, 2 * h, data) - energy(c, atoms, -2 * h, data);
    return (8 * near - far) / (12 * h);
}

static double energy_with_atom_moved(const struct potential_case *c, const pel_configuration *atoms, double by,
                                     void *data)
{
    double *x = data, before = *x;
    *x = before + by;
    const double energy = energy_of(c, atoms);
    *x = before;
    return energy;
}

static void check_derivatives(const struct potential_case *c)
{
    static double force[MOST_ATOMS][3];
    pel_configuration atoms;
    crystal_of(c, 0.0625, &atoms);
    compute_forces(&atoms, c->make(), (ways){.skin = 0.25}, force);
    const double scale = largest_force(atoms.count, (const double(*)[3])force);
    CU_ASSERT(scale > 0.1);
    double worst = 0;
    for (long i = 7; i < atoms.count; i += atoms.count / 2)
        for (int d = 0; d < 3; d++) {
            const double slope = derivative(energy_with_atom_moved, c, &atoms, 0x1p-9, &atoms.position[i][d]);
            worst = fmax(worst, fabs(force[i][d] + slope) / scale);
        }
    if (!(worst <= c->tolerance)) printf("\n  %s: forces and energies differ by %g of %g\n", c->name, worst, scale);
    CU_ASSERT(worst <= c->tolerance);
    pel_configuration_free(&atoms);
}

TEST(forces_are_the_derivatives_of_energies)
{
    for (int c = 0; c < CASES; c++) check_derivatives(&cases[c]);
}

static double energy_of_stretched(const struct potential_case *c, const pel_configuration *atoms, double by, void *data)
{
    const int d = *(const int *)data;
    const double before = atoms->box.length[d];
    pel_configuration *stretched = (pel_configuration *)atoms;
    double kept[MOST_ATOMS];
    for (long i = 0; i < atoms->count; i++) {
        kept[i] = atoms->position[i][d];
        stretched->position[i][d] *= 1 + by;
    }
    stretched->box.length[d] = before * (1 + by);
    const double energy = energy_of(c, stretched);
    stretched->box.length[d] = before;
    for (long i = 0; i < atoms->count; i++) stretched->position[i][d] = kept[i];
    return energy;
}

static void check_virial(const struct potential_case *c)
{
    pel_configuration atoms;
    crystal_of(c, 0.0625, &atoms);
    const pel_system_energy energy = compute_forces(&atoms, c->make(), (ways){.skin = 0.25}, NULL);
    const double size = fabs(energy.virial[0]) + fabs(energy.virial[1]) + fabs(energy.virial[2]);
    for (int d = 0; d < 3; d += 2) {
        const double slope = derivative(energy_of_stretched, c, &atoms, 0x1p-11, &d);
        if (!(fabs(energy.virial[d] + slope) <= 100 * c->tolerance * size))
            printf("\n  %s: virial %.15g, dE/de %.15g\n", c->name, energy.virial[d], -slope);
        CU_ASSERT(fabs(energy.virial[d] + slope) <= 100 * c->tolerance * size);
    }
    pel_configuration_free(&atoms);
}

TEST(virials_are_the_derivatives_of_energies_by_strain)
{
    for (int c = 0; c < CASES; c++) check_virial(&cases[c]);
}

TEST(forces_add_up_to_exactly_nothing)
{
    static double force[MOST_ATOMS][3];
    for (int c = 0; c < CASES; c++) {
        pel_configuration atoms;
        crystal_of(&cases[c], 0.1875, &atoms);
        compute_forces(&atoms, cases[c].make(), (ways){.skin = 0.25}, force);
        CU_ASSERT(largest_force(atoms.count, (const double(*)[3])force) > 0.1);
        for (int d = 0; d < 3; d++) {
            double sum = 0;
            for (long i = 0; i < atoms.count; i++) sum += force[i][d]; /* of grains: exact */
            CU_ASSERT_EQUAL(sum, 0);
        }
        pel_configuration_free(&atoms);
    }
}

TEST(forces_are_the_same_bits_for_any_threads_skin_and_storage)
{
    static double first[MOST_ATOMS][3], other[MOST_ATOMS][3];
    static const ways others[] = {{2, -1, 0.5}, {3, 1, 0}, {4, 1, 0.25}};
    for (int c = 0; c < CASES; c++) {
        pel_configuration atoms;
        crystal_of(&cases[c], 0.1875, &atoms);
        const pel_system_energy energy = compute_forces(&atoms, cases[c].make(), (ways){1, -1, 0.25}, first);
        for (int w = 0; w < 3; w++) {
            const pel_system_energy again = compute_forces(&atoms, cases[c].make(), others[w], other);
            CU_ASSERT_EQUAL(memcmp(first, other, (size_t)atoms.count * sizeof *first), 0);
            CU_ASSERT_EQUAL(memcmp(&energy, &again, sizeof energy), 0);
        }
        pel_configuration_free(&atoms);
    }
}

/* By a multiple of the positions' grain, so that some atoms cross the sides of the box. */
TEST(forces_are_the_same_bits_wherever_the_crystal_lies_in_its_box)
{
    static double first[MOST_ATOMS][3], other[MOST_ATOMS][3];
    for (int c = 0; c < CASES; c++) {
        pel_configuration atoms;
        crystal_of(&cases[c], 0.1875, &atoms);
        const pel_system_energy energy = compute_forces(&atoms, cases[c].make(), (ways){.skin = 0.25}, first);
        for (long i = 0; i < atoms.count; i++)
            for (int d = 0; d < 3; d++) atoms.position[i][d] += 1.375 + d;
        pel_configuration_wrap(&atoms);
        const pel_system_energy again = compute_forces(&atoms, cases[c].make(), (ways){.skin = 0.25}, other);
        CU_ASSERT_EQUAL(memcmp(first, other, (size_t)atoms.count * sizeof *first), 0);
        CU_ASSERT_EQUAL(memcmp(&energy, &again, sizeof energy), 0);
        pel_configuration_free(&atoms);
    }
}

/* A cut potential has the forces of the shifted one, and u(rc) more of energy for each pair. */
TEST(shifting_a_potential_changes_its_energy_only)
{
    static double cut[MOST_ATOMS][3], shifted[MOST_ATOMS][3];
    pel_configuration atoms;
    crystal_of(&cases[0], 0.125, &atoms);
    const pel_lj lj = {0.4, 2.3};
    const double s6 = pow(2.3 / 5.43, 6), at_cutoff = 4 * 0.4 * (s6 * s6 - s6);
    const pel_system_energy a = compute_forces(&atoms, pair_of(&pel_lj_kind, &lj, sizeof lj, 5.43, PEL_TRUNCATION_CUT),
                                               (ways){.skin = 0.25}, cut);
    const pel_system_energy b = compute_forces(&atoms, make_lj_shifted(), (ways){.skin = 0.25}, shifted);
    CU_ASSERT_EQUAL(memcmp(cut, shifted, (size_t)atoms.count * sizeof *cut), 0);
    CU_ASSERT_EQUAL(a.pairs, b.pairs);
    CU_ASSERT_DOUBLE_EQUAL(a.potential - b.potential, (double)a.pairs * at_cutoff, 1e-9);
    pel_configuration_free(&atoms);
}

/* The cubic of a table against the formula that it is of, and what lies outside. */
TEST(a_table_is_what_it_was_made_of)
{
    for (int square = 0; square < 2; square++) {
        pel_potential *potential = make_table(square);
        const double at = exp(-5.5) * cos(11.0), slope = exp(-5.5) * (cos(11.0) + 2 * sin(11.0));
        for (double r = 1.01; r < 5.5; r += 0.0137) {
            double energy, force;
            pel_pairs_at(potential, 0, 0, r, &energy, &force);
            CU_ASSERT_DOUBLE_EQUAL(energy, exp(-r) * cos(2 * r) - at + (r - 5.5) * slope, 1e-9);
            CU_ASSERT_DOUBLE_EQUAL(force, exp(-r) * (cos(2 * r) + 2 * sin(2 * r)) - slope, 2e-7);
        }
        CU_ASSERT(potential->least_distance > 0.998 && potential->least_distance < 1.002);
        pel_potential_destroy(potential);
    }
}

/* Many files stop a spacing before their cutoff. */
TEST(forces_of_metals_are_derivatives_behind_the_last_knot_too)
{
    pel_eam_tables tables = {0};
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_eam_read_setfl(write_setfl(false), false, 1, (const char *const[]){"Aa"}, &tables));
    tables.nr -= 40;
    tables.cutoff = (double)tables.nr * tables.dr;
    CHECK_STATUS(pel_eam_create(&tables, &potential));
    const double r = tables.cutoff - 0.3 * tables.dr, h = 0.25 * tables.dr;
    const pel_eam_point at = pel_eam_at(potential, 0, 0, r, 0);
    const pel_eam_point low = pel_eam_at(potential, 0, 0, r - h, 0), high = pel_eam_at(potential, 0, 0, r + h, 0);
    CU_ASSERT(fabs(at.density_slope) > 1e-3 && fabs(at.phi_slope) > 1e-4);
    CU_ASSERT_DOUBLE_EQUAL((high.density - low.density) / (2 * h), at.density_slope, 1e-6 * fabs(at.density_slope));
    CU_ASSERT_DOUBLE_EQUAL((high.phi - low.phi) / (2 * h), at.phi_slope, 1e-6 * fabs(at.phi_slope));
    pel_potential_destroy(potential);
    tables.cutoff += tables.dr;
    CHECK_FAILS(pel_eam_create(&tables, &potential), PEL_ERR_ARGUMENT, "before their cutoff");
    pel_eam_tables_free(&tables);
}
