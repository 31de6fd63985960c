/* The three systems of units.
 *
 * lj: mass, epsilon, sigma and k are 1, so everything is.
 *
 * metal, with u the atomic mass constant and e the charge of the electron (CODATA 2006: 1.660538782e-27 kg,
 * 1.602176487e-19 C, k = 8.617343e-5 eV/K):
 *     kinetic unit   u (angstrom / ps)^2 = u 10^4 m^2 s^-2 = 1.0364269e-4 eV
 *     pressure unit  eV / angstrom^3 = e 10^30 Pa          = 1.6021765e6 bar
 *
 * real, with the thermochemical calorie of 4.184 J and energies a mole:
 *     k              R / 4184 J                            = 1.9872067e-3 kcal mol^-1 K^-1
 *     kinetic unit   g mol^-1 (angstrom / fs)^2 = 10^7 / 4184 kcal mol^-1 = 48.88821291^2
 *     pressure unit  kcal mol^-1 / angstrom^3              = 68568.415 atm
 */
#include "particles/unit_system.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

static const pel_unit_system systems[] = {
    {.name = "lj",
     .length = "1",
     .time = "1",
     .mass = "1",
     .energy = "1",
     .temperature = "1",
     .velocity = "1",
     .force = "1",
     .pressure = "1",
     .density = "1",
     .boltzmann = 1,
     .kinetic_unit = 1,
     .pressure_unit = 1,
     .density_unit = 1,
     .usual_time_step = 0.005,
     .usual_skin = 0.3},
    {.name = "metal",
     .length = "Angstrom",
     .time = "ps",
     .mass = "u",
     .energy = "eV",
     .temperature = "K",
     .velocity = "Angstrom ps-1",
     .force = "eV Angstrom-1",
     .pressure = "bar",
     .density = "g cm-3",
     .boltzmann = 8.617343e-5,
     .kinetic_unit = 1.0364269e-4,
     .pressure_unit = 1.6021765e6,
     .density_unit = 1.660538782, /* u / angstrom^3 = 1.660538782e-24 g / 1e-24 cm^3 */
     .usual_time_step = 0.001,
     .usual_skin = 2},
    {.name = "real",
     .length = "Angstrom",
     .time = "fs",
     .mass = "u",
     .energy = "kcal mol-1",
     .temperature = "K",
     .velocity = "Angstrom fs-1",
     .force = "kcal mol-1 Angstrom-1",
     .pressure = "atm",
     .density = "g cm-3",
     .boltzmann = 0.0019872067,
     .kinetic_unit = 48.88821291 * 48.88821291,
     .pressure_unit = 68568.415,
     .density_unit = 1.660538782,
     .usual_time_step = 1,
     .usual_skin = 2},
};

enum { SYSTEMS = sizeof systems / sizeof *systems };

const pel_unit_system *pel_unit_system_at(int index)
{
    return index >= 0 && index < SYSTEMS ? &systems[index] : NULL;
}

pel_status pel_unit_system_find(const char *name, const pel_unit_system **system)
{
    pel_text names = {0};
    for (int i = 0; i < SYSTEMS; i++) {
        if (strcmp(systems[i].name, name) == 0) {
            pel_text_free(&names);
            *system = &systems[i];
            return PEL_OK;
        }
        pel_text_add(&names, "%s%s", i ? ", " : "", systems[i].name);
    }
    const pel_status status =
        pel_fail(PEL_ERR_NAME, "\"%s\" is no system of units; there are %s", name, pel_text_get(&names));
    pel_text_free(&names);
    return status;
}
