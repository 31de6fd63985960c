/* pelagos compare: are two checkpoints, runs or output files the same bits; if not, where and by how much. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "io/compare.h"
#include "io/file.h"
#include "sim/checkpoint.h"

static const char help[] =
    "Say whether two checkpoints, two runs (folders), or two output files hold the same bits; if not, where and by how "
    "much.\v"
    "Of a checkpoint the state counts (fields, tables, scalars, clock), not its deck. Of two runs the newest "
    "checkpoints are "
    "compared, and all .nc and .h5 files but failed.h5.\n\n"
    "Examples:\n"
    "  pelagos compare once twice\n"
    "  pelagos compare once/snapshots.nc twice/snapshots.nc\n\n"
    "Exit codes: 0 the same; 1 different; 2 the command line is wrong; 5 a file cannot be read or is damaged.";

typedef struct arguments {
    const char *path[2];
} arguments;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_ARG:
        if (!a->path[0]) a->path[0] = argument;
        else command_take_one(state, argument, &a->path[1], "path");
        break;
    case ARGP_KEY_END:
        if (!a->path[1]) argp_error(state, "compare what? Give two checkpoints, run folders or output files");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static bool is_folder(const char *path)
{
    struct stat found;
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

static bool is_checkpoint(const char *path)
{
    pel_file *file = NULL;
    if (pel_file_open(path, PEL_FILE_READ, &file) != PEL_OK) return false;
    char *kind = NULL;
    const bool is_it = pel_file_has_attribute(file, "", "kind") &&
                       pel_file_get_text(file, "", "kind", &kind) == PEL_OK && strcmp(kind, "pelagos checkpoint") == 0;
    free(kind);
    pel_file_close(file);
    return is_it;
}

/* Adds the differences of two files to *total, and shows them. */
static pel_status compare_files(const char *a, const char *b, long *total)
{
    static const char *const not_state[] = {"deck", "output", "@fixed_hash", NULL}, *const nothing[] = {NULL};
    pel_text report = {0};
    long differences = 0;
    const bool states = is_checkpoint(a) && is_checkpoint(b);
    const pel_status status = pel_file_compare_except(a, b, states ? not_state : nothing, &report, &differences);
    if (status == PEL_OK && differences == 0) printf("%s and %s: the same\n", a, b);
    if (status == PEL_OK && differences > 0)
        printf("%s and %s: %ld differences\n%s\n", a, b, differences, pel_text_get(&report));
    *total += differences;
    pel_text_free(&report);
    return status;
}

/* ---- run folders ---- */

static pel_status newest_checkpoint(const char *folder, char **path)
{
    pel_file *file = NULL;
    PEL_TRY(pel_checkpoint_open_newest(folder, &file));
    if (!file) return pel_fail(PEL_ERR_FILE, "%s holds no checkpoint of a run", folder);
    const pel_status status = pel_text_copy(pel_file_path(file), path);
    pel_file_close(file);
    return status;
}

static pel_status compare_states(const char *a, const char *b, long *total)
{
    char *x = NULL, *y = NULL;
    pel_status status = newest_checkpoint(a, &x);
    if (status == PEL_OK) status = newest_checkpoint(b, &y);
    if (status == PEL_OK) status = compare_files(x, y, total);
    free(x);
    free(y);
    return status;
}

static int is_output(const struct dirent *entry)
{
    const char *name = entry->d_name, *suffix = strrchr(name, '.');
    if (name[0] == '.' || !suffix || strcmp(name, "failed.h5") == 0) return 0;
    return strcmp(suffix, ".nc") == 0 || strcmp(suffix, ".h5") == 0;
}

/* Compares an output of folder a with that of folder b, or says that b lacks it. */
static pel_status compare_output(const char *a, const char *b, const char *name, bool only_missing, long *total)
{
    pel_text x = {0}, y = {0};
    pel_text_add(&x, "%s/%s", a, name);
    pel_text_add(&y, "%s/%s", b, name);
    pel_status status = PEL_OK;
    if (access(pel_text_get(&y), F_OK) != 0) {
        printf("%s: there is no such file in %s\n", pel_text_get(&x), b);
        ++*total;
    } else if (!only_missing) {
        status = compare_files(pel_text_get(&x), pel_text_get(&y), total);
    }
    pel_text_free(&x);
    pel_text_free(&y);
    return status;
}

static pel_status compare_outputs(const char *a, const char *b, bool only_missing, long *total)
{
    struct dirent **entries;
    const int count = scandir(a, &entries, is_output, alphasort);
    if (count < 0) return pel_fail(PEL_ERR_FILE, "the folder %s cannot be listed", a);
    pel_status status = PEL_OK;
    for (int i = 0; i < count; i++) {
        if (status == PEL_OK) status = compare_output(a, b, entries[i]->d_name, only_missing, total);
        free(entries[i]);
    }
    free(entries);
    return status;
}

static pel_status compare_folders(const char *a, const char *b, long *total)
{
    PEL_TRY(compare_states(a, b, total));
    PEL_TRY(compare_outputs(a, b, false, total));
    return compare_outputs(b, a, true, total);
}

static pel_status compare(const char *a, const char *b, long *total)
{
    if (is_folder(a) != is_folder(b))
        return pel_fail(PEL_ERR_USAGE, "%s and %s cannot be compared: one is a folder, the other is not", a, b);
    return is_folder(a) ? compare_folders(a, b, total) : compare_files(a, b, total);
}

int command_compare(int argc, char **argv)
{
    static const struct argp argp = {.parser = parse, .args_doc = "A B", .doc = help};
    arguments a = {0};
    command_parse(&argp, argc, argv, &a);
    long total = 0;
    const pel_status status = compare(a.path[0], a.path[1], &total);
    return status == PEL_OK && total > 0 ? COMMAND_DIFFERENT : command_finish(status);
}
