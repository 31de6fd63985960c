/**
 * @file
 * CUnit with tests that register themselves: a TEST() in any tests/<module>/test_*.c runs, nothing to list by hand.
 *
 *     TEST(a_wave_returns_after_one_period) { ... CHECK_STATUS(call); CU_ASSERT_EQUAL(...); }
 */
#ifndef PELAGOS_TESTS_SUPPORT_TEST_H
#define PELAGOS_TESTS_SUPPORT_TEST_H

#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"

/** Adds a test to this program's suite; called by TEST() before main(). */
void test_register(const char *name, void (*function)(void));

#define TEST(name)                                                                                                     \
    static void name(void);                                                                                            \
    __attribute__((constructor)) static void register_##name(void)                                                     \
    {                                                                                                                  \
        test_register(#name, name);                                                                                    \
    }                                                                                                                  \
    static void name(void)

/** Asserts that `call` succeeds, and shows its sentence if not. */
#define CHECK_STATUS(call)                                                                                             \
    do {                                                                                                               \
        const pel_status check_status = (call);                                                                        \
        if (check_status != PEL_OK) fprintf(stderr, "\n%s:%d: %s\n", __FILE__, __LINE__, pel_failure());               \
        CU_ASSERT_EQUAL_FATAL(check_status, PEL_OK);                                                                   \
    } while (0)

/** Asserts that `call` fails with `status` and that its sentence contains `text`. */
#define CHECK_FAILS(call, status, text)                                                                                \
    do {                                                                                                               \
        CU_ASSERT_EQUAL((call), (status));                                                                             \
        if (!strstr(pel_failure(), (text))) fprintf(stderr, "\n%s:%d: %s\n", __FILE__, __LINE__, pel_failure());       \
        CU_ASSERT_PTR_NOT_NULL(strstr(pel_failure(), (text)));                                                         \
    } while (0)

/** A fresh empty folder below the system's temporary folder, removed when the program ends. */
const char *test_folder(void);
/** `name` inside test_folder(), in a buffer that the next call but three reuses. */
const char *test_path(const char *name);

#endif
