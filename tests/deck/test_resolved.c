/* The resolved deck, the hash of what is fixed, the differences of two decks, the reference. */
#include "deck/params.h"

#include "base/random.h"
#include "support/test.h"

static const pel_param stream[] = {
    {.name = "every", .type = PEL_PARAM_CADENCE, .initial = "1 day", .is_free = true, .help = "How often."},
    {.name = "mask", .type = PEL_PARAM_PATH, .initial = ""},
    {.name = "fields", .type = PEL_PARAM_TEXTS, .initial = "[]"},
    {.name = NULL},
};
static const pel_param first[] = {
    {.name = "title", .type = PEL_PARAM_TEXT, .initial = "", .is_free = true, .help = "Title of the run."},
    {.name = "time.end", .type = PEL_PARAM_REAL, .unit = "s", .initial = "5 days", .is_free = true, .help = "End."},
    {.name = "output.snapshots", .type = PEL_PARAM_LIST, .initial = "[]", .items = stream, .help = "Streams."},
    {.name = "run.threads", .type = PEL_PARAM_INT, .initial = "auto", .choices = "auto", .is_free = true},
    {.name = NULL},
};
static const pel_param second[] = {
    {.name = "physics.depth",
     .type = PEL_PARAM_REAL,
     .unit = "m",
     .initial = "500 m",
     .is_exclusive = true,
     .help = "Depth at rest."},
    {.name = "physics.noise", .type = PEL_PARAM_REALS, .unit = "m s-1", .initial = "0.1"},
    {.name = "time.scheme", .type = PEL_PARAM_CHOICE, .initial = "rk3", .choices = "rk3|ab3", .help = "Scheme."},
    {.name = "grid.boundary",
     .type = PEL_PARAM_SIDES,
     .initial = "[wall]",
     .choices = "periodic|wall|value|gradient",
     .unit = "K"},
    {.name = "physics.file", .type = PEL_PARAM_PATH, .initial = ""},
    {.name = "physics.rigid", .type = PEL_PARAM_FLAG, .initial = "no"},
    {.name = "title", .type = PEL_PARAM_INT},
    {.name = NULL},
};
static const pel_param *const tables[] = {first, second};

static pel_params *resolve(const char *text, const char *set)
{
    pel_deck *deck = NULL;
    pel_params *params = NULL;
    CHECK_STATUS(pel_deck_parse(text, "d.yaml", &set, set ? 1 : 0, &deck));
    CHECK_STATUS(pel_params_resolve(deck, tables, 2, &params));
    CHECK_STATUS(pel_params_finish(params));
    pel_deck_free(deck);
    return params;
}

static char *written(const pel_params *params)
{
    pel_text text = {0};
    pel_params_write(params, &text);
    CU_ASSERT_FALSE(text.lost);
    return text.bytes;
}

TEST(the_resolved_deck_names_every_value_with_its_unit_and_origin)
{
    pel_params *p = resolve("app: heat\ntitle: 'Two: \"words\"'\ntime: {end: 1 hour}\nphysics: {depth: 4 km}\n"
                            "output: {snapshots: {fields: [u, v]}}\n",
                            "physics.rigid=yes");
    char *text = written(p);
    const char *const expected = "app: heat                                               # d.yaml:1\n"
                                 "title: \"Two: \\\"words\\\"\"                                 # d.yaml:2\n"
                                 "time:\n"
                                 "  end: 3600 s                                           # d.yaml:3\n"
                                 "  scheme: rk3                                           # default\n"
                                 "output:\n"
                                 "  snapshots:                                            # d.yaml:5\n"
                                 "    - every: 86400 s                                    # default\n"
                                 "      # mask: (none)                                    # optional, not given\n"
                                 "      fields: [u, v]                                    # d.yaml:5\n"
                                 "run:\n"
                                 "  threads: auto                                         # default\n"
                                 "physics:\n"
                                 "  depth: 4000 m                                         # d.yaml:4\n"
                                 "  noise: [0.1 m s-1]                                    # default\n"
                                 "  # file: (none)                                        # optional, not given\n"
                                 "  rigid: true                                           # --set physics.rigid\n"
                                 "grid:\n"
                                 "  boundary: {west: {wall: free-slip}, east: {wall: free-slip}} # default\n";
    CU_ASSERT_STRING_EQUAL(text, expected);
    if (strcmp(text, expected) != 0) printf("\n%s", text);
    free(text);
    pel_params_free(p);
}

/* Reads what was written and compares every value; returns the text that the copy writes. */
static char *check_round_trip(const pel_params *params)
{
    char *text = written(params);
    pel_params *copy = resolve(text, NULL);
    pel_text list = {0};
    CU_ASSERT_EQUAL(pel_params_differences(params, copy, false, &list), 0);
    CU_ASSERT_STRING_EQUAL(pel_text_get(&list), "");
    CU_ASSERT_EQUAL(pel_params_fixed_hash(params), pel_params_fixed_hash(copy));
    char *again = written(copy);
    pel_text_free(&list);
    pel_params_free(copy);
    free(text);
    return again;
}

TEST(a_resolved_deck_read_again_gives_the_same_bits)
{
    for (uint64_t i = 0; i < 300; i++) {
        const uint64_t bits = pel_random_bits((pel_random_key){.seed = 1, .id = i}) & 0x7fcfffffffffffff; /* finite */
        double depth;
        memcpy(&depth, &bits, sizeof depth);
        const double end = pel_random_uniform((pel_random_key){.seed = 2, .id = i});
        char text[512];
        snprintf(text, sizeof text,
                 "title: '# %d'\nphysics: {depth: %.17g, noise: [%.17g, -0.0], file: \"a \\\"b\\n\\u00e9\"}\n"
                 "time: {end: %.17g years}\ngrid: {boundary: {north: {value: %.17g}, south: {gradient: %.17g}}}\n"
                 "output: {snapshots: [{every: %.17g min wall, mask: x}, {fields: ['yes', '3']}, {}]}\n",
                 (int)i, depth, end, end, end / 3, end / 7, end + 0.1);
        pel_params *p = resolve(text, NULL);
        CU_ASSERT_EQUAL(pel_params_real(p, "physics.depth"), depth);
        char *once = check_round_trip(p);
        pel_params *q = resolve(once, NULL);
        CU_ASSERT_EQUAL(pel_params_real(q, "physics.depth"), depth);
        CU_ASSERT_EQUAL(pel_params_real(q, "time.end"), pel_params_real(p, "time.end"));
        CU_ASSERT_EQUAL(pel_params_real_at(q, "physics.noise", 0), end);
        char *twice = check_round_trip(q);
        CU_ASSERT_STRING_EQUAL(once, twice); /* writing is idempotent, comments included */
        pel_params_free(q);
        pel_params_free(p);
        free(twice);
        free(once);
    }
}

static uint64_t hash_of(const char *text)
{
    pel_params *p = resolve(text, NULL);
    const uint64_t hash = pel_params_fixed_hash(p);
    pel_params_free(p);
    return hash;
}

TEST(the_fixed_hash_sees_what_is_fixed_and_nothing_else)
{
    const uint64_t hash = hash_of("app: heat\noutput: {snapshots: {fields: u}}\n");
    CU_ASSERT_EQUAL(hash,
                    hash_of("app: heat\ntitle: x\ntime: {end: 7 s}\noutput: {snapshots: {every: 2 s, fields: u}}\n"));
    CU_ASSERT_EQUAL(hash, hash_of("app: heat\nphysics: {depth: 0.5 km}\noutput: {snapshots: [{fields: [u]}]}\n"));
    CU_ASSERT_NOT_EQUAL(hash, hash_of("app: heat\nphysics: {depth: 501}\noutput: {snapshots: {fields: u}}\n"));
    CU_ASSERT_NOT_EQUAL(hash, hash_of("app: heat\noutput: {snapshots: {fields: v}}\n"));
    CU_ASSERT_NOT_EQUAL(hash, hash_of("app: cold\noutput: {snapshots: {fields: u}}\n"));
}

TEST(differences_are_listed_with_both_values)
{
    pel_params *a = resolve("app: heat\ntitle: x\noutput: {snapshots: [{fields: u, every: 1 s}]}\n", NULL);
    pel_params *b = resolve("app: heat\nphysics: {depth: 400}\noutput: {snapshots: [{fields: v}]}\n", NULL);
    pel_text fixed = {0}, all = {0};
    CU_ASSERT_EQUAL(pel_params_differences(a, b, true, &fixed), 2);
    CU_ASSERT_STRING_EQUAL(pel_text_get(&fixed), "output.snapshots.0.fields: [u] here, [v] there\n"
                                                 "physics.depth: 500 m here, 400 m there\n");
    CU_ASSERT_EQUAL(pel_params_differences(a, b, false, &all), 4);
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&all), "title: x here, (none) there\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&all), "output.snapshots.0.every: 1 s here, 86400 s there\n"));
    pel_text_free(&all);
    pel_text_free(&fixed);
    pel_params_free(b);
    pel_params_free(a);
}

TEST(the_reference_tells_what_each_parameter_takes)
{
    pel_text text = {0};
    pel_params_document(tables, 2, &text);
    const char *const parts[] = {
        "physics.depth = 500 m\n    Depth at rest.\n    takes a number in m, greater than 0 m; fixed "
        "on resume\n",
        "time.scheme = rk3\n    Scheme.\n    takes rk3 or ab3; fixed on resume\n",
        "title optional\n    Title of the run.\n    takes a text; free to change on resume\n",
        "    each entry:\n        every = 1 day\n            How often.\n"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&text), parts[i]));
    CU_ASSERT_PTR_NULL(strstr(pel_text_get(&text), "title required")); /* hidden by the first table's */
    pel_text_free(&text);
}
