#!/usr/bin/env bash
# Runs the protocol's official conformance suite against a server of its own, the scenarios that
# apply: the others want fixture tools ("test_simple_text"), or what is not offered (completion,
# logging, subscriptions). Not part of scripts/test.sh: it installs the suite and Node 22 by npm.
#
#   tests/integration/mcp/conformance.sh build/release/mcp-backend [FOLDER]
#
# FOLDER (default: build/conformance) keeps the suite and, in out/, what each check saw. Exit code
# 1: a scenario failed that should not. "server-stateless" has four checks that want fixture tools
# and say "Not testable"; any other failure of it counts.
set -euo pipefail

binary=$(realpath "${1:?usage: conformance.sh BINARY [FOLDER]}")
root=$(realpath "$(dirname "$0")/../../..")
folder=$(realpath -m "${2:-$root/build/conformance}")
suite=@modelcontextprotocol/conformance@0.2.0-alpha.12
port=${PORT:-18473}

legacy=(tools-list prompts-list resources-list server-initialize ping server-session-lifecycle
    server-sse-multiple-streams dns-rebinding-protection)
modern=(tools-list prompts-list resources-list server-stateless sep-2164-resource-not-found caching
    input-required-result-unsupported-methods http-header-validation server-sse-multiple-streams
    dns-rebinding-protection)

mkdir -p "$folder/out"
cd "$folder"
[[ -x node_modules/.bin/conformance ]] || npm install --silent --prefix "$folder" node@22 "$suite"

data=$(mktemp -d)
DATA_DIR=$data HOST=127.0.0.1 PORT=$port LOG_FILE=$folder/serve.log "$binary" serve >/dev/null &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; rm -rf "$data"' EXIT

for _ in $(seq 300); do
    if curl -sf "http://127.0.0.1:$port/readyz" >/dev/null; then break; fi
    sleep 0.1
done
curl -sf -X POST "http://127.0.0.1:$port/ingest" -H 'Content-Type: application/json' \
    -d '{"scenario_title":"Suite","messages":[{"content":"hello"}]}' >/dev/null

failed=0
run() {
    local revision=$1 scenario=$2 log="out/$1-$2.log" unexpected
    timeout 120 node_modules/.bin/node node_modules/.bin/conformance server \
        --url "http://127.0.0.1:$port/mcp" --scenario "$scenario" --spec-version "$revision" \
        -o "out/$revision-$scenario" >"$log" 2>&1 || true
    unexpected=$(grep '^ *Error: ' "$log" | grep -cv 'Not testable: server does not list') || true
    printf '%s %-45s %s\n' "$revision" "$scenario" "$(grep -o 'Passed: .*' "$log" || echo 'did not run')"
    if [[ $unexpected -gt 0 ]] || ! grep -q 'Passed: ' "$log"; then failed=1; fi
}
for scenario in "${legacy[@]}"; do run 2025-11-25 "$scenario"; done
for scenario in "${modern[@]}"; do run 2026-07-28 "$scenario"; done
exit "$failed"
