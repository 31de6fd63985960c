/*
 * What is really granted, from the affinity mask and the files of cgroups (Linux, Documentation/admin-guide/cgroup-v2
 * and cgroup-v1).
 *
 * /proc/self/cgroup has lines "id:controllers:path": for v2 the id is 0 and there are no controllers; for v1 "cpu" and
 * "cpuset" stand in the list. A limit of any group on the way up holds too. In a container the path may name folders
 * that the container does not see: what is missing is passed over on the way up, and the top one is the container's.
 */
#include "machine/grant.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = 4096, MOST_PROCESSORS = 1 << 16 };

/* The first line of `folder`/`name` without its newline; false if there is none. */
static bool read_line(const char *folder, const char *name, char line[LINE_BYTES])
{
    char path[2 * PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (!file) return false;
    const bool found = fgets(line, LINE_BYTES, file) != NULL;
    fclose(file);
    if (found) line[strcspn(line, "\n")] = '\0';
    return found;
}

/* v2, "max 100000" or "150000 100000": microseconds of CPU in a period; 0 for no limit. */
static double read_quota_v2(const char *folder)
{
    char line[LINE_BYTES];
    double quota, period;
    if (!read_line(folder, "cpu.max", line) || sscanf(line, "%lf %lf", &quota, &period) != 2) return 0;
    return quota > 0 && period > 0 ? quota / period : 0;
}

/* v1: the same in two files, -1 for no limit. */
static double read_quota_v1(const char *folder)
{
    char quota[LINE_BYTES], period[LINE_BYTES];
    if (!read_line(folder, "cpu.cfs_quota_us", quota) || !read_line(folder, "cpu.cfs_period_us", period)) return 0;
    const double q = strtod(quota, NULL), p = strtod(period, NULL);
    return q > 0 && p > 0 ? q / p : 0;
}

/* How many processors a list as "0-3,7" has; 0 for none. */
static double count_list(const char *list)
{
    long count = 0;
    while (*list) {
        char *end;
        const long first = strtol(list, &end, 10);
        if (end == list) break;
        long last = first;
        if (*end == '-') last = strtol(end + 1, &end, 10);
        if (last >= first) count += last - first + 1;
        list = *end == ',' ? end + 1 : end;
        if (*end != ',') break;
    }
    return (double)count;
}

static double read_cpuset_v2(const char *folder)
{
    char line[LINE_BYTES];
    return read_line(folder, "cpuset.cpus.effective", line) ? count_list(line) : 0;
}

static double read_cpuset_v1(const char *folder)
{
    char line[LINE_BYTES];
    const bool found = read_line(folder, "cpuset.effective_cpus", line) || read_line(folder, "cpuset.cpus", line);
    return found ? count_list(line) : 0;
}

/* The least limit above 0 of the group `path` below `mount` and of all groups above it; `least` where none has one. */
static double climb(const char *mount, const char *path, double (*limit)(const char *folder), double least)
{
    char folder[PATH_MAX];
    const int written = snprintf(folder, sizeof folder, "%s%s", mount, path);
    if (written < 0 || written >= (int)sizeof folder) return least;
    const size_t top = strlen(mount);
    for (size_t length = (size_t)written;; length--) {
        if (length != top && folder[length] != '/' && folder[length] != '\0') continue;
        folder[length] = '\0';
        const double here = limit(folder);
        if (here > 0 && (least == 0 || here < least)) least = here;
        if (length == top) return least;
    }
}

static bool lists(const char *controllers, const char *name)
{
    const size_t length = strlen(name);
    for (const char *at = controllers; (at = strstr(at, name)); at += length) {
        const bool starts = at == controllers || at[-1] == ',', ends = !at[length] || at[length] == ',';
        if (starts && ends) return true;
    }
    return false;
}

typedef struct limit_source {
    const char *controller; /* of v1 */
    double (*v1)(const char *folder), (*v2)(const char *folder);
} limit_source;

static const limit_source quota_source = {"cpu", read_quota_v1, read_quota_v2};
static const limit_source cpuset_source = {"cpuset", read_cpuset_v1, read_cpuset_v2};

/* Where one line of /proc/self/cgroup leads. v1 mounts are named after all controllers or after the one, v2 beside v1
 * is "unified". */
static double limit_of_line(const char *root, char *line, const limit_source *source, double least)
{
    char *controllers = strchr(line, ':'), *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path) return least;
    *path++ = '\0';
    controllers++;
    const bool v2 = !*controllers;
    if (!v2 && !lists(controllers, source->controller)) return least;
    const char *const names[] = {v2 ? "" : controllers, v2 ? "unified" : source->controller};
    for (int i = 0; i < 2; i++) {
        char mount[PATH_MAX];
        const int written = snprintf(mount, sizeof mount, "%s/sys/fs/cgroup/%s", root, names[i]);
        if (written < 0 || written >= (int)sizeof mount || access(mount, X_OK) != 0) continue;
        if (mount[written - 1] == '/') mount[written - 1] = '\0';
        least = climb(mount, path, v2 ? source->v2 : source->v1, least);
    }
    return least;
}

static double least_limit(const char *root, const limit_source *source)
{
    char path[PATH_MAX], line[LINE_BYTES];
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *file = fopen(path, "r");
    if (!file) return 0;
    double least = 0;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = '\0';
        least = limit_of_line(root, line, source, least);
    }
    fclose(file);
    return least;
}

double pel_grant_quota(const char *root)
{
    return least_limit(root, &quota_source);
}

int pel_grant_cpuset(const char *root)
{
    return (int)least_limit(root, &cpuset_source);
}

bool pel_grant_user_binds(void)
{
    return getenv("OMP_PROC_BIND") || getenv("OMP_PLACES") || getenv("GOMP_CPU_AFFINITY");
}

static int online_processors(void)
{
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    return online < 1 ? 1 : (int)online;
}

/* Processors in the calling thread's mask. The kernel refuses sets smaller than its own, so larger ones are tried. */
static int mask_processors(void)
{
    for (int most = CPU_SETSIZE; most <= MOST_PROCESSORS; most *= 2) {
        cpu_set_t *set = CPU_ALLOC((size_t)most);
        if (!set) break;
        const size_t bytes = CPU_ALLOC_SIZE((size_t)most);
        const int refused = sched_getaffinity(0, bytes, set) != 0 ? errno : 0;
        const int count = refused ? 0 : CPU_COUNT_S(bytes, set);
        CPU_FREE(set);
        if (count > 0) return count;
        if (refused != EINVAL) break;
    }
    return online_processors();
}

void pel_grant_read(const char *root, pel_grant *grant)
{
    int mask = pel_grant_user_binds() ? online_processors() : mask_processors();
    const int cpuset = pel_grant_cpuset(root);
    if (cpuset > 0 && cpuset < mask) mask = cpuset;
    const double quota = pel_grant_quota(root), whole = quota > 0 ? floor(quota + 0.5) : mask;
    *grant = (pel_grant){.processors = whole < mask ? (int)whole : mask, .mask = mask, .quota = quota};
    if (grant->processors < 1) grant->processors = 1;
}
