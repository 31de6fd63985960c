#!/usr/bin/env bash
# `pelagos machine`: what it measures, keeps, shows again, and who uses it. Each part has a cache folder of its own.
. "$PELAGOS_SOURCE/tests/command/support.sh"
export XDG_CACHE_HOME=$scratch/cache

# without figures: the quick measurement, and JSON without one
expect 0 "$pelagos" machine
says "memory bandwidth: "
says "\`pelagos machine --measure\` measures more"
"$pelagos" machine --json | /usr/bin/python3 -c '
import json, sys
machine = json.load(sys.stdin)
assert machine["measured"] is None and machine["cores"] >= 1 and len(machine["cache_bytes"]) == 3, machine
' || fail "--json without figures is not what it should be"
[ ! -e cache ] || fail "something was kept that nobody asked for"

# measured: kept in one file, and nothing else beside it
"$pelagos" machine --measure --json > measured.json 2> err || fail "--measure fails: $(cat err)"
grep -v "other processes kept .* processors busy" err && fail "--measure complains"
file=$(find cache -type f)
[[ $file =~ ^cache/pelagos/machine-[0-9a-f]{16}\.json$ ]] || fail "not the one file is kept: $(find cache)"
"$pelagos" machine --json > kept.json || fail "the figures cannot be shown"
cmp measured.json kept.json || fail "what is kept is not what was measured"
/usr/bin/python3 - << 'PYTHON' || fail "the figures are not what they should be"
import json

machine = json.load(open("kept.json"))
found = machine["measured"]
counts = [1 << i for i in range(13) if 1 << i < machine["granted"]] + [machine["granted"]]
rate = {(r["threads"], r["level"]): r["bytes_per_second"] for r in found["bandwidth"]}
assert sorted({threads for threads, _ in rate}) == counts, rate
for threads in counts:
    assert 1e6 < rate[threads, "memory"] < rate[threads, "L1"] < 1e15, rate
for list_name, key, low, high in (("peak", "flops_per_second", 1e7, 1e15), ("fork", "seconds", 1e-9, 1),
                                  ("task", "seconds", 1e-10, 1)):
    assert [r["threads"] for r in found[list_name]] == counts, found[list_name]
    assert all(low < r[key] < high for r in found[list_name]), found[list_name]
PYTHON

expect 0 "$pelagos" machine --threads 1
says "memory bandwidth: "
says "(STREAM triad, 1 thread)"
says " ago"
says "flop/s"

# used: by the report, and by the benchmark
expect 0 "$pelagos" run "$gyre" "${small[@]}" -o gyre --steps 20
says "kept by pelagos machine --measure"
expect 0 "$pelagos" bench lj --size 16 --steps 2 --repetitions 1 --threads 2 --json=bench.json
expect 0 "$pelagos" run "$gyre" "${small[@]}" -o measured --steps 20 --set run.measure-bandwidth=true
says "measured at the end of the run"
/usr/bin/python3 - << 'PYTHON' || fail "the figures are not used as they should be"
import json


def figure(wanted: int, rows: list, key: str) -> float:
    """The figure of so many threads; where fewer are granted it is that of the most."""
    return [r[key] for r in rows if r["threads"] == min(wanted, rows[-1]["threads"])][0]


found = json.load(open("kept.json"))["measured"]
memory = figure(2, [r for r in found["bandwidth"] if r["level"] == "memory"], "bytes_per_second")
report = json.load(open("gyre/report.json"))
assert report["triad_bytes_per_second"] == memory and "kept" in report["triad_source"], report
assert report["fraction_of_triad"] == report["declared_bytes_per_second"] / memory
assert "end of the run" in json.load(open("measured/report.json"))["triad_source"]
bench = json.load(open("bench.json"))["particles"][0]
assert bench["peak_is_kept"] is True
assert bench["peak_operations_per_second"] == figure(2, found["peak"], "flops_per_second")
PYTHON

# a damaged file is a warning, once, and as good as none
truncate --size=-100 "$file"
expect 0 "$pelagos" machine --json
says "warning: "
says "$file is damaged"
says "\"measured\": null"
expect 0 "$pelagos" run "$gyre" "${small[@]}" -o beside --steps 20
[ "$(grep -c "is damaged" out)" -eq 1 ] || fail "a run with a damaged file does not say so once"
says "final state $(sed -n 's/.*"final_state": "\(.*\)".*/\1/p' gyre/report.json)"

# where nothing can be kept, all is shown; one processor is enough to see that
expect 0 env XDG_CACHE_HOME=/dev/null/none taskset -c 0 "$pelagos" machine --measure
says "warning: the figures cannot be kept: "
says "/dev/null/none/pelagos"
says "flop/s"

expect 2 "$pelagos" machine --threads 0
expect 2 "$pelagos" machine --measure=all
finish
