/*
 * Tabulated pair potentials: between two knots the energy is the cubic that has the table's energies and forces at
 * both (Hermite), in the variable in which the knots are evenly spaced, s = r or s = r^2. The force is its derivative,
 * so that energy is conserved as well as the integrator can, and both are continuous.
 *
 * With p = 0 to 1 across an interval of width w: u = ((c3 p + c2) p + c1) p + c0 and du/dp = w du/ds.
 */
#include "particles/table_pair.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "particles/words.h"

struct pel_table_pair {
    long intervals;
    bool is_square;
    double first, last;       /* s of the outer knots */
    double per_width, last_r; /* intervals a unit of s */
    double coefficient[];     /* [intervals][4]: c0 to c3 */
};

size_t pel_table_pair_size(const pel_table_pair *table)
{
    return sizeof *table + (size_t)table->intervals * 4 * sizeof table->coefficient[0];
}

double pel_table_pair_last(const pel_table_pair *table)
{
    return table->last_r;
}

/* Where s lies, in intervals from the first knot; outside the table the nearest end. */
static inline double place(const pel_table_pair *table, double s)
{
    const double x = (s - table->first) * table->per_width, most = (double)table->intervals;
    const double up = x > 0 ? x : 0;
    return up < most ? up : most;
}

/* The number of the interval of a place. */
static inline double interval_of(const pel_table_pair *table, double place)
{
    const double last = (double)(table->intervals - 1), down = floor(place);
    return down < last ? down : last;
}

/* What lies below the table is infinite, beyond it zero. */
static inline double within(const pel_table_pair *table, double s, double value)
{
    value = s > table->last ? 0 : value;
    return s < table->first ? HUGE_VAL : value;
}

static void compute_force(const pel_table_pair *table, int n, const double *restrict r2, double *restrict force_over_r)
{
    const pel_table_pair head = *table; /* without the coefficients: what the loop needs in registers */
    const double *restrict coefficient = table->coefficient;
    const bool is_square = head.is_square;
    for (int i = 0; i < n; i++) {
        const double r = sqrt(r2[i]), s = is_square ? r2[i] : r, ds_dr_over_r = is_square ? 2 : 1 / r;
        const double x = place(&head, s), interval = interval_of(&head, x), p = x - interval;
        const double *c = &coefficient[4 * (int)interval];
        const double slope = ((3 * c[3] * p + 2 * c[2]) * p + c[1]) * head.per_width;
        force_over_r[i] = within(&head, s, -slope * ds_dr_over_r);
    }
}

static void compute_energy(const pel_table_pair *table, int n, const double *restrict r2, double *restrict energy)
{
    const pel_table_pair head = *table; /* without the coefficients: what the loop needs in registers */
    const double *restrict coefficient = table->coefficient;
    const bool is_square = head.is_square;
    for (int i = 0; i < n; i++) {
        const double s = is_square ? r2[i] : sqrt(r2[i]);
        const double x = place(&head, s), interval = interval_of(&head, x), p = x - interval;
        const double *c = &coefficient[4 * (int)interval];
        energy[i] = within(&head, s, ((c[3] * p + c[2]) * p + c[1]) * p + c[0]);
    }
}

static void compute(const void *coefficients, int n, const double *restrict r2, double *restrict force_over_r,
                    double *restrict energy)
{
    compute_force(coefficients, n, r2, force_over_r);
    if (energy) compute_energy(coefficients, n, r2, energy);
}

const pel_pair_kind pel_table_pair_kind = {.name = "table", .flops = 12, .is_costly = true, .compute = compute};

/* ---- making ---- */

/* du/ds of knot i, from f = -du/dr: du/dr = du/ds for s = r, and 2 r du/ds for s = r^2. */
static double slope_at(const pel_table_pair_knots *knots, double s, long i)
{
    return knots->is_square ? -knots->force[i] / (2 * sqrt(s)) : -knots->force[i];
}

static void fill(pel_table_pair *table, const pel_table_pair_knots *knots)
{
    const double width = (table->last - table->first) / (double)table->intervals;
    for (long i = 0; i < table->intervals; i++) {
        const double s = table->first + width * (double)i, u0 = knots->energy[i], u1 = knots->energy[i + 1];
        const double d0 = width * slope_at(knots, s, i), d1 = width * slope_at(knots, s + width, i + 1);
        double *c = &table->coefficient[4 * i];
        c[0] = u0;
        c[1] = d0;
        c[2] = 3 * (u1 - u0) - 2 * d0 - d1;
        c[3] = 2 * (u0 - u1) + d0 + d1;
    }
}

pel_status pel_table_pair_create(const pel_table_pair_knots *knots, pel_table_pair **table)
{
    if (knots->count < 2) return pel_fail(PEL_ERR_ARGUMENT, "a pair table of %ld knots; give at least 2", knots->count);
    if (!(knots->first > 0 && knots->last > knots->first))
        return pel_fail(PEL_ERR_ARGUMENT, "a pair table from r = %g to %g; they must be > 0 and rise", knots->first,
                        knots->last);
    const size_t bytes = sizeof **table + (size_t)(knots->count - 1) * 4 * sizeof(*table)->coefficient[0];
    pel_table_pair *fresh = NULL;
    PEL_TRY(pel_memory_new(1, bytes, &fresh));
    const bool square = knots->is_square;
    fresh->intervals = knots->count - 1;
    fresh->is_square = square;
    fresh->first = square ? knots->first * knots->first : knots->first;
    fresh->last = square ? knots->last * knots->last : knots->last;
    fresh->last_r = knots->last;
    fresh->per_width = (double)fresh->intervals / (fresh->last - fresh->first);
    fill(fresh, knots);
    *table = fresh;
    return PEL_OK;
}

/* ---- reading ---- */

/* One section of a file while it is read; r, energy, force in one piece of memory. */
typedef struct table_section {
    long count;
    bool has_range, is_square;
    double first, last;
    double *r, *energy, *force;
} table_section;

/* The sections' names begin a line and are followed by a line that begins with N. */
static pel_status find_section(pel_words *words, const char *keyword)
{
    while (pel_words_line(words)) {
        pel_words_cut(words, '#');
        const char *name = pel_words_here(words);
        if (name && (!keyword || strcmp(name, keyword) == 0)) return PEL_OK;
    }
    if (!keyword) return pel_fail(PEL_ERR_CORRUPT, "%s: there is no section; is it a table of LAMMPS?", words->path);
    return pel_fail(PEL_ERR_NAME, "%s: there is no section \"%s\"", words->path, keyword);
}

static pel_status read_parameters(pel_words *words, table_section *section)
{
    const char *word = pel_words_anywhere(words);
    if (!word || strcmp(word, "N") != 0)
        return pel_words_fail(words, "a section's second line should begin with N, not \"%s\"", word ? word : "");
    PEL_TRY(pel_words_count_here(words, "N", &section->count));
    if (section->count < 2) return pel_words_fail(words, "N is %ld; a table needs at least 2 lines", section->count);
    while ((word = pel_words_here(words))) {
        section->is_square = strcmp(word, "RSQ") == 0;
        section->has_range = section->is_square || strcmp(word, "R") == 0;
        if (strcmp(word, "FPRIME") != 0 && !section->has_range)
            return pel_words_fail(words, "\"%s\" is not known here; R, RSQ and FPRIME are", word);
        double range[2];
        PEL_TRY(pel_words_number_here(words, word, &range[0]));
        PEL_TRY(pel_words_number_here(words, word, &range[1]));
        if (!section->has_range) continue; /* FPRIME: slopes of the force, which the cubics need not */
        section->first = range[0];
        section->last = range[1];
    }
    return PEL_OK;
}

static pel_status read_lines(pel_words *words, table_section *section)
{
    PEL_TRY(pel_memory_new((size_t)section->count, 3 * sizeof(double), &section->r));
    section->energy = section->r + section->count;
    section->force = section->energy + section->count;
    for (long i = 0; i < section->count; i++) {
        double row[4];
        PEL_TRY(pel_words_numbers(words, "a table's line (index, r, energy, force)", 4, row));
        if (row[0] != (double)(i + 1))
            return pel_words_fail(words, "line %ld of the table has index %g", i + 1, row[0]);
        section->r[i] = row[1];
        section->energy[i] = row[2];
        section->force[i] = row[3];
    }
    return PEL_OK;
}

/* Whether the r of the lines are evenly spaced in r (or r^2), to what 5 printed digits can tell. */
static bool is_even(const table_section *section, bool is_square)
{
    const long n = section->count;
    const double power = is_square ? 2 : 1, lo = pow(section->r[0], power), hi = pow(section->r[n - 1], power);
    for (long i = 0; i < n; i++) {
        const double even = lo + (hi - lo) * (double)i / (double)(n - 1);
        if (fabs(pow(section->r[i], power) - even) > 1e-5 * hi) return false;
    }
    return true;
}

/* Where the parameters say the range, r of the lines repeats it, perhaps with few digits. */
static pel_status check_range(const pel_words *words, const table_section *section)
{
    const double power = section->is_square ? 2 : 1, lo = pow(section->first, power), hi = pow(section->last, power);
    for (long i = 0; i < section->count; i++) {
        const double s = lo + (hi - lo) * (double)i / (double)(section->count - 1), r = pow(s, 1 / power);
        if (!(fabs(section->r[i] - r) <= 1e-2 * section->last))
            return pel_words_fail(words, "line %ld of the table is of r = %g, where %s %g %g says %g; correct one",
                                  i + 1, section->r[i], section->is_square ? "RSQ" : "R", section->first, section->last,
                                  r);
    }
    return PEL_OK;
}

static pel_status settle_range(const pel_words *words, table_section *section)
{
    const bool may_be = section->first > 0 && section->last > section->first; /* else creating the table fails */
    if (section->has_range) return may_be ? check_range(words, section) : PEL_OK;
    section->is_square = !is_even(section, false);
    if (section->is_square && !is_even(section, true))
        return pel_words_fail(words, "the r of the table are evenly spaced neither in r nor in r^2; resample them");
    section->first = section->r[0];
    section->last = section->r[section->count - 1];
    return PEL_OK;
}

static pel_status read_section(pel_words *words, const char *keyword, table_section *section)
{
    PEL_TRY(find_section(words, keyword));
    PEL_TRY(read_parameters(words, section));
    PEL_TRY(read_lines(words, section));
    return settle_range(words, section);
}

pel_status pel_table_pair_read(const char *path, const char *keyword, pel_table_pair **table)
{
    pel_words words;
    PEL_TRY(pel_words_open(path, &words));
    table_section section = {0};
    pel_status status = read_section(&words, keyword, &section);
    if (status == PEL_OK) {
        const pel_table_pair_knots knots = {.count = section.count,
                                            .is_square = section.is_square,
                                            .first = section.first,
                                            .last = section.last,
                                            .energy = section.energy,
                                            .force = section.force};
        status = pel_table_pair_create(&knots, table);
        if (status == PEL_ERR_ARGUMENT) pel_fail_within(status, "%s: ", path);
    }
    free(section.r);
    pel_words_close(&words);
    return status;
}
