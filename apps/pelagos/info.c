/* pelagos info: what a file holds, and whether it is whole. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command.h"
#include "io/file.h"
#include "io/publish.h"
#include "sim/checkpoint.h"

static const char help[] =
    "Say what a file of Pelagos holds: of a checkpoint its step, time, deck and whether it verifies; of an output "
    "file its records and variables.\v"
    "Examples:\n"
    "  pelagos info double_gyre/snapshots.nc\n"
    "  pelagos info --deck double_gyre/checkpoints/0000001000.h5\n\n"
    "Exit codes: 0 good; 2 the command line is wrong; 5 the file cannot be read or is damaged.";

static const struct argp_option options[] = {
    {"deck", 'd', 0, 0, "Print only the resolved deck that a checkpoint holds", 0},
    {0},
};

typedef struct arguments {
    const char *path;
    int wants_deck;
} arguments;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case 'd':
        a->wants_deck = 1;
        break;
    case ARGP_KEY_ARG:
        command_take_one(state, argument, &a->path, "file");
        break;
    case ARGP_KEY_END:
        if (!a->path) argp_error(state, "info on which file?");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

/* ---- listing ---- */

typedef struct listing {
    const pel_file *file;
    const char *group;
} listing;

static void print_array(const pel_file *file, const char *name)
{
    static const char *const types[] = {"double", "float", "int32", "int64", "complex"};
    pel_io_type type;
    int rank;
    long shape[5];
    if (pel_file_array_info(file, name, &type, &rank, shape) != PEL_OK) return;
    char *units = NULL;
    if (pel_file_has_attribute(file, name, "units")) pel_file_get_text(file, name, "units", &units);
    printf("  %-32s %s", name, types[type]);
    for (int d = 0; d < rank; d++) printf("%s%ld", d == 0 ? " " : " x ", shape[d]);
    printf("%s%s\n", units ? ", " : "", units ? units : "");
    free(units);
}

static pel_status print_member(void *context, const char *name, bool is_group)
{
    const listing *list = context;
    char path[1024];
    snprintf(path, sizeof path, "%s%s%s", list->group, *list->group ? "/" : "", name);
    if (!is_group) {
        print_array(list->file, path);
        return PEL_OK;
    }
    listing inner = {list->file, path};
    return pel_file_list(list->file, path, print_member, &inner);
}

static pel_status print_arrays(const pel_file *file)
{
    listing list = {file, ""};
    return pel_file_list(file, "", print_member, &list);
}

/* ---- checkpoints ---- */

static pel_status print_checkpoint(pel_file *file)
{
    char *app = NULL, *unit = NULL, text[32];
    long step = 0;
    double time = 0;
    PEL_TRY(pel_checkpoint_app(file, &app));
    pel_status status = pel_file_get_int(file, "", "step", &step);
    if (status == PEL_OK) status = pel_file_get_real(file, "", "time", &time);
    if (status == PEL_OK) {
        printf("%s: a checkpoint of app %s, whole\n", pel_file_path(file), app);
        if (pel_file_has_attribute(file, "", "time_units")) status = pel_file_get_text(file, "", "time_units", &unit);
        printf("step %ld, time %s %s\n", step, pel_text_number(time, text), unit ? unit : "s");
        if (status == PEL_OK) status = print_arrays(file);
    }
    free(unit);
    free(app);
    return status;
}

static pel_status print_deck(pel_file *file)
{
    char *deck = NULL;
    PEL_TRY(pel_checkpoint_deck(file, &deck));
    fputs(deck, stdout);
    free(deck);
    return PEL_OK;
}

/* ---- output files ---- */

static pel_status print_output(pel_file *file)
{
    printf("%s: an HDF5 file%s\n", pel_file_path(file), pel_file_has(file, "h5md") ? " in H5MD form" : "");
    char *title = NULL;
    if (pel_file_has_attribute(file, "", "title") && pel_file_get_text(file, "", "title", &title) == PEL_OK && *title)
        printf("title: %s\n", title);
    free(title);
    if (pel_file_has(file, "time")) printf("%ld records\n", pel_file_records(file, "time"));
    return print_arrays(file);
}

static bool is_checkpoint(const pel_file *file)
{
    char *kind = NULL;
    const bool is_it = pel_file_has_attribute(file, "", "kind") &&
                       pel_file_get_text(file, "", "kind", &kind) == PEL_OK && strcmp(kind, "pelagos checkpoint") == 0;
    free(kind);
    return is_it;
}

static pel_status info(const arguments *a)
{
    pel_file *file = NULL;
    PEL_TRY(pel_file_open(a->path, PEL_FILE_READ, &file));
    const bool is_state = is_checkpoint(file);
    pel_status status = PEL_OK;
    if (is_state) status = pel_publish_verify(a->path);
    else if (a->wants_deck) status = pel_fail(PEL_ERR_USAGE, "%s is not a checkpoint; only those hold a deck", a->path);
    if (status == PEL_OK)
        status = a->wants_deck ? print_deck(file) : is_state ? print_checkpoint(file) : print_output(file);
    const pel_status closed = pel_file_close(file);
    return status != PEL_OK ? status : closed;
}

int command_info(int argc, char **argv)
{
    static const struct argp argp = {.options = options, .parser = parse, .args_doc = "FILE", .doc = help};
    arguments a = {0};
    command_parse(&argp, argc, argv, &a);
    return command_finish(info(&a));
}
