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
bad two_layer "stretching of layer 1 is no finite number" --set 'physics.deformation-radius=1e-170 m'

# One mistake is one error.
one() # one ARGUMENTS...: a run of the eddies in two layers is refused for one reason
{
    bad two_layer "$@"
    [ "$(grep -c -e "--set" -e "yaml:" out)" -eq 1 ] || fail "errors that follow from another: $(cat out)"
}
one "physics.deformation-radius" --set 'physics.deformation-radius=-20 km'
one "physics.model" --set physics.model=three-layer
one "initial.energy" --set initial.energy=-1
one "physics.thickness" --set physics.model=layers --set 'physics.thickness=[500 m, 0 m]'

# What does not go together.
bad surface "surface QG has none" --set physics.coriolis.beta=1e-11
bad jets "physics.forcing.wavenumber" --set 'physics.forcing.wavenumber=1000 rad m-1'
bad two_vortices "physics.forcing.width is missing" --set physics.forcing.injection=1 \
    --set 'physics.forcing.wavenumber=3 rad m-1'
bad two_vortices "needs initial.energy" --set initial.profile=random --set initial.energy=0
bad two_vortices "has no kinetic energy" --set initial.profile=rest
bad rossby_wave "at least one wavelength" --set 'initial.waves=[0, 0]'
bad jets "time.scheme" --set time.scheme=ssp-rk3
bad two_vortices "has infinite kinetic energy" --set initial.profile=waves --set 'initial.ripple=[1e300 s-1, 0 s-1]'

# Waves that the grid cannot show; a ring far wider than the grid's wavenumbers is all of them.
bad rossby_wave "initial.waves has 100 wavelengths along x, but the grid can show 32" --set 'initial.waves=[100, 0]'
bad two_vortices "waves has -33 wavelengths along y" --set physics.topography.profile=waves \
    --set 'physics.topography.waves=[1, -33]'
bad surface "waves has 200 wavelengths along x" --set 'physics.tracers=[{profile: stripes, waves: [200, 0]}]'
ring=(--set 'physics.forcing.wavenumber=14 rad m-1' --set 'grid.cells=[32, 32]')
expect 0 "$pelagos" run "$inputs/jets.yaml" -o wide --steps 3 "${ring[@]}" --set 'physics.forcing.width=1e300 rad m-1'
expect 0 "$pelagos" run "$inputs/jets.yaml" -o all --steps 3 "${ring[@]}" --set 'physics.forcing.width=1000 rad m-1'
[ "$(tail -n 1 wide/run.log | cut -d' ' -f2-)" = "$(tail -n 1 all/run.log | cut -d' ' -f2-)" ] ||
    fail "a ring of all wavenumbers depends on its width"

# A state that is not finite is reported with the part that is not.
expect 4 "$pelagos" run "$inputs/two_vortices.yaml" -o burst --set physics.topography.profile=seamount \
    --set 'physics.topography.height=1e300 m' --set 'physics.topography.width=1 m'
grep -qE "q_hat .* is -?(nan|inf) at" out || fail "no value that is not finite: $(tail -n 1 out)"

# A step beyond the limit, which is named.
bad two_vortices "beyond the stability limit of app qg for this deck, 0.004" --set 'time.step=0.01 s'

# Topography that cannot serve: of another size, missing.
"$PELAGOS_PYTHON" - << 'PYTHON' || finish
import h5py
import numpy

with h5py.File("bottom.h5", "w") as file:
    file["height"] = numpy.zeros((16, 12))
    file["fitting"] = numpy.zeros((64, 64))
    file["endless"] = numpy.full((64, 64), numpy.inf)
PYTHON
bad two_vortices "bottom.h5" --set "physics.topography.file=$PWD/bottom.h5"
says "64"
says "physics.topography.file"
bad two_vortices "endless[0, 0] is no finite value" --set "physics.topography.file=$PWD/bottom.h5" \
    --set physics.topography.variable=endless
bad two_vortices "none.h5" --set "physics.topography.file=$PWD/none.h5"
expect 0 "$pelagos" run "$inputs/two_vortices.yaml" -o made --steps 2 --set "physics.topography.file=$PWD/bottom.h5" \
    --set physics.topography.variable=fitting

# A run from another's checkpoint that lacks a tracer begins without a history.
small=(--set 'grid.cells=[32, 32]')
expect 0 "$pelagos" run "$inputs/two_vortices.yaml" -o first --steps 5 "${small[@]}"
expect 0 "$pelagos" run "$inputs/two_vortices.yaml" -o second --steps 5 "${small[@]}" \
    --from first/checkpoints/0000000005.h5 --set 'physics.tracers=[{profile: half}]'
says "it keeps its initial state"
finish
