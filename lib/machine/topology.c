/*
 * The machine's topology, copied out of hwloc into plain tables, so that nothing else needs hwloc or its lifetime.
 *
 * A core's NUMA domain is the smallest set of processors of any memory node that holds the core. Nodes with the same
 * processors (DDR and HBM of one socket) are so one domain, and a node without processors is none.
 */
#include "machine/topology.h"

#include <hwloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "machine/grant.h"

enum { CACHE_LEVELS = 3, COMMON_LINE = 64 };

typedef struct cache_entry {
    size_t bytes;
    int sharers;
} cache_entry;

typedef struct core_entry {
    int domain, package;
    int first, width; /* its processors in the list of all */
    cache_entry level[CACHE_LEVELS];
} core_entry;

typedef struct processor_entry {
    int os_index;
    bool allowed;
} processor_entry;

struct pel_topology {
    bool here;
    int cores, processors, packages, domains;
    size_t line_bytes, memory_bytes;
    core_entry *core;
    processor_entry *processor;
};

/* What is needed while copying. */
typedef struct source {
    hwloc_topology_t hwloc;
    hwloc_obj_type_t core_type;   /* PU where the description has no cores */
    hwloc_const_bitmap_t *domain; /* their processors, in the order found */
    hwloc_bitmap_t allowed;
} source;

static int core_count(const source *from)
{
    return hwloc_get_nbobjs_by_type(from->hwloc, from->core_type);
}

static hwloc_const_bitmap_t smallest_node(hwloc_topology_t topology, hwloc_const_bitmap_t cpus)
{
    hwloc_const_bitmap_t smallest = NULL;
    for (hwloc_obj_t node = NULL; (node = hwloc_get_next_obj_by_type(topology, HWLOC_OBJ_NUMANODE, node));) {
        if (!hwloc_bitmap_isincluded(cpus, node->cpuset)) continue;
        if (!smallest || hwloc_bitmap_weight(node->cpuset) < hwloc_bitmap_weight(smallest)) smallest = node->cpuset;
    }
    return smallest ? smallest : hwloc_topology_get_topology_cpuset(topology);
}

/* The number of the core's domain, which may be a new one. */
static int find_domain(pel_topology *topology, const source *from, hwloc_const_bitmap_t cpus)
{
    hwloc_const_bitmap_t node = smallest_node(from->hwloc, cpus);
    for (int i = 0; i < topology->domains; i++)
        if (hwloc_bitmap_isequal(node, from->domain[i])) return i;
    from->domain[topology->domains] = node;
    return topology->domains++;
}

static void copy_caches(pel_topology *topology, const source *from, hwloc_obj_t first_processor, core_entry *to)
{
    for (int level = 0; level < CACHE_LEVELS; level++) {
        const hwloc_obj_type_t type = (hwloc_obj_type_t)(HWLOC_OBJ_L1CACHE + level);
        hwloc_obj_t object = hwloc_get_ancestor_obj_by_type(from->hwloc, type, first_processor);
        if (!object) continue;
        const int inside = hwloc_get_nbobjs_inside_cpuset_by_type(from->hwloc, object->cpuset, from->core_type);
        to->level[level] = (cache_entry){(size_t)object->attr->cache.size, inside > 1 ? inside : 1};
        if (object->attr->cache.linesize) topology->line_bytes = object->attr->cache.linesize;
    }
}

static void copy_processors(pel_topology *topology, const source *from, hwloc_obj_t object, core_entry *to)
{
    to->first = topology->processors;
    unsigned index;
    hwloc_bitmap_foreach_begin(index, object->cpuset)
    {
        topology->processor[topology->processors++] =
            (processor_entry){(int)index, !topology->here || hwloc_bitmap_isset(from->allowed, index)};
    }
    hwloc_bitmap_foreach_end();
    to->width = topology->processors - to->first;
}

static void copy_core(pel_topology *topology, const source *from, hwloc_obj_t object, core_entry *to)
{
    const hwloc_obj_t package = hwloc_get_ancestor_obj_by_type(from->hwloc, HWLOC_OBJ_PACKAGE, object);
    to->package = package ? (int)package->logical_index : 0;
    to->domain = find_domain(topology, from, object->cpuset);
    copy_processors(topology, from, object, to);
    copy_caches(topology, from, hwloc_get_obj_inside_cpuset_by_type(from->hwloc, object->cpuset, HWLOC_OBJ_PU, 0), to);
}

static void copy_all(pel_topology *topology, const source *from)
{
    topology->here = hwloc_topology_is_thissystem(from->hwloc);
    topology->cores = core_count(from);
    const int packages = hwloc_get_nbobjs_by_type(from->hwloc, HWLOC_OBJ_PACKAGE);
    topology->packages = packages > 0 ? packages : 1;
    topology->line_bytes = COMMON_LINE;
    topology->memory_bytes = (size_t)hwloc_get_root_obj(from->hwloc)->total_memory;
    for (int i = 0; i < topology->cores; i++)
        copy_core(topology, from, hwloc_get_obj_by_type(from->hwloc, from->core_type, (unsigned)i), &topology->core[i]);
}

/* A thread that OpenMP has bound says nothing about the process: then all that hwloc shows is allowed. */
static void find_allowed(const source *from)
{
    const bool known =
        !pel_grant_user_binds() && hwloc_get_cpubind(from->hwloc, from->allowed, HWLOC_CPUBIND_THREAD) == 0;
    if (!known) hwloc_bitmap_copy(from->allowed, hwloc_topology_get_topology_cpuset(from->hwloc));
}

static pel_status copy_out(source *from, pel_topology **topology)
{
    from->core_type = HWLOC_OBJ_CORE;
    if (core_count(from) <= 0) from->core_type = HWLOC_OBJ_PU;
    const size_t cores = (size_t)core_count(from);
    const size_t processors = (size_t)hwloc_get_nbobjs_by_type(from->hwloc, HWLOC_OBJ_PU);
    pel_topology *fresh = NULL;
    from->allowed = hwloc_bitmap_alloc();
    pel_status status = from->allowed ? PEL_OK : pel_fail(PEL_ERR_MEMORY, "out of memory for the machine's topology");
    if (status == PEL_OK) status = pel_memory_new(cores, sizeof *from->domain, &from->domain);
    if (status == PEL_OK) status = pel_memory_new(1, sizeof *fresh, &fresh);
    if (status == PEL_OK) status = pel_memory_new(cores, sizeof *fresh->core, &fresh->core);
    if (status == PEL_OK) status = pel_memory_new(processors, sizeof *fresh->processor, &fresh->processor);
    if (status == PEL_OK) {
        find_allowed(from);
        copy_all(fresh, from);
        *topology = fresh;
    } else {
        pel_topology_free(fresh);
    }
    free(from->domain);
    hwloc_bitmap_free(from->allowed);
    return status;
}

static pel_status read_machine(hwloc_topology_t hwloc, const char *synthetic)
{
    if (synthetic && hwloc_topology_set_synthetic(hwloc, synthetic) != 0)
        return pel_fail(
            PEL_ERR_ARGUMENT,
            "\"%s\" is not an hwloc synthetic topology; write one like \"pack:2 numa:4 core:16 pu:2\", which ends with "
            "the hardware threads of a core",
            synthetic);
    if (hwloc_topology_load(hwloc) != 0) {
        if (synthetic) return pel_fail(PEL_ERR_ARGUMENT, "hwloc cannot build the synthetic topology \"%s\"", synthetic);
        return pel_fail(PEL_ERR_SYSTEM, "hwloc cannot read this machine's topology; see what lstopo says");
    }
    return PEL_OK;
}

pel_status pel_topology_load(const char *synthetic, pel_topology **topology)
{
    source from = {0};
    if (hwloc_topology_init(&from.hwloc) != 0)
        return pel_fail(PEL_ERR_MEMORY, "out of memory for the machine's topology");
    pel_status status = read_machine(from.hwloc, synthetic);
    if (status == PEL_OK) status = copy_out(&from, topology);
    hwloc_topology_destroy(from.hwloc);
    return status;
}

void pel_topology_free(pel_topology *topology)
{
    if (!topology) return;
    free(topology->processor);
    free(topology->core);
    free(topology);
}

bool pel_topology_is_here(const pel_topology *topology)
{
    return topology->here;
}

int pel_topology_cores(const pel_topology *topology)
{
    return topology->cores;
}

int pel_topology_processors(const pel_topology *topology)
{
    return topology->processors;
}

int pel_topology_packages(const pel_topology *topology)
{
    return topology->packages;
}

int pel_topology_domains(const pel_topology *topology)
{
    return topology->domains;
}

size_t pel_topology_memory_bytes(const pel_topology *topology)
{
    return topology->memory_bytes;
}

size_t pel_topology_cache_line_bytes(const pel_topology *topology)
{
    return topology->line_bytes;
}

static const cache_entry *cache_of(const pel_topology *topology, int which, int level)
{
    static const cache_entry none = {0};
    return level < 1 || level > CACHE_LEVELS ? &none : &topology->core[which].level[level - 1];
}

size_t pel_topology_cache_bytes(const pel_topology *topology, int core, int level)
{
    return cache_of(topology, core, level)->bytes;
}

int pel_topology_cache_sharers(const pel_topology *topology, int core, int level)
{
    return cache_of(topology, core, level)->sharers;
}

int pel_topology_core_domain(const pel_topology *topology, int core)
{
    return topology->core[core].domain;
}

int pel_topology_core_package(const pel_topology *topology, int core)
{
    return topology->core[core].package;
}

int pel_topology_core_width(const pel_topology *topology, int core)
{
    return topology->core[core].width;
}

int pel_topology_core_processor(const pel_topology *topology, int core, int which)
{
    return topology->processor[topology->core[core].first + which].os_index;
}

bool pel_topology_core_allows(const pel_topology *topology, int core, int which)
{
    return topology->processor[topology->core[core].first + which].allowed;
}

static void add_bytes(pel_text *text, size_t bytes)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    int unit = 0;
    for (; value >= 1024 && unit < 4; unit++) value /= 1024;
    pel_text_add(text, "%.4g %s", value, units[unit]);
}

static void add_count(pel_text *text, int count, const char *what)
{
    pel_text_add(text, "%d %s%s", count, what, count == 1 ? "" : "s");
}

static void describe_caches(const pel_topology *topology, pel_text *text)
{
    const char *between = "; seen from a core: ";
    for (int level = 1; level <= CACHE_LEVELS; level++) {
        const cache_entry *one = cache_of(topology, 0, level);
        if (!one->sharers) continue;
        pel_text_add(text, "%sL%d ", between, level);
        add_bytes(text, one->bytes);
        if (one->sharers > 1) pel_text_add(text, " shared by %d cores", one->sharers);
        between = ", ";
    }
}

void pel_topology_describe(const pel_topology *topology, pel_text *text)
{
    pel_text_add(text, "%s: ", topology->here ? pel_machine_processor() : "synthetic machine");
    add_count(text, topology->packages, "package");
    pel_text_add(text, ", ");
    add_count(text, topology->domains, "NUMA domain");
    pel_text_add(text, ", ");
    add_count(text, topology->cores, "core");
    pel_text_add(text, ", ");
    add_count(text, topology->processors, "hardware thread");
    describe_caches(topology, text);
    if (topology->memory_bytes) {
        pel_text_add(text, "; memory ");
        add_bytes(text, topology->memory_bytes);
    }
    pel_text_add(text, ".");
}

/* The value of a line "key : value", without the newline; NULL if the line is another. */
static const char *value_of(char *line, const char *key)
{
    if (strncmp(line, key, strlen(key)) != 0) return NULL;
    char *value = strchr(line, ':');
    if (!value) return NULL;
    value += strspn(value, ": \t");
    value[strcspn(value, "\n")] = '\0';
    return *value ? value : NULL;
}

const char *pel_machine_processor(void)
{
    static _Thread_local char model[256];
    snprintf(model, sizeof model, "unknown processor");
    FILE *file = fopen("/proc/cpuinfo", "r");
    if (!file) return model;
    char line[512];
    while (fgets(line, sizeof line, file)) {
        const char *value = value_of(line, "model name");
        if (!value) continue;
        snprintf(model, sizeof model, "%s", value);
        break;
    }
    fclose(file);
    return model;
}

bool pel_machine_is_virtual(void)
{
    FILE *file = fopen("/proc/cpuinfo", "r");
    if (!file) return false;
    char *line = NULL;
    size_t capacity = 0;
    bool is_virtual = false;
    while (!is_virtual && getline(&line, &capacity, file) > 0)
        is_virtual = strncmp(line, "flags", 5) == 0 && strstr(line, " hypervisor") != NULL;
    free(line);
    fclose(file);
    return is_virtual;
}
