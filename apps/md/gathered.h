/**
 * @file
 * What is gathered for output, as a table of numbers for checkpoints.
 */
#ifndef PELAGOS_APPS_MD_GATHERED_H
#define PELAGOS_APPS_MD_GATHERED_H

#include <stdbool.h>

#include "mesh/table.h"
#include "sim/app.h"

/** Numbers that belong together: reals, or whole numbers of at most 2^53. */
typedef struct md_part {
    double *real;   /**< [count], or NULL: */
    int64_t *whole; /**< [count] */
    long count;
} md_part;

/** Makes a table for parts, which the component owns from now on. */
pel_status md_gathered_declare(pel_component *component, const char *name, pel_table **table);
/** Gives a table `rows` rows with ids from 1, if it has another number. */
pel_status md_gathered_fit(pel_table *table, long rows);
/** Fills the table from the parts. */
pel_status md_gathered_store(pel_table *table, const md_part *parts, int count);
/**
 * Fills the parts from a table that was restored, where it has as many numbers and agrees in the first part, which says
 * how they were gathered. An empty table fills nothing.
 * @param what  names what begins anew where the table does not fit, in a warning
 * @return whether the parts were filled
 */
bool md_gathered_load(pel_table *table, const md_part *parts, int count, const char *what);

#endif
