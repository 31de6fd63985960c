/* UDUNITS-2 is not thread-safe, so a lock guards it. Its factors are products of rounded numbers (1e-3, 24 x 60 x 60);
 * where a factor or its inverse is a whole number but for rounding, that whole number is used instead. */
#include "deck/units.h"

#include <ctype.h>
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <udunits2.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ut_system *database; /* read once, kept until the program ends */

enum { LONGEST_NUMBER = 400, LARGEST_POWER = 22 /* 10^22 is the largest power of ten that a double holds exactly */ };

typedef struct conversion {
    cv_converter *converter; /* NULL: the units are the same */
    double multiple;         /* whole number to multiply with (or divide by), 0 if the factor is none */
    bool is_divided;
    int power; /* the factor is 10^power; only if multiple is one of its own */
    bool is_power;
} conversion;

/* UDUNITS' cal is the calorie of the steam tables, 4.1868 J; energies a mole are given in the thermochemical one, 4.184
 * J. */
static bool choose_calorie(ut_system *units)
{
    static const char *const names[] = {"calorie", "calories"};
    ut_unit *calorie = ut_parse(units, "thermochemical_calorie", UT_ASCII);
    bool is_done = calorie && ut_unmap_symbol_to_unit(units, "cal", UT_ASCII) == UT_SUCCESS &&
                   ut_map_symbol_to_unit("cal", UT_ASCII, calorie) == UT_SUCCESS;
    for (int i = 0; i < 2 && is_done; i++)
        is_done = ut_unmap_name_to_unit(units, names[i], UT_ASCII) == UT_SUCCESS &&
                  ut_map_name_to_unit(names[i], UT_ASCII, calorie) == UT_SUCCESS;
    ut_free(calorie);
    return is_done;
}

static pel_status load_database(void)
{
    if (database) return PEL_OK;
    ut_set_error_message_handler(ut_ignore);
    database = ut_read_xml(NULL);
    if (database && choose_calorie(database)) return PEL_OK;
    ut_free_system(database);
    database = NULL;
    const char *path = getenv("UDUNITS2_XML_PATH");
    return pel_fail(
        PEL_ERR_FILE,
        "the units database of UDUNITS cannot be read (UDUNITS2_XML_PATH is %s); install libudunits2-data, or set "
        "UDUNITS2_XML_PATH to the path of udunits2.xml",
        path ? path : "not set");
}

static bool has_origin_word(const char *unit)
{
    static const char *const words[] = {"since", "after", "from", "ref", "re", "@"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const size_t length = strlen(words[i]);
        for (const char *at = unit; (at = strcasestr(at, words[i])); at += length)
            if ((at == unit || !isalpha((unsigned char)at[-1])) && !isalpha((unsigned char)at[length])) return true;
    }
    return false;
}

/* UDUNITS also reads "3 m", "m @ 5" and "days since 2000"; here a digit may only be an exponent, so that rubbish behind
 * a number is never taken as another factor. */
static bool is_plain_unit(const char *unit)
{
    if (isdigit((unsigned char)unit[0]) || strchr("+-.*/^", unit[0]) || has_origin_word(unit)) return false;
    for (size_t i = 1; unit[i]; i++) {
        const char before = unit[i - 1];
        const bool is_number = isdigit((unsigned char)unit[i]) || unit[i] == '-' || unit[i] == '+';
        if (is_number && (isspace((unsigned char)before) || strchr("./*(", before))) return false;
        if (strchr(":;,=@\"'", unit[i])) return false;
    }
    return true;
}

static bool is_number_unit(const char *unit)
{
    return !unit || unit[0] == '\0' || strcmp(unit, "1") == 0;
}

static pel_status find_unit(const char *text, ut_unit **unit)
{
    *unit = is_number_unit(text)  ? ut_get_dimensionless_unit_one(database)
            : is_plain_unit(text) ? ut_parse(database, text, UT_UTF8)
                                  : NULL;
    return *unit ? PEL_OK : pel_fail(PEL_ERR_DECK, "\"%.60s\" is not a known unit", text);
}

/* Finds whole numbers and powers of ten among factors. */
static void simplify(conversion *c)
{
    const double zero = cv_convert_double(c->converter, 0), factor = cv_convert_double(c->converter, 1);
    if (zero != 0 || !(factor > 0) || cv_convert_double(c->converter, 2) != 2 * factor)
        return; /* an offset, a logarithm */
    const double up = factor >= 1 ? factor : 1 / factor, whole = nearbyint(up);
    if (whole > 9e15 && log10(whole) > LARGEST_POWER) return;
    const int power = (int)lround(log10(up));
    if (power <= LARGEST_POWER && fabs(up / pow(10, power) - 1) < 1e-14) {
        c->is_power = true;
        c->power = factor >= 1 ? power : -power;
        c->multiple = pow(10, power);
    } else if (whole < 9e15 && fabs(up / whole - 1) < 1e-14) {
        c->multiple = whole;
    }
    c->is_divided = factor < 1;
}

static const char *shown(const char *unit)
{
    return is_number_unit(unit) ? "a plain number" : unit;
}

/* UDUNITS also turns a unit into its reciprocal, 5 Hz into 0.2 s; a deck that does so has confused two things. */
static bool is_reciprocal(const cv_converter *converter)
{
    const double one = cv_convert_double(converter, 1);
    return !isfinite(cv_convert_double(converter, 0)) && fabs(4 * cv_convert_double(converter, 4) - one) < 1e-9 * one;
}

static pel_status open_between(const char *from, const char *to, const ut_unit *a, const ut_unit *b, conversion *c)
{
    if (!ut_are_convertible(a, b) || !(c->converter = ut_get_converter((ut_unit *)a, (ut_unit *)b)) ||
        is_reciprocal(c->converter))
        return pel_fail(PEL_ERR_DECK, "%.60s cannot be converted to %s", shown(from), shown(to));
    simplify(c);
    return PEL_OK;
}

/* Call with the lock held; close_conversion() ends it. */
static pel_status open_conversion(const char *from, const char *to, conversion *c)
{
    *c = (conversion){.multiple = 1, .is_power = true};
    if (strcmp(from ? from : "", to ? to : "") == 0) return PEL_OK;
    *c = (conversion){0};
    PEL_TRY(load_database());
    ut_unit *a = NULL, *b = NULL;
    pel_status status = find_unit(from, &a);
    if (status == PEL_OK) status = find_unit(to, &b);
    if (status == PEL_OK) status = open_between(from, to, a, b, c);
    ut_free(b);
    ut_free(a);
    return status;
}

static void close_conversion(conversion *c)
{
    if (c->converter) cv_free(c->converter);
}

static double converted(const conversion *c, double value)
{
    if (c->multiple == 0) return cv_convert_double(c->converter, value);
    return c->is_divided ? value / c->multiple : value * c->multiple;
}

pel_status pel_units_convert(double value, const char *from, const char *to, double *result)
{
    conversion c;
    pthread_mutex_lock(&lock);
    const pel_status status = open_conversion(from, to, &c);
    if (status == PEL_OK) *result = converted(&c, value);
    close_conversion(&c);
    pthread_mutex_unlock(&lock);
    return status;
}

pel_status pel_units_check(const char *unit)
{
    ut_unit *found = NULL;
    pthread_mutex_lock(&lock);
    pel_status status = load_database();
    if (status == PEL_OK) status = find_unit(unit, &found);
    ut_free(found);
    pthread_mutex_unlock(&lock);
    return status;
}

/* --- a number and its unit --- */

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* Length of the decimal number that the text starts with, 0 if none; *exponent_at is where its exponent starts. Not
 * strtod(), which takes hexadecimals, "inf" and "nan" as well. */
static size_t number_length(const char *text, size_t *exponent_at)
{
    size_t at = text[0] == '+' || text[0] == '-';
    const size_t whole = digits(text + at);
    at += whole;
    const size_t fraction = text[at] == '.' ? digits(text + at + 1) : 0;
    if (text[at] == '.' && whole + fraction > 0) at += 1 + fraction;
    *exponent_at = at;
    if (whole + fraction == 0) return 0;
    if (text[at] == 'e' || text[at] == 'E') {
        const size_t sign = text[at + 1] == '+' || text[at + 1] == '-';
        const size_t power = digits(text + at + 1 + sign);
        if (power > 0) at += 1 + sign + power;
    }
    return at;
}

/* The number in text[0, length) times 10^power, correctly rounded. */
static double shifted(const char *text, size_t length, size_t exponent_at, int power)
{
    char number[LONGEST_NUMBER + 32];
    long exponent = exponent_at < length ? strtol(text + exponent_at + 1, NULL, 10) : 0;
    if (exponent > 99999) exponent = 99999;
    if (exponent < -99999) exponent = -99999;
    snprintf(number, sizeof number, "%.*se%ld", (int)exponent_at, text, exponent + power);
    return strtod(number, NULL);
}

/* Seconds of a year or month in the calendar; 0 for another unit. CF conventions 4.4.1. */
static double calendar_seconds(const char *unit, const char *calendar)
{
    const bool is_year = !strcmp(unit, "year") || !strcmp(unit, "years") || !strcmp(unit, "yr");
    const bool is_month = !strcmp(unit, "month") || !strcmp(unit, "months");
    if (!calendar || !(is_year || is_month)) return 0;
    const double year = 86400 * (strcmp(calendar, "360_day") == 0    ? 360
                                 : strcmp(calendar, "366_day") == 0  ? 366
                                 : strcmp(calendar, "standard") == 0 ? 365.2425
                                                                     : 365);
    return is_year ? year : year / 12;
}

static pel_status read_number(const char *text, size_t length, size_t exponent_at, const char *from, const char *to,
                              const char *calendar, double *value)
{
    const double seconds = to && strcmp(from, to) == 0 ? 0 : calendar_seconds(from, calendar);
    conversion c;
    const pel_status status = open_conversion(seconds > 0 ? "s" : from, to, &c);
    if (status == PEL_OK) {
        if (c.is_power && seconds == 0) *value = shifted(text, length, exponent_at, c.power);
        else *value = converted(&c, shifted(text, length, exponent_at, 0) * (seconds > 0 ? seconds : 1));
    }
    close_conversion(&c);
    return status;
}

pel_status pel_units_parse(const char *text, const char *unit, const char *calendar, double *value)
{
    size_t exponent_at, end = strlen(text);
    while (isspace((unsigned char)*text)) text++, end--;
    while (end > 0 && isspace((unsigned char)text[end - 1])) end--;
    const size_t length = number_length(text, &exponent_at);
    if (length == 0 || length > LONGEST_NUMBER)
        return pel_fail(PEL_ERR_DECK, "\"%.60s\" does not start with a number", text);
    size_t start = length;
    while (start < end && isspace((unsigned char)text[start])) start++;
    char from[128];
    if (end - start >= sizeof from)
        return pel_fail(PEL_ERR_DECK, "\"%.60s...\" is too long to be a unit", text + start);
    memcpy(from, text + start, end - start);
    from[end - start] = '\0';
    double number = 0;
    pthread_mutex_lock(&lock);
    const pel_status status = read_number(text, length, exponent_at,
                                          from[0] ? from
                                          : unit  ? unit
                                                  : "",
                                          unit, calendar, &number);
    pthread_mutex_unlock(&lock);
    PEL_TRY(status);
    if (!isfinite(number)) return pel_fail(PEL_ERR_DECK, "\"%.60s\" is too large for a double", text);
    *value = number;
    return PEL_OK;
}
