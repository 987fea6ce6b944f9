#!/usr/bin/env bash
# Writes what is made from the tables of keys, metrics and request parameters: docs/configuration.md,
# docs/metrics.md, .env.example, scripts/config_schema.json and parts of docs/api.md and docs/mcp.md.
# A test fails where they are out of date.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build.sh release generate_docs
build/release/src/infrastructure/generate_docs .
