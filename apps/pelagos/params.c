/* pelagos params: lists the parameters of a model, from the tables that decks are checked with. */
#include <stdio.h>
#include <string.h>

#include "command.h"
#include "sim/run.h"

static const char help[] =
    "List every parameter of a model: its name in decks, type, unit, default, what is allowed, whether it may "
    "change when a run is resumed, and what it means. Without APP: those that every run has.\v"
    "Example:\n  pelagos params shallow-water\n\n"
    "Exit codes: 0 good; 2 the command line is wrong, or there is no such model.";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    if (key != ARGP_KEY_ARG) return ARGP_ERR_UNKNOWN;
    command_take_one(state, argument, state->input, "model");
    return 0;
}

static const pel_app *find(const char *name)
{
    for (int i = 0; i < command_app_count; i++)
        if (strcmp(command_apps[i]->name, name) == 0) return command_apps[i];
    return NULL;
}

static int no_such_app(const char *name)
{
    const char *names[64];
    for (int i = 0; i < command_app_count; i++) names[i] = command_apps[i]->name;
    const char *nearest = pel_text_nearest(name, names, (size_t)command_app_count);
    return command_finish(nearest ? pel_fail(PEL_ERR_USAGE, "there is no app \"%s\"; did you mean %s?", name, nearest)
                                  : pel_fail(PEL_ERR_USAGE, "there is no app \"%s\"; `pelagos apps` lists them", name));
}

int command_params(int argc, char **argv)
{
    static const struct argp argp = {.parser = parse, .args_doc = "[APP]", .doc = help};
    const char *name = NULL;
    command_parse(&argp, argc, argv, &name);
    const pel_app *app = name ? find(name) : NULL;
    if (name && !app) return no_such_app(name);
    const pel_param *tables[PEL_RUN_TABLES];
    const int count = pel_run_params(app, tables);
    pel_text text = {0};
    pel_params_document(tables, count, &text);
    fputs(pel_text_get(&text), stdout);
    pel_text_free(&text);
    return 0;
}
