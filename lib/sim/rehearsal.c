/* A rehearsal: the run loop's beginning and its stretches, without what a run leaves behind. */
#include "sim/rehearsal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "sim/check.h"
#include "sim/component.h"
#include "sim/forcing.h"
#include "sim/resolve.h"

struct pel_rehearsal {
    const pel_app *app;
    pel_params *params;
    pel_component *component;
    double scalars[PEL_COMPONENT_MOST]; /* of the state, as setup() left them */
    bool is_empty[PEL_COMPONENT_MOST];  /* tables of the state that initial() fills */
};

/* ---- the beginning ---- */

static pel_status choose_step(pel_rehearsal *r)
{
    pel_component *component = r->component;
    component->now.dt = 0;
    if (!pel_params_is(r->params, "time.step", "auto")) {
        component->now.dt = pel_params_real(r->params, "time.step");
        return PEL_OK;
    }
    if (!r->app->step_limit)
        return pel_fail(PEL_ERR_DECK,
                        "app %s cannot find its step by itself; give time.step a duration in place of auto",
                        r->app->name);
    double limit = 0;
    PEL_TRY(r->app->step_limit(component, component->model, &limit));
    component->now.dt = limit * pel_params_real(r->params, "time.safety");
    if (component->now.dt > 0 && isfinite(component->now.dt)) return PEL_OK;
    return pel_fail(PEL_ERR_NUMERICS,
                    "no stable step can be found: app %s gives a limit of %g s; give time.step a duration",
                    r->app->name, limit);
}

static pel_status run_stretch(pel_rehearsal *r, const pel_run_options *options, long most, long *steps)
{
    pel_component *c = r->component;
    *steps = c->since_start < pel_stepper_start_steps(c->stepper) ? 1 : most;
    for (int i = 0; i < c->forcing_count; i++) {
        PEL_TRY(pel_forcing_update(c->forcings[i], c));
        const long left = pel_forcing_steps_left(c->forcings[i], c->now);
        if (left < *steps) *steps = left;
    }
    return pel_component_step(c, options, *steps);
}

/* Fresh memory is zero, and initial() may count on that. */
static void clear(pel_field *field)
{
    const pel_field_spec *spec = pel_field_spec_of(field);
    const pel_box all = pel_field_stored(field);
    const size_t bytes = pel_type_bytes(spec->type), row = (size_t)(all.hi[0] - all.lo[0]) * bytes;
    pel_field_set_rotations(field, 0);
    for (int level = 0; level < spec->levels; level++) {
        const pel_view view = pel_field_view(field, level);
        for (int c = 0; c < spec->components; c++)
            for (int z = all.lo[2]; z < all.hi[2]; z++)
                for (int y = all.lo[1]; y < all.hi[1]; y++) {
                    const ptrdiff_t at = all.lo[0] * view.stride[0] + y * view.stride[1] + z * view.stride[2];
                    memset((char *)view.origin + (at + c * view.component) * (ptrdiff_t)bytes, 0, row);
                }
    }
}

pel_status pel_rehearsal_restart(pel_rehearsal *r)
{
    pel_component *component = r->component;
    component->now = (pel_step){0};
    component->since_start = 0;
    for (int i = 0; pel_component_field(component, i); i++) {
        pel_field *field = pel_component_field(component, i);
        if (pel_field_spec_of(field)->role == PEL_PROGNOSTIC) clear(field);
    }
    for (int i = 0; i < component->scalar_count; i++) *component->scalars[i].value = r->scalars[i];
    for (int i = 0; i < component->table_count; i++)
        if (r->is_empty[i]) PEL_TRY(pel_table_resize(component->tables[i], 0, NULL));
    PEL_TRY(r->app->initial(component, r->params, component->model));
    PEL_TRY(choose_step(r));
    PEL_TRY(pel_stepper_prepare(component->stepper, component->team, &component->options, component->now));
    return pel_rehearsal_run(r, &component->options, pel_stepper_start_steps(component->stepper));
}

static pel_status declare(pel_rehearsal *r, pel_team *team)
{
    pel_status status = pel_component_create(r->app, "", r->params, team, &r->component);
    if (status == PEL_OK && !r->component->stepper)
        status = pel_fail(PEL_ERR_ARGUMENT, "app %s has made no stepper; its setup() must call pel_component_stepper()",
                          r->app->name);
    PEL_TRY(pel_resolve_finish(r->params, status));
    for (int i = 0; i < r->component->scalar_count; i++) r->scalars[i] = *r->component->scalars[i].value;
    for (int i = 0; i < r->component->table_count; i++) r->is_empty[i] = pel_table_rows(r->component->tables[i]) == 0;
    return PEL_OK;
}

/* Takes over app and params, and gives them up where it fails. */
static pel_status begin(pel_rehearsal resolved, pel_team *team, pel_rehearsal **rehearsal)
{
    pel_rehearsal *r = NULL;
    pel_status status = pel_memory_new(1, sizeof *r, &r);
    if (status != PEL_OK) {
        pel_params_free(resolved.params);
        return status;
    }
    *r = resolved;
    status = declare(r, team);
    if (status == PEL_OK) status = pel_component_commit(r->component);
    if (status == PEL_OK) status = pel_rehearsal_restart(r);
    if (status == PEL_OK) *rehearsal = r;
    else pel_rehearsal_destroy(r);
    return status;
}

pel_status pel_rehearsal_create(const char *deck_path, const char *const *sets, int set_count,
                                const pel_app *const *apps, int app_count, pel_team *team, pel_rehearsal **rehearsal)
{
    pel_rehearsal r = {0};
    PEL_TRY(pel_resolve_deck(deck_path, sets, set_count, apps, app_count, &r.app, &r.params));
    return begin(r, team, rehearsal);
}

pel_status pel_rehearsal_create_text(const char *text, const char *name, const pel_app *const *apps, int app_count,
                                     pel_team *team, pel_rehearsal **rehearsal)
{
    pel_rehearsal r = {0};
    pel_deck *deck = NULL;
    PEL_TRY(pel_deck_parse(text, name, NULL, 0, &deck));
    const pel_status status = pel_resolve_parsed(deck, apps, app_count, &r.app, &r.params);
    pel_deck_free(deck);
    PEL_TRY(status);
    return begin(r, team, rehearsal);
}

void pel_rehearsal_destroy(pel_rehearsal *r)
{
    if (!r) return;
    pel_component_destroy(r->component);
    pel_params_free(r->params);
    free(r);
}

/* ---- stepping ---- */

pel_status pel_rehearsal_run(pel_rehearsal *r, const pel_run_options *options, long steps)
{
    while (steps > 0) {
        long done;
        PEL_TRY(run_stretch(r, options, steps, &done));
        steps -= done;
    }
    return PEL_OK;
}

pel_chain *pel_rehearsal_chain(const pel_rehearsal *r)
{
    return pel_stepper_chain(r->component->stepper, pel_stepper_start_steps(r->component->stepper));
}

pel_grid *pel_rehearsal_grid(const pel_rehearsal *r)
{
    return r->component->grids[0];
}

const pel_run_options *pel_rehearsal_options(const pel_rehearsal *r)
{
    return &r->component->options;
}

uint64_t pel_rehearsal_hash(const pel_rehearsal *r)
{
    return pel_check_hash(&r->component, 1);
}
