/* The constants of the systems of units follow from CODATA's, and their texts are units. */
#include "particles/unit_system.h"

#include <math.h>
#include <stdbool.h>

#include "deck/units.h"
#include "support/test.h"

/* CODATA 2018 (Tiesinga et al., Rev. Mod. Phys. 93 (2021) 025010); SI. */
static const double charge = 1.602176634e-19, boltzmann = 1.380649e-23, avogadro = 6.02214076e23;
static const double mass_constant = 1.66053906660e-27, atmosphere = 101325;

static bool is_near(double value, double wanted)
{
    return fabs(value / wanted - 1) < 2e-6; /* by how much CODATA 2006 and 2018 differ */
}

static const pel_unit_system *find(const char *name)
{
    const pel_unit_system *system = NULL;
    CHECK_STATUS(pel_unit_system_find(name, &system));
    return system;
}

TEST(the_constants_of_metal_follow_from_codata)
{
    const pel_unit_system *metal = find("metal");
    CU_ASSERT_TRUE(is_near(metal->boltzmann, boltzmann / charge));
    CU_ASSERT_TRUE(is_near(metal->kinetic_unit, mass_constant * 1e4 / charge));
    CU_ASSERT_TRUE(is_near(metal->pressure_unit, charge / 1e-30 / 1e5));
    CU_ASSERT_TRUE(is_near(metal->density_unit, mass_constant * 1e3 / 1e-24));
}

TEST(the_constants_of_real_follow_from_codata)
{
    const pel_unit_system *real = find("real");
    const double energy = 4184 / avogadro;
    CU_ASSERT_TRUE(is_near(real->boltzmann, boltzmann / energy));
    CU_ASSERT_TRUE(is_near(real->kinetic_unit, 1e-3 / avogadro * 1e10 / energy));
    CU_ASSERT_TRUE(is_near(real->pressure_unit, energy / 1e-30 / atmosphere));
    CU_ASSERT_TRUE(is_near(real->density_unit, 1 / avogadro / 1e-24));
}

TEST(the_texts_are_units_of_what_they_say)
{
    double factor;
    for (int i = 0; pel_unit_system_at(i); i++) {
        const pel_unit_system *system = pel_unit_system_at(i);
        const char *texts[] = {system->length,   system->time,  system->mass,     system->energy, system->temperature,
                               system->velocity, system->force, system->pressure, system->density};
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++) CHECK_STATUS(pel_units_check(texts[t]));
        if (i == 0) continue; /* lj: all are 1 */
        CHECK_STATUS(pel_units_convert(1, system->velocity, "m s-1", &factor));
        CHECK_STATUS(pel_units_convert(1, system->pressure, "Pa", &factor));
        CHECK_STATUS(pel_units_convert(1, system->density, "kg m-3", &factor));
    }
}

TEST(an_unknown_system_is_refused_with_those_that_there_are)
{
    const pel_unit_system *system = NULL;
    CHECK_FAILS(pel_unit_system_find("cgs", &system), PEL_ERR_NAME, "there are lj, metal, real");
    CU_ASSERT_PTR_NULL(system);
}
