/* Grids, fields and tables. */
#include <math.h>
#include <stdint.h>

#include "mesh/table.h"
#include "support/test.h"

static pel_grid *make_grid(bool is_periodic)
{
    pel_grid *grid;
    CHECK_STATUS(pel_grid_create(&(pel_grid_spec){.dimensions = 2,
                                                  .cells = {10, 6},
                                                  .is_periodic = {is_periodic, is_periodic},
                                                  .spacing = {2, 3},
                                                  .origin = {1, 1}},
                                 &grid));
    return grid;
}

TEST(a_face_field_has_one_point_more_between_walls)
{
    for (int periodic = 0; periodic < 2; periodic++) {
        pel_grid *grid = make_grid(periodic);
        pel_field *u;
        CHECK_STATUS(pel_field_declare(grid, "u", &(pel_field_spec){.centring = PEL_FACE_X}, &u));
        CU_ASSERT_EQUAL(pel_field_points(u).hi[0], periodic ? 10 : 11);
        CU_ASSERT_EQUAL(pel_field_interior(u).lo[0], periodic ? 0 : 1);
        CU_ASSERT_EQUAL(pel_field_interior(u).hi[0], 10);
        CU_ASSERT_EQUAL(pel_field_points(u).hi[1], 6);
        pel_grid_destroy(grid);
    }
}

TEST(coordinates_follow_origin_and_spacing)
{
    pel_grid *grid = make_grid(false);
    CU_ASSERT_EQUAL(pel_grid_centre(grid, 0, 0), 2);
    CU_ASSERT_EQUAL(pel_grid_face(grid, 1, 2), 7);
    pel_grid_destroy(grid);
}

TEST(blocks_tile_the_grid_unevenly)
{
    const int bounds[] = {0, 1, 7, 10};
    long cells = 0;
    for (int b = 0; b < 3; b++) {
        pel_grid *grid;
        CHECK_STATUS(pel_grid_create(
            &(pel_grid_spec){.dimensions = 2, .cells = {10, 6}, .blocks = {3}, .bounds = {bounds}, .block = {b}},
            &grid));
        cells += pel_box_count(pel_grid_owned(grid));
        pel_grid_destroy(grid);
    }
    CU_ASSERT_EQUAL(cells, 60);
    pel_grid *grid = NULL;
    const int falling[] = {0, 7, 7, 10};
    CHECK_FAILS(
        pel_grid_create(&(pel_grid_spec){.dimensions = 1, .cells = {10}, .blocks = {3}, .bounds = {falling}}, &grid),
        PEL_ERR_ARGUMENT, "holds no cell");
    CHECK_FAILS(pel_grid_create(&(pel_grid_spec){.dimensions = 1, .cells = {0}}, &grid), PEL_ERR_ARGUMENT,
                "at least 1");
}

TEST(rows_begin_on_cache_lines_whatever_the_halo)
{
    for (int halo = 0; halo < 5; halo++) {
        pel_grid *grid = make_grid(false);
        pel_field *q;
        CHECK_STATUS(pel_field_declare(grid, "q", &(pel_field_spec){.levels = 3, .components = 2}, &q));
        pel_field_need_halo(q, 0, halo, halo);
        pel_field_need_halo(q, 1, halo, 0);
        CHECK_STATUS(pel_field_allocate(q));
        for (int level = 0; level < 3; level++)
            for (int c = 0; c < 2; c++)
                for (int y = -halo; y < 6; y++)
                    CU_ASSERT_EQUAL((uintptr_t)pel_row_c(pel_field_view_at(q, level, 0), c, y, 0) % 64, 0);
        pel_grid_destroy(grid);
    }
}

TEST(levels_and_components_share_no_memory)
{
    pel_grid *grid = make_grid(false);
    pel_field *q;
    CHECK_STATUS(pel_field_declare(grid, "q", &(pel_field_spec){.levels = 2, .components = 2}, &q));
    pel_field_need_halo(q, 0, 2, 2);
    CHECK_STATUS(pel_field_allocate(q));
    const pel_box all = pel_field_stored(q);
    double *values = malloc((size_t)pel_box_count(all) * sizeof *values);
    for (int pass = 0; pass < 2; pass++)
        for (int level = 0; level < 2; level++)
            for (int c = 0; c < 2; c++) {
                for (long i = 0; i < pel_box_count(all) && pass == 0; i++)
                    values[i] = (double)(i + 1000 * (2 * level + c));
                if (pass == 0) pel_field_put(q, level, c, all, values);
                else pel_field_get(q, level, c, all, values);
                for (long i = 0; i < pel_box_count(all); i++)
                    CU_ASSERT_EQUAL(values[i], (double)(i + 1000 * (2 * level + c)));
            }
    free(values);
    pel_grid_destroy(grid);
}

TEST(the_first_value_that_is_not_finite_is_found_and_the_hash_sees_every_bit)
{
    pel_grid *grid = make_grid(false);
    pel_field *q;
    CHECK_STATUS(pel_field_declare(grid, "q", &(pel_field_spec){0}, &q));
    CHECK_STATUS(pel_field_allocate(q));
    int point[3], component;
    const uint64_t zero = pel_field_hash(q, 0, pel_field_rows(q));
    CU_ASSERT_FALSE(pel_field_find_bad(q, 0, pel_field_rows(q), point, &component));
    *pel_at(pel_field_view(q, 0), 3, 2, 0) = -0.0;
    CU_ASSERT_NOT_EQUAL(pel_field_hash(q, 0, pel_field_rows(q)), zero);
    CU_ASSERT_EQUAL(pel_field_hash(q, 0, pel_field_rows(q)), pel_field_hash(q, 0, 2) + pel_field_hash(q, 2, 6));
    *pel_at(pel_field_view(q, 0), 7, 4, 0) = INFINITY;
    *pel_at(pel_field_view(q, 0), 9, 3, 0) = NAN;
    CU_ASSERT_TRUE(pel_field_find_bad(q, 0, pel_field_rows(q), point, &component));
    CU_ASSERT(point[0] == 9 && point[1] == 3);
    pel_grid_destroy(grid);
}

TEST(a_field_is_declared_once)
{
    pel_grid *grid = make_grid(false);
    pel_field *q;
    CHECK_STATUS(pel_field_declare(grid, "q", &(pel_field_spec){0}, &q));
    CHECK_FAILS(pel_field_declare(grid, "q", &(pel_field_spec){0}, &q), PEL_ERR_NAME, "declared twice");
    pel_grid_destroy(grid);
}

TEST(a_table_keeps_its_rows_in_id_order)
{
    const pel_column_spec columns[] = {{.name = "position", .type = PEL_DOUBLE, .components = 2},
                                       {.name = "kind", .type = PEL_INT32}};
    pel_table *table;
    CHECK_STATUS(pel_table_create("drifters", columns, 2, &table));
    const int64_t ids[] = {50, 7, 22, 9};
    long row;
    for (int i = 0; i < 4; i++) {
        CHECK_STATUS(pel_table_add(table, ids[i], &row));
        ((double *)pel_table_values(table, 0))[2 * row + 1] = (double)ids[i];
    }
    CHECK_FAILS(pel_table_add(table, 22, &row), PEL_ERR_NAME, "22 already");
    CHECK_STATUS(pel_table_remove(table, 9));
    CU_ASSERT_EQUAL(pel_table_rows(table), 3);
    for (long r = 0; r < 3; r++)
        CU_ASSERT_EQUAL(((double *)pel_table_values(table, 0))[2 * r + 1], (double)pel_table_ids(table)[r]);
    CU_ASSERT_EQUAL(pel_table_row(table, 50), 2);
    CU_ASSERT_EQUAL(pel_table_row(table, 8), -1);
    const uint64_t hash = pel_table_hash(table);
    ((int32_t *)pel_table_values(table, 1))[0] = 3;
    CU_ASSERT_NOT_EQUAL(pel_table_hash(table), hash);
    pel_table_destroy(table);
}

TEST(levels_that_would_share_a_buffer_are_refused_in_any_order)
{
    pel_grid *grid = make_grid(true);
    pel_field *field;
    CHECK_STATUS(pel_field_declare(grid, "q", &(pel_field_spec){.levels = 3}, &field));
    CHECK_STATUS(pel_field_use_level(field, 1));
    CHECK_STATUS(pel_field_use_level(field, -1));
    CHECK_FAILS(pel_field_use_level(field, -2), PEL_ERR_ARGUMENT, "it has 3 levels");
    pel_grid_destroy(grid);
}

TEST(the_size_of_a_field_is_known_before_it_has_memory)
{
    pel_grid *grid = make_grid(true);
    pel_field *field;
    CHECK_STATUS(pel_field_declare(grid, "q", &(pel_field_spec){.levels = 2}, &field));
    pel_field_need_halo(field, 0, 2, 1);
    const size_t before = pel_field_bytes(field);
    CHECK_STATUS(pel_field_allocate(field));
    CU_ASSERT_EQUAL(pel_field_bytes(field), before);
    CU_ASSERT_TRUE(before >= 2 * 13 * 6 * sizeof(double));
    pel_grid_destroy(grid);
}
