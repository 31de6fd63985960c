/* pelagos plan: describes how a deck would run. */
#include <stdio.h>

#include "command.h"
#include "sim/run.h"

static const char help[] = "Describe how a deck would run: its chains with their loops, ranges and bytes, how they are "
                           "tiled, and the memory needed.\v"
                           "Example:\n"
                           "  pelagos plan double_gyre.yaml --set grid.cells=\"[512, 512]\"\n\n"
                           "Exit codes: 0 good; 2 the command line or the deck is wrong; 5 files or system.";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    command_deck *deck = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = deck;
        break;
    case ARGP_KEY_ARG:
        command_take_one(state, argument, &deck->path, "deck");
        break;
    case ARGP_KEY_END:
        if (!deck->path) argp_error(state, "which deck? Give the path of a YAML file");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

int command_plan(int argc, char **argv)
{
    static const struct argp_child children[] = {{&command_set_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.parser = parse, .args_doc = "DECK", .doc = help, .children = children};
    command_deck deck = {0};
    command_parse(&argp, argc, argv, &deck);
    pel_text text = {0};
    const pel_status status =
        pel_run_plan(deck.path, deck.sets, deck.set_count, command_apps, command_app_count, &text);
    if (status == PEL_OK) fputs(pel_text_get(&text), stdout);
    pel_text_free(&text);
    return command_finish(status);
}
