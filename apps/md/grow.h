/**
 * @file
 * More atoms of the same kind, for weak scaling.
 */
#ifndef PELAGOS_APPS_MD_GROW_H
#define PELAGOS_APPS_MD_GROW_H

#include "sim/app.h"

/** pel_app.grow: more cells of the lattice, or more atoms in a packing's longer box. @return PEL_OK; PEL_ERR_USAGE
 * where the atoms come from a file */
pel_status md_grow(const pel_params *params, const int factor[3], pel_text *overrides);
/** pel_app.grows_along: the last dimension that is periodic and filled, so that no surface grows. */
int md_grows_along(const pel_params *params);

#endif
