/*
 * Checkpoints: fields go through one buffer of at most 16 MiB, so that saving needs no second copy of the state.
 *
 * The same walk over the state serves saving and restoring: each part has a save and a restore function side by side.
 */
#include "sim/checkpoint.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/memory.h"
#include "io/publish.h"
#include "sim/run.h"

enum { SLAB_BYTES = 16 << 20, NAME_BYTES = 512, FORMAT = 1, DECK_PIECE = 32000, STEP_DIGITS = 10 };

static pel_io_type io_type(pel_type type)
{
    static const pel_io_type types[] = {
        [PEL_DOUBLE] = PEL_IO_DOUBLE, [PEL_FLOAT] = PEL_IO_FLOAT, [PEL_COMPLEX] = PEL_IO_COMPLEX,
        [PEL_INT32] = PEL_IO_INT32,   [PEL_INT64] = PEL_IO_INT64,
    };
    return types[type];
}

/* "clock" or, in a run of several components, "ocean/clock". */
static const char *place(const pel_component *component, const char *what, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, "%s%s%s", component->name, *component->name ? "/" : "", what);
    return name;
}

/* "fields/q", or "fields/spectral/q" of a grid that the app added. */
static const char *field_group(const pel_component *component, const pel_field *field, char group[2 * NAME_BYTES])
{
    char fields[NAME_BYTES];
    const char *grid = pel_component_grid_name(component, field);
    snprintf(group, 2 * NAME_BYTES, "%s/%s%s%s", place(component, "fields", fields), grid, *grid ? "/" : "",
             pel_field_name(field));
    return group;
}

static bool is_saved(const pel_field *field)
{
    return pel_field_spec_of(field)->role != PEL_WORK;
}

/* ---- fields ---- */

/* One time level of a field, on its way to or from a file. */
typedef struct transfer {
    pel_file *file;
    const char *array;
    pel_field *field;
    int level;
    bool is_save;
    void *slab;
} transfer;

static pel_status move_slab(const transfer *t, int c, pel_box box)
{
    const pel_io_type type = io_type(pel_field_spec_of(t->field)->type);
    const pel_box points = pel_field_points(t->field);
    const long start[4] = {c, box.lo[2] - points.lo[2], box.lo[1] - points.lo[1], box.lo[0] - points.lo[0]};
    const long count[4] = {1, box.hi[2] - box.lo[2], box.hi[1] - box.lo[1], box.hi[0] - box.lo[0]};
    if (t->is_save) {
        pel_field_get(t->field, t->level, c, box, t->slab);
        return pel_file_write_box(t->file, t->array, type, start, count, t->slab);
    }
    PEL_TRY(pel_file_read_box(t->file, t->array, type, start, count, t->slab));
    pel_field_put(t->field, t->level, c, box, t->slab);
    return PEL_OK;
}

static int smaller(long a, long b)
{
    return (int)(a < b ? a : b);
}

/* Rows, and whole planes where more than one fits, that a slab holds. */
static void slab_shape(pel_box owned, size_t element, int *rows, int *planes)
{
    const long row = (long)element * (owned.hi[0] - owned.lo[0]), ny = owned.hi[1] - owned.lo[1];
    const long most = row < SLAB_BYTES ? SLAB_BYTES / row : 1;
    *rows = smaller(ny, most);
    *planes = most > ny ? smaller(owned.hi[2] - owned.lo[2], most / ny) : 1;
}

static pel_status move_level(transfer *t)
{
    const pel_field_spec *spec = pel_field_spec_of(t->field);
    const pel_box owned = pel_field_owned(t->field);
    if (pel_box_is_empty(owned)) return PEL_OK;
    int rows, planes;
    slab_shape(owned, pel_type_bytes(spec->type), &rows, &planes);
    PEL_TRY(pel_memory_new((size_t)rows * (size_t)planes * (size_t)(owned.hi[0] - owned.lo[0]),
                           pel_type_bytes(spec->type), &t->slab));
    pel_status status = PEL_OK;
    for (int c = 0; c < spec->components; c++)
        for (int z = owned.lo[2]; z < owned.hi[2]; z += planes)
            for (int y = owned.lo[1]; y < owned.hi[1] && status == PEL_OK; y += rows) {
                const pel_box box = {{owned.lo[0], y, z},
                                     {owned.hi[0], smaller(y + rows, owned.hi[1]), smaller(z + planes, owned.hi[2])}};
                status = move_slab(t, c, box);
            }
    free(t->slab);
    return status;
}

static void array_shape(const pel_field *field, long shape[4])
{
    const pel_box points = pel_field_points(field);
    shape[0] = pel_field_spec_of(field)->components;
    for (int d = 0; d < 3; d++) shape[3 - d] = points.hi[d] - points.lo[d];
}

static pel_status save_level(pel_file *file, pel_field *field, const char *group, int level)
{
    char name[3 * NAME_BYTES];
    snprintf(name, sizeof name, "%s/level%d", group, level);
    const pel_io_type type = io_type(pel_field_spec_of(field)->type);
    pel_array_spec spec = {.name = name, .memory_type = type, .file_type = type, .rank = 4};
    array_shape(field, spec.shape);
    PEL_TRY(pel_file_define_array(file, &spec));
    transfer t = {.file = file, .array = name, .field = field, .level = level, .is_save = true};
    PEL_TRY(move_level(&t));
    const long is_set = pel_field_is_set(field, level);
    return pel_file_put_ints(file, name, "is_set", 1, &is_set);
}

static pel_status save_field(pel_file *file, const pel_component *component, pel_field *field)
{
    char group[2 * NAME_BYTES];
    field_group(component, field, group);
    const long rotations = pel_field_rotations(field);
    PEL_TRY(pel_file_make_group(file, group));
    PEL_TRY(pel_file_put_ints(file, group, "rotations", 1, &rotations));
    PEL_TRY(pel_file_put_text(file, group, "units", pel_field_spec_of(field)->units));
    const int lowest = pel_field_lowest_level(field);
    for (int i = 0; i < pel_field_spec_of(field)->levels; i++) PEL_TRY(save_level(file, field, group, lowest + i));
    return PEL_OK;
}

static pel_status shape_differs(const pel_file *file, const pel_field *field, const long there[5], const long here[4])
{
    return pel_fail(
        PEL_ERR_MISMATCH,
        "%s: field %s has %ld x %ld x %ld points there and %ld x %ld x %ld here; a checkpoint serves a run on the same "
        "grid with the same boundaries",
        pel_file_path(file), pel_field_name(field), there[3], there[2], there[1], here[3], here[2], here[1]);
}

static pel_status check_array(const pel_file *file, const pel_field *field, const char *array)
{
    pel_io_type type;
    int rank;
    long there[5] = {0}, here[4];
    PEL_TRY(pel_file_array_info(file, array, &type, &rank, there));
    array_shape(field, here);
    if (rank != 4 || memcmp(here, there, sizeof here) != 0) return shape_differs(file, field, there, here);
    if (type != io_type(pel_field_spec_of(field)->type))
        return pel_fail(PEL_ERR_MISMATCH, "%s: field %s has another type of values there", pel_file_path(file),
                        pel_field_name(field));
    return PEL_OK;
}

static pel_status restore_level(pel_file *file, pel_field *field, const char *group, int level)
{
    char name[3 * NAME_BYTES];
    snprintf(name, sizeof name, "%s/level%d", group, level);
    long is_set = 0;
    PEL_TRY(check_array(file, field, name));
    PEL_TRY(pel_file_get_int(file, name, "is_set", &is_set));
    if (!is_set) return PEL_OK; /* a level that is not set yet counts in no hash */
    transfer t = {.file = file, .array = name, .field = field, .level = level};
    return move_level(&t); /* marks it as set */
}

/* Fills the levels of `field` that `with_history` asks for; *found says whether the file has the field. */
static pel_status restore_field(pel_file *file, const pel_component *component, pel_field *field, bool with_history,
                                bool *found)
{
    char group[2 * NAME_BYTES];
    field_group(component, field, group);
    *found = pel_file_has(file, group);
    if (!*found) return PEL_OK;
    if (!with_history) return restore_level(file, field, group, 0);
    long rotations = 0;
    PEL_TRY(pel_file_get_int(file, group, "rotations", &rotations));
    pel_field_set_rotations(field, rotations);
    const int lowest = pel_field_lowest_level(field);
    for (int i = 0; i < pel_field_spec_of(field)->levels; i++) PEL_TRY(restore_level(file, field, group, lowest + i));
    return PEL_OK;
}

static pel_status restore_fields(pel_file *file, const pel_component *component)
{
    for (int i = 0; pel_component_field(component, i); i++) {
        pel_field *field = pel_component_field(component, i);
        bool found = true;
        if (is_saved(field)) PEL_TRY(restore_field(file, component, field, true, &found));
        if (!found && pel_component_is_state(component, field)) /* averages may be new, the app's fields not */
            return pel_fail(PEL_ERR_MISMATCH, "%s has no field %s; it was written by another version of app %s",
                            pel_file_path(file), pel_field_name(field), component->app->name);
    }
    return PEL_OK;
}

/* ---- scalars and tables ---- */

static pel_status save_scalars(pel_file *file, const pel_component *component)
{
    char group[NAME_BYTES];
    PEL_TRY(pel_file_make_group(file, place(component, "scalars", group)));
    for (int i = 0; i < component->scalar_count; i++)
        PEL_TRY(pel_file_put_reals(file, group, component->scalars[i].name, 1, component->scalars[i].value));
    return PEL_OK;
}

static pel_status restore_scalars(const pel_file *file, const pel_component *component, bool may_lack)
{
    char group[NAME_BYTES];
    place(component, "scalars", group);
    for (int i = 0; i < component->scalar_count; i++)
        if (!may_lack || pel_file_has_attribute(file, group, component->scalars[i].name))
            PEL_TRY(pel_file_get_real(file, group, component->scalars[i].name, component->scalars[i].value));
    return PEL_OK;
}

static const char *table_group(const pel_component *component, const pel_table *table, char group[2 * NAME_BYTES])
{
    char tables[NAME_BYTES];
    snprintf(group, 2 * NAME_BYTES, "%s/%s", place(component, "tables", tables), pel_table_name(table));
    return group;
}

static const char *column_array(const char *group, const pel_column_spec *column, char array[3 * NAME_BYTES])
{
    snprintf(array, 3 * NAME_BYTES, "%s/%s", group, column->name);
    return array;
}

static pel_status save_table(pel_file *file, const pel_component *component, pel_table *table)
{
    char group[2 * NAME_BYTES], array[3 * NAME_BYTES];
    const long rows = pel_table_rows(table);
    PEL_TRY(pel_file_make_group(file, table_group(component, table, group)));
    PEL_TRY(pel_file_put_ints(file, group, "rows", 1, &rows));
    if (rows == 0) return PEL_OK;
    snprintf(array, sizeof array, "%s/id", group);
    PEL_TRY(pel_file_write_array(file, array, PEL_IO_INT64, 1, &rows, pel_table_ids(table)));
    for (int c = 0; c < pel_table_columns(table); c++) {
        const pel_column_spec *column = pel_table_column(table, c);
        const long shape[2] = {rows, column->components};
        PEL_TRY(pel_file_write_array(file, column_array(group, column, array), io_type(column->type), 2, shape,
                                     pel_table_values(table, c)));
        PEL_TRY(pel_file_put_text(file, array, "units", column->units));
    }
    return PEL_OK;
}

/* A state may be taken over by another deck, but not by one that would read its numbers in other units. */
static pel_status check_units(const pel_file *file, const char *array, const pel_column_spec *column)
{
    char *units = NULL;
    if (!pel_file_has_attribute(file, array, "units")) return PEL_OK;
    PEL_TRY(pel_file_get_text(file, array, "units", &units));
    const bool is_same = strcmp(units, column->units) == 0;
    const pel_status status = is_same ? PEL_OK
                                      : pel_fail(PEL_ERR_MISMATCH,
                                                 "the checkpoint holds %s in \"%s\", and the deck wants \"%s\"; give "
                                                 "the deck the units of the run that wrote it",
                                                 array, units, column->units);
    free(units);
    return status;
}

static pel_status restore_ids(const pel_file *file, const char *group, long rows, pel_table *table)
{
    char array[3 * NAME_BYTES];
    int64_t *ids = NULL;
    PEL_TRY(pel_memory_new((size_t)rows + 1, sizeof *ids, &ids));
    const long start = 0;
    snprintf(array, sizeof array, "%s/id", group);
    pel_status status = rows > 0 ? pel_file_read_box(file, array, PEL_IO_INT64, &start, &rows, ids) : PEL_OK;
    if (status == PEL_OK) status = pel_table_resize(table, rows, ids);
    free(ids);
    return status;
}

static pel_status restore_table(const pel_file *file, const pel_component *component, pel_table *table)
{
    char group[2 * NAME_BYTES], array[3 * NAME_BYTES];
    long rows = 0;
    table_group(component, table, group);
    PEL_TRY(pel_file_get_int(file, group, "rows", &rows));
    PEL_TRY(restore_ids(file, group, rows, table));
    for (int c = 0; c < pel_table_columns(table) && rows > 0; c++) {
        const pel_column_spec *column = pel_table_column(table, c);
        const long start[2] = {0, 0}, count[2] = {rows, column->components};
        PEL_TRY(check_units(file, column_array(group, column, array), column));
        PEL_TRY(pel_file_read_box(file, array, io_type(column->type), start, count, pel_table_values(table, c)));
    }
    return PEL_OK;
}

/* What is gathered for output alone may be new. */
static pel_status restore_tables(const pel_file *file, const pel_component *component)
{
    char group[2 * NAME_BYTES];
    for (int t = 0; t < component->table_count; t++) {
        pel_table *table = component->tables[t];
        const bool is_there = pel_file_has(file, table_group(component, table, group));
        if (is_there || !component->is_gathered[t]) PEL_TRY(restore_table(file, component, table));
        else PEL_TRY(pel_table_resize(table, 0, NULL));
    }
    return PEL_OK;
}

/* ---- clocks ---- */

static pel_status save_clock(pel_file *file, const pel_component *component)
{
    char group[NAME_BYTES];
    PEL_TRY(pel_file_make_group(file, place(component, "clock", group)));
    PEL_TRY(pel_file_put_ints(file, group, "step", 1, &component->now.index));
    PEL_TRY(pel_file_put_reals(file, group, "time", 1, &component->now.time));
    PEL_TRY(pel_file_put_reals(file, group, "dt", 1, &component->now.dt));
    return pel_file_put_ints(file, group, "since_start", 1, &component->since_start);
}

pel_status pel_checkpoint_clock(const pel_file *file, const pel_component *component, pel_step *now, long *since_start)
{
    char group[NAME_BYTES];
    place(component, "clock", group);
    PEL_TRY(pel_file_get_int(file, group, "step", &now->index));
    PEL_TRY(pel_file_get_real(file, group, "time", &now->time));
    PEL_TRY(pel_file_get_real(file, group, "dt", &now->dt));
    return pel_file_get_int(file, group, "since_start", since_start);
}

/* ---- the head, with the deck ---- */

/* An attribute holds at most 64 KB, so that a long deck is stored in pieces. */
static pel_status save_deck(pel_file *file, const pel_params *params)
{
    pel_text text = {0};
    pel_params_write(params, &text);
    pel_status status = text.lost ? pel_fail(PEL_ERR_MEMORY, "out of memory for the resolved deck") : PEL_OK;
    if (status == PEL_OK) status = pel_file_make_group(file, "deck");
    for (size_t at = 0, piece = 0; at < text.length && status == PEL_OK; at += DECK_PIECE, piece++) {
        char name[32], part[DECK_PIECE + 1];
        snprintf(name, sizeof name, "text%zu", piece);
        snprintf(part, sizeof part, "%s", text.bytes + at);
        status = pel_file_put_text(file, "deck", name, part);
    }
    pel_text_free(&text);
    return status;
}

pel_status pel_checkpoint_deck(const pel_file *file, char **deck)
{
    pel_text text = {0};
    char name[32] = "text0";
    for (int piece = 1; pel_file_has_attribute(file, "deck", name); piece++) {
        char *part = NULL;
        const pel_status status = pel_file_get_text(file, "deck", name, &part);
        if (status == PEL_OK) pel_text_add(&text, "%s", part);
        free(part);
        if (status != PEL_OK) {
            pel_text_free(&text);
            return status;
        }
        snprintf(name, sizeof name, "text%d", piece);
    }
    const pel_status status = pel_text_copy(pel_text_get(&text), deck);
    pel_text_free(&text);
    return status;
}

static pel_status save_head(pel_file *file, const pel_saved *saved)
{
    const pel_component *first = saved->components[0];
    const long format = FORMAT;
    char hash[32];
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)pel_params_fixed_hash(saved->params));
    PEL_TRY(pel_file_put_text(file, "", "kind", "pelagos checkpoint"));
    PEL_TRY(pel_file_put_ints(file, "", "format", 1, &format));
    PEL_TRY(pel_file_put_text(file, "", "app", first->app->name));
    PEL_TRY(pel_file_put_ints(file, "", "step", 1, &first->now.index));
    PEL_TRY(pel_file_put_reals(file, "", "time", 1, &first->now.time));
    PEL_TRY(pel_file_put_text(file, "", "time_units", pel_component_time_unit(first)));
    PEL_TRY(pel_file_put_text(file, "", "fixed_hash", hash));
    return save_deck(file, saved->params);
}

static pel_status check_head(const pel_file *file)
{
    char *kind = NULL;
    const bool is_named =
        pel_file_has_attribute(file, "", "kind") && pel_file_get_text(file, "", "kind", &kind) == PEL_OK;
    const bool is_checkpoint = is_named && strcmp(kind, "pelagos checkpoint") == 0;
    free(kind);
    if (!is_checkpoint) return pel_fail(PEL_ERR_MISMATCH, "%s is not a checkpoint of Pelagos", pel_file_path(file));
    long format = 0;
    PEL_TRY(pel_file_get_int(file, "", "format", &format));
    if (format != FORMAT)
        return pel_fail(PEL_ERR_MISMATCH, "%s is a checkpoint of format %ld; this program reads format %d",
                        pel_file_path(file), format, FORMAT);
    return PEL_OK;
}

pel_status pel_checkpoint_app(const pel_file *file, char **app)
{
    return pel_file_get_text(file, "", "app", app);
}

/* ---- a whole state ---- */

static pel_status save_component(pel_file *file, pel_component *component)
{
    PEL_TRY(pel_component_store(component));
    PEL_TRY(save_clock(file, component));
    for (int i = 0; pel_component_field(component, i); i++) {
        pel_field *field = pel_component_field(component, i);
        if (is_saved(field)) PEL_TRY(save_field(file, component, field));
    }
    PEL_TRY(save_scalars(file, component));
    for (int i = 0; i < component->table_count; i++) PEL_TRY(save_table(file, component, component->tables[i]));
    return PEL_OK;
}

static pel_status save_all(pel_file *file, const pel_saved *saved)
{
    PEL_TRY(save_head(file, saved));
    for (int i = 0; i < saved->count; i++) PEL_TRY(save_component(file, saved->components[i]));
    PEL_TRY(pel_file_make_group(file, "output"));
    return pel_output_save(saved->output, file);
}

pel_status pel_checkpoint_write(const pel_saved *saved, const char *path)
{
    pel_file *file = NULL;
    PEL_TRY(pel_publish_begin(path, &file));
    const pel_status status = save_all(file, saved);
    if (status == PEL_OK) return pel_publish_end(file);
    pel_publish_abandon(file);
    return status;
}

pel_status pel_checkpoint_restore(const pel_saved *saved, pel_file *file)
{
    for (int i = 0; i < saved->count; i++) {
        pel_component *component = saved->components[i];
        PEL_TRY(pel_checkpoint_clock(file, component, &component->now, &component->since_start));
        PEL_TRY(restore_fields(file, component));
        PEL_TRY(restore_scalars(file, component, false));
        PEL_TRY(restore_tables(file, component));
        PEL_TRY(pel_component_load(component));
    }
    return pel_output_restore(saved->output, file);
}

bool pel_checkpoint_has_state(const pel_file *file, const pel_component *component)
{
    for (int i = 0; pel_component_state_field(component, i); i++) {
        const pel_field *field = pel_component_state_field(component, i);
        char group[2 * NAME_BYTES];
        field_group(component, field, group);
        if (pel_field_spec_of(field)->role == PEL_PROGNOSTIC && !pel_file_has(file, group)) return false;
    }
    return true;
}

static pel_status adopt_component(pel_component *component, pel_file *file, bool with_history)
{
    for (int i = 0; pel_component_state_field(component, i); i++) {
        pel_field *field = pel_component_state_field(component, i);
        if (pel_field_spec_of(field)->role != PEL_PROGNOSTIC) continue;
        bool found;
        PEL_TRY(restore_field(file, component, field, with_history, &found));
        if (!found)
            pel_log_warning("%s has no field %s; it keeps its initial state", pel_file_path(file),
                            pel_field_name(field));
    }
    char group[2 * NAME_BYTES];
    for (int t = 0; t < component->table_count; t++)
        if (!component->is_gathered[t] && pel_file_has(file, table_group(component, component->tables[t], group)))
            PEL_TRY(restore_table(file, component, component->tables[t]));
    PEL_TRY(restore_scalars(file, component, true));
    return pel_component_load(component);
}

pel_status pel_checkpoint_adopt(const pel_saved *saved, pel_file *file, bool with_history)
{
    for (int i = 0; i < saved->count; i++) {
        pel_component *component = saved->components[i];
        PEL_TRY(pel_checkpoint_clock(file, component, &component->now, &component->since_start));
        PEL_TRY(adopt_component(component, file, with_history));
    }
    return PEL_OK;
}

/* ---- the checkpoints of a run ---- */

pel_status pel_checkpoint_path(const char *folder, long step, char **path)
{
    pel_text text = {0};
    pel_text_add(&text, "%s/checkpoints/%0*ld.h5", folder, STEP_DIGITS, step);
    const pel_status status = pel_text_copy(pel_text_get(&text), path);
    pel_text_free(&text);
    return status;
}

/* Whether a name is that of a checkpoint: digits and ".h5". */
static bool is_checkpoint_name(const char *name)
{
    const size_t digits = strspn(name, "0123456789");
    return digits >= STEP_DIGITS && strcmp(name + digits, ".h5") == 0;
}

/* Later steps first: longer names, then greater ones. */
static int compare_newest_first(const void *a, const void *b)
{
    const char *x = *(char *const *)a, *y = *(char *const *)b;
    const size_t n = strlen(x), m = strlen(y);
    return n != m ? (n < m ? 1 : -1) : strcmp(y, x);
}

static pel_status add_path(const char *folder, const char *name, char ***paths, size_t *count, size_t *capacity)
{
    PEL_TRY(pel_memory_grow(paths, capacity, *count + 1, sizeof **paths));
    pel_text text = {0};
    pel_text_add(&text, "%s/checkpoints/%s", folder, name);
    const pel_status status = pel_text_copy(pel_text_get(&text), &(*paths)[*count]);
    pel_text_free(&text);
    if (status == PEL_OK) ++*count;
    return status;
}

static void free_paths(char **paths, size_t count)
{
    for (size_t i = 0; i < count; i++) free(paths[i]);
    free(paths);
}

pel_status pel_checkpoint_list(const char *folder, char ***paths, size_t *count)
{
    pel_text name = {0};
    pel_text_add(&name, "%s/checkpoints", folder);
    DIR *directory = opendir(pel_text_get(&name));
    const int reason = errno;
    *paths = NULL;
    *count = 0;
    pel_status status = PEL_OK;
    if (!directory && reason != ENOENT)
        status = pel_fail(PEL_ERR_FILE, "%s cannot be listed: %s", pel_text_get(&name), strerror(reason));
    pel_text_free(&name);
    if (!directory) return status;
    size_t capacity = 0;
    for (struct dirent *entry; status == PEL_OK && (entry = readdir(directory));)
        if (is_checkpoint_name(entry->d_name)) status = add_path(folder, entry->d_name, paths, count, &capacity);
    closedir(directory);
    if (*count > 0) qsort(*paths, *count, sizeof **paths, compare_newest_first);
    if (status != PEL_OK) free_paths(*paths, *count);
    return status;
}

pel_status pel_checkpoint_thin(const char *folder, long keep)
{
    char **paths;
    size_t count;
    PEL_TRY(pel_checkpoint_list(folder, &paths, &count));
    for (size_t i = (size_t)keep; i < count; i++)
        if (unlink(paths[i]) != 0) pel_log_warning("%s cannot be removed: %s", paths[i], strerror(errno));
    free_paths(paths, count);
    return PEL_OK;
}

pel_status pel_checkpoint_open(const char *path, pel_file **file)
{
    PEL_TRY(pel_publish_verify(path));
    PEL_TRY(pel_file_open(path, PEL_FILE_READ, file));
    const pel_status status = check_head(*file);
    if (status == PEL_OK) return PEL_OK;
    pel_file_close(*file);
    *file = NULL;
    return status;
}

pel_status pel_checkpoint_open_newest(const char *folder, pel_file **file)
{
    char **paths;
    size_t count;
    PEL_TRY(pel_checkpoint_list(folder, &paths, &count));
    *file = NULL;
    for (size_t i = 0; i < count && !*file; i++)
        if (pel_checkpoint_open(paths[i], file) != PEL_OK) pel_log_warning("skipped a checkpoint: %s", pel_failure());
    free_paths(paths, count);
    if (count > 0 && !*file)
        return pel_fail(PEL_ERR_CORRUPT,
                        "none of the %zu checkpoints in %s/checkpoints is whole; --overwrite begins anew", count,
                        folder);
    return PEL_OK;
}
