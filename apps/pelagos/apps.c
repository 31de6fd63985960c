/* pelagos apps: lists the models. */
#include <stdio.h>

#include "command.h"

static const char help[] =
    "List the models that a deck can name as its app.\v"
    "`pelagos params APP` lists the parameters of one.\n\nExit codes: 0 good; 2 the command line is wrong.";

int command_apps_list(int argc, char **argv)
{
    static const struct argp argp = {.doc = help};
    command_parse(&argp, argc, argv, NULL);
    for (int i = 0; i < command_app_count; i++) printf("%-16s %s\n", command_apps[i]->name, command_apps[i]->summary);
    return 0;
}
