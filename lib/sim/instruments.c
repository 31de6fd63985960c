/* The instruments of a run. None of them may fail a run whose results are good; where a trace cannot be written is
 * found out before it begins. */
#include "sim/instruments.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

enum {
    MOST_SPANS = 1 << 20,   /* of all threads: a file of 100 MB, which viewers still open */
    FEWEST_SPANS = 1 << 12, /* of a thread */
};

static const double energy_every = 10;   /* seconds; a reading takes some system calls */
static const double energy_longest = 60; /* seconds after which a counter may have wrapped around unseen */

/* ---- the trace ---- */

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

void pel_instruments_check(pel_params *params)
{
    const char *path = pel_params_text(params, "run.trace"), *name = last_part(path);
    const size_t length = strlen(name);
    const bool is_json = length > 5 && strcmp(name + length - 5, ".json") == 0;
    if (path[0] && (!is_json || strcmp(name, "report.json") == 0))
        pel_params_error(params, "run.trace",
                         "run.trace is %s; it ends in .json, and report.json is taken (trace.json, say)", path);
}

static pel_status path_of_trace(const char *name, const char *folder, char **path)
{
    pel_text text = {0};
    if (name[0] != '/') pel_text_add(&text, "%s/", folder);
    pel_text_add(&text, "%s", name);
    const pel_status status = pel_text_copy(pel_text_get(&text), path);
    pel_text_free(&text);
    return status;
}

static pel_status check_place(const char *path, bool may_exist)
{
    struct stat found;
    if (stat(path, &found) == 0 && !(may_exist && S_ISREG(found.st_mode)))
        return pel_fail(PEL_ERR_EXISTS, "run.trace: %s is there already; give the trace another name, or move it away",
                        path);
    char *folder = NULL;
    PEL_TRY(pel_text_copy(path, &folder));
    folder[last_part(path) - path] = '\0'; /* there is a slash: the folder of the run, or the path is absolute */
    pel_status status = PEL_OK;
    if (access(folder, W_OK | X_OK) != 0)
        status = pel_fail(PEL_ERR_FILE, "run.trace: nothing can be written into %s: %s", folder, strerror(errno));
    free(folder);
    return status;
}

static pel_status start_trace(pel_instruments *in, const char *name, const pel_team *team, const char *folder,
                              bool may_exist)
{
    PEL_TRY(path_of_trace(name, folder, &in->trace_path));
    PEL_TRY(check_place(in->trace_path, may_exist));
    const int processors = pel_topology_processors(pel_team_topology(team)); /* a team may grow so far */
    const int threads = pel_team_threads(team) > processors ? pel_team_threads(team) : processors;
    const int spans = MOST_SPANS / pel_team_threads(team);
    return pel_trace_create(threads, (size_t)(spans > FEWEST_SPANS ? spans : FEWEST_SPANS), &in->trace);
}

/* ---- energy ---- */

/* A meter that fails or was not read in time is worth nothing any more. */
static void read_energy(pel_instruments *in)
{
    const double now = pel_clock_seconds();
    if (!in->energy) return;
    double joules;
    const bool is_good = now - in->energy_read_at < energy_longest && pel_energy_read(in->energy, &joules) == PEL_OK;
    in->energy_read_at = now;
    if (is_good) in->joules = joules - in->joules_before;
    if (is_good) return;
    pel_energy_close(in->energy);
    in->energy = NULL;
}

/* ---- all of them ---- */

pel_status pel_instruments_start(pel_instruments *instruments, const pel_params *params, pel_team *team,
                                 const char *folder, bool may_exist)
{
    const char *name = pel_params_text(params, "run.trace");
    if (name[0]) PEL_TRY(start_trace(instruments, name, team, folder, may_exist));
    if (pel_params_flag(params, "run.counters")) PEL_TRY(pel_team_counters_make(team));
    instruments->energy_read_at = pel_clock_seconds();
    if (pel_energy_open("", &instruments->energy) != PEL_OK) instruments->energy = NULL; /* most machines do not tell */
    return PEL_OK;
}

void pel_instruments_look(pel_instruments *instruments)
{
    if (pel_clock_seconds() - instruments->energy_read_at > energy_every) read_energy(instruments);
}

void pel_instruments_begin(pel_instruments *instruments)
{
    read_energy(instruments);
    instruments->joules_before += instruments->joules;
    instruments->joules = 0;
}

void pel_instruments_finish(pel_instruments *instruments)
{
    read_energy(instruments);
    if (!instruments->trace || pel_trace_write(instruments->trace, instruments->trace_path) == PEL_OK) return;
    pel_log_warning("there is no trace: %s", pel_failure());
    free(instruments->trace_path);
    instruments->trace_path = NULL;
}

void pel_instruments_release(pel_instruments *instruments)
{
    pel_trace_destroy(instruments->trace);
    pel_energy_close(instruments->energy);
    free(instruments->trace_path);
    *instruments = (pel_instruments){0};
}
