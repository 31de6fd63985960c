#!/usr/bin/env bash
# What the tests of the command share: a scratch folder, a small deck, and checks that say what went wrong.
# shellcheck disable=SC2034 # the tests use what is set here
set -u
pelagos=$PELAGOS_COMMAND
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pelagos-command-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 1
failures=0

# A double gyre of a few seconds or less; the arguments override.
gyre=$PELAGOS_SOURCE/inputs/shallow_water/double_gyre.yaml
small=(--set 'grid.cells=[40, 40]' --set 'time.end=20 days' --set 'output.snapshots.every=2 days' --set run.threads=2)

fail()
{
    echo "FAILED: $*" >&2
    failures=$((failures + 1))
}

# expect CODE COMMAND...: runs it, keeps its output in `out`, and checks its exit code.
expect()
{
    local wanted=$1 code
    shift
    "$@" > out 2>&1
    code=$?
    [ $code -eq "$wanted" ] || fail "exit code $code, not $wanted: $* ($(tail -n 3 out))"
}

# says TEXT: the last output contains it.
says()
{
    grep -qF -- "$1" out || fail "nothing says \"$1\": $(tail -n 5 out)"
}

finish()
{
    [ $failures -eq 0 ] || exit 1
}
