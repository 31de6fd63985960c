/* pelagos plan: describes how a deck would run. */
#include "command.h"
#include "sim/run.h"

static const char help[] = "Describe how a deck would run: its chains with their loops, ranges and bytes, how they are "
                           "tiled, and the memory needed.\v"
                           "Example:\n"
                           "  pelagos plan double_gyre.yaml --set grid.cells=\"[512, 512]\"\n\n"
                           "Exit codes: 0 good; 2 the command line or the deck is wrong; 5 files or system.";

int command_plan(int argc, char **argv)
{
    return command_describe(help, pel_run_plan, argc, argv);
}
