#!/usr/bin/env bash
# A disk that fills while a run writes: exit code 5, the older checkpoints are whole, nothing is half-written.
. "$PELAGOS_SOURCE/tests/command/support.sh"
mkdir disk
mount -t tmpfs -o size=3m tmpfs disk 2> /dev/null || { echo "skipped: a small tmpfs cannot be mounted here"; exit 77; }
trap 'umount "$scratch/disk"; rm -rf "$scratch"' EXIT

expect 5 "$pelagos" run "$gyre" "${small[@]}" -o disk/run --set output.snapshots.every="1 hour" --set output.checkpoints.every="20 steps"
newest=$(ls disk/run/checkpoints/*.h5 | tail -n 1)
expect 0 "$pelagos" info "$newest"
expect 0 "$pelagos" info disk/run/snapshots.nc
mount -o remount,size=100m disk
expect 0 "$pelagos" run "$gyre" "${small[@]}" -o disk/run --set output.snapshots.every="1 hour" --set output.checkpoints.every="20 steps" --resume
expect 0 "$pelagos" run "$gyre" "${small[@]}" -o whole --set output.snapshots.every="1 hour"
expect 0 "$pelagos" compare whole disk/run
finish
