/* Status codes and the thread's latest failure sentence. */
#include "base/status.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE_BYTES = 8192 };

static _Thread_local char sentence[SENTENCE_BYTES];

static const struct {
    const char *name, *meaning;
    int exit_code;
} statuses[] = {
#define X(name, exit_code, meaning) {"PEL_" #name, meaning, exit_code},
    PEL_STATUS_MAP(X)
#undef X
};

const char *pel_status_name(pel_status status)
{
    return statuses[status].name;
}

const char *pel_status_meaning(pel_status status)
{
    return statuses[status].meaning;
}

int pel_status_exit_code(pel_status status)
{
    return statuses[status].exit_code;
}

pel_status pel_fail(pel_status status, const char *format, ...)
{
    char text[SENTENCE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    memcpy(sentence, text, sizeof text); /* the arguments may point into the old sentence */
    return status;
}

pel_status pel_fail_within(pel_status status, const char *format, ...)
{
    char text[SENTENCE_BYTES];
    va_list args;
    va_start(args, format);
    int used = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (used < 0 || used >= (int)sizeof text) used = (int)sizeof text - 1;
    snprintf(text + used, sizeof text - (size_t)used, "%s", sentence);
    memcpy(sentence, text, sizeof text);
    return status;
}

const char *pel_failure(void)
{
    return sentence;
}
