#!/usr/bin/env python3
"""Installs the official client (requirements.txt, pinned, with hashes) into a virtual environment
in the given folder, once, and runs sdk_test.py with it. Exit code 77: it cannot be installed.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/mcp/run_sdk_test.py build/sdk
"""

import hashlib
import pathlib
import subprocess
import sys
import venv

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
INSTALL_PATIENCE = 240


def skip(why):
    print(f"SKIPPED: the official MCP client could not be installed: {why}", file=sys.stderr)
    sys.exit(SKIPPED)


def install(folder):
    """The environment's Python."""
    requirements = HERE / "requirements.txt"
    python = folder / "bin" / "python"
    done = folder / "installed"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if done.exists() and done.read_text() == wanted:
        return python
    if sys.version_info < (3, 10):
        skip("it needs Python 3.10")
    try:
        venv.create(folder, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary",
                        ":all:", "-r", requirements], check=True, timeout=INSTALL_PATIENCE)
    except (OSError, subprocess.SubprocessError) as error:
        skip(error)
    done.write_text(wanted)
    return python


def main():
    python = install(pathlib.Path(sys.argv[1]).resolve() / "sdk-venv")
    sys.exit(subprocess.run([python, HERE / "sdk_test.py"]).returncode)


main()
