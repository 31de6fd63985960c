/* Profiles along an axis.
 *
 * The pressure of a pair lies along the straight line between its atoms (Irving & Kirkwood, J. Chem. Phys. 18 (1950)
 * 817; for slabs of bins Walton, Tildesley, Rowlinson & Henderson, Mol. Phys. 48 (1983) 1357): with r = r_i - r_j and f
 * the force on i, each bin gets of r_a f_a the fraction of the line's length along the axis that lies in it; a line
 * across the axis lies in one bin. The sum over bins is the virial of the whole box. */
#include "particles/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "exec/sum.h"
#include "particles/pair_search.h"

/* Where things are in the sums of a thread, [2][bins]: along the axis, then across. */
typedef struct profile_sampling {
    const pel_profile *profile;
    const pel_configuration *atoms;
    const pel_potential *potential;
    double lo, per_bin; /* low side of the box, and bins a length */
    pel_sum *sums;      /* [threads][2][bins] */
} profile_sampling;

pel_status pel_profile_create(int types, int bins, int axis, pel_profile *profile)
{
    if (types < 1 || bins < 1 || axis < 0 || axis > 2)
        return pel_fail(PEL_ERR_ARGUMENT,
                        "a profile of %d types in %d bins along axis %d; there must be at least 1 type and bin, and "
                        "the axis is 0, 1 or 2",
                        types, bins, axis);
    const size_t n = (size_t)bins;
    *profile = (pel_profile){.types = types, .bins = bins, .axis = axis};
    pel_status status = pel_memory_new((size_t)types * n, sizeof *profile->count, &profile->count);
    if (status == PEL_OK) status = pel_memory_new(2 * n, sizeof *profile->kinetic, &profile->kinetic);
    if (status == PEL_OK) status = pel_memory_new(2 * n, sizeof *profile->virial, &profile->virial);
    if (status == PEL_OK) status = pel_memory_new(1, sizeof *profile->volume, &profile->volume);
    if (status != PEL_OK) pel_profile_free(profile);
    return status;
}

void pel_profile_free(pel_profile *profile)
{
    free(profile->count);
    free(profile->kinetic);
    free(profile->virial);
    free(profile->volume);
    *profile = (pel_profile){0};
}

/* ---- atoms ---- */

static int bin_of(const profile_sampling *s, double x)
{
    const double at = fmin(fmax((x - s->lo) * s->per_bin, 0), s->profile->bins);
    const int bin = (int)at;
    return bin < s->profile->bins ? bin : s->profile->bins - 1;
}

static void add_motion(int thread, int threads, void *data)
{
    const profile_sampling *s = data;
    const int axis = s->profile->axis;
    pel_sum *sums = s->sums + (size_t)thread * 2 * (size_t)s->profile->bins;
    long lo, hi;
    pel_team_share(s->atoms->count, thread, threads, &lo, &hi);
    for (long i = lo; i < hi; i++) {
        const double *v = s->atoms->velocity[i], mass = s->atoms->mass[s->atoms->type[i] - 1];
        const int bin = bin_of(s, s->atoms->position[i][axis]);
        double square[3];
        for (int d = 0; d < 3; d++) square[d] = mass * v[d] * v[d];
        pel_sum_add(&sums[bin], square[axis]);
        pel_sum_add(&sums[s->profile->bins + bin], (square[(axis + 1) % 3] + square[(axis + 2) % 3]) / 2);
    }
}

static void count_atoms(pel_profile *profile, const profile_sampling *s)
{
    for (long i = 0; i < s->atoms->count; i++) {
        const long row = s->atoms->type[i] - 1;
        profile->count[row * profile->bins + bin_of(s, s->atoms->position[i][profile->axis])]++;
    }
}

/* ---- pairs ---- */

/* Gives a bin (around a periodic axis; else the outermost) its part of the two virials. */
static void add_part(const profile_sampling *s, pel_sum *sums, long bin, double normal, double tangential)
{
    const int bins = s->profile->bins;
    if (s->atoms->box.is_periodic[s->profile->axis]) bin = ((bin % bins) + bins) % bins;
    else bin = bin < 0 ? 0 : bin >= bins ? bins - 1 : bin;
    pel_sum_add(&sums[bin], normal);
    pel_sum_add(&sums[bins + bin], tangential);
}

static void add_pair(long i, long j, const double apart[3], double r2, int thread, void *data)
{
    const profile_sampling *s = data;
    const int axis = s->profile->axis;
    pel_sum *sums = s->sums + (size_t)thread * 2 * (size_t)s->profile->bins;
    const double r = sqrt(r2), length = apart[axis] * s->per_bin; /* of the line, in bins, with its sign */
    double energy, force;
    pel_pairs_at(s->potential, s->atoms->type[i] - 1, s->atoms->type[j] - 1, r, &energy, &force);
    if (force == 0) return;
    const double normal = force / r * apart[axis] * apart[axis], tangential = (force * r - normal) / 2;
    const double from = (s->atoms->position[j][axis] - s->lo) * s->per_bin, to = from + length;
    const double low = fmin(from, to), high = fmax(from, to);
    const long first = (long)floor(low), last = (long)floor(high);
    for (long bin = first; bin <= last; bin++) {
        const double part = fmin(high, (double)bin + 1) - fmax(low, (double)bin);
        const double share = first == last ? 1 : part / (high - low);
        add_part(s, sums, bin, share * normal, share * tangential);
    }
}

/* ---- frames ---- */

/* Adds what the threads have found to `total`, scaled, and empties their sums. */
static void collect(profile_sampling *s, int threads, double scale, double *total)
{
    const size_t size = 2 * (size_t)s->profile->bins;
    for (size_t k = 0; k < size; k++) {
        for (int t = 1; t < threads; t++) pel_sum_merge(&s->sums[k], &s->sums[(size_t)t * size + k]);
        total[k] += scale * pel_sum_round(&s->sums[k]);
    }
    memset(s->sums, 0, (size_t)threads * size * sizeof *s->sums);
}

static pel_status check(const pel_profile *profile, const pel_configuration *atoms, const pel_potential *potential)
{
    if (atoms->types != profile->types)
        return pel_fail(PEL_ERR_ARGUMENT, "atoms of %d types for a profile of %d", atoms->types, profile->types);
    if (!potential || (strcmp(potential->class->name, "pairs") == 0 && potential->types == atoms->types)) return PEL_OK;
    return pel_fail(PEL_ERR_ARGUMENT,
                    "pressures along an axis need a pair potential of %d types, not %s of %d; leave the pressure out",
                    atoms->types, potential->class->name, potential->types);
}

pel_status pel_profile_sample(pel_profile *profile, pel_team *team, const pel_configuration *atoms,
                              const pel_potential *potential, const pel_unit_system *units)
{
    PEL_TRY(check(profile, atoms, potential));
    const int threads = pel_team_threads(team);
    const double *length = atoms->box.length;
    profile_sampling s = {.profile = profile, .atoms = atoms, .potential = potential};
    s.lo = atoms->box.lo[profile->axis];
    s.per_bin = profile->bins / length[profile->axis];
    PEL_TRY(pel_memory_new((size_t)threads * 2 * (size_t)profile->bins, sizeof *s.sums, &s.sums));
    const pel_status status = potential ? pel_pair_search(team, atoms, potential->cutoff, add_pair, &s) : PEL_OK;
    if (status == PEL_OK) {
        collect(&s, threads, 1, profile->virial);
        pel_team_run(team, add_motion, &s);
        collect(&s, threads, units->kinetic_unit, profile->kinetic);
        count_atoms(profile, &s);
        *profile->volume += length[0] * length[1] * length[2] / profile->bins;
        profile->frames++;
        profile->pair_frames += potential != NULL;
    }
    free(s.sums);
    return status;
}

/* ---- results ---- */

static int64_t atoms_in(const pel_profile *profile, int type, int bin)
{
    int64_t sum = 0;
    for (int t = 1; t <= profile->types; t++)
        if (type == 0 || type == t) sum += profile->count[(long)(t - 1) * profile->bins + bin];
    return sum;
}

double pel_profile_density(const pel_profile *profile, int type, int bin)
{
    return profile->frames ? (double)atoms_in(profile, type, bin) / *profile->volume : 0;
}

double pel_profile_temperature(const pel_profile *profile, int bin, const pel_unit_system *units)
{
    const int64_t atoms = atoms_in(profile, 0, bin);
    const double twice = profile->kinetic[bin] + 2 * profile->kinetic[profile->bins + bin];
    return atoms ? twice / (3 * (double)atoms * units->boltzmann) : 0;
}

static double pressure(const pel_profile *profile, int row, const pel_unit_system *units)
{
    if (!profile->frames || profile->pair_frames != profile->frames) return 0;
    return units->pressure_unit * (profile->kinetic[row] + profile->virial[row]) / *profile->volume;
}

double pel_profile_normal_pressure(const pel_profile *profile, int bin, const pel_unit_system *units)
{
    return pressure(profile, bin, units);
}

double pel_profile_tangential_pressure(const pel_profile *profile, int bin, const pel_unit_system *units)
{
    return pressure(profile, profile->bins + bin, units);
}
