#!/usr/bin/env bash
# Every deck of inputs/md is understood, and takes some steps in a smaller box.
. "$PELAGOS_SOURCE/tests/command/support.sh"

tried=0
for deck in "$PELAGOS_SOURCE"/inputs/md/*.yaml; do
    if grep -q /usr/share/lammps "$deck" && [ ! -e /usr/share/lammps ]; then
        expect 2 "$pelagos" check "$deck"
        says "/usr/share/lammps"
        continue
    fi
    expect 0 "$pelagos" check "$deck"
    says "app: md"
    expect 0 "$pelagos" plan "$deck"
    says "potential"
    expect 0 "$pelagos" run "$deck" -o "$(basename "$deck" .yaml)" --set "atoms.lattice.cells=[8, 7, 8]" --steps 5
    says "finished at step 5"
    tried=$((tried + 1))
done
# A run of the same folder again removes all that the first has written, of whatever kind; so does one that was killed before its
# first checkpoint and begins again.
every=(--set "atoms.lattice.cells=[5, 5, 5]" --set "output.rdf={sample: 1 steps, every: 2 steps}"
    --set "output.msd={sample: 1 steps, every: 2 steps, lags: 3}" --set "output.profile={sample: 1 steps, every: 2 steps}"
    --set "output.trajectory={every: 2 steps}")
again=("$pelagos" run "$PELAGOS_SOURCE/inputs/md/melt.yaml" -q -o again "${every[@]}" --steps 5)
expect 0 "${again[@]}"
expect 0 "${again[@]}" --overwrite
rm again/checkpoints/*.h5 again/report.json
expect 0 "${again[@]}" --resume
[ -e again/rdf.nc ] || fail "no rdf.nc: $(ls again)"

[ $tried -ge 7 ] || fail "only $tried decks were tried"
finish
