/* Opening, closing and syncing files, and finding things in them. */
#include "io/file.h"

#include <hdf5_hl.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/handle.h"

/* ---- handles ---- */

pel_status pel_io_new(const char *path, pel_file **file)
{
    pel_io_begin();
    pel_file *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    fresh->id = H5I_INVALID_HID;
    const pel_status status = pel_text_copy(path, &fresh->path);
    if (status == PEL_OK) *file = fresh;
    else free(fresh);
    return status;
}

pel_status pel_io_discard(pel_file *file)
{
    pel_status status = PEL_OK;
    if (file->id >= 0 && H5Fclose(file->id) < 0) status = pel_io_fail(file, NULL, "cannot be closed");
    const pel_status closed = pel_store_close(file->store);
    free(file->partial_path);
    free(file->path);
    free(file);
    return status != PEL_OK ? status : closed;
}

/* netCDF-4 wants the order of creation of all links and attributes. */
static hid_t creation_list(hsize_t user_block)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    const hid_t list = H5Pcreate(H5P_FILE_CREATE);
    if (list >= 0 && H5Pset_link_creation_order(list, order) >= 0 && H5Pset_attr_creation_order(list, order) >= 0 &&
        H5Pset_obj_track_times(list, 0) >= 0 && H5Pset_userblock(list, user_block) >= 0)
        return list;
    if (list >= 0) H5Pclose(list);
    return H5I_INVALID_HID;
}

pel_status pel_io_create(pel_file *file, hsize_t user_block)
{
    const hid_t creation = creation_list(user_block), access = pel_io_access(file->store);
    pel_status status = PEL_OK;
    if (creation >= 0 && access >= 0) file->id = H5Fcreate(file->path, H5F_ACC_TRUNC, creation, access);
    if (file->id < 0) status = pel_io_fail(file, NULL, "cannot be created");
    file->is_writable = true;
    status = pel_io_close(file, NULL, status, access);
    return pel_io_close(file, NULL, status, creation);
}

/* ---- open ---- */

static pel_status explain_failed_open(pel_file *file)
{
    pel_io_fail(file, NULL, "cannot be opened");
    char magic[4] = "";
    pel_store_read(file->store, 0, 3, magic);
    if (strcmp(magic, "CDF") == 0)
        return pel_fail(PEL_ERR_FILE, "%s is a classic netCDF file; convert it with: nccopy -4 %s NEW.nc", file->path,
                        file->path);
    if (strstr(pel_failure(), "truncated"))
        return pel_fail(PEL_ERR_CORRUPT, "%s is truncated: it ends before the data that it says it holds", file->path);
    if (strstr(pel_failure(), "signature"))
        return pel_fail(PEL_ERR_FILE, "%s is not an HDF5 or netCDF-4 file", file->path);
    return PEL_ERR_FILE;
}

static pel_status open_hdf5(pel_file *file, pel_file_mode mode)
{
    const hid_t access = pel_io_access(file->store);
    if (access < 0) return pel_io_fail(file, NULL, "cannot be opened");
    file->is_writable = mode == PEL_FILE_APPEND;
    file->id = H5Fopen(file->path, file->is_writable ? H5F_ACC_RDWR : H5F_ACC_RDONLY, access);
    pel_status status = file->id < 0 ? explain_failed_open(file) : PEL_OK;
    if (status == PEL_OK && file->is_writable) status = pel_io_adopt_end(file);
    return pel_io_close(file, NULL, status, access);
}

static pel_status count_scale(pel_file *file, const char *path, hid_t dataset, void *context)
{
    (void)path, (void)context;
    if (H5DSis_scale(dataset) > 0) file->dimensions++;
    return PEL_OK;
}

pel_status pel_file_open(const char *path, pel_file_mode mode, pel_file **file)
{
    pel_file *fresh = NULL;
    PEL_TRY(pel_io_new(path, &fresh));
    pel_status status = pel_store_open(path, mode == PEL_FILE_READ ? PEL_STORE_READ : PEL_STORE_GROWING, &fresh->store);
    if (status == PEL_OK) status = open_hdf5(fresh, mode);
    if (status == PEL_OK && fresh->is_writable) status = pel_io_visit_datasets(fresh, count_scale, NULL);
    if (status == PEL_OK) *file = fresh;
    else pel_io_discard(fresh);
    return status;
}

pel_status pel_file_create(const char *path, pel_file **file)
{
    pel_file *fresh = NULL;
    PEL_TRY(pel_io_new(path, &fresh));
    pel_status status = pel_store_create(path, PEL_STORE_GROWING, &fresh->store);
    if (status == PEL_OK) status = pel_io_create(fresh, 0);
    if (status == PEL_OK) *file = fresh;
    else pel_io_discard(fresh);
    return status;
}

/* ---- sync, close ---- */

pel_status pel_file_sync(pel_file *file)
{
    if (!file->is_writable) return PEL_OK;
    PEL_TRY(pel_io_check(file, NULL));
    if (H5Fflush(file->id, H5F_SCOPE_GLOBAL) < 0) return pel_io_fail(file, NULL, "cannot be flushed");
    return pel_store_commit(file->store);
}

/* HDF5 may still write as it closes; those changes are one more step. */
static pel_status close_hdf5(pel_file *file)
{
    const hid_t id = file->id;
    file->id = H5I_INVALID_HID;
    if (H5Fclose(id) < 0) return pel_io_fail(file, NULL, "cannot be closed");
    return file->is_writable ? pel_store_commit(file->store) : PEL_OK;
}

pel_status pel_file_close(pel_file *file)
{
    if (!file) return PEL_OK;
    pel_status status = pel_file_sync(file);
    if (status == PEL_OK) status = close_hdf5(file);
    char sentence[512]; /* closing what is left must not hide the first failure */
    strncpy(sentence, pel_failure(), sizeof sentence - 1);
    sentence[sizeof sentence - 1] = 0;
    const pel_status discarded = pel_io_discard(file);
    return status == PEL_OK ? discarded : pel_fail(status, "%s", sentence);
}

const char *pel_file_path(const pel_file *file)
{
    return file->path;
}

/* ---- finding ---- */

static bool is_root(const char *name)
{
    return !name[0] || strcmp(name, "/") == 0;
}

/* H5Lexists() fails where a group on the way is missing; so every step is asked. */
bool pel_file_has(const pel_file *file, const char *name)
{
    if (is_root(name)) return true;
    char path[1024];
    if (strlen(name) >= sizeof path) return false;
    for (size_t i = 1; name[i - 1]; i++) {
        if (name[i] && name[i] != '/') continue;
        memcpy(path, name, i);
        path[i] = 0;
        if (H5Lexists(file->id, path, H5P_DEFAULT) <= 0) return false;
        if (!name[i]) break;
    }
    return true;
}

pel_status pel_io_open_object(const pel_file *file, const char *name, hid_t *id)
{
    const bool root = is_root(name);
    if (!root && !pel_file_has(file, name)) return pel_io_unknown_name(file, name);
    *id = H5Oopen(file->id, root ? "/" : name, H5P_DEFAULT);
    return *id < 0 ? pel_io_fail(file, name, "cannot be opened") : PEL_OK;
}

pel_status pel_io_open_dataset(const pel_file *file, const char *name, hid_t *id)
{
    hid_t object = H5I_INVALID_HID;
    PEL_TRY(pel_io_open_object(file, name, &object));
    if (H5Iget_type(object) != H5I_DATASET) {
        const pel_status status = pel_fail(PEL_ERR_NAME, "%s: %s is not an array", file->path, name);
        return pel_io_close(file, name, status, object);
    }
    *id = object;
    return PEL_OK;
}

/* ---- groups ---- */

static hid_t group_list(void)
{
    const unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    const hid_t list = H5Pcreate(H5P_GROUP_CREATE);
    if (list >= 0 && H5Pset_link_creation_order(list, order) >= 0 && H5Pset_attr_creation_order(list, order) >= 0 &&
        H5Pset_obj_track_times(list, 0) >= 0)
        return list;
    if (list >= 0) H5Pclose(list);
    return H5I_INVALID_HID;
}

static pel_status make_one_group(pel_file *file, const char *name)
{
    const hid_t list = group_list();
    const hid_t group = list < 0 ? list : H5Gcreate2(file->id, name, H5P_DEFAULT, list, H5P_DEFAULT);
    pel_status status = group < 0 ? pel_io_fail(file, name, "cannot be created") : PEL_OK;
    status = pel_io_close(file, name, status, group);
    return pel_io_close(file, name, status, list);
}

pel_status pel_file_make_group(pel_file *file, const char *name)
{
    PEL_TRY(pel_io_check_writable(file, name));
    if (pel_file_has(file, name)) return PEL_OK;
    PEL_TRY(pel_io_make_parents(file, name));
    PEL_TRY(make_one_group(file, name));
    return pel_io_check(file, name);
}

pel_status pel_io_make_parents(pel_file *file, const char *name)
{
    const char *slash = strrchr(name, '/');
    if (!slash || slash == name) return PEL_OK;
    char *parent = NULL;
    PEL_TRY(pel_text_copy(name, &parent));
    parent[slash - name] = 0;
    const pel_status status = pel_file_make_group(file, parent);
    free(parent);
    return status;
}

pel_status pel_file_link(pel_file *file, const char *target, const char *name)
{
    PEL_TRY(pel_io_check_writable(file, name));
    if (!pel_file_has(file, target)) return pel_io_unknown_name(file, target);
    if (pel_file_has(file, name)) return pel_fail(PEL_ERR_NAME, "%s: %s exists already", file->path, name);
    PEL_TRY(pel_io_make_parents(file, name));
    if (H5Lcreate_hard(file->id, target, file->id, name, H5P_DEFAULT, H5P_DEFAULT) < 0)
        return pel_io_fail(file, name, "cannot be linked");
    return pel_io_check(file, name);
}

/* ---- listing ---- */

typedef struct listing {
    const pel_file *file;
    pel_file_visitor visit;
    void *context;
    pel_status status;
} listing;

static herr_t list_one(hid_t group, const char *name, const H5L_info_t *link, void *context)
{
    listing *list = context;
    H5O_info_t object;
    if (H5Oget_info_by_name2(group, name, &object, H5O_INFO_BASIC, H5P_DEFAULT) < 0) {
        H5Eclear2(H5E_DEFAULT);
        if (link->type != H5L_TYPE_HARD) return 0; /* a soft link that leads nowhere */
        list->status = pel_io_fail(list->file, name, "cannot be looked up");
        return -1;
    }
    if (object.type != H5O_TYPE_GROUP && object.type != H5O_TYPE_DATASET) return 0;
    list->status = list->visit(list->context, name, object.type == H5O_TYPE_GROUP);
    return list->status == PEL_OK ? 0 : -1;
}

static H5_index_t order_of(hid_t group)
{
    unsigned order = 0;
    const hid_t list = H5Gget_create_plist(group);
    if (list >= 0 && H5Pget_link_creation_order(list, &order) < 0) order = 0;
    if (list >= 0) H5Pclose(list);
    return order & H5P_CRT_ORDER_TRACKED ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME;
}

pel_status pel_file_list(const pel_file *file, const char *group, pel_file_visitor visit, void *context)
{
    listing list = {file, visit, context, PEL_OK};
    hid_t id = H5I_INVALID_HID;
    PEL_TRY(pel_io_open_object(file, group, &id));
    if (H5Literate(id, order_of(id), H5_ITER_INC, NULL, list_one, &list) < 0 && list.status == PEL_OK)
        list.status = pel_io_fail(file, group, "cannot be listed");
    return pel_io_close(file, group, list.status, id);
}

typedef struct visiting {
    pel_file *file;
    const char *group;
    pel_io_visitor visit;
    void *context;
} visiting;

static pel_status visit_group(const visiting *all);

static pel_status visit_dataset(const visiting *all, const char *path)
{
    hid_t dataset = H5I_INVALID_HID;
    PEL_TRY(pel_io_open_dataset(all->file, path, &dataset));
    const pel_status status = all->visit(all->file, path, dataset, all->context);
    return pel_io_close(all->file, path, status, dataset);
}

static pel_status visit_member(void *context, const char *name, bool is_group)
{
    const visiting *all = context;
    pel_text path = {0};
    pel_text_add(&path, "%s%s%s", all->group, all->group[0] ? "/" : "", name);
    const visiting below = {all->file, pel_text_get(&path), all->visit, all->context};
    const pel_status status = is_group ? visit_group(&below) : visit_dataset(all, pel_text_get(&path));
    pel_text_free(&path);
    return status;
}

static pel_status visit_group(const visiting *all)
{
    visiting members = *all;
    return pel_file_list(all->file, all->group, visit_member, &members);
}

pel_status pel_io_visit_datasets(pel_file *file, pel_io_visitor visit, void *context)
{
    const visiting all = {file, "", visit, context};
    return visit_group(&all);
}

/* ---- names that are not there ---- */

typedef struct name_list {
    char **names;
    size_t count, capacity;
} name_list;

static pel_status collect_name(pel_file *file, const char *path, hid_t dataset, void *context)
{
    (void)file, (void)dataset;
    name_list *list = context;
    PEL_TRY(pel_memory_grow(&list->names, &list->capacity, list->count + 1, sizeof(char *)));
    PEL_TRY(pel_text_copy(path, &list->names[list->count]));
    list->count++;
    return PEL_OK;
}

pel_status pel_io_unknown_name(const pel_file *file, const char *name)
{
    enum { MOST_LISTED = 20 };
    name_list list = {0};
    pel_file same = *file; /* the visitor changes nothing */
    PEL_TRY(pel_io_visit_datasets(&same, collect_name, &list));
    pel_text names = {0};
    for (size_t i = 0; i < list.count && i < MOST_LISTED; i++)
        pel_text_add(&names, "%s%s", i ? ", " : "", list.names[i]);
    if (list.count > MOST_LISTED) pel_text_add(&names, ", ... (%zu in all)", list.count);
    const char *nearest = pel_text_nearest(name, (const char *const *)list.names, list.count);
    const pel_status status = pel_fail(PEL_ERR_NAME, "%s has no \"%s\"%s%s%s; it holds: %s", file->path, name,
                                       nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "",
                                       list.count ? pel_text_get(&names) : "no arrays");
    for (size_t i = 0; i < list.count; i++) free(list.names[i]);
    free(list.names);
    pel_text_free(&names);
    return status;
}
