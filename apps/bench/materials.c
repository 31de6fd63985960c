/* What cases of particles are of: the melt of the classic benchmark; copper, by a formula but with the knots and the
 * cutoff of Cu_u3, the potential of the benchmark of metals, so that a step costs the same and needs no file; silicon.
 */
#include <string.h>

#include "bench/atoms.h"
#include "particles/eam.h"
#include "particles/lj.h"
#include "particles/stillinger_weber.h"
#include "particles/sutton_chen.h"

/* ---- potentials ---- */

static pel_status lennard_jones(pel_potential **potential)
{
    PEL_TRY(pel_pairs_create(1, 0x1p15, 0x1p15, potential));
    const pel_lj argon = {1, 1};
    const pel_status status =
        pel_pairs_set(*potential, 0, 0, &pel_lj_kind, &argon, sizeof argon, 2.5, PEL_TRUNCATION_CUT);
    if (status != PEL_OK) pel_potential_destroy(*potential);
    return status;
}

/* Table 1 of Sutton & Chen, Phil. Mag. Lett. 61 (1990) 139. */
static pel_status sutton_chen(pel_potential **potential)
{
    const pel_sutton_chen metal = {.epsilon = 1.2382e-2, .a = 3.61, .n = 9, .m = 6, .c = 39.432};
    pel_eam_tables tables = {0};
    PEL_TRY(pel_sutton_chen_tables(1, &metal, 4.95, 500, &tables));
    const pel_status status = pel_eam_create(&tables, potential);
    pel_eam_tables_free(&tables);
    return status;
}

/* Phys. Rev. B 31 (1985) 5262, with epsilon = 50 kcal/mol. */
static pel_status stillinger_weber(pel_potential **potential)
{
    pel_sw_entry silicon = {.epsilon = 2.1682,
                            .sigma = 2.0951,
                            .a = 1.8,
                            .lambda = 21,
                            .gamma = 1.2,
                            .cos_theta0 = -1.0 / 3,
                            .big_a = 7.049556277,
                            .big_b = 0.6022245584,
                            .p = 4,
                            .q = 0};
    return pel_sw_create(&(pel_sw_parameters){.types = 1, .entry = &silicon}, 0x1p10, 0x1p12, potential);
}

/* ---- materials ---- */

static const bench_material melt = {
    .units = "lj",
    .lattice = PEL_LATTICE_FCC,
    .density = 0.8442,
    .mass = 1,
    .temperature = 1.44,
    .dt = 0.005,
    .skin = 0.3,
    .cells = 20,
    .flops = 27, /* 3 differences, 5 for r^2, 8 for f / r, 6 to add to one atom and, by its mirror, 5 to the other */
    .potential = lennard_jones,
};

static const bench_material copper = {
    .units = "metal",
    .lattice = PEL_LATTICE_FCC,
    .constant = 3.615,
    .mass = 63.546,
    .temperature = 1600,
    .dt = 0.005,
    .skin = 1,
    .cells = 20,
    .potential = sutton_chen,
};

static const bench_material silicon = {
    .units = "metal",
    .lattice = PEL_LATTICE_DIAMOND,
    .constant = 5.431,
    .mass = 28.0855,
    .temperature = 1000,
    .dt = 0.001,
    .skin = 1,
    .cells = 16,
    .potential = stillinger_weber,
};

/* ---- cases ---- */

static const bench_atoms_case lj = {
    .name = "lj",
    .summary = "Lennard-Jones melt, rho 0.8442, T 1.44, cutoff 2.5, skin 0.3: time steps",
    .material = &melt,
    .steps = 100,
};

static const bench_atoms_case eam = {
    .name = "eam",
    .summary = "copper by Sutton and Chen, a 3.615, T 1600 K, cutoff 4.95, skin 1: time steps",
    .material = &copper,
    .steps = 40,
};

static const bench_atoms_case sw = {
    .name = "sw",
    .summary = "silicon by Stillinger and Weber, a 5.431, T 1000 K, skin 1: time steps",
    .material = &silicon,
    .steps = 40,
};

static const bench_atoms_case neighbours = {
    .name = "neighbours",
    .summary = "building the neighbour lists of lj",
    .material = &melt,
    .steps = 20,
    .builds_lists = true,
};

const bench_atoms_case *const bench_atoms_cases[] = {&lj, &eam, &sw, &neighbours};
const int bench_atoms_case_count = sizeof bench_atoms_cases / sizeof *bench_atoms_cases;

const bench_atoms_case *bench_atoms_find(const char *name)
{
    for (int i = 0; i < bench_atoms_case_count; i++)
        if (strcmp(bench_atoms_cases[i]->name, name) == 0) return bench_atoms_cases[i];
    return NULL;
}
