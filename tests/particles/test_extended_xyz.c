/* Extended XYZ files: boxes, columns, species, frames; and sentences about those that cannot be read. */
#include "particles/extended_xyz.h"

#include "support/test.h"

static const char *put(const char *text)
{
    const char *path = test_path("case.xyz");
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_TRUE(fputs(text, file) >= 0);
    CU_ASSERT_EQUAL(fclose(file), 0);
    return path;
}

static const char two_frames[] =
    "1\nLattice=\"9 0 0 0 9 0 0 0 9\"\nXe 0 0 0\n"
    "3\n"
    "Lattice=\"5.0 0.0 0.0 0.0 6.0 0.0 0.0 0.0 7.0\" Properties=species:S:1:pos:R:3:forces:R:3:vel:R:3:mass:R:1 "
    "energy=-1.5 pbc=\"T T F\" Origin=\"0 -1 0\"\r\n"
    "Ni 1.0 2 3 9 9 9 0.125 0 0 58.69\r\n"
    "Al 4 5.5 8 9 9 9 0 -1e-3 0 26.98\r\n"
    "Ni 0 0 0 9 9 9 0 0 0 58.69\r\n";

TEST(box_columns_and_species_are_read)
{
    pel_configuration atoms = {0};
    char *names = NULL;
    CHECK_STATUS(pel_extended_xyz_read(put(two_frames), &(pel_extended_xyz_spec){.frame = 1}, &atoms, &names));
    CU_ASSERT_TRUE(atoms.count == 3 && atoms.types == 2);
    CU_ASSERT_STRING_EQUAL(names, "Ni, Al");
    CU_ASSERT_TRUE(atoms.box.length[0] == 5 && atoms.box.length[2] == 7 && atoms.box.lo[1] == -1);
    CU_ASSERT_TRUE(atoms.box.is_periodic[1] && !atoms.box.is_periodic[2]);
    CU_ASSERT_TRUE(atoms.type[0] == 1 && atoms.type[1] == 2 && atoms.type[2] == 1 && atoms.id[2] == 3);
    CU_ASSERT_TRUE(atoms.mass[0] == 58.69 && atoms.mass[1] == 26.98);
    CU_ASSERT_TRUE(atoms.position[0][0] == 1 && atoms.velocity[0][0] == 0.125 && atoms.velocity[1][1] == -1e-3);
    CU_ASSERT_TRUE(atoms.position[1][1] == -0.5 && atoms.image[1][1] == 1); /* wrapped */
    CU_ASSERT_TRUE(atoms.position[1][2] == 8 && atoms.image[1][2] == 0);    /* open */
    pel_configuration_free(&atoms);
    free(names);
}

TEST(a_list_of_species_says_the_types)
{
    const char *species[] = {"Cu", "Al", "Ni"};
    pel_configuration atoms = {0};
    pel_extended_xyz_spec spec = {.species = species, .types = 3, .frame = 1};
    CHECK_STATUS(pel_extended_xyz_read(put(two_frames), &spec, &atoms, NULL));
    CU_ASSERT_TRUE(atoms.types == 3 && atoms.type[0] == 3 && atoms.type[1] == 2 && atoms.mass[0] == 0);
    spec.frame = 0;
    CHECK_FAILS(pel_extended_xyz_read(put(two_frames), &spec, &atoms, NULL), PEL_ERR_CORRUPT,
                "case.xyz:3: the species Xe has no type; the types are Cu, Al, Ni");
    pel_configuration_free(&atoms);
}

TEST(ids_and_types_may_be_columns)
{
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_extended_xyz_read(put("2\nProperties=id:I:1:type:I:1:pos:R:3 Lattice=\"4 0 0 0 4 0 0 0 4\"\n"
                                           "8 2 1 1 1\n3 1 2 2 2\n"),
                                       NULL, &atoms, NULL));
    CU_ASSERT_TRUE(atoms.id[0] == 3 && atoms.type[0] == 1 && atoms.position[0][0] == 2 && atoms.types == 2);
    pel_configuration_free(&atoms);
}

TEST(a_plain_file_needs_a_box)
{
    const pel_simulation_box box = {.length = {3, 3, 3}, .is_periodic = {true, true, true}};
    const char *text = "1\nwater from somewhere\nO 1 2 2.5\n";
    pel_configuration atoms = {0};
    CHECK_FAILS(pel_extended_xyz_read(put(text), NULL, &atoms, NULL), PEL_ERR_CORRUPT, "has no Lattice");
    CHECK_STATUS(pel_extended_xyz_read(put(text), &(pel_extended_xyz_spec){.box = &box}, &atoms, NULL));
    CU_ASSERT_TRUE(atoms.count == 1 && atoms.position[0][2] == 2.5 && atoms.box.length[1] == 3);
    CHECK_STATUS(pel_extended_xyz_read(put("1\n    cell: 10  10  8.5\nH -1.5 1 1\n"), NULL, &atoms, NULL));
    CU_ASSERT_TRUE(atoms.box.length[2] == 8.5 && atoms.box.lo[2] == -4.25 && atoms.position[0][0] == -1.5);
    pel_configuration_free(&atoms);
}

TEST(nists_configurations_are_read_as_they_are)
{
    char path[4096];
    pel_configuration atoms = {0};
    snprintf(path, sizeof path, "%s/tests/particles/data/lj-2.xyz", getenv("PELAGOS_SOURCE"));
    CHECK_STATUS(pel_extended_xyz_read(path, NULL, &atoms, NULL));
    CU_ASSERT_TRUE(atoms.count == 200 && atoms.box.length[0] == 8 && atoms.box.lo[1] == -4 && atoms.types == 1);
    CU_ASSERT_TRUE(atoms.position[0][0] == -7.892790848222e-01 && atoms.position[0][1] == -3.263959282465e+00);
    for (long i = 0; i < 200; i++)
        for (int d = 0; d < 3; d++) CU_ASSERT_EQUAL(atoms.image[i][d], 0);
    pel_configuration_free(&atoms);
}

#define BOX "Lattice=\"4 0 0 0 4 0 0 0 4\""

TEST(damage_is_named_with_its_line)
{
    static const struct {
        const char *what, *text;
    } cases[] = {
        {"case.xyz:2: the box", "1\nLattice=\"4 0 0 1 4 0 0 0 4\"\nH 0 0 0\n"},
        {"case.xyz:2: Lattice should be 9 numbers", "1\nLattice=\"4 4 4\"\nH 0 0 0\n"},
        {"case.xyz:2: Properties should be", "1\n" BOX " Properties=pos:R:2\n0 0\n"},
        {"case.xyz:2: Properties names no pos", "1\n" BOX " Properties=species:S:1\nH\n"},
        {"case.xyz:3: 3 columns", "1\n" BOX "\nH 0 0\n"},
        {"case.xyz:3: a coordinate", "1\n" BOX "\nH 0 0 zero\n"},
        {"case.xyz:3: the file ends after 1 of 2", "2\n" BOX "\nH 0 0 0\n"},
        {"case.xyz:4: an atom of type 1 has the mass", "2\n" BOX " Properties=pos:R:3:mass:R:1\n0 0 0 1\n1 1 1 2\n"},
        {"case.xyz:1: the number of atoms", "many\n" BOX "\n"},
        {"case.xyz:0: the file ends before frame 0", ""},
        {"id 2", "2\n" BOX " Properties=pos:R:3:id:I:1\n0 0 0 2\n1 1 1 2\n"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        pel_configuration atoms = {0};
        CHECK_FAILS(pel_extended_xyz_read(put(cases[c].text), NULL, &atoms, NULL), PEL_ERR_CORRUPT, cases[c].what);
        CU_ASSERT_TRUE(atoms.count == 0 && atoms.position == NULL);
    }
}
