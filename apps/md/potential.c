/* The potential of a deck. Of metals: metal.c; of three-body forces: stillinger_weber.c. Else pairs: for each pair of
 * types the entry of potential.pairs that gives it, or what mixing makes of the two entries of like atoms.
 *
 * Forces are held to a grain, 2^-51 of the largest that an atom can feel (particles/grain.h). That is 2^15 epsilon /
 * sigma where there is such a scale; else 2^10 eV / angstrom, which is about the force that melts anything. */
#include "md/potential.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "md/metal.h"
#include "md/parameters.h"
#include "md/stillinger_weber.h"
#include "particles/buckingham.h"
#include "particles/lj.h"
#include "particles/morse.h"
#include "particles/table_pair.h"
#include "particles/wca.h"

static bool is_kind(const pel_params *params, const char *kind)
{
    return pel_params_is(params, "potential.kind", kind);
}

/* ---- the scale of forces and energies ---- */

static double power_of_two_above(double value)
{
    return exp2(ceil(log2(value)));
}

/* Of a potential in epsilon and sigma, from its entries. */
static void scale_of_pairs(const pel_params *params, double *force, double *energy)
{
    const int count = pel_params_count(params, "potential.pairs");
    double epsilon = count > 0 ? 0 : 1, sigma = count > 0 ? INFINITY : 1;
    for (int i = 0; i < count; i++) {
        const pel_params *pair = pel_params_item(params, "potential.pairs", i);
        epsilon = fmax(epsilon, pel_params_real(pair, "epsilon"));
        sigma = fmin(sigma, pel_params_real(pair, "sigma"));
    }
    if (!(epsilon > 0)) epsilon = 1;
    *energy = power_of_two_above(0x1p15 * epsilon);
    *force = power_of_two_above(0x1p15 * epsilon / sigma);
}

static void choose_scale(const pel_params *params, double *force, double *energy)
{
    const bool has_scale = is_kind(params, "lj") || is_kind(params, "wca");
    *force = *energy = pel_params_is(params, "units", "metal") ? 0x1p10 : 0x1p15;
    if (has_scale) scale_of_pairs(params, force, energy);
}

/* ---- one pair ---- */

static pel_truncation truncation_of(const pel_params *params)
{
    if (pel_params_is(params, "potential.truncation", "shifted")) return PEL_TRUNCATION_SHIFTED;
    if (pel_params_is(params, "potential.truncation", "force-shifted")) return PEL_TRUNCATION_FORCE_SHIFTED;
    return PEL_TRUNCATION_CUT;
}

/* A pair that the deck gives, or NULL for the default of reduced units. */
static double cutoff_of(const pel_params *params, const pel_params *pair, double own)
{
    if (pair && pel_params_has(pair, "cutoff")) return pel_params_real(pair, "cutoff");
    if (pel_params_has(params, "potential.cutoff")) return pel_params_real(params, "potential.cutoff");
    if (own > 0) return own;
    if (pel_params_is_wrong(params, "potential.cutoff")) return 1;
    pel_params_error(params, NULL, "potential.cutoff is missing; potential.kind %s needs one",
                     pel_params_text(params, "potential.kind"));
    return 1;
}

static pel_lj lj_of(const pel_params *pair)
{
    if (!pair) return (pel_lj){1, 1};
    return (pel_lj){pel_params_real(pair, "epsilon"), pel_params_real(pair, "sigma")};
}

static pel_status set_lj(const pel_params *params, pel_potential *potential, int a, int b, const pel_params *pair,
                         pel_lj lj)
{
    if (!is_kind(params, "wca"))
        return pel_pairs_set(potential, a, b, &pel_lj_kind, &lj, sizeof lj, cutoff_of(params, pair, 0),
                             truncation_of(params));
    const pel_wca wca = {lj.epsilon, lj.sigma};
    return pel_pairs_set(potential, a, b, &pel_wca_kind, &wca, sizeof wca, pel_wca_cutoff(&wca), PEL_TRUNCATION_CUT);
}

static pel_status set_table(const pel_params *params, pel_potential *potential, int a, int b, const pel_params *pair)
{
    const char *section = pel_params_text(pair, "section");
    pel_table_pair *table = NULL;
    if (!pel_params_has(pair, "file")) {
        pel_params_error(pair, NULL, "potential.pairs: a table needs its file");
        return PEL_OK;
    }
    PEL_TRY(
        md_note(pair, "file", pel_table_pair_read(pel_params_text(pair, "file"), *section ? section : NULL, &table)));
    if (!table) return PEL_OK;
    const pel_status status = pel_pairs_set(potential, a, b, &pel_table_pair_kind, table, pel_table_pair_size(table),
                                            cutoff_of(params, pair, pel_table_pair_last(table)), truncation_of(params));
    free(table);
    return status;
}

static pel_status set_given(const pel_params *params, pel_potential *potential, const pel_params *pair)
{
    const int a = (int)pel_params_int_at(pair, "types", 0) - 1, b = (int)pel_params_int_at(pair, "types", 1) - 1;
    if (is_kind(params, "morse")) {
        const pel_morse morse = {pel_params_real(pair, "depth"), pel_params_real(pair, "alpha"),
                                 pel_params_real(pair, "r0")};
        return pel_pairs_set(potential, a, b, &pel_morse_kind, &morse, sizeof morse, cutoff_of(params, pair, 0),
                             truncation_of(params));
    }
    if (is_kind(params, "buckingham")) {
        const pel_buckingham buckingham = {pel_params_real(pair, "a"), pel_params_real(pair, "rho"),
                                           pel_params_real(pair, "c")};
        return pel_pairs_set(potential, a, b, &pel_buckingham_kind, &buckingham, sizeof buckingham,
                             cutoff_of(params, pair, 0), truncation_of(params));
    }
    if (is_kind(params, "table")) return set_table(params, potential, a, b, pair);
    return set_lj(params, potential, a, b, pair, lj_of(pair));
}

/* ---- all pairs ---- */

/* The entry of types a and b, from 0; NULL if there is none. */
static const pel_params *entry_of(const pel_params *params, int a, int b)
{
    for (int i = 0; i < pel_params_count(params, "potential.pairs"); i++) {
        const pel_params *pair = pel_params_item(params, "potential.pairs", i);
        const long x = pel_params_int_at(pair, "types", 0) - 1, y = pel_params_int_at(pair, "types", 1) - 1;
        if ((x == a && y == b) || (x == b && y == a)) return pair;
    }
    return NULL;
}

static pel_status set_mixed(const pel_params *params, pel_potential *potential, int a, int b)
{
    const pel_params *like_a = entry_of(params, a, a), *like_b = entry_of(params, b, b);
    const bool is_geometric = pel_params_is(params, "potential.mixing", "geometric");
    if (!like_a || !like_b || a == b) {
        pel_params_error(params, "potential.pairs", "potential.pairs has no entry for types [%d, %d]%s", a + 1, b + 1,
                         a == b ? "" : ", nor for both of the like pairs, from which it could be mixed");
        return PEL_OK;
    }
    return set_lj(
        params, potential, a, b, NULL,
        pel_lj_mix(lj_of(like_a), lj_of(like_b), is_geometric ? PEL_MIXING_GEOMETRIC : PEL_MIXING_LORENTZ_BERTHELOT));
}

/* Pairs that are not given: of lj and wca they are mixed; of others they do not act. */
static pel_status set_others(const pel_params *params, int types, pel_potential *potential)
{
    if (!is_kind(params, "lj") && !is_kind(params, "wca")) return PEL_OK;
    const bool has_default = pel_params_is(params, "units", "lj") && types == 1;
    if (pel_params_count(params, "potential.pairs") == 0 && has_default)
        return set_lj(params, potential, 0, 0, NULL, lj_of(NULL));
    for (int a = 0; a < types; a++)
        for (int b = a; b < types; b++)
            if (!entry_of(params, a, b)) PEL_TRY(set_mixed(params, potential, a, b));
    return PEL_OK;
}

static pel_status set_pairs(const pel_params *params, int types, pel_potential *potential)
{
    const int count = pel_params_count(params, "potential.pairs");
    for (int i = 0; i < count; i++)
        PEL_TRY(set_given(params, potential, pel_params_item(params, "potential.pairs", i)));
    PEL_TRY(set_others(params, types, potential));
    if (count == 0 && (is_kind(params, "morse") || is_kind(params, "buckingham") || is_kind(params, "table")))
        pel_params_error(params, NULL,
                         "potential.pairs is missing; potential.kind %s needs an entry for each pair that acts",
                         pel_params_text(params, "potential.kind"));
    return PEL_OK;
}

static pel_status create_metal(const pel_params *params, int types, pel_potential **potential)
{
    pel_eam_tables tables = {0};
    PEL_TRY(md_metal_read(params, types, &tables));
    const pel_status status = tables.types > 0 ? pel_eam_create(&tables, potential) : PEL_OK;
    pel_eam_tables_free(&tables);
    return md_note(params, "potential.kind", status);
}

pel_status md_potential_create(const pel_params *params, int types, pel_potential **potential)
{
    if (md_metal_is_meant(params)) return create_metal(params, types, potential);
    if (is_kind(params, "stillinger-weber")) return md_stillinger_weber_create(params, types, potential);
    double force, energy;
    pel_potential *fresh = NULL;
    choose_scale(params, &force, &energy);
    PEL_TRY(pel_pairs_create(types, force, energy, &fresh));
    const pel_status status = md_note(params, "potential.pairs", set_pairs(params, types, fresh));
    if (status == PEL_OK) *potential = fresh;
    else pel_potential_destroy(fresh);
    return status;
}
