/* The state as a whole: each thread takes a share of a field's rows, and the results are combined in a way that does
 * not depend on the shares (the lowest point; a sum modulo 2^64). */
#include "sim/check.h"

#include <complex.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#include "base/hash.h"
#include "exec/field_hash.h"

/* ---- finite? ---- */

typedef struct search {
    const pel_field *field;
    pel_bad_value bad;
    bool found;
    atomic_flag lock;
} search;

/* Whether point a comes before point b, x fastest. */
static bool comes_before(const int a[3], const int b[3])
{
    for (int d = 2; d >= 0; d--)
        if (a[d] != b[d]) return a[d] < b[d];
    return false;
}

static void search_rows(int thread, int threads, void *data)
{
    search *s = data;
    long lo, hi;
    int point[3], component;
    pel_team_share(pel_field_rows(s->field), thread, threads, &lo, &hi);
    if (lo >= hi || !pel_field_find_bad(s->field, lo, hi, point, &component)) return;
    while (atomic_flag_test_and_set(&s->lock)) {
    }
    if (!s->found || comes_before(point, s->bad.point)) {
        memcpy(s->bad.point, point, sizeof point);
        s->bad.component = component;
        s->found = true;
    }
    atomic_flag_clear(&s->lock);
}

/* Of a complex number, the part that is not finite. */
static double value_at(const pel_field *field, const int point[3], int component)
{
    pel_box box;
    for (int d = 0; d < 3; d++) box.lo[d] = point[d], box.hi[d] = point[d] + 1;
    union {
        double real;
        float single;
        double complex pair;
    } value = {.pair = 0};
    pel_field_get(field, 0, component, box, &value);
    switch (pel_field_spec_of(field)->type) {
    case PEL_FLOAT:
        return value.single;
    case PEL_COMPLEX:
        return isfinite(creal(value.pair)) ? cimag(value.pair) : creal(value.pair);
    default:
        return value.real;
    }
}

static bool holds_reals(const pel_field *field)
{
    const pel_type type = pel_field_spec_of(field)->type;
    return type == PEL_DOUBLE || type == PEL_FLOAT || type == PEL_COMPLEX;
}

static bool find_in_field(const pel_component *component, const pel_field *field, pel_bad_value *bad)
{
    search s = {.field = field, .lock = ATOMIC_FLAG_INIT};
    pel_team_run(component->team, search_rows, &s);
    if (!s.found) return false;
    *bad = s.bad;
    bad->table = NULL;
    bad->field = field;
    bad->value = value_at(field, bad->point, bad->component);
    for (int d = 0; d < 3; d++) {
        const bool on_face = pel_field_spec_of(field)->centring & (1u << d);
        bad->at[d] = on_face ? pel_grid_face(pel_field_grid(field), d, bad->point[d])
                             : pel_grid_centre(pel_field_grid(field), d, bad->point[d]);
    }
    return true;
}

static bool find_in_column(pel_table *table, int column, pel_bad_value *bad)
{
    const pel_column_spec *spec = pel_table_column(table, column);
    if (spec->type != PEL_DOUBLE) return false;
    const double *values = pel_table_values(table, column);
    const long count = pel_table_rows(table) * spec->components;
    for (long i = 0; i < count; i++) {
        if (isfinite(values[i])) continue;
        *bad = (pel_bad_value){.table = table,
                               .id = pel_table_ids(table)[i / spec->components],
                               .column = column,
                               .component = (int)(i % spec->components),
                               .value = values[i]};
        return true;
    }
    return false;
}

static bool find_in_tables(const pel_component *component, pel_bad_value *bad)
{
    for (int t = 0; t < component->table_count; t++)
        for (int c = 0; c < pel_table_columns(component->tables[t]); c++)
            if (find_in_column(component->tables[t], c, bad)) return true;
    return false;
}

bool pel_check_find_bad(const pel_component *component, pel_bad_value *bad)
{
    for (int i = 0; pel_component_field(component, i); i++) {
        const pel_field *field = pel_component_field(component, i);
        if (pel_field_spec_of(field)->role == PEL_PROGNOSTIC && holds_reals(field) &&
            find_in_field(component, field, bad))
            return true;
    }
    return find_in_tables(component, bad);
}

/* ---- hash ---- */

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* The hash of a field, with the name of its grid where the app added it. */
static uint64_t hash_field(const pel_component *component, const pel_field *field)
{
    const uint64_t hash = pel_field_hash_by_team(component->team, field);
    const char *grid = pel_component_grid_name(component, field);
    return *grid ? pel_hash_mix(pel_hash_text(grid), hash) : hash;
}

static uint64_t hash_component(const pel_component *component)
{
    uint64_t sum = 0;
    for (int i = 0; pel_component_state_field(component, i); i++) {
        const pel_field *field = pel_component_state_field(component, i);
        if (pel_field_spec_of(field)->role == PEL_PROGNOSTIC) sum += hash_field(component, field);
    }
    for (int i = 0; i < component->table_count; i++)
        if (!component->is_gathered[i]) sum += pel_table_hash(component->tables[i]);
    for (int i = 0; i < component->scalar_count; i++)
        sum += pel_hash_mix(pel_hash_text(component->scalars[i].name), bits_of(*component->scalars[i].value));
    sum += pel_hash_mix(pel_hash_text("clock.index"), (uint64_t)component->now.index);
    sum += pel_hash_mix(pel_hash_text("clock.time"), bits_of(component->now.time));
    return sum;
}

uint64_t pel_check_hash(pel_component *const *components, int count)
{
    uint64_t sum = 0;
    for (int i = 0; i < count; i++)
        sum += pel_hash_mix(pel_hash_text(components[i]->name), hash_component(components[i]));
    return sum;
}
