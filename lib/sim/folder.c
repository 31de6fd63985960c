/* The folder of a run. Nothing in it changes before the run is known to be allowed and able to begin. */
#include "sim/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "io/publish.h"
#include "sim/checkpoint.h"
#include "sim/component.h"
#include "sim/run.h"

/* ---- paths ---- */

pel_status pel_folder_name(const char *deck_path, char **name)
{
    const char *slash = strrchr(deck_path, '/');
    PEL_TRY(pel_text_copy(slash ? slash + 1 : deck_path, name));
    char *dot = strrchr(*name, '.');
    if (dot && dot != *name) *dot = '\0';
    return PEL_OK;
}

pel_status pel_folder_file(const pel_folder *folder, const char *name, char **path)
{
    pel_text text = {0};
    pel_text_add(&text, "%s/%s", folder->path, name);
    const pel_status status = pel_text_copy(pel_text_get(&text), path);
    pel_text_free(&text);
    return status;
}

static bool exists(const pel_folder *folder, const char *name)
{
    char *path = NULL;
    const bool is_there = pel_folder_file(folder, name, &path) == PEL_OK && access(path, F_OK) == 0;
    free(path);
    return is_there;
}

static pel_status remove_file(const char *path)
{
    if (unlink(path) == 0 || errno == ENOENT) return PEL_OK;
    return pel_fail(PEL_ERR_FILE, "%s cannot be removed: %s", path, strerror(errno));
}

static pel_status remove_named(const pel_folder *folder, const char *name, const char *suffix)
{
    if (strchr(name, '/')) return PEL_OK; /* never outside the folder */
    pel_text text = {0};
    pel_text_add(&text, "%s/%s%s", folder->path, name, suffix);
    const pel_status status = remove_file(pel_text_get(&text));
    pel_text_free(&text);
    return status;
}

/* ---- claiming ---- */

static pel_status make_folders(const char *path, bool *is_made)
{
    const pel_status status = pel_publish_folder(path, is_made);
    if (status != PEL_ERR_FILE) return status;
    char *why = NULL;
    PEL_TRY(pel_text_copy(pel_failure(), &why));
    pel_fail(status, "%s; choose another one with -o", why);
    free(why);
    return status;
}

pel_status pel_folder_claim(pel_folder *folder, const char *path, const char *deck_path)
{
    if (path) PEL_TRY(pel_text_copy(path, &folder->path));
    else PEL_TRY(pel_folder_name(deck_path, &folder->path));
    PEL_TRY(make_folders(folder->path, &folder->is_made));
    if (access(folder->path, W_OK | X_OK) != 0)
        return pel_fail(PEL_ERR_FILE, "the run cannot write into the folder %s: %s; choose another one with -o",
                        folder->path, strerror(errno));
    PEL_TRY(pel_lock_take(folder->path, &folder->lock));
    folder->has_run = exists(folder, "deck.yaml") || exists(folder, "checkpoints");
    return PEL_OK;
}

/* A folder that was made for a run which then could not begin goes again. */
static void leave_nothing(const pel_folder *folder)
{
    if (!folder->lock || !folder->is_made || exists(folder, "deck.yaml")) return;
    remove_named(folder, ".lock", "");
    remove_named(folder, "run.log", "");
    rmdir(folder->path); /* fails, as it should, if there is anything else */
}

void pel_folder_release(pel_folder *folder)
{
    leave_nothing(folder);
    pel_lock_release(folder->lock);
    free(folder->path);
    *folder = (pel_folder){0};
}

/* ---- writing ---- */

pel_status pel_folder_publish(const pel_folder *folder, const char *name, const char *text)
{
    char *path = NULL;
    PEL_TRY(pel_folder_file(folder, name, &path));
    const pel_status status = pel_publish_text(path, text);
    free(path);
    return status;
}

static pel_status prepare_checkpoints(const pel_folder *folder)
{
    char *path = NULL;
    PEL_TRY(pel_folder_file(folder, "checkpoints", &path));
    pel_status status = PEL_OK;
    if (mkdir(path, 0777) != 0 && errno != EEXIST)
        status = pel_fail(PEL_ERR_FILE, "the folder %s cannot be made: %s", path, strerror(errno));
    if (status == PEL_OK) status = pel_publish_clean(path);
    free(path);
    return status;
}

pel_status pel_folder_prepare(const pel_folder *folder, bool has_checkpoints)
{
    if (has_checkpoints) PEL_TRY(prepare_checkpoints(folder));
    PEL_TRY(pel_publish_clean(folder->path));
    PEL_TRY(remove_named(folder, "report.json", ""));
    return remove_named(folder, "failed.h5", "");
}

/* ---- clearing ---- */

pel_status pel_folder_params(const pel_folder *folder, const pel_app *app, pel_params **params)
{
    const pel_param *tables[PEL_RUN_TABLES];
    const int count = pel_run_params(app, tables);
    char *path = NULL;
    pel_deck *deck = NULL;
    PEL_TRY(pel_folder_file(folder, "deck.yaml", &path));
    pel_status status = pel_deck_load(path, NULL, 0, &deck);
    if (status == PEL_OK) status = pel_params_resolve_in(deck, tables, count, app ? app->unit_of : NULL, params);
    pel_deck_free(deck);
    free(path);
    return status;
}

static pel_status clear_trace(const pel_folder *folder, const pel_params *params)
{
    const char *name = pel_params_text(params, "run.trace");
    return name[0] ? remove_named(folder, name, "") : PEL_OK;
}

static pel_status clear_streams(const pel_folder *folder, const pel_params *params, const char *list)
{
    for (int i = 0; i < pel_params_count(params, list); i++)
        PEL_TRY(remove_named(folder, pel_params_text(pel_params_item(params, list, i), "name"), ".nc"));
    return PEL_OK;
}

/* What the model wrote by itself, or gathered: NAME.h5 or NAME.nc for each parameter output.NAME.every of the app. The
 * deck of the new run may not ask for it, so that the component may not know of it. */
static pel_status clear_own(const pel_folder *folder, const pel_params *params, const pel_component *component)
{
    static const char before[] = "output.", after[] = ".every";
    for (const pel_param *param = component->app->params; param && param->name; param++) {
        const size_t length = strlen(param->name), around = strlen(before) + strlen(after);
        if (length <= around || strncmp(param->name, before, strlen(before)) != 0) continue;
        if (strcmp(param->name + length - strlen(after), after) != 0 || param->type != PEL_PARAM_CADENCE) continue;
        char name[64];
        snprintf(name, sizeof name, "%.*s", (int)(length - around), param->name + strlen(before));
        if (pel_params_cadence(params, param->name).kind == PEL_CADENCE_NEVER) continue;
        PEL_TRY(remove_named(folder, name, ".h5"));
        PEL_TRY(remove_named(folder, name, ".nc"));
    }
    return PEL_OK;
}

/* The outputs that the deck of the run in the folder names. A deck that cannot be read names none. */
static pel_status clear_outputs(const pel_folder *folder, const pel_component *component)
{
    pel_params *params = NULL;
    if (!exists(folder, "deck.yaml") || pel_folder_params(folder, component->app, &params) != PEL_OK) return PEL_OK;
    pel_status status = clear_streams(folder, params, "output.snapshots");
    if (status == PEL_OK) status = clear_streams(folder, params, "output.averages");
    if (status == PEL_OK) status = clear_own(folder, params, component);
    if (status == PEL_OK) status = clear_trace(folder, params);
    pel_params_free(params);
    return status;
}

static pel_status clear_checkpoints(const pel_folder *folder)
{
    char *path = NULL;
    PEL_TRY(pel_checkpoint_thin(folder->path, 0));
    PEL_TRY(pel_folder_file(folder, "checkpoints", &path));
    if (access(path, F_OK) == 0) {
        pel_publish_clean(path);
        rmdir(path); /* stays where a person has put something there */
    }
    free(path);
    return PEL_OK;
}

pel_status pel_folder_clear(const pel_folder *folder, const pel_component *component)
{
    static const char *const names[] = {"series.nc", "failed.h5", "report.json", "run.log"};
    PEL_TRY(clear_outputs(folder, component));
    PEL_TRY(clear_checkpoints(folder));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) PEL_TRY(remove_named(folder, names[i], ""));
    return remove_named(folder, "deck", ".yaml"); /* last: it is what makes the folder a run's */
}
