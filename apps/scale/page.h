/**
 * @file
 * The page of a scaling study: one HTML file with its figures and tables that needs neither network nor other files.
 */
#ifndef PELAGOS_SCALE_PAGE_H
#define PELAGOS_SCALE_PAGE_H

#include <jansson.h>

#include "base/status.h"

/**
 * Writes the page of `study`, what scale.json holds, to `path`: whole or not at all, replacing an older one.
 *
 * @return PEL_OK; PEL_ERR_ARGUMENT if `study` is not of the format that the page shows; PEL_ERR_MEMORY; PEL_ERR_FILE
 */
pel_status scale_page_write(const json_t *study, const char *path);

#endif
