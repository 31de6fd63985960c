/**
 * @file
 * The parameters of the app.
 */
#ifndef PELAGOS_APPS_QG_PARAMETERS_H
#define PELAGOS_APPS_QG_PARAMETERS_H

#include "qg/model.h"

extern const pel_param qg_params[];

/** Reads the resolved parameters into the model, and notes all that is wrong with them. */
pel_status qg_read(pel_component *component, const pel_params *params, qg_model *model);

#endif
