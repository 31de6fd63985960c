/* What pel_unit_system has, and quantities made of it that parameters need. */
#include "md/units.h"

#include <string.h>

#include "particles/unit_system.h"

/* Quantities that are made of others. */
static const struct {
    const char *quantity, *metal, *real;
} derived[] = {
    {"number density", "Angstrom-3", "Angstrom-3"},
    {"inverse length", "Angstrom-1", "Angstrom-1"},
    {"energy length6", "eV Angstrom6", "kcal mol-1 Angstrom6"},
    {"stiffness", "eV Angstrom-2", "kcal mol-1 Angstrom-2"},
    {"acceleration", "Angstrom ps-2", "Angstrom fs-2"},
    {"rate", "ps-1", "fs-1"},
    {"compressibility", "bar-1", "atm-1"},
    {"area", "Angstrom2", "Angstrom2"},
    {"velocity2", "Angstrom2 ps-2", "Angstrom2 fs-2"},
    {"diffusivity", "Angstrom2 ps-1", "Angstrom2 fs-1"},
    {"surface tension", "bar Angstrom", "atm Angstrom"},
};

static const char *basic_unit(const pel_unit_system *units, const char *quantity)
{
    const struct {
        const char *quantity, *unit;
    } basic[] = {{"length", units->length}, {"time", units->time},         {"mass", units->mass},
                 {"energy", units->energy}, {"velocity", units->velocity}, {"temperature", units->temperature},
                 {"force", units->force},   {"pressure", units->pressure}};
    for (size_t i = 0; i < sizeof basic / sizeof *basic; i++)
        if (strcmp(basic[i].quantity, quantity) == 0) return strcmp(basic[i].unit, "1") == 0 ? "" : basic[i].unit;
    return NULL;
}

const char *md_unit_of(const char *system, const char *quantity)
{
    const pel_unit_system *units = NULL;
    if (pel_unit_system_find(system, &units) != PEL_OK) return NULL;
    for (size_t i = 0; i < sizeof derived / sizeof *derived; i++) {
        if (strcmp(derived[i].quantity, quantity) != 0) continue;
        return strcmp(system, "metal") == 0 ? derived[i].metal : strcmp(system, "real") == 0 ? derived[i].real : "";
    }
    return basic_unit(units, quantity);
}

const char *md_file_unit(const char *system, const char *quantity)
{
    const char *unit = md_unit_of(system, quantity);
    return unit && *unit ? unit : "1";
}
