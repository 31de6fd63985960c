/* Extended XYZ (the extxyz specification of libAtoms, github.com/libAtoms/extxyz; ASE's documentation, "io.extxyz").
 *
 *     2
 *     Lattice="5 0 0 0 5 0 0 0 5" Properties=species:S:1:pos:R:3:vel:R:3 pbc="T T T" Time=3
 *     Cu 0 0 0 0.1 0 0
 *     Cu 2.5 2.5 0 -0.1 0 0
 *
 * Lattice has the three edges of the box one after the other. Properties has name, kind (S, R, I, L) and number of
 * columns of each property; without it the columns are species:S:1:pos:R:3. The configurations of NIST's Standard
 * Reference Simulation Website say "cell: a b c" in the second line, which is understood as well: a box of that size
 * around the origin. */
#include "particles/extended_xyz.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "particles/words.h"

enum { MOST_SPECIES = 1000, LONGEST_NAME = 64, MOST_COLUMNS = 10000 };

/* Where (from 0) the properties that are wanted begin in a line; -1: nowhere. */
typedef struct xyz_columns {
    int count;
    int species, type, position, velocity, mass, id;
} xyz_columns;

typedef struct xyz_reader {
    pel_words words;
    const pel_extended_xyz_spec *spec;
    pel_configuration *to;
    xyz_columns columns;
    char (*species)[LONGEST_NAME]; /* of types that have come so far, or that are given */
    size_t species_count, species_capacity;
    double *mass; /* of types that have come so far; -1: none came */
    size_t mass_capacity;
} xyz_reader;

/* ---- the line of keys ---- */

/* The value of `key` in a line of key=value, key="value" or key={value}, as a copy; NULL: there is no such key. */
static pel_status find_value(const char *line, const char *key, char **value)
{
    const size_t length = strlen(key);
    *value = NULL;
    for (const char *at = line; (at = strcasestr(at, key)); at += length) {
        const bool is_word = at == line || isspace((unsigned char)at[-1]);
        const char *start = at + length + strspn(at + length, " \t");
        if (!is_word || *start != '=') continue;
        start += 1 + strspn(start + 1, " \t");
        const char *ends = *start == '"' ? "\"" : *start == '\'' ? "'" : *start == '{' ? "}" : " \t\r";
        if (*ends != ' ') start++;
        PEL_TRY(pel_text_copy(start, value));
        (*value)[strcspn(*value, ends)] = 0;
        return PEL_OK;
    }
    return PEL_OK;
}

/* Up to `most` finite numbers, parted by spaces or commas. @return how many; -1 where something else stands there */
static int parse_numbers(const char *text, int most, double *values)
{
    int count = 0;
    for (;;) {
        text += strspn(text, " \t\r,[]");
        if (!*text || count == most) return *text ? -1 : count;
        char *end;
        values[count] = strtod(text, &end);
        if (end == text || !isfinite(values[count])) return -1;
        count++;
        text = end;
    }
}

static pel_status set_lattice(xyz_reader *reader, const char *lattice)
{
    double edge[9];
    if (parse_numbers(lattice, 9, edge) != 9)
        return pel_words_fail(&reader->words, "Lattice should be 9 numbers, not \"%s\"", lattice);
    for (int i = 0; i < 9; i++) {
        if (i % 4 == 0 && !(edge[i] > 0 && edge[i] < INFINITY))
            return pel_words_fail(&reader->words, "the box has the length %g; it must be greater than 0", edge[i]);
        if (i % 4 != 0 && edge[i] != 0)
            return pel_words_fail(&reader->words,
                                  "the box \"%s\" is tilted; only orthogonal boxes along x, y, z can be read", lattice);
    }
    for (int d = 0; d < 3; d++) {
        reader->to->box.length[d] = edge[4 * d];
        reader->to->box.is_periodic[d] = true;
    }
    return PEL_OK;
}

/* A file without Lattice: NIST's "cell: a b c" around the origin, or the box of the caller. */
static pel_status set_other_box(xyz_reader *reader, const char *line)
{
    const char *cell = line + strspn(line, " \t");
    double length[3];
    if (strncmp(cell, "cell:", 5) == 0 && parse_numbers(cell + 5, 3, length) == 3) {
        for (int d = 0; d < 3; d++) {
            if (!(length[d] > 0)) return pel_words_fail(&reader->words, "the cell has the length %g", length[d]);
            reader->to->box.lo[d] = -length[d] / 2;
            reader->to->box.length[d] = length[d];
            reader->to->box.is_periodic[d] = true;
        }
        return PEL_OK;
    }
    if (!reader->spec->box)
        return pel_words_fail(&reader->words,
                              "this line has no Lattice=\"...\", so the box is not known: add it to the file");
    reader->to->box = *reader->spec->box;
    return PEL_OK;
}

static pel_status set_sides(xyz_reader *reader, const char *line)
{
    char *pbc = NULL, *origin = NULL;
    PEL_TRY(find_value(line, "pbc", &pbc));
    for (int d = 0, i = 0; pbc && pbc[i] && d < 3; i++)
        if (strchr("TtFf10", pbc[i])) reader->to->box.is_periodic[d++] = strchr("Tt1", pbc[i]) != NULL;
    free(pbc);
    PEL_TRY(find_value(line, "Origin", &origin));
    const bool is_good = !origin || parse_numbers(origin, 3, reader->to->box.lo) == 3;
    free(origin);
    return is_good ? PEL_OK : pel_words_fail(&reader->words, "Origin should be 3 numbers");
}

static pel_status read_box(xyz_reader *reader, const char *line)
{
    char *lattice = NULL;
    PEL_TRY(find_value(line, "Lattice", &lattice));
    const pel_status status = lattice ? set_lattice(reader, lattice) : set_other_box(reader, line);
    free(lattice);
    PEL_TRY(status);
    return set_sides(reader, line);
}

/* ---- columns ---- */

/* Notes where a property begins. @return the columns that it must have; 0: any, it is not wanted */
static int note_property(xyz_columns *columns, const char *name)
{
    const struct {
        const char *names[3];
        int *at, count;
    } known[] = {{{"species", "element", "symbol"}, &columns->species, 1},
                 {{"type"}, &columns->type, 1},
                 {{"pos", "position", "positions"}, &columns->position, 3},
                 {{"vel", "velo", "velocities"}, &columns->velocity, 3},
                 {{"mass", "masses"}, &columns->mass, 1},
                 {{"id"}, &columns->id, 1}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        for (int n = 0; n < 3 && known[k].names[n]; n++) {
            if (strcasecmp(name, known[k].names[n]) != 0) continue;
            *known[k].at = columns->count;
            return known[k].count;
        }
    }
    return 0;
}

static pel_status parse_properties(xyz_reader *reader, char *text)
{
    xyz_columns *columns = &reader->columns;
    char *rest = NULL;
    for (char *name = strtok_r(text, ":", &rest); name; name = strtok_r(NULL, ":", &rest)) {
        const char *kind = strtok_r(NULL, ":", &rest), *number = strtok_r(NULL, ":", &rest);
        const int count = number ? atoi(number) : 0, wanted = note_property(columns, name);
        if (!kind || count < 1 || count > MOST_COLUMNS - columns->count || (wanted && count != wanted))
            return pel_words_fail(&reader->words, "Properties should be name:kind:columns of each; %s is not so", name);
        columns->count += count;
    }
    if (columns->position < 0)
        return pel_words_fail(&reader->words, "Properties names no pos, so there are no positions");
    return PEL_OK;
}

static pel_status read_columns(xyz_reader *reader, const char *line)
{
    char *properties = NULL;
    reader->columns = (xyz_columns){0, -1, -1, -1, -1, -1, -1};
    PEL_TRY(find_value(line, "Properties", &properties));
    if (!properties) PEL_TRY(pel_text_copy("species:S:1:pos:R:3", &properties));
    const pel_status status = parse_properties(reader, properties);
    free(properties);
    return status;
}

/* ---- species ---- */

static pel_status add_species(xyz_reader *reader, const char *name)
{
    PEL_TRY(pel_memory_grow(&reader->species, &reader->species_capacity, reader->species_count + 1,
                            sizeof *reader->species));
    snprintf(reader->species[reader->species_count++], LONGEST_NAME, "%s", name);
    return PEL_OK;
}

static void list_species(const xyz_reader *reader, pel_text *list)
{
    for (size_t s = 0; s < reader->species_count; s++) pel_text_add(list, "%s%s", s ? ", " : "", reader->species[s]);
}

static pel_status unknown_species(const xyz_reader *reader, const char *name)
{
    pel_text list = {0};
    list_species(reader, &list);
    const pel_status status =
        pel_words_fail(&reader->words, "the species %s has no type; the types are %s", name, pel_text_get(&list));
    pel_text_free(&list);
    return status;
}

static pel_status find_type(xyz_reader *reader, const char *name, int *type)
{
    for (size_t s = 0; s < reader->species_count; s++) {
        *type = (int)s + 1;
        if (strcmp(reader->species[s], name) == 0) return PEL_OK;
    }
    if (reader->spec->species) return unknown_species(reader, name);
    if (reader->species_count >= MOST_SPECIES)
        return pel_words_fail(&reader->words, "more than %d species; is the column really one of names?", MOST_SPECIES);
    *type = (int)reader->species_count + 1;
    return add_species(reader, name);
}

static pel_status note_mass(xyz_reader *reader, int type, const char *word)
{
    double mass = 0;
    PEL_TRY(pel_words_number(&reader->words, word, "a mass", &mass));
    if (!(mass > 0))
        return pel_words_fail(&reader->words, "the mass of an atom is %s; it must be greater than 0", word);
    const size_t known = reader->mass_capacity;
    PEL_TRY(pel_memory_grow(&reader->mass, &reader->mass_capacity, (size_t)type, sizeof *reader->mass));
    for (size_t t = known; t < reader->mass_capacity; t++) reader->mass[t] = -1;
    if (reader->mass[type - 1] >= 0 && reader->mass[type - 1] != mass)
        return pel_words_fail(&reader->words,
                              "an atom of type %d has the mass %g, another one %g; masses go with types", type, mass,
                              reader->mass[type - 1]);
    reader->mass[type - 1] = mass;
    return PEL_OK;
}

/* ---- atoms ---- */

static pel_status whole(const xyz_reader *reader, const char *word, const char *what, double most, double *value)
{
    PEL_TRY(pel_words_number(&reader->words, word, what, value));
    if (*value >= 1 && *value <= most && *value == floor(*value)) return PEL_OK;
    return pel_words_fail(&reader->words, "%s should be a whole number greater than 0, not \"%s\"", what, word);
}

static pel_status read_type(xyz_reader *reader, char *const word[], int *type)
{
    const xyz_columns *columns = &reader->columns;
    double number = 1;
    if (columns->species >= 0) return find_type(reader, word[columns->species], type);
    if (columns->type >= 0) PEL_TRY(whole(reader, word[columns->type], "a type", MOST_SPECIES, &number));
    *type = (int)number;
    return PEL_OK;
}

/* The atom is added with type 1; its own is kept until all are known. */
static pel_status read_atom(xyz_reader *reader, char *const word[])
{
    const xyz_columns *columns = &reader->columns;
    double position[3] = {0}, id = 0;
    int type = 1;
    PEL_TRY(read_type(reader, word, &type));
    for (int d = 0; d < 3; d++)
        PEL_TRY(pel_words_number(&reader->words, word[columns->position + d], "a coordinate", &position[d]));
    PEL_TRY(pel_configuration_add(reader->to, 1, position));
    const long i = reader->to->count - 1;
    reader->to->type[i] = type;
    for (int d = 0; d < 3 && columns->velocity >= 0; d++)
        PEL_TRY(
            pel_words_number(&reader->words, word[columns->velocity + d], "a velocity", &reader->to->velocity[i][d]));
    if (columns->mass >= 0) PEL_TRY(note_mass(reader, type, word[columns->mass]));
    if (columns->id < 0) return PEL_OK;
    PEL_TRY(whole(reader, word[columns->id], "an id", 0x1p53, &id));
    reader->to->id[i] = (int64_t)id;
    return PEL_OK;
}

static pel_status read_atoms(xyz_reader *reader, long atoms)
{
    char **word = NULL;
    pel_status status = pel_memory_new((size_t)reader->columns.count, sizeof *word, &word);
    for (long i = 0; i < atoms && status == PEL_OK; i++) {
        int count = 0;
        if (!pel_words_line(&reader->words))
            status = pel_words_fail(&reader->words, "the file ends after %ld of %ld atoms", i, atoms);
        while (status == PEL_OK && count < reader->columns.count && (word[count] = pel_words_here(&reader->words)))
            count++;
        if (status == PEL_OK && count < reader->columns.count)
            status =
                pel_words_fail(&reader->words, "%d columns where Properties asks for %d", count, reader->columns.count);
        if (status == PEL_OK) status = read_atom(reader, word);
    }
    free(word);
    return status;
}

/* Now that all atoms have come: how many types there are, and their masses. */
static pel_status settle_types(xyz_reader *reader)
{
    pel_configuration *to = reader->to;
    int types = reader->spec->types > (int)reader->species_count ? reader->spec->types : (int)reader->species_count;
    for (long i = 0; i < to->count; i++) types = to->type[i] > types ? to->type[i] : types;
    PEL_TRY(pel_configuration_types(to, types > 1 ? types : 1));
    for (int t = 0; t < to->types && t < (int)reader->mass_capacity; t++) to->mass[t] = fmax(0, reader->mass[t]);
    return PEL_OK;
}

/* ---- frames ---- */

static pel_status read_count(xyz_reader *reader, long *atoms)
{
    double number = 0;
    if (!pel_words_line(&reader->words))
        return pel_words_fail(&reader->words, "the file ends before frame %ld", reader->spec->frame);
    const char *word = pel_words_here(&reader->words);
    PEL_TRY(pel_words_number(&reader->words, word, "the number of atoms", &number));
    if (number < 0 || number > 1e10 || number != floor(number))
        return pel_words_fail(&reader->words, "the number of atoms should be a whole number, not \"%s\"", word);
    *atoms = (long)number;
    return PEL_OK;
}

/* After a frame comes the count of the next one, or nothing. */
static pel_status check_end(xyz_reader *reader, long atoms)
{
    char *word = pel_words_anywhere(&reader->words);
    if (!word || (strspn(word, "0123456789") == strlen(word) && !pel_words_here(&reader->words))) return PEL_OK;
    return pel_words_fail(&reader->words, "the frame goes on after the %ld atoms that it announces; correct the number",
                          atoms);
}

static pel_status read_frame(xyz_reader *reader)
{
    long atoms = 0;
    for (long frame = 0; frame < reader->spec->frame; frame++) {
        PEL_TRY(read_count(reader, &atoms));
        for (long i = 0; i <= atoms; i++)
            if (!pel_words_line(&reader->words)) break;
    }
    PEL_TRY(read_count(reader, &atoms));
    const char *line = pel_words_line(&reader->words);
    if (!line) return pel_words_fail(&reader->words, "the file ends before the line that says the box");
    PEL_TRY(read_box(reader, line));
    PEL_TRY(read_columns(reader, line));
    PEL_TRY(pel_configuration_types(reader->to, 1));
    for (int s = 0; reader->spec->species && s < reader->spec->types; s++)
        PEL_TRY(add_species(reader, reader->spec->species[s]));
    PEL_TRY(read_atoms(reader, atoms));
    PEL_TRY(check_end(reader, atoms));
    PEL_TRY(settle_types(reader));
    if (pel_configuration_sort(reader->to) != PEL_OK)
        return pel_fail_within(PEL_ERR_CORRUPT, "%s: ", reader->words.path);
    return PEL_OK;
}

static pel_status copy_names(const xyz_reader *reader, char **names)
{
    pel_text list = {0};
    list_species(reader, &list);
    const pel_status status = pel_text_copy(pel_text_get(&list), names);
    pel_text_free(&list);
    return status;
}

pel_status pel_extended_xyz_read(const char *path, const pel_extended_xyz_spec *spec, pel_configuration *to,
                                 char **names)
{
    const pel_extended_xyz_spec none = {0};
    xyz_reader reader = {.spec = spec ? spec : &none, .to = to};
    PEL_TRY(pel_words_open(path, &reader.words));
    pel_configuration_free(to);
    pel_status status = read_frame(&reader);
    if (status == PEL_OK && names) status = copy_names(&reader, names);
    pel_words_close(&reader.words);
    free(reader.species);
    free(reader.mass);
    if (status == PEL_OK) pel_configuration_wrap(to);
    else pel_configuration_free(to);
    return status;
}
