/* Files of Stillinger-Weber parameters, as LAMMPS' documentation of pair_style sw describes them. */
#include "particles/stillinger_weber_file.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "particles/words.h"

enum { NUMBERS = 11 };
static const char *const number_name[NUMBERS] = {"epsilon", "sigma", "a", "lambda", "gamma", "cos(theta0)",
                                                 "A",       "B",     "p", "q",      "tol"};

void pel_sw_parameters_free(pel_sw_parameters *parameters)
{
    free(parameters->entry);
    *parameters = (pel_sw_parameters){0};
}

/* The next word of this line or a later one, comments left out; NULL at the end. */
static char *next_word(pel_words *words)
{
    char *word = words->line ? pel_words_here(words) : NULL;
    while (!word && pel_words_line(words)) {
        pel_words_cut(words, '#');
        word = pel_words_here(words);
    }
    return word;
}

/* One entry: the elements' names, then the numbers. `name[0]` is NULL at the end of the file. */
static pel_status read_entry(pel_words *words, const char *name[3], pel_sw_entry *entry)
{
    double value[NUMBERS];
    for (int i = 0; i < 3; i++) {
        name[i] = next_word(words);
        if (!name[i]) return i == 0 ? PEL_OK : pel_words_fail(words, "the file ends amid an entry");
    }
    for (int i = 0; i < NUMBERS; i++) PEL_TRY(pel_words_number(words, next_word(words), number_name[i], &value[i]));
    *entry = (pel_sw_entry){.epsilon = value[0],
                            .sigma = value[1],
                            .a = value[2],
                            .lambda = value[3],
                            .gamma = value[4],
                            .cos_theta0 = value[5],
                            .big_a = value[6],
                            .big_b = value[7],
                            .p = value[8],
                            .q = value[9]};
    return PEL_OK;
}

/* Keeps an entry for all types of its elements. */
static void keep(const pel_sw_entry *entry, const char *const name[3], const char *const *elements,
                 pel_sw_parameters *parameters, bool *is_there)
{
    const int n = parameters->types;
    for (int triple = 0; triple < n * n * n; triple++) {
        const int type[3] = {triple / (n * n), triple / n % n, triple % n};
        bool is_same = true;
        for (int i = 0; i < 3; i++) is_same = is_same && strcmp(elements[type[i]], name[i]) == 0;
        if (!is_same) continue;
        parameters->entry[triple] = *entry;
        is_there[triple] = true;
    }
}

static pel_status read_all(pel_words *words, const char *const *elements, pel_sw_parameters *parameters, bool *is_there)
{
    const int n = parameters->types;
    for (;;) {
        const char *name[3];
        pel_sw_entry entry;
        PEL_TRY(read_entry(words, name, &entry));
        if (!name[0]) break;
        keep(&entry, name, elements, parameters, is_there);
    }
    for (int triple = 0; triple < n * n * n; triple++)
        if (!is_there[triple])
            return pel_fail(PEL_ERR_NAME, "%s: there is no entry \"%s %s %s\"", words->path, elements[triple / (n * n)],
                            elements[triple / n % n], elements[triple % n]);
    return PEL_OK;
}

pel_status pel_sw_read(const char *path, int types, const char *const *elements, pel_sw_parameters *parameters)
{
    const size_t triples = (size_t)types * (size_t)types * (size_t)types;
    pel_words words;
    pel_sw_parameters fresh = {.types = types};
    bool *is_there = NULL;
    PEL_TRY(pel_words_open(path, &words));
    pel_status status = pel_memory_new(triples, sizeof *fresh.entry, &fresh.entry);
    if (status == PEL_OK) status = pel_memory_new(triples, sizeof *is_there, &is_there);
    if (status == PEL_OK) status = read_all(&words, elements, &fresh, is_there);
    free(is_there);
    pel_words_close(&words);
    if (status != PEL_OK) pel_sw_parameters_free(&fresh);
    else *parameters = fresh;
    return status;
}
