/**
 * @file
 * Made-up counters of energy, for tests.
 */
#ifndef PELAGOS_TESTS_SUPPORT_POWERCAP_H
#define PELAGOS_TESTS_SUPPORT_POWERCAP_H

/**
 * Makes or changes one zone of a tree in which pel_energy_open() looks, as Linux shows it.
 * @param tree    in the test's folder
 * @param energy  of its counter, microjoules; `range` is what it wraps around at
 */
void test_put_zone(const char *tree, const char *zone, const char *name, unsigned long energy, unsigned long range);

#endif
