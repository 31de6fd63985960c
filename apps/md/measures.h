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

#endif
