#!/usr/bin/env bash
# An installed copy is complete: another project finds it (CMake and pkg-config), compiles against its headers alone,
# and runs, also after the copy was moved. Needs PELAGOS_SOURCE and PELAGOS_BUILD.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix=$folder/moved
example=$PELAGOS_SOURCE/tests/install/example
# A library built with sanitizers needs programs built with them.
read -ra flags <<<"$(sed -n 's/^CMAKE_C_FLAGS:STRING=//p' "$PELAGOS_BUILD/CMakeCache.txt")"

fail() {
    echo "FAILED: $*" >&2
    exit 1
}

cmake --install "$PELAGOS_BUILD" --prefix "$folder/first" >"$folder/install.log" ||
    fail "install: $(<"$folder/install.log")"
mv "$folder/first" "$prefix"
library=$(dirname "$(find "$prefix" -name libpelagos.so)")

echo "- the headers compile alone, with nothing but the installed folder to include from"
while read -r header; do
    echo "#include \"$header\"" | gcc -std=c11 -Wall -Wextra -Werror -I"$prefix/include/pelagos" -fsyntax-only -xc - ||
        fail "$header does not compile alone"
done < <(cd "$prefix/include/pelagos" && find . -name '*.h' -printf '%P\n')

echo "- find_package(pelagos)"
cmake -G Ninja -S "$example" -B "$folder/build" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_C_FLAGS="${flags[*]}" \
    >"$folder/configure.log" 2>&1 || fail "configure: $(<"$folder/configure.log")"
cmake --build "$folder/build" >"$folder/build.log" 2>&1 || fail "build: $(<"$folder/build.log")"
"$folder/build/example"

echo "- pkg-config"
export PKG_CONFIG_PATH=$library/pkgconfig
read -ra from_pkg_config <<<"$(pkg-config --cflags --libs pelagos)"
gcc -std=c11 ${flags[@]+"${flags[@]}"} "$example/main.c" -o "$folder/example" "${from_pkg_config[@]}" \
    -Wl,-rpath,"$library"
"$folder/example"

echo "- nothing installed points back into the build"
while read -r file; do
    if readelf -d "$file" 2>/dev/null | grep -E 'R(UN)?PATH' | grep -qF "$PELAGOS_BUILD"; then
        fail "$file has a run path into the build"
    fi
done < <(find "$prefix" -type f -perm -u+x)
if grep -rlF -e "$PELAGOS_BUILD" "$library/cmake" "$library/pkgconfig"; then fail "these name the build folder"; fi

if [[ -x $PELAGOS_COMMAND ]]; then
    echo "- the command"
    env -u LD_LIBRARY_PATH "$prefix/bin/pelagos" --help >/dev/null || fail "the installed command does not start"
    [[ -x $prefix/share/pelagos/plotting/plot.py ]] || fail "plotting/plot.py is not installed"
fi
