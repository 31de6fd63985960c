#!/usr/bin/env bash
# `pelagos bench` as a person uses it, on small grids: the table, the JSON, one executor, a search, slips of the finger.
. "$PELAGOS_SOURCE/tests/command/support.sh"

expect 0 "$pelagos" bench --list
for case in stream copy sum heat-7pt heat-7pt-variable wave-25pt maxwell shallow-water fft-2d fft-3d poisson qg overhead lj eam sw neighbours; do
    says "$case "
done

quick=(--size 20 --steps 4 --repetitions 2)
expect 0 "$pelagos" bench heat-7pt shallow-water "${quick[@]}" --threads 1,2 --json=bench.json
says "heat-7pt: 20 x 20 x 20 cells, 1 thread, 4 steps, 2 turns"
says "shallow-water: 20 x 20 cells, 2 threads"
says "temporal over the better"
says "heat-7pt, 2 over 1 threads: spatial"
says "spatial over hand"
/usr/bin/python3 - <<'PYTHON' || fail "bench.json is not what it should be"
import json

found = json.load(open("bench.json"))
results = found["results"]
assert [(r["case"], r["threads"]) for r in results] == [
    ("heat-7pt", 1), ("heat-7pt", 2), ("shallow-water", 1), ("shallow-water", 2)]
for r in results:
    assert r["verified"] is True and r["steps"] == 4 and r["repetitions"] == 2 and r["boundary"] == "wall"
    assert r["triad_bytes_per_second"] > 0 and r["peak_operations_per_second"] > 0
    for rate in r["rates"].values():
        spread = rate["updates_per_second"]
        assert 0 < spread["min"] <= spread["median"] <= spread["max"]
        bytes_a_second = spread["median"] * r["declared_bytes_per_cell"]
        assert abs(rate["declared_bytes_per_second"] / bytes_a_second - 1) < 1e-12
        assert abs(rate["fraction_of_triad"] / (bytes_a_second / r["triad_bytes_per_second"]) - 1) < 1e-12
    ratio = r["temporal_over_spatial"]
    assert 0 < ratio["min"] <= ratio["median"] <= ratio["max"]
heat, sea = results[1], results[3]
assert heat["cells"] == [20, 20, 20] and sea["cells"] == [20, 20]
assert sorted(heat["rates"]) == ["hand", "spatial", "temporal"] and sorted(sea["rates"]) == ["spatial", "temporal"]
assert heat["declared_bytes_per_cell"] == 16 and heat["spatial_over_hand"]["median"] > 0
assert sea["spatial_over_hand"] is None
PYTHON

# JSON in place of the table: nothing else on standard output
"$pelagos" bench stream "${quick[@]}" --json 2> table | /usr/bin/python3 -c 'import json, sys; json.load(sys.stdin)' ||
    fail "--json does not give JSON alone"
grep -q "stream: 20 x 20 x 20" table || fail "the table does not go to standard error"

expect 0 "$pelagos" bench maxwell --size 24x20x18 --steps 4 --repetitions 1 --executor temporal --pitch 8 --height 2 \
    --chunk 4 --periodic
says "24 x 20 x 18 cells, periodic"
says "temporal"
expect 0 "$pelagos" bench overhead --steps 100 --repetitions 2
says "spatial, a step beyond its kernel: "
says "auto, a step beyond its kernel: "
expect 0 "$pelagos" bench fft-2d --size 24x20 --steps 2 --repetitions 2
says "fft-2d: 24 x 20 cells, periodic"
says "spatial over raw FFTW: "
says "spatial over FFTW_MEASURE: "
expect 0 "$pelagos" bench poisson --size 24x20x18 --steps 2 --repetitions 1
says "poisson: 24 x 20 x 18 cells"
says "of a step take raw FFTW"
expect 0 "$pelagos" bench qg --size 24 --steps 2 --repetitions 1
says "qg: 24 x 24 cells, periodic"
says "million point-steps/s"
expect 0 "$pelagos" bench heat-7pt "${quick[@]}" --executor reference
says "reference"

# Atoms: steps with and without the same bits, and lists alone, which have no pairs to count.
expect 0 "$pelagos" bench lj neighbours --size 16 --steps 1 --repetitions 1 --threads 1 --json=atoms.json
says "lj: 16384 atoms, 1 thread, 1 steps, 1 turns"
says "M atom-steps/s"
says "what the same bits cost"
/usr/bin/python3 - <<'PYTHON' || fail "atoms.json is not what it should be"
import json

found = json.load(open("atoms.json"))
assert found["results"] == [] and [case["case"] for case in found["particles"]] == ["lj", "neighbours"]
steps, lists = (case["rates"] for case in found["particles"])
assert sorted(steps) == ["not", "reproducible"] and sorted(lists) == ["build"]
for rate in steps.values():
    assert 0 < rate["fraction_of_peak"] < 1 and rate["pairs_per_second"] > rate["atom_steps_per_second"]["median"]
assert lists["build"]["atom_steps_per_second"]["median"] > 0 and lists["build"]["pairs_per_second"] is None
PYTHON

expect 0 "$pelagos" bench --exhaustive "$gyre" --set 'grid.cells=[160, 160]' --threads 1 --steps 6 --repetitions 2 \
    --json=search.json
says "the planner's choice over the best"
/usr/bin/python3 - <<'PYTHON' || fail "search.json is not what it should be"
import json

found = json.load(open("search.json"))
assert found["cells"] == [160, 160] and found["steps"] == 6 and len(found["candidates"]) > 5
rates = [candidate["updates_per_second"] for candidate in found["candidates"]]
assert rates == sorted(rates, reverse=True)
assert len(found["finalists"]) == 4 and found["best"] in (0, 1, 2)
assert [way["way"] for way in found["finalists"]][:3] == [c["way"] for c in found["candidates"]][:3]
assert 0 < found["auto_over_best"]["min"] <= found["auto_over_best"]["median"] <= found["auto_over_best"]["max"]
PYTHON

expect 2 "$pelagos" bench het-7pt
says "did you mean heat-7pt?"
for size in 0 15 20x 20x20x20x20 20,20 many; do
    expect 2 "$pelagos" bench heat-7pt --size $size
    says "--size needs"
done
expect 2 "$pelagos" bench heat-7pt --threads 1,two
expect 2 "$pelagos" bench heat-7pt --threads ,
expect 2 "$pelagos" bench heat-7pt --steps 0
expect 2 "$pelagos" bench heat-7pt --repetitions -1
expect 2 "$pelagos" bench heat-7pt --executor diamond
says "one of auto, reference, spatial, temporal"
expect 2 "$pelagos" bench heat-7pt --set grid.cells=3
says "--set goes with --exhaustive"
expect 2 "$pelagos" bench heat-7pt --exhaustive "$gyre"
expect 2 "$pelagos" bench --exhaustive "$gyre" --executor spatial
expect 5 "$pelagos" bench --exhaustive no-such-deck.yaml
says "no-such-deck.yaml"
expect 2 "$pelagos" bench --exhaustive "$gyre" --set physics.dept=3
says "physics.depth"
expect 5 "$pelagos" bench stream "${quick[@]}" --json=no/such/folder.json
says "no/such/folder.json"
expect 5 "$pelagos" bench stream --size 90000
says "give a smaller --size"
finish
