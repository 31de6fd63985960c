/* Data files of LAMMPS (its manual, "read_data" and "write_data").
 *
 *     a title                                  the first line says nothing
 *
 *     2 atoms                                  header: numbers, then what they are; in any order
 *     1 atom types
 *     0 10 xlo xhi
 *     ...
 *
 *     Atoms # atomic                           sections: a name, an empty line, one line an entry
 *
 *     1 1 0.5 0.5 0.5 0 0 -1                   id, type, x, y, z, and perhaps how often the box was crossed
 *
 * A `#` begins a comment; behind "Atoms" it says what the columns are. The header ends at the first line that begins
 * with a letter. */
#include "particles/data_file.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/publish.h"
#include "particles/words.h"

/* How many columns there are before the images, and where in them (from 0) the type and x stand. */
typedef struct atom_style {
    const char *name;
    int columns, type, x;
} atom_style;

static const atom_style styles[] = {
    {"atomic", 5, 1, 2}, {"charge", 6, 1, 3}, {"molecular", 6, 2, 3}, {"bond", 6, 2, 3},
    {"angle", 6, 2, 3},  {"full", 7, 2, 4},   {"sphere", 7, 1, 4},
};

/* A comment behind the sides of the box that gives its length where hi - lo has rounded to another double. */
static const char length_mark[] = "# length";

enum { STYLES = sizeof styles / sizeof *styles, MOST_COLUMNS = 10, MOST_TYPES = 100000 };

typedef struct data_reader {
    pel_words words;
    const atom_style *style; /* NULL: as the file says */
    pel_configuration *to;
    long atoms; /* that the header announces; -1: none yet */
    bool has_bounds[3], has_atoms;
    double length; /* that the comment of the present line gives; 0: none */
} data_reader;

/* ---- words ---- */

static const atom_style *find_style(const char *name)
{
    for (int s = 0; s < STYLES; s++)
        if (strcmp(styles[s].name, name) == 0) return &styles[s];
    return NULL;
}

/* The words of the present line, comments left out. @return how many, at most `most` */
static int cut_line(pel_words *words, char *word[], int most)
{
    int count = 0;
    pel_words_cut(words, '#');
    while (count < most && (word[count] = pel_words_here(words))) count++;
    return count;
}

/* Goes on to the next line that is not empty. @return its words, 0 at the end of the file */
static int next_entry(pel_words *words, char *word[], int most)
{
    int count = 0;
    while (!count && pel_words_line(words)) count = cut_line(words, word, most);
    return count;
}

static pel_status read_whole(const pel_words *words, const char *word, const char *what, double least, double most,
                             long *value)
{
    double number = 0;
    PEL_TRY(pel_words_number(words, word, what, &number));
    if (number != floor(number) || number < least || number > most)
        return pel_words_fail(words, "%s should be a whole number from %.0f to %.0f, not \"%s\"", what, least, most,
                              word);
    *value = (long)number;
    return PEL_OK;
}

/* ---- header ---- */

static bool has_words(char *const word[], int from, int count, const char *a, const char *b, const char *c)
{
    const char *wanted[] = {a, b, c};
    for (int i = 0; i < 3; i++) {
        if (!wanted[i]) return from + i == count;
        if (from + i >= count || strcmp(word[from + i], wanted[i]) != 0) return false;
    }
    return from + 3 == count;
}

static pel_status read_bounds(data_reader *reader, char *const word[], int d)
{
    double lo = 0, hi = 0;
    PEL_TRY(pel_words_number(&reader->words, word[0], "a low side of the box", &lo));
    PEL_TRY(pel_words_number(&reader->words, word[1], "a high side of the box", &hi));
    if (reader->length > 0 && fabs(reader->length - (hi - lo)) > 1e-12 * (fabs(lo) + fabs(hi)))
        return pel_words_fail(&reader->words, "the comment says another length than the sides; take it out");
    if (!(lo < hi))
        return pel_words_fail(&reader->words, "the box goes from %s to %s; lo must be below hi", word[0], word[1]);
    reader->to->box.lo[d] = lo;
    reader->to->box.length[d] = reader->length > 0 ? reader->length : hi - lo;
    reader->has_bounds[d] = true;
    return PEL_OK;
}

static pel_status read_tilt(const data_reader *reader, char *const word[])
{
    for (int i = 0; i < 3; i++) {
        double tilt = 0;
        PEL_TRY(pel_words_number(&reader->words, word[i], "a tilt of the box", &tilt));
        if (tilt != 0)
            return pel_words_fail(&reader->words, "the box is tilted by %s; only orthogonal boxes can be read",
                                  word[i]);
    }
    return PEL_OK;
}

static pel_status read_types(data_reader *reader, const char *word)
{
    long types = 0;
    PEL_TRY(read_whole(&reader->words, word, "the number of atom types", 1, MOST_TYPES, &types));
    return pel_configuration_types(reader->to, (int)types);
}

static pel_status read_header_line(data_reader *reader, char *const word[], int count)
{
    static const char *const low[] = {"xlo", "ylo", "zlo"}, *const high[] = {"xhi", "yhi", "zhi"};
    if (has_words(word, 1, count, "atoms", NULL, NULL))
        return read_whole(&reader->words, word[0], "the number of atoms", 0, 1e10, &reader->atoms);
    if (has_words(word, 1, count, "atom", "types", NULL)) return read_types(reader, word[0]);
    if (has_words(word, 3, count, "xy", "xz", "yz")) return read_tilt(reader, word);
    for (int d = 0; d < 3; d++)
        if (has_words(word, 2, count, low[d], high[d], NULL)) return read_bounds(reader, word, d);
    return PEL_OK; /* bonds, extra room and the like */
}

static pel_status check_header(const data_reader *reader)
{
    if (reader->atoms < 0) return pel_words_fail(&reader->words, "the header does not say how many atoms there are");
    if (reader->to->types < 1)
        return pel_words_fail(&reader->words, "the header does not say how many atom types there are");
    for (int d = 0; d < 3; d++)
        if (!reader->has_bounds[d])
            return pel_words_fail(&reader->words, "the header has no \"%clo %chi\" before this section", "xyz"[d],
                                  "xyz"[d]);
    return PEL_OK;
}

/* ---- sections ---- */

static pel_status read_mass(data_reader *reader, char *const word[], int count)
{
    long type = 0;
    double mass = 0;
    if (count != 2) return pel_words_fail(&reader->words, "a mass has 2 columns: type and mass; here are %d", count);
    PEL_TRY(read_whole(&reader->words, word[0], "a type", 1, reader->to->types, &type));
    PEL_TRY(pel_words_number(&reader->words, word[1], "a mass", &mass));
    if (!(mass > 0))
        return pel_words_fail(&reader->words, "the mass of type %ld is %s; it must be greater than 0", type, word[1]);
    reader->to->mass[type - 1] = mass;
    return PEL_OK;
}

static pel_status read_masses(data_reader *reader)
{
    char *word[MOST_COLUMNS + 1];
    for (int t = 0; t < reader->to->types; t++) {
        const int count = next_entry(&reader->words, word, MOST_COLUMNS + 1);
        if (!count) return pel_words_fail(&reader->words, "the file ends within Masses");
        PEL_TRY(read_mass(reader, word, count));
    }
    return PEL_OK;
}

static pel_status wrong_columns(const data_reader *reader, int count)
{
    return pel_words_fail(
        &reader->words, "an atom of style %s has %d columns, or %d with its images; here are %d%s: say the style (%s)",
        reader->style->name, reader->style->columns, reader->style->columns + 3, count,
        count > MOST_COLUMNS ? " or more" : "", "atomic, charge, molecular, full, sphere");
}

static pel_status read_atom(data_reader *reader, char *const word[], int count)
{
    const atom_style *style = reader->style;
    long id = 0, type = 0;
    double position[3] = {0};
    if (count != style->columns && count != style->columns + 3) return wrong_columns(reader, count);
    PEL_TRY(read_whole(&reader->words, word[0], "an id", 1, 0x1p53, &id));
    PEL_TRY(read_whole(&reader->words, word[style->type], "a type", 1, reader->to->types, &type));
    for (int d = 0; d < 3; d++)
        PEL_TRY(pel_words_number(&reader->words, word[style->x + d], "a coordinate", &position[d]));
    PEL_TRY(pel_configuration_add(reader->to, (int)type, position));
    const long i = reader->to->count - 1;
    reader->to->id[i] = id;
    for (int d = 0; d < 3 && count > style->columns; d++) {
        long image = 0;
        PEL_TRY(read_whole(&reader->words, word[style->columns + d], "an image", -1e9, 1e9, &image));
        reader->to->image[i][d] = (int32_t)image;
    }
    return PEL_OK;
}

static pel_status read_atoms(data_reader *reader)
{
    char *word[MOST_COLUMNS + 1];
    PEL_TRY(pel_configuration_reserve(reader->to, reader->atoms < 1000000 ? reader->atoms : 1000000));
    for (long i = 0; i < reader->atoms; i++) {
        const int count = next_entry(&reader->words, word, MOST_COLUMNS + 1);
        if (!count) return pel_words_fail(&reader->words, "the file ends after %ld of %ld atoms", i, reader->atoms);
        if (isalpha((unsigned char)word[0][0]))
            return pel_words_fail(&reader->words, "here begins %s after %ld of %ld atoms", word[0], i, reader->atoms);
        PEL_TRY(read_atom(reader, word, count));
    }
    reader->has_atoms = true;
    if (pel_configuration_sort(reader->to) != PEL_OK)
        return pel_fail_within(PEL_ERR_CORRUPT, "%s: ", reader->words.path);
    return PEL_OK;
}

static int compare_ids(const void *key, const void *id)
{
    const int64_t a = *(const int64_t *)key, b = *(const int64_t *)id;
    return a < b ? -1 : a > b;
}

static pel_status read_velocity(data_reader *reader, char *const word[], int count, bool *is_there)
{
    const pel_configuration *to = reader->to;
    long id = 0;
    if (count != 4)
        return pel_words_fail(&reader->words, "a velocity has 4 columns: id and 3 components; here are %d", count);
    PEL_TRY(read_whole(&reader->words, word[0], "an id", 1, 0x1p53, &id));
    const int64_t key = id, *found = bsearch(&key, to->id, (size_t)to->count, sizeof *to->id, compare_ids);
    if (!found) return pel_words_fail(&reader->words, "a velocity of atom %ld, which is not among Atoms", id);
    const long i = found - to->id;
    if (is_there[i]) return pel_words_fail(&reader->words, "a second velocity of atom %ld; each has one", id);
    is_there[i] = true;
    for (int d = 0; d < 3; d++)
        PEL_TRY(pel_words_number(&reader->words, word[d + 1], "a velocity", &to->velocity[i][d]));
    return PEL_OK;
}

static pel_status read_each_velocity(data_reader *reader, bool *is_there)
{
    char *word[MOST_COLUMNS + 1];
    for (long i = 0; i < reader->atoms; i++) {
        const int count = next_entry(&reader->words, word, MOST_COLUMNS + 1);
        if (!count)
            return pel_words_fail(&reader->words, "the file ends after %ld of %ld velocities", i, reader->atoms);
        PEL_TRY(read_velocity(reader, word, count, is_there));
    }
    return PEL_OK;
}

static pel_status read_velocities(data_reader *reader)
{
    bool *is_there = NULL;
    if (!reader->has_atoms) return pel_words_fail(&reader->words, "Velocities stand before Atoms; put Atoms first");
    PEL_TRY(pel_memory_new((size_t)reader->atoms + 1, sizeof *is_there, &is_there));
    const pel_status status = read_each_velocity(reader, is_there);
    free(is_there);
    return status;
}

/* ---- the file ---- */

/* The style that the comment behind "Atoms" names, where the caller has not said one. */
static pel_status choose_style(data_reader *reader, const char *line)
{
    const char *comment = strchr(line, '#');
    if (reader->style) return PEL_OK;
    reader->style = &styles[0];
    if (!comment) return PEL_OK;
    char name[32] = "";
    if (sscanf(comment + 1, "%31s", name) == 1) reader->style = find_style(name);
    if (reader->style) return PEL_OK;
    return pel_words_fail(&reader->words, "atoms of style \"%s\" cannot be read; %s", name,
                          "there are atomic, charge, molecular, bond, angle, full, sphere");
}

/* Whether it is a section that is read, of as many entries as the header says. */
static bool has_entries(const char *name)
{
    return strcmp(name, "Masses") == 0 || strcmp(name, "Atoms") == 0 || strcmp(name, "Velocities") == 0;
}

static pel_status more_than_announced(const data_reader *reader)
{
    return pel_words_fail(&reader->words,
                          "the section goes on, but the header announces %ld atoms of %d types; correct it",
                          reader->atoms, reader->to->types);
}

/* A line that begins with a letter: of the sections that are read, all of it. */
static pel_status read_section(data_reader *reader, const char *name)
{
    if (has_entries(name)) PEL_TRY(check_header(reader));
    if (strcmp(name, "Masses") == 0) return read_masses(reader);
    if (strcmp(name, "Velocities") == 0) return read_velocities(reader);
    if (strcmp(name, "Atoms") != 0) return PEL_OK;
    if (reader->has_atoms) return pel_words_fail(&reader->words, "a second section Atoms; there may be one");
    return read_atoms(reader);
}

static pel_status read_lines(data_reader *reader)
{
    bool is_header = true, is_read = false; /* the section of the present line is one that is read */
    pel_words_line(&reader->words);         /* the title */
    for (char *line; (line = pel_words_line(&reader->words));) {
        char *word[MOST_COLUMNS + 1];
        const char *mark = strstr(line, length_mark);
        reader->length = mark ? strtod(mark + strlen(length_mark), NULL) : 0;
        if (strncmp(line, "Atoms", 5) == 0) PEL_TRY(choose_style(reader, line));
        const int count = cut_line(&reader->words, word, MOST_COLUMNS + 1);
        if (!count) continue;
        if (isalpha((unsigned char)word[0][0])) {
            is_header = false;
            is_read = has_entries(word[0]);
            PEL_TRY(read_section(reader, word[0]));
        } else if (is_header) {
            PEL_TRY(read_header_line(reader, word, count));
        } else if (is_read) {
            return more_than_announced(reader);
        }
    }
    if (reader->has_atoms) return PEL_OK;
    return pel_words_fail(&reader->words, "the file ends without a section Atoms; is it a data file of LAMMPS?");
}

pel_status pel_data_file_read(const char *path, const pel_data_file_spec *spec, pel_configuration *to)
{
    data_reader reader = {.to = to, .atoms = -1};
    if (spec && spec->style && !(reader.style = find_style(spec->style)))
        return pel_fail(PEL_ERR_ARGUMENT,
                        "\"%s\" is no style of atoms; there are atomic, charge, molecular, bond, angle, full, sphere",
                        spec->style);
    PEL_TRY(pel_words_open(path, &reader.words));
    pel_configuration_free(to);
    for (int d = 0; d < 3; d++) to->box.is_periodic[d] = !(spec && spec->is_open[d]);
    const pel_status status = read_lines(&reader);
    pel_words_close(&reader.words);
    if (status == PEL_OK) pel_configuration_wrap(to);
    else pel_configuration_free(to);
    return status;
}

/* ---- writing ---- */

typedef struct data_content {
    const char *title;
    const pel_configuration *from;
} data_content;

static bool has_masses(const pel_configuration *from)
{
    for (int t = 0; t < from->types; t++)
        if (!(from->mass[t] > 0)) return false;
    return true;
}

static void write_bounds(FILE *file, const pel_simulation_box *box, int d)
{
    const double hi = box->lo[d] + box->length[d];
    fprintf(file, "%.17g %.17g %clo %chi", box->lo[d], hi, "xyz"[d], "xyz"[d]);
    if (hi - box->lo[d] != box->length[d]) fprintf(file, " %s %.17g", length_mark, box->length[d]);
    fprintf(file, "\n");
}

static void write_head(FILE *file, const data_content *content)
{
    const pel_configuration *from = content->from;
    fprintf(file, "%.*s\n\n", (int)strcspn(content->title, "\r\n"), content->title);
    fprintf(file, "%ld atoms\n%d atom types\n\n", from->count, from->types);
    for (int d = 0; d < 3; d++) write_bounds(file, &from->box, d);
    if (!has_masses(from)) return;
    fprintf(file, "\nMasses\n\n");
    for (int t = 0; t < from->types; t++) fprintf(file, "%d %.17g\n", t + 1, from->mass[t]);
}

/* Failures of `file` are seen by the caller, once all is written. */
static pel_status write_content(FILE *file, const void *data)
{
    const data_content *content = data;
    const pel_configuration *from = content->from;
    write_head(file, content);
    fprintf(file, "\nAtoms # atomic\n\n");
    for (long i = 0; i < from->count; i++) {
        const double *x = from->position[i];
        const int32_t *image = from->image[i];
        fprintf(file, "%lld %d %.17g %.17g %.17g %d %d %d\n", (long long)from->id[i], from->type[i], x[0], x[1], x[2],
                image[0], image[1], image[2]);
    }
    fprintf(file, "\nVelocities\n\n");
    for (long i = 0; i < from->count; i++) {
        const double *v = from->velocity[i];
        fprintf(file, "%lld %.17g %.17g %.17g\n", (long long)from->id[i], v[0], v[1], v[2]);
    }
    return PEL_OK;
}

pel_status pel_data_file_write(const char *path, const char *title, const pel_configuration *from)
{
    return pel_publish_stream(path, write_content, &(data_content){title, from});
}
