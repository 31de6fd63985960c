#!/usr/bin/env bash
# No script of the project has a fault that shellcheck knows. Needs PELAGOS_SOURCE; skipped without shellcheck.
set -euo pipefail

if ! command -v shellcheck >/dev/null; then
    echo "skipped: shellcheck is not installed"
    exit 77
fi
cd "$PELAGOS_SOURCE"
find quickstart .ci/run plotting/find_python tests -type f \( -name '*.sh' -o ! -path 'tests/*' \) -print0 |
    xargs -0 shellcheck --severity=warning
