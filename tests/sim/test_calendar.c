/* Dates and times of files. */
#include "sim/calendar.h"
#include "support/test.h"

static double days_between(const char *from, const char *to, const char *calendar)
{
    double a = 0, b = 0;
    CHECK_STATUS(pel_calendar_seconds(from, calendar, &a));
    CHECK_STATUS(pel_calendar_seconds(to, calendar, &b));
    return (b - a) / 86400;
}

TEST(calendars_count_their_own_days)
{
    CU_ASSERT_EQUAL(days_between("2000-02-28", "2000-03-01", "standard"), 2);
    CU_ASSERT_EQUAL(days_between("1900-02-28", "1900-03-01", "standard"), 1);
    CU_ASSERT_EQUAL(days_between("2000-02-28", "2000-03-01", "365_day"), 1);
    CU_ASSERT_EQUAL(days_between("2001-02-28", "2001-03-01", "all_leap"), 2);
    CU_ASSERT_EQUAL(days_between("2001-02-28", "2001-03-01", "360_day"), 3);
    CU_ASSERT_EQUAL(days_between("1970-01-01", "2024-01-01", "standard"), 19723);  /* date -d 2024-01-01 +%s, a day */
    CU_ASSERT_EQUAL(days_between("0000-01-01", "2000-01-01", "standard"), 730485); /* Python: date.toordinal() + 365 */
    CU_ASSERT_EQUAL(days_between("1999-01-01", "2000-01-01", "noleap"), 365);
}

TEST(dates_are_read_in_the_forms_that_files_have)
{
    CU_ASSERT_EQUAL(days_between("2000-01-01", "2000-1-1 12:00", "standard"), 0.5);
    CU_ASSERT_EQUAL(days_between("2000-01-01 00:00:00", "2000-01-02T06:00:00Z", "standard"), 1.25);
    double seconds;
    CHECK_FAILS(pel_calendar_seconds("2001-02-29", "standard", &seconds), PEL_ERR_DECK, "no date");
    CHECK_FAILS(pel_calendar_seconds("soon", "standard", &seconds), PEL_ERR_DECK, "write it like");
}

TEST(times_of_a_file_become_seconds_of_the_run)
{
    double factor = 0, offset = 0;
    CHECK_STATUS(pel_calendar_axis("days since 1999-12-31", "365_day", "2000-01-01 00:00:00", &factor, &offset));
    CU_ASSERT_EQUAL(factor, 86400);
    CU_ASSERT_EQUAL(offset, -86400);
    CHECK_STATUS(pel_calendar_axis("hours", "365_day", "2000-01-01", &factor, &offset));
    CU_ASSERT_EQUAL(factor, 3600);
    CU_ASSERT_EQUAL(offset, 0);
    CHECK_FAILS(pel_calendar_axis("metres since 2000-01-01", "365_day", "2000-01-01", &factor, &offset), PEL_ERR_DECK,
                "metres");
}

TEST(calendars_have_several_names)
{
    CU_ASSERT_TRUE(pel_calendar_is_same("noleap", "365_day"));
    CU_ASSERT_TRUE(pel_calendar_is_same("proleptic_gregorian", "gregorian"));
    CU_ASSERT_FALSE(pel_calendar_is_same("360_day", "365_day"));
}
