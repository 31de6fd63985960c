/* Running a random chain, and comparing what is left with what should be. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "exec/planner.h"
#include "support/random_chain.h"

/* ---- values ---- */

/* Initial values: raw bits that are a finite number of any type. */
static void fill_values(char *to, const pel_field_spec *spec, long count, uint64_t salt)
{
    const size_t bytes = pel_type_bytes(spec->type);
    for (long i = 0; i < count; i++) {
        const uint64_t hash = pel_hash_mix(salt, (uint64_t)i);
        const double value = 1 + (double)(hash >> 12) * 0x1p-52, pair[2] = {value, 3 - value};
        const float single = (float)value;
        const void *from = &hash;
        if (spec->type == PEL_DOUBLE || spec->type == PEL_COMPLEX) from = pair;
        if (spec->type == PEL_FLOAT) from = &single;
        memcpy(to + (size_t)i * bytes, from, bytes);
    }
}

static size_t plane_bytes(const pel_field *field)
{
    return (size_t)pel_box_count(pel_field_owned(field)) * pel_type_bytes(pel_field_spec_of(field)->type);
}

static size_t field_bytes(const pel_field *field)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    return plane_bytes(field) * (size_t)(spec->levels * spec->components);
}

/* Copies all levels and components of the field's points; returns what follows in `bytes`. */
static char *copy_field(pel_field *field, char *bytes, bool is_get)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    for (int l = 0; l < spec->levels; l++)
        for (int c = 0; c < spec->components; c++, bytes += plane_bytes(field)) {
            const int level = pel_field_lowest_level(field) + l;
            if (is_get) pel_field_get(field, level, c, pel_field_owned(field), bytes);
            else pel_field_put(field, level, c, pel_field_owned(field), bytes);
        }
    return bytes;
}

static void fill_fields(const chain_case *c, const built_chain *built, char *bytes)
{
    for (int i = 0; i < c->field_count; i++) {
        const pel_field_spec *spec = &c->fields[i].spec;
        fill_values(bytes, spec, (long)(field_bytes(built->fields[i]) / pel_type_bytes(spec->type)), (uint64_t)i);
        copy_field(built->fields[i], bytes, false);
    }
}

/* ---- running ---- */

static pel_status run_stretches(const chain_case *c, const run_case *run, const built_chain *built, pel_team *team)
{
    pel_step step = {.dt = 0.1};
    for (int i = 0; i < c->stretch_count; i++) {
        PEL_TRY(pel_chain_run(built->chain, team, &run->options, step, c->stretches[i]));
        for (int k = 0; k < c->stretches[i]; k++) step = pel_step_next(step);
    }
    return PEL_OK;
}

static pel_status build_and_run(const chain_case *c, const run_case *run, pel_team *team, built_chain *built,
                                chain_outcome *outcome, pel_text *plan)
{
    PEL_TRY(random_chain_build(c, built, outcome));
    PEL_TRY(pel_commit(team, &built->grid, 1, &built->chain, 1));
    for (int i = 0; i < c->field_count; i++) outcome->count += field_bytes(built->fields[i]);
    outcome->bytes = malloc(outcome->count);
    if (!outcome->bytes) return pel_fail(PEL_ERR_MEMORY, "no memory for what the chain leaves");
    fill_fields(c, built, outcome->bytes);
    if (plan) PEL_TRY(pel_chain_describe(built->chain, team, &run->options, plan));
    PEL_TRY(run_stretches(c, run, built, team));
    outcome->is_temporal = pel_chain_plan_used(built->chain).executor == PEL_EXECUTOR_TEMPORAL;
    char *to = outcome->bytes;
    for (int i = 0; i < c->field_count; i++) to = copy_field(built->fields[i], to, true);
    return PEL_OK;
}

void random_chain_run(const chain_case *c, const run_case *run, pel_team *const *teams, chain_outcome *outcome,
                      pel_text *plan)
{
    built_chain built = {0};
    *outcome = (chain_outcome){0};
    outcome->status = build_and_run(c, run, teams[run->threads - 1], &built, outcome, plan);
    if (outcome->status != PEL_OK) snprintf(outcome->failure, sizeof outcome->failure, "%s", pel_failure());
    random_chain_destroy(&built);
}

void random_outcome_free(chain_outcome *outcome)
{
    free(outcome->bytes);
    outcome->bytes = NULL;
}

/* ---- comparing ---- */

/* The place of byte `at` of a field's copy, in words. */
static void print_place(const chain_case *c, int field, size_t at, pel_text *where)
{
    const pel_field_spec *spec = &c->fields[field].spec;
    const pel_box box = random_points(&c->grid, spec->centring, spec->along);
    long i = (long)(at / pel_type_bytes(spec->type));
    const long n = pel_box_count(box), plane = i / n;
    i %= n;
    pel_text_add(where, "field %c, level %+ld, component %ld, point (%ld, %ld, %ld)", 'a' + field,
                 c->fields[field].lowest + plane / spec->components, plane % spec->components, i % box.hi[0],
                 i / box.hi[0] % box.hi[1], i / box.hi[0] / box.hi[1]);
}

static bool fields_differ(const chain_case *c, const char *wanted, const char *got, pel_text *where)
{
    bool differ = false;
    for (int i = 0; i < c->field_count; i++) {
        const pel_field_spec *spec = &c->fields[i].spec;
        const size_t element = pel_type_bytes(spec->type);
        const long values =
            pel_box_count(random_points(&c->grid, spec->centring, spec->along)) * spec->levels * spec->components;
        long count = 0, first = 0;
        for (long k = values - 1; k >= 0; k--)
            if (memcmp(wanted + (size_t)k * element, got + (size_t)k * element, element) != 0) count++, first = k;
        wanted += (size_t)values * element, got += (size_t)values * element;
        if (count == 0) continue;
        differ = true;
        pel_text_add(where, "%ld of %ld values differ, the first at ", count, values);
        print_place(c, i, (size_t)first * element, where);
        pel_text_add(where, "\n");
    }
    return differ;
}

static bool reduced_differ(const pel_reduced *a, const pel_reduced *b)
{
    return memcmp(&a->value, &b->value, sizeof a->value) != 0 || memcmp(a->at, b->at, sizeof a->at) != 0 ||
           a->count != b->count;
}

static bool entries_differ(const chain_case *c, const chain_outcome *wanted, const chain_outcome *got, pel_text *where)
{
    bool differ = false;
    for (int i = 0; i < c->entry_count; i++) {
        if (reduced_differ(&wanted->reduced[i], &got->reduced[i])) {
            pel_text_add(where, "reduction entry%d differs: %.17g of %ld points, not %.17g of %ld\n", i,
                         got->reduced[i].value, got->reduced[i].count, wanted->reduced[i].value,
                         wanted->reduced[i].count);
            differ = true;
        }
        for (int k = 0; k < MOST_STEPS; k++) {
            if (memcmp(wanted->probed[i][k], got->probed[i][k], sizeof got->probed[i][k]) == 0) continue;
            pel_text_add(where, "probe entry%d differs first in step %d\n", i, k);
            differ = true;
            break;
        }
    }
    return differ;
}

bool random_outcomes_differ(const chain_case *c, const chain_outcome *wanted, const chain_outcome *got, pel_text *where)
{
    if (got->status != wanted->status) {
        pel_text_add(where, "it fails: %s\n", got->failure);
        return true;
    }
    if (wanted->status != PEL_OK) return false;
    const bool fields =
        memcmp(wanted->bytes, got->bytes, got->count) != 0 && fields_differ(c, wanted->bytes, got->bytes, where);
    return entries_differ(c, wanted, got, where) || fields;
}
