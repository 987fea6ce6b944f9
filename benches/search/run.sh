#!/bin/sh
# Builds bench_search and runs it for 10,000 and 100,000 chunks, or once with the options given:
# benches/search/run.sh --chunks 1000000 --questions 200
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
build=${BENCH_BUILD:-$root/build/release}

[ -f "$build/build.ninja" ] || cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release
cmake --build "$build" --target bench_search
program=$build/benches/search/bench_search
[ $# -eq 0 ] || exec "$program" "$@"
for chunks in 10000 100000; do
    "$program" --chunks "$chunks" --threads 2
    "$program" --chunks "$chunks" --threads 2 --index-only
    "$program" --chunks "$chunks" --index-only --checked 0
done
