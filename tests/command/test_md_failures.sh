#!/usr/bin/env bash
# Molecular dynamics that fails: exit code 4; the sentence names step, atom, place, force and nearest neighbour, the bad state
# and the latest good checkpoint, and what to do; both files are whole. A box that is too small is a mistake of the deck: 2.
. "$PELAGOS_SOURCE/tests/command/support.sh"
melt=$PELAGOS_SOURCE/inputs/md/melt.yaml
number='-?[0-9.]+(e[-+][0-9]+)?|-?inf|-?nan'
vector="\(($number), ($number), ($number)\)"
force="(force $vector|force not yet known)"
atom="atom [0-9]+ at $vector, velocity $vector, $force, nearest neighbour atom [0-9]+ at a distance of ($number)"

# says_like PATTERN: the last output matches.
says_like()
{
    grep -qE -- "$1" out || fail "nothing says what matches \"$1\": $(tail -n 5 out)"
}

# fails NAME STEP CHECKPOINT PATTERN SETTING...: a run of a small melt fails at a step, with or without a good checkpoint, and
# says what matches.
fails()
{
    local name=$1 step=$2 checkpoint=$3 pattern=$4 settings=()
    shift 4
    for setting in "$@"; do settings+=(--set "$setting"); done
    expect 4 "$pelagos" run "$melt" -q -o "$name" --set "atoms.lattice.cells=[6, 6, 6]" --set run.threads=1 \
        --set "output.checkpoints={every: 2 steps, keep: 2}" --set time.end=20 "${settings[@]}"
    says_like "error: step $step: .*$atom.*; .*is the latest complete one"
    says_like "$pattern"
    says "the state is in $name/failed.h5"
    [ ! -e "$name/report.json" ] || fail "$name: a run that has failed wrote a report"
    if [ "$checkpoint" = none ]; then
        says "there is no checkpoint yet"
    else
        says_like "latest good checkpoint is $name/checkpoints/0*$checkpoint.h5"
    fi
    cp out said
    for file in "$name/failed.h5" "$name"/checkpoints/*.h5; do
        [ -e "$file" ] || continue
        expect 0 "$pelagos" info "$file"
        says "a checkpoint of app md, whole"
    done
    cp said out
}

overlap="atoms overlap.*try a smaller step, or relax the initial state first"
lost="an atom is lost, beyond any place that can be held.*try a smaller step, or look at the initial state"
shrunk="the box has shrunk: .*less than twice cutoff \+ skin.*a shorter cutoff"

# A step too long: the crystal heats until two atoms meet. A run from the good checkpoint, with a shorter step, does not.
fails blown-up 14 12 "$overlap" time.step=0.03
grep -q "step 13, time 0.39 tau, is the latest complete one" said || fail "not step 13 is complete: $(cat said)"
kept=$(find blown-up/checkpoints -name '*.h5' | sort)
[ "$(wc -l <<< "$kept")" -eq 2 ] || fail "other checkpoints than the two latest are left: $kept"
expect 0 "$pelagos" run "$melt" -q -o saved --set "atoms.lattice.cells=[6, 6, 6]" --steps 40 --from "${kept%%$'\n'*}" \
    --set time.step=0.002

# Overlaps at the start, and the same pushed apart.
packing=("atoms.lattice={}" "atoms.packing={count: [864], density: 0.8}")
fails overlaps 0 none "$overlap" "${packing[@]}"
expect 0 "$pelagos" run "$melt" -q -o relaxed --steps 3 --set "${packing[0]}" --set "${packing[1]}" \
    --set "atoms.minimise.push-apart=true" --set "atoms.lattice.cells=[1, 1, 1]"

expect 4 "$pelagos" run "$melt" -q -o minimised --set "${packing[0]}" --set "${packing[1]}" --set atoms.minimise.method=fire
says_like "minimising, before step 0: atoms overlap.*$atom.*atoms.minimise.push-apart: true"
[ ! -e minimised ] || fail "a folder was made for a run that has not begun"

# Too many atoms in one place for neighbour lists.
fails crowded 0 none "density is too high for neighbour lists, more than [0-9]+ atoms.*take a shorter cutoff" \
    atoms.lattice.density=100 "atoms.lattice.cells=[20, 20, 20]"

# An atom that falls out of an open side; one that leaves all bounds at once; one whose place is no number.
fails left '[0-9]+' '[0-9]+' "$lost" "box.boundary=[periodic, periodic, open]" "dynamics.acceleration=[0, 0, 4]"
fails torn 1 none "$lost" time.step=1e3 time.end=1e5
fails overflown 1 none "$lost" atoms.velocities.temperature=1e200 time.step=1e300 time.end=1e302
says_like "atom [0-9]+ at \(-?(inf|nan), .*when the lists were built"

# A box that a barostat or a deformation makes too small, and a barostat too strong.
press=(dynamics.integrator=bussi dynamics.temperature=1)
fails pressed '[0-9]+' '[0-9]+' "$shrunk" "${press[@]}" "atoms.lattice.cells=[4, 4, 4]" \
    neighbours.skin=0.75 "dynamics.barostat={pressure: 50, damping: 0.5, compressibility: 0.01, every: 2}"
fails crushed 2 none "the barostat would change the volume.*give it a longer time" "${press[@]}" \
    "dynamics.barostat={pressure: 1000, damping: 0.5, compressibility: 0.01, every: 2}"
fails squeezed '[0-9]+' '[0-9]+' "$shrunk" "dynamics.deform={rate: [-2, 1, 1]}" "atoms.lattice.cells=[4, 6, 6]"

# The same where the distances that are gathered are longer than half of it: nothing is wrong with an atom, but all is kept.
expect 4 "$pelagos" run "$melt" -q -o gathers --set "atoms.lattice.cells=[4, 4, 4]" --set potential.cutoff=2 --steps 60 \
    --set "output.rdf={sample: 1 steps, every: 20 steps, reach: 3.3}" --set "dynamics.deform.rate=[-0.5, 0, 0]" \
    --set "output.checkpoints.every=2 steps"
says "less than twice output.rdf.reach"
says "the state is in gathers/failed.h5"
says "the latest good checkpoint is gathers/checkpoints"

# The sentence is the same on any number of threads, in any order of storage, and whenever lists are built.
for ways in 1,10,0.3 2,1,0.3 3,never,0.5; do
    IFS=, read -r threads sort skin <<< "$ways"
    expect 4 "$pelagos" run "$melt" -q -o ways --overwrite --set "atoms.lattice.cells=[6, 6, 6]" --set time.step=0.03 \
        --set run.threads="$threads" --set run.placement=none --set neighbours.sort-every="$sort" \
        --set neighbours.skin="$skin" --set run.stretch="1 ns"
    sed -n 's/.*step 14: //p' out >> sentences
done
[ "$(wc -l < sentences)" -eq 3 ] || fail "not three sentences: $(cat sentences)"
[ "$(sort -u sentences | wc -l)" -eq 1 ] || fail "sentences differ: $(cat sentences)"

# Too small from the start: an error of the deck, and nothing is made.
expect 2 "$pelagos" run "$melt" -o small --set "atoms.lattice.cells=[3, 6, 6]"
says_like "the periodic box is [0-9.]+ long in x, less than twice cutoff \+ skin.*take more cells"
[ ! -e small ] || fail "a folder was made for a box that is too small"
finish
