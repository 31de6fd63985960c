/* The scales of an array of a foreign file. */
#include "io/scale.h"

#include "io/handle.h"

pel_status pel_file_scale(const pel_file *file, const char *array, int dimension, char **name)
{
    hid_t dataset = H5I_INVALID_HID;
    PEL_TRY(pel_io_open_dataset(file, array, &dataset));
    return pel_io_close(file, array, pel_io_scale_name(file, dataset, dimension, name), dataset);
}
