#!/usr/bin/env python3
"""Checks an env file: python3 scripts/validate_config.py --env-file=FILE

Asks the program (`mcp-backend config check --env-file FILE`), as if none of its keys were in the
environment, and passes on what it says and its exit code. The program is the one of --binary, of
MCP_BACKEND_BINARY, of build/release beside this script, or of PATH.
Without a program it checks what config_schema.json beside it says of each key (that file is made
from the program's table), and tells that the rest was not checked.
Exit code 0: the file is right; 1: it cannot be read; 2: something in it is wrong.
"""

import argparse
import difflib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
PROGRAM = "mcp-backend"
NOT_CHECKED = (f"validate_config: no {PROGRAM} was found (see --binary), so only names, types and ranges"
               " were checked, not whether values go together")
LINE = re.compile(r"\s*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)[ \t]*=[ \t]*(.*)", re.DOTALL)
QUOTED = re.compile(r"""(?:"((?:[^"\\]|\\.)*)"|'([^']*)')[ \t]*(?:#.*)?""", re.DOTALL)
NUMBERS = {"integer": re.compile(r"[0-9]{1,15}"), "seconds": re.compile(r"[0-9]{1,15}(\.[0-9]{1,3})?")}


def find_program(named):
    """The program to ask, or None; one that is named must be there."""
    if named:
        return shutil.which(named) or sys.exit(f"validate_config: {named} is not a program")
    beside = FOLDER.parent / "build" / "release" / PROGRAM
    return shutil.which(beside) or shutil.which(PROGRAM)


def ask(program, schema, arguments):
    """What the program says. Keys in this environment are for another server than the file is."""
    names = {key["name"] for key in schema["keys"]}
    environment = {name: value for name, value in os.environ.items()
                   if name.removeprefix(schema["prefix"]) not in names and name != schema["switch"]}
    environment.setdefault("HOME", "/")
    command = [program, "config", "check", "--env-file", arguments.env_file] + ["--json"] * arguments.json
    try:
        return subprocess.run(command, env=environment, check=False).returncode
    except OSError as error:
        sys.exit(f"validate_config: {program} cannot be run: {error.strerror}")


def value_of(text):
    """The value of what stands behind NAME=; None if its quotes are wrong."""
    if text[:1] in ("'", '"'):
        quoted = QUOTED.fullmatch(text)
        return quoted and (quoted[1] or quoted[2] or "")
    return re.split(r"(?:^|[ \t])#", text, maxsplit=1)[0].rstrip(" \t")


def canonical(schema, key, raw):
    """The value as it compares with others; None if the key cannot have it."""
    kind, lower = key["type"], raw.lower()
    if kind in NUMBERS:
        number = float(raw) if NUMBERS[kind].fullmatch(raw) else -1
        return number if key["min"] <= number <= key["max"] else None
    if kind == "boolean":
        return {word: name for name in ("true", "false") for word in schema[name]}.get(lower)
    if kind == "choice":
        word, _, meant = key["also"].lower().partition("=")
        choice = meant if lower == word else lower
        return choice if choice in key["choices"].lower().split("|") else None
    if kind == "url":
        return raw if "://" in raw else None
    return raw


def allowed(key):
    if key["type"] in NUMBERS:
        return f"{key['type']} between {key['min']} and {key['max']}"
    return key["choices"].replace("|", ", ") or key["type"]


def refusal(schema, key, raw):
    """Why the key cannot have the value; "" if it can."""
    value = canonical(schema, key, raw)
    if value is None:
        return f"the value is not one of: {allowed(key)}"
    missing = f"needs {key['needs']}, which this version does not have; remove the key"
    if key["refuse"] == "any_value":
        return missing
    if key["refuse"] == "all_but_default" and value != canonical(schema, key, key["default"]):
        return f"{missing} or set it to {key['default']}"
    return ""


def check_order(schema, keys, raw):
    """Pairs of key and message: numbers that are larger than another that bounds them."""
    for smaller, larger in schema["orders"]:
        least, most = (canonical(schema, keys[name], raw.get(name, keys[name]["default"]))
                       for name in (smaller, larger))
        if least is not None and most is not None and least > most:
            yield smaller, f"is larger than {larger}"


def check(schema, file, text):
    """What the schema alone tells of the file."""
    keys = {key["name"]: key for key in schema["keys"]}
    problems, raw, places = [], {}, {}

    def problem(where, key, message, nearest=""):
        problems.append({"where": where, "key": key, "message": message, "nearest": nearest})

    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r").lstrip(" \t")
        if not line or line.startswith("#"):
            continue
        where = f"{file}:{number}"
        found = LINE.fullmatch(line)
        if not found or value_of(found[2]) is None:
            problem(where, found[1] if found else "", "not a line of the form NAME=value")
            continue
        name, value = found[1], value_of(found[2])
        key = name.removeprefix(schema["prefix"])
        if name != schema["switch"] and key not in keys:
            nearest = difflib.get_close_matches(key, keys, n=1, cutoff=0)[0]
            problem(where, name, f"unknown key; did you mean {nearest}?", nearest)
        elif name in places:
            problem(where, name, "the key is given twice in this file")
        else:
            places[name] = where
            if value and name != schema["switch"] and (key != name or schema["prefix"] + key not in raw):
                raw[name] = value
                if key != name:
                    raw.pop(key, None)
    raw = {name.removeprefix(schema["prefix"]): value for name, value in raw.items()}
    places |= {name.removeprefix(schema["prefix"]): where for name, where in places.items()
               if name.startswith(schema["prefix"])}
    for name, value in raw.items():
        if message := refusal(schema, keys[name], value):
            problem(places[name], name, message)
    for name, message in check_order(schema, keys, raw):
        problem(places.get(name, "default"), name, message)
    return problems


def tell(problems, name, as_json):
    if as_json:
        print(json.dumps({"valid": not problems, "problems": problems}, ensure_ascii=False))
        return
    for found in problems:
        key = found["key"] + ": " if found["key"] else ""
        print(f"{found['where']}: {key}{found['message']}", file=sys.stderr)
    if not problems:
        print(f"{name}: no mistake was found")


def main():
    parser = argparse.ArgumentParser(description=f"Checks an env file of {PROGRAM}.")
    parser.add_argument("--env-file", required=True, help="the file to check")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--binary", default=os.environ.get("MCP_BACKEND_BINARY"), help="the program to ask")
    arguments = parser.parse_args()

    schema = json.loads((FOLDER / "config_schema.json").read_text(encoding="utf-8"))
    if program := find_program(arguments.binary):
        return ask(program, schema, arguments)
    print(NOT_CHECKED, file=sys.stderr)
    name = arguments.env_file
    try:
        text = pathlib.Path(arguments.env_file).read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        print(f"{name}: the file cannot be read: {error.strerror}", file=sys.stderr)
        return 1
    problems = check(schema, name, text)
    tell(problems, name, arguments.json)
    return 2 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
