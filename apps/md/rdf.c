/* Radial distribution functions. A record is the mean over the samples since the record before, as those of averages
 * are: g(r) of each pair of types, and how many atoms of type b lie within r of one of type a,
 *
 *     n_ab(r) = pairs closer than r / (N_a frames),     twice that for a = b. */
#include "md/rdf.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "md/gathered.h"
#include "md/state.h"
#include "particles/rdf.h"

enum { NAME_BYTES = 64, TEXT_BYTES = 128, SETUP = 3, PARTS = 4 };

/* Texts of the curves of a pair of types. */
typedef struct rdf_texts {
    char g[NAME_BYTES], g_long[TEXT_BYTES], within[NAME_BYTES], within_long[TEXT_BYTES];
} rdf_texts;

struct md_rdf {
    pel_rdf sums; /* since the latest record */
    double frames;
    double samples;      /* that the latest record is of */
    double setup[SETUP]; /* types, bins, reach */
    pel_table *table;
    double *distance;   /* [bins] */
    double *g, *within; /* [pairs][bins] */
    pel_curve *curves;  /* [2 pairs + 1] */
    rdf_texts *texts;   /* [pairs] */
};

/* ---- declaring ---- */

static pel_status allocate(md_rdf *rdf)
{
    const size_t pairs = (size_t)pel_rdf_pairs(&rdf->sums), bins = (size_t)rdf->sums.bins;
    PEL_TRY(pel_memory_new(bins, sizeof *rdf->distance, &rdf->distance));
    PEL_TRY(pel_memory_new(pairs * bins, sizeof *rdf->g, &rdf->g));
    PEL_TRY(pel_memory_new(pairs * bins, sizeof *rdf->within, &rdf->within));
    PEL_TRY(pel_memory_new(2 * pairs + 1, sizeof *rdf->curves, &rdf->curves));
    PEL_TRY(pel_memory_new(pairs, sizeof *rdf->texts, &rdf->texts));
    const double width = rdf->sums.reach / rdf->sums.bins;
    for (int bin = 0; bin < rdf->sums.bins; bin++) rdf->distance[bin] = (bin + 0.5) * width;
    return PEL_OK;
}

static void name_pair(const md_rdf *rdf, int a, int b, rdf_texts *texts)
{
    char suffix[32] = "", of[64] = "";
    if (rdf->sums.types > 1) {
        snprintf(suffix, sizeof suffix, "_%d_%d", a, b);
        snprintf(of, sizeof of, " of types %d and %d", a, b);
    }
    snprintf(texts->g, sizeof texts->g, "rdf%s", suffix);
    snprintf(texts->g_long, sizeof texts->g_long, "radial distribution function%s", of);
    snprintf(texts->within, sizeof texts->within, "coordination%s", suffix);
    if (rdf->sums.types > 1) snprintf(of, sizeof of, " of type %d around one of type %d", b, a);
    snprintf(texts->within_long, sizeof texts->within_long, "number of atoms%s up to the end of the bin", of);
}

static void make_curves(md_rdf *rdf)
{
    const size_t bins = (size_t)rdf->sums.bins;
    pel_curve *next = rdf->curves;
    for (int a = 1; a <= rdf->sums.types; a++)
        for (int b = a; b <= rdf->sums.types; b++) {
            const size_t pair = (size_t)pel_rdf_pair(&rdf->sums, a, b);
            rdf_texts *texts = &rdf->texts[pair];
            name_pair(rdf, a, b, texts);
            *next++ = (pel_curve){texts->g, "1", texts->g_long, rdf->g + pair * bins, false};
            *next++ = (pel_curve){texts->within, "1", texts->within_long, rdf->within + pair * bins, false};
        }
    *next = (pel_curve){"samples", "1", "samples in the interval", &rdf->samples, true};
}

static pel_status sample(void *data, pel_step now)
{
    md_model *model = data;
    PEL_TRY(md_state_look(model, now));
    const pel_status status = pel_rdf_sample(&model->rdf->sums, pel_component_team(model->component), &model->stored);
    if (status != PEL_OK) return pel_fail_within(status, "step %ld: output.rdf.reach: ", now.index); /* a box shrank */
    model->rdf->frames++;
    return PEL_OK;
}

static void fill_pair(const md_model *model, int a, int b)
{
    const md_rdf *rdf = model->rdf;
    const size_t first = (size_t)pel_rdf_pair(&rdf->sums, a, b) * (size_t)rdf->sums.bins;
    const double around = rdf->frames * model->number[a - 1];
    int64_t pairs = 0;
    for (int bin = 0; bin < rdf->sums.bins; bin++) {
        const size_t at = first + (size_t)bin;
        pairs += rdf->sums.count[at];
        rdf->g[at] = rdf->frames > 0 ? pel_rdf_at(&rdf->sums, a, b, bin) : NAN;
        rdf->within[at] = around > 0 ? (a == b ? 2 : 1) * (double)pairs / around : NAN;
    }
}

static void begin_anew(md_rdf *rdf)
{
    const size_t pairs = (size_t)pel_rdf_pairs(&rdf->sums);
    memset(rdf->sums.count, 0, pairs * (size_t)rdf->sums.bins * sizeof *rdf->sums.count);
    memset(rdf->sums.expected, 0, pairs * sizeof *rdf->sums.expected);
    rdf->frames = 0;
}

static pel_status fill(void *data, pel_step now)
{
    md_model *model = data;
    (void)now;
    for (int a = 1; a <= model->rdf->sums.types; a++)
        for (int b = a; b <= model->rdf->sums.types; b++) fill_pair(model, a, b);
    model->rdf->samples = model->rdf->frames;
    begin_anew(model->rdf);
    return PEL_OK;
}

static pel_status declare(pel_component *component, const md_model *model, md_rdf *rdf, double reach)
{
    const pel_params *params = model->params;
    PEL_TRY(pel_rdf_create((int)pel_params_int(params, "atoms.types"), (int)pel_params_int(params, "output.rdf.bins"),
                           reach, &rdf->sums));
    PEL_TRY(allocate(rdf));
    make_curves(rdf);
    memcpy(rdf->setup, (double[]){rdf->sums.types, rdf->sums.bins, reach}, sizeof rdf->setup);
    PEL_TRY(md_gathered_declare(component, "rdf", &rdf->table));
    PEL_TRY(pel_component_every(component, "output.rdf.sample", sample));
    const pel_curves curves = {.name = "rdf",
                               .axis = "distance",
                               .axis_units = model->units->length,
                               .axis_long_name = "distance of two atoms",
                               .coordinates = rdf->distance,
                               .points = rdf->sums.bins,
                               .curves = rdf->curves,
                               .count = 2 * pel_rdf_pairs(&rdf->sums) + 1,
                               .is_of_interval = true,
                               .fill = fill};
    return pel_component_curves(component, &curves);
}

pel_status md_rdf_declare(pel_component *component, md_model *model, double cutoff)
{
    const bool has_reach = pel_params_has(model->params, "output.rdf.reach");
    const double reach = has_reach ? pel_params_real(model->params, "output.rdf.reach") : cutoff;
    if (!(reach > 0) || pel_params_int(model->params, "output.rdf.bins") < 1) return PEL_OK; /* an error already */
    PEL_TRY(pel_memory_new(1, sizeof *model->rdf, &model->rdf));
    return declare(component, model, model->rdf, reach);
}

/* ---- from begin to end ---- */

/* A periodic dimension of which the reach is more than half; -1: there is none. */
static int too_short(const pel_simulation_box *box, double reach)
{
    for (int d = 0; d < 3; d++)
        if (box->is_periodic[d] && reach > box->length[d] / 2) return d;
    return -1;
}

void md_rdf_begin(md_model *model)
{
    const pel_simulation_box *box = pel_system_box(model->system);
    const double reach = model->rdf->sums.reach;
    const int d = too_short(box, reach);
    if (d >= 0)
        pel_params_error(model->params, "output.rdf.reach",
                         "output.rdf.reach, %g, is beyond half of the box along %c, %g; atoms would be counted with "
                         "their own images: give less",
                         reach, 'x' + d, box->length[d] / 2);
    begin_anew(model->rdf);
}

pel_status md_rdf_check(const md_model *model, long step)
{
    const pel_simulation_box *box = pel_system_box(model->system);
    const double reach = model->rdf->sums.reach;
    const int d = too_short(box, reach);
    if (d < 0) return PEL_OK;
    return pel_fail(
        PEL_ERR_NUMERICS,
        "step %ld: the box has shrunk: it is %.10g long in %c, less than twice output.rdf.reach, %g; give a "
        "shorter reach, or leave output.rdf out",
        step, box->length[d], 'x' + d, reach);
}

static void list_parts(md_rdf *rdf, md_part parts[PARTS])
{
    const long pairs = pel_rdf_pairs(&rdf->sums);
    parts[0] = (md_part){.real = rdf->setup, .count = SETUP};
    parts[1] = (md_part){.real = &rdf->frames, .count = 1};
    parts[2] = (md_part){.real = rdf->sums.expected, .count = pairs};
    parts[3] = (md_part){.whole = rdf->sums.count, .count = pairs * rdf->sums.bins};
}

void md_rdf_load(md_model *model)
{
    md_part parts[PARTS];
    list_parts(model->rdf, parts);
    md_gathered_load(model->rdf->table, parts, PARTS, "output.rdf");
}

pel_status md_rdf_store(md_model *model)
{
    md_part parts[PARTS];
    list_parts(model->rdf, parts);
    return md_gathered_store(model->rdf->table, parts, PARTS);
}

void md_rdf_end(md_model *model)
{
    md_rdf *rdf = model->rdf;
    if (!rdf) return;
    pel_rdf_free(&rdf->sums);
    free(rdf->distance);
    free(rdf->g);
    free(rdf->within);
    free(rdf->curves);
    free(rdf->texts);
    free(rdf);
    model->rdf = NULL;
}
