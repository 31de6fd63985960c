/* Growing a problem. A grid gets more cells and as much more extent, so that spacing, time step and work a cell stay; a
 * model without a grid says itself what makes more of it. */
#include "sim/grow.h"

#include <stdio.h>
#include <string.h>

#include "sim/resolve.h"

/* ---- overrides ---- */

static void add_list(const pel_params *params, const char *key, const int factor[3], bool are_ints, pel_text *overrides)
{
    const char *unit = are_ints ? NULL : pel_params_unit(params, key);
    char number[32];
    pel_text_add(overrides, "%s=[", key);
    for (int d = 0; d < pel_params_count(params, key); d++) {
        if (are_ints) snprintf(number, sizeof number, "%ld", pel_params_int_at(params, key, d) * factor[d]);
        else pel_text_number(pel_params_real_at(params, key, d) * factor[d], number);
        pel_text_add(overrides, "%s%s%s%s", d > 0 ? ", " : "", number, unit && *unit ? " " : "", unit ? unit : "");
    }
    pel_text_add(overrides, "]\n");
}

void pel_grow_ints(const pel_params *params, const char *key, const int factor[3], pel_text *overrides)
{
    add_list(params, key, factor, true, overrides);
}

void pel_grow_reals(const pel_params *params, const char *key, const int factor[3], pel_text *overrides)
{
    add_list(params, key, factor, false, overrides);
}

/* ---- dimensions ---- */

static int dimensions_of(const pel_app *app, const pel_params *params)
{
    return app->is_gridless ? 3 : pel_params_count(params, "grid.cells");
}

static pel_status check_along(const char *along, int dimensions)
{
    static const char names[] = "xyz";
    for (const char *at = along; *at; at++) {
        const char *name = strchr(names, *at);
        if (!name || name - names >= dimensions || strchr(at + 1, *at))
            return pel_fail(PEL_ERR_USAGE, "a problem of %d dimension%s cannot grow along \"%s\"; it can along %.*s",
                            dimensions, dimensions == 1 ? "" : "s", along, dimensions, names);
    }
    return PEL_OK;
}

static void choose_along(const pel_app *app, const pel_params *params, const char *along,
                         char used[PEL_GROW_DIMENSIONS_BYTES])
{
    const int best = app->grows_along ? app->grows_along(params) : dimensions_of(app, params) - 1;
    if (along && *along) snprintf(used, PEL_GROW_DIMENSIONS_BYTES, "%s", along);
    else snprintf(used, PEL_GROW_DIMENSIONS_BYTES, "%c", "xyz"[best]);
}

static int largest_prime(int number)
{
    int prime = 1;
    for (int p = 2; number > 1; p++)
        for (; number % p == 0; number /= p) prime = p;
    return prime;
}

static void share_factor(const char *along, int factor, int factors[3])
{
    for (int d = 0; d < 3; d++) factors[d] = 1;
    for (int prime; factor > 1; factor /= prime) {
        prime = largest_prime(factor);
        int least = along[0] - 'x';
        for (const char *at = along; *at; at++)
            if (factors[*at - 'x'] < factors[least]) least = *at - 'x';
        factors[least] *= prime;
    }
}

/* ---- all of it ---- */

/* A file has its data on a part of the plane that does not grow. NULL: the deck names none. */
static const char *file_of(const pel_app *app, const pel_params *params)
{
    for (const pel_param *param = app->params; param && param->name; param++)
        if (param->type == PEL_PARAM_PATH && *pel_params_text(params, param->name)) return param->name;
    return NULL;
}

static pel_status grow(const pel_app *app, const pel_params *params, const int factor[3], pel_text *overrides)
{
    const char *file = file_of(app, params);
    if (app->grow) return app->grow(params, factor, overrides);
    if (app->is_gridless)
        return pel_fail(PEL_ERR_USAGE, "app %s does not say how its problems grow; study strong scaling alone",
                        app->name);
    if (file)
        return pel_fail(PEL_ERR_USAGE,
                        "what comes from a file (%s) does not grow with the grid; study strong scaling "
                        "alone, or leave the file out",
                        file);
    pel_grow_ints(params, "grid.cells", factor, overrides);
    pel_grow_reals(params, "grid.extent", factor, overrides);
    return PEL_OK;
}

pel_status pel_run_grow(const char *deck_path, const char *const *sets, int set_count, const pel_app *const *apps,
                        int app_count, const char *along, int factor, pel_text *overrides,
                        char used[PEL_GROW_DIMENSIONS_BYTES])
{
    const pel_app *app = NULL;
    pel_params *params = NULL;
    int factors[3];
    PEL_TRY(pel_resolve_deck(deck_path, sets, set_count, apps, app_count, &app, &params));
    pel_status status = pel_params_finish(params);
    if (status == PEL_OK && along) status = check_along(along, dimensions_of(app, params));
    if (status == PEL_OK) {
        choose_along(app, params, along, used);
        share_factor(used, factor, factors);
        status = grow(app, params, factors, overrides);
    }
    pel_params_free(params);
    return status;
}
