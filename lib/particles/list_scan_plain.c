/* Searching a run of cells, on any machine. */
#include "particles/system_inside.h"

int pel_list_scan(const pel_cells *cells, long begin, long end, const float at[3], int32_t self, int32_t *out, int room)
{
    const float x = at[0], y = at[1], z = at[2];
    int count = 0;
    for (long k = begin; k < end && count < room; k++) {
        const float dx = cells->x[k] - x, dy = cells->y[k] - y, dz = cells->z[k] - z;
        const int32_t row = cells->bins.row[k];
        out[count] = row;
        count += (dx * dx + dy * dy + dz * dz <= cells->reach2) & (row != self);
    }
    return count;
}
