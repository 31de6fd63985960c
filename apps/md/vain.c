/* Which parameters are of which kinds. A deck that a run has written holds all of them, so that only values other than
 * the default are in vain. */
#include "md/vain.h"

#include <stddef.h>

#include "base/text.h"

enum { MOST_KINDS = 6 };

typedef struct use {
    const char *key;
    const char *of[MOST_KINDS]; /* kinds that it is of */
} use;

static const use potential_uses[] = {
    {"potential.file", {"eam", "eam-alloy", "eam-fs", "stillinger-weber"}},
    {"potential.funcfl", {"eam"}},
    {"potential.elements", {"eam-alloy", "eam-fs", "stillinger-weber"}},
    {"potential.sutton-chen", {"sutton-chen"}},
    {"potential.cutoff", {"lj", "buckingham", "morse", "table", "sutton-chen"}},
    {"potential.truncation", {"lj", "buckingham", "morse", "table"}},
    {"potential.tail", {"lj", "buckingham", "morse"}},
    {"potential.mixing", {"lj", "wca"}},
    {"potential.pairs", {"lj", "wca", "buckingham", "morse", "table"}},
    {0},
};

static const use pair_uses[] = {
    {"epsilon", {"lj", "wca"}},
    {"sigma", {"lj", "wca"}},
    {"depth", {"morse"}},
    {"alpha", {"morse"}},
    {"r0", {"morse"}},
    {"a", {"buckingham"}},
    {"rho", {"buckingham"}},
    {"c", {"buckingham"}},
    {"file", {"table"}},
    {"section", {"table"}},
    {"cutoff", {"lj", "buckingham", "morse", "table"}},
    {0},
};

static const use minimiser_uses[] = {
    {"atoms.minimise.force", {"fire", "conjugate-gradients"}},
    {"atoms.minimise.iterations", {"fire", "conjugate-gradients"}},
    {"atoms.minimise.pressure", {"fire", "conjugate-gradients"}},
    {0},
};

static const use integrator_uses[] = {
    {"dynamics.temperature", {"langevin", "bussi", "nose-hoover"}},
    {"dynamics.ramp.temperature", {"langevin", "bussi", "nose-hoover"}},
    {"dynamics.ramp.steps", {"langevin", "bussi", "nose-hoover"}},
    {"dynamics.damping", {"langevin", "bussi", "nose-hoover"}},
    {"dynamics.chain", {"nose-hoover"}},
    {0},
};

static const char *const barostat_keys[] = {"dynamics.barostat.damping", "dynamics.barostat.compressibility",
                                            "dynamics.barostat.temperature", "dynamics.barostat.every"};

static bool is_in_vain(const pel_params *params, const char *key)
{
    return !pel_params_is_default(params, key) && !pel_params_is_wrong(params, key);
}

/* `choice`, a parameter of `of`, says which kind is asked for; the uses are of parameters of `params`. */
static void check(const pel_params *params, const use *uses, const pel_params *of, const char *choice)
{
    for (const use *u = uses; u->key && !pel_params_is_wrong(of, choice); u++) {
        pel_text kinds = {0};
        bool is_used = false;
        for (int k = 0; k < MOST_KINDS && u->of[k]; k++) {
            is_used |= pel_params_is(of, choice, u->of[k]);
            pel_text_add(&kinds, "%s%s", k ? ", " : "", u->of[k]);
        }
        if (!is_used && is_in_vain(params, u->key))
            pel_params_error(params, u->key, "%s is of %s %s; with %s it would change nothing: leave it out", u->key,
                             choice, pel_text_get(&kinds), pel_params_text(of, choice));
        pel_text_free(&kinds);
    }
}

void md_vain_check(const pel_params *params)
{
    check(params, potential_uses, params, "potential.kind");
    for (int i = 0; i < pel_params_count(params, "potential.pairs"); i++)
        check(pel_params_item(params, "potential.pairs", i), pair_uses, params, "potential.kind");
    check(params, minimiser_uses, params, "atoms.minimise.method");
    check(params, integrator_uses, params, "dynamics.integrator");
    if (!pel_params_is(params, "dynamics.barostat.pressure", "none")) return;
    for (size_t i = 0; i < sizeof barostat_keys / sizeof *barostat_keys; i++)
        if (is_in_vain(params, barostat_keys[i]))
            pel_params_error(params, barostat_keys[i],
                             "%s is given, but no barostat: give dynamics.barostat.pressure, too", barostat_keys[i]);
}
