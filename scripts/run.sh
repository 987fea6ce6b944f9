#!/usr/bin/env bash
# Sets up, builds and starts the server on 127.0.0.1:8000. Arguments go to `mcp-backend serve`.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh
scripts/build.sh release mcp-backend
exec build/release/mcp-backend serve "$@"
