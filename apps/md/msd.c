/* Mean-square displacement <|r(t) - r(0)|^2> and velocity autocorrelation <v(t).v(0)> over the lag t, and a diffusion
 * coefficient from each (Allen & Tildesley, Computer Simulation of Liquids, 2nd ed. 2017, sec. 2.7):
 *
 *     D = lim d/dt <|r(t) - r(0)|^2> / 6         Einstein; here the slope over the second half of the lags
 *     D = int_0^inf <v(t).v(0)> dt / 3           Green-Kubo; here up to the longest lag
 *
 * A record has the means over all samples so far, since lags are longer than intervals between records may be. */
#include "md/msd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "md/gathered.h"
#include "md/state.h"
#include "md/units.h"
#include "particles/transport.h"

enum { SETUP = 4, PARTS = 6, CURVES = 6 };
enum { POSITION, VELOCITY }; /* columns of the table of origins */

struct md_msd {
    pel_transport sums;
    double setup[SETUP]; /* atoms, lags, origin_every, interval */
    long every;          /* steps from sample to sample */
    double interval;     /* the same as time */
    double from;
    int lags, origin_every;
    bool has_new_origins; /* the table of origins is behind */
    pel_table *table, *origins;
    double *lag, *displacement2, *autocorrelation, *count; /* [lags], as written */
    double einstein, green_kubo, samples;
    pel_curve curves[CURVES];
};

/* ---- results ---- */

/* The longest lag that a sample has come to; -1 before the first. */
static int longest_lag(const md_msd *msd)
{
    const int64_t samples = msd->sums.samples;
    return (int)(samples < msd->lags ? samples : msd->lags) - 1;
}

static double einstein(const void *model)
{
    const md_msd *msd = ((const md_model *)model)->msd;
    const int to = longest_lag(msd);
    return to < 1 ? 0 : pel_transport_einstein(&msd->sums, to / 2, to, msd->interval);
}

static double green_kubo(const void *model)
{
    const md_msd *msd = ((const md_model *)model)->msd;
    const int to = longest_lag(msd);
    return to < 1 ? 0 : pel_transport_green_kubo(&msd->sums, to, msd->interval);
}

static pel_status fill(void *data, pel_step now)
{
    const md_model *model = data;
    md_msd *msd = model->msd;
    (void)now;
    for (int lag = 0; lag < msd->lags; lag++) {
        const bool is_there = msd->sums.count[lag] > 0;
        msd->count[lag] = (double)msd->sums.count[lag];
        msd->displacement2[lag] = is_there ? pel_transport_displacement2(&msd->sums, lag) : NAN;
        msd->autocorrelation[lag] = is_there ? pel_transport_autocorrelation(&msd->sums, lag) : NAN;
    }
    msd->samples = (double)msd->sums.samples;
    msd->einstein = einstein(model);
    msd->green_kubo = green_kubo(model);
    return PEL_OK;
}

/* ---- declaring ---- */

static pel_status allocate(md_msd *msd)
{
    const size_t lags = (size_t)msd->lags;
    PEL_TRY(pel_memory_new(lags, sizeof *msd->lag, &msd->lag));
    PEL_TRY(pel_memory_new(lags, sizeof *msd->displacement2, &msd->displacement2));
    PEL_TRY(pel_memory_new(lags, sizeof *msd->autocorrelation, &msd->autocorrelation));
    PEL_TRY(pel_memory_new(lags, sizeof *msd->count, &msd->count));
    for (int lag = 0; lag < msd->lags; lag++) msd->lag[lag] = lag * msd->interval;
    return PEL_OK;
}

static void make_curves(md_msd *msd, const char *system)
{
    const char *diffusivity = md_file_unit(system, "diffusivity");
    const pel_curve curves[CURVES] = {
        {"msd", md_file_unit(system, "area"), "mean-square displacement", msd->displacement2, false},
        {"vacf", md_file_unit(system, "velocity2"), "velocity autocorrelation", msd->autocorrelation, false},
        {"origins", "1", "origins that have come to this lag", msd->count, false},
        {"diffusion_einstein", diffusivity, "diffusion coefficient from displacements", &msd->einstein, true},
        {"diffusion_green_kubo", diffusivity, "diffusion coefficient from velocities", &msd->green_kubo, true},
        {"samples", "1", "samples so far", &msd->samples, true}};
    memcpy(msd->curves, curves, sizeof curves);
}

static pel_status declare_tables(pel_component *component, const pel_unit_system *units, md_msd *msd)
{
    const pel_column_spec columns[] = {
        [POSITION] = {.name = "position", .components = 3, .units = units->length, .is_internal = true},
        [VELOCITY] = {.name = "velocity", .components = 3, .units = units->velocity, .is_internal = true}};
    PEL_TRY(md_gathered_declare(component, "msd", &msd->table));
    PEL_TRY(pel_table_create("msd-origins", columns, 2, &msd->origins));
    return pel_component_gathered(component, msd->origins);
}

/* A run from the checkpoint of another begins between two samples. */
static bool is_due(const md_msd *msd, pel_step now)
{
    return now.time >= msd->from && now.index % msd->every == 0;
}

static pel_status sample(void *data, pel_step now)
{
    md_model *model = data;
    md_msd *msd = model->msd;
    if (!is_due(msd, now)) return PEL_OK;
    if (msd->sums.samples % msd->origin_every == 0) msd->has_new_origins = true;
    PEL_TRY(md_state_look(model, now));
    return pel_transport_sample(&msd->sums, pel_component_team(model->component), &model->stored);
}

static pel_status declare(pel_component *component, md_model *model, md_msd *msd)
{
    PEL_TRY(allocate(msd));
    make_curves(msd, model->units->name);
    PEL_TRY(declare_tables(component, model->units, msd));
    PEL_TRY(pel_component_every(component, "output.msd.sample", sample));
    PEL_TRY(pel_component_figure(component, "diffusion_einstein", einstein));
    PEL_TRY(pel_component_figure(component, "diffusion_green_kubo", green_kubo));
    const pel_curves curves = {.name = "msd",
                               .axis = "lag",
                               .axis_units = model->units->time,
                               .axis_long_name = "time between two samples",
                               .coordinates = msd->lag,
                               .points = msd->lags,
                               .curves = msd->curves,
                               .count = CURVES,
                               .fill = fill};
    return pel_component_curves(component, &curves);
}

pel_status md_msd_declare(pel_component *component, md_model *model)
{
    const pel_params *params = model->params;
    const pel_cadence cadence = pel_params_cadence(params, "output.msd.sample");
    if (cadence.kind != PEL_CADENCE_STEPS)
        pel_params_error(params, "output.msd.sample",
                         "output.msd.sample must be a number of steps, as \"10 steps\", so that lags are all alike");
    PEL_TRY(pel_memory_new(1, sizeof *model->msd, &model->msd));
    md_msd *msd = model->msd;
    msd->lags = (int)pel_params_int(params, "output.msd.lags");
    msd->origin_every = (int)pel_params_int(params, "output.msd.origin-every");
    msd->from = pel_params_real(params, "output.msd.from");
    msd->every = cadence.steps > 0 ? cadence.steps : 1; /* none is an error already */
    msd->interval = (double)msd->every * pel_params_real(params, "time.step");
    return declare(component, model, msd);
}

/* ---- from begin to end ---- */

pel_status md_msd_begin(md_model *model)
{
    md_msd *msd = model->msd;
    pel_transport_free(&msd->sums);
    msd->has_new_origins = true;
    memcpy(msd->setup, (double[]){(double)model->count, msd->lags, msd->origin_every, msd->interval},
           sizeof msd->setup);
    return pel_transport_create(model->count, msd->lags, msd->origin_every, &msd->sums);
}

static void list_parts(md_msd *msd, md_part parts[PARTS])
{
    parts[0] = (md_part){.real = msd->setup, .count = SETUP};
    parts[1] = (md_part){.whole = &msd->sums.samples, .count = 1};
    parts[2] = (md_part){.whole = msd->sums.count, .count = msd->lags};
    parts[3] = (md_part){.real = msd->sums.displacement2, .count = msd->lags};
    parts[4] = (md_part){.real = msd->sums.autocorrelation, .count = msd->lags};
    parts[5] = (md_part){.real = *msd->sums.length, .count = 3L * msd->sums.slots};
}

/* Rows of the table of origins: atoms of the first slot, then of the next. */
static size_t origin_rows(const md_msd *msd)
{
    return (size_t)msd->sums.slots * (size_t)msd->sums.atoms;
}

void md_msd_load(md_model *model)
{
    md_msd *msd = model->msd;
    md_part parts[PARTS];
    const size_t bytes = origin_rows(msd) * sizeof *msd->sums.position;
    list_parts(msd, parts);
    if (!md_gathered_load(msd->table, parts, PARTS, "output.msd")) return;
    memcpy(msd->sums.position, pel_table_values(msd->origins, POSITION), bytes);
    memcpy(msd->sums.velocity, pel_table_values(msd->origins, VELOCITY), bytes);
}

static pel_status store_origins(md_msd *msd)
{
    const size_t bytes = origin_rows(msd) * sizeof *msd->sums.position;
    PEL_TRY(md_gathered_fit(msd->origins, (long)origin_rows(msd)));
    memcpy(pel_table_values(msd->origins, POSITION), msd->sums.position, bytes);
    memcpy(pel_table_values(msd->origins, VELOCITY), msd->sums.velocity, bytes);
    msd->has_new_origins = false;
    return PEL_OK;
}

pel_status md_msd_store(md_model *model)
{
    md_msd *msd = model->msd;
    md_part parts[PARTS];
    list_parts(msd, parts);
    PEL_TRY(md_gathered_store(msd->table, parts, PARTS));
    return msd->has_new_origins ? store_origins(msd) : PEL_OK;
}

void md_msd_end(md_model *model)
{
    md_msd *msd = model->msd;
    if (!msd) return;
    pel_transport_free(&msd->sums);
    free(msd->lag);
    free(msd->displacement2);
    free(msd->autocorrelation);
    free(msd->count);
    free(msd);
    model->msd = NULL;
}
