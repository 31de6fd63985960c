#!/usr/bin/env bash
# Every file tests/**/test_* is a test that ctest knows: none is forgotten. Needs PELAGOS_SOURCE and PELAGOS_BUILD.
set -euo pipefail

known=$(ctest --test-dir "$PELAGOS_BUILD" -N | sed -n 's/^ *Test *#[0-9]*: //p')

# is_known FILE: whether tests/<module>/test_<name>.<suffix> is registered as <module>/<name>.
is_known() {
    local name=${1#"$PELAGOS_SOURCE"/tests/}
    name=${name%.*}
    grep -qxF "${name/test_/}" <<<"$known"
}

failed=0
while read -r file; do
    if ! is_known "$file"; then
        echo "$file is not run by ctest: a test is tests/<module>/test_<name>.c, .sh or .py" >&2
        failed=1
    fi
done < <(find "$PELAGOS_SOURCE/tests" -name '__pycache__' -prune -o -name 'test_*' -type f -print)

is_known "$PELAGOS_SOURCE/tests/structure/test_registered.sh" || { echo "this test does not see itself" >&2; failed=1; }
if is_known "$PELAGOS_SOURCE/tests/structure/test_that_is_not_there.c"; then
    echo "a file that is not there passes for registered" >&2
    failed=1
fi
exit "$failed"
