/* The folder of a study: study.json says which one it is, points/WAY/N/ is a run each, N.log what it said. */
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scale/course.h"
#include "sim/resolve.h"

static const char settings_name[] = "study.json", format_name[] = "pelagos-study-1";
static const char *const outputs[] = {"points", "machine.log", "scale.json", "report.html"};
enum { OUTPUTS = sizeof outputs / sizeof *outputs };

pel_status scale_folder_path(const scale_course *course, char **path, const char *format, ...)
{
    char name[256];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(name, sizeof name, format, arguments);
    va_end(arguments);
    if (length < 0 || length >= (int)sizeof name) return pel_fail(PEL_ERR_ARGUMENT, "a file name is too long");
    return pel_folder_file(&course->folder, name, path);
}

static bool is_there(const scale_course *course, const char *name)
{
    char *path = NULL;
    const bool found = scale_folder_path(course, &path, "%s", name) == PEL_OK && access(path, F_OK) == 0;
    free(path);
    return found;
}

/* ---- is it the same study? ---- */

static const char *as_text(const json_t *value, char **text)
{
    *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    return *text ? *text : "nothing";
}

static void list_difference(const char *key, const json_t *before, const json_t *now, pel_text *list)
{
    char *a = NULL, *b = NULL;
    pel_text_add(list, "\n%s: %s here, %s there", key, as_text(now, &a), as_text(before, &b));
    free(a);
    free(b);
}

static void list_fixed(const scale_course *course, const json_t *before, pel_text *list)
{
    const char *key;
    json_t *now;
    json_object_foreach(course->settings.fixed, key, now)
    {
        const json_t *old = json_object_get(before, key);
        if (!old || !json_equal(old, now)) list_difference(key, old, now, list);
    }
}

/* Which parameters differ, those that are free on resume too: times depend on threads and tiles. */
static pel_status list_parameters(const scale_course *course, const json_t *deck, pel_text *list)
{
    const char *text = json_string_value(deck);
    pel_params *before = NULL;
    pel_text found = {0};
    pel_status status = pel_resolve_text(text ? text : "", settings_name, course->settings.app, &before);
    if (status == PEL_OK && pel_params_differences(course->settings.params, before, false, &found) > 0)
        pel_text_add(list, "\n%.*s", (int)found.length - 1, pel_text_get(&found)); /* it ends in a line's end */
    pel_params_free(before);
    pel_text_free(&found);
    return status;
}

static pel_status refuse_differences(const scale_course *course, const json_t *settings)
{
    pel_text list = {0};
    list_fixed(course, json_object_get(settings, "fixed"), &list);
    pel_status status = list_parameters(course, json_object_get(settings, "deck"), &list);
    if (status == PEL_OK && list.length > 0)
        status =
            pel_fail(PEL_ERR_MISMATCH, "%s holds another study; -o names another folder, --overwrite replaces it:%s",
                     course->folder.path, pel_text_get(&list));
    pel_text_free(&list);
    return status;
}

/* ---- settings ---- */

/* Only a study's: other programs have files of that name, too. */
static pel_status load_settings(const scale_course *course, json_t **settings)
{
    char *path = NULL;
    json_error_t error;
    PEL_TRY(scale_folder_path(course, &path, settings_name));
    *settings = json_load_file(path, 0, &error);
    const char *found = json_string_value(json_object_get(*settings, "format"));
    pel_status status = PEL_OK;
    if (!*settings)
        status = pel_fail(PEL_ERR_CORRUPT, "%s is damaged: %s; --overwrite begins the study anew", path, error.text);
    else if (!found || strcmp(found, format_name) != 0)
        status = pel_fail(PEL_ERR_EXISTS, "%s is not of a study of this version; -o names another folder", path);
    free(path);
    return status;
}

static pel_status read_settings(scale_course *course)
{
    json_t *settings = NULL;
    pel_status status = load_settings(course, &settings);
    if (status == PEL_OK) status = refuse_differences(course, settings);
    if (status == PEL_OK) {
        course->settings.common_step = (long)json_integer_value(json_object_get(settings, "common_step"));
        const char *started = json_string_value(json_object_get(settings, "started"));
        if (started) snprintf(course->settings.started, sizeof course->settings.started, "%s", started);
    }
    json_decref(settings);
    return status;
}

pel_status scale_folder_keep(const scale_course *course)
{
    pel_text deck = {0};
    pel_params_write(course->settings.params, &deck);
    json_t *settings = json_pack("{s:s, s:O, s:I, s:s, s:o}", "format", format_name, "fixed", course->settings.fixed,
                                 "common_step", (json_int_t)course->settings.common_step, "started",
                                 course->settings.started, "deck", scale_text(pel_text_get(&deck)));
    char *text = settings ? json_dumps(settings, JSON_INDENT(2)) : NULL;
    const pel_status status = text ? pel_folder_publish(&course->folder, settings_name, text)
                                   : pel_fail(PEL_ERR_MEMORY, "out of memory for the settings of the study");
    free(text);
    json_decref(settings);
    pel_text_free(&deck);
    return status;
}

/* ---- replacing ---- */

static bool is_one_of(const char *name, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

/* "7", "7.log", "first.log" ...: a sample, and what stands beside it. */
static bool is_of_sample(const char *name)
{
    static const char *const after[] = {"", ".log", ".load.json"};
    const size_t digits = strspn(name, "0123456789"), length = strncmp(name, "first", 5) == 0 ? 5 : digits;
    return length > 0 && is_one_of(name + length, after, 3);
}

static bool is_way(const char *name)
{
    int threads, factor, used = 0;
    char places[16];
    return sscanf(name, "%d-threads-%15[a-z]-%dx%n", &threads, places, &factor, &used) == 3 && name[used] == '\0';
}

static bool is_unfinished(const char *name)
{
    const size_t length = strlen(name), end = strlen(".partial");
    return name[0] == '.' && length > end && strcmp(name + length - end, ".partial") == 0;
}

/* Whether a study wrote an entry of points/, by its name and how deep it stands. */
static bool is_own(const char *name, int depth)
{
    static const char *const of_run[] = {"deck.yaml", "run.log", "report.json", "failed.h5", ".lock", "checkpoints"};
    if (depth == 0 || (depth > 1 && is_unfinished(name))) return true;
    if (depth == 1) return is_way(name);
    if (depth == 2) return is_of_sample(name);
    return depth == 3 && is_one_of(name, of_run, sizeof of_run / sizeof *of_run);
}

static char *stranger; /* the first entry that no study wrote; nftw() hands nothing on */

static int look_at_entry(const char *path, const struct stat *found, int kind, struct FTW *where)
{
    (void)found, (void)kind;
    if (is_own(path + where->base, where->level)) return 0;
    stranger = strdup(path);
    return 1;
}

static int remove_entry(const char *path, const struct stat *found, int kind, struct FTW *where)
{
    (void)found, (void)kind, (void)where;
    return remove(path);
}

static pel_status refuse_stranger(const scale_course *course)
{
    char *points = NULL;
    PEL_TRY(scale_folder_path(course, &points, "points"));
    pel_status status = PEL_OK;
    if (access(points, F_OK) == 0 && nftw(points, look_at_entry, 16, FTW_PHYS) != 0)
        status = pel_fail(PEL_ERR_EXISTS, "%s was not written by a study and would be lost; move it elsewhere",
                          stranger ? stranger : points);
    free(points);
    free(stranger);
    stranger = NULL;
    return status;
}

static pel_status remove_named(const scale_course *course, const char *name)
{
    char *path = NULL;
    struct stat found;
    PEL_TRY(scale_folder_path(course, &path, "%s", name));
    const bool is_gone = lstat(path, &found) != 0 || nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0;
    const pel_status status =
        is_gone ? PEL_OK : pel_fail(PEL_ERR_FILE, "%s cannot be removed: %s", path, strerror(errno));
    free(path);
    return status;
}

/* What a study wrote, and nothing else; the settings last: they are what makes the folder a study's. */
static pel_status clear(const scale_course *course)
{
    json_t *settings = NULL;
    const pel_status status = load_settings(course, &settings);
    json_decref(settings);
    if (status != PEL_ERR_CORRUPT) PEL_TRY(status);
    PEL_TRY(refuse_stranger(course));
    for (int i = 0; i < OUTPUTS; i++) PEL_TRY(remove_named(course, outputs[i]));
    return remove_named(course, settings_name);
}

/* ---- taking ---- */

static pel_status default_path(const char *deck_path, pel_text *path)
{
    char *name = NULL;
    PEL_TRY(pel_folder_name(deck_path, &name));
    pel_text_add(path, "%s-scaling", name);
    free(name);
    return path->lost ? pel_fail(PEL_ERR_MEMORY, "out of memory for a path") : PEL_OK;
}

static pel_status claim(scale_course *course)
{
    const scale_request *q = course->request;
    pel_text path = {0};
    pel_status status = q->folder ? PEL_OK : default_path(q->deck_path, &path);
    if (status == PEL_OK)
        status = pel_folder_claim(&course->folder, q->folder ? q->folder : pel_text_get(&path), q->deck_path);
    pel_text_free(&path);
    return status;
}

/* A folder without a study may have anything but what the study would write over. */
static pel_status refuse_others(const scale_course *course)
{
    for (int i = 0; i < OUTPUTS; i++)
        if (is_there(course, outputs[i]))
            return pel_fail(PEL_ERR_EXISTS, "%s has %s, but no study that it is of; -o names another folder",
                            course->folder.path, outputs[i]);
    return PEL_OK;
}

/* A study that came to nothing, as its first run failed or was stopped: whatever comes now may take its place. */
static bool is_empty(const scale_course *course)
{
    json_t *settings = NULL;
    const bool is_read = load_settings(course, &settings) == PEL_OK;
    const json_int_t step = json_integer_value(json_object_get(settings, "common_step"));
    json_decref(settings);
    return is_read && step == 0;
}

pel_status scale_folder_take(scale_course *course)
{
    const scale_request *q = course->request;
    PEL_TRY(claim(course));
    const char *where = course->folder.path;
    if (course->folder.has_run)
        return pel_fail(PEL_ERR_EXISTS, "%s holds a run, not a study; -o names another folder", where);
    if (!is_there(course, settings_name)) return refuse_others(course);
    if (q->is_overwrite || is_empty(course)) return clear(course);
    if (q->is_resume) return read_settings(course);
    PEL_TRY(read_settings(course)); /* another study is worth another sentence */
    return pel_fail(PEL_ERR_EXISTS,
                    "%s holds this study already; --resume goes on with it, --overwrite begins it anew, -o names "
                    "another folder",
                    where);
}
