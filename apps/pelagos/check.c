/* pelagos check: resolves a deck and prints it, or all its errors. */
#include "command.h"
#include "sim/run.h"

static const char help[] = "Resolve a deck and print every parameter with the value used, or all errors of the deck. "
                           "Nothing is run or written.\v"
                           "Example:\n"
                           "  pelagos check double_gyre.yaml --set grid.cells=\"[512, 512]\"\n\n"
                           "Exit codes: 0 good; 2 the command line or the deck is wrong; 5 files or system.";

int command_check(int argc, char **argv)
{
    static const struct argp_child children[] = {{&command_deck_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.doc = help, .children = children};
    command_deck deck = {0};
    command_parse(&argp, argc, argv, &deck);
    return command_describe(pel_run_check, &deck);
}
