#!/usr/bin/env bash
# How well questions find the messages that answer them. Each folder of a data set (one with
# conversations.jsonl and questions.jsonl) is ingested into a store of its own, then evaluated.
#
#   benches/quality/run.sh [--binary FILE] FOLDER...    FOLDER: a data set, or a folder of them
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)

binary=$here/../../build/release/mcp-backend
if [[ ${1:-} == --binary ]]; then
    binary=${2:?"--binary FILE"}
    shift 2
fi
if [[ $# -eq 0 ]]; then
    sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
if [[ ! -x $binary ]]; then
    echo "quality: $binary is not there; build it with scripts/build.sh release mcp-backend" >&2
    exit 1
fi

sets=()
for folder in "$@"; do
    for questions in "$folder"/questions.jsonl "$folder"/*/questions.jsonl; do
        if [[ -f $questions ]]; then sets+=("$(dirname "$questions")"); fi
    done
done
if [[ ${#sets[@]} -eq 0 ]]; then
    echo "quality: SKIPPED, no data set in $*; nothing was measured" >&2
    exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export MCPB_LOG_LEVEL=ERROR

echo "set | questions | scope | any@5 | any@10 | any@20 | all@10 | any@300tok | any@1000tok | s"
echo "---|---|---|---|---|---|---|---|---|---"
for set in "${sets[@]}"; do
    name=$(basename "$set")
    export MCPB_DATA_DIR=$work/$name
    "$binary" ingest "$set/conversations.jsonl" --json >"$work/ingest.json"
    begin=$(date +%s)
    "$binary" eval "$set/questions.jsonl" --json >"$work/eval.json"
    seconds=$(($(date +%s) - begin))
    python3 - "$name" "$seconds" "$work/eval.json" <<'PYTHON'
import json, sys

name, seconds, file = sys.argv[1:]
report = json.load(open(file, encoding="utf-8"))
columns = "any@5", "any@10", "any@20", "all@10", "any@300tok", "any@1000tok"
for scope in "scoped", "global":
    figures = (f"{report[scope][column]:.1f}" for column in columns)
    print(name, report["questions"], scope, *figures, seconds, sep=" | ")
PYTHON
done
