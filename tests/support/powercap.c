/* Made-up powercap trees: folders and small files of text. */
#include "support/powercap.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "support/test.h"

void test_put_zone(const char *tree, const char *zone, const char *name, unsigned long energy, unsigned long range)
{
    char path[512];
    snprintf(path, sizeof path, "%s/sys/class/powercap/%s/", tree, zone);
    for (char *at = path + strlen(test_folder()); (at = strchr(at + 1, '/'));) {
        *at = '\0';
        mkdir(path, 0777);
        *at = '/';
    }
    const struct {
        const char *file;
        unsigned long value;
    } numbers[] = {{"energy_uj", energy}, {"max_energy_range_uj", range}};
    for (int i = 0; i < 3; i++) {
        char full[600];
        snprintf(full, sizeof full, "%s%s", path, i < 2 ? numbers[i].file : "name");
        FILE *file = fopen(full, "w");
        CU_ASSERT_PTR_NOT_NULL_FATAL(file);
        if (i < 2) fprintf(file, "%lu\n", numbers[i].value);
        else fprintf(file, "%s\n", name);
        fclose(file);
    }
}
