/* Tiles of the spatial executor.
 *
 * The grid is cut among the threads along its slowest dimension that is long enough, at the same places for every loop
 * and field, so that a thread finds in its cache and its memory what it wrote before. Within its share a thread takes
 * tiles of whole rows (or chunks of very long ones), as many rows as fit half of its L2 with all accesses of the loop;
 * planes of a 3-D tile follow each other, so that a stencil finds the planes behind in cache. */
#include <limits.h>

#include "exec/chain_inside.h"

enum { SHORTEST_CHUNK = 512, FEWEST_ROWS = 4, TILES_A_SHARE = 4, FEWEST_POINTS = 1024 };

int pel_tiling_cut_dimension(const slot *s, int threads)
{
    const pel_grid *grid = pel_field_grid(s->args[0].field);
    const pel_box owned = pel_grid_owned(grid);
    int best = -1;
    for (int d = 2; d >= 0; d--) {
        if (s->range.whole >> d & 1) continue;
        const int n = owned.hi[d] - owned.lo[d];
        if (n >= 2 * threads) return d;
        if (best < 0 || n > owned.hi[best] - owned.lo[best]) best = d;
    }
    return best;
}

/* The thread's part of the grid; the first and the last reach on without end, so that halos and faces belong to them.
 */
pel_box pel_tiling_part(const slot *s, int thread, int threads)
{
    pel_box part = {{INT_MIN, INT_MIN, INT_MIN}, {INT_MAX, INT_MAX, INT_MAX}};
    const int d = pel_tiling_cut_dimension(s, threads);
    if (d < 0) { /* nothing can be cut: the first thread does it all */
        if (thread > 0) part.hi[0] = INT_MIN;
        return part;
    }
    const pel_box owned = pel_grid_owned(pel_field_grid(s->args[0].field));
    long lo, hi;
    pel_team_share(owned.hi[d] - owned.lo[d], thread, threads, &lo, &hi);
    if (thread > 0) part.lo[d] = owned.lo[d] + (int)lo;
    if (thread < threads - 1) part.hi[d] = owned.lo[d] + (int)hi;
    return part;
}

static int at_most(int value, int limit)
{
    return value < limit ? value : limit;
}

static int at_least(int value, int limit)
{
    return value > limit ? value : limit;
}

/* Bytes that a loop touches a point. */
static double point_bytes(const slot *s)
{
    double bytes = 0;
    for (int a = 0; a < s->arg_count; a++) {
        const pel_field_spec *spec = pel_field_spec_of(s->args[a].field);
        bytes += (double)pel_type_bytes(spec->type) * spec->components;
    }
    return bytes;
}

/* Planes that a stencil looks at besides its own. */
static int planes_around(const slot *s)
{
    int most = 0;
    for (int a = 0; a < s->arg_count; a++) most = at_least(most, s->args[a].reach.hi[2] - s->args[a].reach.lo[2]);
    return most;
}

static void choose(tiling *t, const slot *s, size_t cache_bytes)
{
    const int n[3] = {t->share.hi[0] - t->share.lo[0], t->share.hi[1] - t->share.lo[1],
                      t->share.hi[2] - t->share.lo[2]};
    const double points = 0.5 * (double)cache_bytes / point_bytes(s); /* of a tile, or of the planes it keeps */
    t->tile[0] = n[0];
    if (n[0] > points / FEWEST_ROWS && n[0] > SHORTEST_CHUNK)
        t->tile[0] = at_least((int)(points / FEWEST_ROWS) / 8 * 8, SHORTEST_CHUNK);
    const double rows = points / t->tile[0];
    const int cut = n[2] > 1 ? n[2] : n[1];
    const int thinnest = (FEWEST_POINTS - 1) / at_least(t->tile[0], 1) + 1;   /* in 2-D; less is not worth a tile */
    const int slice = at_least(cut / TILES_A_SHARE, n[2] > 1 ? 1 : thinnest); /* something to steal */
    if (n[2] > 1) {
        t->tile[1] = at_most(n[1], at_least((int)(rows / (1 + planes_around(s))), FEWEST_ROWS));
        t->tile[2] = slice;
    } else {
        t->tile[1] = at_most(at_least((int)rows, FEWEST_ROWS), slice);
        t->tile[2] = 1;
    }
}

tiling pel_tiling_make(const slot *s, const pel_run_options *options, size_t cache_bytes, int thread, int threads)
{
    tiling t = {.share = pel_box_intersect(s->box, pel_tiling_part(s, thread, threads))};
    if (pel_box_is_empty(t.share)) return t;
    choose(&t, s, cache_bytes ? cache_bytes : (size_t)1 << 20);
    for (int d = 0; d < 3; d++) {
        const int n = t.share.hi[d] - t.share.lo[d];
        if (options->tile[d] > 0) t.tile[d] = options->tile[d];
        if (s->range.whole >> d & 1 || t.tile[d] > n) t.tile[d] = n;
        if (t.tile[d] < 1) t.tile[d] = 1;
        t.count[d] = (n + t.tile[d] - 1) / t.tile[d];
    }
    return t;
}

long pel_tiling_count(const tiling *t)
{
    return pel_box_is_empty(t->share) ? 0 : t->count[0] * t->count[1] * t->count[2];
}

pel_box pel_tiling_box(const tiling *t, long index)
{
    /* z fastest within a column of rows: the planes of a column follow each other */
    const long order[3] = {index / t->count[2] % t->count[0], index / t->count[2] / t->count[0], index % t->count[2]};
    pel_box box = t->share;
    for (int d = 0; d < 3; d++) {
        box.lo[d] = t->share.lo[d] + (int)order[d] * t->tile[d];
        box.hi[d] = at_most(box.lo[d] + t->tile[d], t->share.hi[d]);
    }
    return box;
}
