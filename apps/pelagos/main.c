/* The `pelagos` command: the table of apps, the table of subcommands, and what these share. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"
#include "command.h"
#include "heat/app.h"
#include "md/app.h"
#include "qg/app.h"
#include "shallow_water/app.h"
#include "sim/report.h"

const pel_app *const command_apps[] = {&shallow_water_app, &qg_app, &md_app, &heat_app};
const int command_app_count = sizeof command_apps / sizeof *command_apps;

static const struct {
    const char *name, *summary;
    command_function *function;
} commands[] = {
    {"run", "run a deck, or go on with a run", command_run},
    {"check", "resolve a deck and print it, or all its errors", command_check},
    {"apps", "list the models", command_apps_list},
    {"params", "list the parameters of a model", command_params},
    {"plan", "describe how a deck would run", command_plan},
    {"info", "say what a file holds, and whether it is whole", command_info},
    {"compare", "say whether two states are the same bits", command_compare},
    {"machine", "describe this machine", command_machine},
    {"bench", "measure how fast this machine steps", command_bench},
    {"scale", "study how a deck scales with threads", command_scale},
};
enum { COMMANDS = sizeof commands / sizeof *commands };

/* ---- shared by the subcommands ---- */

void command_add_set(struct argp_state *state, command_deck *deck, const char *set)
{
    if (deck->set_count == COMMAND_MOST_SETS) argp_error(state, "there are more than %d --set", COMMAND_MOST_SETS);
    deck->sets[deck->set_count++] = set;
}

static error_t parse_set(int key, char *argument, struct argp_state *state)
{
    command_deck *deck = state->input;
    if (key != 's') return ARGP_ERR_UNKNOWN;
    if (!strchr(argument, '=')) argp_error(state, "--set needs KEY=VALUE, for instance --set time.end=\"5 days\"");
    command_add_set(state, deck, argument);
    return 0;
}

static const struct argp_option set_options[] = {
    {"set", 's', "KEY=VALUE", 0, "Give a parameter another value than the deck does", 0},
    {0},
};
const struct argp command_set_argp = {.options = set_options, .parser = parse_set};

void command_parse(const struct argp *argp, int argc, char **argv, void *input)
{
    argp_err_exit_status = 2;
    if (argp_parse(argp, argc, argv, 0, NULL, input) != 0) exit(2);
}

void command_take_one(struct argp_state *state, const char *argument, const char **path, const char *what)
{
    if (*path) argp_error(state, "there is one %s too many: %s", what, argument);
    *path = argument;
}

long command_count(struct argp_state *state, const char *option, const char *text, long most)
{
    char *end, range[64] = "above 0";
    errno = 0;
    const long count = strtol(text, &end, 10);
    if (most < LONG_MAX) snprintf(range, sizeof range, "from 1 to %ld", most);
    if (end == text || *end || errno == ERANGE || count < 1 || count > most)
        argp_error(state, "%s needs a whole number %s, not \"%s\"", option, range, text);
    return count;
}

double command_seconds(struct argp_state *state, const char *option, const char *text, const char *unit, double least,
                       double most)
{
    char *end, range[64] = "above 0";
    const double seconds = strtod(text, &end);
    if (least > 0) snprintf(range, sizeof range, "from %g to %g", least, most);
    if (end == text || strcmp(end, unit) != 0 || !(seconds > 0 && seconds >= least && seconds <= most))
        argp_error(state, "%s needs seconds %s, not \"%s\"", option, range, text);
    return seconds;
}

int command_finish(pel_status status)
{
    if (status == PEL_ERR_STOPPED) pel_log_info("%s", pel_failure());
    else if (status != PEL_OK) pel_log_error("%s", *pel_failure() ? pel_failure() : pel_status_meaning(status));
    return pel_status_exit_code(status);
}

/* ---- the command itself ---- */

static void print_help(FILE *to)
{
    fprintf(to, "Usage: pelagos COMMAND [ARGUMENTS]\n\n"
                "Simulations on regular grids and of particles, from an input deck to HDF5 files.\n\n");
    for (int i = 0; i < COMMANDS; i++) fprintf(to, "  %-10s %s\n", commands[i].name, commands[i].summary);
    fprintf(to, "\n`pelagos COMMAND --help` says more. `pelagos --version` prints the version.\n\n"
                "Exit codes: 0 finished; 1 `compare` found a difference; 2 the command line or the deck is wrong;\n"
                "3 stopped early with a good checkpoint; 4 the numerics failed; 5 files or system.\n");
}

static int unknown(const char *name)
{
    const char *names[COMMANDS];
    for (int i = 0; i < COMMANDS; i++) names[i] = commands[i].name;
    const char *nearest = pel_text_nearest(name, names, COMMANDS);
    fprintf(stderr, "error: there is no command \"%s\"%s%s%s; `pelagos --help` lists them\n", name,
            nearest ? "; did you mean " : "", nearest ? nearest : "", nearest ? "?" : "");
    return 2;
}

static int dispatch(int argc, char **argv)
{
    for (int i = 0; i < COMMANDS; i++) {
        if (strcmp(argv[1], commands[i].name) != 0) continue;
        char name[64];
        snprintf(name, sizeof name, "pelagos %s", argv[1]);
        argv[1] = name; /* argp begins its messages with it */
        return commands[i].function(argc - 1, argv + 1);
    }
    return unknown(argv[1]);
}

/* A table that is cut short by a full disk is no success. */
static int deliver(int code)
{
    if (fflush(stdout) == 0 && !ferror(stdout)) return code;
    pel_log_error("the standard output could not be written: %s", strerror(errno));
    return code != 0 ? code : 5;
}

/* Where the caller has closed a standard stream, the next file to be opened would take its place, and messages would go
 * into it. A write past the limit on the size of files is to fail as on a full disk, not to kill. */
static void guard_files(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) != fd) _exit(5);
    signal(SIGXFSZ, SIG_IGN);
}

int main(int argc, char **argv)
{
    guard_files();
    const char *first = argc > 1 ? argv[1] : "";
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0 || strcmp(first, "-?") == 0 ||
        strcmp(first, "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) {
        printf("pelagos %s (%s)\n", pel_build_version(), pel_build_revision());
        return 0;
    }
    return deliver(dispatch(argc, argv));
}
