/* Radial distribution functions count each pair once, are 1 for an ideal gas, and do not depend on threads. */
#include "particles/rdf.h"

#include <math.h>

#include "particles/lattice.h"
#include "particles/packing.h"
#include "support/test.h"

static pel_team *team_of(int threads)
{
    pel_team *team = NULL;
    CHECK_STATUS(
        pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true, .places = PEL_TEAM_UNPLACED}, &team));
    return team;
}

static pel_configuration gas(const double length[3], const bool is_open[3])
{
    const long count[2] = {700, 300};
    pel_packing packing = {.count = count, .seed = 12};
    pel_configuration atoms = {0};
    memcpy(packing.length, length, sizeof packing.length);
    memcpy(packing.is_open, is_open, sizeof packing.is_open);
    CHECK_STATUS(pel_configuration_types(&atoms, 2));
    CHECK_STATUS(pel_packing_fill(&packing, &atoms));
    return atoms;
}

/* The same counts by looking at all pairs, with nearest images by rounding. */
static long count_all(const pel_configuration *atoms, int a, int b, double low, double high)
{
    long count = 0;
    for (long i = 0; i < atoms->count; i++)
        for (long j = 0; j < i; j++) {
            double sum = 0;
            for (int d = 0; d < 3; d++) {
                double apart = atoms->position[i][d] - atoms->position[j][d];
                if (atoms->box.is_periodic[d]) apart -= atoms->box.length[d] * round(apart / atoms->box.length[d]);
                sum += apart * apart;
            }
            const bool are_types =
                (atoms->type[i] == a && atoms->type[j] == b) || (atoms->type[i] == b && atoms->type[j] == a);
            count += are_types && sqrt(sum) >= low && sqrt(sum) < high;
        }
    return count;
}

TEST(pairs_are_counted_as_by_looking_at_all_of_them)
{
    static const struct {
        double length[3], reach;
        bool is_open[3];
    } cases[] = {{{10, 11, 12}, 2, {0}},
                 {{10, 4, 12}, 2, {0}},
                 {{4, 4.5, 5.9}, 2, {0}},
                 {{10, 3, 12}, 2.5, {false, true, true}},
                 {{1, 1, 30}, 4, {true, true, true}}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        pel_configuration atoms = gas(cases[c].length, cases[c].is_open);
        for (int threads = 1; threads <= 3; threads += 2) {
            pel_team *team = team_of(threads);
            pel_rdf rdf;
            CHECK_STATUS(pel_rdf_create(2, 4, cases[c].reach, &rdf));
            CHECK_STATUS(pel_rdf_sample(&rdf, team, &atoms));
            for (int bin = 0; bin < 4; bin++)
                for (int a = 1; a <= 2; a++)
                    for (int b = a; b <= 2; b++)
                        CU_ASSERT_EQUAL(
                            rdf.count[pel_rdf_pair(&rdf, b, a) * 4 + bin],
                            count_all(&atoms, a, b, bin * cases[c].reach / 4, (bin + 1) * cases[c].reach / 4));
            pel_rdf_free(&rdf);
            pel_team_destroy(team);
        }
        pel_configuration_free(&atoms);
    }
}

TEST(an_ideal_gas_has_one_everywhere)
{
    pel_team *team = team_of(2);
    pel_configuration atoms = gas((const double[]){8, 8, 8}, (const bool[]){0, 0, 0});
    pel_rdf rdf;
    CHECK_STATUS(pel_rdf_create(2, 8, 4, &rdf));
    CHECK_STATUS(pel_rdf_sample(&rdf, team, &atoms));
    for (int bin = 2; bin < 8; bin++)
        for (int b = 1; b <= 2; b++) { /* counts are Poisson: four standard deviations */
            const double count = (double)rdf.count[pel_rdf_pair(&rdf, 1, b) * 8 + bin];
            CU_ASSERT_DOUBLE_EQUAL(pel_rdf_at(&rdf, 1, b, bin), 1, 4 / sqrt(count));
        }
    pel_rdf_free(&rdf);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

TEST(a_crystal_has_its_coordination_numbers)
{
    const pel_lattice lattice = {.kind = PEL_LATTICE_FCC, .constant = 2, .cells = {4, 4, 4}};
    pel_team *team = team_of(2);
    pel_configuration atoms = {0};
    pel_rdf rdf;
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    CHECK_STATUS(pel_lattice_fill(&lattice, &atoms));
    CHECK_STATUS(pel_rdf_create(1, 30, 3, &rdf));
    for (int frame = 0; frame < 2; frame++) CHECK_STATUS(pel_rdf_sample(&rdf, team, &atoms));
    /* Shells of fcc at a sqrt(n / 2): 12, 6, 24 neighbours; g counts N - 1 others, the density N of them. */
    const double n = (double)atoms.count, density = n / 512;
    CU_ASSERT_DOUBLE_EQUAL(pel_rdf_coordination(&rdf, 1, 1, 15, density) * (n - 1) / n, 12, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(pel_rdf_coordination(&rdf, 1, 1, 21, density) * (n - 1) / n, 18, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(pel_rdf_coordination(&rdf, 1, 1, 25, density) * (n - 1) / n, 42, 1e-9);
    CU_ASSERT_TRUE(pel_rdf_at(&rdf, 1, 1, 10) == 0 && pel_rdf_at(&rdf, 1, 1, 14) > 1);
    pel_rdf_free(&rdf);
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}

TEST(a_reach_beyond_half_the_box_is_refused)
{
    pel_team *team = team_of(1);
    pel_configuration atoms = gas((const double[]){8, 8, 8}, (const bool[]){0, 0, 0});
    pel_rdf rdf;
    CHECK_STATUS(pel_rdf_create(2, 8, 4.1, &rdf));
    CHECK_FAILS(pel_rdf_sample(&rdf, team, &atoms), PEL_ERR_ARGUMENT, "up to half of it");
    CU_ASSERT_TRUE(rdf.expected[0] == 0 && rdf.count[0] == 0);
    pel_rdf_free(&rdf);
    CHECK_FAILS(pel_rdf_create(1, 0, 1, &rdf), PEL_ERR_ARGUMENT, "0 bins");
    pel_configuration_free(&atoms);
    pel_team_destroy(team);
}
