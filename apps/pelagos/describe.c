/* What `check` and `plan` share: a deck and its overrides go in, a text comes out. */
#include <stdio.h>

#include "command.h"

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

static const struct argp_child children[] = {{&command_set_argp, 0, NULL, 0}, {0}};
const struct argp command_deck_argp = {.parser = parse, .args_doc = "DECK", .children = children};

int command_describe(command_describer *describe, const command_deck *deck)
{
    pel_text text = {0};
    const pel_status status = describe(deck->path, deck->sets, deck->set_count, command_apps, command_app_count, &text);
    if (status == PEL_OK) fputs(pel_text_get(&text), stdout);
    pel_text_free(&text);
    return command_finish(status);
}
