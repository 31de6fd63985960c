#!/usr/bin/env bash
# `pelagos run` as a measurement: --warm-up, --seconds, --no-output change no bit, and say what is wrong with them.
. "$PELAGOS_SOURCE/tests/command/support.sh"
plate=$PELAGOS_SOURCE/inputs/heat/plate.yaml
melt=$PELAGOS_SOURCE/inputs/md/melt.yaml
atoms=(--set 'atoms.lattice.cells=[5, 5, 5]')

# member FOLDER NAME: a text or number of a report.
member()
{
    sed -n "s/^ *\"$2\": \"\{0,1\}\([^\",]*\).*/\1/p" "$1/report.json" | head -n 1
}

# same DECK STEPS OPTION...: by the clock, on 1 to 3 threads, the states at step STEPS and at the end are those of plain
# runs.
same()
{
    local deck=$1 steps=$2 threads last
    shift 2
    for threads in 1 2 3; do
        expect 0 "$pelagos" run "$deck" "$@" -o clock --overwrite --no-output --warm-up 0.02s --seconds 0.05 \
            --steps "$steps" --set run.threads=$threads --set run.placement=compact --set run.counters=true
        last=$(member clock step)
        [ "$last" -ge "$steps" ] || fail "step $last is before $steps"
        expect 0 "$pelagos" run "$deck" "$@" -o plain --overwrite --no-output --steps "$steps"
        grep -q "$(member plain final_state)" clock/report.json ||
            fail "another state at step $steps on $threads threads"
        expect 0 "$pelagos" run "$deck" "$@" -o plain --overwrite --no-output --steps "$last"
        [ "$(member plain final_state)" = "$(member clock final_state)" ] ||
            fail "another state at the end, $threads threads"
    done
}

same "$plate" 50
same "$plate" 50 --set time.scheme=ab3 --set time.step="0.1 s" --set run.tiling=temporal
same "$melt" 7 "${atoms[@]}"

# Without output there is nothing to keep but what the run was and how fast.
[ "$(cd clock && printf '%s ' *)" = "deck.yaml report.json run.log " ] || fail "left behind: $(ls clock)"
expect 0 "$pelagos" run "$plate" -o warm --steps 40 --warm-up 15
[ "$(member warm warm_up_steps) $(member warm measured_steps)" = "15 25" ] || fail "15 steps to warm up, 25 measured"
expect 0 "$pelagos" run "$plate" -o cold --steps 40
expect 0 "$pelagos" compare warm cold

# A signal ends it, with nothing to go on from.
"$pelagos" run "$plate" -o stopped --no-output --seconds 60 > out 2>&1 &
child=$!
until grep -qs "begins" stopped/run.log; do kill -0 $child || break; done
kill -TERM $child
wait $child
code=$?
[ $code -eq 3 ] || fail "exit code $code of a run that was told to stop"
says "stopped by signal SIGTERM at step"
says "there is no checkpoint, as output.enabled is false"
[ "$(member stopped outcome)" = stopped ] || fail "the report does not say that it was stopped"

# refused TEXT OPTION...: exit code 2, a sentence, and no folder.
refused()
{
    local text=$1
    shift
    expect 2 "$pelagos" run "$plate" -o refused "$@"
    says "$text"
    [ ! -e refused ] || fail "a folder of a run that was refused: $*"
}
refused "--warm-up needs a whole number above 0" --warm-up 0
refused "--warm-up needs a whole number above 0" --warm-up -3
refused "--warm-up needs a whole number above 0" --warm-up 2x
refused "--steps needs a whole number above 0" --steps 99999999999999999999
refused "--warm-up needs seconds above 0" --warm-up 0s
refused "--warm-up needs seconds above 0" --warm-up nans
refused "--seconds needs seconds above 0" --seconds 0
refused "--seconds needs seconds above 0" --seconds -1
refused "--seconds needs seconds above 0" --seconds 1e9
refused "--seconds needs seconds above 0" --seconds 5s
refused "leaves nothing of --steps 10 to measure" --steps 10 --warm-up 10
refused "it excludes --resume" --seconds 1 --resume
finish
