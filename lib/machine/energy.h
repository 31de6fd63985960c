/**
 * @file
 * Energy that the processors and their memory used, from the counters that Linux shows under /sys/class/powercap
 * (RAPL).
 *
 * The counters wrap around, some every few minutes at full load: read a meter at least once a minute.
 */
#ifndef PELAGOS_MACHINE_ENERGY_H
#define PELAGOS_MACHINE_ENERGY_H

#include "base/status.h"

typedef struct pel_energy pel_energy;

/**
 * Opens a meter over all packages and their memory, and starts it at 0. Not thread-safe.
 *
 * @param root   "" for this machine; else a folder that holds sys/class/powercap, for tests
 * @param meter  receives it, for pel_energy_close(); untouched on failure
 * @return PEL_OK, PEL_ERR_MEMORY, or PEL_ERR_SYSTEM where counters are not available, with the reason
 */
pel_status pel_energy_open(const char *root, pel_energy **meter);
/** Joules since the meter was opened. @return PEL_OK, or PEL_ERR_SYSTEM if a counter can no longer be read */
pel_status pel_energy_read(pel_energy *meter, double *joules);
/** Returns the meter; does nothing for NULL. */
void pel_energy_close(pel_energy *meter);

#endif
