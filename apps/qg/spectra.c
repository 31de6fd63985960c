/* Isotropic spectra and fluxes, for snapshots (spectral/spectrum.h has the shells).
 *
 *     energy_spectrum(K, i)   of kinetic energy, 1/2 K^2 |psi_i|^2, of each layer by itself; its integral over K is
 *                             kinetic-energy of the series
 *     energy_flux(K)          Pi(K), total energy that advection takes through K to larger wavenumbers:
 *                             - sum over wavenumbers up to K of -sum_i h_i Re(psi_i* N_i), N = -J(psi, q + b)^
 */
#include "qg/advection.h"
#include "spectral/spectrum.h"

/* Views: density, psi^, k, l. */
static void kinetic_density(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step, (void)params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            double *density = pel_row(arg[0], y, z);
            const double *psi = (const double *)pel_row_complex(arg[1], y, z), *l = pel_row(arg[3], 0, 0);
            const double k = *pel_at(arg[2], 0, y, 0);
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                density[x] = 0.5 * (k * k + l[x] * l[x]) * (psi[2 * x] * psi[2 * x] + psi[2 * x + 1] * psi[2 * x + 1]);
        }
}

/* -h_i Re(psi_i* N_i); at a surface psi* N, as the energy there is 1/2 psi b. Views: density, psi^, N. */
static void transfer_density(const pel_box *box, const pel_view *arg, const pel_step *step, const void *params)
{
    (void)step;
    const qg_constants *c = params;
    for (int z = box->lo[2]; z < box->hi[2]; z++)
        for (int y = box->lo[1]; y < box->hi[1]; y++) {
            double *density = pel_row(arg[0], y, z);
            const double *psi = (const double *)pel_row_complex(arg[1], y, z);
            const double *rate = (const double *)pel_row_complex(arg[2], y, z);
            const double factor = c->is_surface ? 1 : -c->layers.share[z];
            for (int x = box->lo[0]; x < box->hi[0]; x++)
                density[x] = factor * (psi[2 * x] * rate[2 * x] + psi[2 * x + 1] * rate[2 * x + 1]);
        }
}

static pel_status declare(pel_component *component, qg_model *model)
{
    pel_grid *grid;
    PEL_TRY(pel_spectrum_grid(model->space, "spectrum", "layer", &grid));
    PEL_TRY(pel_component_add_grid(component, grid));
    const pel_field_spec energy = {.role = PEL_WORK, .units = "m3 s-2", .long_name = "spectrum of kinetic energy"};
    PEL_TRY(pel_field_declare(grid, "energy_spectrum", &energy, &model->energy_spectrum));
    const pel_field_spec flux = {.role = PEL_WORK,
                                 .along = PEL_ALONG_X,
                                 .units = model->constants.is_surface ? "m3 s-4" : "m2 s-3",
                                 .long_name = "flux of energy to larger wavenumbers"};
    return pel_field_declare(grid, "energy_flux", &flux, &model->energy_flux);
}

pel_status qg_setup_spectra(pel_component *component, qg_model *model)
{
    PEL_TRY(declare(component, model));
    pel_chain *chain = model->output;
    const qg_constants *c = &model->constants;
    const pel_operand state = {.field = model->q_hat}, rate = {.field = model->rate_hat};
    qg_record_inversion(model, chain, model->q_hat, model->psi_hat);
    pel_chain_loop(chain, "kinetic density", kinetic_density, NULL, 0, PEL_INTERIOR, pel_write(model->density, 0),
                   pel_read(model->psi_hat, 0), pel_read(pel_space_wavenumbers(model->space, 0), 0),
                   pel_read(pel_space_wavenumbers(model->space, 1), 0));
    pel_chain_flops(chain, 7);
    pel_spectrum_bin(model->space, chain, "energy spectrum", model->density, model->energy_spectrum);
    qg_record_rate(model, chain, &state, &rate, (qg_terms){.is_advection_only = true});
    pel_chain_loop(chain, "transfer density", transfer_density, c, sizeof *c, PEL_INTERIOR,
                   pel_write(model->density, 0), pel_read(model->psi_hat, 0), pel_read(model->rate_hat, 0));
    pel_chain_flops(chain, 4);
    pel_spectrum_flux(model->space, chain, "energy flux", model->density, model->energy_flux);
    return PEL_OK;
}
