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
/**
 * Finds out anew where the process may run, if someone else (taskset -p) has changed the mask of the calling thread:
 * if it is neither `processor` alone, to which it was bound (-1: to none), nor what pel_affinity_restore() left. No
 * other thread is to restore meanwhile. Where pel_grant_user_binds() it does nothing.
 */
void pel_affinity_look(int processor);

#endif
