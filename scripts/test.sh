#!/usr/bin/env bash
# Sets up, builds and tests everything. Arguments go to ctest: scripts/test.sh -L unit
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh --dev
scripts/build.sh release
exec ctest --preset release --no-tests=error "$@"
