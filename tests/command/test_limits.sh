#!/usr/bin/env bash
# A process with less than usual: closed streams, a limit on the size of files, a checkpoint that is no plain file.
. "$PELAGOS_SOURCE/tests/command/support.sh"
run=("$pelagos" run "$gyre" "${small[@]}" --set time.end="10 days" --set output.checkpoints.every="20 steps")
expect 0 "${run[@]}" -o whole

# Closed streams: no file takes their place, no message goes into one.
"${run[@]}" -o closed <&- >&- 2>&- || fail "exit code $? with closed streams"
expect 0 "$pelagos" compare whole closed

# A limit on the size of files acts as a full disk does.
for blocks in 1 30 100; do
    rm -rf small
    expect 5 bash -c "ulimit -f $blocks; exec \"\$@\" 2> /dev/full > /dev/full" bash "${run[@]}" -o small
    expect 0 "${run[@]}" -o small --resume
    expect 0 "$pelagos" compare whole small
done

# A FIFO among the checkpoints is skipped, not waited for.
expect 0 "${run[@]}" -o pipe --steps 60
mkfifo pipe/checkpoints/0000000099.h5
expect 0 timeout 20 "${run[@]}" -o pipe --resume
says "skipped a checkpoint"
expect 0 "$pelagos" compare whole pipe
expect 5 timeout 20 "$pelagos" info pipe/checkpoints/0000000099.h5
finish
