/*
 * Energy counters of Linux's powercap tree (Documentation/power/powercap/powercap.rst).
 *
 * A zone is a folder intel-rapl:N (AMD's are named so too) with its name, its counter energy_uj in microjoules, and
 * max_energy_range_uj, where the counter goes back to 0. Packages are counted, and of their parts only memory ("dram"),
 * as the package's counter holds all others. A "psys" zone, which holds everything again, is left out.
 */
#include "machine/energy.h"

#include <errno.h>
#include <glob.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

typedef struct zone {
    char *counter;        /* path of energy_uj */
    uint64_t range, last; /* microjoules */
} zone;

struct pel_energy {
    size_t zones;
    uint64_t total; /* microjoules */
    zone zone[];
};

static pel_status read_number(const char *path, uint64_t *number)
{
    FILE *file = fopen(path, "r");
    if (!file)
        return pel_fail(PEL_ERR_SYSTEM, "energy counters are not available: %s: %s%s", path, strerror(errno),
                        errno == EACCES ? "; ask the administrator for read permission" : "");
    const bool read = fscanf(file, "%" SCNu64, number) == 1;
    fclose(file);
    if (!read) return pel_fail(PEL_ERR_SYSTEM, "energy counters are not available: %s holds no number", path);
    return PEL_OK;
}

/* Whether the zone in `folder` is one to count. */
static bool counts(const char *folder)
{
    char path[PATH_MAX], name[64] = "";
    snprintf(path, sizeof path, "%s/name", folder);
    FILE *file = fopen(path, "r");
    if (!file) return false;
    const bool read = fgets(name, sizeof name, file) != NULL;
    fclose(file);
    name[strcspn(name, "\n")] = '\0';
    return read && (strncmp(name, "package", 7) == 0 || strcmp(name, "dram") == 0);
}

static pel_status add_zone(pel_energy *meter, const char *folder)
{
    zone *fresh = &meter->zone[meter->zones];
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/max_energy_range_uj", folder);
    PEL_TRY(read_number(path, &fresh->range));
    snprintf(path, sizeof path, "%s/energy_uj", folder);
    PEL_TRY(read_number(path, &fresh->last));
    PEL_TRY(pel_text_copy(path, &fresh->counter));
    meter->zones++;
    return PEL_OK;
}

static pel_status add_zones(pel_energy *meter, const glob_t *folders)
{
    for (size_t i = 0; i < folders->gl_pathc; i++)
        if (counts(folders->gl_pathv[i])) PEL_TRY(add_zone(meter, folders->gl_pathv[i]));
    if (meter->zones > 0) return PEL_OK;
    return pel_fail(PEL_ERR_SYSTEM, "energy counters are not available: no package under /sys/class/powercap");
}

static pel_status open_meter(const glob_t *folders, pel_energy **meter)
{
    pel_energy *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh + folders->gl_pathc * sizeof *fresh->zone, &fresh));
    const pel_status status = add_zones(fresh, folders);
    if (status == PEL_OK) *meter = fresh;
    else pel_energy_close(fresh);
    return status;
}

pel_status pel_energy_open(const char *root, pel_energy **meter)
{
    char pattern[PATH_MAX];
    snprintf(pattern, sizeof pattern, "%s/sys/class/powercap/intel-rapl:*", root);
    glob_t folders;
    const int found = glob(pattern, 0, NULL, &folders);
    pel_status status;
    if (found == 0) status = open_meter(&folders, meter);
    else if (found == GLOB_NOSPACE) status = pel_fail(PEL_ERR_MEMORY, "out of memory for the energy counters");
    else status = pel_fail(PEL_ERR_SYSTEM, "energy counters are not available: no %s", pattern);
    globfree(&folders);
    return status;
}

static uint64_t used(const zone *counter, uint64_t now)
{
    return now >= counter->last ? now - counter->last : counter->range - counter->last + now;
}

pel_status pel_energy_read(pel_energy *meter, double *joules)
{
    for (size_t i = 0; i < meter->zones; i++) {
        uint64_t now;
        PEL_TRY(read_number(meter->zone[i].counter, &now));
        meter->total += used(&meter->zone[i], now);
        meter->zone[i].last = now;
    }
    *joules = (double)meter->total * 1e-6;
    return PEL_OK;
}

void pel_energy_close(pel_energy *meter)
{
    if (!meter) return;
    for (size_t i = 0; i < meter->zones; i++) free(meter->zone[i].counter);
    free(meter);
}
