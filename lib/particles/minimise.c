/* Minimisation by FIRE and by conjugate gradients.
 *
 * FIRE (Bitzek, Koskinen, Gaehler, Moseler & Gumbsch, Phys. Rev. Lett. 97 (2006) 170201) is dynamics with a steering
 * of the velocity towards the force, longer steps as long as it goes downhill, and a stop when it goes uphill. Here as
 * improved by Guenole, Noehring, Vaid, Houlle, Xie, Prakash & Bitzek, Comput. Mater. Sci. 175 (2020) 109584, with
 * their parameters: semi-implicit Euler, and half a step back where it goes uphill. All atoms get the mean mass.
 *
 * Conjugate gradients take the directions of Polak and Ribiere, reset where these do not go downhill, and look for the
 * zero of the slope -f.d along each by secants within a bracket; no energies are needed.
 *
 * Every decision hangs on exact sums and on maxima, so the path does not depend on order or threads. The direction of
 * conjugate gradients lives in the atoms' velocities, which move with them when storage is sorted; the previous forces
 * live in an array in the order of ids. */
#include "particles/minimise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "particles/sweep_inside.h"

/* Table 2 of Guenole et al. */
static const struct {
    double longer, shorter, first_mixing, less_mixing, most_dt, least_dt;
    long delay;
} fire = {1.1, 0.5, 0.25, 0.99, 10, 0.02, 20}; /* dt in units of the first */

enum { SEARCH = 12 };                        /* force evaluations along a direction */
static const double search_tolerance = 0.05; /* of the slope, of that at the start */

typedef struct minimiser {
    pel_system *system;
    const pel_minimisation *how;
    pel_sweep sweep;
    double per_mass; /* of the mean mass */
    double most_move;
    double *largest;  /* [threads] */
    int64_t *id;      /* [atoms] rising; conjugate gradients only */
    double (*old)[3]; /* [atoms] previous forces in their order */
    long count;
    double energy;
    pel_minimised *result;
} minimiser;

/* ---- sums and maxima over atoms that are not held ---- */

static double dot(const double *a, const double *b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static bool is_held(const minimiser *m, int type)
{
    return m->sweep.per_mass[type] == 0;
}

/* Columns: f.v, v.v, f.f. */
static void product_values(const pel_system *system, long lo, long hi, long stride, double *value, const void *data)
{
    const pel_atoms *atoms = pel_system_atoms((pel_system *)system);
    for (long i = lo; i < hi; i++) {
        const double *f = atoms->force[i], *v = atoms->velocity[i], weight = !is_held(data, atoms->type[i]);
        value[i - lo] = weight * dot(f, v);
        value[stride + i - lo] = weight * dot(v, v);
        value[2 * stride + i - lo] = weight * dot(f, f);
    }
}

typedef struct products {
    double fv, vv, ff;
} products;

static products sum_products(minimiser *m)
{
    double sums[3];
    pel_system_sum(m->system, 3, product_values, m, sums);
    return (products){sums[0], sums[1], sums[2]};
}

static void largest_of(const minimiser *m, double (*vector)[3], long lo, long hi, int thread)
{
    const pel_atoms *atoms = pel_system_atoms(m->system);
    for (long i = lo; i < hi; i++)
        if (!is_held(m, atoms->type[i])) m->largest[thread] = fmax(m->largest[thread], dot(vector[i], vector[i]));
}

static void largest_force_of(pel_system *system, long lo, long hi, int thread, void *data)
{
    largest_of(data, pel_system_atoms(system)->force, lo, hi, thread);
}

static void largest_velocity_of(pel_system *system, long lo, long hi, int thread, void *data)
{
    largest_of(data, pel_system_atoms(system)->velocity, lo, hi, thread);
}

static double largest(minimiser *m, pel_system_work *work)
{
    const int threads = pel_team_threads(pel_system_team(m->system));
    for (int t = 0; t < threads; t++) m->largest[t] = 0;
    pel_system_each(m->system, work, m);
    double square = 0;
    for (int t = 0; t < threads; t++) square = fmax(square, m->largest[t]);
    return sqrt(square);
}

/* ---- what both do ---- */

static pel_status compute_forces(minimiser *m)
{
    const bool with_energy = m->how->energy_tolerance > 0;
    m->result->evaluations++;
    PEL_TRY(pel_system_forces(m->system, with_energy));
    return m->how->external ? pel_external_forces(m->how->external, m->system) : PEL_OK;
}

/* Moves the atoms by `time` times their velocities. */
static pel_status move(minimiser *m, double time)
{
    pel_sweep_drift(&m->sweep, time);
    pel_sweep_run(&m->sweep);
    PEL_TRY(pel_system_moved(m->system));
    return compute_forces(m);
}

/* Whether forces are small enough, or the energy no longer changes. */
static bool is_done(minimiser *m)
{
    m->result->most_force = largest(m, largest_force_of);
    if (m->how->force_tolerance > 0 && m->result->most_force <= m->how->force_tolerance) return true;
    if (m->how->energy_tolerance <= 0) return m->result->most_force == 0;
    const double before = m->energy;
    m->energy = pel_system_energy_of(m->system)->potential;
    return m->result->iterations > 0 && fabs(m->energy - before) <= m->how->energy_tolerance * fabs(m->energy);
}

static void stop(minimiser *m)
{
    pel_sweep_scale(&m->sweep, 0);
}

/* ---- FIRE ---- */

typedef struct fire_state {
    double dt, mixing;
    double moved;  /* the time of the latest move: dt, or less where an atom would have moved too far */
    long downhill; /* steps in a row */
} fire_state;

/* Adapts dt and mixing to where it goes; uphill, half a step back and a stop. */
static void look_downhill(minimiser *m, fire_state *state, bool is_downhill)
{
    const double first = m->how->dt;
    if (is_downhill) {
        if (++state->downhill <= fire.delay) return;
        state->dt = fmin(state->dt * fire.longer, fire.most_dt * first);
        state->mixing *= fire.less_mixing;
        return;
    }
    state->downhill = 0;
    if (m->result->iterations >= fire.delay) state->dt = fmax(state->dt * fire.shorter, fire.least_dt * first);
    state->mixing = fire.first_mixing;
    pel_sweep_drift(&m->sweep, -0.5 * fmin(state->dt, state->moved));
    stop(m);
}

static pel_status take_fire_step(minimiser *m, fire_state *state)
{
    products p = sum_products(m);
    const bool is_downhill = p.fv > 0 || m->result->iterations == 0;
    look_downhill(m, state, is_downhill);
    if (!is_downhill) p.fv = p.vv = 0;
    const double kick = state->dt * m->per_mass;
    const double speed = sqrt(fmax(p.vv + 2 * kick * p.fv + kick * kick * p.ff, 0)); /* after the kick */
    pel_sweep_kick(&m->sweep, state->dt);
    pel_sweep_scale(&m->sweep, 1 - state->mixing);
    if (p.ff > 0) pel_sweep_kick(&m->sweep, state->mixing * speed / sqrt(p.ff) / m->per_mass);
    pel_sweep_run(&m->sweep);
    const double fastest = largest(m, largest_velocity_of);
    state->moved = fastest * state->dt > m->most_move ? m->most_move / fastest : state->dt;
    return move(m, state->moved);
}

static pel_status minimise_by_fire(minimiser *m)
{
    fire_state state = {.dt = m->how->dt, .mixing = fire.first_mixing};
    for (; m->result->iterations < m->how->most_iterations; m->result->iterations++) {
        if ((m->result->is_converged = is_done(m))) return PEL_OK;
        PEL_TRY(take_fire_step(m, &state));
    }
    m->result->is_converged = is_done(m);
    return PEL_OK;
}

/* ---- conjugate gradients ---- */

static int compare_ids(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The place of an id in rising order; at once if ids have no gaps. */
static long rank_of(const minimiser *m, int64_t id)
{
    const int64_t straight = id - m->id[0];
    if (straight < m->count && m->id[straight] == id) return straight;
    return (const int64_t *)bsearch(&id, m->id, (size_t)m->count, sizeof id, compare_ids) - m->id;
}

static void remember_forces_of(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread;
    const minimiser *m = data;
    const pel_atoms *atoms = pel_system_atoms(system);
    for (long i = lo; i < hi; i++) memcpy(m->old[rank_of(m, atoms->id[i])], atoms->force[i], sizeof *m->old);
}

static void against_old_values(const pel_system *system, long lo, long hi, long stride, double *value, const void *data)
{
    (void)stride;
    const minimiser *m = data;
    const pel_atoms *atoms = pel_system_atoms((pel_system *)system);
    for (long i = lo; i < hi; i++) {
        const bool counts = !is_held(m, atoms->type[i]);
        value[i - lo] = counts ? dot(atoms->force[i], m->old[rank_of(m, atoms->id[i])]) : 0;
    }
}

/* The direction: forces plus `keep` times the previous one. */
static void turn(minimiser *m, double keep)
{
    pel_sweep_scale(&m->sweep, keep);
    pel_sweep_kick(&m->sweep, 1 / m->per_mass);
    pel_sweep_run(&m->sweep);
}

/* Where between (or beyond) two places of the line the slope would be 0, if it were straight: kept within the bracket
 * [low, high] if there is one, else at most twice as far as the farthest place yet. */
static double next_place(double low, double slope_low, double high, double slope_high, bool has_bracket)
{
    const double secant = low + (high - low) * slope_low / (slope_low - slope_high);
    const double width = high - low;
    if (has_bracket) return fmin(fmax(secant, low + 0.1 * width), high - 0.1 * width);
    return slope_high < slope_low ? fmin(fmax(secant, high + 0.2 * width), high + 2 * width) : high + 2 * width;
}

/* Goes along the direction to where the force along it vanishes, but not farther than `most`. `*place` is the first
 * guess, and receives where it ended. The slope is that of minus the energy: f.d, at first > 0. */
static pel_status search_line(minimiser *m, double slope, double most, double *place)
{
    const double enough = search_tolerance * slope;
    double low = 0, slope_low = slope, high = 0, slope_high = slope, here = 0, next = fmin(*place, most);
    bool has_bracket = false;
    for (int i = 0; i < SEARCH; i++) {
        PEL_TRY(move(m, next - here));
        here = next;
        const double present = sum_products(m).fv;
        if (fabs(present) <= enough || (!has_bracket && present > 0 && here >= most)) break;
        if (present < 0) high = here, slope_high = present, has_bracket = true;
        else if (has_bracket) low = here, slope_low = present;
        else {
            if (i > 0) low = high, slope_low = slope_high;
            high = here, slope_high = present;
        }
        next = fmin(next_place(low, slope_low, high, slope_high, has_bracket), most);
    }
    *place = here;
    return PEL_OK;
}

/* Sets up the direction; `*square` is f.f at the start of the previous one. @return f.d > 0, or 0 where f is 0 */
static double choose_direction(minimiser *m, double *square)
{
    const double ff = sum_products(m).ff;
    double keep = 0, against;
    if (*square > 0) {
        pel_system_sum(m->system, 1, against_old_values, m, &against);
        keep = fmax((ff - against) / *square, 0);
    }
    turn(m, keep);
    double slope = sum_products(m).fv;
    if (!(slope > 0)) {
        turn(m, 0);
        slope = ff;
    }
    pel_system_each(m->system, remember_forces_of, m);
    *square = ff;
    return slope;
}

static pel_status minimise_by_gradients(minimiser *m)
{
    double square = 0, move = 0.1 * m->most_move; /* move: the farthest of an atom in the previous search */
    for (; m->result->iterations < m->how->most_iterations; m->result->iterations++) {
        if ((m->result->is_converged = is_done(m))) return PEL_OK;
        const double slope = choose_direction(m, &square);
        if (!(slope > 0)) break;
        const double longest = largest(m, largest_velocity_of);
        double place = move / longest;
        PEL_TRY(search_line(m, slope, m->most_move / longest, &place));
        if (!(place > 0)) break;
        move = place * longest;
    }
    m->result->is_converged = is_done(m);
    return PEL_OK;
}

static pel_status remember_ids(minimiser *m)
{
    const pel_atoms *atoms = pel_system_atoms(m->system);
    PEL_TRY(pel_memory_new((size_t)m->count, sizeof *m->id, &m->id));
    PEL_TRY(pel_memory_new((size_t)m->count, sizeof *m->old, &m->old));
    memcpy(m->id, atoms->id, (size_t)m->count * sizeof *m->id);
    qsort(m->id, (size_t)m->count, sizeof *m->id, compare_ids);
    return PEL_OK;
}

/* ---- public ---- */

static pel_status check(const pel_minimisation *how)
{
    if (how->most_iterations < 1)
        return pel_fail(PEL_ERR_ARGUMENT, "a minimisation needs at least 1 iteration; it was given %ld",
                        how->most_iterations);
    if (how->method == PEL_MINIMISER_FIRE && !(how->dt > 0))
        return pel_fail(PEL_ERR_ARGUMENT, "FIRE needs a time step > 0; it is %g", how->dt);
    if (!(how->force_tolerance >= 0) || !(how->energy_tolerance >= 0) || !(how->most_move >= 0))
        return pel_fail(PEL_ERR_ARGUMENT,
                        "tolerances and largest move of a minimisation must be >= 0; they are %g, "
                        "%g and %g",
                        how->force_tolerance, how->energy_tolerance, how->most_move);
    return PEL_OK;
}

/* The same mass for all atoms that are not held: the mean over types. */
static void share_mass(minimiser *m)
{
    const int types = pel_system_types(m->system);
    double sum = 0;
    for (int t = 0; t < types; t++) sum += pel_system_mass(m->system, t);
    m->per_mass = types / (sum * pel_system_kinetic_unit(m->system));
    for (int t = 0; t < types; t++)
        if (!is_held(m, t)) m->sweep.per_mass[t] = m->per_mass;
}

static pel_status prepare(minimiser *m)
{
    PEL_TRY(pel_sweep_create(m->system, m->how->is_held, m->how->external, &m->sweep));
    share_mass(m);
    m->most_move = m->how->most_move > 0 ? m->how->most_move : 0.1 * pel_system_potential(m->system)->cutoff;
    m->count = pel_system_atoms(m->system)->count;
    const int threads = pel_team_threads(pel_system_team(m->system));
    PEL_TRY(pel_memory_new((size_t)threads, sizeof *m->largest, &m->largest));
    return m->how->method == PEL_MINIMISER_CONJUGATE_GRADIENTS ? remember_ids(m) : PEL_OK;
}

static void rest_all(pel_system *system, long lo, long hi, int thread, void *data)
{
    (void)thread, (void)data;
    const pel_atoms *atoms = pel_system_atoms(system);
    memset(atoms->velocity[lo], 0, (size_t)(hi - lo) * sizeof *atoms->velocity);
}

static pel_status minimise(minimiser *m)
{
    PEL_TRY(prepare(m));
    pel_system_each(m->system, rest_all, NULL);
    PEL_TRY(pel_system_moved(m->system));
    PEL_TRY(compute_forces(m));
    if (m->how->method == PEL_MINIMISER_FIRE) PEL_TRY(minimise_by_fire(m));
    else PEL_TRY(minimise_by_gradients(m));
    pel_system_each(m->system, rest_all, NULL);
    PEL_TRY(pel_system_forces(m->system, true));
    m->result->potential = pel_system_energy_of(m->system)->potential;
    return PEL_OK;
}

pel_status pel_minimise(pel_system *system, const pel_minimisation *how, pel_minimised *result)
{
    *result = (pel_minimised){0};
    PEL_TRY(check(how));
    minimiser m = {.system = system, .how = how, .result = result};
    const pel_status status = pel_system_atoms(system)->count > 0 ? minimise(&m) : PEL_OK;
    free(m.old);
    free(m.id);
    free(m.largest);
    pel_sweep_destroy(&m.sweep);
    return status;
}
