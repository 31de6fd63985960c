/* Calendars with years of a fixed length, and the Gregorian one. */
#include "sim/calendar.h"

#include <stdio.h>
#include <string.h>

#include "deck/units.h"

/* One name for each calendar. */
static const char *canonical(const char *calendar)
{
    static const char *const names[][2] = {
        {"noleap", "365_day"}, {"all_leap", "366_day"}, {"gregorian", "standard"}, {"proleptic_gregorian", "standard"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(calendar, names[i][0]) == 0) return names[i][1];
    return calendar;
}

bool pel_calendar_is_same(const char *a, const char *b)
{
    return strcmp(canonical(a), canonical(b)) == 0;
}

static bool is_leap(long year, const char *calendar)
{
    if (strcmp(calendar, "366_day") == 0) return true;
    return strcmp(calendar, "standard") == 0 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0);
}

/* Days in the years before `year` (from 0). */
static long days_before_year(long year, const char *calendar)
{
    if (strcmp(calendar, "366_day") == 0) return 366 * year;
    if (strcmp(calendar, "standard") != 0) return 365 * year;
    return 365 * year + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
}

static int days_in_month(long year, int month, const char *calendar)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (strcmp(calendar, "360_day") == 0) return 30;
    return days[month - 1] + (month == 2 && is_leap(year, calendar));
}

pel_status pel_calendar_seconds(const char *text, const char *calendar, double *seconds)
{
    long year = 0;
    int month = 0, day = 0, hour = 0, minute = 0, length = 0;
    double second = 0;
    calendar = canonical(calendar);
    const int fields =
        sscanf(text, "%ld-%d-%d%n%*[T ]%d:%d:%lf", &year, &month, &day, &length, &hour, &minute, &second);
    if (fields < 3 || year < 0 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month, calendar) ||
        hour < 0 || hour > 23 || minute < 0 || minute > 59 || !(second >= 0 && second <= 60))
        return pel_fail(PEL_ERR_DECK, "\"%s\" is no date of the calendar %s; write it like 2000-01-01 00:00:00", text,
                        calendar);
    long days = strcmp(calendar, "360_day") == 0 ? 360 * year : days_before_year(year, calendar);
    for (int m = 1; m < month; m++) days += days_in_month(year, m, calendar);
    *seconds = (double)(days + day - 1) * 86400 + hour * 3600.0 + minute * 60.0 + second;
    return PEL_OK;
}

pel_status pel_calendar_axis(const char *units, const char *calendar, const char *reference, double *factor,
                             double *offset)
{
    const char *since = strstr(units, " since ");
    char unit[64];
    snprintf(unit, sizeof unit, "%.*s", since ? (int)(since - units) : (int)strlen(units), units);
    PEL_TRY(pel_units_convert(1, unit, "s", factor));
    *offset = 0;
    if (!since) return PEL_OK;
    double origin = 0, start = 0;
    PEL_TRY(pel_calendar_seconds(since + strlen(" since "), calendar, &origin));
    PEL_TRY(pel_calendar_seconds(reference, calendar, &start));
    *offset = origin - start;
    return PEL_OK;
}
