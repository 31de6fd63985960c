/* Tables in id order: rows are found by bisection; adding and removing moves the rows behind. */
#include "mesh/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

typedef struct column {
    pel_column_spec spec;
    char *name, *units, *long_name;
    char *values;
    size_t capacity; /* rows */
} column;

struct pel_table {
    char *name;
    long rows;
    int64_t *ids;
    size_t id_capacity;
    int column_count;
    column *columns;
};

static size_t row_bytes(const column *c)
{
    return pel_type_bytes(c->spec.type) * (size_t)c->spec.components;
}

static pel_status fill_column(column *to, const pel_column_spec *spec)
{
    to->spec = *spec;
    if (!to->spec.components) to->spec.components = 1;
    PEL_TRY(pel_text_copy(spec->name, &to->name));
    PEL_TRY(pel_text_copy(spec->units ? spec->units : "1", &to->units));
    to->spec.name = to->name;
    PEL_TRY(pel_text_copy(spec->long_name ? spec->long_name : spec->name, &to->long_name));
    to->spec.units = to->units;
    to->spec.long_name = to->long_name;
    return PEL_OK;
}

static pel_status fill(pel_table *table, const char *name, const pel_column_spec *columns, int column_count)
{
    PEL_TRY(pel_text_copy(name, &table->name));
    PEL_TRY(pel_memory_new((size_t)column_count, sizeof *table->columns, &table->columns));
    for (int i = 0; i < column_count; i++) {
        if (pel_table_find(table, columns[i].name) >= 0)
            return pel_fail(PEL_ERR_NAME, "the table %s has two columns %s", name, columns[i].name);
        if (columns[i].components < 0)
            return pel_fail(PEL_ERR_ARGUMENT, "the column %s of %s has %d components", columns[i].name, name,
                            columns[i].components);
        table->column_count++;
        PEL_TRY(fill_column(&table->columns[i], &columns[i]));
    }
    return PEL_OK;
}

pel_status pel_table_create(const char *name, const pel_column_spec *columns, int column_count, pel_table **table)
{
    pel_table *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    const pel_status status = fill(fresh, name, columns, column_count);
    if (status != PEL_OK) pel_table_destroy(fresh);
    else *table = fresh;
    return status;
}

void pel_table_destroy(pel_table *table)
{
    if (!table) return;
    for (int i = 0; i < table->column_count; i++) {
        free(table->columns[i].values);
        free(table->columns[i].long_name);
        free(table->columns[i].units);
        free(table->columns[i].name);
    }
    free(table->columns);
    free(table->ids);
    free(table->name);
    free(table);
}

const char *pel_table_name(const pel_table *table)
{
    return table->name;
}

long pel_table_rows(const pel_table *table)
{
    return table->rows;
}

int pel_table_columns(const pel_table *table)
{
    return table->column_count;
}

const pel_column_spec *pel_table_column(const pel_table *table, int i)
{
    return &table->columns[i].spec;
}

int pel_table_find(const pel_table *table, const char *name)
{
    for (int i = 0; i < table->column_count; i++)
        if (table->columns[i].name && strcmp(table->columns[i].name, name) == 0) return i;
    return -1;
}

const int64_t *pel_table_ids(const pel_table *table)
{
    return table->ids;
}

void *pel_table_values(pel_table *table, int i)
{
    return table->columns[i].values;
}

/* The first row whose id is not below `id`. */
static long place_of(const pel_table *table, int64_t id)
{
    long lo = 0, hi = table->rows;
    while (lo < hi) {
        const long middle = lo + (hi - lo) / 2;
        if (table->ids[middle] < id) lo = middle + 1;
        else hi = middle;
    }
    return lo;
}

long pel_table_row(const pel_table *table, int64_t id)
{
    const long row = place_of(table, id);
    return row < table->rows && table->ids[row] == id ? row : -1;
}

static pel_status reserve(pel_table *table, long rows)
{
    PEL_TRY(pel_memory_grow(&table->ids, &table->id_capacity, (size_t)rows, sizeof *table->ids));
    for (int i = 0; i < table->column_count; i++) {
        column *c = &table->columns[i];
        PEL_TRY(pel_memory_grow(&c->values, &c->capacity, (size_t)rows, row_bytes(c)));
    }
    return PEL_OK;
}

/* Moves the rows from `from` on by `shift` rows. */
static void move_rows(pel_table *table, long from, long shift)
{
    const size_t count = (size_t)(table->rows - from);
    memmove(table->ids + from + shift, table->ids + from, count * sizeof *table->ids);
    for (int i = 0; i < table->column_count; i++) {
        const size_t bytes = row_bytes(&table->columns[i]);
        char *values = table->columns[i].values + (size_t)from * bytes;
        memmove(values + shift * (long)bytes, values, count * bytes);
    }
    table->rows += shift;
}

pel_status pel_table_add(pel_table *table, int64_t id, long *row)
{
    const long place = place_of(table, id);
    if (place < table->rows && table->ids[place] == id)
        return pel_fail(PEL_ERR_NAME, "the table %s holds id %lld already", table->name, (long long)id);
    PEL_TRY(reserve(table, table->rows + 1));
    move_rows(table, place, 1);
    table->ids[place] = id;
    for (int i = 0; i < table->column_count; i++) {
        const size_t bytes = row_bytes(&table->columns[i]);
        memset(table->columns[i].values + (size_t)place * bytes, 0, bytes);
    }
    *row = place;
    return PEL_OK;
}

pel_status pel_table_remove(pel_table *table, int64_t id)
{
    const long row = pel_table_row(table, id);
    if (row < 0) return pel_fail(PEL_ERR_NAME, "the table %s holds no id %lld", table->name, (long long)id);
    move_rows(table, row + 1, -1);
    return PEL_OK;
}

pel_status pel_table_resize(pel_table *table, long rows, const int64_t *ids)
{
    PEL_TRY(reserve(table, rows));
    if (rows) memcpy(table->ids, ids, (size_t)rows * sizeof *ids);
    for (int i = 0; rows && i < table->column_count; i++)
        memset(table->columns[i].values, 0, (size_t)rows * row_bytes(&table->columns[i]));
    table->rows = rows;
    return PEL_OK;
}

uint64_t pel_table_hash(const pel_table *table)
{
    uint64_t sum = 0;
    for (int i = 0; i < table->column_count; i++) {
        const column *c = &table->columns[i];
        const uint64_t key = pel_hash_mix(pel_hash_text(table->name), pel_hash_text(c->name));
        for (long row = 0; row < table->rows; row++)
            sum += pel_hash_mix(pel_hash_bytes(c->values + (size_t)row * row_bytes(c), row_bytes(c)),
                                key + (uint64_t)table->ids[row]);
    }
    return sum;
}
