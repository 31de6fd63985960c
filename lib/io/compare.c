/* Comparing two files: a walk over the names of both, arrays block by block, attributes as a text of what they hold.
 *
 * Numbers are compared as the bytes that the files hold (no conversion), and once more as doubles where those differ,
 * to say by how much. Values that are addresses inside a file (references, variable-length texts and lists) have other
 * bytes in every file; they are written out, references as the path that they lead to, and compared as texts. */
#include "io/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "io/handle.h"

enum { BLOCK_BYTES = 4 << 20, MOST_LINES = 100 };

typedef struct comparison {
    pel_file *file[2];
    const char *const *ignored;
    pel_text *report;
    long differences;
} comparison;

/* ---- the report ---- */

static void differ(comparison *all, const char *path, const char *attribute, const char *how)
{
    all->differences++;
    if (!all->report || all->differences > MOST_LINES) return;
    const char *shown = path[0] || attribute ? path : "/";
    pel_text_add(all->report, "%s%s%s: %s\n", shown, attribute ? "@" : "", attribute ? attribute : "", how);
}

static bool is_below(const char *path, const char *group)
{
    const size_t length = strlen(group);
    return strncmp(path, group, length) == 0 && (path[length] == 0 || path[length] == '/');
}

static bool is_ignored(const comparison *all, const char *path, const char *attribute)
{
    for (const char *const *name = all->ignored; name && *name; name++) {
        const char *at = strchr(*name, '@');
        if (!at && !attribute && is_below(path, *name)) return true;
        if (!at || !attribute || strcmp(at + 1, attribute) != 0) continue;
        const size_t length = (size_t)(at - *name);
        if ((length == 1 && **name == '*') || (strlen(path) == length && strncmp(path, *name, length) == 0))
            return true;
    }
    return false;
}

/* ---- sorted names of both files ---- */

typedef struct name_set {
    char **names;
    size_t count, capacity;
} name_set;

static pel_status add_name(void *context, const char *name, bool is_group)
{
    (void)is_group;
    name_set *set = context;
    PEL_TRY(pel_memory_grow(&set->names, &set->capacity, set->count + 1, sizeof(char *)));
    PEL_TRY(pel_text_copy(name, &set->names[set->count]));
    set->count++;
    return PEL_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_names(name_set *set)
{
    if (set->count) qsort(set->names, set->count, sizeof(char *), by_name);
}

static void free_names(name_set *set)
{
    for (size_t i = 0; i < set->count; i++) free(set->names[i]);
    free(set->names);
}

/* Steps through two sorted sets at once. @return which of them hold the next name: 1, 2, 3 (both), or 0 at the end */
static int next_name(const name_set set[2], size_t at[2], const char **name)
{
    const char *a = at[0] < set[0].count ? set[0].names[at[0]] : NULL;
    const char *b = at[1] < set[1].count ? set[1].names[at[1]] : NULL;
    if (!a && !b) return 0;
    const int order = !a ? 1 : !b ? -1 : strcmp(a, b);
    *name = order <= 0 ? a : b;
    if (order <= 0) at[0]++;
    if (order >= 0) at[1]++;
    return order < 0 ? 1 : order > 0 ? 2 : 3;
}

static void differ_in_presence(comparison *all, const char *path, const char *attribute, int which)
{
    differ(all, path, attribute, which == 1 ? "only in the first file" : "only in the second file");
}

/* ---- values as text ---- */

static void write_bytes(pel_text *out, const unsigned char *value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) pel_text_add(out, "%02x", value[i]);
    pel_text_add(out, " ");
}

/* The text, and what stands behind its end, if anything does. */
static void write_fixed_text(pel_text *out, const char *value, size_t bytes)
{
    const size_t length = strnlen(value, bytes);
    bool has_rest = false;
    for (size_t i = length; i < bytes; i++) has_rest = has_rest || value[i];
    pel_text_add(out, "\"%.*s\" ", (int)length, value);
    if (has_rest) write_bytes(out, (const unsigned char *)value + length, bytes - length);
}

static void write_reference(pel_text *out, hid_t object, const void *value)
{
    char path[512] = "nothing";
    const hid_t target = H5Rdereference2(object, H5P_DEFAULT, H5R_OBJECT, value);
    if (target >= 0 && H5Iget_name(target, path, sizeof path) < 0) strcpy(path, "something without a name");
    if (target >= 0) H5Oclose(target);
    H5Eclear2(H5E_DEFAULT);
    pel_text_add(out, "->%s ", path);
}

static void write_value(pel_text *out, hid_t object, hid_t type, const unsigned char *value);

static void write_list(pel_text *out, hid_t object, hid_t type, const unsigned char *value)
{
    hvl_t list;
    memcpy(&list, value, sizeof list);
    const hid_t base = H5Tget_super(type);
    const size_t bytes = H5Tget_size(base);
    pel_text_add(out, "( ");
    for (size_t i = 0; i < list.len; i++) write_value(out, object, base, (const unsigned char *)list.p + i * bytes);
    pel_text_add(out, ") ");
    H5Tclose(base);
}

static void write_members(pel_text *out, hid_t object, hid_t type, const unsigned char *value)
{
    const int members = H5Tget_nmembers(type);
    for (int m = 0; m < members; m++) {
        const hid_t member = H5Tget_member_type(type, (unsigned)m);
        write_value(out, object, member, value + H5Tget_member_offset(type, (unsigned)m));
        H5Tclose(member);
    }
}

static void write_value(pel_text *out, hid_t object, hid_t type, const unsigned char *value)
{
    const H5T_class_t kind = H5Tget_class(type);
    if (kind == H5T_REFERENCE && H5Tequal(type, H5T_STD_REF_OBJ) > 0) write_reference(out, object, value);
    else if (kind == H5T_VLEN) write_list(out, object, type, value);
    else if (kind == H5T_COMPOUND) write_members(out, object, type, value);
    else if (kind == H5T_STRING && H5Tis_variable_str(type) > 0) {
        const char *text;
        memcpy(&text, value, sizeof text);
        pel_text_add(out, "\"%s\" ", text ? text : "");
    } else if (kind == H5T_STRING) write_fixed_text(out, (const char *)value, H5Tget_size(type));
    else write_bytes(out, value, H5Tget_size(type));
}

/* What an attribute, or an array of addresses, is read through. */
typedef struct whole_value {
    hid_t object, type, space; /* borrowed */
    bool is_attribute;
} whole_value;

static pel_status write_whole(const pel_file *file, const char *path, const whole_value *of, pel_text *out)
{
    const hssize_t count = H5Sget_simple_extent_npoints(of->space);
    const size_t bytes = H5Tget_size(of->type);
    unsigned char *values = NULL;
    if (count <= 0) return PEL_OK;
    PEL_TRY(pel_memory_new((size_t)count, bytes, &values));
    const herr_t read = of->is_attribute ? H5Aread(of->object, of->type, values)
                                         : H5Dread(of->object, of->type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values);
    pel_status status = PEL_OK;
    if (read < 0) {
        pel_io_fail(file, path, "cannot be read");
        status = PEL_ERR_CORRUPT;
    }
    for (hssize_t i = 0; i < count && status == PEL_OK; i++)
        write_value(out, of->object, of->type, values + (size_t)i * bytes);
    if (status == PEL_OK && H5Dvlen_reclaim(of->type, of->space, H5P_DEFAULT, values) < 0)
        status = pel_io_fail(file, path, "cannot be read");
    free(values);
    if (status == PEL_OK && out->lost) return pel_fail(PEL_ERR_MEMORY, "out of memory for the values of %s", path);
    return status;
}

/* ---- two of anything: type, shape ---- */

typedef struct both {
    hid_t object[2], type[2], space[2];
} both;

static const both nothing = {
    {H5I_INVALID_HID, H5I_INVALID_HID}, {H5I_INVALID_HID, H5I_INVALID_HID}, {H5I_INVALID_HID, H5I_INVALID_HID}};

static pel_status close_both(const comparison *all, const char *path, pel_status status, const both *pair)
{
    for (int f = 0; f < 2; f++) {
        status = pel_io_close(all->file[f], path, status, pair->space[f]);
        status = pel_io_close(all->file[f], path, status, pair->type[f]);
        status = pel_io_close(all->file[f], path, status, pair->object[f]);
    }
    return status;
}

/* NULL where the forms agree, else how they do not. */
static const char *compare_forms(const both *pair)
{
    if (H5Tequal(pair->type[0], pair->type[1]) <= 0) return "the types differ";
    return H5Sextent_equal(pair->space[0], pair->space[1]) > 0 ? NULL : "the shapes differ";
}

static pel_status compare_as_text(comparison *all, const char *path, const char *attribute, const both *pair)
{
    pel_text text[2] = {{0}, {0}};
    pel_status status = PEL_OK;
    for (int f = 0; f < 2 && status == PEL_OK; f++) {
        const whole_value of = {pair->object[f], pair->type[f], pair->space[f], attribute != NULL};
        status = write_whole(all->file[f], path, &of, &text[f]);
    }
    if (status == PEL_OK && strcmp(pel_text_get(&text[0]), pel_text_get(&text[1])) != 0) {
        const bool readable = H5Tget_class(pair->type[0]) == H5T_STRING && text[0].length + text[1].length < 200;
        char how[256] = "the values differ";
        if (readable) snprintf(how, sizeof how, "%sin the first file, %sin the second", text[0].bytes, text[1].bytes);
        differ(all, path, attribute, how);
    }
    pel_text_free(&text[0]);
    pel_text_free(&text[1]);
    return status;
}

/* ---- attributes ---- */

static herr_t take_attribute(hid_t object, const char *name, const H5A_info_t *info, void *context)
{
    (void)object, (void)info;
    return add_name(context, name, false) == PEL_OK ? 0 : -1;
}

static pel_status compare_attribute(comparison *all, const char *path, const char *name, const hid_t object[2])
{
    both pair = nothing;
    pel_status status = PEL_OK;
    for (int f = 0; f < 2 && status == PEL_OK; f++) {
        pair.object[f] = H5Aopen(object[f], name, H5P_DEFAULT);
        pair.type[f] = pair.object[f] < 0 ? -1 : H5Aget_type(pair.object[f]);
        pair.space[f] = pair.object[f] < 0 ? -1 : H5Aget_space(pair.object[f]);
        if (pair.type[f] < 0 || pair.space[f] < 0)
            status = pel_io_fail(all->file[f], path, "has an attribute that cannot be opened");
    }
    const char *how = status == PEL_OK ? compare_forms(&pair) : NULL;
    if (how) differ(all, path, name, how);
    else if (status == PEL_OK) status = compare_as_text(all, path, name, &pair);
    return close_both(all, path, status, &pair);
}

static pel_status compare_attributes(comparison *all, const char *path, const hid_t object[2])
{
    name_set set[2] = {{0}, {0}};
    size_t at[2] = {0, 0};
    const char *name = NULL;
    pel_status status = PEL_OK;
    for (int f = 0; f < 2; f++) {
        if (H5Aiterate2(object[f], H5_INDEX_NAME, H5_ITER_INC, NULL, take_attribute, &set[f]) < 0)
            status = pel_io_fail(all->file[f], path, "has attributes that cannot be listed");
        sort_names(&set[f]);
    }
    for (int which; status == PEL_OK && (which = next_name(set, at, &name));) {
        if (is_ignored(all, path, name)) continue;
        if (which == 3) status = compare_attribute(all, path, name, object);
        else differ_in_presence(all, path, name, which);
    }
    free_names(&set[0]);
    free_names(&set[1]);
    return status;
}

/* ---- arrays of numbers ---- */

/* Values found different so far. */
typedef struct tally {
    long long first, count;
    double most;
} tally;

/* Boxes of at most BLOCK_BYTES that follow each other in the order of the file. */
typedef struct block_walk {
    int rank, split; /* dimensions after `split` are whole, those before it single */
    hsize_t shape[H5S_MAX_RANK], start[H5S_MAX_RANK], count[H5S_MAX_RANK];
    hsize_t thick; /* of a box, in dimension `split` */
    size_t most;   /* values in a box */
} block_walk;

static void plan_blocks(block_walk *walk, size_t bytes)
{
    hsize_t values = 1;
    int d = walk->rank - 1;
    while (d > 0 && values * walk->shape[d] * bytes <= BLOCK_BYTES) values *= walk->shape[d--];
    const hsize_t fit = BLOCK_BYTES / (values * bytes);
    walk->split = d;
    walk->thick = fit < 1 ? 1 : fit < walk->shape[d] ? fit : walk->shape[d];
    walk->most = (size_t)(values * walk->thick);
}

/* Sets the box at the walk's start. @return the number of its values */
static size_t set_block(block_walk *walk)
{
    size_t values = 1;
    for (int d = 0; d < walk->rank; d++) {
        walk->count[d] = d < walk->split ? 1 : walk->shape[d];
        if (d == walk->split) {
            const hsize_t left = walk->shape[d] - walk->start[d];
            walk->count[d] = left < walk->thick ? left : walk->thick;
        }
        values *= (size_t)walk->count[d];
    }
    return values;
}

static bool next_block(block_walk *walk)
{
    for (int d = walk->split; d >= 0; d--) {
        walk->start[d] += walk->count[d];
        if (walk->start[d] < walk->shape[d]) return true;
        walk->start[d] = 0;
    }
    return false;
}

static pel_status read_block(const pel_file *file, const char *path, const both *pair, int f, const block_walk *walk,
                             hid_t type, void *values)
{
    const hid_t memory = walk->rank ? H5Screate_simple(walk->rank, walk->count, NULL) : H5Screate(H5S_SCALAR);
    pel_status status = PEL_OK;
    if (memory < 0 ||
        (walk->rank && H5Sselect_hyperslab(pair->space[f], H5S_SELECT_SET, walk->start, NULL, walk->count, NULL) < 0))
        status = pel_io_fail(file, path, "cannot be cut to a box");
    if (status == PEL_OK && H5Dread(pair->object[f], type, memory, pair->space[f], H5P_DEFAULT, values) < 0) {
        pel_io_fail(file, path, "cannot be read");
        status = PEL_ERR_CORRUPT;
    }
    return pel_io_close(file, path, status, memory);
}

static void count_differences(const char *a, const char *b, size_t values, size_t bytes, long long before, tally *found)
{
    for (size_t i = 0; i < values; i++) {
        if (memcmp(a + i * bytes, b + i * bytes, bytes) == 0) continue;
        if (!found->count++) found->first = before + (long long)i;
    }
}

static void measure_differences(const double *a, const double *b, size_t numbers, tally *found)
{
    for (size_t i = 0; i < numbers; i++) {
        const double difference = fabs(a[i] - b[i]);
        if (difference > found->most) found->most = difference;
    }
}

/* Once more, as doubles, to say by how much. */
static pel_status measure_block(const comparison *all, const char *path, const both *pair, const block_walk *walk,
                                size_t values, tally *found)
{
    pel_io_type type;
    double *number[2] = {NULL, NULL};
    if (!pel_io_find_type(pair->type[0], &type)) return PEL_OK;
    const size_t parts = type == PEL_IO_COMPLEX ? 2 : 1;
    const hid_t memory = pel_io_memory_type(parts == 2 ? PEL_IO_COMPLEX : PEL_IO_DOUBLE);
    pel_status status = memory < 0 ? pel_io_fail(all->file[0], path, "cannot be read") : PEL_OK;
    for (int f = 0; f < 2 && status == PEL_OK; f++) {
        status = pel_memory_new(values * parts, sizeof(double), &number[f]);
        if (status == PEL_OK) status = read_block(all->file[f], path, pair, f, walk, memory, number[f]);
    }
    if (status == PEL_OK) measure_differences(number[0], number[1], values * parts, found);
    free(number[0]);
    free(number[1]);
    return pel_io_close(all->file[0], path, status, memory);
}

static pel_status compare_blocks(const comparison *all, const char *path, const both *pair, block_walk *walk,
                                 char *const buffer[2], tally *found)
{
    const size_t bytes = H5Tget_size(pair->type[0]);
    long long before = 0;
    do {
        const size_t values = set_block(walk);
        for (int f = 0; f < 2; f++) PEL_TRY(read_block(all->file[f], path, pair, f, walk, pair->type[f], buffer[f]));
        if (memcmp(buffer[0], buffer[1], values * bytes) != 0) {
            count_differences(buffer[0], buffer[1], values, bytes, before, found);
            PEL_TRY(measure_block(all, path, pair, walk, values, found));
        }
        before += (long long)values;
    } while (next_block(walk));
    return PEL_OK;
}

static void differ_in_values(comparison *all, const char *path, const block_walk *walk, const tally *found)
{
    pel_text how = {0};
    char number[32];
    long long rest = found->first, index[H5S_MAX_RANK];
    for (int d = walk->rank - 1; d >= 0; d--) {
        index[d] = rest % (long long)walk->shape[d];
        rest /= (long long)walk->shape[d];
    }
    pel_text_add(&how, "%lld value%s differ%s, the first at [", found->count, found->count == 1 ? "" : "s",
                 found->count == 1 ? "s" : "");
    for (int d = 0; d < walk->rank; d++) pel_text_add(&how, "%s%lld", d ? ", " : "", index[d]);
    pel_text_add(&how, "], the largest difference %s", pel_text_number(found->most, number));
    differ(all, path, NULL, pel_text_get(&how));
    pel_text_free(&how);
}

static pel_status compare_numbers(comparison *all, const char *path, const both *pair)
{
    block_walk walk = {.rank = H5Sget_simple_extent_ndims(pair->space[0])};
    const size_t bytes = H5Tget_size(pair->type[0]);
    char *buffer[2] = {NULL, NULL};
    tally found = {0};
    if (walk.rank < 0 || H5Sget_simple_extent_dims(pair->space[0], walk.shape, NULL) < 0)
        return pel_io_fail(all->file[0], path, "cannot be looked up");
    if (walk.rank) plan_blocks(&walk, bytes);
    else walk.most = 1;
    if (H5Sget_simple_extent_npoints(pair->space[0]) == 0) return PEL_OK;
    pel_status status = pel_memory_new(walk.most, bytes, &buffer[0]);
    if (status == PEL_OK) status = pel_memory_new(walk.most, bytes, &buffer[1]);
    if (status == PEL_OK) status = compare_blocks(all, path, pair, &walk, buffer, &found);
    if (status == PEL_OK && found.count) differ_in_values(all, path, &walk, &found);
    free(buffer[0]);
    free(buffer[1]);
    return status;
}

static bool holds_addresses(hid_t type)
{
    return H5Tdetect_class(type, H5T_VLEN) > 0 || H5Tdetect_class(type, H5T_REFERENCE) > 0 ||
           H5Tis_variable_str(type) > 0;
}

/* A dimension of netCDF without coordinates is an array that nobody wrote: its fill values compare equal. */
static pel_status compare_arrays(comparison *all, const char *path, const hid_t object[2])
{
    both pair = nothing;
    pel_status status = PEL_OK;
    for (int f = 0; f < 2; f++) {
        pair.type[f] = H5Dget_type(object[f]);
        pair.space[f] = H5Dget_space(object[f]);
        if (pair.type[f] < 0 || pair.space[f] < 0) status = pel_io_fail(all->file[f], path, "cannot be looked up");
    }
    const char *how = status == PEL_OK ? compare_forms(&pair) : NULL;
    if (how) differ(all, path, NULL, how);
    for (int f = 0; f < 2; f++) pair.object[f] = object[f];
    if (status == PEL_OK && !how)
        status =
            holds_addresses(pair.type[0]) ? compare_as_text(all, path, NULL, &pair) : compare_numbers(all, path, &pair);
    pair.object[0] = pair.object[1] = H5I_INVALID_HID; /* the caller's */
    return close_both(all, path, status, &pair);
}

/* ---- the walk ---- */

static pel_status compare_objects(comparison *all, const char *path);

static pel_status compare_member(comparison *all, const char *group, const char *name, int which)
{
    pel_text path = {0};
    pel_text_add(&path, "%s%s%s", group, group[0] ? "/" : "", name);
    pel_status status = PEL_OK;
    if (path.lost) status = pel_fail(PEL_ERR_MEMORY, "out of memory for the name %s", name);
    else if (is_ignored(all, path.bytes, NULL)) status = PEL_OK;
    else if (which == 3) status = compare_objects(all, path.bytes);
    else differ_in_presence(all, path.bytes, NULL, which);
    pel_text_free(&path);
    return status;
}

static pel_status compare_groups(comparison *all, const char *path)
{
    name_set set[2] = {{0}, {0}};
    size_t at[2] = {0, 0};
    const char *name = NULL;
    pel_status status = PEL_OK;
    for (int f = 0; f < 2 && status == PEL_OK; f++) {
        status = pel_file_list(all->file[f], path, add_name, &set[f]);
        sort_names(&set[f]);
    }
    for (int which; status == PEL_OK && (which = next_name(set, at, &name));)
        status = compare_member(all, path, name, which);
    free_names(&set[0]);
    free_names(&set[1]);
    return status;
}

static pel_status compare_open(comparison *all, const char *path, const hid_t object[2])
{
    PEL_TRY(compare_attributes(all, path, object));
    const H5I_type_t kind = H5Iget_type(object[0]);
    if (kind != H5Iget_type(object[1])) {
        differ(all, path, NULL, "an array in one file, a group in the other");
        return PEL_OK;
    }
    return kind == H5I_DATASET ? compare_arrays(all, path, object) : compare_groups(all, path);
}

static pel_status compare_objects(comparison *all, const char *path)
{
    hid_t object[2] = {H5I_INVALID_HID, H5I_INVALID_HID};
    pel_status status = pel_io_open_object(all->file[0], path, &object[0]);
    if (status == PEL_OK) status = pel_io_open_object(all->file[1], path, &object[1]);
    if (status == PEL_OK) status = compare_open(all, path, object);
    status = pel_io_close(all->file[1], path, status, object[1]);
    return pel_io_close(all->file[0], path, status, object[0]);
}

pel_status pel_file_compare_except(const char *a, const char *b, const char *const *ignored, pel_text *report,
                                   long *differences)
{
    comparison all = {{NULL, NULL}, ignored, report, 0};
    pel_status status = pel_file_open(a, PEL_FILE_READ, &all.file[0]);
    if (status == PEL_OK) status = pel_file_open(b, PEL_FILE_READ, &all.file[1]);
    if (status == PEL_OK) status = compare_objects(&all, "");
    if (status == PEL_OK && report && all.differences > MOST_LINES)
        pel_text_add(report, "... and %ld more differences\n", all.differences - MOST_LINES);
    for (int f = 0; f < 2; f++) {
        const pel_status closed = all.file[f] ? pel_file_close(all.file[f]) : PEL_OK;
        if (status == PEL_OK) status = closed;
    }
    if (status == PEL_OK) *differences = all.differences;
    return status;
}

pel_status pel_file_compare(const char *a, const char *b, pel_text *report, long *differences)
{
    return pel_file_compare_except(a, b, NULL, report, differences);
}
