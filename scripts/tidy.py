#!/usr/bin/env python3
"""Checks what a compiler does not: layering, places of things, traps, size of files, what nobody needs.

    scripts/tidy.py            prints every finding as file:line: what, and what to do; exit 1 if any
"""
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

# module (folder below src) -> modules and outside libraries whose headers it may include.
# `std` is everything without a slash; the C++ and POSIX headers are not told apart here.
CORE = {"domain"}
PORTS = CORE | {"encoding", "application"}
INBOUND = PORTS | {"encoding", "wire"}
ALLOWED = {
    "domain": CORE,
    "encoding": CORE | {"encoding"},
    "text": CORE | {"text"},
    "simd": {"simd"},
    "application": PORTS,
    "infrastructure": PORTS | {"infrastructure"},
    "adapters/wire": INBOUND,
    "adapters/embeddings": PORTS | {"infrastructure", "embeddings", "text", "simd"},
    "adapters/sqlite": PORTS | {"infrastructure", "sqlite", "text", "simd"},
    "adapters/http": INBOUND | {"http"},
    "adapters/mcp": INBOUND | {"mcp", "infrastructure"},
    "adapters/owner": INBOUND | {"owner", "infrastructure"},
    "adapters/cli": INBOUND | {"cli", "infrastructure"},
}
MODULES = {name.split("/")[-1] for name in ALLOWED}
LIBRARIES = {  # first part of an include path -> modules that may use it; what is not here (tl) all may
    "boost": {"application", "infrastructure", "adapters/http", "adapters/mcp", "adapters/owner"},
    "nlohmann": {"encoding", "text", "adapters/embeddings"},
    "unicode": {"text"},
    "hwy": {"simd"},
    "openssl": {"encoding"},
    "CLI": {"adapters/cli"},
    "sqlite3.h": {"adapters/sqlite"},
    "libstemmer.h": {"text"},
}
LINKED = {  # library of a link line -> first part of an include path; "": headers of the system, or none
    "rag_asio": "boost",
    "rag::asio": "boost",
    "rag_asio_options": "boost",
    "rag::chunk_index": "index",
    "tl::expected": "tl",
    "nlohmann_json::nlohmann_json": "nlohmann",
    "CLI11::CLI11": "CLI",
    "SQLite::SQLite3": "sqlite3.h",
    "ICU::uc": "unicode",
    "ICU::i18n": "unicode",
    "OpenSSL::Crypto": "openssl",
    "rag_stemmer": "libstemmer.h",
    "rag_hwy": "hwy",
    "Threads::Threads": "",
}
LINES_MAX = 400
SQL = re.compile(r'"\s*(SELECT|INSERT INTO|INSERT OR|UPDATE \w+ SET|DELETE FROM|CREATE TABLE)\b')
INCLUDE = re.compile(r'^\s*#include [<"]([^">]+)[">]')
CO_AWAIT = re.compile(r"\bco_await\b")


def module_of(path):
    if ROOT / "src" not in path.parents:
        return None
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


def included_headers(files):
    """The headers that some file includes: beside it, or by the end of their path."""
    headers = [path for path in files if path.suffix in (".hpp", ".h")]
    known = set(headers)
    used = set()
    for path in files:
        if path.suffix not in (".cpp", ".hpp", ".h"):
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if not (include := INCLUDE.match(line)):
                continue
            beside = path.parent / include[1]
            found = [beside] if beside in known else [
                header for header in headers if header.as_posix().endswith("/" + include[1])]
            used.update(header for header in found if header != path)
    return used


def listed_sources(root, files):
    """The sources that a CMakeLists.txt names."""
    listed = set()
    for path in files:
        if path.name != "CMakeLists.txt":
            continue
        text = re.sub(r"#[^\n]*", "", path.read_text(encoding="utf-8"))
        for name in re.findall(r"[^\s()\"]+\.cpp\b", text):
            name = re.sub(r"\$\{(PROJECT|CMAKE)_SOURCE_DIR\}|\$\{root\}", str(root), name)
            name = name.replace("${CMAKE_CURRENT_SOURCE_DIR}", str(path.parent))
            listed.add(pathlib.Path(os.path.normpath(path.parent / name)))
    return listed


def orphans(root, files):
    """Files that nothing includes or builds."""
    used = included_headers(files) | listed_sources(root, files)
    for path in files:
        if path.suffix in (".hpp", ".h") and path not in used:
            yield path, 1, "nobody includes this header: delete it"
        if path.suffix == ".cpp" and path not in used:
            yield path, 1, "no CMakeLists.txt names this source: add it there, or delete it"


def uses_by_module(files):
    """module -> first parts of what its files include: modules and outside libraries."""
    uses = {}
    for path in files:
        module = module_of(path) if path.suffix in (".cpp", ".hpp", ".h") else None
        if module is None:
            continue
        includes = map(INCLUDE.match, path.read_text(encoding="utf-8").splitlines())
        uses.setdefault(module, set()).update(include[1].split("/")[0] for include in includes if include)
    return uses


def idle_permissions(uses, allowed, libraries):
    """What this script allows and nobody needs."""
    for module in uses:
        own = module.split("/")[-1]
        for target in sorted(allowed.get(module, set()) - uses[module] - {own}):
            yield f"{module} may include {target} and does not: take it from ALLOWED"
        for library, users in sorted(libraries.items()):
            if module in users and library not in uses[module]:
                yield f"{module} may use {library} and does not: take it from LIBRARIES"


def idle_links(files, uses):
    """Libraries that a module of src links and includes nothing of."""
    for path in files:
        module = module_of(path) if path.name == "CMakeLists.txt" else None
        text = re.sub(r"#[^\n]*", "", path.read_text(encoding="utf-8")) if module in uses else ""
        for call in re.finditer(r"rag_module\(([^)]*)\)", text):
            links = re.split(r"\b(?:PUBLIC|PRIVATE)\b", call[1])[1:]
            for link in " ".join(links).split():
                first = LINKED.get(link, link.removeprefix("rag::"))
                if first not in uses[module] | {""}:
                    yield path, text.count("\n", 0, call.start()) + 1, f"{module} links {link} and includes none of it"


def files_of(root, *folders):
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders], cwd=root, capture_output=True,
        text=True, check=False).stdout.split()
    files = [root / name for name in names] or [path for folder in folders for path in (root / folder).rglob("*")]
    return sorted({path for path in files if path.is_file()})


def all_findings():
    everything = files_of(ROOT, "src", "tests", "benches")
    sources = [path for path in everything if ROOT / "src" in path.parents]
    for path in sources:
        if path.suffix in (".cpp", ".hpp"):
            for number, what in findings(path, path.read_text(encoding="utf-8")):
                yield path, number, what
    yield from orphans(ROOT, everything)
    uses = uses_by_module(sources)
    for what in idle_permissions(uses, ALLOWED, LIBRARIES):
        yield ROOT / "scripts" / "tidy.py", 1, what
    yield from idle_links(sources, uses)


def main():
    count = 0
    for path, number, what in all_findings():
        print(f"{path.relative_to(ROOT)}:{number}: {what}")
        count += 1
    print(f"tidy: {count} findings" if count else "tidy: nothing found", file=sys.stderr)
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
