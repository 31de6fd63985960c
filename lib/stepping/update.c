/* The update kernels: plain rows, no product is kept across points. A scheme's factor of dt is formed once a box. */
#include "stepping/update.h"

/* The rows of a box, components outermost: for (rows of box) with c, z and y declared. */
typedef struct rows {
    const pel_box *box;
    int c, y, z;
} rows;

static rows first_row(const pel_box *box)
{
    return (rows){.box = box, .c = 0, .y = box->lo[1], .z = box->lo[2]};
}

static void next_row(rows *at)
{
    if (++at->y < at->box->hi[1]) return;
    at->y = at->box->lo[1];
    if (++at->z < at->box->hi[2]) return;
    at->z = at->box->lo[2];
    at->c++;
}

static double *row(pel_view view, rows at)
{
    return pel_row_c(view, at.c, at.y, at.z);
}

void pel_update_add(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double c = p->c * step->dt;
    for (rows at = first_row(box); at.c < p->components; next_row(&at)) {
        double *restrict q = row(arg[0], at);
        const double *restrict k = row(arg[1], at);
        for (int x = box->lo[0]; x < box->hi[0]; x++) q[x] += c * k[x];
    }
}

void pel_update_advance(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double c = p->c * step->dt;
    for (rows at = first_row(box); at.c < p->components; next_row(&at)) {
        double *restrict s = row(arg[0], at);
        const double *restrict q = row(arg[1], at), *restrict k = row(arg[2], at);
        for (int x = box->lo[0]; x < box->hi[0]; x++) s[x] = q[x] + c * k[x];
    }
}

void pel_update_blend(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double b = p->b, c = p->c * step->dt;
    for (rows at = first_row(box); at.c < p->components; next_row(&at)) {
        double *restrict q = row(arg[0], at);
        const double *restrict s = row(arg[1], at), *restrict k = row(arg[2], at);
        for (int x = box->lo[0]; x < box->hi[0]; x++) q[x] += b * (s[x] - q[x]) + c * k[x];
    }
}

void pel_update_combine(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double b = p->b, c = p->c * step->dt;
    for (rows at = first_row(box); at.c < p->components; next_row(&at)) {
        double *restrict next = row(arg[0], at);
        const double *restrict q = row(arg[1], at), *restrict s = row(arg[2], at), *restrict k = row(arg[3], at);
        for (int x = box->lo[0]; x < box->hi[0]; x++) next[x] = q[x] + (b * (s[x] - q[x]) + c * k[x]);
    }
}

void pel_update_advance_and_sum(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a, c = p->c * step->dt;
    for (rows at = first_row(box); at.c < p->components; next_row(&at)) {
        double *restrict s = row(arg[0], at), *restrict sum = row(arg[1], at);
        const double *restrict q = row(arg[2], at), *restrict k = row(arg[3], at);
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            s[x] = q[x] + c * k[x];
            sum[x] += a * k[x];
        }
    }
}

void pel_update_finish_sum(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double c = p->c * step->dt;
    for (rows at = first_row(box); at.c < p->components; next_row(&at)) {
        double *restrict q = row(arg[0], at);
        const double *restrict sum = row(arg[1], at), *restrict k = row(arg[2], at);
        for (int x = box->lo[0]; x < box->hi[0]; x++) q[x] += c * (sum[x] + k[x]);
    }
}

void pel_update_low_storage(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a, c = p->c * step->dt;
    for (rows at = first_row(box); at.c < p->components; next_row(&at)) {
        double *restrict q = row(arg[0], at), *restrict d = row(arg[1], at);
        const double *restrict k = row(arg[2], at);
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            d[x] = a * d[x] + k[x];
            q[x] += c * d[x];
        }
    }
}

void pel_update_two_levels(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a * step->dt, b = p->b * step->dt;
    for (rows at = first_row(box); at.c < p->components; next_row(&at)) {
        double *restrict q = row(arg[0], at);
        const double *restrict k0 = row(arg[1], at), *restrict k1 = row(arg[2], at);
        for (int x = box->lo[0]; x < box->hi[0]; x++) q[x] += a * k0[x] + b * k1[x];
    }
}

void pel_update_three_levels(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a * step->dt, b = p->b * step->dt, c = p->c * step->dt;
    for (rows at = first_row(box); at.c < p->components; next_row(&at)) {
        double *restrict q = row(arg[0], at);
        const double *restrict k0 = row(arg[1], at), *restrict k1 = row(arg[2], at), *restrict k2 = row(arg[3], at);
        for (int x = box->lo[0]; x < box->hi[0]; x++) q[x] += a * k0[x] + b * k1[x] + c * k2[x];
    }
}

void pel_update_leapfrog(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    const pel_update_params *p = params;
    const double a = p->a, b = p->b, c = p->c, two_dt = 2 * step->dt;
    for (rows at = first_row(box); at.c < p->components; next_row(&at)) {
        double *restrict next = row(arg[0], at), *restrict now = row(arg[1], at);
        const double *restrict last = row(arg[2], at), *restrict k = row(arg[3], at);
        for (int x = box->lo[0]; x < box->hi[0]; x++) {
            const double ahead = last[x] + two_dt * k[x], d = a * (last[x] - 2 * now[x] + ahead);
            now[x] += b * d;
            next[x] = ahead + c * d;
        }
    }
}
