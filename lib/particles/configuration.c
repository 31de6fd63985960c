/* Configurations: arrays that grow together, sorting by id, and wrapping into the periodic box. */
#include "particles/configuration.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* ---- room ---- */

pel_status pel_configuration_types(pel_configuration *configuration, int types)
{
    if (types < 1) return pel_fail(PEL_ERR_ARGUMENT, "%d types of atoms; there must be at least 1", types);
    double *mass = NULL;
    PEL_TRY(pel_memory_new((size_t)types, sizeof *mass, &mass));
    free(configuration->mass);
    configuration->mass = mass;
    configuration->types = types;
    return PEL_OK;
}

/* Each array grows from the capacity that all have; that becomes larger only when all have grown. */
pel_status pel_configuration_reserve(pel_configuration *configuration, long count)
{
    struct {
        void *array;
        size_t size;
    } columns[] = {{&configuration->id, sizeof *configuration->id},
                   {&configuration->type, sizeof *configuration->type},
                   {&configuration->position, sizeof *configuration->position},
                   {&configuration->velocity, sizeof *configuration->velocity},
                   {&configuration->image, sizeof *configuration->image}};
    size_t grown = (size_t)configuration->capacity;
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        grown = (size_t)configuration->capacity;
        PEL_TRY(pel_memory_grow(columns[c].array, &grown, (size_t)count, columns[c].size));
    }
    configuration->capacity = (long)grown;
    return PEL_OK;
}

pel_status pel_configuration_add(pel_configuration *configuration, int type, const double position[3])
{
    if (type < 1 || type > configuration->types)
        return pel_fail(PEL_ERR_ARGUMENT, "an atom of type %d where there are types 1 to %d", type,
                        configuration->types);
    PEL_TRY(pel_configuration_reserve(configuration, configuration->count + 1));
    const long i = configuration->count++;
    configuration->id[i] = i ? configuration->id[i - 1] + 1 : 1;
    configuration->type[i] = type;
    memcpy(configuration->position[i], position, sizeof configuration->position[i]);
    memset(configuration->velocity[i], 0, sizeof configuration->velocity[i]);
    memset(configuration->image[i], 0, sizeof configuration->image[i]);
    return PEL_OK;
}

void pel_configuration_free(pel_configuration *configuration)
{
    free(configuration->mass);
    free(configuration->id);
    free(configuration->type);
    free(configuration->position);
    free(configuration->velocity);
    free(configuration->image);
    *configuration = (pel_configuration){0};
}

/* ---- order ---- */

typedef struct place {
    int64_t id;
    long row;
} place;

static int compare_places(const void *a, const void *b)
{
    const place *p = a, *q = b;
    if (p->id != q->id) return p->id < q->id ? -1 : 1;
    return p->row < q->row ? -1 : p->row > q->row;
}

static pel_status check_ids(const place *places, long count)
{
    if (count && places[0].id <= 0)
        return pel_fail(PEL_ERR_NAME, "an atom has the id %lld; ids must be greater than 0", (long long)places[0].id);
    for (long i = 1; i < count; i++)
        if (places[i].id == places[i - 1].id)
            return pel_fail(PEL_ERR_NAME, "two atoms have the id %lld; ids must differ", (long long)places[i].id);
    return PEL_OK;
}

/* Row i of the column becomes what was row places[i].row; `scratch` has room for the column. */
static void permute(void *column, size_t size, const place *places, long count, char *scratch)
{
    const char *old = column;
    for (long i = 0; i < count; i++) memcpy(scratch + (size_t)i * size, old + (size_t)places[i].row * size, size);
    memcpy(column, scratch, (size_t)count * size);
}

static void permute_all(pel_configuration *configuration, const place *places, char *scratch)
{
    const long n = configuration->count;
    permute(configuration->id, sizeof *configuration->id, places, n, scratch);
    permute(configuration->type, sizeof *configuration->type, places, n, scratch);
    permute(configuration->position, sizeof *configuration->position, places, n, scratch);
    permute(configuration->velocity, sizeof *configuration->velocity, places, n, scratch);
    permute(configuration->image, sizeof *configuration->image, places, n, scratch);
}

static bool is_sorted(const pel_configuration *configuration)
{
    for (long i = 0; i < configuration->count; i++)
        if (configuration->id[i] <= (i ? configuration->id[i - 1] : 0)) return false;
    return true;
}

pel_status pel_configuration_sort(pel_configuration *configuration)
{
    const long n = configuration->count;
    if (is_sorted(configuration)) return PEL_OK;
    place *places = NULL;
    char *scratch = NULL;
    PEL_TRY(pel_memory_new((size_t)n, sizeof *places, &places));
    for (long i = 0; i < n; i++) places[i] = (place){configuration->id[i], i};
    qsort(places, (size_t)n, sizeof *places, compare_places);
    pel_status status = check_ids(places, n);
    if (status == PEL_OK) status = pel_memory_new((size_t)n, sizeof *configuration->position, &scratch);
    if (status == PEL_OK) permute_all(configuration, places, scratch);
    free(scratch);
    free(places);
    return status;
}

/* ---- wrapping ---- */

/* Brings x into [lo, lo + length). A coordinate just below lo may round to lo + length, which is lo of the next box. */
static double wrap(double x, double lo, double length, int32_t *image)
{
    const double crossings = floor((x - lo) / length);
    if (!(fabs(crossings) < 1e9)) return x; /* lost, or not finite: for a later check to find */
    const double inside = fmax(x - crossings * length, lo);
    const bool is_inside = inside < lo + length;
    *image += (int32_t)crossings + !is_inside;
    return is_inside ? inside : lo;
}

void pel_configuration_wrap(pel_configuration *configuration)
{
    const pel_simulation_box *box = &configuration->box;
    for (long i = 0; i < configuration->count; i++)
        for (int d = 0; d < 3; d++)
            if (box->is_periodic[d])
                configuration->position[i][d] =
                    wrap(configuration->position[i][d], box->lo[d], box->length[d], &configuration->image[i][d]);
}
