/* The same problem larger: how a factor is shared out over dimensions, and that what comes of it is a deck. */
#include "sim/grow.h"

#include "heat/app.h"
#include "md/app.h"
#include "sim/run.h"
#include "support/test.h"

static const pel_app *const apps[] = {&heat_app, &md_app};

#define HEAT_2D "app: heat\ngrid: {cells: [30, 20], extent: [3 m, 200 cm]}\ntime: {step: 1e-3 s, end: 1 s}\n"
#define HEAT_3D "app: heat\ngrid: {cells: [8, 8, 8], extent: [1 m, 1 m, 1 m]}\ntime: {step: 1e-3 s, end: 1 s}\n"
#define HEAT_1D "app: heat\ngrid: {cells: [60000], extent: [2 km]}\ntime: {step: 1e-3 s, end: 1 s}\n"
#define MD "app: md\npotential: {kind: lj, cutoff: 2.5}\ntime: {step: 0.005, end: 1}\n"
#define LATTICE MD "atoms: {lattice: {kind: fcc, density: 0.8, cells: [4, 5, 6]}, velocities: {temperature: 1}}\n"

static const char *write_deck(const char *text)
{
    const char *path = test_path("deck.yaml");
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(text, file);
    CU_ASSERT_EQUAL(fclose(file), 0);
    return path;
}

/* The overrides that make the problem `factor` times as large; the dimensions that grew go to `used`. */
static const char *grow(const char *deck, const char *along, int factor, char used[PEL_GROW_DIMENSIONS_BYTES])
{
    static char kept[1024];
    pel_text overrides = {0};
    CHECK_STATUS(pel_run_grow(write_deck(deck), NULL, 0, apps, 2, along, factor, &overrides, used));
    snprintf(kept, sizeof kept, "%s", pel_text_get(&overrides));
    pel_text_free(&overrides);
    return kept;
}

static void check_growth(const char *deck, const char *along, int factor, const char *wanted, const char *wanted_along)
{
    char used[PEL_GROW_DIMENSIONS_BYTES];
    const char *overrides = grow(deck, along, factor, used);
    if (strcmp(overrides, wanted) != 0) fprintf(stderr, "\n%d along %s: %s\n", factor, used, overrides);
    CU_ASSERT_STRING_EQUAL(overrides, wanted);
    CU_ASSERT_STRING_EQUAL(used, wanted_along);
}

TEST(a_grid_grows_along_its_last_dimension_in_cells_and_extent)
{
    check_growth(HEAT_2D, NULL, 3, "grid.cells=[30, 60]\ngrid.extent=[3 m, 6 m]\n", "y");
    check_growth(HEAT_3D, "", 2, "grid.cells=[8, 8, 16]\ngrid.extent=[1 m, 1 m, 2 m]\n", "z");
    check_growth(HEAT_2D, "x", 3, "grid.cells=[90, 20]\ngrid.extent=[9 m, 2 m]\n", "x");
}

TEST(a_factor_is_shared_out_with_its_largest_prime_first_to_what_has_grown_least)
{
    check_growth(HEAT_2D, "xy", 8, "grid.cells=[120, 40]\ngrid.extent=[12 m, 4 m]\n", "xy");
    check_growth(HEAT_2D, "yx", 8, "grid.cells=[60, 80]\ngrid.extent=[6 m, 8 m]\n", "yx");
    check_growth(HEAT_2D, "xy", 6, "grid.cells=[90, 40]\ngrid.extent=[9 m, 4 m]\n", "xy");
    check_growth(HEAT_2D, "xy", 7, "grid.cells=[210, 20]\ngrid.extent=[21 m, 2 m]\n", "xy");
    check_growth(HEAT_3D, "xyz", 30, "grid.cells=[40, 24, 16]\ngrid.extent=[5 m, 3 m, 2 m]\n", "xyz");
    check_growth(HEAT_3D, "xz", 36, "grid.cells=[48, 8, 48]\ngrid.extent=[6 m, 1 m, 6 m]\n", "xz");
}

TEST(one_time_the_problem_is_the_problem)
{
    check_growth(HEAT_2D, "xy", 1, "grid.cells=[30, 20]\ngrid.extent=[3 m, 2 m]\n", "xy");
}

TEST(large_numbers_of_cells_are_written_in_whole)
{
    check_growth(HEAT_1D, NULL, 5, "grid.cells=[300000]\ngrid.extent=[10000 m]\n", "x");
    check_growth(HEAT_1D, NULL, 1000, "grid.cells=[60000000]\ngrid.extent=[2000000 m]\n", "x");
}

TEST(a_lattice_grows_in_cells)
{
    check_growth(LATTICE, NULL, 3, "atoms.lattice.cells=[4, 5, 18]\n", "z");
    check_growth(LATTICE, "xz", 6, "atoms.lattice.cells=[12, 5, 12]\n", "xz");
}

TEST(a_packing_grows_in_atoms_and_in_its_box_if_it_has_one)
{
    check_growth(MD "atoms: {packing: {count: [100], density: 0.1, least-distance: 1}}\n", NULL, 6,
                 "atoms.packing.count=[600]\n", "z");
    check_growth(MD "atoms: {types: 2, packing: {count: [100, 40], length: [10, 11, 12], least-distance: 1}}\n"
                    "masses: [1, 2]\n",
                 "xy", 6, "atoms.packing.count=[600, 240]\natoms.packing.length=[30, 22, 12]\n", "xy");
}

/* What an override says must be read back as that: the grown deck resolves, and to those cells. */
TEST(the_overrides_make_a_deck)
{
    char used[PEL_GROW_DIMENSIONS_BYTES], copy[1024];
    const char *sets[PEL_GROW_MOST];
    int count = 0;
    snprintf(copy, sizeof copy, "%s", grow(HEAT_1D, NULL, 1000, used));
    for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n")) sets[count++] = line;
    pel_text resolved = {0};
    CHECK_STATUS(pel_run_check(test_path("deck.yaml"), sets, count, apps, 2, &resolved));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&resolved), "cells: [60000000]"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&resolved), "extent: [2000000 m]"));
    pel_text_free(&resolved);
}

TEST(overrides_of_the_deck_grow_too)
{
    static const char *const sets[] = {"grid.cells=[10, 12]", "grid.extent=[1 m, 1 m]"};
    char used[PEL_GROW_DIMENSIONS_BYTES];
    pel_text overrides = {0};
    CHECK_STATUS(pel_run_grow(write_deck(HEAT_2D), sets, 2, apps, 2, NULL, 2, &overrides, used));
    CU_ASSERT_STRING_EQUAL(pel_text_get(&overrides), "grid.cells=[10, 24]\ngrid.extent=[1 m, 2 m]\n");
    pel_text_free(&overrides);
}

static void check_refusal(const char *deck, const char *along, pel_status wanted, const char *text)
{
    char used[PEL_GROW_DIMENSIONS_BYTES];
    pel_text overrides = {0};
    CHECK_FAILS(pel_run_grow(write_deck(deck), NULL, 0, apps, 2, along, 2, &overrides, used), wanted, text);
    CU_ASSERT_EQUAL(overrides.length, 0);
    pel_text_free(&overrides);
}

TEST(what_cannot_grow_says_why)
{
    check_refusal(HEAT_2D, "z", PEL_ERR_USAGE, "a problem of 2 dimensions cannot grow along \"z\"; it can along xy");
    check_refusal(HEAT_1D, "y", PEL_ERR_USAGE, "a problem of 1 dimension cannot grow along \"y\"; it can along x");
    check_refusal(HEAT_3D, "zxz", PEL_ERR_USAGE, "cannot grow along \"zxz\"");
    check_refusal(HEAT_2D, "y,x", PEL_ERR_USAGE, "cannot grow along \"y,x\"");
    check_refusal(MD "atoms: {file: atoms.xyz}\n", NULL, PEL_ERR_USAGE, "atoms that come from a file (atoms.file)");
    check_refusal("app: heat\ngrid: {cells: [0, 4], extent: [1 m, 1 m]}\n", NULL, PEL_ERR_DECK, "grid.cells");
}
