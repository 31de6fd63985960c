/* pelagos run: runs a deck. What a run is stands in sim/run.c. */
#include <limits.h>
#include <string.h>

#include "command.h"
#include "sim/run.h"

enum {
    OPTION_STEPS = 256,
    OPTION_RESUME,
    OPTION_OVERWRITE,
    OPTION_FROM,
    OPTION_WARM_UP,
    OPTION_NO_OUTPUT,
    OPTION_SECONDS
};

static const struct argp_option options[] = {
    {"output", 'o', "DIR", 0, "Write into DIR; default: the deck's name without its suffix", 0},
    {"steps", OPTION_STEPS, "N", 0, "Stop after N steps in total, in place of time.end", 0},
    {"resume", OPTION_RESUME, 0, 0, "Go on from the newest good checkpoint, or start if there is none", 0},
    {"overwrite", OPTION_OVERWRITE, 0, 0, "Remove the run that is in DIR, and start", 0},
    {"from", OPTION_FROM, "FILE", 0, "Start a new run from a checkpoint of another", 0},
    {"no-output", OPTION_NO_OUTPUT, 0, 0,
     "Write no records and no checkpoints, only log and report: output.enabled=false", 0},
    {"warm-up", OPTION_WARM_UP, "N|Ts", 0,
     "Leave the first N steps, or the steps of the first T seconds (\"2s\"), out of the report's times and rates", 0},
    {"seconds", OPTION_SECONDS, "T", 0,
     "Stop when T seconds were measured after the warm-up, in place of time.end; with --steps N not before step N, "
     "whose "
     "state's hash the report has too",
     0},
    {"quiet", 'q', 0, 0, "Say nothing on the terminal but warnings and errors", 0},
    {0},
};

static const char help[] = "Run a deck to its end.\v"
                           "Examples:\n"
                           "  pelagos run double_gyre.yaml\n"
                           "  pelagos run double_gyre.yaml -o long --set time.end=\"10 years\"\n"
                           "  pelagos run double_gyre.yaml -o long --resume\n"
                           "  pelagos run warmer.yaml --from long/checkpoints/0000100000.h5\n\n"
                           "Signals SIGTERM, SIGINT, SIGUSR1, the parameter run.wall-limit and SLURM_JOB_END_TIME stop "
                           "a run with a checkpoint; a second "
                           "SIGINT ends it at once.\n\n"
                           "Exit codes: 0 finished; 2 the command line or the deck is wrong; 3 stopped early with a "
                           "good checkpoint: run again with "
                           "--resume; 4 the numerics failed; 5 files or system.";

typedef struct arguments {
    command_deck deck;
    pel_run_request request;
} arguments;

static const double most_seconds = 1e7;

static void parse_warm_up(struct argp_state *state, const char *text, pel_run_request *request)
{
    const size_t length = strlen(text);
    if (length > 1 && text[length - 1] == 's')
        request->warm_up_seconds = command_seconds(state, "--warm-up", text, "s", 0, most_seconds);
    else request->warm_up_steps = command_count(state, "--warm-up", text, LONG_MAX);
}

static void finish(struct argp_state *state, arguments *a)
{
    if (!a->deck.path) argp_error(state, "which deck? Give the path of a YAML file");
    if (a->request.is_resume && a->request.is_overwrite)
        argp_error(state, "--resume and --overwrite exclude each other");
    if (a->request.is_resume && a->request.from)
        argp_error(state, "--resume and --from exclude each other: --from starts a new run");
    if (a->request.steps > 0 && a->request.warm_up_steps >= a->request.steps && a->request.seconds <= 0)
        argp_error(state, "--warm-up %ld leaves nothing of --steps %ld to measure", a->request.warm_up_steps,
                   a->request.steps);
    if (a->request.seconds > 0 && a->request.is_resume)
        argp_error(state, "--seconds measures a run from its beginning; it excludes --resume");
    a->request.deck_path = a->deck.path;
    a->request.sets = a->deck.sets;
    a->request.set_count = a->deck.set_count;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    arguments *a = state->input;
    pel_run_request *request = &a->request;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->deck;
        break;
    case 'o':
        request->folder = argument;
        break;
    case OPTION_STEPS:
        request->steps = command_count(state, "--steps", argument, LONG_MAX);
        break;
    case OPTION_WARM_UP:
        parse_warm_up(state, argument, request);
        break;
    case OPTION_SECONDS:
        request->seconds = command_seconds(state, "--seconds", argument, "", 0, most_seconds);
        break;
    case OPTION_NO_OUTPUT:
        command_add_set(state, &a->deck, "output.enabled=false");
        break;
    case OPTION_RESUME:
        request->is_resume = true;
        break;
    case OPTION_OVERWRITE:
        request->is_overwrite = true;
        break;
    case OPTION_FROM:
        request->from = argument;
        break;
    case 'q':
        request->is_quiet = true;
        break;
    case ARGP_KEY_ARG:
        command_take_one(state, argument, &a->deck.path, "deck");
        break;
    case ARGP_KEY_END:
        finish(state, a);
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int command_run(int argc, char **argv)
{
    static const struct argp_child children[] = {{&command_set_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = options, .parser = parse, .args_doc = "DECK", .doc = help, .children = children};
    arguments a = {0};
    command_parse(&argp, argc, argv, &a);
    return command_finish(pel_run(&a.request, command_apps, command_app_count));
}
