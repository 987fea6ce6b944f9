#!/usr/bin/env bash
# Installs what the build needs (Debian 12 or 13, Ubuntu 24.04) and fetches the embedding model.
# As root or with sudo it installs; otherwise it prints the one command to run. The second run
# takes a fraction of a second and needs no network.
#
#   scripts/setup.sh          to build and run
#   scripts/setup.sh --dev    also what the tests and checks need
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
die() {
    say "setup: $*"
    exit 1
}

command -v dpkg-query >/dev/null || die "this script knows Debian and Ubuntu; see README.md for the list of libraries to install by hand"

packages=(
    g++ cmake ninja-build ccache mold pkg-config ca-certificates
    nlohmann-json3-dev libsqlite3-dev libicu-dev libstemmer-dev libhwy-dev
    libssl-dev libcli11-dev libexpected-dev libgtest-dev libgmock-dev
    python3 python3-pip
)
if [[ "${1:-}" == --dev ]]; then
    packages+=(clang-format clang-tidy curl jq prometheus python3-venv)
fi

installed() { [[ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]; }

# The newest Boost that the release has: 1.83 on Debian 13 and Ubuntu 24.04, 1.81 on Debian 12.
boost=""
for version in 1.83 1.81; do
    if installed "libboost$version-dev"; then boost=$version && break; fi
done

missing=()
for package in "${packages[@]}"; do
    installed "$package" || missing+=("$package")
done

if [[ -z "$boost" || ${#missing[@]} -gt 0 ]]; then
    if [[ $EUID -eq 0 ]]; then
        as_root=()
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
        as_root=(sudo)
    else
        say "setup: packages are missing. Run this once, as root, and try again:"
        say "  apt-get update && apt-get install -y ${missing[*]}" \
            "${boost:+}$([[ -n "$boost" ]] || echo 'libboost1.81-dev   # 1.83 on Debian 13, Ubuntu 24.04')"
        exit 1
    fi
    say "setup: installing packages"
    "${as_root[@]}" apt-get update -qq || die "apt-get update failed: is there a network?"
    if [[ -z "$boost" ]]; then
        for version in 1.83 1.81; do
            if apt-cache show "libboost$version-dev" >/dev/null 2>&1; then
                missing+=("libboost$version-dev")
                boost=$version
                break
            fi
        done
        [[ -n "$boost" ]] || die "neither Boost 1.83 nor 1.81 is packaged for this release"
    fi
    # The prometheus package is wanted for promtool alone: no server is to be started by it.
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null ||
        die "apt-get install failed for: ${missing[*]}"
fi

scripts/fetch_model.sh
