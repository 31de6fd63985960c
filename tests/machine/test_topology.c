/* Topologies, of machines given as text and of this one. */
#include "machine/topology.h"

#include "support/test.h"

static pel_topology *load(const char *synthetic)
{
    pel_topology *topology = NULL;
    CHECK_STATUS(pel_topology_load(synthetic, &topology));
    return topology;
}

TEST(a_node_of_two_sockets_and_eight_domains_is_read)
{
    pel_topology *node = load("pack:2 numa:4 l3:1(size=32MiB) core:16 l2:1(size=1MiB) l1d:1(size=32KiB) pu:1");
    CU_ASSERT_EQUAL(pel_topology_packages(node), 2);
    CU_ASSERT_EQUAL(pel_topology_domains(node), 8);
    CU_ASSERT_EQUAL(pel_topology_cores(node), 128);
    CU_ASSERT_EQUAL(pel_topology_processors(node), 128);
    CU_ASSERT_EQUAL(pel_topology_cache_bytes(node, 77, 1), 32 << 10);
    CU_ASSERT_EQUAL(pel_topology_cache_bytes(node, 77, 2), 1 << 20);
    CU_ASSERT_EQUAL(pel_topology_cache_bytes(node, 77, 3), 32 << 20);
    CU_ASSERT_EQUAL(pel_topology_cache_sharers(node, 77, 2), 1);
    CU_ASSERT_EQUAL(pel_topology_cache_sharers(node, 77, 3), 16);
    CU_ASSERT_EQUAL(pel_topology_cache_line_bytes(node), 64);
    for (int core = 0; core < 128; core++) {
        CU_ASSERT_EQUAL(pel_topology_core_domain(node, core), core / 16);
        CU_ASSERT_EQUAL(pel_topology_core_package(node, core), core / 64);
        CU_ASSERT_EQUAL(pel_topology_core_processor(node, core, 0), core);
        CU_ASSERT(pel_topology_core_allows(node, core, 0));
    }
    CU_ASSERT_FALSE(pel_topology_is_here(node));
    pel_topology_free(node);
}

TEST(hardware_threads_belong_to_their_core)
{
    pel_topology *machine = load("pack:1 l3:1 core:4 pu:2");
    CU_ASSERT_EQUAL(pel_topology_cores(machine), 4);
    CU_ASSERT_EQUAL(pel_topology_processors(machine), 8);
    CU_ASSERT_EQUAL(pel_topology_core_width(machine, 3), 2);
    CU_ASSERT_EQUAL(pel_topology_core_processor(machine, 3, 1), 7);
    CU_ASSERT_EQUAL(pel_topology_cache_sharers(machine, 0, 3), 4);
    CU_ASSERT_EQUAL(pel_topology_cache_bytes(machine, 0, 2), 0);
    CU_ASSERT_EQUAL(pel_topology_cache_sharers(machine, 0, 2), 0);
    CU_ASSERT_EQUAL(pel_topology_domains(machine), 1);
    pel_topology_free(machine);
}

TEST(os_indices_may_be_dealt_round_robin)
{
    pel_topology *machine = load("pack:2 core:2 pu:2(indexes=0,4,1,5,2,6,3,7)");
    CU_ASSERT_EQUAL(pel_topology_core_processor(machine, 1, 0), 1);
    CU_ASSERT_EQUAL(pel_topology_core_processor(machine, 1, 1), 5);
    pel_topology_free(machine);
}

TEST(a_machine_without_cores_or_packages_has_one_core_a_processor)
{
    pel_topology *machine = load("pu:3");
    CU_ASSERT_EQUAL(pel_topology_cores(machine), 3);
    CU_ASSERT_EQUAL(pel_topology_packages(machine), 1);
    CU_ASSERT_EQUAL(pel_topology_domains(machine), 1);
    CU_ASSERT_EQUAL(pel_topology_core_package(machine, 2), 0);
    pel_topology_free(machine);
}

TEST(two_memories_of_one_socket_are_one_domain)
{
    pel_topology *machine = load("pack:2 [numa] [numa] core:4 pu:1");
    CU_ASSERT_EQUAL(pel_topology_domains(machine), 2);
    CU_ASSERT_EQUAL(pel_topology_core_domain(machine, 3), 0);
    CU_ASSERT_EQUAL(pel_topology_core_domain(machine, 4), 1);
    pel_topology_free(machine);
}

TEST(a_description_that_means_nothing_is_refused)
{
    pel_topology *topology = NULL;
    CHECK_FAILS(pel_topology_load("two sockets", &topology), PEL_ERR_ARGUMENT, "\"two sockets\" is not");
    CHECK_FAILS(pel_topology_load("pack:2 core:none", &topology), PEL_ERR_ARGUMENT, "pack:2 core:none");
    CU_ASSERT_PTR_NULL(topology);
}

TEST(a_description_reads_as_a_sentence)
{
    pel_topology *machine =
        load("pack:1 numa:2(memory=2GiB) l3:1(size=16MiB) core:4 l2:1(size=1MiB) l1d:1(size=48KiB) pu:1");
    pel_text text = {0};
    pel_topology_describe(machine, &text);
    CU_ASSERT_STRING_EQUAL(
        pel_text_get(&text),
        "synthetic machine: 1 package, 2 NUMA domains, 8 cores, 8 hardware threads; seen from a core: "
        "L1 48 KiB, L2 1 MiB, L3 16 MiB shared by 4 cores; memory 4 GiB.");
    pel_text_free(&text);
    pel_topology_free(machine);
}

TEST(this_machine_has_cores_and_a_name)
{
    pel_topology *machine = load(NULL);
    CU_ASSERT(pel_topology_is_here(machine));
    CU_ASSERT(pel_topology_cores(machine) >= 1);
    CU_ASSERT(pel_topology_processors(machine) >= pel_topology_cores(machine));
    CU_ASSERT(pel_topology_domains(machine) >= 1);
    CU_ASSERT(pel_topology_memory_bytes(machine) > 0);
    CU_ASSERT(strlen(pel_machine_processor()) > 0);
    pel_text text = {0};
    pel_topology_describe(machine, &text);
    CU_ASSERT_PTR_NOT_NULL(strstr(pel_text_get(&text), "hardware thread"));
    pel_text_free(&text);
    pel_topology_free(machine);
}
