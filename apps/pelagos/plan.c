/* pelagos plan: describes how a deck would run. */

#include "command.h"
#include "io/publish.h"
#include "sim/run.h"

enum { OPTION_TILES = 256, OPTION_STEPS };

static const struct argp_option options[] = {
    {"tiles", OPTION_TILES, "FILE", 0,
     "Write the tiles in time of the model's step to FILE, as JSON, in place of the description", 0},
    {"steps", OPTION_STEPS, "N", 0, "With --tiles: the tiles of N steps; default: of two blocks, twice the height", 0},
    {0},
};

static const char help[] =
    "Describe how a deck would run: for each chain of loops the executor that is expected to be fastest, its tiles and "
    "their working set against the cache, bytes and updates a second; then its loops with ranges and bytes; and the "
    "memory needed.\v"
    "A chain is tiled in space (each loop by itself) or in time (tiles that go through several steps while their data "
    "stays in cache). run.tiling, run.pitch, run.height, run.chunk and run.row fix what is otherwise chosen; `pelagos "
    "params "
    "APP` "
    "explains them. Where nothing is fixed, the first steps of a run measure the best few and keep the fastest: the "
    "report of the run has what was used.\n\n"
    "Examples:\n"
    "  pelagos plan double_gyre.yaml --set grid.cells=\"[512, 512]\"\n"
    "  pelagos plan double_gyre.yaml --set run.tiling=temporal --set run.height=4\n"
    "  pelagos plan double_gyre.yaml --set run.height=2 --tiles tiles.json\n"
    "  plotting/draw_tiling.py diamonds tiles.json -o tiles.svg\n\n"
    "Exit codes: 0 good; 2 the command line or the deck is wrong, or --tiles is asked of what has no tiles in time; "
    "5 files or system.";

typedef struct arguments {
    command_deck deck;
    const char *tiles;
    long steps;
} arguments;

static error_t parse(int key, char *argument, struct argp_state *state)
{
    arguments *a = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->deck;
        break;
    case OPTION_TILES:
        a->tiles = argument;
        break;
    case OPTION_STEPS:
        a->steps = command_count(state, "--steps", argument, 100000);
        break;
    case ARGP_KEY_END:
        if (a->steps && !a->tiles) argp_error(state, "--steps says how many steps --tiles writes; give --tiles FILE");
        break;
    default:
        return ARGP_ERR_UNKNOWN;
    }
    return 0;
}

static int write_tiles(const arguments *a)
{
    pel_text json = {0};
    pel_status status =
        pel_run_tiles(a->deck.path, a->deck.sets, a->deck.set_count, command_apps, command_app_count, a->steps, &json);
    if (status == PEL_OK) status = pel_publish_text(a->tiles, pel_text_get(&json));
    pel_text_free(&json);
    return command_finish(status);
}

int command_plan(int argc, char **argv)
{
    static const struct argp_child children[] = {{&command_deck_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {.options = options, .parser = parse, .doc = help, .children = children};
    arguments a = {0};
    command_parse(&argp, argc, argv, &a);
    return a.tiles ? write_tiles(&a) : command_describe(pel_run_plan, &a.deck);
}
