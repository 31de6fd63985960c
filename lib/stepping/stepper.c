/* Steppers: which fields a scheme needs, and the loops of its step.
 *
 * With q the state, s a stage, k a tendency, everything a scheme does is a list of "tendency of that, then this
 * formula" (update.h). Level 0 of the state is the present one. Adams-Bashforth keeps the tendencies of the last steps
 * as levels 0, -1, -2 of k, leapfrog the states as levels -1, 0, +1 of q; the chain rotates what it writes. */
#include "stepping/stepper.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stepping/update.h"

enum { MOST_CHAINS = 3 };

/* What the scheme keeps of one prognostic field; NULL where it needs none. */
typedef struct member {
    pel_field *state, *stage, *tendency, *sum;
} member;

struct pel_stepper {
    pel_stepper_spec spec;
    pel_grid *grid;
    member *members;
    pel_operand *operands[2]; /* scratch: what a recorder gets */
    int count;
    pel_chain *chains[MOST_CHAINS];
    int chain_count;

    pel_tendency_recorder *record;
    void (*before)(void *app, pel_chain *chain);
    void *app;
};

/* One row a scheme: fields and chains that it needs, and its limits of stability for q' = i w q and q' = -r q. */
static const struct scheme {
    const char *name;
    int state_levels, tendency_levels;
    bool has_stage, has_sum;
    double imaginary, real;
} schemes[] = {
    [PEL_SSP_RK3] = {"ssp-rk3", 1, 1, true, false, 1.7320508075688772, 2.5127453266183286},
    [PEL_LOW_STORAGE_RK3] = {"low-storage-rk3", 1, 1, false, true, 1.7320508075688772, 2.5127453266183286},
    [PEL_RK4] = {"rk4", 1, 1, true, true, 2.8284271247461903, 2.7852935634052818},
    [PEL_AB3] = {"ab3", 1, 3, true, false, 0.7236, 6.0 / 11},
    [PEL_LEAPFROG] = {"leapfrog", 3, 1, true, false, 1, 0.05},
    [PEL_EULER] = {"euler", 1, 1, false, false, 0, 2},
};
enum { SCHEMES = sizeof schemes / sizeof *schemes };

pel_status pel_scheme_find(const char *name, pel_scheme *scheme)
{
    for (int i = 0; i < SCHEMES; i++) {
        if (strcmp(name, schemes[i].name) != 0) continue;
        *scheme = (pel_scheme)i;
        return PEL_OK;
    }
    return pel_fail(PEL_ERR_NAME, "there is no time scheme '%s'; choose one of %s", name, PEL_SCHEME_NAMES);
}

double pel_scheme_limit_imaginary(pel_scheme scheme)
{
    return schemes[scheme].imaginary;
}

double pel_scheme_limit_real(pel_scheme scheme)
{
    return schemes[scheme].real;
}

/* ---- declaration ---- */

/* Declares "<name>-<suffix>". */
static pel_status declare_companion(pel_grid *grid, const char *name, const char *suffix, const pel_field_spec *spec,
                                    pel_field **field)
{
    pel_text full = {0};
    pel_text_add(&full, "%s-%s", name, suffix);
    const pel_status status = full.lost ? pel_fail(PEL_ERR_MEMORY, "no memory for the name of a field")
                                        : pel_field_declare(grid, pel_text_get(&full), spec, field);
    pel_text_free(&full);
    return status;
}

/* A tendency has the state's points, but no boundary conditions: nobody looks beyond its interior. */
static pel_status declare_tendency(const pel_stepper *stepper, const pel_prognostic *prognostic, const char *suffix,
                                   int levels, pel_field **field)
{
    pel_text units = {0};
    pel_text_add(&units, "%s s-1", prognostic->spec.units ? prognostic->spec.units : "");
    const pel_field_spec spec = {.components = prognostic->spec.components,
                                 .centring = prognostic->spec.centring,
                                 .along = prognostic->spec.along,
                                 .levels = levels,
                                 .role = levels > 1 ? PEL_PROGNOSTIC : PEL_WORK,
                                 .units = pel_text_get(&units)};
    const pel_status status = declare_companion(stepper->grid, prognostic->name, suffix, &spec, field);
    pel_text_free(&units);
    return status;
}

static pel_status declare_member(const pel_stepper *stepper, const pel_prognostic *prognostic, member *m)
{
    const struct scheme *scheme = &schemes[stepper->spec.scheme];
    if (prognostic->spec.type != PEL_DOUBLE)
        return pel_fail(PEL_ERR_ARGUMENT, "field '%s' is not of doubles; steppers step fields of doubles",
                        prognostic->name);
    pel_field_spec spec = prognostic->spec;
    spec.levels = scheme->state_levels;
    PEL_TRY(pel_field_declare(stepper->grid, prognostic->name, &spec, &m->state));
    PEL_TRY(declare_tendency(stepper, prognostic, "tendency", scheme->tendency_levels, &m->tendency));
    if (scheme->has_sum) PEL_TRY(declare_tendency(stepper, prognostic, "tendency-sum", 1, &m->sum));
    if (!scheme->has_stage || (stepper->spec.scheme == PEL_AB3 && stepper->spec.is_euler_start)) return PEL_OK;
    spec.levels = 1;
    spec.role = PEL_WORK;
    return declare_companion(stepper->grid, prognostic->name, "stage", &spec, &m->stage);
}

static pel_status declare_all(pel_stepper *stepper, const pel_prognostic *fields)
{
    PEL_TRY(pel_memory_new((size_t)stepper->count, sizeof(member), &stepper->members));
    for (int i = 0; i < 2; i++)
        PEL_TRY(pel_memory_new((size_t)stepper->count, sizeof(pel_operand), &stepper->operands[i]));
    for (int i = 0; i < stepper->count; i++) PEL_TRY(declare_member(stepper, &fields[i], &stepper->members[i]));
    return PEL_OK;
}

pel_status pel_stepper_create(const pel_stepper_spec *spec, pel_grid *grid, const pel_prognostic *fields, int count,
                              pel_stepper **stepper)
{
    if (count < 1) return pel_fail(PEL_ERR_ARGUMENT, "a stepper needs at least one field to step");
    pel_stepper *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->spec = *spec;
    if (fresh->spec.filter == 0) fresh->spec.filter = 0.1;
    if (fresh->spec.filter < 0) fresh->spec.filter = 0;
    if (fresh->spec.filter_alpha == 0) fresh->spec.filter_alpha = 0.53;
    fresh->grid = grid;
    fresh->count = count;
    const pel_status status = declare_all(fresh, fields);
    if (status == PEL_OK) *stepper = fresh;
    else pel_stepper_destroy(fresh);
    return status;
}

void pel_stepper_destroy(pel_stepper *stepper)
{
    if (!stepper) return;
    for (int i = stepper->chain_count - 1; i >= 0; i--) pel_chain_destroy(stepper->chains[i]);
    for (int i = 0; i < 2; i++) free(stepper->operands[i]);
    free(stepper->members);
    free(stepper);
}

pel_field *pel_stepper_field(const pel_stepper *stepper, int i)
{
    return stepper->members[i].state;
}

/* ---- recording ---- */

/* Which of a member's fields is meant. */
typedef enum part { STATE, STAGE, TENDENCY, SUM } part;

static pel_field *pick(const member *m, part which)
{
    pel_field *const fields[] = {m->state, m->stage, m->tendency, m->sum};
    return fields[which];
}

/* Records F(from) -> to, the latter at a level. */
static void tendency(const pel_stepper *stepper, pel_chain *chain, part from, part to, int level)
{
    for (int i = 0; i < stepper->count; i++) {
        stepper->operands[0][i] = (pel_operand){.field = pick(&stepper->members[i], from)};
        stepper->operands[1][i] = (pel_operand){.field = pick(&stepper->members[i], to), .level = level};
    }
    stepper->record(stepper->app, chain, stepper->operands[0], stepper->operands[1]);
}

/* The parameters of an update of a field. */
static pel_update_params factors(const member *m, double a, double b, double c)
{
    return (pel_update_params){a, b, c, pel_field_spec_of(m->state)->components};
}

/* Records one update loop for each field; in its accesses `m` is the member. */
#define UPDATE_ALL(name, kernel, a, b, c, ...)                                                                         \
    for (int i = 0; i < stepper->count; i++) {                                                                         \
        const member *m = &stepper->members[i];                                                                        \
        const pel_update_params p = factors(m, a, b, c);                                                               \
        pel_chain_loop(chain, name, kernel, &p, sizeof p, PEL_INTERIOR, __VA_ARGS__);                                  \
    }

/* Euler: q += dt F(q). */
static void record_euler(const pel_stepper *stepper, pel_chain *chain)
{
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL("euler", pel_update_add, 0, 0, 1, pel_update(m->state, 0), pel_read(m->tendency, 0))
}

/* The first two stages of SSP-RK3 (Shu & Osher 1988, eq. 2.18), and F of the second. F(q) stays in level 0 of the
 * tendency; `level` takes those of the stages. */
static void record_ssp_stages(const pel_stepper *stepper, pel_chain *chain, int level)
{
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL("stage 1", pel_update_advance, 0, 0, 1, pel_write(m->stage, 0), pel_read(m->state, 0),
               pel_read(m->tendency, 0))
    tendency(stepper, chain, STAGE, TENDENCY, level);
    UPDATE_ALL("stage 2", pel_update_blend, 0, 0.75, 0.25, pel_update(m->stage, 0), pel_read(m->state, 0),
               pel_read(m->tendency, level))
    tendency(stepper, chain, STAGE, TENDENCY, level);
}

static void record_ssp_rk3(const pel_stepper *stepper, pel_chain *chain, int level)
{
    record_ssp_stages(stepper, chain, level);
    UPDATE_ALL("stage 3", pel_update_blend, 0, 2.0 / 3, 2.0 / 3, pel_update(m->state, 0), pel_read(m->stage, 0),
               pel_read(m->tendency, level))
}

/* Williamson (1980), case 7: A = 0, -5/9, -153/128; B = 1/3, 15/16, 8/15. */
static void record_low_storage_rk3(const pel_stepper *stepper, pel_chain *chain)
{
    tendency(stepper, chain, STATE, SUM, 0);
    UPDATE_ALL("stage 1", pel_update_add, 0, 0, 1.0 / 3, pel_update(m->state, 0), pel_read(m->sum, 0))
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL("stage 2", pel_update_low_storage, -5.0 / 9, 0, 15.0 / 16, pel_update(m->state, 0),
               pel_update(m->sum, 0), pel_read(m->tendency, 0))
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL("stage 3", pel_update_low_storage, -153.0 / 128, 0, 8.0 / 15, pel_update(m->state, 0),
               pel_update(m->sum, 0), pel_read(m->tendency, 0))
}

/* The classical scheme: q += dt/6 (k1 + 2 k2 + 2 k3 + k4). */
static void record_rk4(const pel_stepper *stepper, pel_chain *chain)
{
    tendency(stepper, chain, STATE, SUM, 0);
    UPDATE_ALL("stage 1", pel_update_advance, 0, 0, 0.5, pel_write(m->stage, 0), pel_read(m->state, 0),
               pel_read(m->sum, 0))
    for (int stage = 2; stage <= 3; stage++) {
        tendency(stepper, chain, STAGE, TENDENCY, 0);
        UPDATE_ALL(stage == 2 ? "stage 2" : "stage 3", pel_update_advance_and_sum, 2, 0, stage == 2 ? 0.5 : 1,
                   pel_write(m->stage, 0), pel_update(m->sum, 0), pel_read(m->state, 0), pel_read(m->tendency, 0))
    }
    tendency(stepper, chain, STAGE, TENDENCY, 0);
    UPDATE_ALL("stage 4", pel_update_finish_sum, 0, 0, 1.0 / 6, pel_update(m->state, 0), pel_read(m->sum, 0),
               pel_read(m->tendency, 0))
}

static void record_ab2(const pel_stepper *stepper, pel_chain *chain)
{
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL("adams-bashforth 2", pel_update_two_levels, 3.0 / 2, -1.0 / 2, 0, pel_update(m->state, 0),
               pel_read(m->tendency, 0), pel_read(m->tendency, -1))
}

static void record_ab3(const pel_stepper *stepper, pel_chain *chain)
{
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL("adams-bashforth 3", pel_update_three_levels, 23.0 / 12, -16.0 / 12, 5.0 / 12, pel_update(m->state, 0),
               pel_read(m->tendency, 0), pel_read(m->tendency, -1), pel_read(m->tendency, -2))
}

/* The start of leapfrog: an SSP-RK3 step from level 0 to level +1. */
static void record_leapfrog_start(const pel_stepper *stepper, pel_chain *chain)
{
    record_ssp_stages(stepper, chain, 0);
    UPDATE_ALL("stage 3", pel_update_combine, 0, 2.0 / 3, 2.0 / 3, pel_write(m->state, 1), pel_read(m->state, 0),
               pel_read(m->stage, 0), pel_read(m->tendency, 0))
}

/* Leapfrog, with the filter of Williams (2011), eqs. 2-5: nu/2 and alpha. */
static void record_leapfrog(const pel_stepper *stepper, pel_chain *chain)
{
    const double nu = stepper->spec.filter, alpha = stepper->spec.filter_alpha;
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL("leapfrog", pel_update_leapfrog, nu / 2, alpha, alpha - 1, pel_write(m->state, 1),
               pel_update(m->state, 0), pel_read(m->state, -1), pel_read(m->tendency, 0))
}

/* Opens the next chain of the stepper, with what comes before the step in it. */
static pel_status open_chain(pel_stepper *stepper, const char *name, pel_chain **chain)
{
    PEL_TRY(pel_chain_create(name, PEL_CHAIN_STEPPER, &stepper->chains[stepper->chain_count]));
    *chain = stepper->chains[stepper->chain_count++];
    if (stepper->before) stepper->before(stepper->app, *chain);
    return PEL_OK;
}

/* The chains of the first steps, which have no history to look back on. */
static pel_status record_start(pel_stepper *stepper)
{
    pel_chain *chain;
    if (stepper->spec.scheme == PEL_LEAPFROG) {
        PEL_TRY(open_chain(stepper, "start", &chain));
        record_leapfrog_start(stepper, chain);
    } else if (stepper->spec.scheme == PEL_AB3 && stepper->spec.is_euler_start) {
        PEL_TRY(open_chain(stepper, "first", &chain));
        record_euler(stepper, chain);
        PEL_TRY(open_chain(stepper, "second", &chain));
        record_ab2(stepper, chain);
    } else if (stepper->spec.scheme == PEL_AB3) {
        PEL_TRY(open_chain(stepper, "start", &chain));
        record_ssp_rk3(stepper, chain, -2); /* the oldest level is free until the third step */
    }
    return PEL_OK;
}

pel_status pel_stepper_record(pel_stepper *stepper, void (*before)(void *app, pel_chain *chain),
                              pel_tendency_recorder *record, void *app)
{
    stepper->before = before;
    stepper->record = record;
    stepper->app = app;
    PEL_TRY(record_start(stepper));
    pel_chain *chain;
    PEL_TRY(open_chain(stepper, "step", &chain));
    switch (stepper->spec.scheme) {
    case PEL_SSP_RK3:
        record_ssp_rk3(stepper, chain, 0);
        break;
    case PEL_LOW_STORAGE_RK3:
        record_low_storage_rk3(stepper, chain);
        break;
    case PEL_RK4:
        record_rk4(stepper, chain);
        break;
    case PEL_AB3:
        record_ab3(stepper, chain);
        break;
    case PEL_LEAPFROG:
        record_leapfrog(stepper, chain);
        break;
    case PEL_EULER:
        record_euler(stepper, chain);
        break;
    }
    return pel_chain_status(chain);
}

/* ---- use ---- */

long pel_stepper_start_steps(const pel_stepper *stepper)
{
    return stepper->spec.scheme == PEL_AB3 ? 2 : stepper->spec.scheme == PEL_LEAPFROG ? 1 : 0;
}

pel_chain *pel_stepper_chain(const pel_stepper *stepper, long since_start)
{
    const int last = stepper->chain_count - 1;
    if (since_start >= pel_stepper_start_steps(stepper)) return stepper->chains[last];
    return stepper->chains[since_start < last ? since_start : last - 1];
}

int pel_stepper_chain_count(const pel_stepper *stepper)
{
    return stepper->chain_count;
}

pel_chain *pel_stepper_chain_at(const pel_stepper *stepper, int i)
{
    return stepper->chains[i];
}
