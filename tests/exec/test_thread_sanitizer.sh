#!/usr/bin/env bash
# The execution layer, and what hands work to its team, under ThreadSanitizer: no data race that it can see. label: long  timeout: 3600
#
# Builds the preset "tsan" into a folder of its own. Archer tells the sanitizer what OpenMP's barriers order; all other
# order comes from the library's atomic counters. That the sanitizer sees anything is shown by a kernel that looks
# further than its loop declares: under `temporal` it must be reported.
set -euo pipefail

skip() { echo "skipped: $1; apt-get install clang-14 libomp-14-dev libomp5-14"; exit 77; }
command -v clang-14 >/dev/null || skip "there is no clang-14"
archer=$(dirname "$(readlink -f "$(command -v clang-14)")")/../lib/libarcher.so
[ -f "$archer" ] || skip "clang-14 has no OpenMP with Archer"

build=$PELAGOS_SOURCE/build/tsan
programs=(exec_{random_chains,executors,team,team_changes,queues,beside,check,chain,counters,trace,understated_reach}
    spectral_{transform,space,spectrum,elliptic} stepping_decay)
cmake --preset tsan -S "$PELAGOS_SOURCE" >/dev/null
cmake --build "$build" -j "$(nproc)" --target "${programs[@]/#/test_}" >/dev/null

export TSAN_OPTIONS="ignore_noninstrumented_modules=1 exitcode=66" OMP_TOOL_LIBRARIES=$archer
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# passes PROGRAM [ARGUMENT ...]: it ends well, without a report.
passes() {
    local program=$1
    shift
    if ! "$build/tests/test_$program" "$@" >"$log" 2>&1; then
        echo "test_$program $* under ThreadSanitizer:" >&2
        head -n 200 "$log" >&2
        exit 1
    fi
}

OMP_TOOL_VERBOSE_INIT=stdout "$build/tests/test_exec_team" >"$log" 2>&1 || true
grep -q "Tool was started" "$log" || { echo "Archer was not started:" >&2; head -n 40 "$log" >&2; exit 1; }

if "$build/tests/test_exec_understated_reach" changes_the_bits >"$log" 2>&1 || ! grep -q "data race" "$log"; then
    echo "a kernel that breaks its declaration is not reported: the sanitizer sees nothing" >&2
    exit 1
fi
passes exec_understated_reach true_reach
passes exec_understated_reach checker_names
passes exec_random_chains 1 60
for program in "${programs[@]}"; do
    [[ $program == exec_random_chains || $program == exec_understated_reach ]] || passes "$program"
done
