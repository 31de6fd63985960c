/**
 * @file
 * The processors that a process was given, for threads that have been bound to fewer.
 */
#ifndef PELAGOS_MACHINE_AFFINITY_H
#define PELAGOS_MACHINE_AFFINITY_H

/**
 * Lets the calling thread run wherever the process may. The first call, before any thread is bound, finds out where
 * that is: the calling thread's mask if something has narrowed it (taskset, a batch system), else all that the cpuset
 * leaves, now or later. Where pel_grant_user_binds() it does nothing.
 *
 * The first call must come alone; later ones may come from several threads at once.
 */
void pel_affinity_restore(void);

#endif
