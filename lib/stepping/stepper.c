/* Steppers: which fields a scheme needs, and the loops of its step.
 *
 * With q the state, s a stage, k a tendency, everything a scheme does is a list of "tendency of that, then this
 * formula" (update.h). Level 0 of the state is the present one. Adams-Bashforth keeps the tendencies of the last steps
 * as levels 0, -1, -2 of k, leapfrog the states as levels -1, 0, +1 of q; the chain rotates what it writes.
 *
 * With a decay r the scheme steps exp(r t) q (Lawson 1967). Written for q itself, its formulas have factors e = exp(-r
 * dt) and h = exp(-r dt / 2), the latter for stages at half steps. The stepper keeps h, which changes with dt alone. */
#include "stepping/stepper.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stepping/update.h"

enum { MOST_CHAINS = 4, MOST_ARGS = 6 };

/* What the scheme keeps of one prognostic field; NULL where it needs none. */
typedef struct member {
    pel_field *state, *stage, *tendency, *sum;
    pel_field *filter, *decay; /* of the caller */
    pel_field *factor;         /* h; members of the same decay share it */
} member;

struct pel_stepper {
    pel_stepper_spec spec;
    pel_grid *grid;
    member *members;
    pel_operand *operands[2]; /* scratch: what a recorder gets */
    int count;
    pel_chain *chains[MOST_CHAINS]; /* that of the factors, if there are any, then those of the steps */
    int chain_count;
    bool has_decay;
    double prepared_dt; /* of the factors; 0: not filled yet */

    pel_tendency_recorder *record;
    void (*before)(void *app, pel_chain *chain);
    void *app;
};

/* One row a scheme: fields and chains that it needs, and its limits of stability for q' = i w q and q' = -r q. */
static const struct scheme {
    const char *name;
    int state_levels, tendency_levels;
    bool has_stage, has_sum, takes_decay;
    double imaginary, real;
} schemes[] = {
    [PEL_SSP_RK3] = {"ssp-rk3", 1, 1, true, false, false, 1.7320508075688772, 2.5127453266183286},
    [PEL_LOW_STORAGE_RK3] = {"low-storage-rk3", 1, 1, false, true, false, 1.7320508075688772, 2.5127453266183286},
    [PEL_RK4] = {"rk4", 1, 1, true, true, true, 2.8284271247461903, 2.7852935634052818},
    [PEL_AB3] = {"ab3", 1, 3, true, false, true, 0.7236, 6.0 / 11},
    [PEL_LEAPFROG] = {"leapfrog", 3, 1, true, false, false, 1, 0.05},
    [PEL_EULER] = {"euler", 1, 1, false, false, true, 0, 2},
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

bool pel_scheme_takes_decay(pel_scheme scheme)
{
    return schemes[scheme].takes_decay;
}

/* ---- declaration ---- */

static pel_grid *grid_of(const pel_stepper *stepper, const pel_prognostic *prognostic)
{
    return prognostic->grid ? prognostic->grid : stepper->grid;
}

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
    const pel_field_spec spec = {.type = prognostic->spec.type,
                                 .components = prognostic->spec.components,
                                 .centring = prognostic->spec.centring,
                                 .along = prognostic->spec.along,
                                 .levels = levels,
                                 .role = levels > 1 ? PEL_PROGNOSTIC : PEL_WORK,
                                 .units = pel_text_get(&units)};
    const pel_status status = declare_companion(grid_of(stepper, prognostic), prognostic->name, suffix, &spec, field);
    pel_text_free(&units);
    return status;
}

/* Whether a field can be what the state of a prognostic field is multiplied with. */
static pel_status check_factor(const pel_stepper *stepper, const pel_prognostic *prognostic, const pel_field *factor)
{
    if (!factor) return PEL_OK;
    const pel_field_spec *spec = pel_field_spec_of(factor);
    const char *fault = NULL;
    if (spec->type != PEL_DOUBLE || spec->components != 1) fault = "must be of doubles, with one component";
    else if (pel_field_grid(factor) != grid_of(stepper, prognostic)) fault = "is on another grid";
    else if (spec->centring != (prognostic->spec.centring & spec->along)) fault = "has another centring";
    else if (spec->role != PEL_CONSTANT) fault = "must have the role PEL_CONSTANT";
    if (!fault) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT, "field %s cannot be a filter or decay of %s: it %s", pel_field_name(factor),
                    prognostic->name, fault);
}

static pel_status check_member(const pel_stepper *stepper, const pel_prognostic *prognostic)
{
    if (prognostic->spec.type != PEL_DOUBLE && prognostic->spec.type != PEL_COMPLEX)
        return pel_fail(
            PEL_ERR_ARGUMENT,
            "field '%s' is neither of doubles nor complex; steppers step fields of doubles and complex ones",
            prognostic->name);
    PEL_TRY(check_factor(stepper, prognostic, prognostic->filter));
    PEL_TRY(check_factor(stepper, prognostic, prognostic->decay));
    if (!prognostic->decay || pel_scheme_takes_decay(stepper->spec.scheme)) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT,
                    "time scheme %s cannot take the decay of field %s by an integrating factor; choose ab3, rk4 or "
                    "euler",
                    schemes[stepper->spec.scheme].name, prognostic->name);
}

/* The factor h of a member with a decay: that of an earlier member with the same decay, or a new field. */
static pel_status declare_factor(pel_stepper *stepper, const char *name, member *m)
{
    if (!m->decay) return PEL_OK;
    stepper->has_decay = true;
    for (const member *other = stepper->members; other < m && !m->factor; other++)
        if (other->decay == m->decay) m->factor = other->factor;
    if (m->factor) return PEL_OK;
    const pel_field_spec *like = pel_field_spec_of(m->decay);
    const pel_field_spec spec = {.centring = like->centring, .along = like->along, .role = PEL_WORK};
    PEL_TRY(declare_companion(pel_field_grid(m->decay), name, "integrating-factor", &spec, &m->factor));
    pel_field_mark_set(m->factor, 0); /* by pel_stepper_prepare() */
    return PEL_OK;
}

/* How a history begins: what the chains of the first steps are. */
typedef enum beginning { BEGIN_AT_ONCE, BEGIN_LEAPFROG, BEGIN_SSP_RK3, BEGIN_RK4, BEGIN_EULER } beginning;

static beginning beginning_of(const pel_stepper *stepper)
{
    if (stepper->spec.scheme == PEL_LEAPFROG) return BEGIN_LEAPFROG;
    if (stepper->spec.scheme != PEL_AB3) return BEGIN_AT_ONCE;
    if (stepper->spec.is_euler_start) return BEGIN_EULER;
    return stepper->has_decay ? BEGIN_RK4 : BEGIN_SSP_RK3;
}

/* The fields of a member beside its state; what the beginning needs is known once all members have been looked at. */
static pel_status declare_companions(pel_stepper *stepper, const pel_prognostic *prognostic, member *m)
{
    const struct scheme *scheme = &schemes[stepper->spec.scheme];
    const beginning how = beginning_of(stepper);
    PEL_TRY(declare_tendency(stepper, prognostic, "tendency", scheme->tendency_levels, &m->tendency));
    if (scheme->has_sum || how == BEGIN_RK4) PEL_TRY(declare_tendency(stepper, prognostic, "tendency-sum", 1, &m->sum));
    if (!scheme->has_stage || how == BEGIN_EULER) return PEL_OK;
    pel_field_spec spec = prognostic->spec;
    spec.levels = 1;
    spec.role = PEL_WORK;
    return declare_companion(grid_of(stepper, prognostic), prognostic->name, "stage", &spec, &m->stage);
}

static pel_status declare_member(pel_stepper *stepper, const pel_prognostic *prognostic, member *m)
{
    PEL_TRY(check_member(stepper, prognostic));
    m->filter = prognostic->filter;
    m->decay = prognostic->decay;
    pel_field_spec spec = prognostic->spec;
    spec.levels = schemes[stepper->spec.scheme].state_levels;
    PEL_TRY(pel_field_declare(grid_of(stepper, prognostic), prognostic->name, &spec, &m->state));
    return declare_factor(stepper, prognostic->name, m);
}

static pel_status declare_all(pel_stepper *stepper, const pel_prognostic *fields)
{
    PEL_TRY(pel_memory_new((size_t)stepper->count, sizeof(member), &stepper->members));
    for (int i = 0; i < 2; i++)
        PEL_TRY(pel_memory_new((size_t)stepper->count, sizeof(pel_operand), &stepper->operands[i]));
    for (int i = 0; i < stepper->count; i++) PEL_TRY(declare_member(stepper, &fields[i], &stepper->members[i]));
    for (int i = 0; i < stepper->count; i++) PEL_TRY(declare_companions(stepper, &fields[i], &stepper->members[i]));
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

/* A formula: its kernel, the one with an integrating factor for members that decay (NULL where the scheme takes no
 * decay), its coefficients, and whether it ends the step. */
typedef struct formula {
    const char *name;
    pel_kernel *plain, *decaying;
    double a, b, c;
    bool is_last;
} formula;

/* Records a formula for a member whose state, and the like, are `args`; factor and filter follow them. */
static void update(pel_chain *chain, const member *m, const formula *f, const pel_arg *args, int count)
{
    const pel_field_spec *spec = pel_field_spec_of(m->state);
    pel_update_params p = {f->a, f->b, f->c, spec->components, spec->type == PEL_COMPLEX ? 2 : 1, 0, 0};
    pel_arg all[MOST_ARGS];
    memcpy(all, args, (size_t)count * sizeof *args);
    if (m->factor) all[p.decay = count++] = pel_read(m->factor, 0);
    if (m->filter && f->is_last) all[p.filter = count++] = pel_read(m->filter, 0);
    pel_kernel *kernel = m->factor ? f->decaying : f->plain;
    pel_chain_loop_args(chain, f->name, kernel, &p, sizeof p, PEL_INTERIOR, all, count);
    pel_chain_flops(chain, p.components * p.width * (pel_update_flops(kernel) + (p.filter > 0)));
}

/* Records one update loop for each field; in its accesses `m` is the member. */
#define UPDATE_ALL(f, ...)                                                                                             \
    for (const member *m = stepper->members; m < stepper->members + stepper->count; m++)                               \
        update(chain, m, &(f), PEL_ARGS(__VA_ARGS__));

/* Euler: q += dt F(q). */
static void record_euler(const pel_stepper *stepper, pel_chain *chain)
{
    const formula step = {"euler", pel_update_add, pel_update_decay_add, .c = 1, .is_last = true};
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL(step, pel_update(m->state, 0), pel_read(m->tendency, 0))
}

/* The first two stages of SSP-RK3 (Shu & Osher 1988, eq. 2.18), and F of the second. F(q) stays in level 0 of the
 * tendency; `level` takes those of the stages. */
static void record_ssp_stages(const pel_stepper *stepper, pel_chain *chain, int level)
{
    const formula first = {"stage 1", pel_update_advance, .c = 1};
    const formula second = {"stage 2", pel_update_blend, .b = 0.75, .c = 0.25};
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL(first, pel_write(m->stage, 0), pel_read(m->state, 0), pel_read(m->tendency, 0))
    tendency(stepper, chain, STAGE, TENDENCY, level);
    UPDATE_ALL(second, pel_update(m->stage, 0), pel_read(m->state, 0), pel_read(m->tendency, level))
    tendency(stepper, chain, STAGE, TENDENCY, level);
}

static void record_ssp_rk3(const pel_stepper *stepper, pel_chain *chain, int level)
{
    const formula third = {"stage 3", pel_update_blend, .b = 2.0 / 3, .c = 2.0 / 3, .is_last = true};
    record_ssp_stages(stepper, chain, level);
    UPDATE_ALL(third, pel_update(m->state, 0), pel_read(m->stage, 0), pel_read(m->tendency, level))
}

/* Williamson (1980), case 7: A = 0, -5/9, -153/128; B = 1/3, 15/16, 8/15. */
static void record_low_storage_rk3(const pel_stepper *stepper, pel_chain *chain)
{
    const formula first = {"stage 1", pel_update_add, .c = 1.0 / 3};
    const formula second = {"stage 2", pel_update_low_storage, .a = -5.0 / 9, .c = 15.0 / 16};
    const formula third = {"stage 3", pel_update_low_storage, .a = -153.0 / 128, .c = 8.0 / 15, .is_last = true};
    tendency(stepper, chain, STATE, SUM, 0);
    UPDATE_ALL(first, pel_update(m->state, 0), pel_read(m->sum, 0))
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL(second, pel_update(m->state, 0), pel_update(m->sum, 0), pel_read(m->tendency, 0))
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL(third, pel_update(m->state, 0), pel_update(m->sum, 0), pel_read(m->tendency, 0))
}

/* The classical scheme: q += dt/6 (k1 + 2 k2 + 2 k3 + k4); with a decay
 *
 *     s2 = h (q + dt/2 k1)    s3 = h q + dt/2 k2    s4 = h (h q + dt k3)    q = e q + dt/6 (e k1 + 2 h (k2 + k3) + k4)
 *
 * The sum begins as k1; `level` takes the other tendencies. */
static void record_rk4(const pel_stepper *stepper, pel_chain *chain, int level)
{
    const formula first = {"stage 1", pel_update_advance, pel_update_decay_advance, .c = 0.5};
    const formula second = {"stage 2", pel_update_advance_and_sum, pel_update_decay_second, .a = 2, .c = 0.5};
    const formula third = {"stage 3", pel_update_advance_and_sum, pel_update_decay_third, .a = 2, .c = 1};
    const formula fourth = {"stage 4", pel_update_finish_sum, pel_update_decay_finish, .c = 1.0 / 6, .is_last = true};
    tendency(stepper, chain, STATE, SUM, 0);
    UPDATE_ALL(first, pel_write(m->stage, 0), pel_read(m->state, 0), pel_read(m->sum, 0))
    tendency(stepper, chain, STAGE, TENDENCY, level);
    UPDATE_ALL(second, pel_write(m->stage, 0), pel_update(m->sum, 0), pel_read(m->state, 0),
               pel_read(m->tendency, level))
    tendency(stepper, chain, STAGE, TENDENCY, level);
    UPDATE_ALL(third, pel_write(m->stage, 0), pel_update(m->sum, 0), pel_read(m->state, 0),
               pel_read(m->tendency, level))
    tendency(stepper, chain, STAGE, TENDENCY, level);
    UPDATE_ALL(fourth, pel_update(m->state, 0), pel_read(m->sum, 0), pel_read(m->tendency, level))
}

/* With a decay older tendencies count less: q = e (q + dt (a k0 + b e k1 + c e^2 k2)). */
static void record_ab2(const pel_stepper *stepper, pel_chain *chain)
{
    const formula step = {"adams-bashforth 2", pel_update_two_levels, pel_update_decay_two_levels, 3.0 / 2, -1.0 / 2,
                          .is_last = true};
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL(step, pel_update(m->state, 0), pel_read(m->tendency, 0), pel_read(m->tendency, -1))
}

static void record_ab3(const pel_stepper *stepper, pel_chain *chain)
{
    const formula step = {"adams-bashforth 3",
                          pel_update_three_levels,
                          pel_update_decay_three_levels,
                          23.0 / 12,
                          -16.0 / 12,
                          5.0 / 12,
                          true};
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL(step, pel_update(m->state, 0), pel_read(m->tendency, 0), pel_read(m->tendency, -1),
               pel_read(m->tendency, -2))
}

/* The start of leapfrog: an SSP-RK3 step from level 0 to level +1. */
static void record_leapfrog_start(const pel_stepper *stepper, pel_chain *chain)
{
    const formula third = {"stage 3", pel_update_combine, .b = 2.0 / 3, .c = 2.0 / 3, .is_last = true};
    record_ssp_stages(stepper, chain, 0);
    UPDATE_ALL(third, pel_write(m->state, 1), pel_read(m->state, 0), pel_read(m->stage, 0), pel_read(m->tendency, 0))
}

/* Leapfrog, with the filter of Williams (2011), eqs. 2-5: nu/2 and alpha. */
static void record_leapfrog(const pel_stepper *stepper, pel_chain *chain)
{
    const double nu = stepper->spec.filter, alpha = stepper->spec.filter_alpha;
    const formula step = {"leapfrog", pel_update_leapfrog, NULL, nu / 2, alpha, alpha - 1, true};
    tendency(stepper, chain, STATE, TENDENCY, 0);
    UPDATE_ALL(step, pel_write(m->state, 1), pel_update(m->state, 0), pel_read(m->state, -1), pel_read(m->tendency, 0))
}

static pel_status new_chain(pel_stepper *stepper, const char *name, pel_chain_kind kind, pel_chain **chain)
{
    PEL_TRY(pel_chain_create(name, kind, &stepper->chains[stepper->chain_count]));
    *chain = stepper->chains[stepper->chain_count++];
    return PEL_OK;
}

/* Opens the next chain of a step, with what comes before the step in it. */
static pel_status open_chain(pel_stepper *stepper, const char *name, pel_chain **chain)
{
    PEL_TRY(new_chain(stepper, name, PEL_CHAIN_STEPPER, chain));
    if (stepper->before) stepper->before(stepper->app, *chain);
    return PEL_OK;
}

/* The chain that fills the factors h, each once. */
static pel_status record_factors(pel_stepper *stepper)
{
    pel_chain *chain = NULL;
    if (!stepper->has_decay) return PEL_OK;
    PEL_TRY(new_chain(stepper, "integrating factors", PEL_CHAIN_PLAIN, &chain));
    for (int i = 0; i < stepper->count; i++) {
        const member *m = &stepper->members[i];
        bool is_new = m->factor != NULL;
        for (int k = 0; k < i && is_new; k++) is_new = stepper->members[k].factor != m->factor;
        if (!is_new) continue;
        pel_chain_loop(chain, pel_field_name(m->factor), pel_update_fill_decay, NULL, 0, PEL_EVERYTHING,
                       pel_write(m->factor, 0), pel_read(m->decay, 0));
        pel_chain_flops(chain, pel_update_flops(pel_update_fill_decay));
    }
    return pel_chain_status(chain);
}

/* The chains of the first steps, which have no history to look back on. Of the tendencies of ab3 the oldest level is
 * free until the third step. F(q) of an RK4 step is computed twice, which only the first two steps pay for. */
static pel_status record_start(pel_stepper *stepper)
{
    const beginning how = beginning_of(stepper);
    pel_chain *chain;
    if (how == BEGIN_AT_ONCE) return PEL_OK;
    PEL_TRY(open_chain(stepper, how == BEGIN_EULER ? "first" : "start", &chain));
    switch (how) {
    case BEGIN_LEAPFROG:
        record_leapfrog_start(stepper, chain);
        break;
    case BEGIN_EULER:
        record_euler(stepper, chain);
        PEL_TRY(open_chain(stepper, "second", &chain));
        record_ab2(stepper, chain);
        break;
    case BEGIN_RK4:
        tendency(stepper, chain, STATE, TENDENCY, 0);
        record_rk4(stepper, chain, -2);
        break;
    default:
        record_ssp_rk3(stepper, chain, -2);
    }
    return PEL_OK;
}

pel_status pel_stepper_record(pel_stepper *stepper, void (*before)(void *app, pel_chain *chain),
                              pel_tendency_recorder *record, void *app)
{
    stepper->before = before;
    stepper->record = record;
    stepper->app = app;
    PEL_TRY(record_factors(stepper));
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
        record_rk4(stepper, chain, 0);
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

pel_status pel_stepper_prepare(pel_stepper *stepper, pel_team *team, const pel_run_options *options, pel_step step)
{
    if (!stepper->has_decay || stepper->prepared_dt == step.dt) return PEL_OK;
    stepper->prepared_dt = 0; /* until all of them are filled */
    PEL_TRY(pel_chain_run(stepper->chains[0], team, options, step, 1));
    stepper->prepared_dt = step.dt;
    return PEL_OK;
}

long pel_stepper_start_steps(const pel_stepper *stepper)
{
    return stepper->spec.scheme == PEL_AB3 ? 2 : stepper->spec.scheme == PEL_LEAPFROG ? 1 : 0;
}

pel_chain *pel_stepper_chain(const pel_stepper *stepper, long since_start)
{
    const int last = stepper->chain_count - 1, first = stepper->has_decay;
    if (since_start >= pel_stepper_start_steps(stepper)) return stepper->chains[last];
    return stepper->chains[first + since_start < last ? first + since_start : last - 1];
}

int pel_stepper_chain_count(const pel_stepper *stepper)
{
    return stepper->chain_count;
}

pel_chain *pel_stepper_chain_at(const pel_stepper *stepper, int i)
{
    return stepper->chains[i];
}
