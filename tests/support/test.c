/* The main() of every test program: runs what TEST() registered, or only the tests whose names contain argv[1]. */
#include "support/test.h"

#include <ftw.h>
#include <unistd.h>

enum { MOST_TESTS = 256 };

static struct {
    const char *name;
    void (*function)(void);
} tests[MOST_TESTS];
static int test_count;
static char folder[64];

void test_register(const char *name, void (*function)(void))
{
    if (test_count == MOST_TESTS) abort();
    tests[test_count].name = name;
    tests[test_count++].function = function;
}

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *walk)
{
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

static void remove_folder(void)
{
    nftw(folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

const char *test_folder(void)
{
    if (folder[0]) return folder;
    strcpy(folder, "/tmp/pelagos-test-XXXXXX");
    if (!mkdtemp(folder)) abort();
    atexit(remove_folder);
    return folder;
}

const char *test_path(const char *name)
{
    static char paths[4][256];
    static int next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", test_folder(), name);
    return path;
}

int main(int count, char **arguments)
{
    if (CU_initialize_registry() != CUE_SUCCESS) return 2;
    CU_pSuite suite = CU_add_suite(arguments[0], NULL, NULL);
    for (int i = 0; i < test_count; i++)
        if (count < 2 || strstr(tests[i].name, arguments[1])) CU_add_test(suite, tests[i].name, tests[i].function);
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    const unsigned failed = CU_get_number_of_failures(), run = CU_get_number_of_asserts();
    CU_cleanup_registry();
    return failed || !run ? 1 : 0;
}
