/* Particles: each contender has a system of its own, which goes on from turn to turn, through the melting of a crystal
 * to the liquid. Pairs are counted once, though each is computed for both of its atoms. */
#include "bench/atoms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "particles/integrate.h"
#include "particles/velocities.h"

enum { VERIFIED_CELLS = 6, VERIFIED_STEPS = 20, WARM_UP_STEPS = 5, SEED = 87287 };

/* ---- a contender's atoms ---- */

typedef struct moving {
    pel_system *system;
    pel_dynamics *dynamics;
    int64_t step;
} moving;

static void stop(moving *m)
{
    pel_dynamics_destroy(m->dynamics);
    pel_system_destroy(m->system);
    *m = (moving){0};
}

static pel_status fill(const bench_atoms_case *which, int cells, const pel_unit_system *units, pel_configuration *atoms)
{
    const bench_material *of = which->material;
    const pel_lattice lattice = {
        .kind = of->lattice, .constant = of->constant, .density = of->density, .cells = {cells, cells, cells}};
    PEL_TRY(pel_configuration_types(atoms, 1));
    atoms->mass[0] = of->mass;
    PEL_TRY(pel_lattice_fill(&lattice, atoms));
    return pel_velocities_draw(atoms, of->temperature, SEED, units);
}

/* `spec`: team, sort_every, is_fast, and skin where it is not the case's. */
static pel_status start(const bench_atoms_case *which, int cells, pel_system_spec spec, moving *m)
{
    const pel_unit_system *units = NULL;
    pel_configuration atoms = {0};
    PEL_TRY(pel_unit_system_find(which->material->units, &units));
    PEL_TRY(which->material->potential(&spec.potential));
    spec.boltzmann = units->boltzmann;
    spec.kinetic_unit = units->kinetic_unit;
    if (spec.skin == 0) spec.skin = which->material->skin;
    pel_status status = fill(which, cells, units, &atoms);
    if (status == PEL_OK) status = pel_system_create(&spec, &atoms, &m->system);
    else pel_potential_destroy(spec.potential);
    pel_configuration_free(&atoms);
    const pel_dynamics_spec dynamics = {.dt = which->material->dt};
    if (status == PEL_OK) status = pel_dynamics_create(&dynamics, m->system, &m->dynamics);
    return status;
}

static pel_status go_on(const bench_atoms_case *which, moving *m, long steps)
{
    for (long i = 0; i < steps && which->builds_lists; i++) PEL_TRY(pel_system_rebuild(m->system));
    if (!which->builds_lists) PEL_TRY(pel_dynamics_run(m->dynamics, m->step, steps, false));
    m->step += steps;
    return PEL_OK;
}

/* ---- verification ---- */

static pel_status state_after(const bench_atoms_case *which, int threads, double skin, int sort_every,
                              pel_configuration *state)
{
    pel_team *team = NULL;
    moving m = {0};
    PEL_TRY(pel_team_create(&(pel_team_spec){.threads = threads, .is_quiet = true}, &team));
    const pel_system_spec spec = {.team = team, .skin = skin, .sort_every = sort_every};
    pel_status status = start(which, VERIFIED_CELLS, spec, &m);
    if (status == PEL_OK) status = pel_dynamics_run(m.dynamics, 0, VERIFIED_STEPS, false);
    if (status == PEL_OK) status = pel_system_store(m.system, state);
    stop(&m);
    pel_team_destroy(team);
    return status;
}

static bool are_the_same(const pel_configuration *a, const pel_configuration *b)
{
    const size_t n = (size_t)a->count;
    return a->count == b->count && memcmp(a->position, b->position, n * sizeof *a->position) == 0 &&
           memcmp(a->velocity, b->velocity, n * sizeof *a->velocity) == 0;
}

pel_status bench_atoms_verify(const bench_atoms_case *which, int threads)
{
    pel_configuration one = {0}, other = {0};
    pel_status status = state_after(which, 1, which->material->skin / 2, -1, &one);
    if (status == PEL_OK) status = state_after(which, threads, which->material->skin, 1, &other);
    if (status == PEL_OK && !are_the_same(&one, &other))
        status = pel_fail(PEL_ERR_NUMERICS, "%s: after %d steps the atoms of %d threads are not those of one thread",
                          which->name, VERIFIED_STEPS, threads);
    pel_configuration_free(&one);
    pel_configuration_free(&other);
    return status;
}

/* ---- measuring ---- */

typedef struct measuring {
    const bench_atoms_case *which;
    bench_atoms_result *result;
    moving moving[BENCH_ATOMS_CONTENDERS];
    double *seconds; /* [count * repetitions] */
} measuring;

static double energy_an_atom(moving *m)
{
    pel_measures measures = {0};
    if (pel_dynamics_measure(m->dynamics, m->step, &measures) != PEL_OK) return NAN;
    return measures.conserved / (double)pel_system_atoms(m->system)->count;
}

static pel_status start_contender(measuring *m, int c, pel_team *team)
{
    bench_atoms_figures *figures = &m->result->figures[c];
    const pel_system_spec spec = {.team = team, .is_fast = c == 1};
    figures->name = m->which->builds_lists ? "build" : c == 0 ? "reproducible" : "not";
    PEL_TRY(start(m->which, m->result->cells, spec, &m->moving[c]));
    PEL_TRY(go_on(m->which, &m->moving[c], WARM_UP_STEPS));
    figures->energy[0] = energy_an_atom(&m->moving[c]);
    return PEL_OK;
}

static pel_status take_turns(measuring *m)
{
    const bench_atoms_result *r = m->result;
    for (int turn = 0; turn < r->repetitions; turn++)
        for (int c = 0; c < r->count; c++) {
            const double began = pel_clock_seconds();
            PEL_TRY(go_on(m->which, &m->moving[c], r->steps));
            m->seconds[c * r->repetitions + turn] = pel_clock_seconds() - began;
        }
    return PEL_OK;
}

static void note_ratio(measuring *m)
{
    bench_atoms_result *r = m->result;
    double ratio[BENCH_MOST_REPETITIONS];
    if (r->count < 2) return;
    for (int turn = 0; turn < r->repetitions; turn++)
        ratio[turn] = m->seconds[turn] / m->seconds[r->repetitions + turn];
    r->cost_of_reproducible = (bench_ratio){true, bench_spread_of(ratio, r->repetitions)};
}

static void note_figures(measuring *m, int c)
{
    bench_atoms_result *r = m->result;
    bench_atoms_figures *f = &r->figures[c];
    double rate[BENCH_MOST_REPETITIONS];
    for (int turn = 0; turn < r->repetitions; turn++)
        rate[turn] = (double)r->atoms * (double)r->steps / m->seconds[c * r->repetitions + turn];
    f->rate = bench_spread_of(rate, r->repetitions);
    f->energy[1] = energy_an_atom(&m->moving[c]);
    const pel_system_cost cost = pel_system_cost_of(m->moving[c].system);
    f->imbalance = cost.imbalance;
    f->list_share = cost.list_seconds / (cost.list_seconds + cost.force_seconds + cost.other_seconds);
    r->pairs_an_atom = (double)pel_system_energy_of(m->moving[c].system)->pairs / (double)r->atoms;
    r->list_pairs_an_atom = cost.list_pairs / (double)r->atoms;
    f->pairs = f->rate.median * r->pairs_an_atom;
}

static pel_status run_turns(measuring *m, pel_team *team)
{
    bench_atoms_result *r = m->result;
    r->count = m->which->builds_lists ? 1 : BENCH_ATOMS_CONTENDERS;
    for (int c = 0; c < r->count; c++) PEL_TRY(start_contender(m, c, team));
    r->atoms = pel_system_atoms(m->moving[0].system)->count;
    PEL_TRY(pel_memory_new((size_t)(r->count * r->repetitions), sizeof *m->seconds, &m->seconds));
    PEL_TRY(take_turns(m));
    note_ratio(m);
    for (int c = 0; c < r->count; c++) note_figures(m, c);
    return PEL_OK;
}

pel_status bench_atoms_measure(const bench_atoms_case *which, const bench_request *request, bench_atoms_result *result)
{
    *result = (bench_atoms_result){.which = which,
                                   .cells = request->cells[0] > 0 ? request->cells[0] : which->material->cells,
                                   .steps = request->steps > 0 ? request->steps : which->steps,
                                   .repetitions = request->repetitions > 0 ? request->repetitions : 5};
    measuring m = {.which = which, .result = result};
    pel_team *team = NULL;
    PEL_TRY(bench_atoms_verify(which, request->threads > 1 ? request->threads : 3));
    PEL_TRY(pel_team_create(&(pel_team_spec){.threads = request->threads}, &team));
    result->threads = pel_team_threads(team);
    pel_status status = bench_measure_limits(team, &result->limits);
    if (status == PEL_OK) status = run_turns(&m, team);
    for (int c = 0; c < BENCH_ATOMS_CONTENDERS; c++) stop(&m.moving[c]);
    free(m.seconds);
    pel_team_destroy(team);
    return status;
}
