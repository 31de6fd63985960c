/**
 * @file
 * The parameters of the app, and errors that name them.
 */
#ifndef PELAGOS_APPS_MD_PARAMETERS_H
#define PELAGOS_APPS_MD_PARAMETERS_H

#include "deck/params.h"

extern const pel_param md_params[];

/**
 * Turns what lib/particles refuses into an error of the deck, at the parameter `key`: PEL_ERR_ARGUMENT, NAME, FILE and
 * CORRUPT, with their sentences. Other statuses pass.
 * @return PEL_OK where the error was noted
 */
pel_status md_note(const pel_params *params, const char *key, pel_status status);
/** Whether the deck is in eV and angstrom, as its potential.kind asks for; if not, an error is noted. */
bool md_is_in_metal_units(const pel_params *params);
/**
 * The element of each type in potential.file, from potential.elements. What is missing, the units too, is noted.
 * @param elements  [types], at most MD_MOST_TYPES; the names belong to `params`
 * @return whether elements and file are there
 */
bool md_elements(const pel_params *params, int types, const char **elements);
/** A vector of three: zeros where it is not given. */
void md_vector(const pel_params *params, const char *key, double vector[3]);

#endif
