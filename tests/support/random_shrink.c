/* Making a failing chain small: every edit that leaves it failing is kept, until none does. */
#include <string.h>

#include "support/random_chain.h"

enum { TRIES = 4, MOST_ROUNDS = 20 };

typedef struct shrinking {
    chain_case *c;
    run_case *run;
    pel_team *const *teams;
} shrinking;

/* Whether the run leaves other bits than `reference` in one of a few tries: order may be a matter of luck. */
static bool fails(const chain_case *c, const run_case *run, pel_team *const *teams)
{
    const run_case reference = {.threads = 1, .options = {.executor = PEL_EXECUTOR_REFERENCE}};
    chain_outcome wanted, got;
    pel_text where = {0};
    bool differ = false;
    random_chain_run(c, &reference, teams, &wanted, NULL);
    for (int i = 0; i < TRIES && !differ && wanted.status == PEL_OK; i++) {
        random_chain_run(c, run, teams, &got, NULL);
        differ = random_outcomes_differ(c, &wanted, &got, &where);
        random_outcome_free(&got);
    }
    random_outcome_free(&wanted);
    pel_text_free(&where);
    return differ;
}

/* Keeps the edited pair if it still fails. */
static bool keep(const shrinking *s, const chain_case *c, const run_case *run)
{
    if (memcmp(c, s->c, sizeof *c) == 0 && memcmp(run, s->run, sizeof *run) == 0) return false;
    if (!fails(c, run, s->teams)) return false;
    *s->c = *c;
    *s->run = *run;
    return true;
}

static bool keep_chain(const shrinking *s, const chain_case *c)
{
    return keep(s, c, s->run);
}

static bool drop_entries(const shrinking *s)
{
    bool better = false;
    for (int i = s->c->entry_count - 1; i >= 0; i--) {
        chain_case c = *s->c;
        memmove(&c.entries[i], &c.entries[i + 1], (size_t)(c.entry_count - 1 - i) * sizeof c.entries[0]);
        c.entry_count--;
        better = keep_chain(s, &c) || better;
    }
    return better;
}

static bool drop_accesses(const shrinking *s)
{
    bool better = false;
    for (int i = 0; i < s->c->entry_count; i++)
        for (int a = s->c->entries[i].access_count - 1; a >= 0; a--) {
            chain_case c = *s->c;
            entry_case *e = &c.entries[i];
            memmove(&e->access[a], &e->access[a + 1], (size_t)(e->access_count - 1 - a) * sizeof e->access[0]);
            if (--e->access_count > 0) better = keep_chain(s, &c) || better;
        }
    return better;
}

static bool uses(const chain_case *c, int field)
{
    for (int i = 0; i < c->entry_count; i++)
        for (int a = 0; a < c->entries[i].access_count; a++)
            if (c->entries[i].access[a].field == field) return true;
    return false;
}

/* A field that no entry names any more. */
static bool drop_fields(const shrinking *s)
{
    bool better = false;
    for (int f = s->c->field_count - 1; f >= 0; f--) {
        chain_case c = *s->c;
        if (uses(&c, f)) continue;
        memmove(&c.fields[f], &c.fields[f + 1], (size_t)(c.field_count - 1 - f) * sizeof c.fields[0]);
        c.field_count--;
        for (int i = 0; i < c.entry_count; i++)
            for (int a = 0; a < c.entries[i].access_count; a++)
                if (c.entries[i].access[a].field > f) c.entries[i].access[a].field--;
        better = keep_chain(s, &c) || better;
    }
    return better;
}

/* One stretch, then fewer steps. */
static bool fewer_steps(const shrinking *s)
{
    int steps = 0;
    for (int i = 0; i < s->c->stretch_count; i++) steps += s->c->stretches[i];
    for (int n = steps < 1 ? 1 : 1; n <= steps; n++) {
        chain_case c = *s->c;
        memset(c.stretches, 0, sizeof c.stretches);
        c.stretch_count = 1, c.stretches[0] = n;
        if (keep_chain(s, &c)) return true;
        if (s->c->stretch_count == 1 && n + 1 >= steps) break;
    }
    return false;
}

static bool smaller_reaches(const shrinking *s)
{
    bool better = false;
    for (int i = 0; i < s->c->entry_count; i++)
        for (int a = 0; a < s->c->entries[i].access_count; a++)
            for (int k = 0; k < 12; k++) { /* each side to nothing, then by one */
                chain_case c = *s->c;
                pel_reach *reach = &c.entries[i].access[a].reach;
                int *side = k % 2 ? &reach->hi[k / 2 % 3] : &reach->lo[k / 2 % 3];
                *side = k < 6 || *side == 0 ? 0 : *side - (*side > 0) + (*side < 0);
                better = keep_chain(s, &c) || better;
            }
    return better;
}

static bool smaller_grid(const shrinking *s)
{
    bool better = false;
    for (int d = 0; d < s->c->grid.dimensions; d++)
        for (int divisor = 2; divisor <= 64; divisor *= 2) {
            chain_case c = *s->c;
            c.grid.cells[d] -= c.grid.cells[d] / divisor;
            better = keep_chain(s, &c) || better;
        }
    return better;
}

static bool plainer_fields(const shrinking *s)
{
    bool better = false;
    for (int f = 0; f < s->c->field_count; f++)
        for (int k = 0; k < 10; k++) {
            chain_case c = *s->c;
            pel_field_spec *spec = &c.fields[f].spec;
            if (k < 6) spec->boundary[k / 2][k % 2] = (pel_boundary){0};
            if (k == 6) spec->components = 1;
            if (k == 7) spec->type = PEL_DOUBLE;
            if (k == 8) spec->centring = 0;
            if (k == 9) spec->levels = 1;
            better = keep_chain(s, &c) || better;
        }
    return better;
}

static bool plainer_entries(const shrinking *s)
{
    bool better = false;
    for (int i = 0; i < s->c->entry_count; i++)
        for (int k = 0; k < 3; k++) {
            chain_case c = *s->c;
            entry_case *e = &c.entries[i];
            if (k == 0) e->range = PEL_INTERIOR;
            if (k == 1) e->is_star = true;
            if (k == 2) e->cell_count = e->cell_count > 0;
            better = keep_chain(s, &c) || better;
        }
    return better;
}

static bool plainer_run(const shrinking *s)
{
    bool better = false;
    for (int k = 0; k < 10; k++) {
        run_case run = *s->run;
        if (k < 3) run.threads = run.threads > k + 1 ? k + 1 : run.threads;
        if (k == 3) run.options.order = 0;
        if (k == 4) memset(run.options.tile, 0, sizeof run.options.tile);
        if (k == 5) run.options.pitch = 1;
        if (k == 6) run.options.height = 1;
        if (k == 7) run.options.chunk = 0;
        if (k == 8) run.options.height = 2;
        if (k == 9) run.options.check_access = false;
        better = keep(s, s->c, &run) || better;
    }
    return better;
}

void random_chain_shrink(chain_case *c, run_case *run, pel_team *const *teams)
{
    static bool (*const edits[])(const shrinking *) = {drop_entries,    fewer_steps,     plainer_run,
                                                       drop_accesses,   drop_fields,     plainer_fields,
                                                       plainer_entries, smaller_reaches, smaller_grid};
    const shrinking s = {.c = c, .run = run, .teams = teams};
    for (int round = 0; round < MOST_ROUNDS; round++) {
        bool better = false;
        for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) better = edits[i](&s) || better;
        if (!better) return;
    }
}
