/**
 * @file
 * Tables: named columns over ids (atoms, drifters, stations), of any length, stored and checkpointed in id order.
 */
#ifndef PELAGOS_MESH_TABLE_H
#define PELAGOS_MESH_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "mesh/field.h"

typedef struct pel_table pel_table;

/** One column. */
typedef struct pel_column_spec {
    const char *name; /**< unique in the table; copied */
    pel_type type;
    int components;        /**< values a row; default 1 */
    const char *units;     /**< UDUNITS; copied; default "1" */
    const char *long_name; /**< copied; default: the name */
    bool is_internal;      /**< of use to the model alone: checkpointed, but not written with snapshots */
} pel_column_spec;

/** Makes an empty table. @return PEL_OK, PEL_ERR_NAME (a column twice), PEL_ERR_ARGUMENT or PEL_ERR_MEMORY */
pel_status pel_table_create(const char *name, const pel_column_spec *columns, int column_count, pel_table **table);
void pel_table_destroy(pel_table *table);

const char *pel_table_name(const pel_table *table);
long pel_table_rows(const pel_table *table);
int pel_table_columns(const pel_table *table);
const pel_column_spec *pel_table_column(const pel_table *table, int column);
/** The number of the column of that name, or -1. */
int pel_table_find(const pel_table *table, const char *column);
/** The ids, and the values of a column, row by row; valid until the number of rows changes. */
const int64_t *pel_table_ids(const pel_table *table);
void *pel_table_values(pel_table *table, int column);
/** The row of an id, or -1. */
long pel_table_row(const pel_table *table, int64_t id);

/** Adds a row of zeros for `id`, at its place in id order. @return PEL_OK, PEL_ERR_NAME (the id is there) or
 * PEL_ERR_MEMORY */
pel_status pel_table_add(pel_table *table, int64_t id, long *row);
/** Removes a row. @return PEL_OK or PEL_ERR_NAME (no such id) */
pel_status pel_table_remove(pel_table *table, int64_t id);
/** Makes `rows` rows with rising `ids` and zero values, dropping all others: for a restore. */
pel_status pel_table_resize(pel_table *table, long rows, const int64_t *ids);
/** Sum modulo 2^64 of a mix of each value's bits with table, column, component and id. */
uint64_t pel_table_hash(const pel_table *table);

#endif
