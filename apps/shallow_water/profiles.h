/**
 * @file
 * Formulas that decks choose by name. The data of each is the model.
 */
#ifndef PELAGOS_APPS_SHALLOW_WATER_PROFILES_H
#define PELAGOS_APPS_SHALLOW_WATER_PROFILES_H

#include <string.h>

#include "shallow_water/model.h"

/** An initial state: NULL is zero everywhere. */
typedef struct swe_initial {
    const char *name;
    pel_point_function *eta, *u, *v;
} swe_initial;

/** One named formula. */
typedef struct swe_formula {
    const char *name;
    pel_point_function *function; /**< NULL: there is nothing to fill */
} swe_formula;

/* The tables that the choices in the parameter table name; each ends with an entry without a name. */
extern const swe_initial swe_initials[];
extern const swe_formula swe_winds[], swe_bottoms[], swe_lands[], swe_tracers[];

/** The formula of that name, NULL if it has none. */
pel_point_function *swe_formula_find(const swe_formula *formulas, const char *name);
const swe_initial *swe_initial_find(const char *name);

#endif
