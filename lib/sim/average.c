/* Welford, Technometrics 4 (1962) 419: with x the n-th sample,
 *
 *     mean += (x - mean_old) / n        squares += (x - mean_old) (x - mean)
 *
 * The first sample overwrites, so that nothing need be reset. Each point is on its own: any tiling gives the same bits.
 */
#include "sim/average.h"

#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 256 };

typedef struct sample_params {
    double number; /* of this sample, from 1 */
    int planes;
    bool is_float, with_squares;
    char unused[2];
} sample_params;

static inline void take_in(double x, double number, double *mean, double *squares)
{
    const double before = number > 1 ? x - *mean : 0;
    *mean = number > 1 ? *mean + before / number : x;
    if (squares) *squares = number > 1 ? *squares + before * (x - *mean) : 0;
}

static void sample_row(const void *values, const sample_params *p, int lo, int hi, double *restrict mean,
                       double *restrict squares)
{
    if (p->is_float) {
        const float *x = values;
        for (int i = lo; i < hi; i++) take_in((double)x[i], p->number, &mean[i], squares ? &squares[i] : NULL);
    } else if (squares) {
        const double *x = values;
        for (int i = lo; i < hi; i++) take_in(x[i], p->number, &mean[i], &squares[i]);
    } else {
        const double *x = values;
        for (int i = lo; i < hi; i++) take_in(x[i], p->number, &mean[i], NULL);
    }
}

/* arg: the source, its mean, and its squares where wanted; all planes. */
static void sample(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const sample_params *p = params;
    for (int c = 0; c < p->planes; c++) {
        for (int z = box->lo[2]; z < box->hi[2]; z++) {
            for (int y = box->lo[1]; y < box->hi[1]; y++) {
                const void *x =
                    p->is_float ? (void *)pel_row_float_c(arg[0], c, y, z) : (void *)pel_row_c(arg[0], c, y, z);
                double *squares = p->with_squares ? pel_row_c(arg[2], c, y, z) : NULL;
                sample_row(x, p, box->lo[0], box->hi[0], pel_row_c(arg[1], c, y, z), squares);
            }
        }
    }
}

bool pel_average_owns(const pel_field *field)
{
    return strncmp(pel_field_name(field), PEL_AVERAGE_PREFIX, strlen(PEL_AVERAGE_PREFIX)) == 0;
}

static void loop_name(const pel_field *source, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, PEL_AVERAGE_PREFIX "%s", pel_field_name(source));
}

static sample_params params_of(const pel_average *average, long number)
{
    const pel_field_spec *spec = pel_field_spec_of(average->source);
    return (sample_params){.number = (double)number,
                           .planes = spec->components,
                           .is_float = spec->type == PEL_FLOAT,
                           .with_squares = average->squares != NULL};
}

static pel_status declare(pel_field *source, const char *stream, const char *what, pel_field **field)
{
    const pel_field_spec *like = pel_field_spec_of(source);
    const pel_field_spec spec = {.type = PEL_DOUBLE,
                                 .components = like->components,
                                 .centring = like->centring,
                                 .along = like->along,
                                 .role = PEL_PROGNOSTIC};
    char name[NAME_BYTES];
    snprintf(name, sizeof name, PEL_AVERAGE_PREFIX "%s.%s.%s", stream, pel_field_name(source), what);
    return pel_field_declare(pel_field_grid(source), name, &spec, field);
}

pel_status pel_average_declare(pel_field *source, const char *stream, bool with_squares, pel_chain *chain,
                               pel_average *average)
{
    *average = (pel_average){.source = source};
    PEL_TRY(declare(source, stream, "mean", &average->mean));
    if (with_squares) PEL_TRY(declare(source, stream, "squares", &average->squares));
    const sample_params params = params_of(average, 1);
    char name[NAME_BYTES];
    loop_name(source, name);
    if (with_squares)
        pel_chain_loop(chain, name, sample, &params, sizeof params, PEL_EVERYTHING, pel_read(source, 0),
                       pel_update(average->mean, 0), pel_update(average->squares, 0));
    else
        pel_chain_loop(chain, name, sample, &params, sizeof params, PEL_EVERYTHING, pel_read(source, 0),
                       pel_update(average->mean, 0));
    pel_chain_flops(chain, params.planes * (with_squares ? 6 : 3));
    return pel_chain_status(chain);
}

pel_status pel_average_number(const pel_average *average, pel_chain *chain, long number)
{
    const sample_params params = params_of(average, number);
    char name[NAME_BYTES];
    loop_name(average->source, name);
    return pel_chain_params(chain, name, &params, sizeof params);
}
