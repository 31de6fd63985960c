/* Units: exact where they can be, and never a wrong guess. */
#include "deck/units.h"

#include "support/test.h"

static double parse(const char *text, const char *unit, const char *calendar)
{
    double value = -1;
    CHECK_STATUS(pel_units_parse(text, unit, calendar, &value));
    return value;
}

TEST(a_power_of_ten_is_read_as_if_written_in_the_unit)
{
    const struct {
        const char *text, *unit;
        double value;
    } cases[] = {
        {"3840 km", "m", 3840000}, {"0.07 km", "m", 70},         {"3 mm", "m", 0.003},  {"0.3 km", "m", 300},
        {"1.1e-3 km", "m", 1.1},   {"7 g cm-3", "kg m-3", 7000}, {"0.1 hPa", "Pa", 10}, {"-.7cm", "m", -0.007},
        {"4.35 km", "m", 4350},    {"2.3 um", "m", 2.3e-6},      {"5. m", "km", 0.005}, {"12 %", "", 0.12},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CU_ASSERT_EQUAL(parse(cases[i].text, cases[i].unit, NULL), cases[i].value);
}

TEST(a_value_in_its_own_unit_is_not_converted)
{
    CU_ASSERT_EQUAL(parse("0.1 m", "m", NULL), 0.1);
    CU_ASSERT_EQUAL(parse("0.1", "m s-2", NULL), 0.1);
    CU_ASSERT_EQUAL(parse("7e-5 s-1", "s-1", NULL), 7e-5);
    CU_ASSERT_EQUAL(parse("1.7976931348623157e308 K", "K", NULL), 1.7976931348623157e308);
}

TEST(times_are_what_people_mean)
{
    CU_ASSERT_EQUAL(parse("10 min", "s", NULL), 600);
    CU_ASSERT_EQUAL(parse("5 days", "s", NULL), 432000);
    CU_ASSERT_EQUAL(parse("1 day", "s", NULL), 86400);
    CU_ASSERT_EQUAL(parse("1 hour", "s", NULL), 3600);
    CU_ASSERT_EQUAL(parse("2 hours", "s", NULL), 7200);
    CU_ASSERT_EQUAL(parse("0.5 h", "s", NULL), 1800);
    CU_ASSERT_EQUAL(parse("100 ms", "s", NULL), 0.1);
}

TEST(years_and_months_follow_the_calendar)
{
    CU_ASSERT_EQUAL(parse("1 year", "s", "365_day"), 365 * 86400.0);
    CU_ASSERT_EQUAL(parse("5 years", "s", "360_day"), 5 * 360 * 86400.0);
    CU_ASSERT_EQUAL(parse("1 year", "s", "366_day"), 366 * 86400.0);
    CU_ASSERT_EQUAL(parse("1 year", "s", "standard"), 365.2425 * 86400);
    CU_ASSERT_EQUAL(parse("3 months", "s", "360_day"), 90 * 86400.0);
    CU_ASSERT_EQUAL(parse("12 months", "s", "365_day"), 365 * 86400.0);
    CU_ASSERT_EQUAL(parse("2 years", "days", "360_day"), 720);
    CU_ASSERT_EQUAL(parse("2 years", "years", "360_day"), 2);
    CU_ASSERT_DOUBLE_EQUAL(parse("1 year", "s", NULL), 31556925.9747, 1e-3); /* UDUNITS: the tropical year 1900 */
}

TEST(a_temperature_keeps_its_origin)
{
    CU_ASSERT_DOUBLE_EQUAL(parse("20 degC", "K", NULL), 293.15, 1e-10);
    CU_ASSERT_EQUAL(parse("300 K", "K", NULL), 300);
}

TEST(what_is_no_number_with_a_unit_is_refused)
{
    double value = 7;
    const char *const bad[] = {"",        "m",          "abc",   "nan",     "inf",
                               "-inf m",  "infinity",   "0x10",  "1,5 m",   "5 m 3",
                               "5 3",     "--5",        "1.2.3", "5 m @ 3", "5 s since 2000-01-01",
                               "1e999",   "1e999 km",   "5 5 m", "5 m*3",   "1_000 m",
                               "5 m; rm", "5 furlongz", "."};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const pel_status status = pel_units_parse(bad[i], "m", "365_day", &value);
        if (status != PEL_ERR_DECK) printf("\n\"%s\" was taken as %g m\n", bad[i], value);
        CU_ASSERT_EQUAL(status, PEL_ERR_DECK);
    }
    CU_ASSERT_EQUAL(value, 7);
}

TEST(units_that_measure_different_things_do_not_convert)
{
    double value = 7;
    CHECK_FAILS(pel_units_parse("5 K", "m", NULL, &value), PEL_ERR_DECK, "K cannot be converted to m");
    CHECK_FAILS(pel_units_parse("5 m", "", NULL, &value), PEL_ERR_DECK, "m cannot be converted to a plain number");
    CHECK_FAILS(pel_units_parse("5 Hz", "s", NULL, &value), PEL_ERR_DECK, "Hz cannot be converted to s");
    CHECK_FAILS(pel_units_parse("5 s", "s-1", NULL, &value), PEL_ERR_DECK, "s cannot be converted to s-1");
    CHECK_FAILS(pel_units_parse("5 m", "radian", NULL, &value), PEL_ERR_DECK, "cannot be converted");
    CHECK_FAILS(pel_units_parse("5 years", "m", "365_day", &value), PEL_ERR_DECK, "cannot be converted");
    CHECK_FAILS(pel_units_parse("5 blah", "m", NULL, &value), PEL_ERR_DECK, "\"blah\" is not a known unit");
    CHECK_FAILS(pel_units_convert(1, "m", "s", &value), PEL_ERR_DECK, "m cannot be converted to s");
    CU_ASSERT_EQUAL(value, 7);
}

TEST(values_convert_by_whole_factors)
{
    double value;
    CHECK_STATUS(pel_units_convert(3840, "km", "m", &value));
    CU_ASSERT_EQUAL(value, 3840000);
    CHECK_STATUS(pel_units_convert(86400, "s", "day", &value));
    CU_ASSERT_EQUAL(value, 1);
    CHECK_STATUS(pel_units_convert(3, "mm", "m", &value));
    CU_ASSERT_EQUAL(value, 0.003);
    CHECK_STATUS(pel_units_convert(0.1, NULL, "", &value));
    CU_ASSERT_EQUAL(value, 0.1);
    CHECK_STATUS(pel_units_check("m2 s-1"));
    CU_ASSERT_EQUAL(pel_units_check("m2 x-1"), PEL_ERR_DECK);
}

TEST(a_calorie_is_the_thermochemical_one)
{
    double value;
    CHECK_STATUS(pel_units_parse("1 kcal mol-1", "kJ mol-1", NULL, &value));
    CU_ASSERT_DOUBLE_EQUAL(value, 4.184, 1e-14);
    CHECK_STATUS(pel_units_parse("2.092 J", "calories", NULL, &value));
    CU_ASSERT_DOUBLE_EQUAL(value, 0.5, 1e-15);
    CHECK_STATUS(pel_units_parse("1 IT_calorie", "J", NULL, &value));
    CU_ASSERT_DOUBLE_EQUAL(value, 4.1868, 1e-14);
}
