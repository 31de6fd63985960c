/* Cold copper with the potential of Foiles, Baskes & Daw, Phys. Rev. B 33 (1986) 7983 (Cu_u3): lattice constant,
 * cohesive energy and elastic constants.
 *
 * The numbers wanted are LAMMPS's with the same file (stable release of Debian 12; box/relax to zero pressure, and the
 * ELASTIC example's strains): a = 3.61499998 angstrom, E = -3.540000002 eV, C = 167.265, 124.153, 76.447 GPa. */
#include <unistd.h>

#include "particles/dynamics.h"
#include "particles/eam.h"
#include "particles/elastic.h"

static const char *const file = "/usr/share/lammps/potentials/Cu_u3.eam";
static const double gigapascal = 160.2176634; /* an eV / angstrom^3 */

static pel_system *copper(pel_team *team, double constant, bool is_turned)
{
    const pel_lattice lattice = {.kind = PEL_LATTICE_FCC,
                                 .constant = constant,
                                 .cells = {is_turned ? 6 : 4, is_turned ? 6 : 4, 4},
                                 .orient = {{1, is_turned ? 1 : 0, 0}, {is_turned ? -1 : 0, 1, 0}, {0, 0, 1}}};
    pel_eam_tables tables = {0};
    pel_configuration atoms = {0};
    pel_potential *potential = NULL;
    CHECK_STATUS(pel_eam_read_funcfl(1, &file, &tables));
    CHECK_STATUS(pel_eam_create(&tables, &potential));
    CHECK_STATUS(pel_configuration_types(&atoms, 1));
    atoms.mass[0] = tables.mass[0];
    CHECK_STATUS(pel_lattice_fill(&lattice, &atoms));
    pel_system *system = system_of(team, potential, 0.5, &atoms);
    pel_configuration_free(&atoms);
    pel_eam_tables_free(&tables);
    return system;
}

TEST(cold_copper_has_its_lattice_constant_energy_and_elastic_constants)
{
    if (access(file, R_OK) != 0) exit(77); /* the Debian package lammps-data is not there: skipped */
    pel_team *team = team_of(2);
    pel_system *straight = copper(team, 3.65, false);
    const pel_minimisation how = {PEL_MINIMISER_CONJUGATE_GRADIENTS, .force_tolerance = 1e-10, .most_iterations = 100};
    pel_minimised result;
    CHECK_STATUS(pel_minimise_box(straight, &how, 0, 1e-9, &result));
    const double constant = pel_system_box(straight)->length[0] / 4;
    const double energy = result.potential / (double)pel_system_atoms(straight)->count;
    pel_system *turned = copper(team, constant, true);
    pel_cubic_constants c;
    CHECK_STATUS(pel_elastic_cubic(straight, turned, 1e-4, NULL, &c));
    printf(" a %.8f E %.9f C %.3f %.3f %.3f ", constant, energy, c.c11 * gigapascal, c.c12 * gigapascal,
           c.c44 * gigapascal);
    CU_ASSERT(fabs(constant / 3.61499998 - 1) < 1e-6);
    CU_ASSERT(fabs(energy / -3.540000002 - 1) < 1e-7);
    CU_ASSERT(fabs(c.c11 * gigapascal / 167.265 - 1) < 0.005);
    CU_ASSERT(fabs(c.c12 * gigapascal / 124.153 - 1) < 0.005);
    CU_ASSERT(fabs(c.c44 * gigapascal / 76.447 - 1) < 0.005);
    pel_system_destroy(straight);
    pel_system_destroy(turned);
    pel_team_destroy(team);
}
