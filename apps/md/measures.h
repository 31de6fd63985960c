/**
 * @file
 * What goes to series.nc and to the report.
 */
#ifndef PELAGOS_APPS_MD_MEASURES_H
#define PELAGOS_APPS_MD_MEASURES_H

#include "md/model.h"

/** Declares the values of the series and the figures of the report. */
pel_status md_measures_declare(pel_component *component, const md_model *model);
/** Measures the present state, and sees that it is finite; for pel_component_check(). */
pel_status md_measures_take(void *model, pel_step now);

/** Fills model->observables, which stand for model->observed; and these, from the present measures. */
void md_measures_list_observables(md_model *model);
void md_measures_observe(md_model *model);

#endif
