/**
 * @file
 * For the physics tests: runs a deck with the `pelagos` command, as a person would, and reads back what it wrote.
 *
 * The command is taken from the environment (PELAGOS_COMMAND), else from the build folder of the test program.
 */
#ifndef PELAGOS_TESTS_PHYSICS_SOLVE_H
#define PELAGOS_TESTS_PHYSICS_SOLVE_H

#include <hdf5.h>
#include <math.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/test.h"

enum { MOST_ARGUMENTS = 64 };

/* Where the command is. */
static inline const char *command_path(void)
{
    static char path[512];
    const char *given = getenv("PELAGOS_COMMAND");
    if (given) return given;
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 32);
    path[length > 0 ? length : 0] = '\0';
    for (int up = 0; up < 2; up++) *strrchr(path, '/') = '\0'; /* build/release/tests/test_x */
    return strcat(path, "/pelagos");
}

/* Runs the command with these arguments; its words go to a file of the test folder, shown where it fails. */
static inline int run_command(char *const arguments[])
{
    const char *words = test_path("words");
    const pid_t child = fork();
    if (child == 0) {
        if (!freopen(words, "w", stdout) || dup2(fileno(stdout), 2) < 0) _exit(126);
        execv(arguments[0], arguments);
        _exit(127);
    }
    int status = -1;
    waitpid(child, &status, 0);
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    char line[512];
    FILE *said = code ? fopen(words, "r") : NULL;
    while (said && fgets(line, sizeof line, said)) fputs(line, stderr);
    if (said) fclose(said);
    return code;
}

/**
 * Runs `deck` (its text) on one thread with the overrides that follow, each "key=value" (printf style is the caller's),
 * ended by NULL, into the folder `name` of the test folder. Asserts that it ends well.
 */
static inline void solve(const char *name, const char *deck, ...)
{
    char path[256], folder[256];
    snprintf(path, sizeof path, "%s/%s.yaml", test_folder(), name);
    snprintf(folder, sizeof folder, "%s/%s", test_folder(), name);
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fputs(deck, file);
    fclose(file);
    char *arguments[MOST_ARGUMENTS] = {
        (char *)command_path(), "run", path, "-o", folder, "--overwrite", "--set", "run.threads=1", "--set",
        "run.placement=none"};
    int count = 10;
    va_list sets;
    va_start(sets, deck);
    for (char *set; (set = va_arg(sets, char *)) && count + 3 < MOST_ARGUMENTS;) {
        if (set[0] != '-') arguments[count++] = "--set"; /* "--steps=10" goes as it is */
        arguments[count++] = set;
    }
    va_end(sets);
    CU_ASSERT_EQUAL_FATAL(run_command(arguments), 0);
}

/* "key=value" with a number that keeps its bits; in one of a few buffers that are used again. */
static inline char *set_number(const char *key, double value)
{
    static char buffers[16][128];
    static int next;
    char *buffer = buffers[next++ % 16];
    snprintf(buffer, sizeof buffers[0], "%s=%.17g", key, value);
    return buffer;
}

static inline char *set_steps(long steps)
{
    static char buffer[64];
    snprintf(buffer, sizeof buffer, "--steps=%ld", steps);
    return buffer;
}

/* A snapshot, or a line of the series, every so many steps: for decks with one stream. */
static inline char *set_snapshots(long steps)
{
    static char buffer[96];
    snprintf(buffer, sizeof buffer, "output.snapshots.every=%ld steps", steps);
    return buffer;
}

static inline char *set_series(long steps)
{
    static char buffer[96];
    snprintf(buffer, sizeof buffer, "output.series.every=%ld steps", steps);
    return buffer;
}

/* An array that was read: values with x fastest, and its lengths in x and y. */
typedef struct array {
    double *values;
    long nx, ny;
} array;

static inline double at(array a, long x, long y)
{
    return a.values[y * a.nx + x];
}

static inline hid_t open_output(const char *name, const char *file)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s/%s", test_folder(), name, file);
    const hid_t id = H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
    CU_ASSERT_FATAL(id >= 0);
    return id;
}

/** Record `record` (from the end where negative) of a variable of snapshots.nc; the caller frees the values. */
static inline array read_record(const char *name, const char *variable, long record)
{
    const hid_t file = open_output(name, "snapshots.nc"), set = H5Dopen2(file, variable, H5P_DEFAULT);
    CU_ASSERT_FATAL(set >= 0);
    const hid_t space = H5Dget_space(set);
    hsize_t size[4] = {1, 1, 1, 1}, start[4] = {0}, count[4];
    const int rank = H5Sget_simple_extent_dims(space, size, NULL);
    memcpy(count, size, sizeof count);
    start[0] = record < 0 ? size[0] + (hsize_t)record : (hsize_t)record;
    count[0] = 1;
    array a = {.nx = (long)size[rank - 1], .ny = rank > 2 ? (long)size[rank - 2] : 1};
    for (int d = 1; d + 2 < rank; d++) a.ny *= (long)size[d];
    a.values = malloc((size_t)(a.nx * a.ny) * sizeof *a.values);
    H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL);
    const hid_t memory = H5Screate_simple(rank, count, NULL);
    CU_ASSERT_FATAL(H5Dread(set, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, a.values) >= 0);
    H5Sclose(memory);
    H5Sclose(space);
    H5Dclose(set);
    H5Fclose(file);
    return a;
}

/** All values of a one-dimensional variable of a file ("series.nc", or "time" of "snapshots.nc"); the caller frees
 * them. */
static inline array read_series(const char *name, const char *file_name, const char *variable)
{
    const hid_t file = open_output(name, file_name), set = H5Dopen2(file, variable, H5P_DEFAULT);
    CU_ASSERT_FATAL(set >= 0);
    const hid_t space = H5Dget_space(set);
    array a = {.nx = (long)H5Sget_simple_extent_npoints(space), .ny = 1};
    a.values = malloc((size_t)a.nx * sizeof *a.values);
    CU_ASSERT_FATAL(H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, a.values) >= 0);
    H5Sclose(space);
    H5Dclose(set);
    H5Fclose(file);
    return a;
}

static inline double largest(array a)
{
    double most = 0;
    for (long i = 0; i < a.nx * a.ny; i++) most = fmax(most, fabs(a.values[i]));
    return most;
}

static inline double largest_difference(array a, array b)
{
    double most = 0;
    CU_ASSERT_FATAL(a.nx == b.nx && a.ny == b.ny);
    for (long i = 0; i < a.nx * a.ny; i++) most = fmax(most, fabs(a.values[i] - b.values[i]));
    return most;
}

#endif
