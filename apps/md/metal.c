/* Files of the embedded-atom method, in the units that they have: eV and angstrom, so that a deck must be in metal. And
 * tables of a formula, in the same units. */
#include "md/metal.h"

#include <math.h>
#include <string.h>

#include "md/model.h"
#include "md/parameters.h"
#include "particles/sutton_chen.h"

bool md_metal_is_meant(const pel_params *params)
{
    return strncmp(pel_params_text(params, "potential.kind"), "eam", 3) == 0 ||
           pel_params_is(params, "potential.kind", "sutton-chen");
}

/* ---- files ---- */

/* The file of each type: of potential.funcfl, or potential.file for the only one. */
static bool list_files(const pel_params *params, int types, const char *paths[MD_MOST_TYPES])
{
    const int listed = pel_params_count(params, "potential.funcfl");
    if (listed == 0 && types == 1 && pel_params_has(params, "potential.file")) {
        paths[0] = pel_params_text(params, "potential.file");
        return true;
    }
    for (int t = 0; t < listed && t < types; t++)
        paths[t] = pel_params_text(pel_params_item(params, "potential.funcfl", t), "file");
    if (listed != types)
        pel_params_error(params, NULL, "potential.kind eam needs a file for each of %d types, and has %d%s", types,
                         listed, types == 1 ? "; give potential.file" : "; list them in potential.funcfl");
    return listed == types;
}

static pel_status read_alloy(const pel_params *params, int types, pel_eam_tables *tables)
{
    const char *elements[MD_MOST_TYPES];
    if (!md_elements(params, types, elements)) return PEL_OK;
    return md_note(params, "potential.file",
                   pel_eam_read_setfl(pel_params_text(params, "potential.file"),
                                      pel_params_is(params, "potential.kind", "eam-fs"), types, elements, tables));
}

static pel_status read_funcfl(const pel_params *params, int types, pel_eam_tables *tables)
{
    const char *paths[MD_MOST_TYPES];
    if (!md_is_in_metal_units(params) || !list_files(params, types, paths)) return PEL_OK;
    return md_note(params, "potential.kind", pel_eam_read_funcfl(types, paths, tables));
}

/* ---- Sutton & Chen ---- */

static pel_sutton_chen metal_of(const pel_params *entry)
{
    return (pel_sutton_chen){.epsilon = pel_params_real(entry, "epsilon"),
                             .a = pel_params_real(entry, "a"),
                             .n = pel_params_real(entry, "n"),
                             .m = pel_params_real(entry, "m"),
                             .c = pel_params_real(entry, "c")};
}

static pel_status make_sutton_chen(const pel_params *params, int types, pel_eam_tables *tables)
{
    pel_sutton_chen metals[MD_MOST_TYPES];
    const int given = pel_params_count(params, "potential.sutton-chen");
    double longest = 0;
    if (!md_is_in_metal_units(params)) return PEL_OK;
    if (given != types) {
        pel_params_error(params, NULL, "potential.sutton-chen has %d entries; it needs one for each of %d types", given,
                         types);
        return PEL_OK;
    }
    for (int t = 0; t < types; t++) {
        metals[t] = metal_of(pel_params_item(params, "potential.sutton-chen", t));
        longest = fmax(longest, metals[t].a);
    }
    const bool has_cutoff = pel_params_has(params, "potential.cutoff");
    const double cutoff = has_cutoff ? pel_params_real(params, "potential.cutoff") : 2 * longest;
    return md_note(params, "potential.sutton-chen", pel_sutton_chen_tables(types, metals, cutoff, 0, tables));
}

pel_status md_metal_read(const pel_params *params, int types, pel_eam_tables *tables)
{
    if (pel_params_is(params, "potential.kind", "sutton-chen")) return make_sutton_chen(params, types, tables);
    if (pel_params_is(params, "potential.kind", "eam")) return read_funcfl(params, types, tables);
    return read_alloy(params, types, tables);
}
