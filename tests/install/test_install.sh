#!/usr/bin/env bash
# An installed copy is complete: another project finds it (CMake and pkg-config), compiles against its headers alone,
# and runs, also after the copy was moved. Needs PELAGOS_SOURCE and PELAGOS_BUILD.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix=$folder/moved
example=$PELAGOS_SOURCE/tests/install/example
wave=$PELAGOS_SOURCE/docs/examples/acoustic_wave
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
    echo "#include \"$header\"" | gcc -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$prefix/include/pelagos" -fsyntax-only -xc - ||
        fail "$header does not compile alone"
done < <(cd "$prefix/include/pelagos" && find . -name '*.h' -printf '%P\n')

# build SOURCE FOLDER: another project, against the installed copy.
build() {
    cmake -G Ninja -S "$1" -B "$2" -DCMAKE_BUILD_TYPE=Release -DCMAKE_PREFIX_PATH="$prefix" \
        -DCMAKE_C_FLAGS="${flags[*]} -Wall -Wextra -Wpedantic -Werror" >"$folder/log" 2>&1 ||
        fail "configure: $(<"$folder/log")"
    cmake --build "$2" >"$folder/log" 2>&1 || fail "build: $(<"$folder/log")"
}

echo "- find_package(pelagos)"
build "$example" "$folder/build"
"$folder/build/example"

echo "- the acoustic wave: the same bits under every executor, on 1 and 2 threads, in any order, and checked"
build "$wave" "$folder/wave"
# shoot EXECUTOR [THREADS [ORDER]]: a seismogram to compare with the reference's.
shoot() {
    "$folder/wave/acoustic_wave" "$@" >"$folder/seismogram" 2>"$folder/log" || fail "shot $*: $(<"$folder/log")"
    [[ $1 == auto ]] || grep -qx "ran $1" "$folder/log" || fail "asked for $*, but $(<"$folder/log")"
    [[ -f $folder/reference ]] || cp "$folder/seismogram" "$folder/reference"
    cmp "$folder/reference" "$folder/seismogram" || fail "the seismogram or the state under $* is not the reference's"
}
shoot reference
for executor in spatial temporal auto; do
    for threads in 1 2; do
        shoot "$executor" "$threads"
        shoot "$executor" "$threads" 20241
    done
done
CHECK_ACCESS=1 shoot temporal 2
# The direct wave reaches receivers 400 m and 1600 m from the source, where c = c0 + g z with c0 = 1662 m/s and g = 0.4 s-1,
# at (2 / g) asinh(g x / (2 c0)) (a ray in a constant gradient is a circle): 0.7162 s apart.
awk '!/^#/ { for (i = 2; i <= 5; i += 3) { p = $i < 0 ? -$i : $i; if (p > 1e-4 && !when[i]) when[i] = $1 } }
     END { apart = when[5] - when[2]; if (apart < 0.709 || apart > 0.724) { print apart " s"; exit 1 } }' \
    "$folder/reference" || fail "the direct wave has another speed"

echo "- the vortex: an error of fourth order in the step, the same bits on 1 and 2 threads"
build "$PELAGOS_SOURCE/docs/examples/vortex" "$folder/vortices"
# error CELLS STEPS THREADS: the largest error; the line goes to the file `vortex.THREADS`.
error() {
    "$folder/vortices/vortex" "$@" >"$folder/vortex.$3" 2>"$folder/log" || fail "vortex $*: $(<"$folder/log")"
    sed 's/.*error \([^,]*\),.*/\1/' "$folder/vortex.$3"
}
awk -v a="$(error 64 100 1)" -v b="$(error 64 200 1)" 'BEGIN { exit !(a > 0 && b > 0 && a / b > 14 && a / b < 18) }' ||
    fail "half the step does not make a sixteenth of the error: $(<"$folder/vortex.1")"
error 64 200 2 >"$folder/log"
cmp "$folder/vortex.1" "$folder/vortex.2" || fail "two threads give other bits than one"

echo "- the melting of Mie's methane: the energy stays, the same bits on 1 and 2 threads"
build "$PELAGOS_SOURCE/docs/examples/mie" "$folder/melting"
for threads in 1 2; do
    "$folder/melting/mie" 400 "$threads" >"$folder/mie.$threads" 2>"$folder/log" || fail "mie: $(<"$folder/log")"
done
cmp "$folder/mie.1" "$folder/mie.2" || fail "two threads give other bits than one"
awk '{ energy[NR] = $NF; heat[NR] = $4 } END { drift = energy[NR] - energy[1]; if (drift < 0) drift = -drift
     exit !(NR == 11 && drift < 1e-3 && heat[NR] < 0.7 * heat[1]) }' "$folder/mie.1" ||
    fail "energy is lost, or nothing melts: $(<"$folder/mie.1")"

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
