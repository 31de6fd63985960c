/**
 * @file
 * Potentials of metals: from a deck to tables of the embedded-atom method.
 */
#ifndef PELAGOS_APPS_MD_METAL_H
#define PELAGOS_APPS_MD_METAL_H

#include "deck/params.h"
#include "particles/eam.h"

/** Whether the deck's potential is one of these. */
bool md_metal_is_meant(const pel_params *params);
/**
 * Reads or computes the tables that the deck names, for `types` types (without masses: they are 0); for
 * pel_eam_tables_free(). What is wrong goes to pel_params_error(), and then there may be none (no types).
 */
pel_status md_metal_read(const pel_params *params, int types, pel_eam_tables *tables);

#endif
