/* The load. /proc/stat (proc(5)) has a line a processor: cpuN user nice system idle iowait irq softirq steal ..., in
 * ticks of the clock; time in guests is in user already. On a shared node only the processors that this process may use
 * count. */
#include "machine/load.h"

#include <limits.h>
#include <math.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum { USER, NICE, SYSTEM, IDLE, IOWAIT, IRQ, SOFTIRQ, STEAL, FIGURES };

/* One processor's line; those of kernels without steal lack it. */
static bool read_line(const char *line, int *processor, double ticks[FIGURES])
{
    int used = 0;
    if (strncmp(line, "cpu ", 4) == 0) return false; /* all of them together */
    if (sscanf(line, "cpu%d%n", processor, &used) != 1) return false;
    memset(ticks, 0, FIGURES * sizeof *ticks);
    for (int i = 0; i < FIGURES; i++) {
        int more = 0;
        if (sscanf(line + used, "%lf%n", &ticks[i], &more) != 1) break;
        used += more;
    }
    return true;
}

pel_load pel_load_read(const char *root)
{
    char path[PATH_MAX], line[1024];
    cpu_set_t allowed;
    const bool knows_mask = !*root && sched_getaffinity(0, sizeof allowed, &allowed) == 0;
    const double tick = 1.0 / (double)sysconf(_SC_CLK_TCK);
    pel_load load = {.clock = pel_clock_seconds()};
    snprintf(path, sizeof path, "%s/proc/stat", root);
    FILE *file = fopen(path, "r");
    if (!file) return load;
    while (fgets(line, sizeof line, file)) {
        int processor;
        double t[FIGURES];
        if (!read_line(line, &processor, t)) continue;
        if (knows_mask && (processor >= CPU_SETSIZE || !CPU_ISSET((size_t)processor, &allowed))) continue;
        load.busy += tick * (t[USER] + t[NICE] + t[SYSTEM] + t[IRQ] + t[SOFTIRQ]);
        load.stolen += tick * t[STEAL];
        load.processors++;
    }
    fclose(file);
    return load;
}

static bool can_tell(pel_load from, pel_load to)
{
    return from.processors > 0 && to.processors == from.processors && to.clock > from.clock;
}

/* Ticks are coarse: what comes out below nothing is nothing. */
double pel_load_of_others(pel_load from, pel_load to, double own)
{
    if (!can_tell(from, to)) return NAN;
    return fmax(0, (to.busy - from.busy - own) / (to.clock - from.clock));
}

double pel_load_steal(pel_load from, pel_load to)
{
    if (!can_tell(from, to)) return NAN;
    return fmax(0, (to.stolen - from.stolen) / ((to.clock - from.clock) * from.processors));
}
