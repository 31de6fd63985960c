/* Isotropic spectra: each wavenumber is in one shell, and counts as often as it stands for in the whole plane. */
#include "spectral/spectrum.h"
#include "spectral/transformed.h"

typedef struct spectra {
    transformed t;
    pel_grid *grid;
    pel_field *density, *spectrum, *flux;
    pel_chain *chain;
} spectra;

static spectra make(const int n[3], int threads)
{
    spectra s = {.t = transformed_make(n, 3, false, threads)};
    CHECK_STATUS(pel_spectrum_grid(s.t.space, "spectrum", "level", &s.grid));
    CHECK_STATUS(pel_field_declare(pel_space_grid(s.t.space), "density", &(pel_field_spec){0}, &s.density));
    CHECK_STATUS(pel_field_declare(s.grid, "spectrum", &(pel_field_spec){0}, &s.spectrum));
    CHECK_STATUS(pel_field_declare(s.grid, "flux", &(pel_field_spec){.along = PEL_ALONG_X}, &s.flux));
    CHECK_STATUS(pel_chain_create("spectra", PEL_CHAIN_PLAIN, &s.chain));
    pel_spectrum_bin(s.t.space, s.chain, "spectrum", s.density, s.spectrum);
    pel_spectrum_flux(s.t.space, s.chain, "flux", s.density, s.flux);
    CHECK_STATUS(pel_commit(s.t.team, (pel_grid *[]){s.t.grid, pel_space_grid(s.t.space), s.grid}, 3,
                            (pel_chain *[]){s.t.forward, s.t.backward, s.chain}, 3));
    pel_space_fill(s.t.space);
    return s;
}

static void end(spectra *s)
{
    pel_chain_destroy(s->chain);
    pel_grid_destroy(s->grid);
    transformed_end(&s->t);
}

static double *density_at(const spectra *s, int k, int l, int z)
{
    return pel_at(pel_field_view(s->density, 0), l, k, z);
}

static double spectrum_at(const spectra *s, int j, int z)
{
    return *pel_at(pel_field_view(s->spectrum, 0), j, z, 0);
}

/* Even and odd, wide and narrow, one level and three; shells many times as wide as a step along one side. */
static const int sizes[][3] = {{24, 20, 0}, {21, 24, 0}, {16, 27, 3}, {15, 15, 0}, {6, 60, 2}, {4, 99, 0}, {60, 5, 0}};
enum { SIZES = sizeof sizes / sizeof *sizes };

TEST(shells_hold_every_wavenumber_of_the_plane_once)
{
    for (int i = 0; i < SIZES; i++) {
        spectra s = make(sizes[i], 2);
        const int levels = s.t.n[2];
        for (int z = 0; z < levels; z++)
            for (int k = 0; k <= s.t.n[0] / 2; k++)
                for (int l = 0; l < s.t.n[1]; l++) *density_at(&s, k, l, z) = z + 1;
        transformed_run(&s.t, s.chain);
        for (int z = 0; z < levels; z++) {
            double sum = 0;
            for (int j = 0; j < pel_spectrum_shells(s.t.space); j++) sum += spectrum_at(&s, j, z);
            CU_ASSERT_DOUBLE_EQUAL(sum * pel_spectrum_width(s.t.space), (z + 1) * s.t.n[0] * s.t.n[1], 1e-9);
        }
        const double all = *pel_at(pel_field_view(s.flux, 0), pel_spectrum_shells(s.t.space) - 1, 0, 0);
        CU_ASSERT_DOUBLE_EQUAL(all, -levels * (levels + 1) / 2.0 * s.t.n[0] * s.t.n[1], 1e-9);
        end(&s);
    }
}

TEST(a_wavenumber_is_in_the_shell_of_its_length)
{
    spectra s = make(sizes[0], 2);
    const double width = pel_spectrum_width(s.t.space);
    for (int k = 0; k <= 12; k++)
        for (int l = 0; l < 20; l++) {
            const double kx = pel_space_wavenumber(s.t.space, 0, k), ly = pel_space_wavenumber(s.t.space, 1, l);
            const int shell = pel_spectrum_shell(s.t.space, k, l);
            CU_ASSERT(fabs(sqrt(kx * kx + ly * ly) - shell * width) <= width / 2 * (1 + 1e-12));
            *density_at(&s, k, l, 0) = 3;
            transformed_run(&s.t, s.chain);
            CU_ASSERT_DOUBLE_EQUAL(spectrum_at(&s, shell, 0), 3 * pel_space_weight(s.t.space, k) / width, 1e-12);
            *density_at(&s, k, l, 0) = 0;
        }
    end(&s);
}

/* What is brought to a shell leaves it outward only. */
TEST(a_flux_begins_at_the_shell_that_takes_in)
{
    spectra s = make(sizes[0], 2);
    *density_at(&s, 3, 4, 0) = -0.5;
    transformed_run(&s.t, s.chain);
    const int shell = pel_spectrum_shell(s.t.space, 3, 4);
    for (int j = 0; j < pel_spectrum_shells(s.t.space); j++)
        CU_ASSERT_EQUAL(*pel_at(pel_field_view(s.flux, 0), j, 0, 0), j < shell ? 0 : 1);
    end(&s);
}

/* Values of many sizes, so that another order of the sum would show. */
static uint64_t hash_on(int threads)
{
    spectra s = make(sizes[2], threads);
    for (int z = 0; z < 3; z++)
        for (int k = 0; k <= 8; k++)
            for (int l = 0; l < 27; l++) {
                const pel_random_key key = {1, (uint64_t)(k * 100 + l), (uint64_t)z, 0};
                *density_at(&s, k, l, z) = exp(10 * pel_random_normal(key));
            }
    transformed_run(&s.t, s.chain);
    const uint64_t hash = pel_field_hash_by_team(s.t.team, s.spectrum) + pel_field_hash_by_team(s.t.team, s.flux);
    end(&s);
    return hash;
}

TEST(spectra_have_the_same_bits_on_any_team)
{
    const uint64_t alone = hash_on(1);
    CU_ASSERT_EQUAL(hash_on(2), alone);
    CU_ASSERT_EQUAL(hash_on(3), alone);
}

TEST(fields_that_do_not_fit_are_refused)
{
    spectra s = make(sizes[2], 1);
    pel_chain *chain;
    CHECK_STATUS(pel_chain_create("wrong density", PEL_CHAIN_PLAIN, &chain));
    pel_spectrum_bin(s.t.space, chain, "spectrum", s.t.coefficients, s.spectrum);
    CHECK_FAILS(pel_chain_status(chain), PEL_ERR_ARGUMENT, "coefficients must hold doubles of one component");
    pel_chain_destroy(chain);
    CHECK_STATUS(pel_chain_create("wrong grid", PEL_CHAIN_PLAIN, &chain));
    pel_spectrum_bin(s.t.space, chain, "spectrum", s.density, s.density);
    CHECK_FAILS(pel_chain_status(chain), PEL_ERR_ARGUMENT, "has not the shells and levels");
    pel_chain_destroy(chain);
    CHECK_STATUS(pel_chain_create("wrong shape", PEL_CHAIN_PLAIN, &chain));
    pel_spectrum_flux(s.t.space, chain, "flux", s.density, s.spectrum);
    CHECK_FAILS(pel_chain_status(chain), PEL_ERR_ARGUMENT, "spectrum must lie along x");
    pel_chain_destroy(chain);
    end(&s);
}
