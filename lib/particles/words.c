/* Words of text files. The file is read whole; lines and words are cut out of it in place. */
#include "particles/words.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { PIECE = 1 << 16, LONGEST_SENTENCE = 512, LONGEST_NUMBER = 64 };

static pel_status read_all(FILE *stream, const char *path, char **bytes)
{
    size_t length = 0, capacity = 0;
    for (;;) {
        PEL_TRY(pel_memory_grow(bytes, &capacity, length + PIECE + 1, 1));
        const size_t more = fread(*bytes + length, 1, PIECE, stream);
        length += more;
        if (more < PIECE) break;
    }
    if (ferror(stream)) return pel_fail(PEL_ERR_FILE, "%s: cannot be read: %s", path, strerror(errno));
    (*bytes)[length] = 0;
    if (strlen(*bytes) < length) return pel_fail(PEL_ERR_CORRUPT, "%s: holds zero bytes: it is no text file", path);
    return PEL_OK;
}

pel_status pel_words_open(const char *path, pel_words *words)
{
    FILE *stream = fopen(path, "r");
    if (!stream) return pel_fail(PEL_ERR_FILE, "%s: cannot be opened: %s", path, strerror(errno));
    char *bytes = NULL;
    const pel_status status = read_all(stream, path, &bytes);
    if (fclose(stream) != 0 && status == PEL_OK) {
        free(bytes);
        return pel_fail(PEL_ERR_FILE, "%s: cannot be closed: %s", path, strerror(errno));
    }
    if (status != PEL_OK) {
        free(bytes);
        return status;
    }
    *words = (pel_words){.path = path, .bytes = bytes, .next = bytes + strlen(bytes), .rest = bytes};
    return PEL_OK;
}

void pel_words_close(pel_words *words)
{
    free(words->bytes);
    *words = (pel_words){0};
}

char *pel_words_line(pel_words *words)
{
    if (!words->rest || !*words->rest) return NULL;
    words->next = words->rest;
    char *end = strchr(words->next, '\n');
    words->rest = end ? end + 1 : NULL;
    if (end) *end = 0;
    words->line++;
    return words->next;
}

void pel_words_cut(pel_words *words, char mark)
{
    char *at = strchr(words->next, mark);
    if (at) *at = 0;
}

char *pel_words_here(pel_words *words)
{
    char *word = words->next;
    while (isspace((unsigned char)*word)) word++;
    if (!*word) return NULL;
    char *end = word;
    while (*end && !isspace((unsigned char)*end)) end++;
    words->next = *end ? end + 1 : end;
    *end = 0;
    return word;
}

char *pel_words_anywhere(pel_words *words)
{
    char *word = pel_words_here(words);
    while (!word && pel_words_line(words)) word = pel_words_here(words);
    return word;
}

pel_status pel_words_number(const pel_words *words, const char *word, const char *what, double *value)
{
    char copy[LONGEST_NUMBER];
    if (!word) return pel_words_fail(words, "%s is missing", what);
    snprintf(copy, sizeof copy, "%s", word);
    char *fortran = strpbrk(copy, "dD");
    if (fortran) *fortran = 'e';
    char *end = NULL;
    const double number = strtod(copy, &end);
    if (end == copy || *end || !isfinite(number) || strlen(word) >= sizeof copy)
        return pel_words_fail(words, "%s should be a number here, not \"%s\"", what, word);
    *value = number;
    return PEL_OK;
}

pel_status pel_words_number_here(pel_words *words, const char *what, double *value)
{
    return pel_words_number(words, pel_words_here(words), what, value);
}

pel_status pel_words_count_here(pel_words *words, const char *what, long *value)
{
    double number = 0;
    PEL_TRY(pel_words_number_here(words, what, &number));
    if (number < 1 || number > 1e8 || number != floor(number))
        return pel_words_fail(words, "%s should be a whole number > 0, not %g", what, number);
    *value = (long)number;
    return PEL_OK;
}

pel_status pel_words_numbers(pel_words *words, const char *what, long count, double *values)
{
    for (long i = 0; i < count; i++) {
        const char *word = pel_words_anywhere(words);
        if (!word) return pel_words_fail(words, "the file ends after %ld of %ld values of %s", i, count, what);
        PEL_TRY(pel_words_number(words, word, what, &values[i]));
    }
    return PEL_OK;
}

pel_status pel_words_fail(const pel_words *words, const char *format, ...)
{
    char sentence[LONGEST_SENTENCE];
    va_list args;
    va_start(args, format);
    vsnprintf(sentence, sizeof sentence, format, args);
    va_end(args);
    return pel_fail(PEL_ERR_CORRUPT, "%s:%ld: %s", words->path, words->line, sentence);
}
