/**
 * @file
 * Words and numbers of the text files in which potentials are published, with the line where each stands.
 */
#ifndef PELAGOS_PARTICLES_WORDS_H
#define PELAGOS_PARTICLES_WORDS_H

#include "base/status.h"

/** A file that is being read; a reader's own. */
typedef struct pel_words {
    const char *path; /**< the caller's; for sentences */
    char *bytes;      /**< the whole file, zero-terminated */
    char *next;       /**< where the next word is looked for */
    char *rest;       /**< the line after the present one; NULL: there is none */
    long line;        /**< number of the present line, from 1 */
} pel_words;

/** Reads a file into memory and stands before its first line. @return PEL_OK, PEL_ERR_FILE or PEL_ERR_MEMORY */
pel_status pel_words_open(const char *path, pel_words *words);
void pel_words_close(pel_words *words);
/** The next line, without its end, or NULL behind the last. Words are then taken from it. */
char *pel_words_line(pel_words *words);
/** Cuts what follows `mark` off the present line, before words are taken from it. */
void pel_words_cut(pel_words *words, char mark);
/** The next word of the present line, or NULL. Lives as long as the file. */
char *pel_words_here(pel_words *words);
/** The next word of this line or of a later one, or NULL at the end of the file. */
char *pel_words_anywhere(pel_words *words);
/** Reads `word` as a number; Fortran's exponents (1.5D-03) too. `what` is for the sentence: "the cutoff". */
pel_status pel_words_number(const pel_words *words, const char *word, const char *what, double *value);
/** The next number of the present line. @return PEL_OK; PEL_ERR_CORRUPT with file, line and `what` */
pel_status pel_words_number_here(pel_words *words, const char *what, double *value);
/** Likewise a whole number > 0. */
pel_status pel_words_count_here(pel_words *words, const char *what, long *value);
/** The next `count` numbers, over as many lines as they take. */
pel_status pel_words_numbers(pel_words *words, const char *what, long count, double *values);
/** Fails with "path:line: " and the sentence; always PEL_ERR_CORRUPT. */
pel_status pel_words_fail(const pel_words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
