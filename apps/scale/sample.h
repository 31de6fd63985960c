/**
 * @file
 * From the report of a run to a sample.
 */
#ifndef PELAGOS_SCALE_SAMPLE_H
#define PELAGOS_SCALE_SAMPLE_H

#include "base/status.h"
#include "scale/study.h"

/** What a report says besides: of the problem rather than of the run. */
typedef struct scale_subject {
    char app[64], title[256];
    char size[64]; /**< "256 x 256" cells, or the number of atoms */
    char unit[16]; /**< "cell", "atom" */
} scale_subject;

/**
 * Reads a report.json. What the process itself cannot know (round, load, steal) is left as it is.
 *
 * @param step     where the state is compared with others': passed on the way, or the last; 0: the last, whichever it
 * is
 * @param subject  NULL: not wanted
 * @param last     receives the last step; NULL: not wanted
 * @return PEL_OK; PEL_ERR_FILE if there is no such file; PEL_ERR_CORRUPT if it is not the report of a finished run that
 * passed `step` and measured anything
 */
pel_status scale_sample_read(const char *path, long step, scale_sample *sample, scale_subject *subject, long *last);

#endif
