/**
 * @file
 * Profiles of a run along an axis (particles/profile.h), to profile.nc.
 * The functions are those of observables.h.
 */
#ifndef PELAGOS_APPS_MD_PROFILE_H
#define PELAGOS_APPS_MD_PROFILE_H

#include "md/model.h"

pel_status md_profile_declare(pel_component *component, md_model *model);
void md_profile_begin(md_model *model);
void md_profile_load(md_model *model);
pel_status md_profile_store(md_model *model);
/** Does nothing where it was not declared. */
void md_profile_end(md_model *model);

#endif
