/* Streams by themselves: planes of fields, and fields larger than the buffer that they go through. */
#include "sim/stream.h"
#include "support/test.h"

typedef struct bench {
    pel_team *team;
    pel_component component;
    pel_field *field;
    pel_stream stream;
} bench;

static const pel_stream_head head = {.title = "", .reference = "2000-01-01", .calendar = "standard"};

static void begin(bench *b, const pel_grid_spec *grid, const pel_field_spec *spec)
{
    *b = (bench){0};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &b->team));
    CHECK_STATUS(pel_grid_create(grid, &b->component.grids[0]));
    CHECK_STATUS(pel_field_declare(b->component.grids[0], "q", spec, &b->field));
    CHECK_STATUS(pel_commit(b->team, &b->component.grids[0], 1, NULL, 0));
    CHECK_STATUS(pel_text_copy("stream", &b->stream.name));
}

static void add_plane(bench *b, const char *name, int plane)
{
    const pel_stream_variable variable = {.name = (char *)(uintptr_t)name,
                                          .units = (char *)(uintptr_t) "1",
                                          .long_name = (char *)(uintptr_t) "",
                                          .component = &b->component,
                                          .field = b->field,
                                          .plane = plane};
    CHECK_STATUS(pel_stream_add(&b->stream, &variable));
}

static void end(bench *b)
{
    CHECK_STATUS(pel_stream_close(&b->stream));
    pel_stream_free(&b->stream);
    pel_grid_destroy(b->component.grids[0]);
    pel_team_destroy(b->team);
}

static double value_of(int c, int x, int y, int z)
{
    return c + 0.001 * x + 10 * y + 1e5 * z;
}

static void fill(const bench *b)
{
    const pel_box all = pel_field_points(b->field);
    const pel_view view = pel_field_view(b->field, 0);
    for (int c = 0; c < pel_field_spec_of(b->field)->components; c++)
        for (int z = 0; z < all.hi[2]; z++)
            for (int y = 0; y < all.hi[1]; y++)
                for (int x = 0; x < all.hi[0]; x++) pel_row_c(view, c, y, z)[x] = value_of(c, x, y, z);
}

/* Writes one record and checks `count` values a row, `stride` apart, of every row and plane of variable `name`. */
static void check_record(bench *b, const char *name, int c, const long count[3], const int stride[3])
{
    double *row = calloc((size_t)count[0], sizeof *row);
    long wrong = 0;
    for (long z = 0; z < count[2]; z++) {
        for (long y = 0; y < count[1]; y++) {
            CHECK_STATUS(pel_file_read_box(b->stream.file, name, PEL_IO_DOUBLE, (long[]){0, z, y, 0},
                                           (long[]){1, 1, 1, count[0]}, row));
            for (long x = 0; x < count[0]; x++)
                wrong += row[x] != value_of(c, (int)x * stride[0], (int)y * stride[1], (int)z * stride[2]);
        }
    }
    CU_ASSERT_EQUAL(wrong, 0);
    free(row);
}

TEST(fields_larger_than_the_buffer_arrive_whole)
{
    bench b;
    const pel_grid_spec planes = {.dimensions = 3, .cells = {700, 500, 13}}; /* 2.8 MB a plane: five at a time */
    begin(&b, &planes, &(pel_field_spec){0});
    fill(&b);
    add_plane(&b, "q", 0);
    CHECK_STATUS(pel_stream_create(&b.stream, test_folder(), &head));
    CHECK_STATUS(pel_stream_append(&b.stream, (pel_step){0}, 0, 0));
    check_record(&b, "q", 0, (long[]){700, 500, 13}, (int[]){1, 1, 1});
    CU_ASSERT_EQUAL(b.stream.bytes, 700.0 * 500 * 13 * 8);
    remove(pel_file_path(b.stream.file));
    end(&b);
}

TEST(rows_of_large_planes_are_written_in_pieces_with_a_stride_too)
{
    bench b;
    const pel_grid_spec plane = {.dimensions = 3, .cells = {3001, 1601, 2}}; /* 38 MB a plane; 19 MB with the stride */
    begin(&b, &plane, &(pel_field_spec){0});
    fill(&b);
    add_plane(&b, "q", 0);
    b.stream.extract = (pel_extract){.stride = {2, 1, 1}};
    CHECK_STATUS(pel_stream_create(&b.stream, test_folder(), &head));
    CHECK_STATUS(pel_stream_append(&b.stream, (pel_step){0}, 0, 0));
    check_record(&b, "q", 0, (long[]){1501, 1601, 2}, (int[]){2, 1, 1});
    remove(pel_file_path(b.stream.file));
    end(&b);
}

TEST(planes_are_variables_of_their_own)
{
    bench b;
    const pel_grid_spec grid = {.name = "ocean", .dimensions = 3, .cells = {5, 4, 3}};
    begin(&b, &grid, &(pel_field_spec){.components = 2, .centring = PEL_FACE_Z});
    fill(&b);
    add_plane(&b, "q_0", 0);
    add_plane(&b, "q_1", 1);
    CHECK_STATUS(pel_stream_create(&b.stream, test_folder(), &head));
    CHECK_STATUS(pel_stream_append(&b.stream, (pel_step){0}, 0, 0));
    check_record(&b, "q_0", 0, (long[]){5, 4, 4}, (int[]){1, 1, 1});
    check_record(&b, "q_1", 1, (long[]){5, 4, 4}, (int[]){1, 1, 1});
    CU_ASSERT_TRUE(pel_file_has(b.stream.file, "ocean_z_face"));
    remove(pel_file_path(b.stream.file));
    end(&b);
}

TEST(profiles_have_the_dimensions_they_lie_along)
{
    bench b;
    const pel_grid_spec grid = {.dimensions = 3, .cells = {5, 4, 3}};
    begin(&b, &grid, &(pel_field_spec){.along = PEL_ALONG_Y});
    fill(&b);
    add_plane(&b, "q", 0);
    CHECK_STATUS(pel_stream_create(&b.stream, test_folder(), &head));
    CHECK_STATUS(pel_stream_append(&b.stream, (pel_step){0}, 0, 0));
    int rank = 0;
    long shape[5];
    double values[4];
    CHECK_STATUS(pel_file_array_info(b.stream.file, "q", NULL, &rank, shape));
    CU_ASSERT_EQUAL(rank, 2);
    CHECK_STATUS(pel_file_read_box(b.stream.file, "q", PEL_IO_DOUBLE, (long[]){0, 0}, (long[]){1, 4}, values));
    for (int y = 0; y < 4; y++) CU_ASSERT_EQUAL(values[y], value_of(0, 0, y, 0));
    CU_ASSERT_FALSE(pel_file_has(b.stream.file, "x"));
    remove(pel_file_path(b.stream.file));
    end(&b);
}

TEST(an_existing_file_is_not_overwritten)
{
    bench b;
    const pel_grid_spec grid = {.dimensions = 1, .cells = {5}};
    begin(&b, &grid, &(pel_field_spec){0});
    add_plane(&b, "q", 0);
    CHECK_STATUS(pel_stream_create(&b.stream, test_folder(), &head));
    CHECK_STATUS(pel_stream_close(&b.stream));
    CU_ASSERT_TRUE(pel_stream_exists(&b.stream, test_folder()));
    CHECK_FAILS(pel_stream_create(&b.stream, test_folder(), &head), PEL_ERR_EXISTS, "stream.nc");
    CHECK_STATUS(pel_stream_reopen(&b.stream, test_folder(), 0, 0));
    CHECK_STATUS(pel_stream_close(&b.stream));
    CHECK_FAILS(pel_stream_reopen(&b.stream, test_folder(), 3, 0), PEL_ERR_CORRUPT, "3 of the 3 records");
    remove(pel_file_path(b.stream.file));
    end(&b);
}
