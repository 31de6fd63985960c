/**
 * @file
 * A scaling study: the deck run with more and more threads, in turns, and what follows from the times.
 */
#ifndef PELAGOS_SCALE_SCALE_H
#define PELAGOS_SCALE_SCALE_H

#include <stdbool.h>

#include "scale/study.h"
#include "sim/app.h"

enum { SCALE_MOST_THREAD_COUNTS = 64, SCALE_MOST_ROUNDS = 1000 };

/** What a person asks for; zero means the default. */
typedef struct scale_request {
    const char *deck_path;
    const char *const *sets; /**< "key=value", in order */
    int set_count;
    const char *folder; /**< default: the deck's name without its suffix, and "-scaling" */
    int threads[SCALE_MOST_THREAD_COUNTS];
    int thread_count;   /**< 0: 1, 2, 4, ... up to what the machine grants, and that number */
    bool has_mode[2];   /**< by scale_mode; none: both, or strong alone where the problem cannot grow */
    bool has_places[2]; /**< by pel_placement_kind, compact and spread; neither: compact */
    const char *grow;   /**< the dimensions along which weak points grow, "y"; NULL: the app's choice */
    int rounds;         /**< samples of each point; default 5 */
    long steps;         /**< each sample takes so many steps in all; 0: as many as `seconds` allow */
    double seconds;     /**< that each sample measures after its warm-up; default 2 */
    bool is_resume, is_overwrite;
} scale_request;

/**
 * Carries a study out, or goes on with one: runs what is not there yet, then writes scale.json and report.html into the
 * folder and prints a table.
 *
 * @return PEL_OK; PEL_ERR_STOPPED by a signal or the end of the batch job, with what is there written; PEL_ERR_NUMERICS
 * if two points differ in their bits or the numerics of one failed; PEL_ERR_USAGE, PEL_ERR_DECK, PEL_ERR_EXISTS,
 * PEL_ERR_MISMATCH, PEL_ERR_BUSY before anything is changed; PEL_ERR_SYSTEM if points could not be run; PEL_ERR_FILE
 */
pel_status scale_run(const scale_request *request, const pel_app *const *apps, int app_count);

#endif
