#!/usr/bin/env python3
"""Checks an env file without the program: python3 scripts/validate_config.py --env-file=FILE

Says the same as `mcp-backend config check --env-file FILE` in an empty environment (a test compares
them). Reads config_schema.json beside it, which is generated from the program's table of keys.
Exit code 0: the file is right; 1: it cannot be read; 2: something in it is wrong.
"""

import argparse
import json
import os
import re
import sys

BUILT_IN_MODEL = "all-MiniLM-L6-v2"
BUILT_IN_DIMENSION = "384"
FILE_BYTES_MAX = 1 << 20
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "$": "$"}


class Invalid(Exception):
    """Why a line or a value cannot be; the message is what the user reads."""


def distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a):
        diagonal, row[0] = row[0], i + 1
        for j, y in enumerate(b):
            replaced = diagonal + (x != y)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
    return row[-1]


def quoted_value(rest):
    quote, value, i = rest[0], "", 1
    while i < len(rest) and rest[i] != quote:
        if quote == '"' and rest[i] == "\\" and i + 1 < len(rest):
            i += 1
            value += ESCAPES.get(rest[i], "\\" + rest[i])
        else:
            value += rest[i]
        i += 1
    if i >= len(rest):
        raise Invalid("the quote is not closed on this line")
    after = rest[i + 1:].lstrip(" \t")
    if after and not after.startswith("#"):
        raise Invalid("text after the closing quote")
    return value


def parse_line(text):
    """The name and the value; the name is "" where Invalid is raised for the whole line."""
    text = re.sub(r"^export[ \t]+", "", text)
    name, equals, value = text.partition("=")
    name = name.rstrip(" \t")
    if not equals or not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        return "", Invalid("not a line of the form NAME=value")
    if "\0" in text:
        return name, Invalid("a NUL character")
    rest = value.lstrip(" \t")
    if rest.startswith("#") and len(rest) < len(value):
        return name, ""
    if rest[:1] in ("'", '"') and rest:
        try:
            return name, quoted_value(rest)
        except Invalid as problem:
            return name, problem
    return name, re.split(r"(?<=[ \t])#", rest, maxsplit=1)[0].rstrip(" \t")


def encoded_length(text):
    return len(text.encode("utf-8", "surrogateescape"))


def shown(key, value):
    if key["secret"] or key["type"] == "url" or encoded_length(value) > 60:
        return "the value"
    return "'" + value + "'"


def is_digits(text):
    return re.fullmatch(r"[0-9]{1,15}", text) is not None


def boolean_value(key, raw):
    if raw.lower() in ("true", "1", "yes", "on"):
        return "true"
    if raw.lower() in ("false", "0", "no", "off"):
        return "false"
    raise Invalid(shown(key, raw) + " is neither true nor false")


def integer_value(key, raw):
    if not is_digits(raw) or not key["min"] <= int(raw) <= key["max"]:
        raise Invalid(f"{shown(key, raw)} is not a whole number between {key['min']} and {key['max']}")
    return str(int(raw))


def seconds_value(key, raw):
    whole, point, decimals = raw.partition(".")
    valid = is_digits(whole) and (not point or is_digits(decimals)) and len(decimals) <= 3
    ms = int(whole) * 1000 + int(decimals.ljust(3, "0")) if valid else 0
    if not valid or not key["min"] * 1000 <= ms <= key["max"] * 1000:
        raise Invalid(
            f"{shown(key, raw)} is not a number of seconds between {key['min']} and {key['max']}"
            " with at most three decimals"
        )
    decimals = decimals.rstrip("0")
    return str(ms // 1000) + ("." + decimals if decimals else "")


def choice_value(key, raw):
    choices = key["choices"].split("|")
    for choice in choices:
        if raw.isascii() and choice.lower() == raw.lower():
            return choice
    raise Invalid(shown(key, raw) + " is not one of " + ", ".join(choices))


def canonical_value(key, raw):
    if any(c < " " or c == "\x7f" or "\ud800" <= c <= "\udfff" for c in raw):
        raise Invalid("the value holds a control character or bad UTF-8")
    kinds = {"boolean": boolean_value, "integer": integer_value,
             "seconds": seconds_value, "choice": choice_value}
    value = kinds[key["type"]](key, raw) if key["type"] in kinds else raw
    if key["type"] == "url" and "://" not in raw:
        raise Invalid(shown(key, raw) + " is not a URL (scheme://...)")
    if key["name"] == "DATABASE_URL" and value.startswith("sqlite:") and value != key["default"]:
        raise Invalid("only sqlite:/// is supported; its file lies in DATA_DIR")
    if key["refuse"] == "any_value":
        raise Invalid(f"needs {key['needs']}, which this version does not have; remove the key")
    if key["refuse"] == "all_but_default" and value != key["default"]:
        raise Invalid(
            f"{shown(key, value)} needs {key['needs']}, which this version does not have;"
            f" remove the key or set it to {key['default']}"
        )
    return value


def is_loopback(host):
    if host in ("localhost", "::1", "[::1]"):
        return True
    return host.startswith("127.") and host.count(".") == 3 and not re.search(r"[^0-9.]", host)


def check_together(schema, value):
    """Pairs of key and message for values that do not go with one another."""
    for smaller, larger in schema["orders"]:
        if int(value[smaller]) > int(value[larger]):
            yield smaller, f"{value[smaller]} is larger than {larger} ({value[larger]})"
    overlap, most = value["CHUNK_OVERLAP_CHARS"], value["CHUNK_MAX_CHARS"]
    if 2 * int(overlap) > int(most):
        yield "CHUNK_OVERLAP_CHARS", f"{overlap} is more than half of CHUNK_MAX_CHARS ({most})"
    open_bind = value["AUTH_MODE"] == "none" and value["ALLOW_INSECURE_BIND"] != "true"
    if open_bind and not is_loopback(value["HOST"]):
        yield "HOST", (
            "other machines can reach this address and AUTH_MODE is none; use 127.0.0.1, or "
            "set ALLOW_INSECURE_BIND=true where something in front keeps strangers out"
        )
    own_model = value["EMBEDDING_MODEL_PATH"]
    if not own_model and value["EMBEDDING_MODEL"] != BUILT_IN_MODEL:
        yield "EMBEDDING_MODEL", (
            f"only {BUILT_IN_MODEL} is built in; name the folder of another model by "
            "EMBEDDING_MODEL_PATH"
        )
    dimension = value["EMBEDDING_DIMENSION"]
    if dimension and own_model:
        yield "EMBEDDING_DIMENSION", "the folder of EMBEDDING_MODEL_PATH says it; remove the key"
    elif dimension and dimension != BUILT_IN_DIMENSION:
        yield "EMBEDDING_DIMENSION", f"{BUILT_IN_MODEL} has {BUILT_IN_DIMENSION}"


def check(schema, file, text):
    keys = {key["name"]: key for key in schema["keys"]}
    problems, raw, seen = [], {}, set()

    def problem(where, key, message, nearest=""):
        problems.append({"where": where, "key": key, "message": message, "nearest": nearest})

    if text.startswith("\ufeff"):
        problem(f"{file}:1", "", "the file begins with a byte order mark; remove it")
        text = ""
    for number, line in enumerate(text.split("\n"), 1):
        line = (line[:-1] if line.endswith("\r") else line).lstrip(" \t")
        if not line or line.startswith("#"):
            continue
        where = f"{file}:{number}"
        name, value = parse_line(line)
        if isinstance(value, Invalid):
            problem(where, name, str(value))
        elif name not in keys:
            nearest = min(keys, key=lambda valid: distance(name[:64], valid))
            problem(where, name, f"unknown key; did you mean {nearest}?", nearest)
        elif name in seen:
            problem(where, name, "the key is given twice in this file")
        else:
            seen.add(name)
            if value:
                raw[name] = (value, where)

    values, places = {}, {}
    for name, key in keys.items():
        values[name], places[name] = key["default"], "default"
        if name in raw:
            try:
                values[name] = canonical_value(key, raw[name][0])
                places[name] = raw[name][1]
            except Invalid as invalid:
                problem(raw[name][1], name, str(invalid))
    for name, message in check_together(schema, values):
        problem(places[name], name, message)
    return problems


def main():
    parser = argparse.ArgumentParser(description="Checks an env file of mcp-backend.")
    parser.add_argument("--env-file", required=True, help="the file to check")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    arguments = parser.parse_args()

    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "config_schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    name = os.path.basename(arguments.env_file)
    try:
        with open(arguments.env_file, "rb") as file:
            content = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        print(f"{name}: the file cannot be read: {error.strerror}", file=sys.stderr)
        return 1
    if len(content) > FILE_BYTES_MAX:
        print(f"{name}: the file is larger than 1 MiB", file=sys.stderr)
        return 1

    problems = check(schema, name, content.decode("utf-8", "surrogateescape"))
    if arguments.json:
        print(json.dumps({"valid": not problems, "problems": problems},
                         ensure_ascii=False, separators=(",", ":")))
    else:
        for found in problems:
            key = found["key"] + ": " if found["key"] else ""
            print(f"{found['where']}: {key}{found['message']}", file=sys.stderr)
        if not problems:
            print(f"{name}: the configuration is valid")
    return 2 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
