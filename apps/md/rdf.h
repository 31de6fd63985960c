/**
 * @file
 * Radial distribution functions of a run (particles/rdf.h), to rdf.nc.
 * The functions are those of observables.h.
 */
#ifndef PELAGOS_APPS_MD_RDF_H
#define PELAGOS_APPS_MD_RDF_H

#include "md/model.h"

pel_status md_rdf_declare(pel_component *component, md_model *model, double cutoff);
void md_rdf_begin(md_model *model);
/** PEL_ERR_NUMERICS where the box has become too short for the reach. */
pel_status md_rdf_check(const md_model *model, long step);
void md_rdf_load(md_model *model);
pel_status md_rdf_store(md_model *model);
/** Does nothing where it was not declared. */
void md_rdf_end(md_model *model);

#endif
