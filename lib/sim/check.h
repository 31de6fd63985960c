/**
 * @file
 * Looking at a whole state with the team: is it finite, and what is its hash. For lib/sim only.
 */
#ifndef PELAGOS_SIM_CHECK_H
#define PELAGOS_SIM_CHECK_H

#include "sim/component.h"

/** Where a value is not finite: in a field or a table. */
typedef struct pel_bad_value {
    const pel_table *table; /**< NULL: in a field */
    int64_t id;             /**< of the table's row */
    int column;
    const pel_field *field;
    int point[3]; /**< lowest global point, x fastest */
    int component;
    double at[3]; /**< its coordinates, in the grid's unit of length */
    double value;
} pel_bad_value;

/** Looks for values that are not finite in the present state (level 0 of the prognostic fields, columns of doubles of
 * the tables, which must be stored). @return whether there is one */
bool pel_check_find_bad(const pel_component *component, pel_bad_value *bad);

/**
 * Hash of the state of all components: prognostic fields that the apps declared, tables, scalars, clocks, which must be
 * stored. Neither the output nor how the run was executed counts.
 */
uint64_t pel_check_hash(pel_component *const *components, int count);

#endif
