/* Figures as JSON, and the file that keeps them.
 *
 * The file is one object: "format", "identity" (whose figures they are), "hash" and "figures". The hash is that of the
 * identity and the figures' most compact form, so that a damaged file is never believed: a wrong limit would not change
 * a result, but every report that is held against it. */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "exec/machine_figures.h"
#include "io/publish.h"

enum { MOST_FILE_BYTES = 1 << 20, MOST_THREADS = 4096 };

static const char format[] = "pelagos-machine-1", stamp_format[] = "%Y-%m-%dT%H:%M:%SZ";

/* ---- to JSON ---- */

/* Appends {"threads": n, ["level": "L1",] key: value}; what is not known is left out. */
static int append(json_t *list, int threads, const char *level, const char *key, double value)
{
    if (!isfinite(value)) return 0;
    json_t *item = json_pack("{s:i}", "threads", threads);
    int failed = !item;
    if (level) failed = failed || json_object_set_new(item, "level", json_string(level)) != 0;
    failed = failed || json_object_set_new(item, key, json_real(value)) != 0;
    if (!failed) return json_array_append_new(list, item);
    json_decref(item);
    return -1;
}

static int append_row(const pel_figures_row *row, json_t *bandwidth, json_t *peak, json_t *fork, json_t *task)
{
    for (int level = 0; level < PEL_MEMORY_LEVELS; level++)
        if (append(bandwidth, row->threads, pel_memory_level_name((pel_memory_level)level), "bytes_per_second",
                   row->bandwidth[level]) != 0)
            return -1;
    if (append(peak, row->threads, NULL, "flops_per_second", row->peak) != 0) return -1;
    if (append(fork, row->threads, NULL, "seconds", row->fork) != 0) return -1;
    return append(task, row->threads, NULL, "seconds", row->task);
}

json_t *pel_figures_json(const pel_figures *figures)
{
    char stamp[32] = "";
    const time_t when = (time_t)figures->measured;
    struct tm parts;
    if (gmtime_r(&when, &parts)) strftime(stamp, sizeof stamp, stamp_format, &parts);
    json_t *bandwidth = json_array(), *peak = json_array(), *fork = json_array(), *task = json_array();
    json_t *all = json_pack("{s:s, s:o, s:o, s:o, s:o}", "when", stamp, "bandwidth", bandwidth, "peak", peak, "fork",
                            fork, "task", task);
    bool failed = !all;
    if (!failed && isfinite(figures->others))
        failed = json_object_set_new(all, "others_busy", json_real(figures->others)) != 0;
    for (int i = 0; !failed && i < figures->count; i++)
        failed = append_row(&figures->row[i], bandwidth, peak, fork, task) != 0;
    if (!failed) return all;
    json_decref(all);
    return NULL;
}

json_t *pel_figures_json_kept(void)
{
    pel_topology *here = NULL;
    pel_figures figures;
    if (pel_topology_load(NULL, &here) != PEL_OK) return NULL;
    json_t *json = pel_figures_find(here, &figures) ? pel_figures_json(&figures) : NULL;
    pel_topology_free(here);
    return json;
}

/* ---- from JSON ---- */

/* The row of so many threads, made if it is the next; NULL if it cannot be there. */
static pel_figures_row *row_of(pel_figures *figures, const json_t *item)
{
    const json_t *threads = json_object_get(item, "threads");
    const json_int_t wanted = json_integer_value(threads); /* 0 for what is no whole number */
    if (wanted < 1 || wanted > MOST_THREADS) return NULL;
    for (int i = 0; i < figures->count; i++)
        if (figures->row[i].threads == wanted) return &figures->row[i];
    const int count = figures->count;
    if (count == PEL_FIGURES_MOST || (count > 0 && figures->row[count - 1].threads > wanted)) return NULL;
    pel_figures_row *row = &figures->row[figures->count++];
    *row = (pel_figures_row){.threads = (int)wanted, .bandwidth = {NAN, NAN, NAN, NAN}, NAN, NAN, NAN};
    return row;
}

static int read_level(const json_t *item)
{
    const char *name = json_string_value(json_object_get(item, "level"));
    for (int level = 0; name && level < PEL_MEMORY_LEVELS; level++)
        if (strcmp(name, pel_memory_level_name((pel_memory_level)level)) == 0) return level;
    return -1;
}

/* Where the number of an item of the list `name` belongs; NULL if it is no such item. */
static double *place_of(pel_figures_row *row, const char *name, const json_t *item)
{
    const int level = read_level(item);
    if (strcmp(name, "bandwidth") == 0) return level < 0 ? NULL : &row->bandwidth[level];
    if (strcmp(name, "peak") == 0) return &row->peak;
    return strcmp(name, "fork") == 0 ? &row->fork : &row->task;
}

static bool read_list(const json_t *all, const char *name, const char *key, pel_figures *figures)
{
    const json_t *list = json_object_get(all, name), *item;
    size_t i;
    json_array_foreach(list, i, item)
    {
        pel_figures_row *row = row_of(figures, item);
        double *place = row ? place_of(row, name, item) : NULL;
        const double value = json_number_value(json_object_get(item, key));
        if (!place || !isfinite(value) || value <= 0) return false;
        *place = value;
    }
    return json_is_array(list);
}

static bool read_circumstances(const json_t *all, pel_figures *figures)
{
    const char *stamp = json_string_value(json_object_get(all, "when"));
    struct tm parts = {0};
    const char *end = stamp ? strptime(stamp, stamp_format, &parts) : NULL;
    if (!end || *end) return false;
    const json_t *others = json_object_get(all, "others_busy");
    figures->measured = (double)timegm(&parts);
    figures->others = others ? json_number_value(others) : NAN;
    return true;
}

static bool read_figures(const json_t *all, pel_figures *figures)
{
    return read_circumstances(all, figures) && read_list(all, "bandwidth", "bytes_per_second", figures) &&
           read_list(all, "peak", "flops_per_second", figures) && read_list(all, "fork", "seconds", figures) &&
           read_list(all, "task", "seconds", figures) && figures->count > 0;
}

/* ---- the file ---- */

/* Of the identity and the figures, in hexadecimal; "" if memory ran out. */
static void hash_of(const json_t *figures, const char *identity, char hash[20])
{
    char *bytes = json_dumps(figures, JSON_COMPACT | JSON_SORT_KEYS);
    hash[0] = '\0';
    if (bytes)
        snprintf(hash, 20, "%016llx", (unsigned long long)pel_hash_mix(pel_hash_text(identity), pel_hash_text(bytes)));
    free(bytes);
}

static pel_status make_folder_of(const char *path)
{
    char *folder = NULL;
    bool is_made;
    PEL_TRY(pel_text_copy(path, &folder));
    *strrchr(folder, '/') = '\0';
    const pel_status status = pel_publish_folder(folder, &is_made);
    free(folder);
    return status;
}

pel_status pel_figures_save(const pel_figures *figures, const char *identity, const char *path)
{
    char hash[20] = "";
    json_t *json = pel_figures_json(figures);
    if (json) hash_of(json, identity, hash);
    json_t *file =
        json_pack("{s:s, s:s, s:s, s:o}", "format", format, "identity", identity, "hash", hash, "figures", json);
    char *text = file ? json_dumps(file, JSON_INDENT(2)) : NULL;
    json_decref(file);
    pel_status status = text && hash[0] ? PEL_OK : pel_fail(PEL_ERR_MEMORY, "no memory for the machine's figures");
    if (status == PEL_OK) status = make_folder_of(path);
    if (status == PEL_OK) status = pel_publish_text(path, text);
    free(text);
    return status;
}

static pel_status corrupt(const char *path, const char *why)
{
    return pel_fail(PEL_ERR_CORRUPT, "%s %s; `pelagos machine --measure` writes it anew", path, why);
}

static pel_status understand(const json_t *file, const char *path, const char *identity, pel_figures *figures)
{
    const char *has_format = json_string_value(json_object_get(file, "format"));
    const char *of = json_string_value(json_object_get(file, "identity"));
    const char *has_hash = json_string_value(json_object_get(file, "hash"));
    const json_t *all = json_object_get(file, "figures");
    char hash[20] = "";
    if (!has_format || strcmp(has_format, format) != 0 || !of || !has_hash || !all)
        return corrupt(path, "does not hold figures of a machine, or is of another version");
    if (strcmp(of, identity) != 0) return corrupt(path, "holds the figures of another machine");
    hash_of(all, identity, hash);
    if (strcmp(hash, has_hash) != 0 || !read_figures(all, figures))
        return corrupt(path, "is damaged: its figures are not what was written");
    return PEL_OK;
}

/* A FIFO would be waited for, and a device never ends. */
static pel_status open_file(const char *path, int *fd)
{
    struct stat found;
    *fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (*fd < 0 && errno == ENOENT) return PEL_OK;
    if (*fd < 0) return pel_fail(PEL_ERR_FILE, "%s cannot be read: %s", path, strerror(errno));
    if (fstat(*fd, &found) == 0 && S_ISREG(found.st_mode) && found.st_size <= MOST_FILE_BYTES) return PEL_OK;
    close(*fd);
    return corrupt(path, "is no file that Pelagos has written");
}

pel_status pel_figures_load(const char *path, const char *identity, pel_figures *figures)
{
    int fd;
    *figures = (pel_figures){0};
    PEL_TRY(open_file(path, &fd));
    if (fd < 0) return PEL_OK;
    json_error_t error;
    json_t *file = json_loadfd(fd, 0, &error);
    close(fd);
    pel_figures found = {0};
    const pel_status status = file ? understand(file, path, identity, &found) : corrupt(path, "is damaged");
    json_decref(file);
    if (status == PEL_OK) *figures = found;
    return status;
}
