/* Lattices have the neighbours, densities and types that they are known for, whichever way they are turned. */
#include "particles/lattice.h"

#include <math.h>

#include "support/test.h"

static pel_configuration make(const pel_lattice *lattice, int types)
{
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_configuration_types(&atoms, types));
    CHECK_STATUS(pel_lattice_fill(lattice, &atoms));
    return atoms;
}

static double volume(const pel_configuration *atoms)
{
    return atoms->box.length[0] * atoms->box.length[1] * atoms->box.length[2];
}

static double distance(const pel_configuration *atoms, long i, long j)
{
    double sum = 0;
    for (int d = 0; d < 3; d++) {
        double apart = atoms->position[i][d] - atoms->position[j][d];
        apart -= atoms->box.length[d] * round(apart / atoms->box.length[d]);
        sum += apart * apart;
    }
    return sqrt(sum);
}

/* How many atoms lie `wanted` from atom i, and how many nearer. */
static int count_at(const pel_configuration *atoms, long i, double wanted, int *nearer)
{
    int at = 0;
    *nearer = 0;
    for (long j = 0; j < atoms->count; j++) {
        const double r = j == i ? INFINITY : distance(atoms, i, j);
        at += fabs(r - wanted) < 1e-9;
        *nearer += r < wanted - 1e-9;
    }
    return at;
}

static void check_neighbours(const pel_configuration *atoms, double nearest, int coordination)
{
    int nearer, wrong = 0;
    for (long i = 0; i < atoms->count; i++) {
        wrong += count_at(atoms, i, nearest, &nearer) != coordination;
        wrong += nearer != 0;
        for (int d = 0; d < 3; d++)
            wrong += !(atoms->position[i][d] >= 0 && atoms->position[i][d] < atoms->box.length[d]);
    }
    CU_ASSERT_EQUAL(wrong, 0);
}

/* Nearest distance in units of a, and coordination: Ashcroft & Mermin, Solid State Physics, ch. 4. */
static const struct {
    const char *name;
    int sites, coordination;
    double nearest2;
} known[] = {{"sc", 1, 6, 1}, {"bcc", 2, 8, 0.75}, {"fcc", 4, 12, 0.5}, {"diamond", 8, 4, 0.1875}, {"hcp", 4, 12, 1}};

TEST(every_lattice_has_its_neighbours)
{
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        pel_lattice lattice = {.constant = 1.7, .cells = {4, 3, 3}};
        CHECK_STATUS(pel_lattice_find(known[k].name, &lattice.kind));
        pel_configuration atoms = make(&lattice, 1);
        CU_ASSERT_EQUAL(atoms.count, 36 * known[k].sites);
        CU_ASSERT_EQUAL(pel_lattice_sites(lattice.kind), known[k].sites);
        check_neighbours(&atoms, 1.7 * sqrt(known[k].nearest2), known[k].coordination);
        pel_configuration_free(&atoms);
    }
}

TEST(a_turned_lattice_is_the_same_crystal)
{
    static const int turns[][3][3] = {{{1, 1, 0}, {-1, 1, 0}, {0, 0, 1}},
                                      {{1, -1, 0}, {1, 1, -2}, {1, 1, 1}},
                                      {{2, 0, 0}, {0, 0, 1}, {0, -1, 0}},
                                      {{1, 2, 0}, {-2, 1, 0}, {0, 0, 1}}};
    for (size_t k = 0; k < 4; k++) { /* the cubic ones */
        for (size_t t = 0; t < sizeof turns / sizeof *turns; t++) {
            pel_lattice lattice = {.constant = 2, .cells = {3, 3, 3}};
            memcpy(lattice.orient, turns[t], sizeof turns[t]);
            CHECK_STATUS(pel_lattice_find(known[k].name, &lattice.kind));
            pel_configuration atoms = make(&lattice, 1);
            CU_ASSERT_DOUBLE_EQUAL((double)atoms.count / volume(&atoms), known[k].sites / 8.0, 1e-12);
            CU_ASSERT_DOUBLE_EQUAL(atoms.box.length[0], 3 * 2 * sqrt(pow(turns[t][0][0], 2) + pow(turns[t][0][1], 2)),
                                   1e-12);
            check_neighbours(&atoms, 2 * sqrt(known[k].nearest2), known[k].coordination);
            pel_configuration_free(&atoms);
        }
    }
}

TEST(a_density_gives_the_constant)
{
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        pel_lattice lattice = {.density = 0.8442, .ratio = 1.5, .cells = {2, 2, 2}};
        CHECK_STATUS(pel_lattice_find(known[k].name, &lattice.kind));
        pel_configuration atoms = make(&lattice, 1);
        CU_ASSERT_DOUBLE_EQUAL((double)atoms.count / volume(&atoms), 0.8442, 1e-13);
        pel_configuration_free(&atoms);
    }
}

TEST(sites_have_types_and_alloys_are_drawn)
{
    const pel_lattice ordered = {
        .kind = PEL_LATTICE_FCC, .constant = 4, .cells = {2, 2, 2}, .type = {2, 1, 1, 1}}; /* L1_2, as Cu3Au */
    pel_configuration atoms = make(&ordered, 2);
    for (long i = 0; i < atoms.count; i++) CU_ASSERT_EQUAL(atoms.type[i], i % 4 == 0 ? 2 : 1);
    pel_configuration_free(&atoms);

    const pel_lattice alloy = {
        .kind = PEL_LATTICE_BCC, .constant = 3, .cells = {12, 12, 12}, .fractions = (double[]){0.7, 0, 0.3}, .seed = 5};
    atoms = make(&alloy, 3);
    long count[4] = {0};
    for (long i = 0; i < atoms.count; i++) count[atoms.type[i]]++;
    const double n = (double)atoms.count, deviation = sqrt(n * 0.7 * 0.3);
    CU_ASSERT_TRUE(fabs((double)count[1] - 0.7 * n) < 4 * deviation && count[2] == 0 && count[3] > 0);
    pel_configuration_free(&atoms);
}

TEST(regions_and_vacuum_make_slabs_and_clusters)
{
    pel_lattice lattice = {.kind = PEL_LATTICE_SC,
                           .constant = 1,
                           .cells = {4, 4, 6},
                           .vacuum = {0, 0, 10},
                           .is_open = {false, false, true}};
    pel_configuration atoms = make(&lattice, 1);
    CU_ASSERT_TRUE(atoms.box.length[2] == 16 && !atoms.box.is_periodic[2] && atoms.box.is_periodic[0]);
    for (long i = 0; i < atoms.count; i++) CU_ASSERT_TRUE(atoms.position[i][2] >= 5 && atoms.position[i][2] < 11);
    pel_configuration_free(&atoms);

    const pel_region shell[2] = {{.shape = PEL_REGION_SPHERE, .centre = {2, 2, 8}, .radius = 1.5},
                                 {.shape = PEL_REGION_SPHERE, .centre = {2, 2, 8}, .radius = 0.5, .is_outside = true}};
    lattice.regions = shell;
    lattice.region_count = 2;
    atoms = make(&lattice, 1);
    CU_ASSERT_TRUE(atoms.count == 6 + 12 && atoms.id[17] == 18); /* at distances 1 and sqrt 2 */
    pel_configuration_free(&atoms);

    const pel_region layer = {.lo = {0, 0, 7}, .hi = {0, 0, 9}};
    lattice.regions = &layer;
    lattice.region_count = 1;
    atoms = make(&lattice, 1);
    CU_ASSERT_EQUAL(atoms.count, 4 * 4 * 2);
    pel_configuration_free(&atoms);
}

TEST(a_strained_crystal_is_longer_and_has_its_sites_where_they_were_in_parts_of_its_edges)
{
    const pel_lattice plain = {.kind = PEL_LATTICE_DIAMOND, .constant = 2, .cells = {2, 1, 1}};
    pel_lattice strained = plain;
    strained.strain[0] = 0.25;
    strained.strain[2] = -0.5;
    pel_configuration a = make(&plain, 1), b = make(&strained, 1);
    CU_ASSERT_EQUAL(a.count, b.count);
    for (int d = 0; d < 3; d++) {
        CU_ASSERT_EQUAL(b.box.length[d], a.box.length[d] * (1 + strained.strain[d]));
        for (long i = 0; i < a.count; i++)
            CU_ASSERT_EQUAL(b.position[i][d], a.position[i][d] * (1 + strained.strain[d]));
    }
    pel_configuration_free(&a);
    pel_configuration_free(&b);
}

TEST(wrong_lattices_are_refused)
{
    const pel_region nowhere = {.lo = {90, 0, 0}, .hi = {91, 0, 0}};
    const pel_lattice good = {.kind = PEL_LATTICE_FCC, .constant = 1, .cells = {1, 1, 1}};
    const struct {
        const char *text;
        pel_lattice lattice;
    } cases[] = {
        {"cells[1] is 0", {.constant = 1, .cells = {1, 0, 1}}},
        {"either its constant or a density", {.cells = {1, 1, 1}}},
        {"not both", {.constant = 1, .density = 1, .cells = {1, 1, 1}}},
        {"right angles", {.constant = 1, .cells = {1, 1, 1}, .orient = {{1, 1, 0}, {1, 0, 0}, {0, 0, 1}}}},
        {"right-handed", {.constant = 1, .cells = {1, 1, 1}, .orient = {{0, 1, 0}, {1, 0, 0}, {0, 0, 1}}}},
        {"hcp cannot be turned",
         {.kind = PEL_LATTICE_HCP, .constant = 1, .cells = {1, 1, 1}, .orient = {{0, 1, 0}, {-1, 0, 0}, {0, 0, 1}}}},
        {"strain[2] is -1", {.constant = 1, .cells = {1, 1, 1}, .strain = {0, 0, -1}}},
        {"type 2", {.constant = 1, .cells = {1, 1, 1}, .type = {2}}},
        {"sum to 0.5", {.constant = 1, .cells = {1, 1, 1}, .fractions = (double[]){0.5}}},
        {"hold no atom", {.constant = 1, .cells = {1, 1, 1}, .regions = &nowhere, .region_count = 1}},
    };
    pel_lattice_kind kind;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        pel_configuration atoms = {0};
        CHECK_STATUS(pel_configuration_types(&atoms, 1));
        CHECK_FAILS(pel_lattice_fill(&cases[c].lattice, &atoms), PEL_ERR_ARGUMENT, cases[c].text);
        pel_configuration_free(&atoms);
    }
    pel_configuration atoms = make(&good, 1);
    CHECK_FAILS(pel_lattice_fill(&good, &atoms), PEL_ERR_ARGUMENT, "no atoms");
    CHECK_FAILS(pel_lattice_find("fco", &kind), PEL_ERR_NAME, "there are sc");
    pel_configuration_free(&atoms);
}
