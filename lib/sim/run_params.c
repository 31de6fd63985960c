/*
 * The parameters that every run has: grid, time, output, how to run. The entries of `output` are read in sim/output.c;
 * those of `grid` and `time` in sim/component.c; the rest in sim/run.c. An app without a grid has no `grid`, steps by
 * itself, and so has none of the keys of steppers and tilings either.
 */
#include "sim/run.h"

#define PRECISIONS "double|float"

static const pel_param snapshot_params[] = {
    {"name", PEL_PARAM_TEXT, .initial = "snapshots", .is_free = true, .help = "Name of the file, without .nc."},
    {"every", PEL_PARAM_CADENCE, .is_free = true, .help = "How often a record is written."},
    {"fields", PEL_PARAM_TEXTS, .initial = "", .is_free = true,
     .help = "Which fields; default: the app's prognostic ones."},
    {"tables", PEL_PARAM_TEXTS, .initial = "", .is_free = true,
     .help = "Which tables of the app (drifters), each column a variable; default: none."},
    {"precision", PEL_PARAM_CHOICE, .initial = "double", .choices = PRECISIONS, .is_free = true,
     .help = "Precision of the values in the file."},
    {"compress", PEL_PARAM_INT, .initial = "0", .least = 0, .most = 9, .is_free = true,
     .help = "Level of compression; 0 is none."},
    {"stride", PEL_PARAM_INTS, .initial = "1", .least = 1, .most = 1e9, .least_count = 1, .most_count = 3,
     .is_free = true,
     .help = "Every how many points are written, one a dimension or one for all; layers stay whole with one."},
    {"box", PEL_PARAM_INTS, .initial = "", .is_free = true,
     .help = "Points to write, [low, high) a dimension: [x0, x1, y0, y1]; default: all. Layers may be left out."},
    {0},
};

static const pel_param average_params[] = {
    {"name", PEL_PARAM_TEXT, .initial = "averages", .is_free = true, .help = "Name of the file, without .nc."},
    {"every", PEL_PARAM_CADENCE, .is_free = true, .help = "How long a time each average spans."},
    {"sample", PEL_PARAM_CADENCE, .initial = "1 steps", .is_free = true, .help = "How often a sample is taken."},
    {"fields", PEL_PARAM_TEXTS, .initial = "", .is_free = true,
     .help = "Which fields; default: the app's prognostic ones."},
    {"variance", PEL_PARAM_FLAG, .initial = "false", .is_free = true, .help = "Whether variances are written too."},
    {"precision", PEL_PARAM_CHOICE, .initial = "double", .choices = PRECISIONS, .is_free = true,
     .help = "Precision of the values in the file."},
    {"compress", PEL_PARAM_INT, .initial = "0", .least = 0, .most = 9, .is_free = true,
     .help = "Level of compression; 0 is none."},
    {0},
};

static const pel_param head_params[] = {
    {"title", PEL_PARAM_TEXT, .initial = "", .is_free = true,
     .help = "What the run is, in a person's words; goes into every file."},
    {"app", PEL_PARAM_TEXT, .help = "The model: see `pelagos apps`."},
    {0},
};

#define TIME_END(unit)                                                                                                 \
    {                                                                                                                  \
        "time.end", PEL_PARAM_REAL, unit,                                                                              \
            .least = 0, .most = -1, .is_free = true,                                                                   \
            .help = "Model time of the end: the first step at or past it; `run --steps N` counts steps instead."       \
    }

static const pel_param grid_params[] = {
    {"grid.cells", PEL_PARAM_INTS, .least = 1, .most = 1e9, .least_count = 1, .most_count = 3,
     .help = "Cells along x, y, z; as many numbers as the grid has dimensions."},
    {"grid.extent", PEL_PARAM_REALS, "m", .is_exclusive = true, .least_count = 1, .most_count = 3,
     .help = "Length of the grid along each dimension."},
    {"grid.origin", PEL_PARAM_REALS, "m", .initial = "0", .least_count = 1, .most_count = 3,
     .help = "Coordinate of the low edge along each dimension, or one for all."},
    {"grid.boundary", PEL_PARAM_SIDES, .initial = "wall", .choices = "periodic|wall|value|gradient",
     .help = "What stands at each side; an app may support only some of these."},

    {"time.scheme", PEL_PARAM_CHOICE, .initial = "ssp-rk3", .choices = PEL_SCHEME_NAMES,
     .help = "How time is stepped."},
    {"time.start", PEL_PARAM_CHOICE, .initial = "rk3", .choices = "rk3|euler",
     .help = "How ab3 makes its first two steps; rk3 means rk4 where the app takes a linear decay exactly."},
    {"time.filter", PEL_PARAM_REAL, "", .initial = "0.1", .least = 0, .most = 1,
     .help = "leapfrog: strength nu of the Robert-Asselin-Williams filter; 0: none."},
    {"time.filter-alpha", PEL_PARAM_REAL, "", .initial = "0.53", .least = 0.01, .most = 1,
     .help = "leapfrog: alpha of the Robert-Asselin-Williams filter."},
    {"time.step", PEL_PARAM_REAL, "s", .initial = "auto", .choices = "auto", .is_exclusive = true,
     .help = "The time step; auto: a fraction of the app's stability limit."},
    {"time.step-every", PEL_PARAM_INT, .initial = "20", .least = 1, .most = 1e9,
     .help = "Every how many steps an automatic step is computed anew."},
    {"time.safety", PEL_PARAM_REAL, "", .initial = "0.8", .least = 0, .most = 1, .is_exclusive = true,
     .help = "The fraction of the stability limit that an automatic step takes."},
    TIME_END("s"),
    {"time.calendar", PEL_PARAM_CHOICE, .initial = "365_day", .choices = "365_day|360_day|366_day|standard",
     .help = "CF calendar of times in files, and the length of years and months in this deck."},
    {"time.reference", PEL_PARAM_TEXT, .initial = "2000-01-01 00:00:00", .help = "The date of model time 0 in files."},
    {0},
};

static const pel_param clock_params[] = {
    {"time.step", PEL_PARAM_REAL, "{time}", .is_exclusive = true, .help = "The time step."},
    TIME_END("{time}"),
    {0},
};

static const pel_param output_params[] = {
    {"output.series.every", PEL_PARAM_CADENCE, .initial = "never", .is_free = true,
     .help = "How often the app's scalars go to series.nc."},
    {"output.snapshots", PEL_PARAM_LIST, .initial = "", .items = snapshot_params, .is_free = true,
     .help = "Streams of fields, one a file."},
    {"output.averages", PEL_PARAM_LIST, .initial = "", .items = average_params, .is_free = true,
     .help = "Streams of time averages, one a file."},
    {"output.checkpoints.every", PEL_PARAM_CADENCE, .initial = "30 min wall", .is_free = true,
     .help = "How often a checkpoint is written; one is always written at the end."},
    {"output.checkpoints.keep", PEL_PARAM_INT, .initial = "3", .least = 1, .most = 1e9, .is_free = true,
     .help = "How many of the newest checkpoints are kept."},
    {"output.enabled", PEL_PARAM_FLAG, .initial = "true", .is_free = true,
     .help = "false: no records and no checkpoints, only log and report, whatever else is said here: for measuring."},
    {"output.buffer", PEL_PARAM_CHOICE, .initial = "0", .choices = "0", .is_free = true,
     .help = "Records are written before the run goes on (0); there is no staging buffer to overlap them with it yet."},
    {0},
};

static const pel_param run_params[] = {
    {"run.threads", PEL_PARAM_INT, .initial = "auto", .choices = "auto", .least = 1, .most = 4096, .is_free = true,
     .help = "Threads; auto: one for each processor that the machine grants, also when that changes during the run."},
    {"run.placement", PEL_PARAM_CHOICE, .initial = "auto", .choices = "auto|compact|spread|none", .is_free = true,
     .help = "Which cores threads are bound to: compact, the first ones; spread, evenly over all; none: left to the "
             "system; auto: spread where they are as many as the machine grants, else none."},
    {"run.trace", PEL_PARAM_TEXT, .initial = "", .is_free = true,
     .help = "File (.json, relative to the run's folder) for a trace of all threads, to open in Perfetto."},
    {"run.counters", PEL_PARAM_FLAG, .initial = "false", .is_free = true,
     .help = "Count how long each thread works and waits; costs next to nothing, and never changes the result."},
    {"run.seed", PEL_PARAM_INT, .initial = "1", .least = 0, .most = 9e15, .help = "Seed of the random numbers."},
    {"run.wall-limit", PEL_PARAM_REAL, "s", .initial = "none", .choices = "none", .is_exclusive = true, .is_free = true,
     .help = "Wall-clock time after which the run stops with a checkpoint; also SLURM_JOB_END_TIME counts."},
    {"run.stretch", PEL_PARAM_REAL, "s", .initial = "1", .is_exclusive = true, .is_free = true,
     .help = "About how long the run steps before it looks at signals, progress and the state."},
    {"run.measure-bandwidth", PEL_PARAM_FLAG, .initial = "false", .is_free = true,
     .help = "Measure the memory bandwidth at the end, to compare with in the report; else what `pelagos machine "
             "--measure` has kept is taken."},
    {0},
};

/* Of what the chains of a step are tiled with. */
static const pel_param tiling_params[] = {
    {"run.tiling", PEL_PARAM_CHOICE, .initial = "auto", .choices = "auto|reference|spatial|temporal", .is_free = true,
     .help = "How loops are cut into tiles; never changes the result."},
    {"run.tile", PEL_PARAM_INTS, .initial = "auto", .choices = "auto", .least = 1, .most = 1e9, .least_count = 1,
     .most_count = 3, .is_free = true, .help = "Points of a tile along x, y, z, where tiling is spatial."},
    {"run.pitch", PEL_PARAM_INT, .initial = "auto", .choices = "auto", .least = 1, .most = 1e9, .is_free = true,
     .help = "Points from one tile in time to the next; raised to what the loops reach."},
    {"run.height", PEL_PARAM_INT, .initial = "auto", .choices = "auto", .least = 1, .most = 1e9, .is_free = true,
     .help = "Steps over which a tile in time grows."},
    {"run.chunk", PEL_PARAM_INT, .initial = "auto", .choices = "auto", .least = 1, .most = 1e9, .is_free = true,
     .help = "Points by which the wavefront in a tile in time moves on."},
    {"run.row", PEL_PARAM_INT, .initial = "auto", .choices = "auto", .least = 1, .most = 1e9, .is_free = true,
     .help = "Points of a row that a tile in time takes at once, on a grid of three dimensions."},
    {"run.check-access", PEL_PARAM_FLAG, .initial = "false", .is_free = true,
     .help = "Check that kernels touch only what they declare; slow."},
    {"run.order", PEL_PARAM_INT, .initial = "0", .least = 0, .most = 1e9, .is_free = true,
     .help = "Seed of an adversarial order of tiles, for tests; 0: the natural order."},
    {0},
};

int pel_run_params(const pel_app *app, const pel_param *tables[PEL_RUN_TABLES])
{
    const bool has_grid = !app || !app->is_gridless;
    int count = 0;
    tables[count++] = head_params;
    tables[count++] = has_grid ? grid_params : clock_params;
    tables[count++] = output_params;
    tables[count++] = run_params;
    if (has_grid) tables[count++] = tiling_params;
    if (app && app->params) tables[count++] = app->params;
    return count;
}
