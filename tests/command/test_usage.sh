#!/usr/bin/env bash
# The command line as a person uses it: help, versions, slips of the finger, and the exit code of each.
. "$PELAGOS_SOURCE/tests/command/support.sh"

expect 2 "$pelagos"
expect 0 "$pelagos" --help
says "Exit codes"
expect 0 "$pelagos" --version
says "pelagos "
expect 2 "$pelagos" rnu
says "did you mean run?"
for command in run check apps params plan info compare machine bench scale; do
    expect 0 "$pelagos" $command --help
    says "Exit codes"
    expect 2 "$pelagos" $command --no-such-option
    grep -q "$command" "$PELAGOS_SOURCE/docs/pelagos.1" || fail "the man page does not know $command"
done
expect 2 "$pelagos" run
says "which deck?"
expect 2 "$pelagos" run a.yaml b.yaml
expect 2 "$pelagos" run a.yaml --resume --overwrite
expect 2 "$pelagos" run a.yaml --steps many
expect 2 "$pelagos" run a.yaml --set novalue
expect 5 "$pelagos" run no-such-deck.yaml
says "no-such-deck.yaml"
# a table that a full disk cuts short
expect 5 bash -c "exec \"\$@\" > /dev/full" bash "$pelagos" params heat
expect 5 bash -c "exec \"\$@\" > /dev/full" bash "$pelagos" check "$gyre"

expect 0 "$pelagos" apps
says "shallow-water"
says "heat"
expect 0 "$pelagos" params shallow-water
says "physics.depth"
expect 2 "$pelagos" params shalow-water
says "did you mean shallow-water?"

expect 0 "$pelagos" check "$gyre" --set time.end="5 days"
says "end: 432000 s"
expect 0 "$pelagos" plan "$gyre" "${small[@]}"
says "memory of"

# Completion knows what the command knows.
. "$PELAGOS_SOURCE/docs/pelagos.bash"
# completes WANTED WORD...: the completions of the last word.
completes()
{
    local wanted=$1
    shift
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    _pelagos
    [ "${COMPREPLY[*]}" = "$wanted" ] || fail "completion of $*: ${COMPREPLY[*]}"
}
touch deck.yaml note.txt
completes shallow-water "$pelagos" params sh
completes run "$pelagos" ru
completes --overwrite "$pelagos" run --ov
completes deck.yaml "$pelagos" check d
completes deck.yaml "$pelagos" scale d
completes --repeat "$pelagos" scale --rep
completes slurm "$pelagos" scale deck.yaml --script s
finish
