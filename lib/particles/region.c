/* Blocks and spheres. */
#include "particles/region.h"

static bool is_in_block(const pel_region *region, const double position[3])
{
    for (int d = 0; d < 3; d++) {
        const bool is_bounded = region->lo[d] != region->hi[d];
        if (is_bounded && !(position[d] >= region->lo[d] && position[d] < region->hi[d])) return false;
    }
    return true;
}

static bool is_in_sphere(const pel_region *region, const double position[3])
{
    double distance2 = 0;
    for (int d = 0; d < 3; d++) {
        const double apart = position[d] - region->centre[d];
        distance2 += apart * apart;
    }
    return distance2 <= region->radius * region->radius;
}

bool pel_region_contains(const pel_region *regions, int count, const double position[3])
{
    for (int i = 0; i < count; i++) {
        const bool is_in = regions[i].shape == PEL_REGION_SPHERE ? is_in_sphere(&regions[i], position)
                                                                 : is_in_block(&regions[i], position);
        if (is_in == regions[i].is_outside) return false;
    }
    return true;
}
