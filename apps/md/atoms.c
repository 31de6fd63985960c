/* The atoms of step 0: a lattice, a packing, or those of a file; their masses; their velocities. */
#include "md/atoms.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "md/metal.h"
#include "md/parameters.h"
#include "particles/data_file.h"
#include "particles/extended_xyz.h"
#include "particles/lattice.h"
#include "particles/packing.h"
#include "particles/velocities.h"

/* ---- checking ---- */

static bool has_lattice(const pel_params *params)
{
    return pel_params_has(params, "atoms.lattice.kind");
}

static bool has_packing(const pel_params *params)
{
    return pel_params_count(params, "atoms.packing.count") > 0;
}

static bool has_file(const pel_params *params)
{
    return pel_params_has(params, "atoms.file");
}

static void check_count(const pel_params *params, const char *key)
{
    const int types = (int)pel_params_int(params, "atoms.types"), count = pel_params_count(params, key);
    if (count > 0 && count != types)
        pel_params_error(params, key, "%s has %d numbers, but there are %d types of atoms (atoms.types)", key, count,
                         types);
}

static void check_species(const pel_params *params)
{
    const int types = (int)pel_params_int(params, "atoms.types"), named = pel_params_count(params, "atoms.species");
    if (named > 0 && named != types)
        pel_params_error(params, "atoms.species", "atoms.species names %d types; atoms.types is %d: say the same",
                         named, types);
}

void md_atoms_check(const pel_params *params)
{
    const int sources = has_lattice(params) + has_packing(params) + has_file(params);
    if (sources == 0)
        pel_params_error(params, NULL,
                         "there are no atoms; give atoms.lattice.kind, atoms.packing.count or atoms.file");
    if (sources > 1)
        pel_params_error(params, NULL, "atoms has %d of a lattice, a packing and a file; give one of them", sources);
    check_count(params, "masses");
    check_count(params, "atoms.lattice.fractions");
    check_count(params, "atoms.packing.count");
    check_species(params);
    for (int i = 0; i < pel_params_count(params, "atoms.retype"); i++) {
        const pel_params *entry = pel_params_item(params, "atoms.retype", i);
        const long type = pel_params_int(entry, "type"), types = pel_params_int(params, "atoms.types");
        if (type > types)
            pel_params_error(entry, "type", "atoms.retype has type %ld, but atoms.types is %ld", type, types);
    }
}

void md_atoms_periodic(const pel_params *params, bool is_periodic[3])
{
    const pel_sides sides = pel_params_sides(params, "box.boundary");
    for (int d = 0; d < 3; d++) is_periodic[d] = strcmp(sides.side[d][0].kind, "periodic") == 0;
}

/* ---- regions ---- */

static pel_region region_of(const pel_params *entry)
{
    pel_region region = {.shape = pel_params_is(entry, "shape", "sphere") ? PEL_REGION_SPHERE : PEL_REGION_BLOCK,
                         .radius = pel_params_real(entry, "radius"),
                         .is_outside = pel_params_flag(entry, "outside")};
    md_vector(entry, "low", region.lo);
    md_vector(entry, "high", region.hi);
    md_vector(entry, "centre", region.centre);
    return region;
}

/* All regions, for free(). */
static pel_status read_regions(const pel_params *params, pel_region **regions, int *count)
{
    *count = pel_params_count(params, "atoms.regions");
    PEL_TRY(pel_memory_new((size_t)*count + 1, sizeof **regions, regions));
    for (int i = 0; i < *count; i++) (*regions)[i] = region_of(pel_params_item(params, "atoms.regions", i));
    return PEL_OK;
}

/* ---- putting atoms ---- */

static void read_orientation(const pel_params *params, int orient[3][3])
{
    static const char *const keys[] = {"atoms.lattice.orient.x", "atoms.lattice.orient.y", "atoms.lattice.orient.z"};
    bool is_given = false;
    for (int d = 0; d < 3; d++) is_given |= pel_params_has(params, keys[d]);
    for (int d = 0; d < 3 && is_given; d++)
        for (int k = 0; k < 3; k++)
            orient[d][k] = pel_params_has(params, keys[d]) ? (int)pel_params_int_at(params, keys[d], k) : d == k;
}

static pel_status read_lattice(const pel_params *params, pel_lattice *lattice)
{
    bool is_periodic[3];
    md_atoms_periodic(params, is_periodic);
    PEL_TRY(pel_lattice_find(pel_params_text(params, "atoms.lattice.kind"), &lattice->kind));
    lattice->constant = pel_params_real(params, "atoms.lattice.constant");
    lattice->density = pel_params_real(params, "atoms.lattice.density");
    lattice->ratio = pel_params_real(params, "atoms.lattice.ratio");
    lattice->seed = (uint64_t)pel_params_int(params, "run.seed");
    read_orientation(params, lattice->orient);
    md_vector(params, "atoms.lattice.strain", lattice->strain);
    md_vector(params, "atoms.lattice.vacuum", lattice->vacuum);
    for (int d = 0; d < 3; d++) {
        lattice->cells[d] = (int)pel_params_int_at(params, "atoms.lattice.cells", d);
        lattice->is_open[d] = !is_periodic[d];
    }
    const int typed = pel_params_count(params, "atoms.lattice.types"), sites = pel_lattice_sites(lattice->kind);
    if (typed > 0 && typed != sites)
        return pel_fail(PEL_ERR_ARGUMENT, "atoms.lattice.types has %d types, but the cell of %s has %d sites", typed,
                        pel_params_text(params, "atoms.lattice.kind"), sites);
    for (int i = 0; i < typed; i++) lattice->type[i] = (int)pel_params_int_at(params, "atoms.lattice.types", i);
    return PEL_OK;
}

static pel_status fill_lattice(const pel_params *params, const pel_region *regions, int count, pel_configuration *to)
{
    double fractions[MD_MOST_TYPES];
    pel_lattice lattice = {.regions = regions, .region_count = count};
    PEL_TRY(read_lattice(params, &lattice));
    const int given = pel_params_count(params, "atoms.lattice.fractions");
    for (int i = 0; i < given; i++) fractions[i] = pel_params_real_at(params, "atoms.lattice.fractions", i);
    if (given > 0) lattice.fractions = fractions;
    return pel_lattice_fill(&lattice, to);
}

static pel_status fill_packing(const pel_params *params, const pel_region *regions, int count, pel_configuration *to)
{
    long counts[MD_MOST_TYPES];
    bool is_periodic[3];
    pel_packing packing = {.count = counts,
                           .density = pel_params_real(params, "atoms.packing.density"),
                           .least_distance = pel_params_real(params, "atoms.packing.least-distance"),
                           .seed = (uint64_t)pel_params_int(params, "run.seed"),
                           .regions = regions,
                           .region_count = count};
    for (int t = 0; t < to->types; t++) counts[t] = pel_params_int_at(params, "atoms.packing.count", t);
    md_atoms_periodic(params, is_periodic);
    md_vector(params, "atoms.packing.length", packing.length);
    for (int d = 0; d < 3; d++) packing.is_open[d] = !is_periodic[d];
    return pel_packing_fill(&packing, to);
}

static pel_status fill(const pel_params *params, pel_configuration *to)
{
    pel_region *regions = NULL;
    int count;
    PEL_TRY(pel_configuration_types(to, (int)pel_params_int(params, "atoms.types")));
    PEL_TRY(read_regions(params, &regions, &count));
    const pel_status status =
        has_lattice(params) ? fill_lattice(params, regions, count, to) : fill_packing(params, regions, count, to);
    free(regions);
    return md_note(params, has_lattice(params) ? "atoms.lattice.kind" : "atoms.packing.count", status);
}

/* ---- types by place ---- */

/* Atoms in a region become of its type. */
static void retype(const pel_params *params, pel_configuration *atoms)
{
    for (int k = 0; k < pel_params_count(params, "atoms.retype"); k++) {
        const pel_params *entry = pel_params_item(params, "atoms.retype", k);
        const pel_region region = region_of(entry);
        const long type = pel_params_int(entry, "type");
        long found = 0;
        for (long i = 0; i < atoms->count; i++) {
            if (!pel_region_contains(&region, 1, atoms->position[i])) continue;
            atoms->type[i] = (int32_t)type;
            found++;
        }
        if (found == 0)
            pel_params_error(entry, "type",
                             "atoms.retype: the region of type %ld holds no atom; the box is from %g, %g, %g "
                             "to %g, %g, %g",
                             type, atoms->box.lo[0], atoms->box.lo[1], atoms->box.lo[2],
                             atoms->box.lo[0] + atoms->box.length[0], atoms->box.lo[1] + atoms->box.length[1],
                             atoms->box.lo[2] + atoms->box.length[2]);
    }
}

/* ---- files ---- */

static pel_status read_xyz(const pel_params *params, pel_configuration *to)
{
    const char *species[MD_MOST_TYPES];
    const int named = pel_params_count(params, "atoms.species");
    pel_extended_xyz_spec spec = {.types = named > 0 ? named : (int)pel_params_int(params, "atoms.types"),
                                  .frame = pel_params_int(params, "atoms.frame")};
    for (int t = 0; t < named && t < MD_MOST_TYPES; t++) species[t] = pel_params_text_at(params, "atoms.species", t);
    if (named > 0) spec.species = species;
    return pel_extended_xyz_read(pel_params_text(params, "atoms.file"), &spec, to, NULL);
}

static pel_status read_data_file(const pel_params *params, pel_configuration *to)
{
    bool is_periodic[3];
    md_atoms_periodic(params, is_periodic);
    const pel_data_file_spec spec = {
        .style = pel_params_has(params, "atoms.style") ? pel_params_text(params, "atoms.style") : NULL,
        .is_open = {!is_periodic[0], !is_periodic[1], !is_periodic[2]}};
    return pel_data_file_read(pel_params_text(params, "atoms.file"), &spec, to);
}

static bool ends_with(const char *text, const char *ending)
{
    const size_t length = strlen(text), size = strlen(ending);
    return length >= size && strcmp(text + length - size, ending) == 0;
}

/* The deck says which sides are periodic, and how many types there are. */
static pel_status read_file(const pel_params *params, pel_configuration *to)
{
    const char *path = pel_params_text(params, "atoms.file");
    const bool is_xyz = ends_with(path, ".xyz") || ends_with(path, ".extxyz");
    const int types = (int)pel_params_int(params, "atoms.types");
    PEL_TRY(md_note(params, "atoms.file", is_xyz ? read_xyz(params, to) : read_data_file(params, to)));
    if (to->count > 0 && to->types != types)
        pel_params_error(params, "atoms.file", "atoms.file has atoms of %d types; say atoms.types: %d", to->types,
                         to->types);
    md_atoms_periodic(params, to->box.is_periodic);
    return PEL_OK;
}

/* ---- masses ---- */

/* As the deck says; else the file of the atoms, the file of the potential, or 1 in reduced units. */
static pel_status weigh(const pel_params *params, pel_configuration *atoms)
{
    pel_eam_tables tables = {0};
    const bool is_given = pel_params_count(params, "masses") == atoms->types;
    if (md_metal_is_meant(params)) PEL_TRY(md_metal_read(params, atoms->types, &tables));
    for (int t = 0; t < atoms->types; t++) {
        if (is_given) atoms->mass[t] = pel_params_real_at(params, "masses", t);
        else if (!(atoms->mass[t] > 0) && t < tables.types) atoms->mass[t] = tables.mass[t];
        else if (!(atoms->mass[t] > 0) && pel_params_is(params, "units", "lj")) atoms->mass[t] = 1;
        if (!(atoms->mass[t] > 0))
            pel_params_error(params, NULL, "masses is missing; nothing else says the mass of type %d", t + 1);
    }
    pel_eam_tables_free(&tables);
    return PEL_OK;
}

/* ---- all of it ---- */

pel_status md_atoms_make(const md_model *model, pel_configuration *to)
{
    const pel_params *params = model->params;
    PEL_TRY(has_file(params) ? read_file(params, to) : fill(params, to));
    PEL_TRY(pel_params_finish(params));
    retype(params, to);
    PEL_TRY(weigh(params, to));
    return pel_params_finish(params);
}

pel_status md_atoms_move(const md_model *model, pel_configuration *atoms)
{
    const pel_params *params = model->params;
    const double temperature = pel_params_real(params, "atoms.velocities.temperature");
    if (temperature == 0) return PEL_OK;
    PEL_TRY(md_note(params, "atoms.velocities.temperature",
                    pel_velocities_draw(atoms, temperature, (uint64_t)pel_params_int(params, "atoms.velocities.seed"),
                                        model->units)));
    return pel_params_finish(params);
}
