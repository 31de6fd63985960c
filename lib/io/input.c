/* Foreign arrays as doubles, by the conventions of netCDF and CF: dimension scales give names and coordinates; packed
 * values are unpacked as value * scale_factor + add_offset, the fill values compared before that. */
#include "io/input.h"

#include <hdf5_hl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "io/handle.h"

struct pel_input {
    pel_file *file;
    char *variable, *units;
    int rank;
    long shape[PEL_IO_MAX_RANK];
    pel_input_dimension dimensions[PEL_IO_MAX_RANK];
    double fill[2]; /* _FillValue and missing_value, NaN where there is none */
    double scale, offset;
};

/* ---- attributes that may be missing ---- */

/* The text of an attribute, or a copy of "" where there is none or it is not a text. */
static pel_status text_or_empty(const pel_file *file, const char *object, const char *name, char **text)
{
    if (pel_file_has_attribute(file, object, name) && pel_file_get_text(file, object, name, text) == PEL_OK)
        return PEL_OK;
    return pel_text_copy("", text);
}

static double real_or(const pel_file *file, const char *object, const char *name, double otherwise)
{
    double value;
    if (!pel_file_has_attribute(file, object, name)) return otherwise;
    return pel_file_get_real(file, object, name, &value) == PEL_OK ? value : otherwise;
}

/* ---- dimensions ---- */

/* Whether the scale stands for a dimension only: netCDF's mark, or HDF5 names without values are not told apart. */
static bool has_coordinates(const pel_file *file, const char *scale)
{
    static const char mark[] = "This is a netCDF dimension but not a netCDF variable";
    char *name = NULL;
    if (text_or_empty(file, scale, "NAME", &name) != PEL_OK) return false;
    const bool has = strncmp(name, mark, sizeof mark - 1) != 0;
    free(name);
    return has;
}

static pel_status read_coordinates(const pel_file *file, const char *scale, pel_input_dimension *dimension)
{
    int rank;
    long shape[5], start = 0;
    pel_io_type type;
    if (!has_coordinates(file, scale)) return PEL_OK;
    if (pel_file_array_info(file, scale, &type, &rank, shape) != PEL_OK || rank != 1) return PEL_OK; /* no numbers */
    if (shape[0] < dimension->length)
        return pel_fail(PEL_ERR_MISMATCH, "%s: %s has %ld coordinates for %ld cells", file->path, scale, shape[0],
                        dimension->length);
    double *values = NULL;
    PEL_TRY(pel_memory_new((size_t)dimension->length, sizeof *values, &values));
    const pel_status status = pel_file_read_box(file, scale, PEL_IO_DOUBLE, &start, &dimension->length, values);
    if (status == PEL_OK) dimension->coordinates = values;
    else free(values);
    return status;
}

static pel_status describe(const pel_file *file, const char *scale, pel_input_dimension *dimension)
{
    char *text = NULL;
    PEL_TRY(text_or_empty(file, scale, "units", &text));
    dimension->units = text;
    PEL_TRY(text_or_empty(file, scale, "calendar", &text));
    dimension->calendar = text;
    PEL_TRY(text_or_empty(file, scale, "standard_name", &text));
    dimension->is_time = strcmp(text, "time") == 0 || strstr(dimension->units, " since ");
    free(text);
    return read_coordinates(file, scale, dimension);
}

/* The scale's path: of a coordinate array, it is its own. NULL where there is none. */
static pel_status find_scale(const pel_input *input, hid_t dataset, int d, char **scale)
{
    PEL_TRY(pel_io_scale_name(input->file, dataset, d, scale));
    if (*scale || d > 0 || H5DSis_scale(dataset) <= 0) return PEL_OK;
    return pel_text_copy(input->variable, scale);
}

static pel_status find_dimension(pel_input *input, hid_t dataset, int d)
{
    char *scale = NULL, *name = NULL;
    pel_input_dimension *dimension = &input->dimensions[d];
    dimension->length = input->shape[d];
    PEL_TRY(find_scale(input, dataset, d, &scale));
    const char *slash = scale ? strrchr(scale, '/') : NULL;
    pel_status status = pel_text_copy(slash ? slash + 1 : scale ? scale : "", &name);
    dimension->name = name;
    if (status == PEL_OK && scale) status = describe(input->file, scale, dimension);
    free(scale);
    return status;
}

static pel_status find_dimensions(pel_input *input)
{
    hid_t dataset = H5I_INVALID_HID;
    PEL_TRY(pel_io_open_dataset(input->file, input->variable, &dataset));
    pel_status status = PEL_OK;
    for (int d = 0; d < input->rank && status == PEL_OK; d++) status = find_dimension(input, dataset, d);
    return pel_io_close(input->file, input->variable, status, dataset);
}

/* What is not given is an empty text, never NULL. */
static pel_status fill_gaps(pel_input *input)
{
    for (int d = 0; d < input->rank; d++) {
        const char **texts[2] = {&input->dimensions[d].units, &input->dimensions[d].calendar};
        for (int t = 0; t < 2; t++) {
            char *empty = NULL;
            if (*texts[t]) continue;
            PEL_TRY(pel_text_copy("", &empty));
            *texts[t] = empty;
        }
    }
    return PEL_OK;
}

/* ---- opening ---- */

static pel_status find_array(pel_input *input)
{
    const pel_file *file = input->file;
    const char *name = input->variable;
    pel_io_type type;
    PEL_TRY(pel_file_array_info(file, name, &type, &input->rank, input->shape));
    if (type == PEL_IO_COMPLEX)
        return pel_fail(PEL_ERR_MISMATCH, "%s: %s holds complex numbers; real ones are needed", file->path, name);
    input->fill[0] = real_or(file, name, "_FillValue", NAN);
    input->fill[1] = real_or(file, name, "missing_value", NAN);
    for (int f = 0; f < 2 && type == PEL_IO_FLOAT; f++) input->fill[f] = (float)input->fill[f]; /* a double 1e20, say */
    input->scale = real_or(file, name, "scale_factor", 1);
    input->offset = real_or(file, name, "add_offset", 0);
    PEL_TRY(text_or_empty(file, name, "units", &input->units));
    PEL_TRY(find_dimensions(input));
    return fill_gaps(input);
}

pel_status pel_input_open(const char *path, const char *variable, pel_input **input)
{
    pel_input *fresh = NULL;
    PEL_TRY(pel_memory_new(1, sizeof *fresh, &fresh));
    const char *name = variable[0] == '/' ? variable + 1 : variable;
    pel_status status = pel_text_copy(name, &fresh->variable);
    if (status == PEL_OK) status = pel_file_open(path, PEL_FILE_READ, &fresh->file);
    if (status == PEL_OK) status = find_array(fresh);
    if (status == PEL_OK) *input = fresh;
    else pel_input_close(fresh);
    return status;
}

void pel_input_close(pel_input *input)
{
    if (!input) return;
    for (int d = 0; d < input->rank && d < PEL_IO_MAX_RANK; d++) {
        free((void *)input->dimensions[d].coordinates);
        free((void *)input->dimensions[d].calendar);
        free((void *)input->dimensions[d].units);
        free((void *)input->dimensions[d].name);
    }
    if (input->file) pel_io_discard(input->file);
    free(input->units);
    free(input->variable);
    free(input);
}

/* ---- what it is ---- */

int pel_input_rank(const pel_input *input)
{
    return input->rank;
}

const pel_input_dimension *pel_input_dimension_get(const pel_input *input, int dimension)
{
    return &input->dimensions[dimension];
}

const char *pel_input_units(const pel_input *input)
{
    return input->units;
}

/* ---- values ---- */

static void unpack(const pel_input *input, size_t count, double *values)
{
    for (size_t i = 0; i < count; i++) {
        if (values[i] == input->fill[0] || values[i] == input->fill[1]) values[i] = NAN;
        else if (input->scale != 1 || input->offset != 0) values[i] = values[i] * input->scale + input->offset;
    }
}

pel_status pel_input_read(const pel_input *input, const long start[], const long count[], double *values)
{
    size_t number = 1;
    PEL_TRY(pel_file_read_box(input->file, input->variable, PEL_IO_DOUBLE, start, count, values));
    for (int d = 0; d < input->rank; d++) number *= (size_t)count[d];
    unpack(input, number, values);
    return PEL_OK;
}

pel_status pel_input_read_record(const pel_input *input, long record, double *values)
{
    long start[PEL_IO_MAX_RANK] = {record}, count[PEL_IO_MAX_RANK] = {1};
    if (input->rank < 1)
        return pel_fail(PEL_ERR_ARGUMENT, "%s: %s is a single number and has no records", input->file->path,
                        input->variable);
    for (int d = 1; d < input->rank; d++) count[d] = input->shape[d];
    return pel_input_read(input, start, count, values);
}
