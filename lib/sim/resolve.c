/* From a deck to its app and parameters; and the two commands that only look at a deck: check and plan. */
#include "sim/resolve.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "exec/layout.h"
#include "sim/component.h"
#include "sim/instruments.h"
#include "sim/output.h"

/* ---- the app ---- */

static const pel_app *find_app(const char *name, const pel_app *const *apps, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(apps[i]->name, name) == 0) return apps[i];
    return NULL;
}

static const pel_app *nearest_app(const char *name, const pel_app *const *apps, int count)
{
    const char **names = NULL;
    if (pel_memory_new((size_t)count + 1, sizeof *names, &names) != PEL_OK) return NULL;
    for (int i = 0; i < count; i++) names[i] = apps[i]->name;
    const char *nearest = pel_text_nearest(name, names, (size_t)count);
    free(names);
    return nearest ? find_app(nearest, apps, count) : NULL;
}

static pel_status no_such_app(const pel_deck *deck, const char *name, const pel_app *const *apps, int count)
{
    pel_text list = {0};
    for (int i = 0; i < count; i++) pel_text_add(&list, "%s%s", i > 0 ? ", " : "", apps[i]->name);
    const pel_status status =
        name ? pel_fail(PEL_ERR_DECK, "%s: there is no app \"%s\"; there is: %s", pel_deck_path(deck), name,
                        pel_text_get(&list))
             : pel_fail(PEL_ERR_DECK, "%s: it does not say which app it is for; add `app: NAME`, one of: %s",
                        pel_deck_path(deck), pel_text_get(&list));
    pel_text_free(&list);
    return status;
}

/* ---- parameters ---- */

static pel_status resolve_for(const pel_deck *deck, const pel_app *app, pel_params **params)
{
    const pel_param *tables[PEL_RUN_TABLES];
    const int count = pel_run_params(app, tables);
    return pel_params_resolve_in(deck, tables, count, app->unit_of, params);
}

/* The deck of an app whose name is misspelt is checked against the app that was meant. */
pel_status pel_resolve_parsed(const pel_deck *deck, const pel_app *const *apps, int count, const pel_app **app,
                              pel_params **params)
{
    const char *name = pel_deck_scalar(deck, "app");
    const pel_app *found = name ? find_app(name, apps, count) : NULL, *meant = found;
    if (!found && name) meant = nearest_app(name, apps, count);
    if (!meant) return no_such_app(deck, name, apps, count);
    PEL_TRY(resolve_for(deck, meant, params));
    if (!found) pel_params_error(*params, "app", "there is no app \"%s\"; did you mean %s?", name, meant->name);
    *app = meant;
    return PEL_OK;
}

pel_status pel_resolve_deck(const char *deck_path, const char *const *sets, int set_count, const pel_app *const *apps,
                            int app_count, const pel_app **app, pel_params **params)
{
    pel_deck *deck = NULL;
    PEL_TRY(pel_deck_load(deck_path, sets, set_count, &deck));
    const pel_status status = pel_resolve_parsed(deck, apps, app_count, app, params);
    if (status == PEL_OK) pel_instruments_check(*params);
    pel_deck_free(deck);
    return status;
}

pel_status pel_resolve_text(const char *text, const char *name, const pel_app *app, pel_params **params)
{
    pel_deck *deck = NULL;
    PEL_TRY(pel_deck_parse(text, name, NULL, 0, &deck));
    const pel_status status = resolve_for(deck, app, params);
    pel_deck_free(deck);
    return status;
}

pel_status pel_resolve_finish(const pel_params *params, pel_status status)
{
    char *sentence = NULL;
    if (status != PEL_OK) PEL_TRY(pel_text_copy(pel_failure(), &sentence));
    const pel_status deck = pel_params_finish(params);
    if (deck == PEL_OK && status != PEL_OK) pel_fail(status, "%s", sentence);
    free(sentence);
    return deck != PEL_OK ? deck : status;
}

/* ---- check and plan ---- */

/* A deck whose app has been set up, without memory. */
typedef struct trial {
    const pel_app *app;
    pel_params *params;
    pel_component *component;
    pel_output *output;
    pel_team *team;
} trial;

static pel_status set_up(trial *t)
{
    pel_status status = pel_component_create(t->app, "", t->params, NULL, &t->component);
    if (status == PEL_OK) status = pel_output_declare(&t->component, 1, t->params, &t->output);
    return pel_resolve_finish(t->params, status);
}

static void end(trial *t)
{
    pel_output_destroy(t->output);
    pel_component_destroy(t->component);
    pel_params_free(t->params);
    pel_team_destroy(t->team);
}

pel_status pel_run_check(const char *deck_path, const char *const *sets, int set_count, const pel_app *const *apps,
                         int app_count, pel_text *resolved)
{
    trial t = {0};
    pel_status status = pel_resolve_deck(deck_path, sets, set_count, apps, app_count, &t.app, &t.params);
    if (status == PEL_OK) status = set_up(&t);
    if (status == PEL_OK) pel_params_write(t.params, resolved);
    end(&t);
    return status;
}

static pel_status describe_chain(const trial *t, pel_chain *chain, pel_text *plan)
{
    PEL_TRY(pel_chain_describe(chain, t->team, &t->component->options, plan));
    pel_text_add(plan, "\n");
    return PEL_OK;
}

static void describe_memory(const pel_component *component, pel_text *plan)
{
    char text[32];
    int count = 0;
    while (pel_component_field(component, count)) count++;
    if (count == 0) return;
    pel_text_add(plan, "memory of %d fields: %sB\n", count, pel_text_si(pel_component_field_bytes(component), text));
}

pel_team_spec pel_resolve_team(const pel_params *params)
{
    static const char *const names[] = {[PEL_TEAM_AUTO] = "auto",
                                        [PEL_TEAM_COMPACT] = "compact",
                                        [PEL_TEAM_SPREAD] = "spread",
                                        [PEL_TEAM_UNPLACED] = "none"};
    pel_team_spec spec = {.threads = (int)pel_params_int(params, "run.threads")};
    for (int i = PEL_TEAM_AUTO; i <= PEL_TEAM_UNPLACED; i++)
        if (pel_params_is(params, "run.placement", names[i])) spec.places = (pel_team_places)i;
    return spec;
}

/* The team that would run, and the chains derived; no field has memory. */
static pel_status plan_chains(trial *t)
{
    const pel_team_spec spec = pel_resolve_team(t->params);
    PEL_TRY(pel_team_create(&spec, &t->team));
    t->component->team = t->team;
    return pel_component_plan(t->component);
}

static pel_status describe(trial *t, pel_text *plan)
{
    PEL_TRY(plan_chains(t));
    pel_text_add(plan, "app %s, %d threads\n\n", t->app->name, pel_team_threads(t->team));
    const pel_stepper *stepper = t->component->stepper;
    for (int i = 0; stepper && i < pel_stepper_chain_count(stepper); i++)
        PEL_TRY(describe_chain(t, pel_stepper_chain_at(stepper, i), plan));
    for (int i = 0; i < t->component->chain_count; i++) PEL_TRY(describe_chain(t, t->component->chains[i], plan));
    if (t->component->describe) t->component->describe(t->component->model, plan);
    describe_memory(t->component, plan);
    return PEL_OK;
}

pel_status pel_run_plan(const char *deck_path, const char *const *sets, int set_count, const pel_app *const *apps,
                        int app_count, pel_text *plan)
{
    trial t = {0};
    pel_status status = pel_resolve_deck(deck_path, sets, set_count, apps, app_count, &t.app, &t.params);
    if (status == PEL_OK) status = set_up(&t);
    if (status == PEL_OK) status = describe(&t, plan);
    end(&t);
    return status;
}

static pel_status lay_out(trial *t, long steps, pel_text *json)
{
    PEL_TRY(plan_chains(t));
    const pel_stepper *stepper = t->component->stepper;
    if (!stepper) return pel_fail(PEL_ERR_ARGUMENT, "app %s has no stepper, so nothing to tile in time", t->app->name);
    const pel_chain *step = pel_stepper_chain(stepper, pel_stepper_start_steps(stepper));
    return pel_layout_describe(step, t->team, &t->component->options, steps, json);
}

pel_status pel_run_tiles(const char *deck_path, const char *const *sets, int set_count, const pel_app *const *apps,
                         int app_count, long steps, pel_text *json)
{
    trial t = {0};
    pel_status status = pel_resolve_deck(deck_path, sets, set_count, apps, app_count, &t.app, &t.params);
    if (status == PEL_OK) status = set_up(&t);
    if (status == PEL_OK) status = lay_out(&t, steps, json);
    end(&t);
    return status;
}
