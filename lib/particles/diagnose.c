/* What is wrong with a state, in words: the atom that shows it, and its nearest neighbour.
 *
 * Neighbours are looked for among all atoms, by the shortest of their distances in the periodic box, since lists are of
 * no use where atoms are lost or crowded. Of atoms that are equally bad, or equally near, the one with the lowest id is
 * named, so that the sentence does not depend on threads and order of storage. */
#include "particles/system_inside.h"

#include <math.h>

#include "base/text.h"

/* ---- the nearest neighbour ---- */

/* Squared distance of two places, the shortest one in the periodic box. */
static double distance2(const pel_simulation_box *box, const double *a, const double *b)
{
    double sum = 0;
    for (int d = 0; d < 3; d++) {
        const double apart = box->is_periodic[d] ? remainder(a[d] - b[d], box->length[d]) : a[d] - b[d];
        sum += apart * apart;
    }
    return sum;
}

/* Where an atom is; where it was when the lists were built, if `is_before`. */
static const double *place_of(const pel_system *system, long i, bool is_before)
{
    return is_before ? system->built[i] : system->atoms.position[i];
}

/* The row nearest to row i, -1 if there is none. */
static long find_nearest(const pel_system *system, long i, bool is_before, double *distance)
{
    const pel_atoms *atoms = &system->atoms;
    double least = INFINITY;
    long nearest = -1;
    for (long j = 0; j < atoms->count; j++) {
        if (j == i) continue;
        const double r2 = distance2(&system->box, place_of(system, i, is_before), place_of(system, j, is_before));
        if (r2 < least || (r2 == least && nearest >= 0 && atoms->id[j] < atoms->id[nearest])) least = r2, nearest = j;
    }
    *distance = sqrt(least);
    return nearest;
}

/* ---- the atom ---- */

static bool is_finite(const double *vector)
{
    return isfinite(vector[0]) && isfinite(vector[1]) && isfinite(vector[2]);
}

static void add_vector(pel_text *text, const char *what, const double *vector)
{
    pel_text_add(text, "%s(%.10g, %.10g, %.10g)", what, vector[0], vector[1], vector[2]);
}

static void describe_atom(const pel_system *system, long row, pel_text *text)
{
    const pel_atoms *atoms = &system->atoms;
    const bool is_before = !is_finite(atoms->position[row]) && system->has_lists;
    double distance;
    const long nearest = find_nearest(system, row, is_before, &distance);
    pel_text_add(text, "atom %lld", (long long)atoms->id[row]);
    add_vector(text, " at ", atoms->position[row]);
    add_vector(text, ", velocity ", atoms->velocity[row]);
    if (system->has_forces) add_vector(text, ", force ", atoms->force[row]);
    else pel_text_add(text, ", force not yet known");
    if (nearest < 0) pel_text_add(text, ", without a neighbour");
    else
        pel_text_add(text, ", nearest neighbour atom %lld at a distance of %.6g%s", (long long)atoms->id[nearest],
                     distance, is_before ? " when the lists were built" : "");
}

/* How bad it is: the size of the force; infinite where something is not finite. */
static double badness(const pel_atoms *atoms, long i)
{
    const double *f = atoms->force[i];
    if (!is_finite(f) || !is_finite(atoms->position[i]) || !is_finite(atoms->velocity[i])) return INFINITY;
    return f[0] * f[0] + f[1] * f[1] + f[2] * f[2];
}

static long find_worst(const pel_atoms *atoms)
{
    long worst = 0;
    for (long i = 1; i < atoms->count; i++) {
        const double bad = badness(atoms, i), most = badness(atoms, worst);
        if (bad > most || (bad == most && atoms->id[i] < atoms->id[worst])) worst = i;
    }
    return worst;
}

/* ---- failures ---- */

pel_status pel_system_blame(const pel_system *system, long row, const char *what, const char *remedy)
{
    pel_text atom = {0};
    describe_atom(system, row, &atom);
    pel_fail(PEL_ERR_NUMERICS, "%s: %s; %s", what, pel_text_get(&atom), remedy);
    pel_text_free(&atom);
    return PEL_ERR_NUMERICS;
}

pel_status pel_system_blame_worst(const pel_system *system, pel_status status)
{
    pel_text atom = {0};
    describe_atom(system, find_worst(&system->atoms), &atom);
    pel_fail_within(status, "worst off is %s; ", pel_text_get(&atom));
    pel_text_free(&atom);
    return status;
}
