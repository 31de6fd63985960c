/* Profiles along an axis. A record is the mean over the samples since the record before: number density, temperature,
 * and where the deck asks for them the pressures along and across the axis. A slab of liquid has two surfaces, each
 * with the tension
 *
 *     gamma = 1/2 int (P_N - P_T) dz       (Rowlinson & Widom, Molecular Theory of Capillarity, 1982, sec. 2.5)
 *
 * Bins divide the box, so that they change with a box that does; coordinates are those of the box of step 0. */
#include "md/profile.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "md/gathered.h"
#include "md/state.h"
#include "md/units.h"
#include "particles/profile.h"

enum { NAME_BYTES = 32, TEXT_BYTES = 64, SETUP = 4, PARTS = 8, MOST_CURVES = MD_MOST_TYPES + 7 };

struct md_profile {
    pel_profile sums; /* since the latest record */
    bool has_pressures;
    double setup[SETUP]; /* types, bins, axis, has_pressures */
    double place[2];     /* low side and length of the box along the axis at the start */
    double tension;
    double widths, width; /* of a bin: sum over samples, mean */
    pel_table *table;
    double *along;                             /* [bins]: coordinates */
    double *density;                           /* [1 + types][bins]: of all, of each type */
    double *temperature, *normal, *tangential; /* [bins] */
    char names[MD_MOST_TYPES][NAME_BYTES], texts[MD_MOST_TYPES][TEXT_BYTES];
    pel_curve curves[MOST_CURVES];
    int curve_count;
};

/* ---- declaring ---- */

static pel_status allocate(md_profile *profile)
{
    const size_t bins = (size_t)profile->sums.bins;
    PEL_TRY(pel_memory_new(bins, sizeof *profile->along, &profile->along));
    PEL_TRY(pel_memory_new(bins * (size_t)(1 + profile->sums.types), sizeof *profile->density, &profile->density));
    PEL_TRY(pel_memory_new(bins, sizeof *profile->temperature, &profile->temperature));
    PEL_TRY(pel_memory_new(bins, sizeof *profile->normal, &profile->normal));
    return pel_memory_new(bins, sizeof *profile->tangential, &profile->tangential);
}

static void add_curve(md_profile *profile, const char *name, const char *units, const char *text, const double *values,
                      bool is_number)
{
    profile->curves[profile->curve_count++] = (pel_curve){name, units, text, values, is_number};
}

static void add_types(md_profile *profile, const char *units)
{
    for (int t = 0; t < profile->sums.types && profile->sums.types > 1; t++) {
        snprintf(profile->names[t], NAME_BYTES, "number_density_%d", t + 1);
        snprintf(profile->texts[t], TEXT_BYTES, "atoms of type %d a volume", t + 1);
        add_curve(profile, profile->names[t], units, profile->texts[t],
                  profile->density + (size_t)(1 + t) * (size_t)profile->sums.bins, false);
    }
}

static void make_curves(md_profile *profile, const pel_unit_system *units)
{
    const char *density = md_file_unit(units->name, "number density"),
               *tension = md_file_unit(units->name, "surface tension");
    add_curve(profile, "number_density", density, "atoms a volume", profile->density, false);
    add_types(profile, density);
    add_curve(profile, "temperature", units->temperature, "temperature", profile->temperature, false);
    add_curve(profile, "bin_width", units->length, "width of a bin", &profile->width, true);
    if (!profile->has_pressures) return;
    add_curve(profile, "pressure_normal", units->pressure, "pressure along the axis", profile->normal, false);
    add_curve(profile, "pressure_tangential", units->pressure, "pressure across the axis", profile->tangential, false);
    add_curve(profile, "surface_tension", tension, "tension of each of two surfaces", &profile->tension, true);
}

static pel_status sample(void *data, pel_step now)
{
    md_model *model = data;
    md_profile *profile = model->profile;
    const pel_potential *potential = profile->has_pressures ? pel_system_potential(model->system) : NULL;
    PEL_TRY(md_state_look(model, now));
    PEL_TRY(pel_profile_sample(&profile->sums, pel_component_team(model->component), &model->stored, potential,
                               model->units));
    profile->widths += model->stored.box.length[profile->sums.axis] / profile->sums.bins;
    return PEL_OK;
}

/* ---- records ---- */

static void begin_anew(md_profile *profile)
{
    pel_profile *sums = &profile->sums;
    const size_t bins = (size_t)sums->bins;
    memset(sums->count, 0, (size_t)sums->types * bins * sizeof *sums->count);
    memset(sums->kinetic, 0, 2 * bins * sizeof *sums->kinetic);
    memset(sums->virial, 0, 2 * bins * sizeof *sums->virial);
    *sums->volume = 0;
    sums->frames = sums->pair_frames = 0;
    profile->widths = 0;
}

static void fill_bin(md_profile *profile, const pel_unit_system *units, int bin)
{
    const pel_profile *sums = &profile->sums;
    for (int t = 0; t <= sums->types; t++)
        profile->density[(size_t)t * (size_t)sums->bins + (size_t)bin] =
            sums->frames > 0 ? pel_profile_density(sums, t, bin) : NAN;
    const bool has_atoms = profile->density[bin] > 0;
    profile->temperature[bin] = has_atoms ? pel_profile_temperature(sums, bin, units) : NAN;
    profile->normal[bin] = sums->frames > 0 ? pel_profile_normal_pressure(sums, bin, units) : NAN;
    profile->tangential[bin] = sums->frames > 0 ? pel_profile_tangential_pressure(sums, bin, units) : NAN;
}

static pel_status fill(void *data, pel_step now)
{
    const md_model *model = data;
    md_profile *profile = model->profile;
    double integral = 0;
    (void)now;
    profile->width = profile->widths / (double)profile->sums.frames; /* NaN where nothing was sampled */
    for (int bin = 0; bin < profile->sums.bins; bin++) {
        fill_bin(profile, model->units, bin);
        integral += profile->normal[bin] - profile->tangential[bin];
    }
    profile->tension = integral * profile->width / 2;
    begin_anew(profile);
    return PEL_OK;
}

static pel_status declare(pel_component *component, const md_model *model, md_profile *profile)
{
    static const char *const axes[] = {"x", "y", "z"}, *const texts[] = {"place along x", "place along y",
                                                                         "place along z"};
    PEL_TRY(allocate(profile));
    make_curves(profile, model->units);
    PEL_TRY(md_gathered_declare(component, "profile", &profile->table));
    PEL_TRY(pel_component_every(component, "output.profile.sample", sample));
    const pel_curves curves = {.name = "profile",
                               .axis = axes[profile->sums.axis],
                               .axis_units = model->units->length,
                               .axis_long_name = texts[profile->sums.axis],
                               .coordinates = profile->along,
                               .points = profile->sums.bins,
                               .curves = profile->curves,
                               .count = profile->curve_count,
                               .is_of_interval = true,
                               .fill = fill};
    return pel_component_curves(component, &curves);
}

pel_status md_profile_declare(pel_component *component, md_model *model)
{
    const pel_params *params = model->params;
    const int types = (int)pel_params_int(params, "atoms.types"),
              bins = (int)pel_params_int(params, "output.profile.bins");
    const int axis = pel_params_is(params, "output.profile.axis", "x")   ? 0
                     : pel_params_is(params, "output.profile.axis", "y") ? 1
                                                                         : 2;
    if (bins < 1) return PEL_OK; /* an error already */
    PEL_TRY(pel_memory_new(1, sizeof *model->profile, &model->profile));
    md_profile *profile = model->profile;
    PEL_TRY(pel_profile_create(types, bins, axis, &profile->sums));
    profile->has_pressures = pel_params_flag(params, "output.profile.pressures");
    memcpy(profile->setup, (double[]){types, bins, axis, profile->has_pressures}, sizeof profile->setup);
    return declare(component, model, profile);
}

/* ---- from begin to end ---- */

static void set_coordinates(md_profile *profile)
{
    for (int bin = 0; bin < profile->sums.bins; bin++)
        profile->along[bin] = profile->place[0] + (bin + 0.5) * profile->place[1] / profile->sums.bins;
}

void md_profile_begin(md_model *model)
{
    md_profile *profile = model->profile;
    const pel_simulation_box *box = pel_system_box(model->system);
    const char *kind = pel_system_potential(model->system)->class->name;
    if (profile->has_pressures && strcmp(kind, "pairs") != 0)
        pel_params_error(model->params, "output.profile.pressures",
                         "output.profile.pressures: only forces between pairs of atoms act along lines that can be cut "
                         "into bins, and those of %s are others; leave it out",
                         pel_params_text(model->params, "potential.kind"));
    begin_anew(profile);
    profile->place[0] = box->lo[profile->sums.axis];
    profile->place[1] = box->length[profile->sums.axis];
    set_coordinates(profile);
}

static void list_parts(md_profile *profile, md_part parts[PARTS])
{
    pel_profile *sums = &profile->sums;
    const long bins = sums->bins;
    parts[0] = (md_part){.real = profile->setup, .count = SETUP};
    parts[1] = (md_part){.real = profile->place, .count = 2};
    parts[2] = (md_part){.real = &profile->widths, .count = 1};
    parts[3] = (md_part){.whole = &sums->frames, .count = 1};
    parts[4] = (md_part){.whole = sums->count, .count = sums->types * bins};
    parts[5] = (md_part){.real = sums->kinetic, .count = 2 * bins};
    parts[6] = (md_part){.real = sums->virial, .count = 2 * bins};
    parts[7] = (md_part){.real = sums->volume, .count = 1};
}

void md_profile_load(md_model *model)
{
    md_profile *profile = model->profile;
    md_part parts[PARTS];
    list_parts(profile, parts);
    md_gathered_load(profile->table, parts, PARTS, "output.profile");
    profile->sums.pair_frames = profile->has_pressures ? profile->sums.frames : 0;
    set_coordinates(profile);
}

pel_status md_profile_store(md_model *model)
{
    md_part parts[PARTS];
    list_parts(model->profile, parts);
    return md_gathered_store(model->profile->table, parts, PARTS);
}

void md_profile_end(md_model *model)
{
    md_profile *profile = model->profile;
    if (!profile) return;
    pel_profile_free(&profile->sums);
    free(profile->along);
    free(profile->density);
    free(profile->temperature);
    free(profile->normal);
    free(profile->tangential);
    free(profile);
    model->profile = NULL;
}
