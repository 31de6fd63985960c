#!/usr/bin/env bash
# Every deck of inputs/md is understood, and takes some steps on a smaller box.
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
    expect 0 "$pelagos" run "$deck" -o "$(basename "$deck" .yaml)" --set "atoms.lattice.cells=[6, 5, 6]" --steps 5
    says "finished at step 5"
    tried=$((tried + 1))
done
[ $tried -ge 7 ] || fail "only $tried decks were tried"
finish
