/*
 * Files of the embedded-atom method (Daw & Baskes, Phys. Rev. B 29 (1984) 6443), in the three forms that LAMMPS'
 * documentation of pair_style eam describes:
 *
 *     funcfl   comment / Z mass a0 lattice / nrho drho nr dr cutoff / F / Z(r) / rho(r)
 *     setfl    3 comments / n name ... / nrho drho nr dr cutoff / for each element: Z mass a0 lattice / F / rho(r);
 *              then r phi(r) of the pairs 11, 21, 22, 31, 32, 33 ...
 *     fs       the same with n tables rho(r) for each element: of it, at element 1, 2 ...
 *
 * Tables start at 0. For funcfl, phi of unlike elements is the geometric mean of the like ones, which is the product of
 * effective charges (Foiles, Baskes & Daw, Phys. Rev. B 33 (1986) 7983, eq. 5); 27.2 eV hartree^-1 and 0.529 angstrom
 * bohr^-1 are the constants of the files' time, which the peers use too.
 */
#include "particles/eam_file.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "particles/words.h"

static const double hartree = 27.2, bohr = 0.529;

pel_status pel_eam_tables_make(int types, long nrho, long nr, pel_eam_tables *tables)
{
    const size_t n = (size_t)types;
    tables->types = types;
    tables->nrho = nrho;
    tables->nr = nr;
    PEL_TRY(pel_memory_new(n, sizeof(double), &tables->mass));
    PEL_TRY(pel_memory_new(n * (size_t)nrho, sizeof(double), &tables->embedding));
    PEL_TRY(pel_memory_new(n * n * (size_t)nr, sizeof(double), &tables->density));
    return pel_memory_new(n * n * (size_t)nr, sizeof(double), &tables->r_phi);
}

void pel_eam_tables_free(pel_eam_tables *tables)
{
    free(tables->mass);
    free(tables->embedding);
    free(tables->density);
    free(tables->r_phi);
    *tables = (pel_eam_tables){0};
}

static double *embedding_of(const pel_eam_tables *tables, int type)
{
    return tables->embedding + type * tables->nrho;
}

static double *density_of(const pel_eam_tables *tables, int at, int from)
{
    return tables->density + (at * tables->types + from) * tables->nr;
}

static double *r_phi_of(const pel_eam_tables *tables, int a, int b)
{
    return tables->r_phi + (a * tables->types + b) * tables->nr;
}

/* The line "nrho drho nr dr cutoff". */
static pel_status read_grid(pel_words *words, pel_eam_tables *grid)
{
    if (!pel_words_line(words)) return pel_words_fail(words, "the file ends before the line nrho drho nr dr cutoff");
    PEL_TRY(pel_words_count_here(words, "nrho", &grid->nrho));
    PEL_TRY(pel_words_number_here(words, "drho", &grid->drho));
    PEL_TRY(pel_words_count_here(words, "nr", &grid->nr));
    PEL_TRY(pel_words_number_here(words, "dr", &grid->dr));
    PEL_TRY(pel_words_number_here(words, "the cutoff", &grid->cutoff));
    if (grid->nrho < 5 || grid->nr < 5)
        return pel_words_fail(words, "nrho = %ld, nr = %ld; splines need at least 5 knots", grid->nrho, grid->nr);
    if (!(grid->drho > 0 && grid->dr > 0 && grid->cutoff > 0))
        return pel_words_fail(words, "drho = %g, dr = %g, cutoff = %g; all must be > 0", grid->drho, grid->dr,
                              grid->cutoff);
    return PEL_OK;
}

/* The line "atomic-number mass lattice-constant lattice", of which the mass is kept. */
static pel_status read_element(pel_words *words, double *mass)
{
    double number;
    const char *word = pel_words_anywhere(words);
    if (!word) return pel_words_fail(words, "the file ends before the next element");
    PEL_TRY(pel_words_number(words, word, "the atomic number", &number));
    PEL_TRY(pel_words_number_here(words, "the mass", mass));
    if (!(*mass > 0)) return pel_words_fail(words, "the mass is %g; it must be > 0", *mass);
    return PEL_OK;
}

/* ---- funcfl ---- */

/* One file as it is: embedding F, charge Z(r) in place of r phi, density. */
static pel_status read_funcfl(pel_words *words, pel_eam_tables *file)
{
    double mass;
    if (!pel_words_line(words) || !pel_words_line(words))
        return pel_words_fail(words, "the file ends before its second line");
    PEL_TRY(read_element(words, &mass));
    PEL_TRY(read_grid(words, file));
    PEL_TRY(pel_eam_tables_make(1, file->nrho, file->nr, file));
    file->mass[0] = mass;
    PEL_TRY(pel_words_line(words) ? PEL_OK : pel_words_fail(words, "the file ends before F(rho)"));
    PEL_TRY(pel_words_numbers(words, "F(rho)", file->nrho, file->embedding));
    PEL_TRY(pel_words_numbers(words, "Z(r)", file->nr, file->r_phi));
    return pel_words_numbers(words, "rho(r)", file->nr, file->density);
}

static pel_status open_funcfl(const char *path, pel_eam_tables *file)
{
    pel_words words;
    PEL_TRY(pel_words_open(path, &words));
    const pel_status status = read_funcfl(&words, file);
    pel_words_close(&words);
    return status;
}

/* Lagrange's cubic through the four knots around x (in spacings from the first of n). */
static double interpolate(const double *values, long n, double x)
{
    long k = (long)x;
    k = k < n - 3 ? k : n - 3;
    k = k > 1 ? k : 1;
    double p = x - (double)k;
    p = p < 2 ? p : 2;
    return -p * (p - 1) * (p - 2) / 6 * values[k - 1] + (p * p - 1) * (p - 2) / 2 * values[k] -
           p * (p + 1) * (p - 2) / 2 * values[k + 1] + p * (p * p - 1) / 6 * values[k + 2];
}

/* The common grid: the coarsest spacings, the longest ranges and cutoff. */
static pel_status join_grids(int types, const pel_eam_tables *file, pel_eam_tables *tables)
{
    double rho_last = 0, r_last = 0, drho = 0, dr = 0, cutoff = 0;
    for (int t = 0; t < types; t++) {
        drho = fmax(drho, file[t].drho);
        dr = fmax(dr, file[t].dr);
        cutoff = fmax(cutoff, file[t].cutoff);
        rho_last = fmax(rho_last, (double)(file[t].nrho - 1) * file[t].drho);
        r_last = fmax(r_last, (double)(file[t].nr - 1) * file[t].dr);
    }
    PEL_TRY(pel_eam_tables_make(types, (long)(rho_last / drho + 0.5) + 1, (long)(r_last / dr + 0.5) + 1, tables));
    tables->drho = drho;
    tables->dr = dr;
    tables->cutoff = cutoff;
    return PEL_OK;
}

static void fill_pair(const pel_eam_tables *file, int a, int b, pel_eam_tables *tables)
{
    double *density = density_of(tables, a, b), *r_phi = r_phi_of(tables, a, b);
    for (long k = 0; k < tables->nr; k++) {
        const double r = (double)k * tables->dr;
        const double za = interpolate(file[a].r_phi, file[a].nr, r / file[a].dr);
        const double zb = interpolate(file[b].r_phi, file[b].nr, r / file[b].dr);
        density[k] = interpolate(file[b].density, file[b].nr, r / file[b].dr);
        r_phi[k] = hartree * bohr * (za * zb);
    }
}

static void fill_type(const pel_eam_tables *file, int type, pel_eam_tables *tables)
{
    double *embedding = embedding_of(tables, type);
    tables->mass[type] = file[type].mass[0];
    for (long k = 0; k < tables->nrho; k++)
        embedding[k] = interpolate(file[type].embedding, file[type].nrho, (double)k * tables->drho / file[type].drho);
    for (int b = 0; b < tables->types; b++) fill_pair(file, type, b, tables);
}

static pel_status join_funcfl(int types, const char *const *paths, pel_eam_tables *file, pel_eam_tables *tables)
{
    for (int t = 0; t < types; t++) PEL_TRY(open_funcfl(paths[t], &file[t]));
    PEL_TRY(join_grids(types, file, tables));
    for (int t = 0; t < types; t++) fill_type(file, t, tables);
    return PEL_OK;
}

pel_status pel_eam_read_funcfl(int types, const char *const *paths, pel_eam_tables *tables)
{
    pel_eam_tables *file = NULL, fresh = {0};
    PEL_TRY(pel_memory_new((size_t)types, sizeof *file, &file));
    const pel_status status = join_funcfl(types, paths, file, &fresh);
    for (int t = 0; t < types; t++) pel_eam_tables_free(&file[t]);
    free(file);
    if (status != PEL_OK) pel_eam_tables_free(&fresh);
    else *tables = fresh;
    return status;
}

/* ---- setfl and Finnis-Sinclair ---- */

/* Which element of the file each type is; the names stand on the present line. */
static pel_status match_elements(pel_words *words, long count, int types, const char *const *elements, long *element)
{
    for (int t = 0; t < types; t++) element[t] = -1;
    for (long e = 0; e < count; e++) {
        const char *name = pel_words_here(words);
        if (!name) return pel_words_fail(words, "%ld elements are announced, but only %ld named", count, e);
        for (int t = 0; t < types; t++)
            if (element[t] < 0 && strcmp(name, elements[t]) == 0) element[t] = e;
    }
    for (int t = 0; t < types; t++)
        if (element[t] < 0)
            return pel_fail(PEL_ERR_NAME, "%s:%ld: there is no element \"%s\"; line %ld names those that there are",
                            words->path, words->line, elements[t], words->line);
    return PEL_OK;
}

/* All elements of the file as its types. */
static pel_status read_bodies(pel_words *words, bool is_finnis_sinclair, long count, pel_eam_tables *file)
{
    PEL_TRY(pel_eam_tables_make((int)count, file->nrho, file->nr, file));
    for (int e = 0; e < count; e++) {
        PEL_TRY(read_element(words, &file->mass[e]));
        if (!pel_words_line(words)) return pel_words_fail(words, "the file ends before F(rho) of element %d", e + 1);
        PEL_TRY(pel_words_numbers(words, "F(rho)", file->nrho, embedding_of(file, e)));
        for (int at = 0; at < count; at++) {
            if (at == 0 || is_finnis_sinclair)
                PEL_TRY(pel_words_numbers(words, "rho(r)", file->nr, density_of(file, at, e)));
            else memcpy(density_of(file, at, e), density_of(file, 0, e), (size_t)file->nr * sizeof(double));
        }
    }
    for (int a = 0; a < count; a++) {
        for (int b = 0; b <= a; b++) {
            PEL_TRY(pel_words_numbers(words, "r phi(r)", file->nr, r_phi_of(file, a, b)));
            memcpy(r_phi_of(file, b, a), r_phi_of(file, a, b), (size_t)file->nr * sizeof(double));
        }
    }
    return PEL_OK;
}

/* The types' tables from those of the file's elements. */
static void choose(const pel_eam_tables *file, const long *element, pel_eam_tables *tables)
{
    const size_t bytes = (size_t)file->nr * sizeof(double);
    tables->drho = file->drho;
    tables->dr = file->dr;
    tables->cutoff = file->cutoff;
    for (int a = 0; a < tables->types; a++) {
        const int ea = (int)element[a];
        tables->mass[a] = file->mass[ea];
        memcpy(embedding_of(tables, a), embedding_of(file, ea), (size_t)file->nrho * sizeof(double));
        for (int b = 0; b < tables->types; b++) {
            memcpy(density_of(tables, a, b), density_of(file, ea, (int)element[b]), bytes);
            memcpy(r_phi_of(tables, a, b), r_phi_of(file, ea, (int)element[b]), bytes);
        }
    }
}

static pel_status read_setfl(pel_words *words, bool is_finnis_sinclair, int types, const char *const *elements,
                             long *element, pel_eam_tables *file)
{
    long count;
    for (int i = 0; i < 4; i++)
        if (!pel_words_line(words)) return pel_words_fail(words, "the file ends before its fourth line, the elements");
    PEL_TRY(pel_words_count_here(words, "the number of elements", &count));
    if (count > 100) return pel_words_fail(words, "%ld elements: this is no setfl file", count);
    PEL_TRY(match_elements(words, count, types, elements, element));
    PEL_TRY(read_grid(words, file));
    return read_bodies(words, is_finnis_sinclair, count, file);
}

static pel_status read_and_choose(pel_words *words, bool is_finnis_sinclair, int types, const char *const *elements,
                                  long *element, pel_eam_tables *tables)
{
    pel_eam_tables file = {0};
    pel_status status = read_setfl(words, is_finnis_sinclair, types, elements, element, &file);
    if (status == PEL_OK) status = pel_eam_tables_make(types, file.nrho, file.nr, tables);
    if (status == PEL_OK) choose(&file, element, tables);
    pel_eam_tables_free(&file);
    return status;
}

pel_status pel_eam_read_setfl(const char *path, bool is_finnis_sinclair, int types, const char *const *elements,
                              pel_eam_tables *tables)
{
    pel_words words;
    long *element = NULL;
    pel_eam_tables fresh = {0};
    PEL_TRY(pel_words_open(path, &words));
    pel_status status = pel_memory_new((size_t)types, sizeof *element, &element);
    if (status == PEL_OK) status = read_and_choose(&words, is_finnis_sinclair, types, elements, element, &fresh);
    free(element);
    pel_words_close(&words);
    if (status != PEL_OK) pel_eam_tables_free(&fresh);
    else *tables = fresh;
    return status;
}
