/* Lines for a person, on stderr and in run.log. Called from one thread. */
#include "base/log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static FILE *log_file;
static bool is_quiet;
static bool has_live_line;

static void erase_live_line(void)
{
    if (has_live_line) fputs("\r\033[K", stderr);
    has_live_line = false;
}

static void write_to_file(const char *prefix, const char *format, va_list args)
{
    if (!log_file) return;
    char stamp[32];
    const time_t now = time(NULL);
    struct tm parts;
    gmtime_r(&now, &parts);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%SZ", &parts);
    fprintf(log_file, "%s %s", stamp, prefix);
    vfprintf(log_file, format, args);
    fputc('\n', log_file);
    fflush(log_file);
}

static void write_to_terminal(const char *prefix, const char *format, va_list args)
{
    erase_live_line();
    fputs(prefix, stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
}

static void say(bool to_terminal, const char *prefix, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    if (to_terminal) write_to_terminal(prefix, format, args);
    write_to_file(prefix, format, again);
    va_end(again);
}

#define SAY(to_terminal, prefix)                                                                                       \
    do {                                                                                                               \
        va_list args;                                                                                                  \
        va_start(args, format);                                                                                        \
        say(to_terminal, prefix, format, args);                                                                        \
        va_end(args);                                                                                                  \
    } while (0)

void pel_log_info(const char *format, ...)
{
    SAY(!is_quiet, "");
}

void pel_log_warning(const char *format, ...)
{
    SAY(true, "warning: ");
}

void pel_log_error(const char *format, ...)
{
    SAY(true, "error: ");
}

void pel_log_quiet(const char *format, ...)
{
    SAY(false, "");
}

void pel_log_set_quiet(bool quiet)
{
    is_quiet = quiet;
}

pel_status pel_log_open(const char *path)
{
    PEL_TRY(pel_log_close());
    log_file = fopen(path, "a");
    if (!log_file) return pel_fail(PEL_ERR_FILE, "%s cannot be opened: %s", path, strerror(errno));
    return PEL_OK;
}

pel_status pel_log_close(void)
{
    if (!log_file) return PEL_OK;
    const bool lost = ferror(log_file) != 0;
    const bool unclosed = fclose(log_file) != 0;
    log_file = NULL;
    return lost || unclosed ? pel_fail(PEL_ERR_FILE, "run.log: lines were lost (is the disk full?)") : PEL_OK;
}

void pel_log_live(const char *text)
{
    if (!pel_log_is_terminal() || is_quiet) return;
    erase_live_line();
    if (!text) return;
    fputs(text, stderr);
    fflush(stderr);
    has_live_line = true;
}

bool pel_log_is_terminal(void)
{
    return isatty(STDERR_FILENO) == 1;
}
