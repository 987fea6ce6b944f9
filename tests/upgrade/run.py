#!/usr/bin/env python3
"""A store of the version before is opened by this one: nothing is lost, and an interrupted migration ends whole.

    tests/upgrade/run.py --before OLD/mcp-backend --after build/release/mcp-backend [--conversations 10000] [--kills 12]

What it does and what came of it: README.md beside this file. Needs Python 3.9, nothing else. Some minutes; exit code 1 if
something does not hold.
"""

import argparse
import contextlib
import http.client
import json
import os
import pathlib
import pty
import random
import shutil
import subprocess
import sys
import tempfile
import time

import checks
import corpus
import grow

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fault"))

from harness.backend import Program, Server  # noqa: E402

PATIENCE = 600


class Api:
    """One connection to a server: status, headers, parsed JSON."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def call(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, headers or {})
        response = self.connection.getresponse()
        text = response.read()
        kind = response.headers.get("Content-Type", "")
        whole = "json" in kind and "ndjson" not in kind
        return response.status, response.headers, json.loads(text) if whole else text

    def json(self, method, path, value=None, headers=None):
        body = None if value is None else json.dumps(value, ensure_ascii=False).encode()
        sent = {"Content-Type": "application/json"} if body is not None else {}
        return self.call(method, path, body, {**sent, **(headers or {})})


@contextlib.contextmanager
def serving(program, **environment):
    server = Server(program, **environment)
    try:
        server.wait_until_ready()
        yield Api(server.port)
        if server.stop() != 0:
            raise SystemExit("serve did not end in order")
    finally:
        server.process.kill()
        server.process.wait()


def fill(api, made):
    """Stores the conversations; returns id by number, and the keyed requests with their answers."""
    lines = [json.dumps(each, ensure_ascii=False) for each in made.conversations]
    ids = []
    for begin in range(0, len(lines), 1_000):
        body = "\n".join(lines[begin:begin + 1_000]).encode()
        status, _, text = api.call("POST", "/ingest/batch", body, {"Content-Type": "application/x-ndjson"})
        answers = [json.loads(line) for line in text.splitlines()] if status == 200 else []
        bad = [answer for answer in answers if answer["status"] != 201]
        if bad or not answers:
            raise SystemExit(f"the version before did not take the batch: {status} {bad[:3]}")
        ids += [answer["conversation_id"] for answer in answers]
    keyed = []
    for request in made.keyed_requests(ids):
        headers = {"Idempotency-Key": request.key}
        status, _, answer = api.json(request.method, request.path, request.body, headers)
        if status not in (200, 201):
            raise SystemExit(f"the version before refused {request}: {status} {answer}")
        keyed.append((request, status, answer))
    return ids, keyed


def snapshot(api):
    """All that is stored, as REST tells it: {id: (summary, chunks, messages)}."""
    stored = {}
    target = "/conversations?limit=100"
    while target:
        status, headers, page = api.json("GET", target)
        assert status == 200, page
        for row in page:
            _, _, whole = api.json("GET", f"/conversations/{row['id']}")
            _, _, messages = api.json("GET", f"/conversations/{row['id']}/messages")
            stored[row["id"]] = (row, whole, messages)
        link = headers.get("Link")
        target = link[link.index("<") + 1:link.index(">")] if link else None
    return stored


def wait_and_watch(program, server):
    """Until it is ready: seconds, what /readyz said meanwhile, and the most megabytes that the store's files had."""
    begin, said, most = time.monotonic(), [], 0
    while time.monotonic() - begin < PATIENCE:
        most = max(most, checks.megabytes(program.data))
        if server.process.poll() is not None:
            raise SystemExit(f"serve ended with exit code {server.process.returncode}: {program.log.read_text()}")
        with contextlib.suppress(OSError):
            status, _, body = Api(server.port).call("GET", "/readyz")
            if status == 200:
                return time.monotonic() - begin, said, most
            if body.get("detail") and (not said or said[-1] != body["detail"]):
                said.append(body["detail"])
        time.sleep(0.01)
    raise SystemExit("serve did not become ready")


def log_lines(program):
    text = (program.folder / "serve.log").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def verified(program, check):
    code, printed = program.run("verify")
    check.that(code == 0, f"verify: exit code {code}: {printed[-500:]}")


def copy_of(source, binary, folder):
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "data").mkdir(parents=True)
    for file in source.glob("mcp-backend.db*"):
        shutil.copy(file, folder / "data")
    return Program(binary, folder)


def upgrade(options, before, folder, check):
    """The whole way once, undisturbed. The store as it is afterwards, and how long the start took."""
    program = copy_of(before.data, options.after, folder / "upgraded")
    server = Server(program, LOG_LEVEL="INFO")
    try:
        took, said, _ = wait_and_watch(program, server)
        check.that(server.stop() == 0, "serve did not end in order")
    finally:
        server.process.kill()
        server.process.wait()
    checks.check_told(log_lines(program), said, took, check)
    verified(program, check)
    return program, took


def kill_at_moments(options, before, wanted, took, folder, check):
    """Kills a start at several moments of it, and starts again."""
    moments = [took * (kill + 0.5) / options.kills for kill in range(options.kills)]
    seen = {}
    for moment in moments:
        program = copy_of(before.data, options.after, folder / "killed")
        server = Server(program)
        time.sleep(moment)
        server.kill()
        left = checks.schema_version(program.data)
        seen[left] = seen.get(left, 0) + 1
        with serving(program):
            pass
        verified(program, check)
        check.that(checks.digest(program.data) == wanted, f"killed after {moment:.2f} s: the store differs")
    return seen


def list_on_a_terminal(program):
    """What a command shows on a terminal while it opens the store: its lines, and its exit code."""
    screen, stderr = pty.openpty()
    with open(program.folder / "listed", "wb") as listed:
        process = subprocess.Popen([program.binary, "list", "--limit", "1"], stdin=subprocess.DEVNULL, stdout=listed,
                                   stderr=stderr, env=program.environment())
    os.close(stderr)
    shown = b""
    with contextlib.suppress(OSError):  # The end of a terminal is an error to read.
        while piece := os.read(screen, 4_096):
            shown += piece
    os.close(screen)
    return [line.decode() for line in shown.split(b"\r\x1b[K") if line.strip()], process.wait(PATIENCE)


def open_a_large_one(options, before, folder, check):
    """A store whose migration takes seconds: what is told, on a terminal too; and a stop is not kept waiting."""
    large = copy_of(before.data, options.before, folder / "large")
    messages = grow.grow(large.data, options.times)
    verified(large, check)
    program = copy_of(large.data, options.after, folder / "told")
    server = Server(program, LOG_LEVEL="INFO")
    try:
        took, said, most = wait_and_watch(program, server)
    finally:
        server.kill()
    checks.check_told(log_lines(program), said, took, check)
    verified(program, check)
    wanted = checks.digest(program.data)
    print(f"a large one: {messages:,} messages, {checks.megabytes(large.data):.0f} MB, ready after {took:.1f} s, "
          f"{most:.0f} MB of files at most", flush=True)

    program = copy_of(large.data, options.after, folder / "shown")
    shown, code = list_on_a_terminal(program)
    print("on a terminal: " + " | ".join(shown))
    check.that(code == 0, f"list: exit code {code}")
    check.that(took < 3 or any("Schema migration" in line for line in shown), "a command showed nothing on a terminal")

    program = copy_of(large.data, options.after, folder / "stopped")
    server = Server(program)
    time.sleep(took / 8)
    begin = time.monotonic()
    code = server.stop()
    ended = time.monotonic() - begin
    left = checks.schema_version(program.data)
    print(f"SIGTERM amid the migration: ended after {ended:.2f} s, schema version {left}", flush=True)
    check.that(code == 0 and ended < 5, f"SIGTERM amid the migration: exit code {code} after {ended:.1f} s")
    with serving(program):
        pass
    check.that(checks.digest(program.data) == wanted, "stopped amid the migration: the store differs")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=pathlib.Path, required=True)
    parser.add_argument("--after", type=pathlib.Path, required=True)
    parser.add_argument("--conversations", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--times", type=int, default=10, help="how much larger the large one is; 1: none")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    made = corpus.Corpus(options.conversations, options.seed)
    check = checks.Findings()

    with tempfile.TemporaryDirectory(prefix="mcp-backend-upgrade-") as temporary:
        folder = pathlib.Path(temporary)
        (folder / "before").mkdir()
        before = Program(options.before, folder / "before")
        begin = time.monotonic()
        with serving(before) as api:
            ids, keyed = fill(api, made)
            old = snapshot(api)
        print(f"the version before: {len(old):,} conversations, {made.messages():,} messages sent, "
              f"{checks.megabytes(before.data):.0f} MB, made in {time.monotonic() - begin:.0f} s", flush=True)

        program, took = upgrade(options, before, folder, check)
        print(f"opened by this version: ready after {took:.2f} s, {checks.megabytes(program.data):.0f} MB; "
              f"verify whole", flush=True)
        wanted = checks.digest(program.data)
        with serving(program) as api:
            new = snapshot(api)
            renamed = checks.compare(old, new, made.names(ids), check)
            checks.check_sent(new, made, ids, check)
            checks.check_keys(api, keyed, check)
            checks.check_found(api, made, ids, random.Random(options.seed), check)
            checks.check_known(api, made, ids, new, check)
        print(f"compared: {len(new):,} conversations, {renamed} of them gave their external_id to a newer one, "
              f"{len(keyed)} keys repeated", flush=True)
        verified(program, check)

        seen = kill_at_moments(options, before, wanted, took, folder, check)
        print(f"kill -9 during the start: {options.kills} times; the schema it left: "
              + ", ".join(f"version {version}: {times}" for version, times in sorted(seen.items())), flush=True)
        if options.times > 1:
            open_a_large_one(options, before, folder, check)
    check.end()


if __name__ == "__main__":
    main()
