/* pelagos scale: a scaling study. What it does stands in scale/study.c. */
#include "scale/slurm.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "command.h"

enum {
    OPTION_STRONG = 256,
    OPTION_WEAK,
    OPTION_PLACES,
    OPTION_REPEAT,
    OPTION_STEPS,
    OPTION_SECONDS,
    OPTION_GROW,
    OPTION_RESUME,
    OPTION_OVERWRITE,
    OPTION_SCRIPT,
    OPTION_NODE
};

static const struct argp_option options[] = {
    {"threads", 't', "LIST", 0,
     "Numbers of threads, \"1,2,4\"; default, and auto: powers of two up to the number of processors that may be used, "
     "and that number",
     0},
    {"strong", OPTION_STRONG, 0, 0, "The same problem on more threads; default: strong and weak", 0},
    {"weak", OPTION_WEAK, 0, 0, "A problem that grows with the threads", 0},
    {"places", OPTION_PLACES, "LIST", 0,
     "Where threads go: compact (the first cores; default), spread (over all "
     "domains), or both, \"compact,spread\"",
     0},
    {"repeat", OPTION_REPEAT, "N", 0, "Samples of each point; default 5", 0},
    {"seconds", OPTION_SECONDS, "S", 0, "Seconds that each sample measures, after a second to warm up; default 2", 0},
    {"steps", OPTION_STEPS, "N", 0, "Samples of N steps, the first fifth of them to warm up, in place of --seconds", 0},
    {"grow", OPTION_GROW, "DIMS", 0, "Along which dimensions weak points grow, \"y\" or \"xy\"; default: the last", 0},
    {"output", 'o', "DIR", 0, "Write into DIR; default: the deck's name, and \"-scaling\"", 0},
    {"resume", OPTION_RESUME, 0, 0,
     "Go on with the study in DIR, or start if there is none; may add threads and "
     "samples",
     0},
    {"overwrite", OPTION_OVERWRITE, 0, 0, "Remove the study that is in DIR, and start", 0},
    {"script", OPTION_SCRIPT, "slurm[=FILE]", 0,
     "Run nothing; write a job script that carries the study out on a node of a cluster, to FILE or standard output",
     0},
    {"node", OPTION_NODE, "TEXT", 0,
     "That node, as hwloc describes it: \"pack:2 numa:4 core:16 pu:2\"; default: one like this machine", 0},
    {"quiet", 'q', 0, 0, "No progress", 0},
    {0},
};

static const char help[] =
    "Study how a deck scales: run it with more and more threads, each point several times and in turns, and say how "
    "much faster it gets, what limits it, and whether every point ends in the same bits.\v"
    "Each sample is a process of its own, without output, its threads bound. DIR gets scale.json, report.html (which "
    "needs no network) and points/, a folder a run; `plotting/plot.py scaling DIR` draws the figures.\n\n"
    "Examples:\n"
    "  pelagos scale double_gyre.yaml\n"
    "  pelagos scale melt.yaml --threads 1,2,4 --strong -o study\n"
    "  pelagos scale melt.yaml --threads 1,2,4 --strong -o study --resume\n"
    "  pelagos scale melt.yaml --set time.step=0.002 --steps 200 -o short\n"
    "  pelagos scale melt.yaml --script slurm=study.sh\n\n"
    "Exit codes: 0 finished; 2 the command line or a deck is wrong, or DIR holds something else; 3 stopped early: run "
    "again with --resume; 4 points differ in their bits, or the numerics failed; 5 files or system.";

typedef struct arguments {
    command_deck deck;
    scale_request request;
    scale_script script;
    bool is_script, is_quiet;
} arguments;

static void parse_threads(struct argp_state *state, const char *text, scale_request *request)
{
    char copy[1024], *rest = copy;
    request->thread_count = 0;
    if (strcmp(text, "auto") == 0) return;
    if (strlen(text) >= sizeof copy) argp_error(state, "--threads has too many numbers");
    strcpy(copy, text);
    for (char *word; (word = strsep(&rest, ","));) {
        if (request->thread_count == SCALE_MOST_THREAD_COUNTS)
            argp_error(state, "--threads has more than %d numbers", SCALE_MOST_THREAD_COUNTS);
        char *end;
        const long threads = strtol(word, &end, 10);
        if (end == word || *end || threads < 1 || threads > 4096)
            argp_error(state,
                       "--threads needs numbers from 1 to 4096 with commas between, \"1,2,4\", or auto, not \"%s\"",
                       text);
        request->threads[request->thread_count++] = (int)threads;
    }
}

static void parse_places(struct argp_state *state, const char *text, scale_request *request)
{
    request->has_places[PEL_PLACEMENT_COMPACT] = strcmp(text, "spread") != 0;
    request->has_places[PEL_PLACEMENT_SPREAD] = strcmp(text, "compact") != 0;
    if (strcmp(text, "compact") != 0 && strcmp(text, "spread") != 0 && strcmp(text, "compact,spread") != 0 &&
        strcmp(text, "spread,compact") != 0)
        argp_error(state, "--places is compact, spread or compact,spread, not \"%s\"", text);
}

static void parse_script(struct argp_state *state, const char *text, arguments *a)
{
    static const char name[] = "slurm";
    const size_t length = strcspn(text, "=");
    if (length != strlen(name) || strncmp(text, name, length) != 0)
        argp_error(state, "--script writes for slurm, or slurm=FILE, not for \"%s\"; its lines can be changed by hand",
                   text);
    if (text[length] && !text[length + 1]) argp_error(state, "--script slurm= needs the name of a file, or no =");
    a->is_script = true;
    a->script.path = text[length] ? text + length + 1 : NULL;
}

static void finish(struct argp_state *state, arguments *a)
{
    scale_request *q = &a->request;
    if (!a->deck.path) argp_error(state, "which deck? Give the path of a YAML file");
    if (q->is_resume && q->is_overwrite) argp_error(state, "--resume and --overwrite exclude each other");
    if (q->steps > 0 && q->seconds > 0) argp_error(state, "--steps and --seconds exclude each other");
    if (q->steps == 1) argp_error(state, "--steps 1 leaves nothing to measure after the warm-up; give 2 or more");
    if (q->grow && q->has_mode[SCALE_STRONG] && !q->has_mode[SCALE_WEAK])
        argp_error(state, "--grow is of weak points, and there are none with --strong alone");
    for (int i = 0; i < a->deck.set_count; i++)
        if (strncmp(a->deck.sets[i], "run.threads=", 12) == 0 || strncmp(a->deck.sets[i], "run.placement=", 14) == 0)
            argp_error(state, "--set %s: the study sets it; use --threads and --places", a->deck.sets[i]);
    if (a->script.node && !a->is_script)
        argp_error(state, "--node is of --script slurm; a study here is of this machine");
    if (a->is_script && q->is_overwrite)
        argp_error(state, "--overwrite and --script exclude each other: each submission would begin the study anew");
    a->script.is_quiet = a->is_quiet;
    if (q->seconds == 0) q->seconds = 2;
    if (q->rounds == 0) q->rounds = 5;
    q->deck_path = a->deck.path;
    q->sets = a->deck.sets;
    q->set_count = a->deck.set_count;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
    arguments *a = state->input;
    scale_request *q = &a->request;
    switch (key) {
    case ARGP_KEY_INIT:
        state->child_inputs[0] = &a->deck;
        break;
    case 't':
        parse_threads(state, argument, q);
        break;
    case OPTION_STRONG:
        q->has_mode[SCALE_STRONG] = true;
        break;
    case OPTION_WEAK:
        q->has_mode[SCALE_WEAK] = true;
        break;
    case OPTION_PLACES:
        parse_places(state, argument, q);
        break;
    case OPTION_REPEAT:
        q->rounds = (int)command_count(state, "--repeat", argument, SCALE_MOST_ROUNDS);
        break;
    case OPTION_STEPS:
        q->steps = command_count(state, "--steps", argument, 1000000000);
        break;
    case OPTION_SECONDS:
        q->seconds = command_seconds(state, "--seconds", argument, "", 0.01, 1e5);
        break;
    case OPTION_GROW:
        q->grow = argument;
        break;
    case 'o':
        q->folder = argument;
        break;
    case OPTION_RESUME:
        q->is_resume = true;
        break;
    case OPTION_OVERWRITE:
        q->is_overwrite = true;
        break;
    case OPTION_SCRIPT:
        parse_script(state, argument, a);
        break;
    case OPTION_NODE:
        a->script.node = argument;
        break;
    case 'q':
        a->is_quiet = true;
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

int command_scale(int argc, char **argv)
{
    static const struct argp_child children[] = {{&command_set_argp, 0, NULL, 0}, {0}};
    static const struct argp argp = {
        .options = options, .parser = parse, .args_doc = "DECK", .doc = help, .children = children};
    arguments a = {0};
    command_parse(&argp, argc, argv, &a);
    pel_log_set_quiet(a.is_quiet);
    if (a.is_script) return command_finish(scale_slurm_write(&a.request, &a.script, command_apps, command_app_count));
    return command_finish(scale_run(&a.request, command_apps, command_app_count));
}
