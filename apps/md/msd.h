/**
 * @file
 * Mean-square displacements and velocity autocorrelations of a run (particles/transport.h), to msd.nc.
 * The functions are those of observables.h.
 */
#ifndef PELAGOS_APPS_MD_MSD_H
#define PELAGOS_APPS_MD_MSD_H

#include "md/model.h"

pel_status md_msd_declare(pel_component *component, md_model *model);
pel_status md_msd_begin(md_model *model);
void md_msd_load(md_model *model);
pel_status md_msd_store(md_model *model);
/** Does nothing where it was not declared. */
void md_msd_end(md_model *model);

#endif
