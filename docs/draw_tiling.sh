#!/usr/bin/env bash
# Draws the pictures of docs/tiling.md from the real schedule, into a folder (default: docs). Needs PELAGOS_COMMAND, or
# `pelagos` on the path.
set -euo pipefail

source=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-$source/docs}
pelagos=${PELAGOS_COMMAND:-pelagos}
python=${PELAGOS_PYTHON:-$("$source/plotting/find_python")}
tiles=$(mktemp -d)
trap 'rm -rf "$tiles"' EXIT

# tiles NAME DECK --set ...: the tiles of a deck, in $tiles/NAME.json.
tiles() {
    "$pelagos" plan "$source/inputs/$2" --tiles "$tiles/$1.json" --set run.threads=2 "${@:3}"
}

# draw DRAWING PICTURE NAME...
draw() {
    "$python" "$source/plotting/draw_tiling.py" "$1" "${@:3}" -o "$folder/$2"
}

# Diffusion looks one point around once a step; a step of the shallow water equations does so in several loops.
tiles ring heat/plate.yaml --set time.scheme=euler --set 'grid.cells=[64, 64]' --set grid.boundary=periodic \
    --set run.pitch=16 --set run.height=4 --set run.chunk=16 --steps 8
tiles gyre shallow_water/double_gyre.yaml --set 'grid.cells=[96, 96]' --set run.pitch=16 --set run.height=3 \
    --set run.chunk=32 --steps 6
tiles plate heat/plate.yaml --set time.scheme=euler --set 'grid.cells=[64, 128]' --set run.pitch=16 \
    --set run.height=4 --set run.chunk=16 --steps 12

draw diamonds tiling_diamonds.svg "$tiles/ring.json" "$tiles/gyre.json"
draw wavefront tiling_wavefront.svg "$tiles/plate.json"
draw waits tiling_waits.svg "$tiles/plate.json"
