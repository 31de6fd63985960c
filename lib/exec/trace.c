/* The trace. */
#include "exec/trace.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"

double pel_trace_now(const pel_trace *trace)
{
    return trace ? pel_clock_seconds() : 0;
}
