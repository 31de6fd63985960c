/* Figures of a machine: looked up, kept, found again, and never believed when damaged or of another machine. */
#include "exec/machine_figures.h"

#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exec/team_inside.h"
#include "support/test.h"

static const char identity[] = "a processor; 4 cores";

/* Of 1, 2 and 6 threads; nobody could measure the L3 of 6. */
static pel_figures example(void)
{
    pel_figures f = {.measured = 1.7e9, .others = 0.3, .count = 3};
    f.row[0] = (pel_figures_row){1, {200e9, 90e9, 0x1.23456789abcdep34, 10e9}, 80e9, 4e-7, 1e-7};
    f.row[1] = (pel_figures_row){2, {400e9, 180e9, 50e9, 18e9}, 160e9, 1e-6, 2e-7};
    f.row[2] = (pel_figures_row){6, {800e9, 400e9, NAN, 30e9}, 400e9, 3e-6, NAN};
    return f;
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

static bool same_figures(const pel_figures *a, const pel_figures *b)
{
    bool is_same = a->measured == b->measured && same_number(a->others, b->others) && a->count == b->count;
    for (int i = 0; is_same && i < a->count; i++) {
        const pel_figures_row *p = &a->row[i], *q = &b->row[i];
        is_same = p->threads == q->threads && same_number(p->peak, q->peak) && same_number(p->fork, q->fork) &&
                  same_number(p->task, q->task);
        for (int level = 0; level < PEL_MEMORY_LEVELS; level++)
            is_same = is_same && same_number(p->bandwidth[level], q->bandwidth[level]);
    }
    return is_same;
}

/* ---- looking up ---- */

TEST(a_measured_number_of_threads_gives_what_was_measured)
{
    const pel_figures f = example();
    CU_ASSERT_EQUAL(pel_figures_bandwidth(&f, PEL_LEVEL_L1, 1), 200e9);
    CU_ASSERT_EQUAL(pel_figures_bandwidth(&f, PEL_LEVEL_MEMORY, 2), 18e9);
    CU_ASSERT_EQUAL(pel_figures_bandwidth(&f, PEL_LEVEL_L3, 2), 50e9);
    CU_ASSERT_EQUAL(pel_figures_peak(&f, 6), 400e9);
}

TEST(between_two_numbers_of_threads_it_is_in_proportion)
{
    const pel_figures f = example();
    CU_ASSERT_EQUAL(pel_figures_bandwidth(&f, PEL_LEVEL_MEMORY, 3), 21e9);
    CU_ASSERT_EQUAL(pel_figures_bandwidth(&f, PEL_LEVEL_MEMORY, 5), 27e9);
    CU_ASSERT_EQUAL(pel_figures_peak(&f, 4), 280e9);
}

TEST(beyond_the_most_threads_it_stays)
{
    const pel_figures f = example();
    CU_ASSERT_EQUAL(pel_figures_bandwidth(&f, PEL_LEVEL_MEMORY, 64), 30e9);
    CU_ASSERT_EQUAL(pel_figures_peak(&f, 7), 400e9);
}

TEST(what_was_not_measured_is_not_known)
{
    const pel_figures f = example(), none = {0};
    CU_ASSERT(isnan(pel_figures_bandwidth(&f, PEL_LEVEL_L3, 6)));
    CU_ASSERT(isnan(pel_figures_bandwidth(&f, PEL_LEVEL_L3, 4)));
    CU_ASSERT(isnan(pel_figures_bandwidth(&none, PEL_LEVEL_MEMORY, 1)));
    CU_ASSERT(isnan(pel_figures_peak(&none, 1)));
}

/* ---- the file ---- */

static void write_bytes(const char *path, const char *bytes, size_t count)
{
    FILE *file = fopen(path, "w");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(bytes, 1, count, file), count);
    CU_ASSERT_EQUAL(fclose(file), 0);
}

static size_t read_bytes(const char *path, char *bytes, size_t most)
{
    FILE *file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    const size_t count = fread(bytes, 1, most, file);
    CU_ASSERT_EQUAL(fclose(file), 0);
    return count;
}

TEST(figures_come_back_bit_for_bit)
{
    pel_figures f = example();
    pel_figures found;
    const char *path = test_path("a/new/folder/figures.json");
    CHECK_STATUS(pel_figures_save(&f, identity, path));
    CHECK_STATUS(pel_figures_load(path, identity, &found));
    CU_ASSERT(same_figures(&f, &found));
    f.others = NAN;
    CHECK_STATUS(pel_figures_save(&f, identity, path));
    CHECK_STATUS(pel_figures_load(path, identity, &found));
    CU_ASSERT(same_figures(&f, &found));
}

TEST(where_nothing_is_kept_there_are_no_figures)
{
    pel_figures found = example();
    CHECK_STATUS(pel_figures_load(test_path("nowhere.json"), identity, &found));
    CU_ASSERT_EQUAL(found.count, 0);
}

TEST(figures_of_another_machine_are_refused)
{
    const pel_figures f = example();
    pel_figures found;
    const char *path = test_path("other.json");
    CHECK_STATUS(pel_figures_save(&f, identity, path));
    CHECK_FAILS(pel_figures_load(path, "a processor; 5 cores", &found), PEL_ERR_CORRUPT, "another machine");
    CU_ASSERT_EQUAL(found.count, 0);
}

TEST(a_file_cut_anywhere_is_refused)
{
    const pel_figures f = example();
    pel_figures found;
    char bytes[1 << 13];
    const char *path = test_path("cut.json");
    CHECK_STATUS(pel_figures_save(&f, identity, path));
    const size_t count = read_bytes(path, bytes, sizeof bytes);
    CU_ASSERT_FATAL(count > 500 && count < sizeof bytes);
    for (size_t end = 0; end < count; end += 3) {
        write_bytes(path, bytes, end);
        CU_ASSERT_EQUAL(pel_figures_load(path, identity, &found), PEL_ERR_CORRUPT);
        CU_ASSERT_EQUAL(found.count, 0);
    }
}

TEST(a_flipped_bit_never_gives_other_figures)
{
    const pel_figures f = example();
    pel_figures found;
    char bytes[1 << 13];
    const char *path = test_path("flipped.json");
    CHECK_STATUS(pel_figures_save(&f, identity, path));
    const size_t count = read_bytes(path, bytes, sizeof bytes);
    int refused = 0;
    for (size_t at = 0; at < count; at += 3) {
        bytes[at] ^= (char)(1 << at % 8);
        write_bytes(path, bytes, count);
        const pel_status status = pel_figures_load(path, identity, &found);
        CU_ASSERT(status == PEL_ERR_CORRUPT || (status == PEL_OK && same_figures(&f, &found)));
        refused += status == PEL_ERR_CORRUPT;
        bytes[at] ^= (char)(1 << at % 8);
    }
    CU_ASSERT(refused > (int)count / 6);
}

TEST(what_is_no_plain_file_is_refused_at_once)
{
    pel_figures found;
    const char *path = test_path("fifo.json");
    CU_ASSERT_EQUAL_FATAL(mkfifo(path, 0600), 0);
    CHECK_FAILS(pel_figures_load(path, identity, &found), PEL_ERR_CORRUPT, "no file that Pelagos has written");
    CHECK_FAILS(pel_figures_load(test_folder(), identity, &found), PEL_ERR_CORRUPT, "no file that Pelagos has written");
}

TEST(a_folder_that_cannot_be_made_is_a_failure_with_its_name)
{
    const pel_figures f = example();
    CHECK_FAILS(pel_figures_save(&f, identity, "/dev/null/pelagos/figures.json"), PEL_ERR_FILE, "/dev/null/pelagos");
}

/* ---- whose they are ---- */

static char *identity_of(const char *synthetic)
{
    pel_topology *topology = NULL;
    pel_text text = {0};
    char *copy = NULL;
    CHECK_STATUS(pel_topology_load(synthetic, &topology));
    pel_figures_identity(topology, &text);
    CHECK_STATUS(pel_text_copy(pel_text_get(&text), &copy));
    pel_text_free(&text);
    pel_topology_free(topology);
    return copy;
}

static bool same_identity(const char *synthetic, const char *other)
{
    char *a = identity_of(synthetic), *b = identity_of(other);
    const bool is_same = strcmp(a, b) == 0;
    free(a);
    free(b);
    return is_same;
}

TEST(equal_machines_share_their_figures_and_others_do_not)
{
    const char *machine = "pack:2 numa:2 l3:1(size=32MiB) core:8 l2:1(size=1MiB) pu:1";
    CU_ASSERT(same_identity(machine, machine));
    CU_ASSERT_FALSE(same_identity(machine, "pack:2 numa:2 l3:1(size=64MiB) core:8 l2:1(size=1MiB) pu:1"));
    CU_ASSERT_FALSE(same_identity(machine, "pack:2 numa:2 l3:2(size=32MiB) core:4 l2:1(size=1MiB) pu:1"));
    CU_ASSERT_FALSE(same_identity(machine, "pack:2 numa:1 l3:2(size=32MiB) core:8 l2:1(size=1MiB) pu:1"));
    CU_ASSERT_FALSE(same_identity(machine, "pack:2 numa:2 l3:1(size=32MiB) core:8 l2:1(size=1MiB) pu:2"));
}

TEST(the_identity_does_not_name_the_host)
{
    char host[256] = "", *here = identity_of(NULL);
    CU_ASSERT_EQUAL(gethostname(host, sizeof host - 1), 0);
    if (strlen(host) > 3) CU_ASSERT_PTR_NULL(strstr(here, host)); /* "vm" may be part of any word */
    CU_ASSERT_PTR_NOT_NULL(strstr(here, pel_machine_processor()));
    free(here);
}

TEST(figures_are_kept_in_the_users_cache_folder)
{
    char *path = NULL, *kept = strdup(getenv("XDG_CACHE_HOME") ? getenv("XDG_CACHE_HOME") : "");
    setenv("XDG_CACHE_HOME", "/caches", 1);
    setenv("HOME", "/home/nobody", 1);
    CHECK_STATUS(pel_figures_path(identity, &path));
    CU_ASSERT_EQUAL(strncmp(path, "/caches/pelagos/machine-", 24), 0);
    free(path);
    setenv("XDG_CACHE_HOME", "not/absolute", 1);
    CHECK_STATUS(pel_figures_path(identity, &path));
    CU_ASSERT_EQUAL(strncmp(path, "/home/nobody/.cache/pelagos/machine-", 36), 0);
    free(path);
    unsetenv("HOME");
    CHECK_FAILS(pel_figures_path(identity, &path), PEL_ERR_FILE, "XDG_CACHE_HOME");
    setenv("XDG_CACHE_HOME", kept, 1);
    free(kept);
}

/* ---- what a team makes of them ---- */

/* Keeps figures of this machine in a folder of the test. */
static void keep_here(const pel_figures *figures, const char *folder)
{
    char *here = identity_of(NULL), *path = NULL;
    setenv("XDG_CACHE_HOME", folder, 1);
    CHECK_STATUS(pel_figures_path(here, &path));
    CHECK_STATUS(pel_figures_save(figures, here, path));
    free(path);
    free(here);
}

TEST(a_team_predicts_with_what_is_kept_of_its_machine)
{
    const pel_figures f = example();
    pel_team *team = NULL;
    keep_here(&f, test_path("kept"));
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.threads = 2, .is_quiet = true}, &team));
    CU_ASSERT_PTR_NOT_NULL_FATAL(pel_team_figures(team));
    CU_ASSERT(same_figures(pel_team_figures(team), &f));
    CU_ASSERT_EQUAL(pel_team_memory_rate(team), 18e9);
    CHECK_STATUS(pel_team_resize(team, 1));
    CU_ASSERT_EQUAL(pel_team_memory_rate(team), 10e9);
    pel_team_set_memory_rate(team, 7e9);
    CU_ASSERT_EQUAL(pel_team_memory_rate(team), 7e9);
    CHECK_STATUS(pel_team_resize(team, 2));
    CU_ASSERT_EQUAL(pel_team_memory_rate(team), 18e9);
    pel_team_destroy(team);
}

TEST(a_team_of_another_machine_does_not)
{
    const pel_figures f = example();
    pel_team *team = NULL;
    keep_here(&f, test_path("kept"));
    CHECK_STATUS(pel_team_create(&(pel_team_spec){.machine = "pack:1 core:2 pu:1", .is_quiet = true}, &team));
    CU_ASSERT_PTR_NULL(pel_team_figures(team));
    CU_ASSERT(pel_team_memory_rate(team) > 18e9);
    pel_team_destroy(team);
}
