#!/usr/bin/env bash
# run.trace: a file that viewers open, with what each thread did; a summary; and where it may not be written.
. "$PELAGOS_SOURCE/tests/command/support.sh"
python=${PELAGOS_PYTHON:-python3}
run=("$pelagos" run "$gyre" "${small[@]}")
traced=("${run[@]}" --set run.trace=trace.json)

# look FOLDER THREADS FILES...: the trace is what the format asks for; FILES are names of spans that read or write.
look()
{
    "$python" - "$@" << 'END' || fail "the trace of $*"
import json
import sys

folder, threads, files = sys.argv[1], int(sys.argv[2]), set(sys.argv[3:])
with open(f"{folder}/trace.json", encoding="utf-8") as file:
    trace = json.load(file)
with open(f"{folder}/report.json", encoding="utf-8") as file:
    report = json.load(file)

events = trace["traceEvents"]
spans = [event for event in events if event["ph"] == "X"]
named = {event["tid"]: event["args"]["name"] for event in events if event["name"] == "thread_name"}
assert {event["ph"] for event in events} == {"X", "M"}
assert {event["cat"] for event in spans} <= {"tile", "wait", "call", "file"}
assert len({event["pid"] for event in events}) == 1
assert named == {thread: f"thread {thread}" for thread in range(threads)}, named
assert {event["tid"] for event in spans} == set(named)


def nanoseconds(microseconds: float) -> int:
    return round(1000 * microseconds)


for thread in named:
    mine = [event for event in spans if event["tid"] == thread]
    assert any(event["cat"] == "tile" for event in mine), f"thread {thread} has no tiles"
    end = 0
    for event in mine:
        start, length = nanoseconds(event["ts"]), nanoseconds(event["dur"])
        assert start >= end and length >= 0, f"thread {thread}: {event} begins before {end} ns"
        end = start + length

written = {event["name"] for event in spans if event["cat"] == "file"}
assert files <= written, written
assert all(event["tid"] == 0 for event in spans if event["cat"] == "file")
assert any(event["cat"] == "wait" for event in spans) == (threads > 1)

summary = report["trace"]
assert summary["file"] == f"{folder}/trace.json"
assert summary["threads"] == threads and summary["dropped_spans"] == 0
assert summary["spans"] == len(spans)


def seconds(kinds: set[str]) -> float:
    return 1e-6 * sum(event["dur"] for event in spans if event["cat"] in kinds)


rounding = 1e-9 * (len(spans) + 1)
assert abs(summary["busy_seconds"] - seconds({"tile", "call"})) <= rounding
assert abs(summary["waiting_seconds"] - seconds({"wait"})) <= rounding
assert abs(summary["file_seconds"] - seconds({"file"})) <= rounding
stolen = [event for event in spans if event.get("args", {}).get("stolen")]
assert abs(summary["stolen_seconds"] - 1e-6 * sum(event["dur"] for event in stolen)) <= rounding
assert threads > 1 or not stolen
assert summary["imbalance"] >= 0

chains = {chain["chain"]: chain for chain in report["plan"]}
step = chains["step"]
assert step["executor"] == report["executor"] and step["steps"] > 0
assert step["measured_updates_per_second"] > 0 and step["declared_bytes_per_update"] > 0
assert step["predicted_updates_per_second"] is None or step["predicted_updates_per_second"] > 0
assert report["energy_joules"] is None or report["energy_joules"] >= 0
END
}

expect 0 "${run[@]}" -o plain
! grep -q imbalance out || fail "an untraced run speaks of threads"
expect 0 "${traced[@]}" -o whole
says "imbalance"
grep -q imbalance whole/run.log || fail "run.log has no summary"
look whole 2 series snapshots checkpoint
expect 0 "$pelagos" compare plain whole
expect 0 "${traced[@]}" -o alone --set run.threads=1 --set run.tiling=reference
look alone 1 series snapshots checkpoint
expect 0 "$pelagos" compare plain alone
expect 0 "${traced[@]}" -o temporal --set run.tiling=temporal --set run.pitch=8 --set run.height=2 --set run.chunk=64
look temporal 2 series
expect 0 "$pelagos" compare plain temporal

expect 3 "${traced[@]}" -o stopped --set run.wall-limit="1 ms"
"$python" -c 'import json; assert json.load(open("stopped/trace.json"))["traceEvents"]' || fail "the trace of a stopped run"

# The trace of a run that goes on is of its last part; one that exists is taken for nobody else's.
expect 0 "${traced[@]}" -o parts --steps 33
look parts 2 checkpoint
expect 0 "${traced[@]}" -o parts --resume
look parts 2 restore checkpoint
expect 0 "$pelagos" compare plain parts
expect 0 "${run[@]}" -o parts --overwrite --steps 5
[ ! -e parts/trace.json ] || fail "the trace of a removed run is still there"
mkdir mine && echo precious > mine/trace.json
expect 2 "${traced[@]}" -o mine
says "run.trace: mine/trace.json is there already"
[ "$(cat mine/trace.json)" = precious ] || fail "a file of somebody's was overwritten"
[ ! -e mine/deck.yaml ] || fail "a refused run left a deck"

# Where it cannot be, or must not.
expect 0 "${run[@]}" -o elsewhere --steps 5 --set run.trace="$scratch/away.json"
"$python" -c 'import json; json.load(open("away.json"))' || fail "a trace outside the folder"
expect 5 "${run[@]}" -o nowhere --set run.trace=no/such/trace.json
says "run.trace: nothing can be written into"
[ ! -e nowhere ] || fail "a refused run left a folder"
for name in report.json run.log series.nc .json; do
    expect 2 "$pelagos" check "$gyre" --set run.trace="$name"
    says "run.trace is $name"
done
expect 2 "$pelagos" check "$gyre" --set run.pitch=0
says "run.pitch"
finish
