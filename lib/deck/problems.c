/* A sorted list of sentences. The recorded failure has room for some 8000 bytes: what does not fit is counted. */
#include "deck/problems.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

enum { MOST_SHOWN_BYTES = 7000 };

static bool is_before(const pel_problem *a, const pel_problem *b)
{
    if (a->is_set || b->is_set) return b->is_set && !a->is_set; /* overrides last, in the order they were noted */
    if (a->line != b->line) return a->line < b->line;
    return a->column < b->column;
}

static void insert(pel_problems *problems, pel_problem problem)
{
    if (pel_memory_grow(&problems->list, &problems->capacity, problems->count + 1, sizeof problem) != PEL_OK) {
        problems->is_lost = true;
        free(problem.text);
        return;
    }
    size_t i = problems->count++;
    for (; i > 0 && is_before(&problem, &problems->list[i - 1]); i--) problems->list[i] = problems->list[i - 1];
    problems->list[i] = problem;
}

void pel_problems_add_list(pel_problems *problems, const char *path, pel_place place, const char *format, va_list args)
{
    pel_text text = {0};
    char *what = NULL;
    if (place.set) pel_text_add(&text, "--set %s: ", place.set);
    else if (place.line > 0) pel_text_add(&text, "%s:%d:%d: ", path, place.line, place.column);
    else pel_text_add(&text, "%s: ", path);
    if (vasprintf(&what, format, args) < 0) text.lost = true;
    else pel_text_add(&text, "%s", what), free(what);
    for (char *c = text.bytes; c && *c; c++)
        if ((unsigned char)*c < 32 || *c == 127) *c = '?'; /* one error is one line */
    if (text.lost) problems->is_lost = true;
    if (text.bytes) insert(problems, (pel_problem){place.set != NULL, place.line, place.column, text.bytes});
}

void pel_problems_add(pel_problems *problems, const char *path, pel_place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    pel_problems_add_list(problems, path, place, format, args);
    va_end(args);
}

pel_status pel_problems_finish(const pel_problems *problems)
{
    if (problems->is_lost) return pel_fail(PEL_ERR_MEMORY, "memory ran out while the errors of the deck were listed");
    if (problems->count == 0) return PEL_OK;
    pel_text all = {0};
    size_t shown = 0;
    while (shown < problems->count && all.length + strlen(problems->list[shown].text) < MOST_SHOWN_BYTES) {
        pel_text_add(&all, "%s%s", shown ? "\n" : "", problems->list[shown].text);
        shown++;
    }
    if (shown == 0) pel_text_add(&all, "%.*s ...", MOST_SHOWN_BYTES, problems->list[shown++].text);
    if (shown < problems->count) pel_text_add(&all, "\n... and %zu more errors", problems->count - shown);
    const pel_status status = pel_fail(PEL_ERR_DECK, "%s", pel_text_get(&all));
    pel_text_free(&all);
    return status;
}

void pel_problems_free(pel_problems *problems)
{
    for (size_t i = 0; i < problems->count; i++) free(problems->list[i].text);
    free(problems->list);
    *problems = (pel_problems){0};
}
