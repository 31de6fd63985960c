/* The folder of a study: study.json says which one it is, points/WAY/N/ is a run each, N.log what it said. */
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "io/publish.h"
#include "scale/course.h"

static const char settings_name[] = "study.json";

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
    pel_text_add(list, "\n  %s: %s there, %s now", key, as_text(before, &a), as_text(now, &b));
    free(a);
    free(b);
}

static pel_status refuse_differences(const scale_course *course, const json_t *before)
{
    pel_text list = {0};
    const char *key;
    json_t *now;
    json_object_foreach(course->settings.fixed, key, now)
    {
        const json_t *old = json_object_get(before, key);
        if (!old || !json_equal(old, now)) list_difference(key, old, now, &list);
    }
    pel_status status = PEL_OK;
    if (list.length > 0)
        status =
            pel_fail(PEL_ERR_MISMATCH, "%s holds another study; -o names another folder, --overwrite replaces it:%s",
                     course->folder.path, pel_text_get(&list));
    pel_text_free(&list);
    return status;
}

static pel_status read_settings(scale_course *course)
{
    char *path = NULL;
    json_error_t error;
    PEL_TRY(scale_folder_path(course, &path, settings_name));
    json_t *settings = json_load_file(path, 0, &error);
    pel_status status = PEL_OK;
    if (!settings) status = pel_fail(PEL_ERR_CORRUPT, "%s: %s; --overwrite begins the study anew", path, error.text);
    else status = refuse_differences(course, json_object_get(settings, "fixed"));
    if (status == PEL_OK) {
        course->settings.common_step = (long)json_integer_value(json_object_get(settings, "common_step"));
        const char *started = json_string_value(json_object_get(settings, "started"));
        if (started) snprintf(course->settings.started, sizeof course->settings.started, "%s", started);
    }
    json_decref(settings);
    free(path);
    return status;
}

/* ---- replacing ---- */

static int remove_entry(const char *path, const struct stat *found, int kind, struct FTW *where)
{
    (void)found, (void)kind, (void)where;
    return remove(path);
}

/* What a study wrote, and nothing else. */
static pel_status clear(const scale_course *course)
{
    static const char *const names[] = {"points", "scale.json", "report.html", settings_name};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = NULL;
        PEL_TRY(scale_folder_path(course, &path, "%s", names[i]));
        const bool is_gone = access(path, F_OK) != 0 || nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) == 0;
        const pel_status status =
            is_gone ? PEL_OK : pel_fail(PEL_ERR_FILE, "%s cannot be removed: %s", path, strerror(errno));
        free(path);
        PEL_TRY(status);
    }
    return PEL_OK;
}

/* ---- taking ---- */

static pel_status default_path(const char *deck_path, pel_text *path)
{
    const char *slash = strrchr(deck_path, '/'), *name = slash ? slash + 1 : deck_path, *dot = strrchr(name, '.');
    const int length = dot && dot != name ? (int)(dot - name) : (int)strlen(name);
    pel_text_add(path, "%.*s-scaling", length, name);
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

pel_status scale_folder_take(scale_course *course)
{
    const scale_request *q = course->request;
    PEL_TRY(claim(course));
    const char *where = course->folder.path;
    if (course->folder.has_run)
        return pel_fail(PEL_ERR_EXISTS, "%s holds a run, not a study; -o names another folder", where);
    if (!is_there(course, settings_name)) {
        if (!is_there(course, "points")) return PEL_OK;
        if (!q->is_resume && !q->is_overwrite)
            return pel_fail(PEL_ERR_EXISTS, "%s has a folder points already; -o names another folder", where);
        return clear(course);
    }
    if (q->is_overwrite) return clear(course);
    if (q->is_resume) return read_settings(course);
    PEL_TRY(read_settings(course)); /* another study is worth another sentence */
    return pel_fail(PEL_ERR_EXISTS,
                    "%s holds this study already; --resume goes on with it, --overwrite begins it anew, -o names "
                    "another folder",
                    where);
}

pel_status scale_folder_keep(const scale_course *course)
{
    json_t *settings = json_pack("{s:O, s:I, s:s}", "fixed", course->settings.fixed, "common_step",
                                 (json_int_t)course->settings.common_step, "started", course->settings.started);
    char *text = settings ? json_dumps(settings, JSON_INDENT(2)) : NULL;
    const pel_status status = text ? pel_folder_publish(&course->folder, settings_name, text)
                                   : pel_fail(PEL_ERR_MEMORY, "out of memory for the settings of the study");
    free(text);
    json_decref(settings);
    return status;
}
