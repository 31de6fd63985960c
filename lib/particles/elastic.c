/* Elastic constants: strain the box along one dimension, this way and that, and see what the stress does.
 *
 * The stress of atoms at rest is minus the virial over the volume. About a box without stress its slope is the elastic
 * constant, with an error of second order in the strain. */
#include "particles/elastic.h"

/* sigma_xx, sigma_yy, sigma_zz of the strained box. */
static pel_status stress_at(pel_system *system, int dimension, double strain, const pel_minimisation *relax,
                            double stress[3])
{
    double factor[3] = {1, 1, 1};
    factor[dimension] += strain;
    PEL_TRY(pel_system_scale(system, factor));
    pel_minimised unused;
    if (relax) PEL_TRY(pel_minimise(system, relax, &unused));
    PEL_TRY(pel_system_forces(system, true));
    const double *virial = pel_system_energy_of(system)->virial, *length = pel_system_box(system)->length;
    for (int a = 0; a < 3; a++) stress[a] = -virial[a] / (length[0] * length[1] * length[2]);
    return PEL_OK;
}

/* The column of constants that belongs to strain along `dimension`; each strain begins with the atoms of `start`. */
static pel_status column(pel_system *system, const pel_configuration *start, int dimension, double strain,
                         const pel_minimisation *relax, double c[3][3])
{
    double up[3], down[3];
    PEL_TRY(stress_at(system, dimension, strain, relax, up));
    PEL_TRY(pel_system_load(system, start));
    PEL_TRY(stress_at(system, dimension, -strain, relax, down));
    PEL_TRY(pel_system_load(system, start));
    for (int a = 0; a < 3; a++) c[a][dimension] = (up[a] - down[a]) / (2 * strain);
    return PEL_OK;
}

pel_status pel_elastic_normal(pel_system *system, double strain, const pel_minimisation *relax, double c[3][3])
{
    if (!(strain > 0 && strain < 0.1))
        return pel_fail(PEL_ERR_ARGUMENT, "elastic constants need a strain between 0 and 0.1; it is %g", strain);
    pel_configuration start = {0};
    pel_status status = pel_system_store(system, &start);
    for (int a = 0; a < 3 && status == PEL_OK; a++) status = column(system, &start, a, strain, relax, c);
    pel_configuration_free(&start);
    return status;
}

pel_status pel_elastic_cubic(pel_system *straight, pel_system *turned, double strain, const pel_minimisation *relax,
                             pel_cubic_constants *constants)
{
    double c[3][3], d[3][3];
    PEL_TRY(pel_elastic_normal(straight, strain, relax, c));
    PEL_TRY(pel_elastic_normal(turned, strain, relax, d));
    const double c11 = (c[0][0] + c[1][1] + c[2][2]) / 3;
    const double c12 = (c[0][1] + c[1][0] + c[0][2] + c[2][0] + c[1][2] + c[2][1]) / 6;
    const double along = (d[0][0] + d[1][1]) / 2; /* C'11 = C'22 */
    *constants = (pel_cubic_constants){.c11 = c11, .c12 = c12, .c44 = along - (c11 + c12) / 2};
    return PEL_OK;
}
