/* Counts and sums in one column of a table, part after part. A deck may change on resume how they are gathered, or have
 * asked for something else before: then what there is cannot be added to. */
#include "md/gathered.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/memory.h"

pel_status md_gathered_declare(pel_component *component, const char *name, pel_table **table)
{
    const pel_column_spec column = {.name = "value", .is_internal = true};
    PEL_TRY(pel_table_create(name, &column, 1, table));
    return pel_component_gathered(component, *table);
}

static long size_of(const md_part *parts, int count)
{
    long size = 0;
    for (int p = 0; p < count; p++) size += parts[p].count;
    return size;
}

pel_status md_gathered_fit(pel_table *table, long size)
{
    int64_t *ids = NULL;
    if (pel_table_rows(table) == size) return PEL_OK;
    PEL_TRY(pel_memory_new((size_t)size, sizeof *ids, &ids));
    for (long i = 0; i < size; i++) ids[i] = i + 1;
    const pel_status status = pel_table_resize(table, size, ids);
    free(ids);
    return status;
}

pel_status md_gathered_store(pel_table *table, const md_part *parts, int count)
{
    PEL_TRY(md_gathered_fit(table, size_of(parts, count)));
    double *values = pel_table_values(table, 0);
    for (int p = 0; p < count; p++)
        for (long i = 0; i < parts[p].count; i++)
            *values++ = parts[p].real ? parts[p].real[i] : (double)parts[p].whole[i];
    return PEL_OK;
}

bool md_gathered_load(pel_table *table, const md_part *parts, int count, const char *what)
{
    const double *values = pel_table_values(table, 0);
    if (pel_table_rows(table) == 0) return false;
    if (pel_table_rows(table) != size_of(parts, count) ||
        memcmp(values, parts[0].real, (size_t)parts[0].count * sizeof *values) != 0) {
        pel_log_warning("%s: the checkpoint holds what was gathered in another way; it is gathered anew", what);
        return false;
    }
    for (int p = 0; p < count; p++)
        for (long i = 0; i < parts[p].count; i++, values++) {
            if (parts[p].real) parts[p].real[i] = *values;
            else parts[p].whole[i] = (int64_t)*values;
        }
    return true;
}
