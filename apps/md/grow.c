/* Growing a problem of atoms: density and temperature stay, and with them the work an atom. */
#include "md/grow.h"

#include "md/atoms.h"
#include "sim/grow.h"

/* A packing in a box of given lengths grows along them; one that gives its density gets a larger cube. */
static void grow_packing(const pel_params *params, const int factor[3], pel_text *overrides)
{
    const int all = factor[0] * factor[1] * factor[2];
    pel_text_add(overrides, "atoms.packing.count=[");
    for (int i = 0; i < pel_params_count(params, "atoms.packing.count"); i++)
        pel_text_add(overrides, "%s%ld", i > 0 ? ", " : "", all * pel_params_int_at(params, "atoms.packing.count", i));
    pel_text_add(overrides, "]\n");
    if (pel_params_count(params, "atoms.packing.length") > 0)
        pel_grow_reals(params, "atoms.packing.length", factor, overrides);
}

pel_status md_grow(const pel_params *params, const int factor[3], pel_text *overrides)
{
    if (pel_params_has(params, "atoms.lattice.kind")) pel_grow_ints(params, "atoms.lattice.cells", factor, overrides);
    else if (pel_params_count(params, "atoms.packing.count") > 0) grow_packing(params, factor, overrides);
    else
        return pel_fail(PEL_ERR_USAGE, "atoms that come from a file (atoms.file) cannot be made more of; study strong "
                                       "scaling alone, or give a lattice or a packing");
    return PEL_OK;
}

int md_grows_along(const pel_params *params)
{
    bool is_periodic[3];
    md_atoms_periodic(params, is_periodic);
    for (int d = 2; d >= 0; d--)
        if (is_periodic[d] && pel_params_real_at(params, "atoms.lattice.vacuum", d) == 0) return d;
    return 2;
}
