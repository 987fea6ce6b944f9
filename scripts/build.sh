#!/usr/bin/env bash
# Configures and builds one preset (CMakePresets.json), quietly unless it fails.
#
#   scripts/build.sh PRESET [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."

preset=${1:?"usage: scripts/build.sh PRESET [TARGET...]"}
shift
log=build/$preset.log
# A cached object serves every checkout, wherever it lies.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
mkdir -p build

if [[ ! -f build/$preset/build.ninja ]]; then
    printf 'build: configuring %s\n' "$preset" >&2
    cmake --preset "$preset" >"$log" 2>&1 || {
        cat "$log" >&2
        exit 1
    }
fi
if [[ -t 2 ]]; then # progress where somebody watches it
    cmake --build --preset "$preset" ${*:+--target "$@"} 1>&2
else
    printf 'build: %s\n' "$preset" >&2
    cmake --build --preset "$preset" ${*:+--target "$@"} >"$log" 2>&1 || {
        grep -vE '^\[[0-9]+/[0-9]+\] (Building|Linking)' "$log" >&2
        exit 1
    }
fi
