/* Tables meet decks: every kind of value, every kind of error at its exact place. */
#include "deck/params.h"

#include <math.h>
#include <unistd.h>

#include "support/test.h"

static const pel_param stream[] = {
    {.name = "every", .type = PEL_PARAM_CADENCE, .help = "How often."},
    {.name = "fields", .type = PEL_PARAM_TEXTS, .initial = "all", .choices = "all", .help = "Which."},
    {.name = "box.low", .type = PEL_PARAM_INTS, .initial = "", .help = "Sub-box."},
    {.name = NULL},
};

static const pel_param table[] = {
    {.name = "title", .type = PEL_PARAM_TEXT, .initial = "", .is_free = true, .help = "Title."},
    {.name = "grid.cells", .type = PEL_PARAM_INTS, .least = 4, .most = 1000000, .least_count = 1, .most_count = 3},
    {.name = "grid.extent", .type = PEL_PARAM_REALS, .unit = "m", .initial = "[1 km, 1 km]", .is_exclusive = true},
    {.name = "grid.boundary",
     .type = PEL_PARAM_SIDES,
     .initial = "[wall, wall]",
     .unit = "K",
     .choices = "periodic|wall|value|gradient"},
    {.name = "physics.depth", .type = PEL_PARAM_REAL, .unit = "m", .initial = "500 m", .is_exclusive = true},
    {.name = "physics.gravity", .type = PEL_PARAM_REAL, .unit = "m s-2", .initial = "9.81", .least = 0, .most = 100},
    {.name = "physics.drag", .type = PEL_PARAM_REAL, .unit = "", .initial = ""},
    {.name = "physics.scheme", .type = PEL_PARAM_CHOICE, .initial = "energy", .choices = "linear|energy|enstrophy"},
    {.name = "physics.rigid", .type = PEL_PARAM_FLAG, .initial = "no"},
    {.name = "physics.file", .type = PEL_PARAM_PATH, .initial = "none", .choices = "none"},
    {.name = "time.end", .type = PEL_PARAM_REAL, .unit = "s", .initial = "1 year", .is_free = true},
    {.name = "time.step", .type = PEL_PARAM_REAL, .unit = "s", .initial = "auto", .choices = "auto"},
    {.name = "time.calendar",
     .type = PEL_PARAM_CHOICE,
     .initial = "365_day",
     .choices = "365_day|360_day|366_day|standard"},
    {.name = "output.snapshots", .type = PEL_PARAM_LIST, .initial = "[]", .items = stream, .is_free = true},
    {.name = "output.series", .type = PEL_PARAM_LIST, .initial = "{every: 1 day}", .items = stream, .is_free = true},
    {.name = "run.threads", .type = PEL_PARAM_INT, .initial = "auto", .choices = "auto", .least = 1, .is_free = true},
    {.name = "run.seed", .type = PEL_PARAM_INT, .initial = "1"},
    {.name = NULL},
};
static const pel_param *const tables[] = {table};

static pel_params *resolve(const char *text, const char *const *sets, int set_count)
{
    pel_deck *deck = NULL;
    pel_params *params = NULL;
    CHECK_STATUS(pel_deck_parse(text, "d.yaml", sets, set_count, &deck));
    CHECK_STATUS(pel_params_resolve(deck, tables, 1, &params));
    pel_deck_free(deck); /* the values do not need it */
    return params;
}

static pel_params *good(const char *text)
{
    pel_params *params = resolve(text, NULL, 0);
    CHECK_STATUS(pel_params_finish(params));
    return params;
}

/* The deck `grid: {cells: [8, 8]}` with one more line gives exactly this one error. */
static void check_error(const char *line, const char *message)
{
    char text[1024];
    snprintf(text, sizeof text, "grid: {cells: [8, 8]}\n%s\n", line);
    pel_params *params = resolve(text, NULL, 0);
    CHECK_FAILS(pel_params_finish(params), PEL_ERR_DECK, message);
    CU_ASSERT_PTR_NULL(strchr(pel_failure(), '\n'));
    pel_params_free(params);
}

TEST(defaults_and_given_values_are_had_by_name)
{
    pel_params *p =
        good("app: x\ngrid: {cells: [256, 1e2], extent: [3840 km, 5]}\nphysics: {rigid: on, scheme: linear}\n"
             "run: {threads: '4', seed: 9007199254740993}\n");
    CU_ASSERT_EQUAL(pel_params_count(p, "grid.cells"), 2);
    CU_ASSERT_EQUAL(pel_params_int_at(p, "grid.cells", 0), 256);
    CU_ASSERT_EQUAL(pel_params_int_at(p, "grid.cells", 1), 100);
    CU_ASSERT_EQUAL(pel_params_real_at(p, "grid.extent", 0), 3840000);
    CU_ASSERT_EQUAL(pel_params_real_at(p, "grid.extent", 1), 5);
    CU_ASSERT_EQUAL(pel_params_real(p, "physics.depth"), 500);
    CU_ASSERT(pel_params_flag(p, "physics.rigid"));
    CU_ASSERT(pel_params_is(p, "physics.scheme", "linear"));
    CU_ASSERT_STRING_EQUAL(pel_params_text(p, "physics.scheme"), "linear");
    CU_ASSERT(pel_params_is(p, "physics.file", "none"));
    CU_ASSERT(pel_params_is(p, "time.step", "auto"));
    CU_ASSERT_EQUAL(pel_params_int(p, "run.threads"), 4);
    CU_ASSERT_FALSE(pel_params_is(p, "run.threads", "auto"));
    CU_ASSERT_EQUAL(pel_params_int(p, "run.seed"), 9007199254740993);
    CU_ASSERT_FALSE(pel_params_has(p, "physics.drag"));
    CU_ASSERT_EQUAL(pel_params_real(p, "physics.drag"), 0);
    CU_ASSERT_STRING_EQUAL(pel_params_text(p, "title"), "");
    CU_ASSERT_STRING_EQUAL(pel_params_text(p, "app"), "x");
    CU_ASSERT(pel_params_is_given(p, "grid.cells"));
    CU_ASSERT_FALSE(pel_params_is_given(p, "physics.depth"));
    pel_params_free(p);
}

TEST(each_error_stands_at_its_place_with_what_is_allowed)
{
    check_error("physics: {depth: 5 K}",
                "d.yaml:2:18: physics.depth: K cannot be converted to m; it takes a number in m, "
                "greater than 0 m");
    check_error("physics: {depth: deep}", "d.yaml:2:18: physics.depth: \"deep\" does not start with a number");
    check_error("physics: {depth: 5 mm x}", "d.yaml:2:18: physics.depth: \"mm x\" is not a known unit");
    check_error("physics: {depth: 0}", "d.yaml:2:18: physics.depth: \"0\" is out of range");
    check_error("physics: {gravity: 101}",
                "d.yaml:2:20: physics.gravity: \"101\" is out of range; it takes a number in "
                "m s-2, at least 0 m s-2 and at most 100 m s-2");
    check_error("physics: {gravity: -1e-300}", "d.yaml:2:20: ");
    check_error("physics: {gravity: .nan}", "d.yaml:2:20: physics.gravity: \".nan\" does not start with a number");
    check_error("physics: {depth: [1, 2]}", "d.yaml:2:18: physics.depth: this is a list");
    check_error("physics: {depth: {a: 2}}", "d.yaml:2:18: physics.depth: this is a map");
    check_error("physics: {depth: }", "physics.depth: there is no value");
    check_error("physics: {scheme: enstropy}", "d.yaml:2:19: physics.scheme: \"enstropy\" is unknown, did you mean "
                                               "enstrophy?; it takes linear, energy or enstrophy");
    check_error("physics: {rigid: 1}", "d.yaml:2:18: physics.rigid: \"1\" is neither true nor false");
    check_error("run: {threads: 2.5}",
                "d.yaml:2:16: run.threads: \"2.5\" is not a whole number; it takes a whole number, "
                "at least 1, or auto");
    check_error("run: {threads: 0}", "d.yaml:2:16: run.threads: \"0\" is out of range");
    check_error("run: {threads: 4 cores}", "\"cores\" is not a known unit");
    check_error("run: {seed: 1e30}", "d.yaml:2:13: run.seed: \"1e30\" is too large");
    check_error("run: {seed: 99999999999999999999}", "is too large");
    check_error("physics: 5", "d.yaml:2:10: physics holds parameters; it takes a map");
    check_error("output: {snapshots: 5}", "d.yaml:2:21: output.snapshots: entry 0 is a single value and not a map");
    check_error("physics: {file: ''}", "d.yaml:2:17: physics.file: there is no value");
}

TEST(a_wrong_value_is_known_as_such_and_the_default_stands_in_its_place)
{
    pel_params *p = resolve("grid: {cells: [8, 8]}\nphysics: {depth: deep, gravity: 9}\n", NULL, 0);
    CU_ASSERT(pel_params_is_wrong(p, "physics.depth"));
    CU_ASSERT(pel_params_is_given(p, "physics.depth"));
    CU_ASSERT_EQUAL(pel_params_real(p, "physics.depth"), 500);
    CU_ASSERT_FALSE(pel_params_is_wrong(p, "physics.gravity"));
    CU_ASSERT_FALSE(pel_params_is_wrong(p, "physics.scheme"));
    pel_params_free(p);
}

TEST(an_unknown_key_brings_the_nearest_name)
{
    check_error("physics: {dpeth: 5}", "d.yaml:2:11: physics.dpeth is no parameter, did you mean physics.depth?");
    check_error("pysics: {depth: 5}", "d.yaml:2:1: pysics is no parameter, did you mean physics?");
    check_error("depth: 5", "d.yaml:2:1: depth is no parameter, did you mean physics.depth?");
    check_error("zzzzzzzzzzzz: 5",
                "zzzzzzzzzzzz is no parameter; allowed here: app, title, grid, physics, time, output, run");
    check_error("output: {series: {every: 1 day, feilds: [a]}}",
                "d.yaml:2:33: output.series.0.feilds is no parameter, did you mean output.series.0.fields?");
    const char *const sets[] = {"grid.cells=[8, 8]", "physics.dpeth=5"};
    pel_params *p = resolve("app: x\n", sets, 2);
    CHECK_FAILS(pel_params_finish(p), PEL_ERR_DECK,
                "--set physics.dpeth: physics.dpeth is no parameter, did you mean physics.depth?");
    pel_params_free(p);
}

TEST(all_errors_come_together_in_the_order_of_the_deck)
{
    const char *const sets[] = {"time.end=5 kg"};
    pel_params *p =
        resolve("physics:\n  depth: 5 K\n  scheme: foo\nrun: {threads: x}\ngrid: {extent: [a, 2, b]}\n", sets, 1);
    pel_params_error(p, "physics.depth", "physics.depth is below the %s", "ground");
    pel_params_error(p, "physics.gravity", "physics.gravity is odd");
    pel_params_error(p, "time.end", "time.end is late");
    CU_ASSERT_EQUAL(pel_params_finish(p), PEL_ERR_DECK);
    const char *const starts[] = {
        "d.yaml:1:1: physics.gravity is odd",
        "d.yaml:2:3: physics.depth is below the ground",
        "d.yaml:2:10: physics.depth: K",
        "d.yaml:3:11: physics.scheme: \"foo\"",
        "d.yaml:4:16: run.threads: \"x\"",
        "d.yaml:5:1: grid.cells is missing; it takes a list of whole numbers of 1 to 3, at least 4 and at most 1000000",
        "d.yaml:5:17: grid.extent: \"a\"",
        "d.yaml:5:23: grid.extent: \"b\"",
        "--set time.end: time.end: kg",
        "--set time.end: time.end is late"};
    char all[8192], *rest = strcpy(all, pel_failure());
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        const char *line = strsep(&rest, "\n");
        CU_ASSERT_PTR_NOT_NULL_FATAL(line);
        if (strncmp(line, starts[i], strlen(starts[i])) != 0) printf("\n%s\nis not\n%s\n", line, starts[i]);
        CU_ASSERT_EQUAL(strncmp(line, starts[i], strlen(starts[i])), 0);
    }
    CU_ASSERT_PTR_NULL(rest);
    CU_ASSERT_EQUAL(pel_params_real(p, "physics.depth"), 500); /* the default, to go on with */
    CU_ASSERT_EQUAL(pel_params_int_at(p, "grid.cells", 0), 0);
    CU_ASSERT_EQUAL(pel_params_count(p, "grid.cells"), 0);
    pel_params_free(p);
}

TEST(a_hundred_errors_are_counted_where_they_do_not_fit)
{
    pel_params *p = good("grid: {cells: 8}\n");
    for (int i = 0; i < 1000; i++) pel_params_error(p, NULL, "error number %d of very many that will not fit", i);
    CHECK_FAILS(pel_params_finish(p), PEL_ERR_DECK, "more errors");
    pel_params_free(p);
}

TEST(an_error_is_one_line_whatever_the_deck_holds)
{
    check_error("physics: {depth: \"a\\nb\"}", "physics.depth: \"a?b\" does not start with a number");
}

TEST(overrides_with_errors_come_after_the_file)
{
    const char *const sets[] = {"physics.dpeth=5", "physics.depth=five"};
    pel_params *p = resolve("grid: {cells: 8}\nphysics: {gravity: 1 K}\n", sets, 2);
    CU_ASSERT_EQUAL(pel_params_finish(p), PEL_ERR_DECK);
    CU_ASSERT_EQUAL(strncmp(pel_failure(), "d.yaml:2:20: physics.gravity", 28), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "\n--set physics.depth: physics.depth: \"five\""));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), "\n--set physics.dpeth: physics.dpeth is no parameter"));
    pel_params_free(p);
}

TEST(counts_of_lists_are_checked)
{
    pel_params *p = resolve("grid: {cells: [8, 8, 8, 8]}\n", NULL, 0);
    CHECK_FAILS(pel_params_finish(p), PEL_ERR_DECK, "d.yaml:1:15: grid.cells: there are 4 here");
    pel_params_free(p);
    p = resolve("grid: {cells: []}\n", NULL, 0);
    CHECK_FAILS(pel_params_finish(p), PEL_ERR_DECK, "there are 0 here");
    pel_params_free(p);
    p = resolve("grid: {cells: [8, [8]]}\n", NULL, 0);
    CHECK_FAILS(pel_params_finish(p), PEL_ERR_DECK, "d.yaml:1:19: grid.cells: this is a list");
    pel_params_free(p);
}

TEST(durations_follow_the_calendar_of_the_deck)
{
    pel_params *p = good("grid: {cells: 8}\n");
    CU_ASSERT_EQUAL(pel_params_real(p, "time.end"), 365 * 86400.0); /* the default is a duration as well */
    pel_params_free(p);
    p = good("grid: {cells: 8}\ntime: {end: 5 years, calendar: 360_day}\noutput: {snapshots: {every: 1 month}}\n");
    CU_ASSERT_EQUAL(pel_params_real(p, "time.end"), 5 * 360 * 86400.0);
    CU_ASSERT_EQUAL(pel_params_cadence(pel_params_item(p, "output.snapshots", 0), "every").seconds, 30 * 86400.0);
    pel_params_free(p);
    check_error("time: {calendar: 361_day}", "d.yaml:2:18: time.calendar: \"361_day\" is unknown");
}

static pel_cadence cadence(const char *text)
{
    char deck[256];
    snprintf(deck, sizeof deck, "grid: {cells: 8}\noutput: {snapshots: {every: %s}}\n", text);
    pel_params *p = good(deck);
    const pel_cadence found = pel_params_cadence(pel_params_item(p, "output.snapshots", 0), "every");
    pel_params_free(p);
    return found;
}

TEST(a_cadence_is_steps_a_duration_a_wall_time_or_never)
{
    CU_ASSERT(cadence("10 steps").kind == PEL_CADENCE_STEPS && cadence("10 steps").steps == 10);
    CU_ASSERT(cadence("1 step").kind == PEL_CADENCE_STEPS && cadence("1 step").steps == 1);
    CU_ASSERT(cadence("5 days").kind == PEL_CADENCE_TIME && cadence("5 days").seconds == 432000);
    CU_ASSERT(cadence("30 min wall").kind == PEL_CADENCE_WALL && cadence("30 min wall").seconds == 1800);
    CU_ASSERT(cadence("never").kind == PEL_CADENCE_NEVER);
    check_error("output: {snapshots: {every: 10}}",
                "d.yaml:2:29: output.snapshots.0.every: \"10\" does not say of what");
    check_error("output: {snapshots: {every: 0 steps}}", "is no count of steps");
    check_error("output: {snapshots: {every: 1.5 steps}}", "is no count of steps");
    check_error("output: {snapshots: {every: 0 days}}", "is no time greater than 0");
    check_error("output: {snapshots: {every: 5 m}}", "m cannot be converted to s");
    check_error("output: {snapshots: {every: steps}}", "d.yaml:2:29: ");
    check_error("output: {snapshots: {every: 5 wall}}", "does not say of what");
}

static pel_sides sides(const char *text, int count)
{
    char deck[256];
    snprintf(deck, sizeof deck, "grid: {cells: 8, boundary: %s}\n", text);
    pel_params *p = good(deck);
    const pel_sides found = pel_params_sides(p, "grid.boundary");
    CU_ASSERT_EQUAL(pel_params_count(p, "grid.boundary"), count);
    pel_params_free(p);
    return found;
}

TEST(sides_have_a_short_and_a_long_form)
{
    const pel_sides s = sides("[wall, periodic]", 2);
    CU_ASSERT_STRING_EQUAL(s.side[0][0].kind, "wall");
    CU_ASSERT_STRING_EQUAL(s.side[0][1].detail, "free-slip");
    CU_ASSERT_STRING_EQUAL(s.side[1][1].kind, "periodic");
    CU_ASSERT_PTR_NULL(s.side[1][1].detail);
    CU_ASSERT_STRING_EQUAL(s.side[2][0].kind, "wall");
    const pel_sides t =
        sides("{west: {wall: no-slip}, east: wall, south: {value: 20 K}, north: {gradient: 1 K km-1}}", 2);
    CU_ASSERT_STRING_EQUAL(t.side[0][0].detail, "no-slip");
    CU_ASSERT_STRING_EQUAL(t.side[0][1].detail, "free-slip");
    CU_ASSERT_STRING_EQUAL(t.side[1][0].kind, "value");
    CU_ASSERT_EQUAL(t.side[1][0].value, 20);
    CU_ASSERT_STRING_EQUAL(t.side[1][1].kind, "gradient");
    CU_ASSERT_EQUAL(t.side[1][1].value, 0.001);
    CU_ASSERT_STRING_EQUAL(sides("[{value: 3}]", 1).side[0][1].kind, "value");
}

TEST(a_word_alone_stands_for_all_sides)
{
    CU_ASSERT_STRING_EQUAL(sides("wall", 0).side[2][1].kind, "wall");
    CU_ASSERT_STRING_EQUAL(sides("periodic", 0).side[1][0].kind, "periodic");
}

TEST(sides_that_make_no_sense_are_refused)
{
    const struct {
        const char *text, *message;
    } cases[] = {{"{west: periodic}", "west is periodic and east is not"},
                 {"{north: periodic, west: wall}", "north is periodic and south is not"},
                 {"[open]", "\"open\" is not allowed here"},
                 {"[value]", "value needs a number"},
                 {"{west: {wall: slippery}}", "d.yaml:1:42: grid.boundary: a wall is free-slip or no-slip"},
                 {"{wets: wall}", "\"wets\" is no side"},
                 {"{west: {value: 3 m}}", "m cannot be converted to K"},
                 {"{west: {periodic: 3}}", "periodic takes no \"3\""},
                 {"[wall, wall, wall, wall]", "1 to 3 dimensions"},
                 {"open", "\"open\" is not allowed here"},
                 {"{}", "there is no side"},
                 {"[[wall]]", "this is a list"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char deck[256];
        snprintf(deck, sizeof deck, "grid: {cells: 8, boundary: %s}\n", cases[i].text);
        pel_params *p = resolve(deck, NULL, 0);
        CHECK_FAILS(pel_params_finish(p), PEL_ERR_DECK, cases[i].message);
        CU_ASSERT_STRING_EQUAL(pel_params_sides(p, "grid.boundary").side[1][1].kind, "wall");
        pel_params_free(p);
    }
}

TEST(a_list_holds_maps_and_one_map_is_a_list_of_one)
{
    pel_params *p = good("grid: {cells: 8}\noutput:\n  snapshots:\n  - {every: 1 day, fields: [u, v]}\n"
                         "  - {every: 5 steps, fields: eta, box: {low: [1, 2]}}\n  series: {every: 2 steps}\n");
    CU_ASSERT_EQUAL(pel_params_count(p, "output.snapshots"), 2);
    const pel_params *first = pel_params_item(p, "output.snapshots", 0),
                     *second = pel_params_item(p, "output.snapshots", 1);
    CU_ASSERT_STRING_EQUAL(pel_params_text_at(first, "fields", 1), "v");
    CU_ASSERT_EQUAL(pel_params_count(second, "fields"), 1);
    CU_ASSERT_STRING_EQUAL(pel_params_text_at(second, "fields", 0), "eta");
    CU_ASSERT_EQUAL(pel_params_int_at(second, "box.low", 1), 2);
    CU_ASSERT_EQUAL(pel_params_count(p, "output.series"), 1);
    const pel_params *series = pel_params_item(p, "output.series", 0);
    CU_ASSERT_EQUAL(pel_params_cadence(series, "every").steps, 2);
    CU_ASSERT(pel_params_is(series, "fields", "all"));
    CU_ASSERT_EQUAL(pel_params_count(series, "fields"), 0);
    pel_params_error(second, "fields", "output.snapshots.1.fields holds no field of the app");
    CHECK_FAILS(pel_params_finish(p), PEL_ERR_DECK, "d.yaml:5:22: output.snapshots.1.fields holds");
    pel_params_free(p);
    check_error("output: {snapshots: [{every: 1 day}, {fields: u}]}",
                "d.yaml:2:38: output.snapshots.1.every is missing");
}

TEST(an_override_reaches_an_entry_of_a_list)
{
    const char *const sets[] = {"output.snapshots.1.every=7 steps", "output.series.every=3 days", "run={threads: 3}"};
    pel_params *p = resolve("grid: {cells: 8}\noutput: {snapshots: [{every: 1 day}, {every: 2 days}]}\n", sets, 3);
    CHECK_STATUS(pel_params_finish(p));
    CU_ASSERT_EQUAL(pel_params_cadence(pel_params_item(p, "output.snapshots", 1), "every").steps, 7);
    CU_ASSERT_EQUAL(pel_params_cadence(pel_params_item(p, "output.series", 0), "every").seconds, 3 * 86400.0);
    CU_ASSERT_EQUAL(pel_params_int(p, "run.threads"), 3);
    pel_params_free(p);
}

TEST(a_relative_path_starts_from_the_folder_of_the_deck)
{
    char text[512], *here = realpath(test_folder(), NULL);
    FILE *file = fopen(test_path("deck.yaml"), "w");
    fprintf(file, "grid: {cells: 8}\nphysics: {file: ./data/depth.nc}\n");
    fclose(file);
    pel_deck *deck = NULL;
    pel_params *p = NULL;
    CHECK_STATUS(pel_deck_load(test_path("deck.yaml"), NULL, 0, &deck));
    CHECK_STATUS(pel_params_resolve(deck, tables, 1, &p));
    snprintf(text, sizeof text, "%s/data/depth.nc", here);
    CU_ASSERT_STRING_EQUAL(pel_params_text(p, "physics.file"), text);
    pel_params_free(p);
    pel_deck_free(deck);
    free(here);
    p = good("grid: {cells: 8}\nphysics: {file: /a/b.nc}\n");
    CU_ASSERT_STRING_EQUAL(pel_params_text(p, "physics.file"), "/a/b.nc");
    pel_params_free(p);
}

TEST(a_deck_cut_anywhere_never_crashes)
{
    const char whole[] =
        "app: x\ngrid: {cells: [8, 8], boundary: {west: {wall: no-slip}, south: periodic}}\nphysics:\n"
        "  depth: 5 km\n  file: \"a b\"\ntime: {end: 5 years, calendar: 360_day}\noutput:\n  snapshots:\n"
        "  - {every: 30 min wall, fields: [u, v]}\n  - every: 5 steps\n";
    for (size_t length = 0; length < sizeof whole; length++) {
        char *text = strndup(whole, length); /* of its own size, so that reading beyond is noticed */
        pel_deck *deck = NULL;
        pel_params *p = NULL;
        pel_text out = {0};
        if (pel_deck_parse(text, "d.yaml", NULL, 0, &deck) == PEL_OK) {
            CHECK_STATUS(pel_params_resolve(deck, tables, 1, &p));
            pel_params_finish(p);
            pel_params_write(p, &out);
        }
        pel_text_free(&out);
        pel_params_free(p);
        pel_deck_free(deck);
        free(text);
    }
}
