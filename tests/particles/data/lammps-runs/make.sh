#!/bin/bash
# Makes the *.data and *.txt of this folder with LAMMPS (Debian's lammps and lammps-data): atoms with velocities, and
# what 20 steps make of them: thermodynamics at the start and the end, and the forces at the end.
set -e

# make NAME CELLS
make() {
  lmp -log none -screen none -in run.in -var name "$1" -var cells "$2" -var every 20 -var steps 20 \
      -var potentials /usr/share/lammps/potentials
  { echo "# LAMMPS, make.sh: $1"; sed -n '/^Step/,/^Loop/p' "$1.log"; awk '/TIMESTEP/ {n++} n == 2' "$1.dump"; } >"$1.txt"
  rm "$1.log" "$1.dump" "$1.end"
}

make lj 5
make strained-cu 4
make strained-si 3
