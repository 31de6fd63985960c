/**
 * @file
 * When a run should stop before its end: signals, a wall-clock limit, the end of a batch job. One listens
 * at a time.
 */
#ifndef PELAGOS_SIM_STOP_H
#define PELAGOS_SIM_STOP_H

#include "base/status.h"

/**
 * From now on SIGTERM, SIGINT and SIGUSR1 only ask to stop; a second SIGINT ends the process at once.
 *
 * @param wall_limit  seconds from now after which to stop; 0: none. SLURM_JOB_END_TIME (seconds since 1970) counts too
 * @return PEL_OK, PEL_ERR_SYSTEM
 */
pel_status pel_stop_listen(double wall_limit);
/** Gives the signals back what they did before. Does nothing where nobody listens. */
void pel_stop_ignore(void);

/**
 * Why the run should stop now, as a phrase ("signal SIGTERM"), or NULL.
 * @param margin  seconds that another stretch and a checkpoint would take, to be left before a limit
 */
const char *pel_stop_reason(double margin);

#endif
