/* Files of the embedded-atom method, in the units that they have: eV and angstrom, so that a deck must be in metal. */
#include "md/metal.h"

#include <string.h>

#include "md/model.h"
#include "md/parameters.h"

bool md_metal_is_meant(const pel_params *params)
{
    return strncmp(pel_params_text(params, "potential.kind"), "eam", 3) == 0;
}

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
    const int given = pel_params_count(params, "potential.elements");
    if (!pel_params_has(params, "potential.file"))
        pel_params_error(params, NULL, "potential.file is missing; potential.kind %s needs one",
                         pel_params_text(params, "potential.kind"));
    if (given != types)
        pel_params_error(params, NULL, "potential.elements has %d elements; it needs one for each of %d types", given,
                         types);
    if (given != types || !pel_params_has(params, "potential.file")) return PEL_OK;
    for (int t = 0; t < types; t++) elements[t] = pel_params_text_at(params, "potential.elements", t);
    return pel_eam_read_setfl(pel_params_text(params, "potential.file"),
                              pel_params_is(params, "potential.kind", "eam-fs"), types, elements, tables);
}

pel_status md_metal_read(const pel_params *params, int types, pel_eam_tables *tables)
{
    const char *paths[MD_MOST_TYPES];
    if (!pel_params_is(params, "units", "metal")) {
        pel_params_error(params, "potential.kind", "potential.kind: %s is in eV and angstrom; use units: metal",
                         pel_params_text(params, "potential.kind"));
        return PEL_OK;
    }
    if (!pel_params_is(params, "potential.kind", "eam"))
        return md_note(params, "potential.file", read_alloy(params, types, tables));
    if (!list_files(params, types, paths)) return PEL_OK;
    return md_note(params, "potential.kind", pel_eam_read_funcfl(types, paths, tables));
}
