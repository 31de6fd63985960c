/* Stopping: the handler only notes the signal; the run loop looks at the end of each stretch. */
#include "sim/stop.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

static const struct {
    int number;
    const char *reason;
} signals[] = {{SIGTERM, "signal SIGTERM"}, {SIGINT, "signal SIGINT"}, {SIGUSR1, "signal SIGUSR1"}};
enum { SIGNALS = sizeof signals / sizeof *signals };

static const double batch_margin = 10; /* s that a batch system gets to clean up */

static volatile sig_atomic_t asked; /* the signal that came */
static struct sigaction before[SIGNALS];
static bool is_listening;
static double wall_deadline, batch_deadline; /* on pel_clock_seconds() */

static void note_signal(int number)
{
    if (number == SIGINT && asked == SIGINT) {
        signal(SIGINT, SIG_DFL);
        raise(SIGINT);
    }
    asked = number;
}

/* The moment that SLURM_JOB_END_TIME states, or never. */
static double end_of_batch_job(void)
{
    const char *text = getenv("SLURM_JOB_END_TIME");
    if (!text || !*text) return INFINITY;
    char *end;
    const double epoch = strtod(text, &end);
    if (*end || !(epoch > 0)) {
        pel_log_warning("SLURM_JOB_END_TIME is \"%s\", which is not a number of seconds; it is not used", text);
        return INFINITY;
    }
    return pel_clock_seconds() + epoch - pel_clock_epoch();
}

pel_status pel_stop_listen(double wall_limit)
{
    asked = 0;
    wall_deadline = wall_limit > 0 ? pel_clock_seconds() + wall_limit : INFINITY;
    batch_deadline = end_of_batch_job();
    struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < SIGNALS; i++)
        if (sigaction(signals[i].number, &action, &before[i]) != 0)
            return pel_fail(PEL_ERR_SYSTEM, "%s cannot be caught: %s", signals[i].reason, strerror(errno));
    is_listening = true;
    return PEL_OK;
}

void pel_stop_ignore(void)
{
    if (!is_listening) return;
    for (int i = 0; i < SIGNALS; i++) sigaction(signals[i].number, &before[i], NULL);
    is_listening = false;
}

const char *pel_stop_reason(double margin)
{
    for (int i = 0; i < SIGNALS; i++)
        if (asked == signals[i].number) return signals[i].reason;
    if (pel_clock_seconds() + margin >= wall_deadline) return "the limit run.wall-limit";
    if (pel_clock_seconds() + margin + batch_margin >= batch_deadline)
        return "the end of the batch job (SLURM_JOB_END_TIME)";
    return NULL;
}
