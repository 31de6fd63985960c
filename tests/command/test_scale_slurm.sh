#!/usr/bin/env bash
# timeout: 300
# The job script of a scaling study, submitted to a stub of Slurm: stopped, queued again, finished; what it asks for.
. "$PELAGOS_SOURCE/tests/command/support.sh"
export XDG_CACHE_HOME=$scratch/cache
deck="a plate's \"odd\" \$name.yaml"
cp "$PELAGOS_SOURCE/inputs/heat/plate.yaml" "$deck"
study=("$pelagos" scale "$deck" --set grid.cells="[32, 32]" --threads "1,2" --steps 40 --repeat 3 -o "the study")

# srun runs its command as a step of the job and notes its options; scontrol notes what it is asked to do.
mkdir bin
cat > bin/srun << 'STUB'
#!/usr/bin/env bash
options=()
while [[ $1 == --* ]]; do options+=("$1"); shift; done
printf '%s\n' "${options[@]}" > options
printf '%s\n' "$@" > words
env | grep -E '^(OMP_|GOMP_|SLURM_HINT)' > places
"$@" &
child=$!
while [ -n "${SIGNAL_AFTER:-}" ] && kill -0 $child 2> /dev/null; do # as --signal=USR1@120 does
    [ -z "$(find . -name "$SIGNAL_AFTER")" ] || { kill -USR1 $child; break; }
    sleep 0.01
done
wait $child
STUB
cat > bin/scontrol << 'STUB'
#!/usr/bin/env bash
echo "$@" >> requeues
STUB
chmod +x bin/srun bin/scontrol

# submit CODE SECONDS [NAME=VALUE...]: a job whose time ends in SECONDS.
submit()
{
    local code=$1 seconds=$2
    shift 2
    rm -f requeues
    expect "$code" env PATH="$scratch/bin:$PATH" SLURM_JOB_ID=7 SLURM_JOB_END_TIME=$(($(date +%s) + seconds)) \
        SLURM_HINT=nomultithread OMP_PROC_BIND=close OMP_PLACES=cores "$@" bash job.sh
}

samples()
{
    find "the study/points" -name '*.load.json' 2> /dev/null | wc -l
}

# has_line TEXT FILE
has_line()
{
    grep -qxF -- "$1" "$2" || fail "$2 has no line \"$1\""
}

# written: runs nothing, is sound, and asks for what the node has
expect 0 "${study[@]}" --script slurm=job.sh
says "sbatch job.sh"
[ ! -e "the study" ] || fail "the study was begun"
bash -n job.sh || fail "bash cannot read the script"
! command -v shellcheck > /dev/null || shellcheck --severity=warning job.sh || fail "shellcheck finds faults in the script"
has_line "#SBATCH --job-name=a-plate-s--odd---name-scaling" job.sh
expect 2 "${study[@]}" --script slurm=job.sh
says "job.sh is there already"
expect 0 "${study[@]}" --script slurm
cmp out job.sh || fail "standard output gets another script than a file"

# submitted when nearly nothing is left of its time: stopped before the first sample
submit 3 5
[ "$(samples)" -eq 0 ] || fail "samples were taken without time for them"
has_line "requeue 7" requeues
cores=$("$pelagos" machine --json | /usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["cores"])')
for option in --ntasks=1 --cpu-bind=none --threads-per-core=1 --cpus-per-task="$cores"; do
    has_line "$option" options
    [ $option = --cpu-bind=none ] || [ $option = --threads-per-core=1 ] || has_line "#SBATCH $option" job.sh
done
[ ! -s places ] || fail "others place the threads: $(cat places)"
has_line "$deck" words

# stopped by the signal in the middle; cancelled, so not queued again
submit 3 3600 SIGNAL_AFTER='1.load.json'
says "SIGUSR1"
says "submit this script again"
some=$(samples)
[ "$some" -ge 1 ] && [ "$some" -lt 9 ] || fail "$some of 9 samples when stopped"
[ ! -e requeues ] || fail "a cancelled job was queued again"
grep -q '"outcome": "unfinished"' "the study/scale.json" || fail "what there is was not written"

# a job that gets nowhere ends
submit 3 5 SLURM_RESTART_COUNT=10
[ ! -e requeues ] || fail "a job was queued again without end"

# submitted again, from elsewhere: goes on, and has every sample once
mv job.sh bin
(cd / && PATH="$scratch/bin:$PATH" SLURM_JOB_ID=7 bash "$scratch/bin/job.sh" > "$scratch/out" 2>&1) || fail "$(cat out)"
/usr/bin/python3 - << 'PYTHON' || fail "the study is not whole"
import json

study = json.load(open("the study/scale.json"))
assert study["study"]["outcome"] == "finished" and study["errors"] == [], study["errors"]
assert sorted((p["mode"], p["threads"]) for p in study["points"]) == [
    (mode, threads) for mode in ("strong", "weak") for threads in (1, 2)]
assert all([s["round"] for s in p["samples"]] == [0, 1, 2] for p in study["points"]), study["points"]
PYTHON

# the guide has every member of scale.json
/usr/bin/python3 - "$PELAGOS_SOURCE/docs/scaling.md" << 'PYTHON' || fail "the guide does not know all of scale.json"
import json
import re
import sys


def members(value: object) -> set[str]:
    """The names of all members, however deep."""
    if isinstance(value, list):
        return set().union(*map(members, value))
    if isinstance(value, dict):
        return set(value).union(*map(members, value.values()))
    return set()


told = set(re.findall(r"`(\w+)`", open(sys.argv[1], encoding="utf-8").read().split("### scale.json")[1]))
untold = members(json.load(open("the study/scale.json"))) - told - {"value", "low", "high"}
assert not untold, untold
PYTHON

# a node that is not this one: threads by domains and packages, compact and spread
expect 0 "$pelagos" scale "$deck" --script slurm --node "pack:2 numa:4 core:24 pu:2" --strong
says "    --threads 1,2,4,8,16,24,48,96,192 --places compact,spread --strong \\"
says "    --repeat 5 --seconds 2 --resume"
says "#SBATCH --cpus-per-task=192"
says "2 packages, 8 NUMA domains and 192 cores"
expect 0 "$pelagos" scale "$deck" --script slurm --node "core:6 pu:2" --seconds 900 --repeat 100 --strong --threads 6
says "--places compact "
says "#SBATCH --time=1-14:05:00"

expect 0 "$pelagos" scale "$deck" --script slurm --node "core:6 pu:2" --threads "6,12"
says "12 threads are more than the 6 cores of the node"

# what is refused
expect 2 "$pelagos" scale "$deck" --script pbs
says "--script writes for slurm"
expect 2 "$pelagos" scale "$deck" --script slurm=
expect 2 "$pelagos" scale "$deck" --script slurm --node "128 cores"
says "pack:2 numa:4 core:16 pu:2"
expect 2 "$pelagos" scale "$deck" --node "core:6 pu:2"
expect 2 "$pelagos" scale "$deck" --script slurm --overwrite
expect 5 "$pelagos" scale nothing.yaml --script slurm=other.sh
[ ! -e other.sh ] || fail "a script was written for a deck that is not there"
expect 5 "$pelagos" scale "$deck" --script slurm=nowhere/job.sh
expect 5 sh -c '"$0" scale "$1" --script slurm > /dev/full' "$pelagos" "$deck"
finish
