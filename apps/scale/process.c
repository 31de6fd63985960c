/* Processes. The child runs the very file that this process runs, so that both are of one build. */
#include "scale/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/memory.h"
#include "machine/load.h"
#include "sim/stop.h"

static const char command[] = "/proc/self/exe";
static const double look_every = 0.05; /* seconds */
static const int stopping[] = {SIGTERM, SIGINT, SIGUSR1};

/* ---- words ---- */

void scale_words_add(scale_words *words, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *word = NULL;
    const bool is_made = words->count < SCALE_MOST_ARGUMENTS && vasprintf(&word, format, arguments) >= 0;
    va_end(arguments);
    if (is_made) words->word[words->count++] = word;
    else words->lost = true;
}

void scale_words_add_option(scale_words *words, const char *option, const char *value)
{
    scale_words_add(words, "%s", option);
    scale_words_add(words, "%s", value);
}

void scale_words_free(scale_words *words)
{
    for (int i = 0; i < words->count; i++) free(words->word[i]);
    *words = (scale_words){0};
}

void scale_words_print(const scale_words *words, pel_text *text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    for (int i = 0; i < words->count; i++) {
        const char *word = words->word[i];
        if (i > 0) pel_text_add(text, " ");
        if (*word && strspn(word, plain) == strlen(word)) {
            pel_text_add(text, "%s", word);
            continue;
        }
        pel_text_add(text, "'");
        for (const char *at = word; *at; at++)
            if (*at == '\'') pel_text_add(text, "'\\''");
            else pel_text_add(text, "%c", *at);
        pel_text_add(text, "'");
    }
}

/* ---- this command ---- */

pel_status scale_process_path(char path[SCALE_LONGEST_PATH])
{
    const ssize_t length = readlink(command, path, SCALE_LONGEST_PATH - 1);
    if (length < 0) return pel_fail(PEL_ERR_SYSTEM, "%s cannot be read: %s", command, strerror(errno));
    path[length] = '\0';
    return PEL_OK;
}

/* ---- the environment ---- */

void scale_process_forget_openmp(void)
{
    static const char *const names[] = {"OMP_PROC_BIND",   "OMP_PLACES",       "GOMP_CPU_AFFINITY", "KMP_AFFINITY",
                                        "OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OMP_DYNAMIC"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) unsetenv(names[i]);
}

/* ---- the child ---- */

/* A child whose signals were held back: those of stopping end it, from here on and up to where it handles them. */
static void take_signals(const sigset_t *mask)
{
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) signal(stopping[i], SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
}

/* Only what may be called between fork() and exec(). */
static void become(const char *path, char *const argv[], int log, pid_t parent)
{
    /* Where the study is killed its sample goes at once: nobody would read the report, and whoever resumes the study
     * would measure beside it. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(127);
    if (dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0) _exit(127);
    execv(path, argv);
    execv(command, argv); /* the file was replaced meanwhile, but is still that of this process */
    _exit(127);
}

/* A signal that came between fork() and exec() would reach this process's handler in the child, and be lost. */
static pid_t fork_child(const char *path, char *const argv[], int log)
{
    sigset_t held, mask;
    sigemptyset(&held);
    for (size_t i = 0; i < sizeof stopping / sizeof *stopping; i++) sigaddset(&held, stopping[i]);
    signal(SIGCHLD, SIG_DFL); /* where whoever started this process had it ignored, no exit code would be kept */
    sigprocmask(SIG_BLOCK, &held, &mask);
    const pid_t parent = getpid(), child = fork();
    if (child == 0) {
        take_signals(&mask);
        become(path, argv, log, parent);
    }
    const int error = errno;
    sigprocmask(SIG_SETMASK, &mask, NULL);
    errno = error;
    return child;
}

static pel_status start(const scale_words *words, const char *log, pid_t *child)
{
    char path[SCALE_LONGEST_PATH];
    PEL_TRY(scale_process_path(path));
    char *argv[SCALE_MOST_ARGUMENTS + 2] = {path};
    for (int i = 0; i < words->count; i++) argv[i + 1] = words->word[i];
    const int file = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) return pel_fail(PEL_ERR_FILE, "%s cannot be written: %s", log, strerror(errno));
    *child = fork_child(path, argv, file);
    const int error = errno;
    close(file);
    if (*child > 0) return PEL_OK;
    return pel_fail(PEL_ERR_SYSTEM, "no further process can be started: %s", strerror(error));
}

/* ---- waiting ---- */

static void sleep_a_little(void)
{
    const struct timespec time = {.tv_nsec = (long)(1e9 * look_every)};
    nanosleep(&time, NULL);
}

static pel_status wait_for(pid_t child, scale_tick *tick, void *data, int *code, struct rusage *usage)
{
    bool is_asked = false;
    for (;;) {
        int state;
        const pid_t ended = wait4(child, &state, WNOHANG, usage);
        if (ended == child && WIFEXITED(state)) *code = WEXITSTATUS(state);
        if (ended == child && WIFSIGNALED(state)) *code = 128 + WTERMSIG(state);
        if (ended == child) return PEL_OK;
        if (ended < 0 && errno != EINTR)
            return pel_fail(PEL_ERR_SYSTEM, "process %d cannot be waited for: %s", (int)child, strerror(errno));
        if (!is_asked && pel_stop_reason(0)) {
            kill(child, SIGTERM);
            is_asked = true;
        }
        if (tick) tick(data);
        sleep_a_little();
    }
}

static double cpu_seconds(const struct rusage *usage)
{
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
           1e-6 * (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec);
}

pel_status scale_process_run(const scale_words *words, const char *log, scale_tick *tick, void *data,
                             scale_outcome *outcome)
{
    if (words->lost) return pel_fail(PEL_ERR_MEMORY, "the command line of a sample has too many words");
    const pel_load before = pel_load_read("");
    struct rusage usage = {0};
    pid_t child = 0;
    PEL_TRY(start(words, log, &child));
    PEL_TRY(wait_for(child, tick, data, &outcome->exit_code, &usage));
    const pel_load after = pel_load_read("");
    outcome->seconds = after.clock - before.clock;
    outcome->load = pel_load_of_others(before, after, cpu_seconds(&usage));
    outcome->steal = pel_load_steal(before, after);
    return PEL_OK;
}

void scale_process_error(const char *log, pel_text *sentence)
{
    static const char mark[] = "error: ";
    char line[4096];
    FILE *file = fopen(log, "r");
    if (!file) return;
    while (fgets(line, sizeof line, file)) {
        if (strncmp(line, mark, strlen(mark)) != 0) continue;
        line[strcspn(line, "\n")] = '\0';
        sentence->length = 0;
        pel_text_add(sentence, "%s", line + strlen(mark));
    }
    fclose(file);
}
