#!/usr/bin/env bash
# Decks of qg with mistakes: exit code 2, what is wrong and where, and nothing is made.
. "$PELAGOS_SOURCE/tests/command/support.sh"
inputs=$PELAGOS_SOURCE/inputs/qg

# bad DECK MESSAGE ARGUMENTS...: a run of the deck with these arguments is refused with the message.
bad()
{
    local deck=$inputs/$1.yaml message=$2
    shift 2
    expect 2 "$pelagos" run "$deck" -o made "$@"
    says "$message"
    [ ! -e made ] || fail "a folder was made for $*"
}
layers=(--set physics.model=layers --set physics.deformation-radius='[]' --set 'physics.flow=[0 m s-1]')

# The grid.
bad two_vortices "at least 8 cells" --set 'grid.cells=[64, 4]'
bad two_vortices "two dimensions" --set 'grid.cells=[16, 16, 16]' --set 'grid.extent=[1 m, 1 m, 1 m]'
bad two_vortices "not periodic along y" --set 'grid.boundary=[periodic, wall]'

# Layers.
bad two_layer "physics.thickness is missing" "${layers[@]}"
bad two_layer "physics.thickness" "${layers[@]}" --set 'physics.thickness=[500 m, -1 m]'
bad two_layer "physics.thickness" "${layers[@]}" --set 'physics.thickness=[500 m, 0 m]'
bad two_layer "unstable stratification" "${layers[@]}" --set 'physics.thickness=[500 m, 500 m, 500 m]' \
    --set 'physics.density=[1025 kg m-3, 1028 kg m-3, 1027 kg m-3]'
bad two_layer "one for each of physics.thickness" "${layers[@]}" --set 'physics.thickness=[500 m, 500 m]' \
    --set 'physics.density=[1025 kg m-3]'
bad two_layer "needs 1" --set 'physics.deformation-radius=[20 km, 30 km]'
bad two_layer "physics.deformation-radius" --set 'physics.deformation-radius=-20 km'
bad two_layer "physics.flow has 3 numbers, but there are 2 layers" --set 'physics.flow=[1, 2, 3]'
bad two_layer "only layers 1 to 2" --set physics.drifters.layer=3
bad two_vortices "this physics.model has none" --set 'physics.deformation-radius=20 km'

# What does not go together.
bad surface "surface QG has none" --set physics.coriolis.beta=1e-11
bad jets "physics.forcing.wavenumber" --set 'physics.forcing.wavenumber=1000 rad m-1'
bad two_vortices "physics.forcing.width is missing" --set physics.forcing.injection=1 \
    --set 'physics.forcing.wavenumber=3 rad m-1'
bad two_vortices "needs initial.energy" --set initial.profile=random --set initial.energy=0
bad two_vortices "has no kinetic energy" --set initial.profile=rest
bad rossby_wave "at least one wavelength" --set 'initial.waves=[0, 0]'
bad jets "time.scheme" --set time.scheme=ssp-rk3

# A step beyond the limit, which is named.
bad two_vortices "beyond the stability limit of app qg for this deck, 0.004" --set 'time.step=0.01 s'

# Topography that cannot serve: of another size, missing.
"$PELAGOS_PYTHON" - << 'PYTHON' || finish
import h5py
import numpy

with h5py.File("bottom.h5", "w") as file:
    file["height"] = numpy.zeros((16, 12))
    file["fitting"] = numpy.zeros((64, 64))
PYTHON
bad two_vortices "bottom.h5" --set "physics.topography.file=$PWD/bottom.h5"
says "64"
says "physics.topography.file"
bad two_vortices "none.h5" --set "physics.topography.file=$PWD/none.h5"
expect 0 "$pelagos" run "$inputs/two_vortices.yaml" -o made --steps 2 --set "physics.topography.file=$PWD/bottom.h5" \
    --set physics.topography.variable=fitting
finish
