/* Fields that come from files: linear data is met to rounding, wrong files are refused with reasons. */
#include <sys/stat.h>

#include "io/compare.h"
#include "sim/source.h"
#include "toy.h"

#define HEAD                                                                                                           \
    "app: toy\ngrid: {cells: [8, 6], extent: [80 m, 60 m], boundary: [periodic, wall]}\n"                              \
    "time: {step: 10 s, end: 1000 s}\n"

/* What a test file looks like. */
typedef struct recipe {
    const char *name, *x_units, *time_units, *units;
    double x_first, x_step, y_first, y_step, length_unit; /* coordinates in units of so many metres */
    int nx, ny, nt;
    double times[4];
    double bad; /* value at [last record, 1, 2]; 0: as the others */
    bool has_no_coordinates;
} recipe;

static double linear(double x, double y, double t)
{
    return 3 + 0.25 * x - 0.5 * y + 0.125 * t;
}

static void define_axis(pel_file *file, const char *name, const char *units, int n, double first, double step)
{
    double values[64];
    for (int i = 0; i < n; i++) values[i] = first + i * step;
    CHECK_STATUS(pel_file_define_dimension(file, name, n, values));
    CHECK_STATUS(pel_file_put_text(file, name, "units", units));
}

/* `elapsed` are the seconds of model time of the records. */
static const char *make_file(const recipe *r, const double *elapsed)
{
    pel_file *file = NULL;
    const char *path = test_path(r->name);
    CHECK_STATUS(pel_file_create(path, &file));
    pel_array_spec spec = {.name = "f", .rank = r->nt ? 3 : 2, .has_fill = true, .fill = -999};
    const char *const names[] = {"time", "y", "x"};
    const long shape[] = {r->nt, r->ny, r->nx};
    if (!r->has_no_coordinates) {
        define_axis(file, "x", r->x_units ? r->x_units : "m", r->nx, r->x_first, r->x_step);
        define_axis(file, "y", r->x_units ? r->x_units : "m", r->ny, r->y_first, r->y_step);
        if (r->nt) {
            CHECK_STATUS(pel_file_define_dimension(file, "time", r->nt, r->times));
            CHECK_STATUS(pel_file_put_text(file, "time", "units", r->time_units));
        }
    }
    for (int d = 0; d < spec.rank; d++) {
        if (r->has_no_coordinates) spec.shape[d] = shape[3 - spec.rank + d];
        else spec.dimensions[d] = names[3 - spec.rank + d];
    }
    CHECK_STATUS(pel_file_define_array(file, &spec));
    if (r->units) CHECK_STATUS(pel_file_put_text(file, "f", "units", r->units));
    const double m = r->length_unit > 0 ? r->length_unit : 1;
    for (int k = 0; k < (r->nt ? r->nt : 1); k++) {
        double values[4096];
        for (int i = 0; i < r->nx * r->ny; i++)
            values[i] = linear(m * (r->x_first + i % r->nx * r->x_step), m * (r->y_first + i / r->nx * r->y_step),
                               elapsed ? elapsed[k] : 0);
        if (r->bad != 0 && k == (r->nt ? r->nt - 1 : 0)) values[r->nx + 2] = r->bad;
        const long start[] = {k, 0, 0}, count[] = {1, r->ny, r->nx};
        CHECK_STATUS(
            pel_file_write_box(file, "f", PEL_IO_DOUBLE, start + 3 - spec.rank, count + 3 - spec.rank, values));
    }
    CHECK_STATUS(pel_file_close(file));
    return path;
}

static char *deck_with(const char *path)
{
    static char deck[1024];
    snprintf(deck, sizeof deck, HEAD "forcing: {file: \"%s\"}\noutput: {snapshots: {every: 1 steps, fields: [f]}}",
             path);
    return deck;
}

static const char *folder(const char *name)
{
    const char *path = test_path(name);
    mkdir(path, 0777);
    return path;
}

static double value(const toy *t, int x, int y)
{
    double f = NAN;
    pel_field_get(t->model->f, 0, 0, (pel_box){{x, y, 0}, {x + 1, y + 1, 1}}, &f);
    return f;
}

static void check_linear(const toy *t, double time)
{
    for (int y = 0; y < 6; y++)
        for (int x = 0; x < 8; x++)
            CU_ASSERT_DOUBLE_EQUAL(value(t, x, y), linear(10 * x + 5, 10 * y + 5, time), 1e-14 * 200);
}

/* The state of f after one step. */
static void check_after_a_step(const char *path, const char *where, double time)
{
    toy t;
    toy_begin(&t, deck_with(path), folder(where));
    toy_run(&t, 1, 1);
    check_linear(&t, time);
    toy_end(&t);
}

TEST(a_linear_field_is_interpolated_exactly)
{
    const recipe r = {.name = "linear.nc", .x_first = -3, .x_step = 17, .y_first = -40, .y_step = 31, .nx = 7, .ny = 5};
    check_after_a_step(make_file(&r, NULL), "linear", 0);
}

TEST(falling_coordinates_and_other_units_of_length_serve)
{
    const recipe r = {.name = "falling.nc",
                      .x_units = "km",
                      .length_unit = 1000,
                      .x_first = 0.096,
                      .x_step = -0.016,
                      .y_first = 0.07,
                      .y_step = -0.02,
                      .nx = 8,
                      .ny = 5,
                      .units = "K"};
    check_after_a_step(make_file(&r, NULL), "falling", 0);
}

TEST(a_file_on_the_points_gives_its_own_bits)
{
    const recipe r = {.name = "same.nc", .x_first = 5, .x_step = 10, .y_first = 5, .y_step = 10, .nx = 8, .ny = 6};
    toy t;
    toy_begin(&t, deck_with(make_file(&r, NULL)), folder("same"));
    toy_run(&t, 1, 1);
    for (int y = 0; y < 6; y++)
        for (int x = 0; x < 8; x++) CU_ASSERT_EQUAL(value(&t, x, y), linear(10 * x + 5, 10 * y + 5, 0));
    toy_end(&t);
}

TEST(without_coordinates_shapes_must_be_the_same)
{
    recipe r = {.name = "bare.nc",
                .nx = 8,
                .ny = 6,
                .x_first = 5,
                .x_step = 10,
                .y_first = 5,
                .y_step = 10,
                .has_no_coordinates = true};
    check_after_a_step(make_file(&r, NULL), "bare", 0);
    r.name = "bare2.nc", r.nx = 9;
    toy t;
    toy_declare(&t, deck_with(make_file(&r, NULL)));
    CHECK_FAILS(pel_params_finish(t.params), PEL_ERR_DECK, "[6 x 9]");
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "[6 x 8]"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "deck.yaml:4:"));
    toy_end(&t);
}

TEST(records_are_joined_by_straight_lines_at_the_middle_of_steps)
{
    const recipe r = {.name = "records.nc",
                      .x_first = 0,
                      .x_step = 20,
                      .y_first = 0,
                      .y_step = 20,
                      .nx = 5,
                      .ny = 4,
                      .nt = 4,
                      .time_units = "days since 1999-12-31",
                      .times = {1, 1.001, 1.003, 1.01}};
    const double elapsed[] = {0, 86.4, 259.2, 864};
    toy t;
    toy_begin(&t, deck_with(make_file(&r, elapsed)), folder("records"));
    check_linear(&t, 5); /* a record of step 0 shows what the first step will use */
    for (long n = 1; n <= 40; n++) {
        toy_run(&t, n, 1);
        check_linear(&t, 10 * (double)(n - 1) + 5);
    }
    toy_end(&t);
}

TEST(stretches_and_a_resume_do_not_change_the_bits)
{
    const recipe r = {.name = "bits.nc",
                      .x_first = 0,
                      .x_step = 20,
                      .y_first = 0,
                      .y_step = 20,
                      .nx = 5,
                      .ny = 4,
                      .nt = 4,
                      .time_units = "s",
                      .times = {0, 33, 61.7, 222}};
    const double elapsed[] = {0, 33, 61.7, 222};
    const char *path = make_file(&r, elapsed);
    char deck[1024];
    snprintf(deck, sizeof deck, HEAD "forcing: {file: \"%s\"}\noutput: {snapshots: {every: 15 steps, fields: [f]}}",
             path);
    for (int run = 0; run < 3; run++) {
        toy t;
        toy_begin(&t, deck, folder(run == 0 ? "bits0" : run == 1 ? "bits1" : "bits2"));
        if (run == 2) {
            toy_run(&t, 8, 5);
            toy_save(&t, test_path("bits.h5"));
            toy_end(&t);
            CHECK_STATUS(toy_resume(&t, deck, test_path("bits2"), test_path("bits.h5")));
        }
        toy_run(&t, 30, run == 0 ? 1 : 100);
        toy_end(&t);
    }
    for (int run = 1; run < 3; run++) {
        char a[512], b[512];
        long differences = -1;
        snprintf(a, sizeof a, "%s/snapshots.nc", test_path("bits0"));
        snprintf(b, sizeof b, "%s/snapshots.nc", test_path(run == 1 ? "bits1" : "bits2"));
        CHECK_STATUS(pel_file_compare(a, b, NULL, &differences));
        CU_ASSERT_EQUAL(differences, 0);
    }
}

TEST(before_the_first_and_after_the_last_record_the_field_stands_still)
{
    const recipe r = {.name = "short.nc",
                      .x_first = 0,
                      .x_step = 20,
                      .y_first = 0,
                      .y_step = 20,
                      .nx = 5,
                      .ny = 4,
                      .nt = 2,
                      .time_units = "s",
                      .times = {28, 52}};
    const double elapsed[] = {28, 52};
    toy t;
    toy_begin(&t, deck_with(make_file(&r, elapsed)), folder("short"));
    toy_run(&t, 1, 100);
    check_linear(&t, 28);
    toy_run(&t, 4, 100);
    check_linear(&t, 35);
    toy_run(&t, 20, 100);
    check_linear(&t, 52);
    toy_end(&t);
}

static void check_refused(const char *path, const char *reason)
{
    toy t;
    toy_declare(&t, deck_with(path));
    CHECK_FAILS(pel_params_finish(t.params), PEL_ERR_DECK, reason);
    toy_end(&t);
}

TEST(files_that_cannot_serve_are_errors_of_the_deck)
{
    recipe r = {.name = "refused1.nc", .x_first = 0, .x_step = 10, .y_first = 0, .y_step = 10, .nx = 5, .ny = 7};
    check_refused(make_file(&r, NULL), "covers x = 0 to 40 m");
    r = (recipe){.name = "refused2.nc",
                 .x_first = 0,
                 .x_step = 10,
                 .y_first = 0,
                 .y_step = 10,
                 .nx = 9,
                 .ny = 7,
                 .x_units = "degrees_north"};
    check_refused(make_file(&r, NULL), "degrees_north cannot be converted to m");
    r.name = "refused3.nc", r.x_units = "m", r.units = "Pa";
    check_refused(make_file(&r, NULL), "its units");
    r = (recipe){.name = "refused4.nc",
                 .x_first = 0,
                 .x_step = 10,
                 .y_first = 0,
                 .y_step = 10,
                 .nx = 9,
                 .ny = 7,
                 .nt = 2,
                 .times = {5, 1},
                 .time_units = "s"};
    check_refused(make_file(&r, (double[]){0, 0}), "must rise");
    r.name = "refused5.nc", r.times[1] = 9, r.time_units = "days since yesterday";
    check_refused(make_file(&r, (double[]){0, 0}), "is no date");
    check_refused(test_path("nothing.nc"), "nothing.nc");
    toy t;
    char deck[1024];
    snprintf(deck, sizeof deck, HEAD "forcing: {file: \"%s\", variable: g}", test_path("refused3.nc"));
    toy_declare(&t, deck);
    CHECK_FAILS(pel_params_finish(t.params), PEL_ERR_DECK, "f");
    toy_end(&t);
}

TEST(a_missing_value_is_an_error_only_where_it_is_needed)
{
    recipe r = {
        .name = "hole.nc", .x_first = 5, .x_step = 10, .y_first = 5, .y_step = 10, .nx = 8, .ny = 6, .bad = -999};
    toy t;
    toy_declare(&t, deck_with(make_file(&r, NULL)));
    CHECK_STATUS(pel_component_commit(t.component));
    CHECK_FAILS(pel_forcing_update(t.component->forcings[0], t.component), PEL_ERR_MISMATCH,
                "f[1, 2] is a missing value");
    toy_end(&t);
    r = (recipe){
        .name = "hole2.nc", .x_first = 5, .x_step = 10, .y_first = -15, .y_step = 10, .nx = 8, .ny = 8, .bad = -999};
    check_after_a_step(make_file(&r, NULL), "hole2", 0); /* row 1 lies below the grid */
}

/* A grid of its own, with one field that comes from a file. */
static pel_field *make_field(const pel_grid_spec *grid_spec, const pel_field_spec *field_spec, pel_team *team,
                             pel_grid **grid)
{
    pel_field *field = NULL;
    CHECK_STATUS(pel_grid_create(grid_spec, grid));
    CHECK_STATUS(pel_field_declare(*grid, "g", field_spec, &field));
    CHECK_STATUS(pel_commit(team, grid, 1, NULL, 0));
    return field;
}

static void read_into(pel_field *field, const char *path)
{
    pel_source *source = NULL;
    const pel_source_spec spec = {.path = path, .variable = "f", .reference = "2000-01-01", .calendar = "365_day"};
    CHECK_STATUS(pel_source_open(&spec, field, &source));
    CHECK_STATUS(pel_source_read(source, pel_source_records(source) - 1, field));
    pel_source_close(source);
}

TEST(three_dimensions_are_interpolated_and_rows_go_through_windows)
{
    enum { NX = 5, NY = 4, NZ = 3, FX = 70000, FY = 41, FZ = 3 }; /* a row of 560 kB: fewer than FY fit in a window */
    pel_team *team = NULL;
    pel_grid *grid = NULL;
    pel_file *file = NULL;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &team));
    const pel_grid_spec spec = {.dimensions = 3, .cells = {NX, NY, NZ}, .spacing = {1400, 1, 1}};
    pel_field *field = make_field(&spec, &(pel_field_spec){.centring = PEL_FACE_Y}, team, &grid);
    const char *path = test_path("cube.nc");
    static double x[FX], values[FX];
    double y[FY], z[FZ] = {-1, 1.2, 3.5};
    for (int i = 0; i < FX; i++) x[i] = 0.1 * i;
    for (int i = 0; i < FY; i++) y[i] = 4 - 0.1 * i;
    CHECK_STATUS(pel_file_create(path, &file));
    CHECK_STATUS(pel_file_define_dimension(file, "z", FZ, z));
    CHECK_STATUS(pel_file_define_dimension(file, "y", FY, y));
    CHECK_STATUS(pel_file_define_dimension(file, "x", FX, x));
    CHECK_STATUS(pel_file_define_array(file, &(pel_array_spec){.name = "f", .rank = 3, .dimensions = {"z", "y", "x"}}));
    for (long k = 0; k < FZ; k++) {
        for (long j = 0; j < FY; j++) {
            for (int i = 0; i < FX; i++) values[i] = linear(x[i], y[j], z[k]);
            CHECK_STATUS(pel_file_write_box(file, "f", PEL_IO_DOUBLE, (long[]){k, j, 0}, (long[]){1, 1, FX}, values));
        }
    }
    CHECK_STATUS(pel_file_close(file));
    read_into(field, path);
    for (int k = 0; k < NZ; k++) {
        for (int j = 0; j <= NY; j++) {
            for (int i = 0; i < NX; i++) {
                double value = NAN;
                pel_field_get(field, 0, 0, (pel_box){{i, j, k}, {i + 1, j + 1, k + 1}}, &value);
                CU_ASSERT_DOUBLE_EQUAL(value, linear(1400 * (i + 0.5), j, k + 0.5), 1e-11);
            }
        }
    }
    pel_grid_destroy(grid);
    pel_team_destroy(team);
}

TEST(a_periodic_dimension_is_joined_at_its_ends)
{
    pel_team *team = NULL;
    pel_grid *grid = NULL;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &team));
    const pel_grid_spec spec = {.dimensions = 1, .cells = {8}, .spacing = {1}, .is_periodic = {true}};
    pel_field *field = make_field(&spec, &(pel_field_spec){.type = PEL_FLOAT}, team, &grid);
    pel_file *file = NULL;
    const char *path = test_path("ring.nc");
    const double values[] = {1, 2, 3, 4};
    CHECK_STATUS(pel_file_create(path, &file));
    CHECK_STATUS(pel_file_define_dimension(file, "x", 4, (double[]){1, 3, 5, 7}));
    CHECK_STATUS(pel_file_define_array(file, &(pel_array_spec){.name = "f", .rank = 1, .dimensions = {"x"}}));
    CHECK_STATUS(pel_file_write_box(file, "f", PEL_IO_DOUBLE, (long[]){0}, (long[]){4}, values));
    CHECK_STATUS(pel_file_close(file));
    read_into(field, path);
    float read[8];
    const float expected[] = {1.75f, 1.25f, 1.75f, 2.25f, 2.75f, 3.25f, 3.75f, 3.25f};
    pel_field_get(field, 0, 0, pel_field_points(field), read);
    for (int i = 0; i < 8; i++) CU_ASSERT_EQUAL(read[i], expected[i]);
    pel_grid_destroy(grid);
    pel_team_destroy(team);
}

TEST(whole_numbers_take_the_nearest_value)
{
    pel_team *team = NULL;
    pel_grid *grid = NULL;
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 1, .is_quiet = true}, &team));
    const pel_grid_spec spec = {.dimensions = 2, .cells = {4, 2}, .spacing = {1, 1}};
    pel_field *field = make_field(&spec, &(pel_field_spec){.type = PEL_INT32}, team, &grid);
    const recipe r = {.name = "mask.nc", .x_first = 0.25, .x_step = 0.85, .y_first = 0, .y_step = 2, .nx = 5, .ny = 2};
    make_file(&r, NULL);
    pel_file *file = NULL;
    CHECK_STATUS(pel_file_open(test_path("mask.nc"), PEL_FILE_APPEND, &file));
    const double values[] = {1, 0, 0, 1, 1, 2, 2, 2, 2, 2};
    CHECK_STATUS(pel_file_write_box(file, "f", PEL_IO_DOUBLE, (long[]){0, 0}, (long[]){2, 5}, values));
    CHECK_STATUS(pel_file_close(file));
    read_into(field, test_path("mask.nc"));
    int32_t read[8];
    const int32_t expected[] = {1, 0, 1, 1, 2, 2, 2, 2};
    pel_field_get(field, 0, 0, pel_field_points(field), read);
    CU_ASSERT_EQUAL(memcmp(read, expected, sizeof read), 0);
    pel_grid_destroy(grid);
    pel_team_destroy(team);
}
