/* A system of particles: making it, moving it on, its forces.
 *
 * Lists are good as long as no two atoms can have come within the cutoff unseen: the two largest displacements since
 * they were built, together, stay below the skin (less what a shrinking box takes). They are built anew when that is
 * reached. */
#include "particles/system.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "particles/system_inside.h"

enum { DEFAULT_SORT_EVERY = 10, MOST_COLUMNS = 12 };

/* What a thread collects; on cache lines of its own. */
struct pel_force_thread {
    _Alignas(PEL_CACHE_LINE) pel_force_sums sums;
    pel_sum column[MOST_COLUMNS];
    double furthest2[2]; /* the largest squared displacements */
    long lost;           /* a row whose position is no position; -1 */
    double lo[3], hi[3];
    double *values; /* of a tile: MOST_COLUMNS * PEL_MOST_ROWS */
};

/* ---- looking ---- */

pel_atoms *pel_system_atoms(pel_system *system)
{
    return &system->atoms;
}

const pel_simulation_box *pel_system_box(const pel_system *system)
{
    return &system->box;
}

pel_team *pel_system_team(const pel_system *system)
{
    return system->team;
}

pel_grain pel_system_position_grain(const pel_system *system)
{
    return system->position_grain;
}

int pel_system_types(const pel_system *system)
{
    return system->types;
}

double pel_system_mass(const pel_system *system, int type)
{
    return system->mass[type];
}

const pel_potential *pel_system_potential(const pel_system *system)
{
    return system->potential;
}

double pel_system_boltzmann(const pel_system *system)
{
    return system->spec.boltzmann;
}

double pel_system_kinetic_unit(const pel_system *system)
{
    return system->spec.kinetic_unit;
}

const pel_system_energy *pel_system_energy_of(const pel_system *system)
{
    return &system->energy;
}

pel_system_cost pel_system_cost_of(const pel_system *system)
{
    pel_system_cost cost = system->cost;
    cost.imbalance = system->passes > 0 ? system->imbalance / (double)system->passes : 1;
    return cost;
}

/* ---- work over atoms ---- */

typedef struct each {
    pel_system *system;
    pel_system_work *work;
    void *data;
} each;

static void work_on_tile(long tile, long lo, long hi, int thread, void *data)
{
    (void)tile;
    const each *e = data;
    e->work(e->system, lo, hi, thread, e->data);
}

void pel_system_each(pel_system *system, pel_system_work *work, void *data)
{
    each e = {system, work, data};
    pel_row_tiles_run(&system->tiles, system->team, work_on_tile, &e, false);
}

typedef struct summing {
    pel_system_values *values;
    const void *data;
    int columns;
} summing;

static void sum_tile(pel_system *system, long lo, long hi, int thread, void *data)
{
    const summing *s = data;
    struct pel_force_thread *t = &system->threads[thread];
    s->values(system, lo, hi, PEL_MOST_ROWS, t->values, s->data);
    for (int c = 0; c < s->columns; c++)
        pel_sum_add_array(&t->column[c], t->values + (size_t)c * PEL_MOST_ROWS, (size_t)(hi - lo));
}

void pel_system_sum(pel_system *system, int columns, pel_system_values *values, const void *data, double *sums)
{
    summing s = {values, data, columns};
    for (int h = 0; h < system->thread_count; h++)
        memset(system->threads[h].column, 0, (size_t)columns * sizeof *system->threads[h].column);
    pel_system_each(system, sum_tile, &s);
    for (int c = 0; c < columns; c++) {
        pel_sum total = {0};
        for (int h = 0; h < system->thread_count; h++) pel_sum_merge(&total, &system->threads[h].column[c]);
        sums[c] = pel_sum_round(&total);
    }
}

/* ---- threads ---- */

static void free_threads(pel_system *system)
{
    for (int h = 0; h < system->thread_count; h++) free(system->threads[h].values);
    free(system->threads);
    system->threads = NULL;
    system->thread_count = 0;
}

static pel_status reserve_threads(pel_system *system)
{
    const int threads = pel_team_threads(system->team);
    if (threads == system->thread_count) return PEL_OK;
    free_threads(system);
    system->threads = aligned_alloc(PEL_CACHE_LINE, (size_t)threads * sizeof *system->threads);
    if (!system->threads) return pel_fail(PEL_ERR_MEMORY, "out of memory for the sums of %d threads", threads);
    memset(system->threads, 0, (size_t)threads * sizeof *system->threads);
    system->thread_count = threads;
    for (int h = 0; h < threads; h++)
        PEL_TRY(pel_memory_new((size_t)MOST_COLUMNS * PEL_MOST_ROWS, sizeof(double), &system->threads[h].values));
    return PEL_OK;
}

/* Memory and tiles for the present atoms and threads; the team may have been resized. */
static pel_status fit(pel_system *system)
{
    const int threads = pel_team_threads(system->team);
    if (threads == system->tiles.threads && system->tiles.rows == system->atoms.count) return PEL_OK;
    PEL_TRY(reserve_threads(system));
    PEL_TRY(pel_row_tiles_cut(&system->tiles, system->atoms.count, threads));
    PEL_TRY(pel_row_tiles_cut(&system->force_tiles, system->atoms.count, threads));
    return PEL_OK;
}

/* ---- the extent ---- */

static void extent_of_tile(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)data;
    struct pel_force_thread *t = &system->threads[thread];
    for (long i = lo; i < hi; i++)
        for (int d = 0; d < 3; d++) {
            t->lo[d] = fmin(t->lo[d], system->atoms.position[i][d]);
            t->hi[d] = fmax(t->hi[d], system->atoms.position[i][d]);
        }
}

void pel_system_extent(pel_system *system, double lo[3], double length[3])
{
    const pel_simulation_box *box = &system->box;
    for (int h = 0; h < system->thread_count; h++)
        for (int d = 0; d < 3; d++) system->threads[h].lo[d] = INFINITY, system->threads[h].hi[d] = -INFINITY;
    if (!(box->is_periodic[0] && box->is_periodic[1] && box->is_periodic[2]))
        pel_system_each(system, extent_of_tile, NULL);
    for (int d = 0; d < 3; d++) {
        double least = INFINITY, most = -INFINITY;
        for (int h = 0; h < system->thread_count; h++) {
            least = fmin(least, system->threads[h].lo[d]);
            most = fmax(most, system->threads[h].hi[d]);
        }
        lo[d] = box->is_periodic[d] ? box->lo[d] : least;
        length[d] = box->is_periodic[d] ? box->length[d] : fmax(most - least, system->potential->cutoff / 8);
    }
}

/* ---- lists ---- */

static double reach_of(const pel_system *system)
{
    return system->potential->cutoff + system->spec.skin;
}

static pel_status check_box(const pel_system *system)
{
    const double least = 2 * reach_of(system);
    for (int d = 0; d < 3; d++)
        if (system->box.is_periodic[d] && system->box.length[d] < least)
            return pel_fail(
                PEL_ERR_ARGUMENT,
                "the periodic box is %.10g long in %c, less than twice cutoff + skin, 2 (%g + %g) = %g; take more "
                "cells of the lattice, a shorter cutoff or a thinner skin",
                system->box.length[d], "xyz"[d], system -> potential -> cutoff, system -> spec.skin, least);
    return PEL_OK;
}

static void remember_positions(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread;
    (void)data;
    for (long i = lo; i < hi; i++) memcpy(system->built[i], system->atoms.position[i], sizeof *system->built);
}

static pel_status reserve_potential(pel_system *system)
{
    pel_potential *potential = system->potential;
    const long rows = system->atoms.capacity;
    if ((size_t)rows <= system->potential_rows && system->thread_count <= system->potential_threads) return PEL_OK;
    if (potential->class->reserve) PEL_TRY(potential->class->reserve(potential, rows, system->thread_count));
    system->potential_rows = (size_t)rows;
    system->potential_threads = system->thread_count;
    return PEL_OK;
}

static bool is_time_to_sort(const pel_system *system)
{
    return system->spec.sort_every > 0 && system->cost.builds % system->spec.sort_every == 0;
}

/* Room for the rounding of positions and squares when a displacement is compared with the skin. */
static double list_slack(const pel_system *system)
{
    return 1e-9 * reach_of(system);
}

static pel_status find_lost(pel_system *system);

static pel_status build(pel_system *system)
{
    const double start = pel_clock_seconds();
    PEL_TRY(fit(system));
    PEL_TRY(find_lost(system));
    PEL_TRY(check_box(system));
    const double reach = reach_of(system);
    PEL_TRY(pel_system_make_images(system, reach));
    if (is_time_to_sort(system)) {
        PEL_TRY(pel_system_sort(system));
        PEL_TRY(pel_system_make_images(system, reach));
    }
    PEL_TRY(pel_system_make_lists(system, reach));
    PEL_TRY(reserve_potential(system));
    pel_system_each(system, remember_positions, NULL);
    system->shrunk = 1;
    system->has_lists = true;
    system->cost.builds++;
    system->cost.list_seconds += pel_clock_seconds() - start;
    return PEL_OK;
}

static void measure_displacements(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)data;
    struct pel_force_thread *t = &system->threads[thread];
    double first = t->furthest2[0], second = t->furthest2[1];
    for (long i = lo; i < hi; i++) {
        const double *x = system->atoms.position[i], *was = system->built[i];
        const double dx = x[0] - was[0], dy = x[1] - was[1], dz = x[2] - was[2];
        const double d2 = dx * dx + dy * dy + dz * dz;
        if (!(d2 <= INFINITY)) t->lost = i; /* not a number */
        if (d2 > second) {
            second = d2 > first ? first : d2;
            first = d2 > first ? d2 : first;
        }
    }
    t->furthest2[0] = first;
    t->furthest2[1] = second;
}

/* Whether some pair may have come within the cutoff that is in no list. */
static bool are_lists_stale(pel_system *system)
{
    double first = 0, second = 0;
    for (int h = 0; h < system->thread_count; h++)
        system->threads[h].furthest2[0] = system->threads[h].furthest2[1] = 0, system->threads[h].lost = -1;
    pel_system_each(system, measure_displacements, NULL);
    for (int h = 0; h < system->thread_count; h++) {
        const double *f = system->threads[h].furthest2;
        second = fmax(fmin(first, f[0]), fmax(second, f[1]));
        first = fmax(first, f[0]);
        if (system->threads[h].lost >= 0) return true; /* building will say */
    }
    const double allowed = system->shrunk * reach_of(system) - system->potential->cutoff - list_slack(system);
    return !(sqrt(first) + sqrt(second) <= allowed);
}

pel_status pel_system_moved(pel_system *system)
{
    const double start = pel_clock_seconds();
    PEL_TRY(fit(system));
    if (!system->has_lists || are_lists_stale(system)) return build(system);
    pel_system_refresh_images(system);
    system->cost.other_seconds += pel_clock_seconds() - start;
    return PEL_OK;
}

pel_status pel_system_rebuild(pel_system *system)
{
    return build(system);
}

/* ---- atoms that are lost ---- */

static void look_for_lost(pel_system *system, long lo, long hi, int thread, void *data)
{
    const double *limit = data;
    for (long i = lo; i < hi; i++)
        for (int d = 0; d < 3; d++) {
            const double x = system->atoms.position[i][d];
            const long known = system->threads[thread].lost;
            if (!(fabs(x) < *limit) && (known < 0 || system->atoms.id[i] < system->atoms.id[known]))
                system->threads[thread].lost = i;
        }
}

static pel_status find_lost(pel_system *system)
{
    double limit = system->position_grain.most; /* twice what any box has, so no atom that only drifts comes so far */
    for (int h = 0; h < system->thread_count; h++) system->threads[h].lost = -1;
    pel_system_each(system, look_for_lost, &limit);
    long lost = -1; /* the one with the lowest id, whatever the storage */
    const pel_atoms *a = &system->atoms;
    for (int h = 0; h < system->thread_count; h++) {
        const long i = system->threads[h].lost;
        if (i >= 0 && (lost < 0 || a->id[i] < a->id[lost])) lost = i;
    }
    if (lost < 0) return PEL_OK;
    return pel_system_blame(system, lost, "an atom is lost, beyond any place that can be held",
                            "try a smaller step, or look at the initial state");
}

/* ---- forces ---- */

typedef struct forcing {
    pel_system *system;
    int pass;
    bool with_energy;
} forcing;

static void compute_tile(long tile, long lo, long hi, int thread, void *data)
{
    (void)tile;
    const forcing *f = data;
    pel_system *system = f->system;
    const pel_force_tile work = {.lo = lo,
                                 .hi = hi,
                                 .atoms = &system->atoms,
                                 .neighbours = &system->neighbours,
                                 .force = system->force_grain,
                                 .energy = system->energy_grain,
                                 .with_energy = f->with_energy,
                                 .is_reproducible = !system->spec.is_fast,
                                 .sums = &system->threads[thread].sums,
                                 .thread = thread};
    system->potential->class->compute(system->potential, f->pass, &work);
}

static void merge_sums(pel_system *system)
{
    pel_sum energy = {0}, virial[6] = {0};
    long ordered = 0;
    for (int h = 0; h < system->thread_count; h++) {
        const pel_force_sums *s = &system->threads[h].sums;
        pel_sum_merge(&energy, &s->energy);
        for (int c = 0; c < 6; c++) pel_sum_merge(&virial[c], &s->virial[c]);
        ordered += s->pairs;
    }
    system->energy.potential = pel_sum_round(&energy);
    for (int c = 0; c < 6; c++) system->energy.virial[c] = pel_sum_round(&virial[c]);
    system->energy.pairs = ordered / 2;
}

static pel_status report_overlap(const pel_system *system)
{
    const pel_atoms *a = &system->atoms;
    double least = INFINITY;
    long i = -1;
    for (int h = 0; h < system->thread_count; h++) {
        const pel_force_sums *s = &system->threads[h].sums;
        if (s->nearest2 < least || (s->nearest2 == least && i >= 0 && a->id[s->nearest_atom] < a->id[i])) {
            least = s->nearest2;
            i = s->nearest_atom;
        }
    }
    if (i < 0) return PEL_OK;
    return pel_system_blame(system, i, "atoms overlap, and the force is beyond what is held exactly",
                            "try a smaller step, or relax the initial state first");
}

static pel_status report_memory(const pel_system *system)
{
    for (int h = 0; h < system->thread_count; h++)
        if (system->threads[h].sums.is_short_of_memory)
            return pel_fail(PEL_ERR_MEMORY, "out of memory for what the potential keeps of pairs");
    return PEL_OK;
}

static void run_passes(pel_system *system, bool with_energy)
{
    pel_potential *potential = system->potential;
    if (potential->class->begin) potential->class->begin(potential, &system->atoms);
    for (int pass = 0; pass < potential->class->passes; pass++) {
        forcing f = {system, pass, with_energy};
        double *shared = potential->class->shared ? potential->class->shared(potential, pass) : NULL;
        pel_row_tiles_run(&system->force_tiles, system->team, compute_tile, &f, true);
        system->imbalance += pel_row_tiles_imbalance(&system->force_tiles);
        system->passes++;
        if (shared) pel_system_share(system, shared);
    }
}

/* Pairs are counted with the energies; lists are full, and have each of them twice. */
static void count_work(pel_system *system)
{
    pel_system_cost *cost = &system->cost;
    cost->forces++;
    cost->looked_at += cost->list_pairs;
    cost->pairs += 2 * (double)system->energy.pairs;
}

pel_status pel_system_forces(pel_system *system, bool with_energy)
{
    const double start = pel_clock_seconds();
    PEL_TRY(fit(system));
    if (!system->has_lists) PEL_TRY(build(system));
    PEL_TRY(reserve_potential(system));
    for (int h = 0; h < system->thread_count; h++)
        system->threads[h].sums = (pel_force_sums){.nearest2 = INFINITY, .nearest_atom = -1};
    run_passes(system, with_energy);
    system->has_forces = true;
    pel_row_tiles_balance(&system->force_tiles);
    if (with_energy) merge_sums(system);
    count_work(system);
    system->cost.force_seconds += pel_clock_seconds() - start;
    PEL_TRY(report_memory(system));
    return report_overlap(system);
}

/* ---- the box ---- */

typedef struct scaling {
    double factor[3];
    pel_simulation_box before;
} scaling;

/* Rounding must not depend on whether an atom has been wrapped into the box yet: its place in the box is scaled, and
 * the box lengths that it has crossed are added, of the new box. */
static void scale_tile(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread;
    const scaling *s = data;
    for (long i = lo; i < hi; i++)
        for (int d = 0; d < 3; d++) {
            const double low = system->box.lo[d];
            double *x = &system->atoms.position[i][d];
            const double n = system->box.is_periodic[d] ? pel_system_crossings(&s->before, d, *x) : 0;
            const double inside = *x - n * s->before.length[d] - low;
            *x = low + pel_grain_round(system->position_grain, inside * s->factor[d]) + n * system->box.length[d];
            system->built[i][d] = low + (system->built[i][d] - low) * s->factor[d];
        }
}

pel_status pel_system_scale(pel_system *system, const double factor[3])
{
    scaling s = {{factor[0], factor[1], factor[2]}, system->box};
    PEL_TRY(fit(system));
    double shrunk = 1;
    for (int d = 0; d < 3; d++) {
        const double length = pel_grain_round(system->position_grain, system->box.length[d] * factor[d]);
        if (!(length > 0 && length + fabs(system->box.lo[d]) <= system->position_grain.most / 2))
            return pel_fail(
                PEL_ERR_NUMERICS,
                "the box is to become %g long in %c, beyond what positions can hold (%g); it grows without end", length,
                "xyz"[d], system -> position_grain.most / 2);
        shrunk = fmin(shrunk, factor[d]);
        system->box.length[d] = length;
    }
    pel_system_each(system, scale_tile, &s);
    system->shrunk *= shrunk;
    if (check_box(system) == PEL_OK) return pel_system_moved(system);
    return pel_system_blame_worst(system, pel_fail_within(PEL_ERR_NUMERICS, "the box has shrunk: "));
}

/* ---- from and to configurations ---- */

static const double finest = 1e-6; /* the grain of positions is at most this part of the cutoff */

static pel_status check_configuration(const pel_system *system, const pel_configuration *from)
{
    if (from->count < 1) return pel_fail(PEL_ERR_ARGUMENT, "there are no atoms");
    if (from->types > system->potential->types)
        return pel_fail(PEL_ERR_ARGUMENT, "there are atoms of %d types, but the potential is for %d", from->types,
                        system->potential->types);
    for (int t = 0; t < from->types; t++)
        if (!(from->mass[t] > 0 && isfinite(from->mass[t])))
            return pel_fail(PEL_ERR_ARGUMENT, "the mass of type %d is %g; give it one > 0", t + 1, from->mass[t]);
    for (int d = 0; d < 3; d++)
        if (!(from->box.length[d] > 0 && isfinite(from->box.length[d]) && isfinite(from->box.lo[d])))
            return pel_fail(PEL_ERR_ARGUMENT, "the box is %g long in %c, from %g; it must be > 0, and both finite",
                            from->box.length[d], "xyz"[d], from -> box.lo[d]);
    for (long i = 0; i < from->count; i++)
        if (from->type[i] < 1 || from->type[i] > from->types)
            return pel_fail(PEL_ERR_ARGUMENT, "atom %lld has type %d; types go from 1 to %d", (long long)from->id[i],
                            from->type[i], from->types);
    return PEL_OK;
}

/* Positions are multiples of less than 2^-49 of the longest box, and may reach as far outside as a box is long. */
static void choose_grains(pel_system *system)
{
    const pel_simulation_box *box = &system->box;
    double most = 0;
    for (int d = 0; d < 3; d++) {
        const double open = box->is_periodic[d] ? 1 : 4;
        const double length = fmax(system->spec.longest, box->length[d] * open);
        most = fmax(most, fabs(box->lo[d]) + length);
    }
    system->position_grain = pel_grain_for(2 * most);
    system->force_grain = pel_grain_for(system->potential->most_force);
    system->energy_grain = pel_grain_for(system->potential->most_energy);
}

/* Positions must be able to tell distances within the cutoff apart. */
static pel_status check_grain(const pel_system *system)
{
    const double *length = system->box.length, longest = fmax(length[0], fmax(length[1], length[2]));
    if (system->position_grain.quantum <= finest * system->potential->cutoff) return PEL_OK;
    if (!(system->potential->cutoff > 0)) return PEL_OK; /* no distances matter */
    return pel_fail(PEL_ERR_ARGUMENT,
                    "a box %g long is too long for a cutoff of %g: positions in it would be multiples of %g; take a "
                    "shorter box, nearer to the origin",
                    longest, system->potential->cutoff, system->position_grain.quantum);
}

static void take_atom(pel_system *system, const pel_configuration *from, long i)
{
    pel_atoms *a = &system->atoms;
    for (int d = 0; d < 3; d++) {
        a->position[i][d] = pel_grain_round(system->position_grain, from->position[i][d]);
        a->velocity[i][d] = from->velocity[i][d];
        a->image[i][d] = from->image[i][d];
        a->force[i][d] = 0;
    }
    a->type[i] = from->type[i] - 1;
    a->position[i][3] = a->type[i];
    a->id[i] = from->id[i];
    a->place[i] = (int32_t)i;
    a->owner[i] = (int32_t)i;
}

pel_status pel_system_load(pel_system *system, const pel_configuration *from)
{
    PEL_TRY(check_configuration(system, from));
    system->box = from->box;
    choose_grains(system);
    PEL_TRY(check_grain(system));
    for (int d = 0; d < 3; d++) {
        system->box.lo[d] = pel_grain_round(system->position_grain, from->box.lo[d]);
        system->box.length[d] = pel_grain_round(system->position_grain, from->box.length[d]);
    }
    size_t types = 0;
    free(system->mass);
    system->mass = NULL;
    PEL_TRY(pel_memory_grow(&system->mass, &types, (size_t)from->types, sizeof *system->mass));
    memcpy(system->mass, from->mass, (size_t)from->types * sizeof *system->mass);
    system->types = from->types;
    PEL_TRY(pel_system_reserve_atoms(system, from->count));
    PEL_TRY(pel_system_reserve_rows(system, from->count + 1));
    system->atoms.count = from->count;
    system->atoms.images = 0;
    for (long i = 0; i < from->count; i++) take_atom(system, from, i);
    system->has_lists = system->has_forces = false;
    system->cost.builds = 0;
    PEL_TRY(fit(system));
    return check_box(system);
}

static void give_atom(const pel_system *system, long i, pel_configuration *to)
{
    const pel_atoms *a = &system->atoms;
    const long place = a->place[i];
    memcpy(to->position[place], a->position[i], sizeof *to->position);
    memcpy(to->velocity[place], a->velocity[i], sizeof *to->velocity);
    memcpy(to->image[place], a->image[i], sizeof *to->image);
    to->id[place] = a->id[i];
    to->type[place] = a->type[i] + 1;
}

pel_status pel_system_store(const pel_system *system, pel_configuration *to)
{
    pel_configuration_free(to);
    PEL_TRY(pel_configuration_types(to, system->types));
    PEL_TRY(pel_configuration_reserve(to, system->atoms.count));
    memcpy(to->mass, system->mass, (size_t)system->types * sizeof *to->mass);
    to->box = system->box;
    to->count = system->atoms.count;
    for (long i = 0; i < system->atoms.count; i++) give_atom(system, i, to);
    pel_configuration_wrap(to);
    return PEL_OK;
}

/* ---- making and ending ---- */

pel_status pel_system_create(const pel_system_spec *spec, const pel_configuration *from, pel_system **system)
{
    pel_system *fresh = NULL;
    pel_status status = pel_memory_new(1, sizeof *fresh, &fresh);
    if (status != PEL_OK) {
        pel_potential_destroy(spec->potential);
        return status;
    }
    fresh->spec = *spec;
    fresh->team = spec->team;
    fresh->potential = spec->potential;
    if (spec->sort_every == 0) fresh->spec.sort_every = DEFAULT_SORT_EVERY;
    if (spec->boltzmann == 0) fresh->spec.boltzmann = 1;
    if (spec->kinetic_unit == 0) fresh->spec.kinetic_unit = 1;
    status = pel_system_load(fresh, from);
    if (status == PEL_OK) *system = fresh;
    else pel_system_destroy(fresh);
    return status;
}

void pel_system_destroy(pel_system *system)
{
    if (!system) return;
    pel_system_free_lists(system);
    pel_system_free_atoms(system);
    free(system->curve.rank);
    pel_bins_free(&system->curve.bins);
    pel_row_tiles_free(&system->tiles);
    pel_row_tiles_free(&system->force_tiles);
    free_threads(system);
    free(system->mass);
    pel_potential_destroy(system->potential);
    free(system);
}
