#!/usr/bin/env bash
# run.counters: what the threads did adds up, and changes nothing; and what the report says of the loops' work.
. "$PELAGOS_SOURCE/tests/command/support.sh"
python=${PELAGOS_PYTHON:-python3}
run=("$pelagos" run "$gyre" "${small[@]}")
counted=("${run[@]}" --set run.counters=true)

# look FOLDER THREADS: the sums are what they say they are.
look()
{
    "$python" - "$@" << 'END' || fail "the counters of $*"
import json
import sys

folder, threads = sys.argv[1], int(sys.argv[2])
with open(f"{folder}/report.json", encoding="utf-8") as file:
    report = json.load(file)
counts = report["counters"]
assert counts["threads"] == threads == len(counts["busy_seconds"]) == len(counts["waiting_seconds"])
assert 0 < counts["region_seconds"] <= counts["wall_seconds"] * (1 + 1e-9)
assert report["stepping_seconds"] <= counts["wall_seconds"] * (1 + 1e-9)
assert counts["regions"] > 0 and 0 <= counts["file_seconds"] < counts["wall_seconds"]
for busy, waiting, stolen in zip(counts["busy_seconds"], counts["waiting_seconds"], counts["stolen_seconds"]):
    assert busy > 0 and waiting >= 0 and 0 <= stolen <= busy
    assert busy + waiting <= counts["region_seconds"] * (1 + 1e-9)
assert threads > 1 or counts["waiting_seconds"][0] < 0.1 * counts["busy_seconds"][0]
assert threads > 1 or counts["stolen_seconds"][0] == 0
END
}

# work FOLDER: the operations and bytes of every chain that steps are known.
work()
{
    "$python" - "$@" << 'END' || fail "the work of $*"
import json
import sys

with open(f"{sys.argv[1]}/report.json", encoding="utf-8") as file:
    report = json.load(file)
chains = [chain for chain in report["plan"] if chain["chain"] in ("start", "step", "dynamics")]
assert chains
for chain in chains:
    assert chain["updates"] > 0 and chain["declared_bytes"] > 0 and chain["flops"] > 0, chain
    assert abs(chain["declared_bytes"] / chain["updates"] / chain["declared_bytes_per_update"] - 1) < 1e-12
    assert 0.01 < chain["flops"] / chain["declared_bytes"] < 100, chain
END
}

expect 0 "${run[@]}" -o plain
grep -q '"counters": null' plain/report.json || fail "counters that nobody asked for"
! grep -q "^team:\|team: " out || fail "an uncounted run speaks of its team"
expect 0 "${counted[@]}" -o two
says "busy"
look two 2
work two
expect 0 "$pelagos" compare plain two
expect 0 "${counted[@]}" -o one --set run.threads=1
look one 1
expect 0 "$pelagos" compare plain one
expect 0 "${counted[@]}" -o temporal --set run.tiling=temporal --set run.pitch=8 --set run.height=2 --set run.trace=trace.json
look temporal 2
expect 0 "$pelagos" compare plain temporal
expect 0 "${counted[@]}" -o temporal-one --set run.tiling=temporal --set run.pitch=8 --set run.height=2 --set run.threads=1
look temporal-one 1

# What other apps compute is known too; what heat does to a cell, an Euler step included, by hand: 13 and 2.
for deck in qg/jets qg/surface md/melt md/copper md/silicon heat/plate; do
    expect 0 "$pelagos" run "$PELAGOS_SOURCE/inputs/$deck.yaml" -o "${deck//\//-}" --steps 3 --no-output \
        --set run.counters=true --set run.threads=2
    look "${deck//\//-}" 2
    work "${deck//\//-}"
done
expect 0 "$pelagos" run "$PELAGOS_SOURCE/inputs/heat/plate.yaml" -o euler --steps 3 --no-output --set time.scheme=euler
"$python" -c '
import json
step = next(c for c in json.load(open("euler/report.json"))["plan"] if c["chain"] == "step")
assert step["flops"] == step["updates"] / 2 * (13 + 2), step
' || fail "the operations of heat"
finish
