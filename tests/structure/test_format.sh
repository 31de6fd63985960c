#!/usr/bin/env bash
# clang-format leaves an empty diff. Needs PELAGOS_SOURCE; skipped without clang-format 14, whose layout it is.
set -euo pipefail

if ! command -v clang-format-14 >/dev/null; then
    echo "skipped: clang-format-14 is not installed"
    exit 77
fi
cd "$PELAGOS_SOURCE"
find lib apps tests -name '*.[ch]' -print0 | xargs -0 clang-format-14 --style=file --dry-run --Werror

# A file out of shape is caught.
if printf 'int  main( void ){return 0;}\n' | clang-format-14 --style=file --dry-run --Werror 2>/dev/null; then
    echo "clang-format-14 let a file out of shape pass" >&2
    exit 1
fi
