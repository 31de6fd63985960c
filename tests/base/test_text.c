/* Text helpers. */
#include "base/text.h"

#include "support/test.h"

TEST(the_nearest_name_forgives_a_slip)
{
    const char *const names[] = {"depth", "gravity", "viscosity"};
    CU_ASSERT_STRING_EQUAL(pel_text_nearest("dpeth", names, 3), "depth");
    CU_ASSERT_STRING_EQUAL(pel_text_nearest("Gravty", names, 3), "gravity");
    CU_ASSERT_PTR_NULL(pel_text_nearest("temperature", names, 3));
}

TEST(a_number_reads_back_as_the_same_bits)
{
    char text[32];
    const double values[] = {0.1, 1.0 / 3, 1e300, -5e-324, 500, 0};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        CU_ASSERT_EQUAL(strtod(pel_text_number(values[i], text), NULL), values[i]);
    CU_ASSERT_STRING_EQUAL(pel_text_number(0.1, text), "0.1");
    CU_ASSERT_STRING_EQUAL(pel_text_number(500, text), "500");
    CU_ASSERT_STRING_EQUAL(pel_text_number(1e20, text), "1e+20");
}

TEST(text_grows_as_needed)
{
    pel_text text = {0};
    for (int i = 0; i < 1000; i++) pel_text_add(&text, "%d,", i % 10);
    CU_ASSERT_EQUAL(text.length, 2000);
    CU_ASSERT_FALSE(text.lost);
    pel_text_free(&text);
    CU_ASSERT_STRING_EQUAL(pel_text_get(&text), "");
}

TEST(durations_read_as_people_say_them)
{
    char text[32];
    CU_ASSERT_STRING_EQUAL(pel_text_duration(4.2, text), "4.2 s");
    CU_ASSERT_STRING_EQUAL(pel_text_duration(200, text), "3 min 20 s");
    CU_ASSERT_STRING_EQUAL(pel_text_duration(7500, text), "2 h 05 min");
    CU_ASSERT_STRING_EQUAL(pel_text_si(1.25e9, text), "1.25 G");
}

TEST(a_string_of_json_is_escaped)
{
    pel_text text = {0};
    pel_text_add_json(&text, "a\tb \"c\" \\ \x01");
    pel_text_add_json(&text, "");
    CU_ASSERT_STRING_EQUAL(pel_text_get(&text), "\"a\\u0009b \\\"c\\\" \\\\ \\u0001\"\"\"");
    pel_text_free(&text);
}

static void check_json(const char *string, const char *expected)
{
    pel_text text = {0};
    pel_text_add_json(&text, string);
    CU_ASSERT_STRING_EQUAL(pel_text_get(&text), expected);
    pel_text_free(&text);
}

TEST(a_string_of_json_keeps_utf_8_and_replaces_other_bytes)
{
    check_json("\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8C\x8A", "\"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x8C\x8A\"");
    check_json("pl\xE9.yaml", "\"pl\\ufffd.yaml\"");                    /* Latin-1 */
    check_json("\xC3", "\"\\ufffd\"");                                  /* cut short */
    check_json("\xC0\xAF", "\"\\ufffd\\ufffd\"");                       /* longer than it need be */
    check_json("\xED\xA0\x80", "\"\\ufffd\\ufffd\\ufffd\"");            /* half of a pair of UTF-16 */
    check_json("\xF4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\""); /* beyond U+10FFFF */
}
