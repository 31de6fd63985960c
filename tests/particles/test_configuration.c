/* Configurations grow, sort by id, and wrap into the box. */
#include "particles/configuration.h"

#include <math.h>

#include "support/test.h"

TEST(atoms_that_are_added_get_the_next_id_and_rest)
{
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_configuration_types(&atoms, 2));
    for (int i = 0; i < 1000; i++) CHECK_STATUS(pel_configuration_add(&atoms, 1 + i % 2, (double[]){i, 2 * i, 0.5}));
    CU_ASSERT_TRUE(atoms.count == 1000 && atoms.capacity >= 1000 && atoms.types == 2);
    for (int i = 0; i < 1000; i++) {
        CU_ASSERT_TRUE(atoms.id[i] == i + 1 && atoms.type[i] == 1 + i % 2);
        CU_ASSERT_TRUE(atoms.position[i][1] == 2 * i && atoms.velocity[i][2] == 0 && atoms.image[i][0] == 0);
    }
    CHECK_FAILS(pel_configuration_add(&atoms, 3, (double[]){0, 0, 0}), PEL_ERR_ARGUMENT, "type 3");
    pel_configuration_free(&atoms);
    CU_ASSERT_TRUE(atoms.count == 0 && atoms.position == NULL);
}

TEST(sorting_moves_whole_atoms)
{
    enum { N = 101 };
    pel_configuration atoms = {0};
    CHECK_STATUS(pel_configuration_types(&atoms, N));
    for (int i = 0; i < N; i++) {
        const int id = 1 + i * 37 % N;
        CHECK_STATUS(pel_configuration_add(&atoms, id, (double[]){id, 0, -id}));
        atoms.id[i] = 10 * id;
        atoms.velocity[i][1] = id;
        atoms.image[i][2] = -id;
    }
    CHECK_STATUS(pel_configuration_sort(&atoms));
    for (int i = 0; i < N; i++) {
        const int id = i + 1;
        CU_ASSERT_TRUE(atoms.id[i] == 10 * id && atoms.type[i] == id && atoms.position[i][2] == -id);
        CU_ASSERT_TRUE(atoms.velocity[i][1] == id && atoms.image[i][2] == -id);
    }
    atoms.id[3] = atoms.id[70];
    CHECK_FAILS(pel_configuration_sort(&atoms), PEL_ERR_NAME, "id 710");
    atoms.id[3] = -1;
    CHECK_FAILS(pel_configuration_sort(&atoms), PEL_ERR_NAME, "id -1");
    pel_configuration_free(&atoms);
}

TEST(wrapping_keeps_the_unwrapped_position)
{
    pel_configuration atoms = {.box = {.lo = {-1, 0, 0}, .length = {4, 3, 5}, .is_periodic = {true, true, false}}};
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){12.25, -0.5, 17}));
    CHECK_STATUS(pel_configuration_add(&atoms, 1, (double[]){3, -1e-30, -4}));
    pel_configuration_wrap(&atoms);
    CU_ASSERT_TRUE(atoms.position[0][0] == 0.25 && atoms.image[0][0] == 3);
    CU_ASSERT_TRUE(atoms.position[0][1] == 2.5 && atoms.image[0][1] == -1);
    CU_ASSERT_TRUE(atoms.position[0][2] == 17 && atoms.image[0][2] == 0); /* open */
    CU_ASSERT_TRUE(atoms.position[1][0] == -1 && atoms.image[1][0] == 1); /* the high side is the low one */
    CU_ASSERT_TRUE(atoms.position[1][1] == 0 && atoms.image[1][1] == 0);  /* -1e-30 + 3 rounds to the high side */
    pel_configuration_free(&atoms);
}
