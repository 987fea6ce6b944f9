"""What has to hold of a store that was upgraded."""

import contextlib
import hashlib
import json
import pathlib
import shutil
import sqlite3
import tempfile

import corpus

SHOWN = 20
# What a start writes anew each time, or says when it happened.
NOT_COMPARED = ("store_secrets", "schema_migrations")


class Findings:
    """Counts what was looked at, and keeps what did not hold."""

    def __init__(self):
        self.looked = 0
        self.found = []

    def that(self, holds, what):
        self.looked += 1
        if not holds:
            self.found.append(what)

    def end(self):
        for what in self.found[:SHOWN]:
            print(f"DOES NOT HOLD: {what}")
        if self.found:
            raise SystemExit(f"{len(self.found)} of {self.looked:,} checks do not hold")
        print(f"all {self.looked:,} checks hold")


def megabytes(data):
    total = 0
    for file in data.glob("mcp-backend.db*"):
        with contextlib.suppress(FileNotFoundError):  # The log goes away meanwhile.
            total += file.stat().st_size
    return total / 1e6


def opened(data):
    """A copy of the store, opened, so that looking changes nothing."""
    folder = tempfile.TemporaryDirectory(prefix="mcp-backend-upgrade-look-")
    for file in data.glob("mcp-backend.db*"):
        shutil.copy(file, folder.name)
    return folder, sqlite3.connect(pathlib.Path(folder.name) / "mcp-backend.db")


def schema_version(data):
    folder, store = opened(data)
    with folder:
        version = store.execute("SELECT MAX(version) FROM schema_migrations").fetchone()[0]
        store.close()
    return version


def digest(data):
    """Of every row of every table, in the order of its columns."""
    folder, store = opened(data)
    with folder:
        sums = {}
        names = store.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (name,) in names.fetchall():
            if name in NOT_COMPARED:
                continue
            rows = hashlib.sha256()
            for row in sorted(map(repr, store.execute(f"SELECT * FROM {name}"))):
                rows.update(row.encode())
            sums[name] = rows.hexdigest()
        store.close()
    return sums


def check_told(lines, said, took, check):
    """What the log and /readyz say of the migration."""
    done = [line for line in lines if line["message"] == "Schema migration 0004_named_conversations: done"]
    check.that(len(done) == 1, "the log does not say that the migration is done")
    renamed = [line for line in lines if "external_id of a newer one" in line["message"]]
    check.that(len(renamed) == 1 and renamed[0]["conversations"] > 0, "the log does not tell of ids that stood twice")
    for line in done + renamed:
        print("log: " + json.dumps({name: line[name] for name in line if name not in ("timestamp", "logger")}))
    told = [line for line in lines if line["message"].startswith("Schema migration") and line not in done]
    for text in said:
        print("/readyz: " + text)
    if done and done[0]["seconds"] > 2:
        check.that(told, "a migration of more than two seconds did not say how far it was")
        check.that(any("steps" in text for text in said), f"/readyz did not say what it waits for in {took:.1f} s")


def compare(old, new, names, check):
    """What REST told before, and what it tells now; `names`: the external_id by id. How many gave theirs away."""
    check.that(old.keys() == new.keys(), f"{len(old)} conversations before, {len(new)} now")
    renamed = 0
    newest = {}
    for number in old:
        if number in names:
            newest[names[number]] = max(newest.get(names[number], 0), int(number))
    for number in old.keys() & new.keys():
        (row, whole, messages), (row_now, whole_now, messages_now) = old[number], new[number]
        name = names.get(number)
        gave = name is not None and newest[name] != int(number)
        renamed += gave
        for field, value in row.items():
            check.that(row_now[field] == value, f"conversation {number}: {field} is {row_now[field]!r}, was {value!r}")
        check.that(row_now["external_id"] == (None if gave else name), f"conversation {number}: external_id")
        metadata = dict(whole.get("metadata") or {})
        if gave:
            metadata["external_id_before" if "external_id" in metadata else "external_id"] = name
        check.that((whole_now.get("metadata") or {}) == metadata, f"conversation {number}: metadata")
        check.that(whole["chunks"] == whole_now["chunks"], f"conversation {number}: chunks")
        check.that(messages["total"] == messages_now["total"], f"conversation {number}: count of messages")
        for said, says in zip(messages["messages"], messages_now["messages"]):
            kept = {field: says.get(field) for field in said}
            check.that(kept == said, f"conversation {number}: message {said['index']}")
    return renamed


def check_sent(new, made, ids, check):
    """What was sent is what stands there, whatever either version says of it."""
    for place in range(made.untouched(), len(ids)):
        sent = [message["content"] for message in made.conversations[place]["messages"]]
        stands = [message["content"] for message in new[ids[place]][2]["messages"]]
        check.that(stands == sent, f"conversation {ids[place]}: not what was sent")


def check_keys(api, keyed, check):
    """A repeated key gives what it gave; with other content it is refused."""
    for request, status, answer in keyed:
        headers = {"Idempotency-Key": request.key}
        status_now, headers_now, again = api.json(request.method, request.path, request.body, headers)
        check.that(status_now == status, f"key {request.key}: status {status_now}, was {status}")
        check.that(headers_now.get("Idempotency-Replayed") == "true", f"key {request.key}: not replayed")
        kept = {name: again.get(name) for name in answer}
        check.that(kept == answer, f"key {request.key}: {again} was {answer}")
    request = keyed[0][0]
    other = {"messages": [{"content": "something else"}]}
    status, _, _ = api.json("POST", "/ingest", other, {"Idempotency-Key": request.key})
    check.that(status == 422, f"a key with other content: {status}")


def check_found(api, made, ids, random, check):
    """Each is found by its own word; names and titles match after folding."""
    places = random.sample(range(made.untouched(), len(ids)), min(500, len(ids) - made.untouched()))
    for place in places:
        status, _, found = api.json("GET", f"/search?mode=lexical&top_k=1&q={corpus.word_of(place)}")
        first = found["results"][0]["conversation_id"] if status == 200 and found["results"] else None
        check.that(first == ids[place], f"conversation {ids[place]} is not found by its word: {first}")
        check.that(not found["degraded"], "a search is degraded")
    for name, same in (("ana", ("Ana", "ANA")), ("JOSE", ("José", "Jose\u0301")), ("wide", ("Ｗｉｄｅ",))):
        _, _, found = api.json("POST", "/search", {"query": "river", "top_k": 100, "filters": {"author_name": name}})
        names = {row["author_name"] for row in found["results"]}
        check.that(names == set(same), f"the author {name}: {names}")


def check_known(api, made, ids, new, check):
    """Content that the version before stored is known to this one."""
    for place in range(made.untouched(), made.untouched() + 300):
        number = ids[place]
        conversation = made.conversations[place]
        if new[number][0]["external_id"] != conversation.get("external_id"):
            continue  # It gave its name to another one.
        status, _, answer = api.json("POST", "/ingest", conversation)
        check.that((status, answer.get("duplicate"), answer.get("conversation_id")) == (200, True, number),
                   f"conversation {number} sent again: {status} {answer}")
