#!/bin/bash
# Makes the *.txt of this folder with LAMMPS (Debian's lammps and lammps-data): energy, virial (xx yy zz xy xz yz, in the
# unit of energy), box length, and a line an atom: id, type, position, force.
set -e
potentials=/usr/share/lammps/potentials
bar=1602176.5 # of eV angstrom^-3, as LAMMPS' metal units have it

# make NAME UNITS LATTICE CELLS TYPES DISPLACEMENT PAIR_STYLE, with the lines of pair_coeff on standard input
make() {
  cat >coefficients
  lmp -log none -screen none -in forces.in -var name "$1" -var units "$2" -var lattice "$3" -var cells "$4" -var types "$5" \
      -var far "$6" -var style "$7" -var bar "$([ "$2" = metal ] && echo $bar || echo 1)"
  { echo "# LAMMPS $(lmp -h | awk '/^Large/ {print $8, $9, $10}'), make.sh: $1"
    cat "$1.sums"; awk -v OFMT=%.16g 'NR == 4 {n = $1} NR == 6 {print n, $2 - $1} NR > 9' "$1.dump"; } >"$1.txt"
  rm coefficients "$1.sums" "$1.dump"
}

make eam-cu metal "fcc 3.615" 4 1 0.2 eam <<<"pair_coeff * * $potentials/Cu_u3.eam"
make eam-cu-ni metal "fcc 3.58" 4 2 0.2 eam <<<"pair_coeff 1 1 $potentials/Cu_u3.eam
pair_coeff 2 2 $potentials/Ni_u3.eam"
make eam-alloy metal "fcc 3.58" 4 2 0.2 eam/alloy <<<"pair_coeff * * $potentials/CuNi.eam.alloy Cu Ni"
make eam-fs metal "bcc 2.9" 5 2 0.2 eam/fs <<<"pair_coeff * * $potentials/AlFe_mm.eam.fs Fe Al"
make sw-si metal "diamond 5.431" 3 1 0.3 sw <<<"pair_coeff * * $potentials/Si.sw Si"
make sw-gan metal "diamond 4.5" 3 2 0.3 sw <<<"pair_coeff * * $potentials/GaN.sw Ga N"
make morse metal "fcc 3.615" 4 1 0.2 "morse 6.0" <<<"pair_coeff * * 0.3429 1.3588 2.866"
make buckingham metal "fcc 5.3" 4 1 0.2 "buck 8.0" <<<"pair_coeff * * 1500.0 0.33 80.0"
make lj lj "fcc 0.8442" 4 1 0.1 "lj/cut 2.5" <<<"pair_coeff * * 1.0 1.0"
make lj-mixed lj "fcc 0.8442" 4 2 0.1 "lj/cut 2.5" <<<"pair_coeff 1 1 1.0 1.0
pair_coeff 2 2 0.5 0.9
pair_modify mix arithmetic shift yes"
make wca lj "fcc 0.8442" 4 1 0.1 "lj/cut $(awk 'BEGIN {printf "%.17g", 2 ^ (1 / 6)}')" <<<"pair_coeff * * 1.0 1.0
pair_modify shift yes"
