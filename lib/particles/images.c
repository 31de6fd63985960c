/* Periodic images: copies of the atoms near periodic sides, shifted by whole box lengths, which are exact. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "particles/system_inside.h"

double pel_system_crossings(const pel_simulation_box *box, int d, double x)
{
    const double n = floor((x - box->lo[d]) / box->length[d]), rest = x - n * box->length[d];
    /* the quotient is rounded: at a side it may be one off */
    return n + (rest >= box->lo[d] + box->length[d]) - (rest < box->lo[d]);
}

static void wrap(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread;
    (void)data;
    const pel_simulation_box *box = &system->box;
    pel_atoms *a = &system->atoms;
    for (long i = lo; i < hi; i++)
        for (int d = 0; d < 3; d++) {
            if (!box->is_periodic[d]) continue;
            const double n = pel_system_crossings(box, d, a->position[i][d]);
            a->position[i][d] -= n * box->length[d];
            a->image[i][d] += (int32_t)n;
        }
}

typedef struct imaging {
    pel_system *system;
    double reach;
    long *first; /* [threads + 1] */
    bool is_counting;
} imaging;

/* By which shifts an atom has images along a dimension: none and, near a side, to beyond the other one. */
static int shifts_along(const pel_system *system, double x, int d, double reach, int shift[2])
{
    const pel_simulation_box *box = &system->box;
    shift[0] = 0;
    shift[1] = x - box->lo[d] < reach ? 1 : -1;
    return box->is_periodic[d] && (shift[1] == 1 || box->lo[d] + box->length[d] - x <= reach) ? 2 : 1;
}

static long images_of(const imaging *im, long i, long at)
{
    pel_system *system = im->system;
    const double *x = system->atoms.position[i];
    int shift[3][2], count[3];
    for (int d = 0; d < 3; d++) count[d] = shifts_along(system, x[d], d, im->reach, shift[d]);
    for (int c = 0; c < count[2]; c++)
        for (int b = 0; b < count[1]; b++)
            for (int a = 0; a < count[0]; a++) {
                if (a + b + c == 0) continue;
                if (!im->is_counting) {
                    int8_t *to = system->shift[at];
                    to[0] = (int8_t)shift[0][a], to[1] = (int8_t)shift[1][b], to[2] = (int8_t)shift[2][c];
                    system->atoms.owner[system->atoms.count + at] = (int32_t)i;
                }
                at++;
            }
    return at;
}

/* Each thread makes the images of its share of atoms: once to count them, once to place them. */
static void make(int thread, int threads, void *data)
{
    imaging *im = data;
    long lo, hi, at = im->is_counting ? 0 : im->first[thread];
    pel_team_share(im->system->atoms.count, thread, threads, &lo, &hi);
    for (long i = lo; i < hi; i++) at = images_of(im, i, at);
    if (im->is_counting) im->first[thread + 1] = at;
}

static void own(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread;
    (void)data;
    for (long i = lo; i < hi; i++) system->atoms.owner[i] = (int32_t)i;
}

static void put_one_at_infinity(pel_system *system)
{
    pel_atoms *a = &system->atoms;
    const long last = a->count + a->images;
    for (int d = 0; d < 3; d++) a->position[last][d] = PEL_FAR_AWAY;
    a->position[last][3] = 0;
    a->owner[last] = (int32_t)last;
}

pel_status pel_system_make_images(pel_system *system, double reach)
{
    const int threads = pel_team_threads(system->team);
    imaging im = {system, reach, NULL, true};
    PEL_TRY(pel_memory_new((size_t)threads + 1, sizeof *im.first, &im.first));
    pel_system_each(system, wrap, NULL);
    pel_system_each(system, own, NULL);
    pel_team_run(system->team, make, &im);
    for (int h = 0; h < threads; h++) im.first[h + 1] += im.first[h];
    const long images = im.first[threads];
    pel_status status = PEL_OK;
    if (system->atoms.count + images >= INT32_MAX)
        status =
            pel_fail(PEL_ERR_ARGUMENT, "%ld atoms and %ld images are more than 2^31 rows", system->atoms.count, images);
    if (status == PEL_OK) status = pel_system_reserve_rows(system, system->atoms.count + images + 1);
    if (status == PEL_OK) {
        system->atoms.images = images;
        im.is_counting = false;
        pel_team_run(system->team, make, &im);
        put_one_at_infinity(system);
        pel_system_refresh_images(system);
    }
    free(im.first);
    return status;
}

static void refresh(int thread, int threads, void *data)
{
    pel_system *system = data;
    pel_atoms *a = &system->atoms;
    const double *length = system->box.length;
    long lo, hi;
    pel_team_share(a->images, thread, threads, &lo, &hi);
    for (long i = lo; i < hi; i++) {
        const double *from = a->position[a->owner[a->count + i]];
        double *to = a->position[a->count + i];
        for (int d = 0; d < 3; d++) to[d] = from[d] + system->shift[i][d] * length[d];
        to[3] = from[3];
    }
}

void pel_system_refresh_images(pel_system *system)
{
    if (system->atoms.images > 0) pel_team_run(system->team, refresh, system);
}

typedef struct sharing {
    const pel_atoms *atoms;
    double *value;
} sharing;

static void share(int thread, int threads, void *data)
{
    const sharing *s = data;
    long lo, hi;
    pel_team_share(s->atoms->images, thread, threads, &lo, &hi);
    for (long i = s->atoms->count + lo; i < s->atoms->count + hi; i++) s->value[i] = s->value[s->atoms->owner[i]];
}

void pel_system_share(pel_system *system, double *value)
{
    sharing s = {&system->atoms, value};
    s.value[system->atoms.count + system->atoms.images] = 0;
    if (system->atoms.images > 0) pel_team_run(system->team, share, &s);
}
