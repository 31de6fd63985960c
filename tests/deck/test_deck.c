/* Strict YAML with positions, and overrides. */
#include "deck/deck.h"

#include "support/test.h"

static void check_refused(const char *text, const char *message)
{
    pel_deck *deck = NULL;
    CHECK_FAILS(pel_deck_parse(text, "d.yaml", NULL, 0, &deck), PEL_ERR_DECK, message);
    CU_ASSERT_PTR_NULL(deck);
    pel_deck_free(deck);
}

static pel_deck *parsed(const char *text, const char *set)
{
    pel_deck *deck = NULL;
    CHECK_STATUS(pel_deck_parse(text, "d.yaml", &set, set ? 1 : 0, &deck));
    return deck;
}

static void check_set(const char *text, const char *set, const char *key, const char *value)
{
    pel_deck *deck = parsed(text, set);
    CU_ASSERT_PTR_NOT_NULL_FATAL(pel_deck_scalar(deck, key));
    CU_ASSERT_STRING_EQUAL(pel_deck_scalar(deck, key), value);
    pel_deck_free(deck);
}

static void check_set_refused(const char *text, const char *set, const char *message)
{
    pel_deck *deck = NULL;
    CHECK_FAILS(pel_deck_parse(text, "d.yaml", &set, 1, &deck), PEL_ERR_DECK, message);
}

TEST(scalars_are_found_by_dotted_keys)
{
    pel_deck *deck = parsed("app: heat\ngrid: {cells: [1, 2], size: 5 m}\n", NULL);
    CU_ASSERT_STRING_EQUAL(pel_deck_scalar(deck, "app"), "heat");
    CU_ASSERT_STRING_EQUAL(pel_deck_scalar(deck, "grid.size"), "5 m");
    CU_ASSERT_PTR_NULL(pel_deck_scalar(deck, "grid"));
    CU_ASSERT_PTR_NULL(pel_deck_scalar(deck, "grid.cells"));
    CU_ASSERT_PTR_NULL(pel_deck_scalar(deck, "grid.size.x"));
    CU_ASSERT_PTR_NULL(pel_deck_scalar(deck, "ap"));
    CU_ASSERT_PTR_NULL(pel_deck_scalar(deck, ""));
    CU_ASSERT_STRING_EQUAL(pel_deck_path(deck), "d.yaml");
    pel_deck_free(deck);
}

TEST(what_is_no_deck_is_refused_with_its_position)
{
    check_refused("", "d.yaml:1:1: the deck is empty");
    check_refused("# only a comment\n", "d.yaml:1:1: the deck is empty");
    check_refused("---\n", "d.yaml:1:1: the deck is empty");
    check_refused("- a\n- b\n", "d.yaml:1:1: a deck is a map");
    check_refused("hello\n", "d.yaml:1:1: a deck is a map");
    check_refused("a: 1\nb: [1, 2\nc: 3\n", "d.yaml:3:");
    check_refused("a: 1\n---\nb: 2\n", "d.yaml:2:1: a second document");
    check_refused("a:\n\tb: 1\n", "d.yaml:2:1: ");
    check_refused("a:\n\tb: 1\n", "indent with spaces");
    check_refused("a: 1\nb: \"x\xff\"\n", "d.yaml:2:6: ");
    check_refused("a: 1\nb: \"x\xff\"\n", "UTF-8");
    check_refused("a: \"x\\0y\"\n", "d.yaml:1:4: a text may not contain a zero byte");
    check_refused("a: 'open\n", "d.yaml:2:1: ");
    check_refused("[a]: 1\n", "d.yaml:1:1: a key must be a word");
    check_refused("time.end: 1\n",
                  "d.yaml:1:1: the key \"time.end\" has a dot; write nested maps: \"time: {end: ...}\"");
}

TEST(yaml_that_hides_values_is_refused)
{
    check_refused("a: &x 1\nb: *x\n", "d.yaml:1:4: the anchor &x");
    check_refused("a: &x 1\nb: *x\n", "d.yaml:2:4: the alias *x");
    check_refused("b:\n  <<: {c: 1}\n", "d.yaml:2:3: the merge key");
    check_refused("a: !!str 5\n", "d.yaml:1:4: the tag");
}

TEST(a_key_given_twice_is_refused_and_all_errors_come_together)
{
    check_refused("a: 1\nb: 2\na: 3\n", "d.yaml:3:1: the key \"a\" stands here twice, first in line 1");
    check_refused(
        "g: {c: 1, c: 2}\na: 1\na: 3\n",
        "d.yaml:1:11: the key \"c\" stands here twice, first in line 1; leave one\nd.yaml:3:1: the key \"a\"");
}

TEST(depth_and_size_are_bounded)
{
    char *text = calloc(1 << 21, 1);
    memset(text, '[', 100000);
    check_refused(text, "d.yaml:1:33: this is nested more than 32 deep");
    for (int i = 0; i < 50000; i++) memcpy(text + 4 * i, "{a: ", 4);
    check_refused(text, "nested more than 32 deep");
    char *end = text;
    for (int i = 0; i < 2000; i++) end += sprintf(end, "k%d: 1\n", i);
    check_refused(text, "d.yaml:1001:1: a map of more than 1000 keys");
    memset(text, 'a', 1 << 20);
    FILE *file = fopen(test_path("huge.yaml"), "w");
    fprintf(file, "a: %s\n", text);
    fclose(file);
    pel_deck *deck = NULL;
    CHECK_FAILS(pel_deck_load(test_path("huge.yaml"), NULL, 0, &deck), PEL_ERR_DECK, "larger than 1 MiB");
    free(text);
}

TEST(a_file_that_cannot_be_read_is_an_error_of_the_file)
{
    pel_deck *deck = NULL;
    CHECK_FAILS(pel_deck_load(test_path("absent.yaml"), NULL, 0, &deck), PEL_ERR_FILE, "No such file");
    CHECK_FAILS(pel_deck_load(test_folder(), NULL, 0, &deck), PEL_ERR_FILE, "Is a directory");
}

TEST(an_override_changes_adds_and_reaches_into_lists)
{
    check_set("time: {end: 1 day}\n", "time.end=5 days", "time.end", "5 days");
    check_set("a: 1\n", "time.end=5 days", "time.end", "5 days");
    check_set("time:\n", "time.end=5 days", "time.end", "5 days");
    check_set("time: {end: 1 day}\n", "time={end: 2 days, step: auto}", "time.step", "auto");
    check_set("a: {b: 1}\n", "a=5", "a", "5");
    check_set("s: {every: 1 day}\n", "s.0.every=2 days", "s.every", "2 days");
    check_set("title: x\n", "title=", "title", "");
    check_set("title: x\n", "title=a = b", "title", "a = b");
    pel_deck_free(parsed("s: [{every: 1 day}, {every: 2 days}]\n", "s.1.every=3 days"));
    pel_deck_free(parsed("s: [{every: 1 day}]\n", "s.every=3 days"));
}

TEST(an_override_that_cannot_be_applied_is_refused_at_its_key)
{
    check_set_refused("a: 1\n", "time.end", "--set time.end: write KEY=VALUE");
    check_set_refused("a: 1\n", "=5", "--set : this is no dotted key");
    check_set_refused("a: 1\n", "a..b=5", "--set a..b: this is no dotted key");
    check_set_refused("a: 1\n", "a=[1, 2", "--set a: ");
    check_set_refused("a: 1\n", "a.b=5", "--set a.b: there is no \"b\" below the value \"1\"");
    check_set_refused("s: [{e: 1}, {e: 2}]\n", "s.e=3", "--set s.e: there is no \"e\" in a list of 2");
    check_set_refused("s: [{e: 1}, {e: 2}]\n", "s.2.e=3", "--set s.2.e: there is no \"2\" in a list of 2");
    check_set_refused("a: 1\n", "a=# nothing", "--set a: there is no value behind the =");
    check_set_refused("a: 1\na: 2\n", "b=[",
                      "d.yaml:2:1: the key \"a\" stands here twice, first in line 1; leave one\n");
    check_set_refused("a: 1\na: 2\n", "c", "--set c: write");
}

TEST(a_broken_byte_never_crashes_the_parser)
{
    const char good[] =
        "app: heat\ngrid: {cells: [2, 3], x: \"a\\n\"}\nlist:\n  - {a: 1}\n  - b: 'c'\n# end\nt: |\n  x\n";
    for (size_t i = 0; i < sizeof good - 1; i++) {
        for (const char *byte = "\t[]{}:,&*!|>'\"%@`#-\xff\x80\x01\n"; *byte; byte++) {
            char text[sizeof good];
            memcpy(text, good, sizeof good);
            text[i] = *byte;
            pel_deck *deck = NULL;
            if (pel_deck_parse(text, "d.yaml", NULL, 0, &deck) != PEL_OK) CU_ASSERT(strlen(pel_failure()) > 8);
            pel_deck_free(deck);
        }
    }
}
