#!/bin/sh
# Builds embedding_bench, installs what it is compared with into a virtual environment, and runs
# run.py with the options given: benches/embedding/run.sh --rounds 5 --sentence-transformers
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
venv=${BENCH_VENV:-$root/build/bench-embedding-venv}
build=${BENCH_BUILD:-$root/build/release}

[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet -r "$root/benches/embedding/requirements.txt"
case " $* " in
*" --sentence-transformers "*) "$venv/bin/pip" install --quiet torch sentence-transformers ;;
esac
[ -f "$build/build.ninja" ] || cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release
cmake --build "$build" --target embedding_bench
exec "$venv/bin/python" "$root/benches/embedding/run.py" \
    --program "$build/benches/embedding/embedding_bench" "$@"
