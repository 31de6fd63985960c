/**
 * @file
 * Whole runs in tests: from a deck to a folder, and what is in it.
 */
#ifndef PELAGOS_TESTS_SIM_RUNS_H
#define PELAGOS_TESTS_SIM_RUNS_H

#include <unistd.h>

#include "io/compare.h"
#include "sim/run.h"
#include "support/test.h"

/* Runs with overrides in the text list `sets`, separated by "|". */
static inline pel_status run_with(const pel_app *const *app, const char *deck, const char *folder, const char *sets,
                                  pel_run_request request)
{
    static char text[1024];
    const char *list[16];
    int count = 0;
    snprintf(text, sizeof text, "%s", sets);
    for (char *set = strtok(text, "|"); set; set = strtok(NULL, "|")) list[count++] = set;
    request.deck_path = deck;
    request.folder = folder;
    request.sets = list;
    request.set_count = count;
    request.is_quiet = true;
    return pel_run(&request, app, 1);
}

/* RUN(deck, folder, sets, .is_resume = true, ...), with the `apps` of the including file. */
#define RUN(deck, folder, ...) RUN_REQUEST(deck, folder, __VA_ARGS__, .is_quiet = true)
#define RUN_REQUEST(deck, folder, sets, ...) run_with(apps, deck, folder, sets, (pel_run_request){__VA_ARGS__})

static inline const char *read_text(const char *folder, const char *name)
{
    static char text[65536];
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    text[0] = '\0';
    if (!file) return text;
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    fclose(file);
    return text;
}

/* The hash in a folder's report. */
static inline const char *final_state(const char *folder)
{
    static char hashes[4][17];
    static int next;
    char *hash = hashes[next++ % 4];
    strcpy(hash, "none");
    const char *at = strstr(read_text(folder, "report.json"), "\"final_state\": \"");
    if (at) snprintf(hash, 17, "%.16s", at + strlen("\"final_state\": \""));
    return hash;
}

static inline bool exists(const char *folder, const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

/* That the files of two folders, their names separated by blanks, hold the same. */
static inline void check_same_files(const char *a, const char *b, const char *names)
{
    char list[256];
    snprintf(list, sizeof list, "%s", names);
    for (const char *name = strtok(list, " "); name; name = strtok(NULL, " ")) {
        char x[512], y[512];
        long differences = -1;
        pel_text report = {0};
        snprintf(x, sizeof x, "%s/%s", a, name);
        snprintf(y, sizeof y, "%s/%s", b, name);
        CHECK_STATUS(pel_file_compare(x, y, &report, &differences));
        if (differences) fprintf(stderr, "%s\n", pel_text_get(&report));
        CU_ASSERT_EQUAL(differences, 0);
        pel_text_free(&report);
    }
}

#endif
