/* Loops over wavenumbers: derivatives, the inverse Laplacian, multiplication by a factor. */
#include "spectral/space_inside.h"

/* Numbers of a loop that its kernel cannot see in its box. */
typedef struct derivative {
    int order;
} derivative;

/* i^n */
static double complex power_of_i(int n)
{
    static const double complex powers[] = {1, I, -1, -I};
    return powers[n % 4];
}

static double power(double base, int n)
{
    double result = 1;
    for (int i = 0; i < n; i++) result *= base;
    return result;
}

/* out = (i k)^n in. Views: out, in, k. */
static void differentiate(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const int n = ((const derivative *)params)->order;
    const double complex unit = power_of_i(n);
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            double complex *out = pel_row_complex(arg[0], y, z);
            const double complex *in = pel_row_complex(arg[1], y, z);
            for (int x = box->lo[0]; x < box->hi[0]; x++) out[x] = unit * (power(*pel_at(arg[2], x, y, z), n) * in[x]);
        }
}

void pel_space_derivative(const pel_space *space, pel_chain *chain, int d, int n, pel_field *in, int in_level,
                          pel_field *out, int out_level)
{
    if (d < 0 || d > 2 || !pel_space_has(space, d) || n < 0) {
        pel_chain_refuse(chain, pel_fail(PEL_ERR_ARGUMENT,
                                         "a derivative of order %d along dimension %d, which is not "
                                         "one that the space has transformed",
                                         n, d));
        return;
    }
    const derivative params = {n};
    pel_chain_loop(chain, "derivative", differentiate, &params, sizeof params, PEL_INTERIOR, pel_write(out, out_level),
                   pel_read(in, in_level), pel_read(n % 2 ? space->slopes[d] : space->wavenumbers[d], 0));
    pel_chain_flops(chain, n + 8); /* a power, by a complex number, by a complex number */
}

typedef struct laplacian {
    double lambda;
    int count; /* of wavenumber args */
} laplacian;

/* out = -in / (k^2 + l^2 + m^2 + lambda), and 0 where that would divide by 0. Views: out, in, k, l, m. */
static void invert_laplacian(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const laplacian p = *(const laplacian *)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            double complex *out = pel_row_complex(arg[0], y, z);
            const double complex *in = pel_row_complex(arg[1], y, z);
            for (int x = box->lo[0]; x < box->hi[0]; x++) {
                double square = p.lambda;
                for (int d = 0; d < p.count; d++) square += power(*pel_at(arg[2 + d], x, y, z), 2);
                out[x] = square == 0 ? 0 : (-1 / square) * in[x];
            }
        }
}

void pel_space_inverse_laplacian(const pel_space *space, pel_chain *chain, double lambda, pel_field *in, int in_level,
                                 pel_field *out, int out_level)
{
    pel_arg args[5] = {pel_write(out, out_level), pel_read(in, in_level)};
    laplacian params = {.lambda = lambda};
    for (int d = 0; d < 3; d++)
        if (pel_space_has(space, d)) args[2 + params.count++] = pel_read(space->wavenumbers[d], 0);
    pel_chain_loop_args(chain, "inverse laplacian", invert_laplacian, &params, sizeof params, PEL_INTERIOR, args,
                        2 + params.count);
    pel_chain_flops(chain, 3 * params.count + 3);
}

/* field *= factor. Views: field, factor. */
static void multiply(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            double complex *field = pel_row_complex(arg[0], y, z);
            for (int x = box->lo[0]; x < box->hi[0]; x++) field[x] *= *pel_at(arg[1], x, y, z);
        }
}

void pel_space_multiply(const pel_space *space, pel_chain *chain, pel_field *factor, pel_field *field, int level)
{
    (void)space;
    pel_chain_loop(chain, "multiply", multiply, NULL, 0, PEL_INTERIOR, pel_update(field, level), pel_read(factor, 0));
    pel_chain_flops(chain, 2);
}
