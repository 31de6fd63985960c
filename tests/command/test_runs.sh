#!/usr/bin/env bash
# Runs as a person does them: refuse, resume, overwrite, from, compare, info; and what a bad folder or file gives.
. "$PELAGOS_SOURCE/tests/command/support.sh"
run=("$pelagos" run "$gyre" "${small[@]}")

expect 0 "${run[@]}" -o whole
says "final state"
expect 2 "${run[@]}" -o whole
says "--resume"
expect 0 "${run[@]}" -o whole --resume
says "finished"
expect 0 "${run[@]}" -o parts --quiet --steps 33
[ ! -s out ] || fail "a quiet run speaks: $(cat out)"
expect 1 "$pelagos" compare whole parts
expect 2 "${run[@]}" -o parts --resume --set physics.viscosity="200 m2 s-1"
says "physics.viscosity"
expect 0 "${run[@]}" -o parts --resume
expect 0 "$pelagos" compare whole parts
expect 0 "$pelagos" run whole/deck.yaml -o again
expect 0 "$pelagos" compare whole again

newest=$(ls parts/checkpoints/*.h5 | tail -n 1)
expect 0 "$pelagos" info "$newest"
says "whole"
expect 0 "$pelagos" info --deck "$newest"
says "viscosity"
expect 0 "$pelagos" info whole/snapshots.nc
says "records"
expect 0 "${run[@]}" -o next --from "$newest" --set time.end="22 days" --set physics.viscosity="200 m2 s-1"
says "physics.viscosity"
expect 2 "${run[@]}" -o other --from "$newest" --set grid.cells="[20, 20]"
[ ! -e other/deck.yaml ] || fail "a refused run left a deck"

# A checkpoint with a flipped bit is no longer whole; the run falls back.
printf '\xff' | dd of="$newest" bs=1 seek=5000 conv=notrunc 2> /dev/null
expect 5 "$pelagos" info "$newest"
expect 5 "${run[@]}" -o other2 --from "$newest"
expect 0 "${run[@]}" -o parts --overwrite --set output.checkpoints.every="20 steps" --steps 60
newest=$(ls parts/checkpoints/*.h5 | tail -n 1)
truncate -s 4000 "$newest"
expect 0 "${run[@]}" -o parts --resume
says "skipped"
expect 0 "$pelagos" compare whole parts

expect 5 "${run[@]}" -o /proc/no/such
says "-o"
if [ "$(id -u)" -ne 0 ]; then
    mkdir locked && chmod 555 locked
    expect 5 "${run[@]}" -o locked
    says "cannot write"
fi
touch file
expect 5 "${run[@]}" -o file
expect 5 "$pelagos" compare whole/series.nc no-such.nc
expect 5 "$pelagos" info file
finish
