/**
 * @file
 * A study as a job for Slurm: the script that people submit, in place of running the study here.
 */
#ifndef PELAGOS_SCALE_SLURM_H
#define PELAGOS_SCALE_SLURM_H

#include "scale/scale.h"

/** What a person asks for; zero means the default. */
typedef struct scale_script {
    const char *path; /**< of the script; NULL: standard output */
    const char *node; /**< the node of the cluster as an hwloc synthetic description; NULL: one like this machine */
    bool is_quiet;    /**< the study shows no progress */
} scale_script;

/**
 * Writes a script for sbatch that carries the study out on one node, and goes on with it at each further submission.
 * Thread counts and places that the request leaves open follow the node. Nothing is run.
 *
 * @return PEL_OK; PEL_ERR_EXISTS if a file is there; PEL_ERR_ARGUMENT for a node that hwloc does not understand;
 * PEL_ERR_USAGE, PEL_ERR_DECK as scale_run(); PEL_ERR_FILE, PEL_ERR_SYSTEM, PEL_ERR_MEMORY
 */
pel_status scale_slurm_write(const scale_request *request, const scale_script *script, const pel_app *const *apps,
                             int app_count);

#endif
