/* The list of cases: what measures the machine first, then the stencils from simple to heavy, transforms, last what
 * a step costs.
 */
#include "bench/cases.h"

#include <string.h>

const bench_case *const bench_cases[] = {
    &bench_stream,    &bench_copy,    &bench_sum,           &bench_heat_7pt, &bench_heat_7pt_variable,
    &bench_wave_25pt, &bench_maxwell, &bench_shallow_water, &bench_fft_2d,   &bench_fft_3d,
    &bench_poisson,   &bench_qg,      &bench_overhead};
const int bench_case_count = sizeof bench_cases / sizeof *bench_cases;

const bench_case *bench_case_find(const char *name)
{
    for (int i = 0; i < bench_case_count; i++)
        if (strcmp(bench_cases[i]->name, name) == 0) return bench_cases[i];
    return NULL;
}
