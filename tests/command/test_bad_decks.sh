#!/usr/bin/env bash
# Decks with mistakes: exit code 2, what is wrong and where, and nothing is made.
. "$PELAGOS_SOURCE/tests/command/support.sh"

# bad MESSAGE ARGUMENTS...: a run of the double gyre with these arguments is refused.
bad()
{
    local message=$1
    shift
    expect 2 "$pelagos" run "$gyre" -o made "$@"
    says "$message"
    [ ! -e made ] || fail "a folder was made for $*"
}

bad "viscosity" --set physics.viscocity=3
bad "time.end" --set time.end="5 metres"
bad "grid.cells" --set grid.cells="[0, 4]"
bad "time.scheme" --set time.scheme=rk5
bad "run.threads" --set run.threads=some
bad "output.snapshots" --set output.snapshots.fields="[etta]"
bad "did you mean shallow-water" --set app=shalow-water
expect 2 "$pelagos" check "$gyre" --set time.end=soon --set physics.viscocity=3 --set grid.cells=-1
for message in time.end viscocity grid.cells; do says $message; done
printf 'app: heat\n  grid: [\n' > broken.yaml
expect 2 "$pelagos" run broken.yaml
says "broken.yaml:"
printf 'title: no app\n' > none.yaml
expect 2 "$pelagos" run none.yaml
says "app"

# One word for all sides, as the default is; cadences and steps beyond what a double tells apart.
bad "not allowed here" --set grid.boundary=wal
bad "out of range" --set grid.cells="[3000000000, 4]"
! grep -q grid.extent out || fail "errors that follow from another: $(cat out)"
grep -v boundary: "$gyre" > open.yaml
expect 0 "$pelagos" run open.yaml "${small[@]}" -o open --steps 2
expect 0 "$pelagos" run open/deck.yaml -o again --steps 2
expect 0 "$pelagos" compare open again
expect 0 timeout 20 "$pelagos" run "$gyre" "${small[@]}" -o fine --steps 2 --set output.snapshots.every="1e-300 s"
expect 4 timeout 20 "$pelagos" run "$gyre" "${small[@]}" -o coarse --steps 2 --set time.step="1e300 s"

# A bathymetry that cannot serve: missing, cut short, scribbled over, without the variable; no folder is left behind.
seamount=$PELAGOS_SOURCE/inputs/shallow_water/seamount
bottom() # bottom TEXT FILE VARIABLE
{
    expect 2 "$pelagos" run "$seamount.yaml" -o bottom --set physics.bathymetry.file="$PWD/$2" \
        --set physics.bathymetry.variable="$3"
    says "$1"
    says "physics.bathymetry"
    [ ! -e bottom ] || fail "a folder is left behind for $2"
}
head -c 20000 "$seamount.nc" > cut.nc
cp "$seamount.nc" scribbled.nc
head -c 4000 /dev/urandom | dd of=scribbled.nc bs=1 seek=7000 conv=notrunc 2> dd.log
bottom "none.nc" none.nc depth
bottom "cut.nc is truncated" cut.nc depth
bottom "scribbled.nc" scribbled.nc depth
cp "$seamount.nc" whole.nc
bottom "depth" whole.nc dpeth
finish
