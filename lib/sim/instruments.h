/**
 * @file
 * What a run measures of itself besides the clock: a trace of its threads, counters of their work and waits, the energy
 * that it takes. For lib/sim only.
 */
#ifndef PELAGOS_SIM_INSTRUMENTS_H
#define PELAGOS_SIM_INSTRUMENTS_H

#include "deck/params.h"
#include "exec/counters.h"
#include "exec/team.h"
#include "exec/trace.h"
#include "machine/energy.h"

/** All zero: nothing is measured. */
typedef struct pel_instruments {
    pel_trace *trace;      /**< NULL: the deck asks for none */
    char *trace_path;      /**< NULL where the trace could not be written */
    pel_energy *energy;    /**< NULL: the machine does not tell */
    double energy_read_at; /**< pel_clock_seconds() */
    double joules;         /**< since pel_instruments_begin(), when it was read last */
    double joules_before;  /**< until then */
} pel_instruments;

/** Notes with pel_params_error() what is wrong with run.trace. */
void pel_instruments_check(pel_params *params);
/**
 * Starts measuring. Where run.counters asks for it the team gets counters, switched off.
 * @param folder     of the run: where a relative run.trace is
 * @param may_exist  a trace that is there will be replaced
 * @return PEL_OK; PEL_ERR_EXISTS if the trace is there, PEL_ERR_FILE if it could not be written there; PEL_ERR_MEMORY
 */
pel_status pel_instruments_start(pel_instruments *instruments, const pel_params *params, pel_team *team,
                                 const char *folder, bool may_exist);
/** Reads what must be read now and then. Between stretches. */
void pel_instruments_look(pel_instruments *instruments);
/** Counts anew from here, but for the trace. Between stretches. */
void pel_instruments_begin(pel_instruments *instruments);
/** Reads the energy a last time and writes the trace; that it cannot be written is worth a warning, not the run. */
void pel_instruments_finish(pel_instruments *instruments);
/** Ends them; all are zero again. */
void pel_instruments_release(pel_instruments *instruments);

#endif
