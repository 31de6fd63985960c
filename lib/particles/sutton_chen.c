/*
 * The potential of Sutton & Chen, Phil. Mag. Lett. 61 (1990) 139, eqs. 1-3:
 *
 *     E = sum_i epsilon_i [1/2 sum_j V(r_ij) - c_i sqrt(rho_i)],   V = (a/r)^n,   rho_i = sum_j (a/r_ij)^m,
 *
 * which is of the kind that tables of the embedded-atom method hold: F = - c epsilon sqrt(rho), phi = epsilon V. Unlike
 * metals A and B have the means of Rafii-Tabar & Sutton, Phil. Mag. Lett. 63 (1991) 217: n and m the arithmetic, a and
 * epsilon the geometric ones.
 *
 * The paper sums over all distances. Here both powers are multiplied by a polynomial that falls from 1 at 0.9 of the
 * cutoff to 0 at the cutoff, with two continuous derivatives at either end: what is nearer stays as published.
 *
 * sqrt has no finite slope at 0, so that its table is good from a few knots on, at less than a hundredth of a metal's
 * density; atoms of a vapour see a smoothed one.
 */
#include "particles/sutton_chen.h"

#include <math.h>

#include "base/status.h"

enum { DISTANCES = 2000, FEWEST = 100, DENSITIES = 5000 };

/* Below this share of a the run has long been stopped for overlap: powers go on as if it were the distance. */
static const double least_share = 0.25;

static pel_status check(int type, const pel_sutton_chen *metal)
{
    if (metal->epsilon > 0 && metal->a > 0 && metal->c > 0 && metal->n > metal->m && metal->m > 3) return PEL_OK;
    return pel_fail(
        PEL_ERR_ARGUMENT,
        "the metal of type %d has epsilon = %g, a = %g, n = %g, m = %g, c = %g; epsilon, a and c must be > 0, "
        "and n > m > 3",
        type + 1, metal->epsilon, metal->a, metal->n, metal->m, metal->c);
}

/* What acts between two metals; c is of no use there. */
static pel_sutton_chen mix(const pel_sutton_chen *a, const pel_sutton_chen *b)
{
    return (pel_sutton_chen){.epsilon = sqrt(a->epsilon * b->epsilon),
                             .a = sqrt(a->a * b->a),
                             .n = 0.5 * (a->n + b->n),
                             .m = 0.5 * (a->m + b->m)};
}

static double taper(double r, double cutoff)
{
    const double x = (cutoff - r) / (cutoff * (1 - PEL_SUTTON_CHEN_TAPER));
    if (x >= 1) return 1;
    return x > 0 ? x * x * x * (10 - 15 * x + 6 * x * x) : 0;
}

static void fill_pair(const pel_sutton_chen *pair, pel_eam_tables *tables, long table)
{
    double *density = tables->density + table * tables->nr, *r_phi = tables->r_phi + table * tables->nr;
    for (long k = 0; k < tables->nr; k++) {
        const double r = fmax((double)k * tables->dr, least_share * pair->a), end = taper(r, tables->cutoff);
        density[k] = pow(pair->a / r, pair->m) * end;
        r_phi[k] = r * pair->epsilon * pow(pair->a / r, pair->n) * end;
    }
}

static void fill(const pel_sutton_chen *metals, pel_eam_tables *tables)
{
    for (int a = 0; a < tables->types; a++) {
        double *embedding = tables->embedding + a * tables->nrho;
        for (long k = 0; k < tables->nrho; k++)
            embedding[k] = -metals[a].c * metals[a].epsilon * sqrt((double)k * tables->drho);
        for (int b = 0; b < tables->types; b++) {
            const pel_sutton_chen pair = mix(&metals[a], &metals[b]);
            fill_pair(&pair, tables, (long)a * tables->types + b);
        }
    }
}

/* Eight times that of twelve neighbours at a / sqrt(2). */
static double last_density(int types, const pel_sutton_chen *metals)
{
    double m = 0;
    for (int t = 0; t < types; t++) m = fmax(m, metals[t].m);
    return 8 * 12 * exp2(m / 2);
}

pel_status pel_sutton_chen_tables(int types, const pel_sutton_chen *metals, double cutoff, long knots,
                                  pel_eam_tables *tables)
{
    const long count = knots == 0 ? DISTANCES : knots;
    pel_eam_tables fresh = {0};
    for (int t = 0; t < types; t++) PEL_TRY(check(t, &metals[t]));
    if (types < 1 || count < FEWEST || !(cutoff > 0))
        return pel_fail(
            PEL_ERR_ARGUMENT,
            "a potential of Sutton & Chen with %d metals, cutoff %g and %ld knots; it needs one, a cutoff > 0 "
            "and %d",
            types, cutoff, count, FEWEST);
    const pel_status status = pel_eam_tables_make(types, DENSITIES, count, &fresh);
    if (status != PEL_OK) {
        pel_eam_tables_free(&fresh);
        return status;
    }
    fresh.cutoff = cutoff;
    fresh.dr = cutoff / (double)(count - 1);
    fresh.drho = last_density(types, metals) / (DENSITIES - 1);
    fill(metals, &fresh);
    *tables = fresh;
    return PEL_OK;
}
