/**
 * @file
 * The subcommands of `pelagos`: one file each.
 */
#ifndef PELAGOS_APPS_COMMAND_H
#define PELAGOS_APPS_COMMAND_H

#include <argp.h>

#include "pelagos.h"

/** Every app that the command knows; main.c has the table. */
extern const pel_app *const command_apps[];
extern const int command_app_count;

/** A subcommand: argv[0] is "pelagos NAME"; returns the exit code. */
typedef int command_function(int argc, char **argv);
command_function command_run, command_check, command_apps_list, command_params, command_plan, command_info,
    command_compare, command_machine, command_bench, command_scale;

enum { COMMAND_MOST_SETS = 256, COMMAND_DIFFERENT = 1 };

/** A deck with its overrides, as several subcommands take them. */
typedef struct command_deck {
    const char *path;
    const char *sets[COMMAND_MOST_SETS];
    int set_count;
} command_deck;

/** Adds an override, as --set does. */
void command_add_set(struct argp_state *state, command_deck *deck, const char *set);
/** Parses --set; for use as an argp child whose input is a command_deck. */
extern const struct argp command_set_argp;

/** Parses the one argument DECK and --set; for use as an argp child whose input is a command_deck. */
extern const struct argp command_deck_argp;

/** Parses a command line whose mistakes end the process with exit code 2. */
void command_parse(const struct argp *argp, int argc, char **argv, void *input);
/** Takes the one argument of a subcommand that takes a deck or file; a second one is a mistake. */
void command_take_one(struct argp_state *state, const char *argument, const char **path, const char *what);

/** The whole number from 1 to `most` (LONG_MAX: any) that an option was given; anything else is a mistake. */
long command_count(struct argp_state *state, const char *option, const char *text, long most);
/** The seconds that an option was given, above 0, from `least` to `most`, `unit` ("s" or "") after the number. */
double command_seconds(struct argp_state *state, const char *option, const char *text, const char *unit, double least,
                       double most);

/** What makes a text of a deck: pel_run_check(), pel_run_plan(). */
typedef pel_status command_describer(const char *deck_path, const char *const *sets, int set_count,
                                     const pel_app *const *apps, int app_count, pel_text *text);
/** Prints what `describe` makes of the deck; returns the exit code. */
int command_describe(command_describer *describe, const command_deck *deck);

/** Shows the failure, if any, and gives the exit code. */
int command_finish(pel_status status);

#endif
