/* The machine as programs read it: what it is, and what was measured of it. */
#include <jansson.h>
#include <sys/utsname.h>

#include "exec/machine_figures.h"
#include "machine/grant.h"

static json_t *cache_bytes(const pel_topology *here)
{
    json_t *list = json_array();
    for (int level = 1; list && level <= 3; level++)
        if (json_array_append_new(list, json_integer((json_int_t)pel_topology_cache_bytes(here, 0, level))) != 0) {
            json_decref(list);
            list = NULL;
        }
    return list;
}

/* Host and system; null where the system does not tell. */
static int add_system(json_t *machine)
{
    struct utsname of;
    if (uname(&of) != 0) return json_object_set_new(machine, "host", json_null());
    return json_object_set_new(machine, "host", json_string(of.nodename)) ||
           json_object_set_new(machine, "system", json_sprintf("%s %s", of.sysname, of.release));
}

static int add_topology(json_t *machine, const pel_topology *here)
{
    pel_grant grant;
    pel_grant_read("", &grant);
    json_t *parts = json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:I}", "processor", pel_machine_processor(), "cores",
                              pel_topology_cores(here), "processors", pel_topology_processors(here), "packages",
                              pel_topology_packages(here), "numa_domains", pel_topology_domains(here), "granted",
                              grant.processors, "memory_bytes", (json_int_t)pel_topology_memory_bytes(here));
    const int failed = json_object_update(machine, parts); /* refuses NULL, as the next ones do */
    json_decref(parts);
    return failed || json_object_set_new(machine, "cache_bytes", cache_bytes(here));
}

json_t *pel_machine_json(const pel_topology *here, const pel_figures *figures)
{
    const bool has_figures = figures && figures->count > 0;
    json_t *machine = json_object();
    if (machine && !add_system(machine) && !add_topology(machine, here) &&
        !json_object_set_new(machine, "measured", has_figures ? pel_figures_json(figures) : json_null()))
        return machine;
    json_decref(machine);
    return NULL;
}
