/**
 * @file
 * What is really granted: how many processors this process may use.
 *
 * A batch system or a container limits a process by its affinity mask, by a cpuset, or by a quota of CPU time
 * (cgroup v2 cpu.max, v1 cpu.cfs_quota_us). More threads than granted take turns and are slower than fewer.
 */
#ifndef PELAGOS_MACHINE_GRANT_H
#define PELAGOS_MACHINE_GRANT_H

#include <stdbool.h>

#include "base/status.h"

typedef struct pel_grant {
    int processors; /**< how many threads can run at once: the least of mask, cpuset and quota; at least 1 */
    int mask;       /**< processors that the affinity mask and the cpuset leave */
    double quota;   /**< CPU seconds a second that the quota leaves; 0 if there is none */
} pel_grant;

/**
 * Reads what this process was granted. A quota counts as the nearest whole number of processors (1.5 as 2).
 *
 * Call it before threads are bound: the mask is the calling thread's. Where pel_grant_user_binds(), OpenMP has bound
 * that thread already, and the mask is left out.
 *
 * @param root   "" for this machine; else a folder that holds proc/self/cgroup and sys/fs/cgroup, for tests
 * @param grant  receives the result; a missing or unreadable file limits nothing
 */
void pel_grant_read(const char *root, pel_grant *grant);

/** The least quota of the cgroups that hold this process, in processors; 0 if none has one. `root` as above. */
double pel_grant_quota(const char *root);
/** How many processors the cpuset of this process's cgroup has; 0 if there is none. `root` as above. */
int pel_grant_cpuset(const char *root);

/** Whether the user places threads: OMP_PROC_BIND, OMP_PLACES or GOMP_CPU_AFFINITY is set. */
bool pel_grant_user_binds(void);

#endif
