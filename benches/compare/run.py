#!/usr/bin/env python3
"""Whether a change made anything slower or larger: two builds side by side, in turns, in one run.

    benches/compare/run.py --before BUILD --after BUILD [--pairs 15] [--only embedding,start,...] [--data FOLDER]

BUILD is a build folder (build/release) of a checkout each. One pair is the same work by both, one directly after the other;
which goes first alternates. A row shows the median of the ratio after / before and its 95 % interval (of the median, by order
statistics: nothing is assumed of how noise is distributed). Below 1 is faster or smaller. Needs Python 3.9, nothing else.

A store of 100,000 messages for the searches is ingested once by each build, some five minutes each, and kept in --data.
"""

import argparse
import contextlib
import json
import math
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import running  # noqa: E402

SIDES = ("before", "after")
BOUND = 1.03
QUESTIONS_A_PAIR = 200
WARM_UP = 50
TEXTS_A_PAIR = 1_000
QUERIES_A_PAIR = 300


def interval(values):
    """The 95 % interval of the median: the k-th smallest and largest, k by the binomial distribution (sign test)."""
    count, beyond, k = len(values), 0.0, 0
    while k < count // 2:
        beyond += math.comb(count, k) / 2 ** count
        if 2 * beyond > 0.05:
            break
        k += 1
    if k == 0:
        raise SystemExit("at least six pairs are needed for a 95 % interval")
    values = sorted(values)
    return values[k - 1], values[count - k]


class Table:
    def __init__(self):
        self.worse = []
        print("what | pairs | before | after | ratio | 95 % interval |\n---|---|---|---|---|---|---", flush=True)

    def row(self, what, unit, pairs):
        """`pairs`: (before, after), less is better."""
        ratios = [after / before for before, after in pairs]
        low, high = interval(ratios)
        before, after = (statistics.median(side) for side in zip(*pairs))
        verdict = "ok" if high <= BOUND else "not shown to be within 3 %"
        if high > BOUND:
            self.worse.append(what)
        print(f"{what} | {len(pairs)} | {before:.4g} {unit} | {after:.4g} {unit} | {statistics.median(ratios):.3f} "
              f"| {low:.3f} to {high:.3f} | {verdict}", flush=True)


def in_turns(pairs, work):
    """[(before, after)] of work(side, pair), each pair the other way round."""
    measured = []
    for pair in range(pairs):
        order = SIDES if pair % 2 == 0 else SIDES[::-1]
        figures = {side: work(side, pair) for side in order}
        measured.append((figures["before"], figures["after"]))
    return measured


def make_corpus(folder, messages):
    made, questions = folder / f"{messages}.jsonl", folder / f"{messages}-questions.jsonl"
    if not made.exists():
        subprocess.run([HERE.parent / "corpus/make.py", "--messages", str(messages), made, questions], check=True)
    return made, [json.loads(line)["question"] for line in questions.read_text(encoding="utf-8").splitlines()]


def compare_embedding(options, table):
    made, questions = make_corpus(options.folder, 20_000)
    texts = [message["content"] for line in made.read_text(encoding="utf-8").splitlines()[:400]
             for message in json.loads(line)["messages"]][:TEXTS_A_PAIR]
    with contextlib.ExitStack() as stack:
        engines = {side: stack.enter_context(running.Engine(options.build[side] / "benches/embedding/embedding_bench"))
                   for side in SIDES}
        for engine in engines.values():
            engine.seconds_for(texts)
        table.row(f"embedding {TEXTS_A_PAIR} texts", "s",
                  in_turns(options.pairs, lambda side, _: engines[side].seconds_for(texts)))

        def queries(side, pair):
            asked = [questions[(pair * QUERIES_A_PAIR + i) % len(questions)] for i in range(QUERIES_A_PAIR)]
            return statistics.median(engines[side].query_ms(question) for question in asked)
        table.row("embedding a query, p50", "ms", in_turns(options.pairs, queries))


def compare_ingest(options, table):
    """20,000 messages in as many parts as there are pairs, each by a server that was started for it: so the most memory
    that it took is measured as often."""
    made, _ = make_corpus(options.folder, options.ingested)
    lines = made.read_bytes().splitlines(keepends=True)
    size = math.ceil(len(lines) / options.pairs)
    part = options.folder / "part.jsonl"
    memory = {side: [] for side in SIDES}
    with tempfile.TemporaryDirectory(prefix="mcp-backend-bench-") as folder:
        folders = {side: pathlib.Path(folder) / side for side in SIDES}
        for each in folders.values():
            each.mkdir()

        def ingest(side, pair):
            part.write_bytes(b"".join(lines[pair * size:(pair + 1) * size]))
            with running.Server(options.build[side] / "mcp-backend", folders[side]) as server:
                start = time.perf_counter()
                done = server.command("ingest", str(part))
                taken = time.perf_counter() - start
                memory[side].append(server.resident_mb("VmHWM"))
            assert done["failed"] == 0 and done["duplicates"] == 0, done
            return taken / done["messages"] * 1e3
        table.row(f"ingest of {options.ingested:,} messages, each", "ms", in_turns(options.pairs, ingest))
        table.row("memory at most, of an ingest", "MB", list(zip(memory["before"], memory["after"])))


def filled_store(options, side, made):
    folder = options.folder / f"store-{side}"
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with running.Server(options.build[side] / "mcp-backend", folder) as server:
            server.command("ingest", str(made))
        (folder / "complete").touch()
    return folder


def compare_search(options, table):
    """Each pair by servers that were started for it, one after the other."""
    made, questions = make_corpus(options.folder, options.messages)
    folders = {side: filled_store(options, side, made) for side in SIDES}
    ready = {side: [] for side in SIDES}
    memory = {side: [] for side in SIDES}

    def ask(side, pair):
        begin = time.perf_counter()
        with running.Server(options.build[side] / "mcp-backend", folders[side]) as server:
            ready[side].append((time.perf_counter() - begin) * 1e3)
            taken = []
            for i in range(WARM_UP + QUESTIONS_A_PAIR):
                question = questions[(pair * QUESTIONS_A_PAIR + i) % len(questions)]
                taken.append(server.timed_get("/search?q=" + urllib.parse.quote_plus(question))[0])
            memory[side].append(server.resident_mb())
        return statistics.median(taken[WARM_UP:])
    in_turns(1, ask)  # The files are in the cache of the system from now on.
    for figures in (*ready.values(), *memory.values()):
        figures.clear()
    asked = in_turns(options.pairs, ask)
    table.row(f"GET /search at {options.messages:,} chunks, p50", "ms", asked)
    table.row(f"exec to ready, {options.messages:,} chunks", "ms", list(zip(ready["before"], ready["after"])))
    table.row("memory after searches", "MB", list(zip(memory["before"], memory["after"])))


def compare_start(options, table):
    made, _ = make_corpus(options.folder, 2_000)
    with tempfile.TemporaryDirectory(prefix="mcp-backend-bench-") as folder:
        folders = {side: pathlib.Path(folder) / side for side in SIDES}
        for side in SIDES:
            folders[side].mkdir()
            with running.Server(options.build[side] / "mcp-backend", folders[side]) as server:
                server.command("ingest", str(made))

        memory = {side: [] for side in SIDES}

        def start(side, _):
            begin = time.perf_counter()
            with running.Server(options.build[side] / "mcp-backend", folders[side]) as server:
                taken = (time.perf_counter() - begin) * 1e3
                memory[side].append(server.resident_mb())
            return taken
        in_turns(1, start)
        for figures in memory.values():
            figures.clear()
        table.row("exec to ready, 2,000 chunks", "ms", in_turns(max(options.pairs, 21), start))
        table.row("memory once ready", "MB", list(zip(memory["before"], memory["after"])))


COMPARED = {"embedding": compare_embedding, "start": compare_start, "ingest": compare_ingest, "search": compare_search}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--before", type=pathlib.Path, required=True)
    parser.add_argument("--after", type=pathlib.Path, required=True)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--messages", type=int, default=100_000, help="in the store of the searches")
    parser.add_argument("--ingested", type=int, default=20_000, help="of the comparison of ingest")
    parser.add_argument("--only", default=",".join(COMPARED))
    parser.add_argument("--data", type=pathlib.Path)
    options = parser.parse_args()
    options.build = {"before": options.before.resolve(), "after": options.after.resolve()}
    for build in options.build.values():
        running.need(build / "mcp-backend")

    with tempfile.TemporaryDirectory(prefix="mcp-backend-bench-") as temporary:
        options.folder = options.data or pathlib.Path(temporary)
        options.folder.mkdir(parents=True, exist_ok=True)
        table = Table()
        for name in options.only.split(","):
            COMPARED[name](options, table)
    if table.worse:
        raise SystemExit("not shown to be within 3 %: " + ", ".join(table.worse))


if __name__ == "__main__":
    main()
