/* The potential of Sutton & Chen against sums over a lattice, and the metals that it refuses. */
#include "particles/potentials.h"
#include "particles/sutton_chen.h"

/* Copper, and nickel: table 1 of the paper. */
static const pel_sutton_chen copper = {1.2382e-2, 3.61, 9, 6, 39.432}, nickel = {1.5707e-2, 3.52, 9, 6, 39.432};

/* What is left of a pair at r. */
static double end_of(double r, double cutoff)
{
    const double x = (r / cutoff - 0.9) / 0.1;
    if (x <= 0) return 1;
    return x < 1 ? 1 - x * x * x * (10 - 15 * x + 6 * x * x) : 0;
}

/* The sum of (a/r)^power over an fcc lattice of that constant, whose points have coordinates of a / 2 with an even sum.
 */
static double lattice_sum(double a, double constant, double power, double cutoff)
{
    const int most = (int)(2 * cutoff / constant) + 1;
    double sum = 0;
    for (int x = -most; x <= most; x++)
        for (int y = -most; y <= most; y++)
            for (int z = -most; z <= most; z++) {
                const double r = constant / 2 * sqrt(x * x + y * y + z * z);
                if ((x + y + z) % 2 == 0 && r > 0 && r < cutoff) sum += pow(a / r, power) * end_of(r, cutoff);
            }
    return sum;
}

static double energy_by_sums(const pel_sutton_chen *metal, double constant, double cutoff)
{
    const double repulsion = lattice_sum(metal->a, constant, metal->n, cutoff);
    return metal->epsilon * (repulsion / 2 - metal->c * sqrt(lattice_sum(metal->a, constant, metal->m, cutoff)));
}

/* Energy of an atom of the crystal. */
static double energy_of_crystal(const pel_sutton_chen *metal, double constant, int cells, double cutoff)
{
    pel_configuration atoms = {0};
    pel_eam_tables tables = {0};
    CHECK_STATUS(pel_sutton_chen_tables(1, metal, cutoff, 0, &tables));
    shaken_crystal(PEL_LATTICE_FCC, constant, cells, 1, 0, &atoms);
    const double energy = compute_forces(&atoms, metal_of(&tables), (ways){.skin = 0.25}, NULL).potential;
    const double count = (double)atoms.count;
    pel_configuration_free(&atoms);
    return energy / count;
}

/* Constants that are multiples of the grain to which shaken_crystal() moves atoms. */
TEST(crystals_have_the_energy_of_the_papers_sums)
{
    static const double cutoffs[] = {4.95, 5.5, 7.2};
    for (int c = 0; c < 3; c++) {
        CU_ASSERT_DOUBLE_EQUAL(energy_of_crystal(&copper, 3.609375, 5, cutoffs[c]),
                               energy_by_sums(&copper, 3.609375, cutoffs[c]), 1e-8);
        CU_ASSERT_DOUBLE_EQUAL(energy_of_crystal(&nickel, 3.75, 5, cutoffs[c]),
                               energy_by_sums(&nickel, 3.75, cutoffs[c]), 1e-8);
    }
}

/* The fits are to the cohesive energy and the lattice constant, of sums to infinity: 3.50 eV of copper (3.49 measured),
 * 4.44 eV of nickel. */
TEST(metals_without_a_cutoff_have_their_cohesive_energy_and_lattice_constant)
{
    const pel_sutton_chen *const metals[] = {&copper, &nickel};
    static const double cohesive[] = {3.49, 4.44};
    for (int i = 0; i < 2; i++) {
        const double a = metals[i]->a, far = 60 * a, at = energy_by_sums(metals[i], a, far);
        CU_ASSERT_DOUBLE_EQUAL(at, -cohesive[i], 0.02);
        CU_ASSERT(at < energy_by_sums(metals[i], a * 1.001, far) && at < energy_by_sums(metals[i], a * 0.999, far));
    }
}

TEST(unlike_metals_have_mean_powers_and_lengths)
{
    const pel_sutton_chen metals[] = {{1.2382e-2, 3.61, 9, 6, 39.432}, {2.5415e-3, 4.09, 12, 8, 144.41}};
    pel_eam_tables tables = {0};
    CHECK_STATUS(pel_sutton_chen_tables(2, metals, 8, 0, &tables));
    pel_potential *potential = metal_of(&tables);
    const double a = sqrt(3.61 * 4.09), epsilon = sqrt(1.2382e-2 * 2.5415e-3);
    const pel_eam_point to = pel_eam_at(potential, 0, 1, 3, 100), from = pel_eam_at(potential, 1, 0, 3, 100);
    CU_ASSERT_DOUBLE_EQUAL(to.density, pow(a / 3, 7), 1e-8);
    CU_ASSERT_DOUBLE_EQUAL(to.phi, epsilon * pow(a / 3, 10.5), 1e-9);
    CU_ASSERT_EQUAL(to.density, from.density);
    CU_ASSERT_EQUAL(to.phi, from.phi);
    CU_ASSERT_DOUBLE_EQUAL(to.embedding, -39.432 * 1.2382e-2 * 10, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(from.embedding, -144.41 * 2.5415e-3 * 10, 1e-9);
    pel_potential_destroy(potential);
}

TEST(metals_that_cannot_be_are_refused)
{
    pel_eam_tables tables = {0};
    CHECK_FAILS(pel_sutton_chen_tables(1, &(pel_sutton_chen){1, 3, 6, 9, 30}, 5, 0, &tables), PEL_ERR_ARGUMENT,
                "n > m > 3");
    CHECK_FAILS(pel_sutton_chen_tables(1, &(pel_sutton_chen){1, 0, 9, 6, 30}, 5, 0, &tables), PEL_ERR_ARGUMENT,
                "type 1 has epsilon = 1, a = 0");
    CHECK_FAILS(pel_sutton_chen_tables(1, &copper, 0, 0, &tables), PEL_ERR_ARGUMENT, "cutoff > 0");
    CU_ASSERT_EQUAL(tables.types, 0);
}
