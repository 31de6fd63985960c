/* Figures of a machine: whose they are, where they are kept, and looking them up.
 *
 * The identity holds all that the figures depend on, and nothing else: equal nodes of a cluster share one file. The
 * host's name is no part of it. What the process may use is, domain by domain: four threads in one domain have a
 * fraction of the bandwidth that they have in four. So is a limit of OpenMP's threads, and how the measuring kernels
 * are built: without vectors a core's peak is another. Memory counts to the next power of two, which tells channels
 * half full from full ones; a kernel takes a little away, and a virtual machine's grows and shrinks. */
#include "exec/machine_figures.h"

#include <math.h>
#include <omp.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/log.h"
#include "machine/grant.h"
#include "machine/kernels.h"

/* ---- whose they are ---- */

static void add_caches(const pel_topology *here, pel_text *identity)
{
    for (int level = 1; level <= 3; level++)
        pel_text_add(identity, "; L%d %zu of %d", level, pel_topology_cache_bytes(here, 0, level),
                     pel_topology_cache_sharers(here, 0, level));
}

/* Of each domain: its cores, and how many hardware threads of them the process may use. */
static void add_domains(const pel_topology *here, pel_text *identity)
{
    for (int domain = 0; domain < pel_topology_domains(here); domain++) {
        int cores = 0, usable = 0, allowed = 0;
        for (int core = 0; core < pel_topology_cores(here); core++) {
            if (pel_topology_core_domain(here, core) != domain) continue;
            int here_allowed = 0;
            for (int i = 0; i < pel_topology_core_width(here, core); i++)
                here_allowed += pel_topology_core_allows(here, core, i);
            cores++, usable += here_allowed > 0, allowed += here_allowed;
        }
        pel_text_add(identity, "; domain %d: %d of %d cores, %d processors", domain, usable, cores, allowed);
    }
}

void pel_figures_identity(const pel_topology *here, pel_text *identity)
{
    pel_grant grant;
    pel_grant_read("", &grant);
    pel_text_add(identity, "%s; %d packages, %d cores, %d processors", pel_machine_processor(),
                 pel_topology_packages(here), pel_topology_cores(here), pel_topology_processors(here));
    add_caches(here, identity);
    add_domains(here, identity);
    const double memory = (double)pel_topology_memory_bytes(here);
    pel_text_add(identity, "; memory %g GiB", memory > 0 ? exp2(ceil(log2(memory))) / (1 << 30) : 0);
    const int limit = omp_get_thread_limit();
    if (limit < grant.processors) pel_text_add(identity, "; OpenMP gives %d threads", limit);
    pel_text_add(identity, "; granted %d, quota %g; %s; %s", grant.processors, grant.quota,
                 pel_grant_user_binds() ? "placed by the user" : "placed by Pelagos", pel_kernels_build());
}

/* ---- where they are ---- */

static pel_status add_cache_folder(pel_text *path)
{
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    if (cache && cache[0] == '/') pel_text_add(path, "%s", cache); /* what is not absolute does not count: XDG */
    else if (home && home[0] == '/') pel_text_add(path, "%s/.cache", home);
    else
        return pel_fail(PEL_ERR_FILE,
                        "there is no folder to keep figures of the machine in: neither XDG_CACHE_HOME nor "
                        "HOME is an absolute path; set one of them");
    return PEL_OK;
}

pel_status pel_figures_path(const char *identity, char **path)
{
    pel_text text = {0};
    pel_status status = add_cache_folder(&text);
    if (status == PEL_OK) {
        pel_text_add(&text, "/pelagos/machine-%016llx.json", (unsigned long long)pel_hash_text(identity));
        status = text.lost ? pel_fail(PEL_ERR_MEMORY, "out of memory") : pel_text_copy(pel_text_get(&text), path);
    }
    pel_text_free(&text);
    return status;
}

static pel_status find(const pel_topology *here, pel_figures *figures)
{
    pel_text identity = {0};
    char *path = NULL;
    pel_figures_identity(here, &identity);
    pel_status status = pel_figures_path(pel_text_get(&identity), &path);
    if (status == PEL_OK) status = pel_figures_load(path, pel_text_get(&identity), figures);
    pel_text_free(&identity);
    free(path);
    return status;
}

bool pel_figures_find(const pel_topology *here, pel_figures *figures)
{
    static bool has_warned;
    *figures = (pel_figures){0};
    const pel_status status = find(here, figures);
    if (status == PEL_ERR_CORRUPT && !has_warned) {
        pel_log_warning("%s", pel_failure());
        has_warned = true;
    }
    return status == PEL_OK && figures->count > 0;
}

/* ---- looking up ---- */

typedef double row_value(const pel_figures_row *row, int which);

static double bandwidth_of(const pel_figures_row *row, int level)
{
    return row->bandwidth[level];
}

static double peak_of(const pel_figures_row *row, int unused)
{
    (void)unused;
    return row->peak;
}

/* In proportion between two measured numbers of threads; what is beyond them is as at the nearest. */
static double interpolate(const pel_figures *figures, int threads, row_value *value, int which)
{
    if (figures->count == 0) return NAN;
    int above = 0;
    while (above < figures->count && figures->row[above].threads < threads) above++;
    if (above == figures->count) return value(&figures->row[above - 1], which);
    const pel_figures_row *high = &figures->row[above], *low = high - (above > 0);
    if (high->threads == threads || above == 0) return value(high, which);
    const double part = (double)(threads - low->threads) / (high->threads - low->threads);
    return value(low, which) + part * (value(high, which) - value(low, which));
}

double pel_figures_bandwidth(const pel_figures *figures, pel_memory_level level, int threads)
{
    return interpolate(figures, threads, bandwidth_of, (int)level);
}

double pel_figures_peak(const pel_figures *figures, int threads)
{
    return interpolate(figures, threads, peak_of, 0);
}

const char *pel_memory_level_name(pel_memory_level level)
{
    static const char *const names[] = {
        [PEL_LEVEL_L1] = "L1", [PEL_LEVEL_L2] = "L2", [PEL_LEVEL_L3] = "L3", [PEL_LEVEL_MEMORY] = "memory"};
    return names[level];
}
