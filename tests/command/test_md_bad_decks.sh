#!/usr/bin/env bash
# Decks of md with mistakes: exit code 2, what is wrong and where, and nothing is made.
. "$PELAGOS_SOURCE/tests/command/support.sh"
melt=$PELAGOS_SOURCE/inputs/md/melt.yaml

# bad MESSAGE SETTING...: a run of the melt with these settings is refused with the message.
bad()
{
    local message=$1 settings=()
    shift
    for setting in "$@"; do settings+=(--set "$setting"); done
    expect 2 "$pelagos" run "$melt" -o made "${settings[@]}"
    says "$message"
    [ ! -e made ] || fail "a folder was made for $*"
}

# Units.
bad "with units: lj all numbers are plain" "time.step=1 fs"
bad "cannot be converted to ps" units=metal "time.step=1 angstrom"
bad "units: \"imperial\" is unknown" units=imperial
bad "grid is no parameter" "grid={cells: [4]}"

# Atoms and box.
bad "there are no atoms" "atoms.lattice={}"
bad "give one of them" "atoms.packing.count=[100]"
bad "less than twice cutoff + skin" "atoms.lattice.cells=[2, 2, 2]"
bad "a lattice needs either its constant or a density" atoms.lattice.density=0
bad "masses has 2 numbers" "masses=[1, 2]"
bad "nothing else says the mass of type 1" units=metal "potential.pairs=[{types: [1, 1]}]"
bad "no-such-file.lmp" "atoms.lattice={}" atoms.file=no-such-file.lmp
bad "box.boundary" "box.boundary=[periodic, wall, periodic]"

bad "atoms.retype has type 2, but atoms.types is 1" "atoms.retype=[{type: 2}]"
bad "holds no atom" atoms.types=2 "atoms.retype=[{type: 2, low: [90, 0, 0], high: [91, 1, 1]}]" "potential.pairs=[{types: [1, 1]}, {types: [2, 2]}]"
bad "the cell of fcc has 4 sites" "atoms.lattice.types=[1, 1, 1]"
bad "there may be 2.14748e+09" "atoms.lattice.cells=[100000, 100000, 100000]"
bad "too long for a cutoff" "atoms.lattice.vacuum=[0, 0, 1e12]"
bad "regions of the packing hold none" "atoms.lattice={}" "atoms.packing={count: [100], length: [7, 7, 7]}" \
    "atoms.regions=[{low: [10, 10, 10], high: [12, 12, 12]}]"
bad "atoms.lattice.strain" "atoms.lattice.strain=[-1, 0, 0]"
bad "atoms.minimise.pressure is of atoms.minimise.method fire, conjugate-gradients" atoms.minimise.pressure=1
bad "atoms.velocities.temperature: a temperature of 1e+305" atoms.velocities.temperature=1e305

# What is given in vain.
bad "potential.tail is of potential.kind lj, buckingham, morse; with table it would change nothing" potential.kind=table potential.tail=true
bad "alpha is of potential.kind morse" "potential.pairs=[{types: [1, 1], alpha: 2}]"
bad "dynamics.temperature is of dynamics.integrator langevin, bussi, nose-hoover; with nve it would change nothing" dynamics.temperature=1
bad "give dynamics.barostat.pressure, too" dynamics.barostat.damping=2

# Files of atoms: more, or less, than they announce; what no program can hold.
atoms_of_lmp()
{
    printf 'title\n\n%s atoms\n1 atom types\n0 7 xlo xhi\n0 7 ylo yhi\n0 7 zlo zhi\n\nAtoms # atomic\n\n' "$1"
    printf '1 1 0 0 0\n2 1 2 2 2\n3 1 4 4 4\n'
}
read_lmp=("atoms.lattice={}" "atoms.file=$PWD/atoms.lmp")
atoms_of_lmp 2 >atoms.lmp
bad "atoms.lmp:13: the section goes on, but the header announces 2 atoms" "${read_lmp[@]}"
atoms_of_lmp 4 >atoms.lmp
bad "the file ends after 3 of 4 atoms" "${read_lmp[@]}"
{ atoms_of_lmp 3; printf '\nVelocities\n\n1 0 0 0\n2 0 0 0\n2 0 0 0\n'; } >atoms.lmp
bad "a second velocity of atom 2" "${read_lmp[@]}"
read_xyz=("atoms.lattice={}" "atoms.file=$PWD/atoms.xyz")
# atoms_of_xyz COUNT KEYS
atoms_of_xyz()
{
    printf '%s\nLattice="7 0 0 0 7 0 0 0 7" %s\n' "$1" "$2"
    printf 'Ar 0 0 0\nAr 2 2 2\nAr 4 4 4\n'
}
atoms_of_xyz 2 "" >atoms.xyz
bad "atoms.xyz:5: the frame goes on after the 2 atoms" "${read_xyz[@]}"
atoms_of_xyz 3 'Origin="nan 0 0"' >atoms.xyz
bad "Origin should be 3 numbers" "${read_xyz[@]}"
atoms_of_xyz 3 "Properties=species:S:1:pos:R:3:a:R:2000000000:b:R:2000000000" >atoms.xyz
bad "a is not so" "${read_xyz[@]}"
atoms_of_xyz 3 "Properties=species:S:1:pos:R:3:mass:R:1" | sed 's/^Ar.*/& -1/' >atoms.xyz
bad "the mass of an atom is -1" "${read_xyz[@]}"
atoms_of_xyz 3 "" >atoms.xyz
bad "atoms.species names 40 types; atoms.types is 1" "${read_xyz[@]}" "atoms.species=[$(seq -s, 40)]"

# Potential.
bad "potential.pairs has no entry for types [1, 1]" units=real
bad "from which it could be mixed" atoms.types=2 "potential.pairs=[{types: [1, 1]}]"
bad "potential.pairs is missing" potential.kind=morse
bad "use units: metal" potential.kind=eam
bad "potential.file" units=metal potential.kind=eam-alloy "potential.elements=[Cu]"
bad "potential.sutton-chen has 0 entries" units=metal potential.kind=sutton-chen
bad "n > m > 3" units=metal potential.kind=sutton-chen "potential.sutton-chen=[{epsilon: 1, a: 3, n: 6, m: 9, c: 30}]"
bad "use units: metal" potential.kind=stillinger-weber
bad "potential.elements has 0 elements" units=metal potential.kind=stillinger-weber "potential.file=$PWD/si.sw"
sw=(units=metal "masses=[28]" potential.kind=stillinger-weber "potential.file=$PWD/si.sw" "potential.elements=[Si]")
bad "si.sw" "${sw[@]}"
echo "Si Si Si 2.17 2.1 1.8 21 1.2" >si.sw
bad "si.sw:1" "${sw[@]}"
echo "Ge Ge Ge 1.9 2.2 1.8 31 1.2 -0.3333333 7.05 0.602 4 0 0" >si.sw
bad 'there is no entry "Si Si Si"' "${sw[@]}"
echo "Si Si Si 2.17 two 1.8 21 1.2 -0.3333333 7.05 0.602 4 0 0" >si.sw
bad "sigma" "${sw[@]}"
echo "Si Si Si 2.17 2.1 1.8 21 1.2 -0.3333333 7.05 0.602 4.5 0 0" >si.sw
bad "the power p of a Stillinger-Weber pair is 4.5" "${sw[@]}"
table=(potential.kind=table "potential.pairs=[{types: [1, 1], file: $PWD/table}]")
: >table
bad "there is no section" "${table[@]}"
printf 'LJ\nN 3 R 1 3\n\n1 1 0 24\n2 2 0 0\n3 2.5 0 0\n' >table
bad "line 3 of the table is of r = 2.5, where R 1 3 says 3" "${table[@]}"
bad "types go to 1" "potential.pairs=[{types: [1, 1]}, {types: [1, 3]}]"

# Dynamics and output.
bad "dynamics.temperature is missing" dynamics.integrator=langevin
bad "dynamics.ramp needs both" "dynamics={integrator: bussi, temperature: 1, ramp: {temperature: 2}}"
bad "go from 10 to 5" "dynamics={integrator: bussi, temperature: 1, ramp: {temperature: 2, steps: [10, 5]}}"
bad "dynamics.ramp.temperature is of dynamics.integrator" "dynamics.ramp={temperature: 2, steps: [0, 5]}"
bad "needs atoms that move freely" dynamics.integrator=nose-hoover dynamics.temperature=1 "dynamics.motion=[{type: 1}]"
bad "leave no room between them" "box.boundary=[periodic, periodic, open]" \
    "dynamics.walls=[{side: bottom, kind: reflecting, position: 5}, {side: top, kind: reflecting, position: 2}]"
bad "compressibility is missing" dynamics.barostat.pressure=1
bad "a wall across z needs an open side" "dynamics.walls=[{side: top}]"
bad "type 2 is driven" "dynamics.motion=[{type: 2}]"
bad "there is no \"colour\"" "output.trajectory={every: 1 steps, fields: [colour]}"
bad "cannot go by wall-clock time" "output.trajectory={every: 1 min wall}"
bad "output.rdf needs both" "output.rdf={sample: 5 steps}"
bad "output.msd needs both" "output.msd={every: 5 steps}"
bad "is beyond half of the box along x, 16.796" "output.rdf={sample: 5 steps, every: 5 steps, reach: 20}"
bad "must be a number of steps" "output.msd={sample: 0.1 tau, every: 5 steps}"
bad "two streams would write rdf.nc" "output.rdf={sample: 5 steps, every: 5 steps}" \
    "output.snapshots=[{name: rdf, every: 5 steps, tables: [atoms]}]"

# What is gathered in another way cannot go on in the same file; one that is new begins.
few=(--set "atoms.lattice.cells=[4, 4, 4]" --set "output.checkpoints.every=never")
gathers=(--set "output.rdf={sample: 2 steps, every: 5 steps, bins: 30}")
expect 0 "$pelagos" run "$melt" -o gather "${few[@]}" "${gathers[@]}" --steps 7
expect 2 "$pelagos" run "$melt" -o gather "${few[@]}" "${gathers[@]}" --set output.rdf.bins=40 --steps 9 --resume
says "lies at other points"
expect 0 "$pelagos" run "$melt" -o gather "${few[@]}" --set "output.msd={sample: 2 steps, every: 5 steps}" --steps 10 --resume
[ -e gather/msd.nc ] || fail "displacements that a resumed run asks for are not there"
expect 0 "$pelagos" run "$melt" -o gather "${few[@]}" "${gathers[@]}" --steps 12 --resume

# A run from a state: of as many types as the deck says, with the deck's masses.
from=(--from "$(find gather/checkpoints -name '*.h5' | tail -n 1)")
expect 2 "$pelagos" run "$melt" -o made "${from[@]}" --set atoms.types=2 --set "potential.pairs=[{types: [1, 1]}, {types: [2, 2]}]"
says "atoms.types is 2, but the state has atoms of 1 types"
[ ! -e made ] || fail "a folder was made for a state of other types"
expect 2 "$pelagos" run "$PELAGOS_SOURCE/inputs/md/copper.yaml" -o other "${from[@]}"
says "in \"1\", and the deck wants \"Angstrom\""
expect 0 "$pelagos" run "$melt" -o heavy "${from[@]}" --set "masses=[2]" --steps 1
expect 0 "$pelagos" run "$melt" -o light "${from[@]}" --steps 1
"$pelagos" compare heavy light >out 2>&1 && fail "a run from a state has not the deck's masses"

# One mistake is one error.
bad "potential.cutoff" potential.cutoff=-1
[ "$(grep -c -e "--set" -e "yaml:" out)" -eq 1 ] || fail "errors that follow from another: $(cat out)"

finish
