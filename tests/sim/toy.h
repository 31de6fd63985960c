/* A component with a few fields and a step that is easily redone by hand, for the tests of output and forcings.
 *
 *     q += dt (1 + x) cos(t)    at cell centres;  u = 2 q + f  is output (WORK);  f follows a file, where a deck names
 * one
 */
#ifndef PELAGOS_TESTS_SIM_TOY_H
#define PELAGOS_TESTS_SIM_TOY_H

#include <math.h>

#include "sim/checkpoint.h"
#include "sim/forcing.h"
#include "sim/output.h"
#include "sim/run.h"
#include "support/test.h"

typedef struct toy_model {
    pel_field *q, *u, *v, *f;
    pel_chain *step;
    pel_reduced sum;
} toy_model;

typedef struct toy {
    pel_params *params;
    pel_team *team;
    pel_component *component;
    pel_output *output;
    toy_model *model;
} toy;

static const pel_param toy_params[] = {
    {"forcing.file", PEL_PARAM_TEXT, .initial = "", .help = "File that f follows."},
    {"forcing.variable", PEL_PARAM_TEXT, .initial = "f", .help = "Its variable."},
    {0},
};

static void grow(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                pel_row(arg[0], y, z)[x] += step->dt * (1 + x) * cos(step->time);
}

static void double_it(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                pel_row(arg[0], y, z)[x] = 2 * pel_row(arg[1], y, z)[x] + pel_row(arg[2], y, z)[x];
}

static void value_of(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++) pel_row(arg[1], y, z)[x] = pel_row(arg[0], y, z)[x];
}

static double toy_sum(const void *model)
{
    return ((const toy_model *)model)->sum.value;
}

static inline pel_status toy_setup(pel_component *component, const pel_params *params, void *model)
{
    toy_model *m = model;
    pel_grid *grid = pel_component_grid(component);
    pel_chain *output = NULL, *series = NULL;
    PEL_TRY(pel_field_declare(grid, "q", &(pel_field_spec){.units = "K", .long_name = "warmth"}, &m->q));
    PEL_TRY(pel_field_declare(
        grid, "v", &(pel_field_spec){.centring = PEL_FACE_Y, .units = "m s-1", .role = PEL_CONSTANT}, &m->v));
    PEL_TRY(pel_field_declare(
        grid, "u", &(pel_field_spec){.units = "K", .role = PEL_WORK, .standard_name = "sea_water_temperature"}, &m->u));
    PEL_TRY(pel_field_declare(grid, "f", &(pel_field_spec){.units = "K", .role = PEL_WORK}, &m->f));
    if (*pel_params_text(params, "forcing.file"))
        PEL_TRY(pel_component_force(component, m->f, "forcing.file", pel_params_text(params, "forcing.file"),
                                    pel_params_text(params, "forcing.variable")));
    else pel_field_mark_set(m->f, 0);
    PEL_TRY(pel_component_chain(component, "step", &m->step));
    for (int i = 0; i < component->forcing_count; i++) pel_forcing_record(component->forcings[i], m->step);
    pel_chain_loop(m->step, "grow", grow, NULL, 0, PEL_INTERIOR, pel_update(m->q, 0));
    PEL_TRY(pel_component_chain(component, "output", &output));
    pel_chain_loop(output, "double", double_it, NULL, 0, PEL_INTERIOR, pel_write(m->u, 0), pel_read(m->q, 0),
                   pel_read(m->f, 0));
    pel_component_output_chain(component, output);
    PEL_TRY(pel_component_chain(component, "series", &series));
    pel_chain_reduce(series, "sum", PEL_SUM, value_of, NULL, 0, PEL_CENTRE, PEL_INTERIOR, &m->sum, pel_read(m->q, 0));
    pel_component_series_chain(component, series);
    return pel_component_series(component, "sum", "K", "sum of q", toy_sum);
}

static const pel_app toy_app = {
    .name = "toy", .params = toy_params, .model_size = sizeof(toy_model), .setup = toy_setup};

static inline pel_params *toy_resolve(const char *text)
{
    pel_deck *deck = NULL;
    pel_params *params = NULL;
    CHECK_STATUS(pel_deck_parse(text, "deck.yaml", NULL, 0, &deck));
    const pel_param *tables[PEL_RUN_TABLES];
    const int count = pel_run_params(&toy_app, tables);
    CHECK_STATUS(pel_params_resolve(deck, tables, count, &params));
    pel_deck_free(deck);
    return params;
}

/* Declares everything; the errors of the deck are those of toy->params. */
static inline void toy_declare(toy *t, const char *deck)
{
    *t = (toy){.params = toy_resolve(deck)};
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &t->team));
    CHECK_STATUS(pel_component_create(&toy_app, "", t->params, t->team, &t->component));
    t->model = t->component->model;
    CHECK_STATUS(pel_output_declare(&t->component, 1, t->params, &t->output));
}

/* From step 0, with the output in `folder`. */
static inline void toy_begin(toy *t, const char *deck, const char *folder)
{
    toy_declare(t, deck);
    CHECK_STATUS(pel_params_finish(t->params));
    CHECK_STATUS(pel_component_commit(t->component));
    t->component->now = (pel_step){.dt = pel_params_real(t->params, "time.step")};
    CHECK_STATUS(pel_output_open(t->output, folder, false));
    CHECK_STATUS(pel_output_write_due(t->output));
}

static inline pel_saved toy_saved(toy *t)
{
    return (pel_saved){&t->component, 1, t->params, t->output};
}

/* From a checkpoint, with the output in `folder`; the status is that of opening the files. */
static inline pel_status toy_resume(toy *t, const char *deck, const char *folder, const char *checkpoint)
{
    pel_file *file = NULL;
    toy_declare(t, deck);
    CHECK_STATUS(pel_params_finish(t->params));
    CHECK_STATUS(pel_component_commit(t->component));
    CHECK_STATUS(pel_checkpoint_open(checkpoint, &file));
    const pel_saved saved = toy_saved(t);
    CHECK_STATUS(pel_checkpoint_restore(&saved, file));
    CHECK_STATUS(pel_file_close(file));
    PEL_TRY(pel_output_open(t->output, folder, true));
    return pel_output_write_due(t->output);
}

/* Steps to step `end`, as the run loop does, in stretches of at most `longest`. */
static inline void toy_run(toy *t, long end, long longest)
{
    pel_component *c = t->component;
    while (c->now.index < end) {
        long n = longest;
        for (int i = 0; i < c->forcing_count; i++) {
            CHECK_STATUS(pel_forcing_update(c->forcings[i], c));
            const long left = pel_forcing_steps_left(c->forcings[i], c->now);
            if (left < n) n = left;
        }
        const long due = pel_output_steps_until_due(t->output);
        if (due < n) n = due;
        if (end - c->now.index < n) n = end - c->now.index;
        CHECK_STATUS(pel_chain_run(t->model->step, t->team, &c->options, c->now, n));
        for (long i = 0; i < n; i++) c->now = pel_step_next(c->now);
        CHECK_STATUS(pel_output_write_due(t->output));
    }
}

static inline void toy_save(toy *t, const char *checkpoint)
{
    const pel_saved saved = toy_saved(t);
    CHECK_STATUS(pel_checkpoint_write(&saved, checkpoint));
}

static inline void toy_end(toy *t)
{
    CHECK_STATUS(pel_output_close(t->output));
    pel_output_destroy(t->output);
    pel_component_destroy(t->component);
    pel_team_destroy(t->team);
    pel_params_free(t->params);
}

#endif
