#!/usr/bin/env python3
"""Checks what a compiler does not: layering, places of things, traps, size of files.

    scripts/tidy.py            prints every finding as file:line: what, and what to do; exit 1 if any
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# module (folder below src) -> modules and outside libraries whose headers it may include.
# `std` is everything without a slash; the C++ and POSIX headers are not told apart here.
CORE = {"domain"}
PORTS = CORE | {"encoding", "application"}
INBOUND = PORTS | {"encoding", "infrastructure", "wire"}
ALLOWED = {
    "domain": CORE,
    "encoding": CORE | {"encoding"},
    "text": CORE | {"encoding", "text"},
    "simd": {"simd"},
    "application": PORTS,
    "infrastructure": PORTS | {"encoding", "infrastructure"},
    "adapters/wire": PORTS | {"encoding", "wire"},
    "adapters/embeddings": PORTS | {"encoding", "infrastructure", "embeddings", "text", "simd"},
    "adapters/sqlite": PORTS | {"encoding", "infrastructure", "sqlite", "text", "simd"},
    "adapters/http": INBOUND | {"http"},
    "adapters/mcp": INBOUND | {"mcp"},
    "adapters/owner": INBOUND | {"owner"},
    "adapters/cli": INBOUND | {"cli"},
}
MODULES = {name.split("/")[-1] for name in ALLOWED}
LIBRARIES = {  # first part of an include path -> modules that may use it
    "tl": set(ALLOWED),
    "boost": {"application", "infrastructure", "adapters/wire", "adapters/embeddings", "adapters/sqlite",
              "adapters/http", "adapters/mcp", "adapters/owner", "adapters/cli"},
    "nlohmann": {"encoding", "text", "adapters/embeddings"},
    "unicode": {"text"},
    "hwy": {"simd"},
    "openssl": {"encoding"},
    "CLI": {"adapters/cli"},
    "sqlite3.h": {"adapters/sqlite"},
    "libstemmer.h": {"text"},
}
LINES_MAX = 400
SQL = re.compile(r'"\s*(SELECT|INSERT INTO|INSERT OR|UPDATE \w+ SET|DELETE FROM|CREATE TABLE)\b')
INCLUDE = re.compile(r'^\s*#include [<"]([^">]+)[">]')
CO_AWAIT = re.compile(r"\bco_await\b")


def module_of(path):
    parts = path.relative_to(ROOT / "src").parts
    for size in (2, 1):
        name = "/".join(parts[:size])
        if name in ALLOWED:
            return name
    return None


def has_brace(code, start):
    """Whether a brace opens within the expression that begins here."""
    depth = 0
    for character in code[start:]:
        if character == "{":
            return True
        if character == ";" or (character == ")" and depth == 0):
            return False
        depth += {"(": 1, ")": -1}.get(character, 0)
    return False


def findings(path, text):
    module = module_of(path)
    lines = text.splitlines()
    if len(lines) > LINES_MAX:
        yield 1, f"{len(lines)} lines, at most {LINES_MAX}: one concept a file, so split it"
    for number, line in enumerate(lines, 1):
        if SQL.search(line) and path.name != "sql.hpp":
            yield number, "SQL stands in the backend's sql.hpp only"
        include = INCLUDE.match(line)
        if not include or module is None:
            continue
        target = include[1]
        first = target.split("/")[0]
        if first in MODULES and "/" in target and first not in ALLOWED[module]:
            yield number, f"{module} may not include {target}: dependencies point to the core"
        if first in LIBRARIES and module not in LIBRARIES[first]:
            yield number, f"{module} may not use {first}: only {', '.join(sorted(LIBRARIES[first]))} may"
    # Comments and strings away, then statement by statement.
    code = re.sub(r'//[^\n]*|"(\\.|[^"\\\n])*"', "", text)
    for match in CO_AWAIT.finditer(code):
        if not has_brace(code, match.end()):
            continue
        number = code.count("\n", 0, match.start()) + 1
        yield number, "no { between co_await and ; (g++ 12 destroys such objects twice): name it on the line before"


def main():
    tracked = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "src"], cwd=ROOT, capture_output=True,
        text=True, check=False).stdout.split()
    files = [ROOT / name for name in tracked] or sorted((ROOT / "src").rglob("*"))
    count = 0
    for path in files:
        if path.suffix not in (".cpp", ".hpp") or not path.exists():
            continue
        for number, what in findings(path, path.read_text(encoding="utf-8")):
            print(f"{path.relative_to(ROOT)}:{number}: {what}")
            count += 1
    print(f"tidy: {count} findings" if count else "tidy: nothing found", file=sys.stderr)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
