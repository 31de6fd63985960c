/* Trajectories as H5MD 1.1 (specification: https://www.nongnu.org/h5md/h5md.html; units module, version 1.0:
 * https://www.nongnu.org/h5md/modules/units.html).
 *
 * An element that changes is a group with `value`, `step` and `time`; the first element that is defined, position, owns
 * step and time, and the others have hard links to them. What never changes is an array by itself. */
#include "particles/h5md.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"
#include "io/file.h"

#define ALL "particles/all"

struct pel_h5md {
    pel_file *file;
    pel_h5md_spec spec;
    long atoms, frames;
    uint64_t ids; /* hashed */
};

enum { LONGEST_PATH = 64, ELEMENTS = 5 };

/* An element that changes; [frames][rows][3]. */
typedef struct h5md_element {
    const char *name;
    pel_io_type memory_type, file_type;
    long rows;
    const char *unit; /* NULL: none */
    bool is_there;
} h5md_element;

static uint64_t hash_ids(const pel_configuration *atoms)
{
    return pel_hash_bytes(atoms->id, (size_t)atoms->count * sizeof *atoms->id);
}

static void list_elements(const pel_h5md *h5md, h5md_element list[ELEMENTS])
{
    const pel_unit_system *units = h5md->spec.units;
    const pel_io_type stored = h5md->spec.is_single ? PEL_IO_FLOAT : PEL_IO_DOUBLE;
    const bool is_reduced = !units || strcmp(units->length, "1") == 0;
    const h5md_element all[ELEMENTS] = {
        {"position", PEL_IO_DOUBLE, stored, h5md->atoms, is_reduced ? NULL : units->length, true},
        {"box/edges", PEL_IO_DOUBLE, PEL_IO_DOUBLE, 3, is_reduced ? NULL : units->length, true},
        {"image", PEL_IO_INT32, PEL_IO_INT32, h5md->atoms, NULL, h5md->spec.has_image},
        {"velocity", PEL_IO_DOUBLE, stored, h5md->atoms, is_reduced ? NULL : units->velocity, h5md->spec.has_velocity},
        {"force", PEL_IO_DOUBLE, stored, h5md->atoms, is_reduced ? NULL : units->force, h5md->spec.has_force}};
    memcpy(list, all, sizeof all);
}

static const char *path_of(const char *element, const char *part, char path[LONGEST_PATH])
{
    snprintf(path, LONGEST_PATH, ALL "/%s%s%s", element, *part ? "/" : "", part);
    return path;
}

/* ---- definition ---- */

static pel_status put_string(pel_file *file, const char *object, const char *name, const char *text)
{
    return pel_file_put_strings(file, object, name, 1, &text);
}

static pel_status define_head(pel_file *file, const pel_h5md_spec *spec, bool has_units)
{
    const long version[2] = {1, 1}, module[2] = {1, 0};
    PEL_TRY(pel_file_put_ints(file, "h5md", "version", 2, version));
    PEL_TRY(put_string(file, "h5md/author", "name", spec->author ? spec->author : "unknown"));
    PEL_TRY(put_string(file, "h5md/creator", "name", spec->creator ? spec->creator : "Pelagos"));
    PEL_TRY(put_string(file, "h5md/creator", "version", spec->creator_version ? spec->creator_version : "unknown"));
    return has_units ? pel_file_put_ints(file, "h5md/modules/units", "version", 2, module) : PEL_OK;
}

static pel_status define_box(pel_file *file, const pel_simulation_box *box)
{
    const long dimension = 3;
    const char *boundary[3];
    for (int d = 0; d < 3; d++) boundary[d] = box->is_periodic[d] ? "periodic" : "none";
    PEL_TRY(pel_file_put_ints(file, ALL "/box", "dimension", 1, &dimension));
    return pel_file_put_strings(file, ALL "/box", "boundary", 3, boundary);
}

/* step and time, where position/value is defined already. */
static pel_status define_clock(pel_file *file, const char *time_unit)
{
    const pel_array_spec step = {
        .name = ALL "/position/step", .memory_type = PEL_IO_INT64, .file_type = PEL_IO_INT64, .rank = 1};
    const pel_array_spec time = {.name = ALL "/position/time", .rank = 1};
    PEL_TRY(pel_file_define_array(file, &step));
    PEL_TRY(pel_file_define_array(file, &time));
    return time_unit ? put_string(file, time.name, "unit", time_unit) : PEL_OK;
}

static pel_status define_element(const pel_h5md *h5md, const h5md_element *element)
{
    char value[LONGEST_PATH], link[LONGEST_PATH];
    const pel_array_spec spec = {.name = path_of(element->name, "value", value),
                                 .memory_type = element->memory_type,
                                 .file_type = element->file_type,
                                 .rank = 3,
                                 .shape = {0, element->rows, 3},
                                 .deflate = element->rows > 3 ? h5md->spec.deflate : 0};
    PEL_TRY(pel_file_define_array(h5md->file, &spec));
    if (element->unit) PEL_TRY(put_string(h5md->file, value, "unit", element->unit));
    if (strcmp(element->name, "position") == 0)
        return define_clock(h5md->file, element->unit ? h5md->spec.units->time : NULL);
    PEL_TRY(pel_file_link(h5md->file, ALL "/position/step", path_of(element->name, "step", link)));
    return pel_file_link(h5md->file, ALL "/position/time", path_of(element->name, "time", link));
}

static const char *observable_path(const pel_h5md_observable *observable, const char *part, char path[LONGEST_PATH])
{
    snprintf(path, LONGEST_PATH, "observables/%s/%s", observable->name, part);
    return path;
}

/* With the step and time of the frames. */
static pel_status define_observable(const pel_h5md *h5md, const pel_h5md_observable *observable, bool has_units)
{
    char value[LONGEST_PATH], link[LONGEST_PATH];
    const pel_array_spec spec = {.name = observable_path(observable, "value", value), .rank = 1};
    PEL_TRY(pel_file_define_array(h5md->file, &spec));
    if (has_units && observable->unit) PEL_TRY(put_string(h5md->file, value, "unit", observable->unit));
    PEL_TRY(pel_file_link(h5md->file, ALL "/position/step", observable_path(observable, "step", link)));
    return pel_file_link(h5md->file, ALL "/position/time", observable_path(observable, "time", link));
}

static bool has_masses(const pel_configuration *atoms)
{
    for (int t = 0; t < atoms->types; t++)
        if (!(atoms->mass[t] > 0)) return false;
    return true;
}

static pel_status write_masses(pel_file *file, const pel_configuration *atoms, const char *unit)
{
    double *mass = NULL;
    PEL_TRY(pel_memory_new((size_t)atoms->count, sizeof *mass, &mass));
    for (long i = 0; i < atoms->count; i++) mass[i] = atoms->mass[atoms->type[i] - 1];
    const pel_status status = pel_file_write_array(file, ALL "/mass", PEL_IO_DOUBLE, 1, &atoms->count, mass);
    free(mass);
    PEL_TRY(status);
    return unit ? put_string(file, ALL "/mass", "unit", unit) : PEL_OK;
}

static pel_status define(pel_h5md *h5md, const pel_configuration *atoms)
{
    h5md_element list[ELEMENTS];
    list_elements(h5md, list);
    const bool has_units = list[0].unit != NULL;
    PEL_TRY(define_head(h5md->file, &h5md->spec, has_units));
    PEL_TRY(define_box(h5md->file, &atoms->box));
    for (int e = 0; e < ELEMENTS; e++)
        if (list[e].is_there) PEL_TRY(define_element(h5md, &list[e]));
    for (int i = 0; i < h5md->spec.observable_count; i++)
        PEL_TRY(define_observable(h5md, &h5md->spec.observables[i], has_units));
    PEL_TRY(pel_file_write_array(h5md->file, ALL "/species", PEL_IO_INT32, 1, &atoms->count, atoms->type));
    PEL_TRY(pel_file_write_array(h5md->file, ALL "/id", PEL_IO_INT64, 1, &atoms->count, atoms->id));
    if (has_masses(atoms)) PEL_TRY(write_masses(h5md->file, atoms, has_units ? h5md->spec.units->mass : NULL));
    return pel_file_sync(h5md->file);
}

static pel_status make(const pel_h5md_spec *spec, const pel_configuration *atoms, pel_h5md **trajectory)
{
    PEL_TRY(pel_memory_new(1, sizeof **trajectory, trajectory));
    (*trajectory)->spec = *spec;
    (*trajectory)->atoms = atoms->count;
    (*trajectory)->ids = hash_ids(atoms);
    return PEL_OK;
}

static pel_status hand_over(pel_h5md *fresh, pel_status status, pel_h5md **trajectory)
{
    if (status == PEL_OK) {
        fresh->spec.author = fresh->spec.creator = fresh->spec.creator_version = NULL; /* the caller's */
        *trajectory = fresh;
        return PEL_OK;
    }
    char *why = NULL;
    const pel_status copied = pel_text_copy(pel_failure(), &why); /* closing may fail too, for another reason */
    (void)pel_h5md_close(fresh);
    if (copied == PEL_OK) (void)pel_fail(status, "%s", why);
    free(why);
    return status;
}

pel_status pel_h5md_create(const char *path, const pel_h5md_spec *spec, const pel_configuration *atoms,
                           pel_h5md **trajectory)
{
    pel_h5md *fresh = NULL;
    PEL_TRY(make(spec, atoms, &fresh));
    pel_status status = pel_file_create(path, &fresh->file);
    if (status == PEL_OK) status = define(fresh, atoms);
    return hand_over(fresh, status, trajectory);
}

/* ---- going on with a file ---- */

static pel_status differs(const pel_h5md *h5md, const char *what)
{
    return pel_fail(PEL_ERR_MISMATCH,
                    "%s: %s; what a trajectory holds cannot change on resume: move the file away, or put it back as "
                    "it was",
                    pel_file_path(h5md->file), what);
}

static pel_status check_element(const pel_h5md *h5md, const h5md_element *element)
{
    char path[LONGEST_PATH], what[2 * LONGEST_PATH];
    pel_io_type type;
    int rank = 0;
    long shape[5] = {0};
    const bool is_there = pel_file_has(h5md->file, path_of(element->name, "value", path));
    if (is_there != element->is_there) {
        snprintf(what, sizeof what, "it has %s %s", is_there ? "the quantity" : "no", element->name);
        return differs(h5md, what);
    }
    if (!is_there) return PEL_OK;
    PEL_TRY(pel_file_array_info(h5md->file, path, &type, &rank, shape));
    snprintf(what, sizeof what, "%s has another precision or shape", element->name);
    const bool is_same = rank == 3 && type == element->file_type && shape[1] == element->rows && shape[2] == 3;
    return is_same ? PEL_OK : differs(h5md, what);
}

static pel_status check_observables(const pel_h5md *h5md)
{
    char path[LONGEST_PATH], what[2 * LONGEST_PATH];
    for (int i = 0; i < h5md->spec.observable_count; i++) {
        if (pel_file_has(h5md->file, observable_path(&h5md->spec.observables[i], "value", path))) continue;
        snprintf(what, sizeof what, "it has no %s", path);
        return differs(h5md, what);
    }
    return PEL_OK;
}

static pel_status check_ids(const pel_h5md *h5md, const pel_configuration *atoms)
{
    int rank = 0;
    long shape[5] = {0};
    const long start = 0;
    int64_t *ids = NULL;
    PEL_TRY(pel_file_array_info(h5md->file, ALL "/id", NULL, &rank, shape));
    if (rank != 1 || shape[0] != atoms->count) return differs(h5md, "it has another number of atoms");
    PEL_TRY(pel_memory_new((size_t)atoms->count, sizeof *ids, &ids));
    const pel_status status = pel_file_read_box(h5md->file, ALL "/id", PEL_IO_INT64, &start, shape, ids);
    const bool are_same = status == PEL_OK && memcmp(ids, atoms->id, (size_t)atoms->count * sizeof *ids) == 0;
    free(ids);
    PEL_TRY(status);
    return are_same ? PEL_OK : differs(h5md, "it has atoms of other ids");
}

static pel_status check(const pel_h5md *h5md, const pel_configuration *atoms)
{
    h5md_element list[ELEMENTS];
    list_elements(h5md, list);
    for (int e = 0; e < ELEMENTS; e++) PEL_TRY(check_element(h5md, &list[e]));
    PEL_TRY(check_observables(h5md));
    return check_ids(h5md, atoms);
}

static pel_status count_until(const pel_h5md *h5md, int64_t step, long *frames)
{
    while (*frames > 0) {
        int64_t last = 0;
        PEL_TRY(pel_file_read_box(h5md->file, ALL "/position/step", PEL_IO_INT64, (long[]){*frames - 1}, (long[]){1},
                                  &last));
        if (last <= step) break;
        --*frames;
    }
    return PEL_OK;
}

static pel_status cut_back(pel_h5md *h5md, long frames, int64_t step)
{
    h5md->frames = pel_file_records(h5md->file, NULL);
    if (h5md->frames < 0) return PEL_ERR_FILE;
    if (frames < 0) PEL_TRY(count_until(h5md, step, &h5md->frames));
    else if (h5md->frames < frames)
        return pel_fail(PEL_ERR_CORRUPT,
                        "%s: %ld of the %ld frames that the checkpoint knows are missing; move the file away to go on "
                        "with a new one",
                        pel_file_path(h5md->file), frames - h5md->frames, frames);
    else h5md->frames = frames;
    return pel_file_truncate_records(h5md->file, NULL, h5md->frames);
}

pel_status pel_h5md_reopen(const char *path, const pel_h5md_spec *spec, const pel_configuration *atoms, long frames,
                           int64_t step, pel_h5md **trajectory)
{
    pel_h5md *fresh = NULL;
    PEL_TRY(make(spec, atoms, &fresh));
    pel_status status = pel_file_open(path, PEL_FILE_APPEND, &fresh->file);
    if (status == PEL_OK) status = check(fresh, atoms);
    if (status == PEL_OK) status = cut_back(fresh, frames, step);
    return hand_over(fresh, status, trajectory);
}

/* ---- frames ---- */

static pel_status append_element(pel_h5md *h5md, const h5md_element *element, const pel_configuration *atoms,
                                 const double edges[9], const double (*force)[3])
{
    char path[LONGEST_PATH];
    const void *values = strcmp(element->name, "position") == 0   ? (const void *)atoms->position
                         : strcmp(element->name, "velocity") == 0 ? (const void *)atoms->velocity
                         : strcmp(element->name, "image") == 0    ? (const void *)atoms->image
                         : strcmp(element->name, "force") == 0    ? (const void *)force
                                                                  : edges;
    return pel_file_append_box(h5md->file, path_of(element->name, "value", path), h5md->frames, element->memory_type,
                               NULL, NULL, values);
}

static pel_status append_observables(const pel_h5md *h5md)
{
    char path[LONGEST_PATH];
    for (int i = 0; i < h5md->spec.observable_count; i++) {
        const pel_h5md_observable *observable = &h5md->spec.observables[i];
        PEL_TRY(pel_file_append_box(h5md->file, observable_path(observable, "value", path), h5md->frames, PEL_IO_DOUBLE,
                                    NULL, NULL, observable->value));
    }
    return PEL_OK;
}

pel_status pel_h5md_append(pel_h5md *trajectory, int64_t step, double time, const pel_configuration *atoms,
                           const double (*force)[3])
{
    h5md_element list[ELEMENTS];
    double edges[9] = {0};
    pel_file *file = trajectory->file;
    const long frame = trajectory->frames;
    if (atoms->count != trajectory->atoms || hash_ids(atoms) != trajectory->ids)
        return pel_fail(PEL_ERR_MISMATCH, "%s: there are %ld atoms now, or others than the %ld with which it began",
                        pel_file_path(file), atoms->count, trajectory->atoms);
    if (trajectory->spec.has_force && !force)
        return pel_fail(PEL_ERR_ARGUMENT, "%s: it has forces, and this frame has none", pel_file_path(file));
    for (int d = 0; d < 3; d++) edges[4 * d] = atoms->box.length[d];
    list_elements(trajectory, list);
    for (int e = 0; e < ELEMENTS; e++)
        if (list[e].is_there) PEL_TRY(append_element(trajectory, &list[e], atoms, edges, force));
    PEL_TRY(append_observables(trajectory));
    PEL_TRY(pel_file_append_box(file, ALL "/position/step", frame, PEL_IO_INT64, NULL, NULL, &step));
    PEL_TRY(pel_file_append_box(file, ALL "/position/time", frame, PEL_IO_DOUBLE, NULL, NULL, &time));
    PEL_TRY(pel_file_sync(file));
    trajectory->frames++;
    return PEL_OK;
}

long pel_h5md_frames(const pel_h5md *trajectory)
{
    return trajectory->frames;
}

pel_status pel_h5md_close(pel_h5md *trajectory)
{
    if (!trajectory) return PEL_OK;
    const pel_status status = pel_file_close(trajectory->file);
    free(trajectory);
    return status;
}
