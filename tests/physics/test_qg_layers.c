/* Quasi-geostrophy: modes of stratification, and the inversion of a manufactured streamfunction. */
#include <float.h>
#include <math.h>

#include "qg/line.h"
#include "support/test.h"

static double largest_of(double a, double b)
{
    return a > b ? a : b;
}

/* Layers of uneven thickness, lighter above. */
static qg_layers stratified(int count)
{
    double thickness[QG_MOST_LAYERS], density[QG_MOST_LAYERS];
    for (int i = 0; i < count; i++) {
        thickness[i] = 100 + 40 * i + 7 * (i % 3);
        density[i] = 1030 - 6 * exp(-0.3 * i);
    }
    qg_layers layers = {0};
    qg_layers_set_thickness(&layers, thickness, count);
    qg_layers_set_density(&layers, density, 1e-4, 9.81);
    CHECK_STATUS(qg_layers_find_modes(&layers));
    return layers;
}

TEST(modes_are_orthonormal_in_the_mean_over_depth)
{
    for (int n = 1; n <= QG_MOST_LAYERS; n++) {
        const qg_layers layers = stratified(n);
        for (int a = 0; a < n; a++)
            for (int b = 0; b < n; b++) {
                double sum = 0;
                for (int i = 0; i < n; i++) sum += layers.share[i] * layers.mode[a][i] * layers.mode[b][i];
                CU_ASSERT_DOUBLE_EQUAL(sum, a == b, 1e-13);
            }
    }
}

TEST(modes_are_eigenvectors_of_the_stretching_and_rise_from_the_barotropic_one)
{
    const qg_layers layers = stratified(9);
    CU_ASSERT_EQUAL(layers.lambda[0], 0);
    for (int m = 0; m < 9; m++) {
        CU_ASSERT(layers.mode[m][0] > 0);
        if (m > 0) CU_ASSERT(layers.lambda[m] > layers.lambda[m - 1]);
        for (int i = 0; i < 9; i++)
            CU_ASSERT_DOUBLE_EQUAL(qg_layers_stretching(&layers, layers.mode[m], 1, i),
                                   -layers.lambda[m] * layers.mode[m][i], 1e-13 * layers.lambda[8]);
    }
}

/* Vallis 2017, sec. 5.3.2: two layers have the baroclinic radius that was asked for; and densities give
 * g' H1 H2 / (f^2 (H1 + H2)). */
TEST(two_layers_have_their_deformation_radius)
{
    const double thickness[] = {800, 3200}, radius = 30e3, density[] = {1025, 1026};
    qg_layers layers = {0};
    qg_layers_set_thickness(&layers, thickness, 2);
    qg_layers_set_radius(&layers, &radius);
    CHECK_STATUS(qg_layers_find_modes(&layers));
    CU_ASSERT_DOUBLE_EQUAL(layers.lambda[1] * radius * radius, 1, 1e-14);
    qg_layers_set_density(&layers, density, 1e-4, 9.81);
    CHECK_STATUS(qg_layers_find_modes(&layers));
    const double reduced = 9.81 * 1 / (0.2 * 1025 + 0.8 * 1026);
    CU_ASSERT_DOUBLE_EQUAL(1 / layers.lambda[1] / (reduced * 640 / 1e-8), 1, 1e-13);
}

/* ---- inversion ---- */

enum { LINE = 45, LAYERS = QG_MOST_LAYERS };

static double rough(int i, int x)
{
    return sin(1.7 * i + 0.31 * x) + 0.3 * cos(11.1 * x - i);
}

/* q = (lap + S) psi of a rough psi, and what comes back: the largest error as a fraction of the largest psi. */
static double inversion_error(const qg_constants *c, double k)
{
    static double complex q[LAYERS][LINE];
    static double psi[LAYERS][2 * LINE], l[LINE], back[LAYERS][2 * QG_PIECE];
    const pel_view view = {.origin = q, .stride = {1, LINE, LINE}};
    for (int x = 0; x < LINE; x++) l[x] = 1e-6 * (x <= LINE / 2 ? x : x - LINE);
    for (int i = 0; i < c->layers.count; i++)
        for (int x = 0; x < 2 * LINE; x++) psi[i][x] = k == 0 && x < 2 ? 0 : rough(i, x);
    for (int i = 0; i < c->layers.count; i++)
        for (int x = 0; x < LINE; x++) {
            const double square = k * k + l[x] * l[x];
            const double re = qg_layers_stretching(&c->layers, &psi[0][2 * x], 2 * LINE, i) - square * psi[i][2 * x];
            const double im =
                qg_layers_stretching(&c->layers, &psi[0][2 * x + 1], 2 * LINE, i) - square * psi[i][2 * x + 1];
            q[i][x] = CMPLX(re, im);
        }
    double error = 0, most = 0;
    for (qg_piece at = {.k = k}; qg_next_piece(&at, l, LINE);) {
        qg_invert(c, view, at, back);
        for (int i = 0; i < c->layers.count; i++)
            for (int x = 0; x < 2 * at.count; x++) {
                error = largest_of(error, fabs(back[i][x] - psi[i][2 * at.first + x]));
                most = largest_of(most, fabs(psi[i][2 * at.first + x]));
            }
    }
    return error / most;
}

/* Rounding errors of q, of the size of the largest eigenvalue, come back divided by the smallest; those of the sums
 * over modes come with each layer. */
TEST(the_inversion_of_a_manufactured_streamfunction_is_exact_to_rounding)
{
    for (int n = 1; n <= LAYERS; n++) {
        qg_constants c = {.layers = stratified(n)};
        for (int k = 0; k < 8; k++) {
            const double wavenumber = 2e-5 * k, square = largest_of(wavenumber * wavenumber, 1e-12);
            const double ratio = (c.layers.lambda[n - 1] + square + 1e-9) / square;
            const double error = inversion_error(&c, wavenumber);
            const double bound = 2 * DBL_EPSILON * (ratio + n);
            if (!(error < bound)) fprintf(stderr, "\n%d layers, k %g: %g\n", n, wavenumber, error);
            CU_ASSERT(error < bound);
        }
    }
}

TEST(the_mean_of_the_streamfunction_is_zero)
{
    qg_constants c = {.layers = stratified(1)};
    double complex q[QG_MOST_LAYERS] = {CMPLX(3, 0)};
    const double l[1] = {0};
    double psi[QG_MOST_LAYERS][2 * QG_PIECE];
    qg_piece at = {.k = 0};
    CU_ASSERT(qg_next_piece(&at, l, 1));
    qg_invert(&c, (pel_view){.origin = q, .stride = {1, 1, 1}}, at, psi);
    CU_ASSERT_EQUAL(psi[0][0], 0);
}
