/* The update kernels: plain rows, no product is kept across points. A scheme's factor of dt is formed once a box.
 *
 * Where there is a filter or a decay rows go in pieces of at most PIECE doubles, so that a factor that is spread out,
 * and a state that is multiplied after its formula, never leave the nearest cache. */
#include "stepping/update.h"

#include <assert.h>
#include <limits.h>
#include <math.h>

enum { PIECE = 512 };

/* A piece of a row, components outermost: for (pieces of a box). */
typedef struct piece {
    const pel_box *box;
    const pel_update_params *params;
    int c, x, y, z, count; /* its first point, and how many doubles it is */
    int most;              /* points of a piece */
} piece;

static void measure(piece *at)
{
    const int left = at->box->hi[0] - at->x;
    at->count = (left < at->most ? left : at->most) * at->params->width;
}

static piece first_piece(const pel_box *box, const pel_update_params *p)
{
    piece at = {.box = box, .params = p, .x = box->lo[0], .y = box->lo[1], .z = box->lo[2]};
    at.most = p->filter || p->decay ? PIECE / p->width : INT_MAX;
    measure(&at);
    return at;
}

static void next_row(piece *at)
{
    at->x = at->box->lo[0];
    if (++at->y < at->box->hi[1]) return;
    at->y = at->box->lo[1];
    if (++at->z < at->box->hi[2]) return;
    at->z = at->box->lo[2];
    at->c++;
}

static void next_piece(piece *at)
{
    if (at->box->hi[0] - at->x > at->most) at->x += at->most;
    else next_row(at);
    measure(at);
}

#define PIECES(at)                                                                                                     \
    piece at = first_piece(box, p);                                                                                    \
    at.c < p->components;                                                                                              \
    next_piece(&at)

/* The doubles of a piece. */
static double *values(pel_view view, piece at)
{
    const ptrdiff_t point =
        at.x * view.stride[0] + at.y * view.stride[1] + at.z * view.stride[2] + at.c * view.component;
    return (double *)view.origin + at.params->width * point;
}

/* A factor of the points of a piece, one value for each double, in `spread` where it does not lie so in memory. */
static const double *factors(pel_view view, piece at, double spread[PIECE])
{
    const double *row = pel_at(view, at.x, at.y, at.z);
    const int width = at.params->width;
    if (width == 1 && view.stride[0] == 1) return row;
    if (width == 2 && view.stride[0] == 1)
        for (int i = 0; i < at.count / 2; i++) spread[2 * i] = spread[2 * i + 1] = row[i];
    else
        for (int i = 0; i < at.count; i++) spread[i] = row[i / width * view.stride[0]];
    return spread;
}

/* Ends a step: q *= filter, where there is one. */
static void filter(const pel_view *arg, piece at)
{
    double spread[PIECE], *restrict q = values(arg[0], at);
    if (!at.params->filter) return;
    const double *restrict f = factors(arg[at.params->filter], at, spread);
    for (int i = 0; i < at.count; i++) q[i] *= f[i];
}

/* ---- without decay ---- */

void pel_update_add(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double c = p->c * step->dt;
    for (PIECES(at)) {
        double *restrict q = values(arg[0], at);
        const double *restrict k = values(arg[1], at);
        for (int i = 0; i < at.count; i++) q[i] += c * k[i];
        filter(arg, at);
    }
}

void pel_update_advance(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double c = p->c * step->dt;
    for (PIECES(at)) {
        double *restrict s = values(arg[0], at);
        const double *restrict q = values(arg[1], at), *restrict k = values(arg[2], at);
        for (int i = 0; i < at.count; i++) s[i] = q[i] + c * k[i];
    }
}

void pel_update_blend(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double b = p->b, c = p->c * step->dt;
    for (PIECES(at)) {
        double *restrict q = values(arg[0], at);
        const double *restrict s = values(arg[1], at), *restrict k = values(arg[2], at);
        for (int i = 0; i < at.count; i++) q[i] += b * (s[i] - q[i]) + c * k[i];
        filter(arg, at);
    }
}

void pel_update_combine(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double b = p->b, c = p->c * step->dt;
    for (PIECES(at)) {
        double *restrict next = values(arg[0], at);
        const double *restrict q = values(arg[1], at), *restrict s = values(arg[2], at);
        const double *restrict k = values(arg[3], at);
        for (int i = 0; i < at.count; i++) next[i] = q[i] + (b * (s[i] - q[i]) + c * k[i]);
        filter(arg, at);
    }
}

void pel_update_advance_and_sum(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a, c = p->c * step->dt;
    for (PIECES(at)) {
        double *restrict s = values(arg[0], at), *restrict sum = values(arg[1], at);
        const double *restrict q = values(arg[2], at), *restrict k = values(arg[3], at);
        for (int i = 0; i < at.count; i++) {
            s[i] = q[i] + c * k[i];
            sum[i] += a * k[i];
        }
    }
}

void pel_update_finish_sum(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double c = p->c * step->dt;
    for (PIECES(at)) {
        double *restrict q = values(arg[0], at);
        const double *restrict sum = values(arg[1], at), *restrict k = values(arg[2], at);
        for (int i = 0; i < at.count; i++) q[i] += c * (sum[i] + k[i]);
        filter(arg, at);
    }
}

void pel_update_low_storage(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a, c = p->c * step->dt;
    for (PIECES(at)) {
        double *restrict q = values(arg[0], at), *restrict d = values(arg[1], at);
        const double *restrict k = values(arg[2], at);
        for (int i = 0; i < at.count; i++) {
            d[i] = a * d[i] + k[i];
            q[i] += c * d[i];
        }
        filter(arg, at);
    }
}

void pel_update_two_levels(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a * step->dt, b = p->b * step->dt;
    for (PIECES(at)) {
        double *restrict q = values(arg[0], at);
        const double *restrict k0 = values(arg[1], at), *restrict k1 = values(arg[2], at);
        for (int i = 0; i < at.count; i++) q[i] += a * k0[i] + b * k1[i];
        filter(arg, at);
    }
}

/* The one that long runs spend their time in; a filter goes into the formula. */
void pel_update_three_levels(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a * step->dt, b = p->b * step->dt, c = p->c * step->dt;
    double spread[PIECE];
    for (PIECES(at)) {
        double *restrict q = values(arg[0], at);
        const double *restrict k0 = values(arg[1], at), *restrict k1 = values(arg[2], at);
        const double *restrict k2 = values(arg[3], at);
        if (!p->filter) {
            for (int i = 0; i < at.count; i++) q[i] += a * k0[i] + b * k1[i] + c * k2[i];
            continue;
        }
        const double *restrict f = factors(arg[p->filter], at, spread);
        for (int i = 0; i < at.count; i++) q[i] = f[i] * (q[i] + (a * k0[i] + b * k1[i] + c * k2[i]));
    }
}

void pel_update_leapfrog(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a, b = p->b, c = p->c, two_dt = 2 * step->dt;
    for (PIECES(at)) {
        double *restrict next = values(arg[0], at), *restrict now = values(arg[1], at);
        const double *restrict last = values(arg[2], at), *restrict k = values(arg[3], at);
        for (int i = 0; i < at.count; i++) {
            const double ahead = last[i] + two_dt * k[i], d = a * (last[i] - 2 * now[i] + ahead);
            now[i] += b * d;
            next[i] = ahead + c * d;
        }
        filter(arg, at);
    }
}

/* ---- with decay ---- */

void pel_update_decay_add(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double c = p->c * step->dt;
    double spread[PIECE];
    for (PIECES(at)) {
        double *restrict q = values(arg[0], at);
        const double *restrict k = values(arg[1], at), *restrict h = factors(arg[p->decay], at, spread);
        for (int i = 0; i < at.count; i++) q[i] = h[i] * h[i] * (q[i] + c * k[i]);
        filter(arg, at);
    }
}

void pel_update_decay_advance(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double c = p->c * step->dt;
    double spread[PIECE];
    for (PIECES(at)) {
        double *restrict s = values(arg[0], at);
        const double *restrict q = values(arg[1], at), *restrict k = values(arg[2], at);
        const double *restrict h = factors(arg[p->decay], at, spread);
        for (int i = 0; i < at.count; i++) s[i] = h[i] * (q[i] + c * k[i]);
    }
}

void pel_update_decay_second(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a, c = p->c * step->dt;
    double spread[PIECE];
    for (PIECES(at)) {
        double *restrict s = values(arg[0], at), *restrict sum = values(arg[1], at);
        const double *restrict q = values(arg[2], at), *restrict k = values(arg[3], at);
        const double *restrict h = factors(arg[p->decay], at, spread);
        for (int i = 0; i < at.count; i++) {
            s[i] = h[i] * q[i] + c * k[i];
            sum[i] = h[i] * sum[i] + a * k[i];
        }
    }
}

void pel_update_decay_third(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a, c = p->c * step->dt;
    double spread[PIECE];
    for (PIECES(at)) {
        double *restrict s = values(arg[0], at), *restrict sum = values(arg[1], at);
        const double *restrict q = values(arg[2], at), *restrict k = values(arg[3], at);
        const double *restrict h = factors(arg[p->decay], at, spread);
        for (int i = 0; i < at.count; i++) {
            s[i] = h[i] * (h[i] * q[i] + c * k[i]);
            sum[i] += a * k[i];
        }
    }
}

void pel_update_decay_finish(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double c = p->c * step->dt;
    double spread[PIECE];
    for (PIECES(at)) {
        double *restrict q = values(arg[0], at);
        const double *restrict sum = values(arg[1], at), *restrict k = values(arg[2], at);
        const double *restrict h = factors(arg[p->decay], at, spread);
        for (int i = 0; i < at.count; i++) q[i] = h[i] * h[i] * q[i] + c * (h[i] * sum[i] + k[i]);
        filter(arg, at);
    }
}

void pel_update_decay_two_levels(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a * step->dt, b = p->b * step->dt;
    double spread[PIECE];
    for (PIECES(at)) {
        double *restrict q = values(arg[0], at);
        const double *restrict k0 = values(arg[1], at), *restrict k1 = values(arg[2], at);
        const double *restrict h = factors(arg[p->decay], at, spread);
        for (int i = 0; i < at.count; i++) {
            const double e = h[i] * h[i];
            q[i] = e * (q[i] + (a * k0[i] + b * e * k1[i]));
        }
        filter(arg, at);
    }
}

void pel_update_decay_three_levels(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a * step->dt, b = p->b * step->dt, c = p->c * step->dt;
    double spread[PIECE];
    for (PIECES(at)) {
        double *restrict q = values(arg[0], at);
        const double *restrict k0 = values(arg[1], at), *restrict k1 = values(arg[2], at);
        const double *restrict k2 = values(arg[3], at), *restrict h = factors(arg[p->decay], at, spread);
        for (int i = 0; i < at.count; i++) {
            const double e = h[i] * h[i];
            q[i] = e * (q[i] + (a * k0[i] + e * (b * k1[i] + c * e * k2[i])));
        }
        filter(arg, at);
    }
}

/* ---- the integrating factor ---- */

void pel_update_fill_decay(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++)
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                *pel_at(arg[0], x, y, z) = exp(-0.5 * step->dt * *pel_at(arg[1], x, y, z));
}

/* ---- what they cost ---- */

static const struct {
    pel_kernel *kernel;
    int flops;
} costs[] = {
    {pel_update_add, 2},
    {pel_update_advance, 2},
    {pel_update_blend, 5},
    {pel_update_combine, 5},
    {pel_update_advance_and_sum, 4},
    {pel_update_finish_sum, 3},
    {pel_update_low_storage, 4},
    {pel_update_two_levels, 4},
    {pel_update_three_levels, 6},
    {pel_update_leapfrog, 10},
    {pel_update_decay_add, 4},
    {pel_update_decay_advance, 3},
    {pel_update_decay_second, 6},
    {pel_update_decay_third, 6},
    {pel_update_decay_finish, 6},
    {pel_update_decay_two_levels, 7},
    {pel_update_decay_three_levels, 10},
    {pel_update_fill_decay, 3},
};

int pel_update_flops(pel_kernel *kernel)
{
    for (size_t i = 0; i < sizeof costs / sizeof *costs; i++)
        if (costs[i].kernel == kernel) return costs[i].flops;
    assert(!"a kernel of this file");
    return 0;
}
