#!/usr/bin/env bash
# Writes what is made from the tables of keys and metrics: docs/configuration.md, docs/metrics.md,
# .env.example and scripts/config_schema.json. A test fails where they are out of date.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/build.sh release generate_docs
build/release/src/infrastructure/generate_docs .
