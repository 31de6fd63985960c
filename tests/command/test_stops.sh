#!/usr/bin/env bash
# timeout: 300
# Stopping: signals, limits, kills at any moment, two runs in one folder, states that blow up.
. "$PELAGOS_SOURCE/tests/command/support.sh"
run=("$pelagos" run "$gyre" "${small[@]}" --set run.stretch="0.05 s" --set output.checkpoints.every="25 steps")
endless=("${run[@]}" --set time.end="100000 years" --set output.series.every=never --set output.snapshots.every=never)

# wait_for FILE: until it is there.
wait_for()
{
    for _ in $(seq 1000); do [ -e "$1" ] && return; sleep 0.01; done
    fail "$1 never came"
}

for signal in TERM INT USR1; do
    ( trap - INT; exec "${endless[@]}" -o "stop-$signal" > "log-$signal" 2>&1 ) &
    wait_for "stop-$signal/deck.yaml"
    sleep 0.2
    [ $signal != TERM ] || { expect 5 "${endless[@]}" -o stop-TERM --resume; says "another"; }
    kill -$signal $!
    wait $!
    code=$?
    [ $signal = INT ] && [ $code -eq 130 ] && continue # a shell in the background has its children ignore SIGINT
    [ $code -eq 3 ] || fail "exit code $code after SIG$signal: $(tail -n 2 "log-$signal")"
    grep -q '"outcome": "stopped"' "stop-$signal/report.json" || fail "no report after SIG$signal"
done

expect 3 "${endless[@]}" -o wall --set run.wall-limit="1 s"
says "--resume"
expect 3 env SLURM_JOB_END_TIME=$(($(date +%s) + 12)) "${endless[@]}" -o slurm
says "SLURM_JOB_END_TIME"

expect 4 "${run[@]}" -o bad --set time.step="1 day"
says "smaller step"
[ -e bad/failed.h5 ] || fail "no failed.h5"

# Killed at 20 moments, resumed each time: the same files as never stopped.
expect 0 "${run[@]}" -o whole --set time.end="300 days"
for _ in $(seq 20); do
    "${run[@]}" -o killed --resume --set time.end="300 days" > log-killed 2>&1 &
    sleep "0.0$((RANDOM % 10))$((RANDOM % 10))"
    kill -KILL $! 2> /dev/null
    wait $! 2> /dev/null
done
expect 0 "${run[@]}" -o killed --resume --set time.end="300 days"
expect 0 "$pelagos" compare whole killed
finish
