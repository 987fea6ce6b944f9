#!/usr/bin/env python3
"""What a message of a mebibyte takes, and what other callers notice of it.

    benches/long_messages/run.py [--rounds 3] [--messages 2000] [--searches 2500]

A message of prose is ingested, then the engine alone embeds the very chunks that came of it, in turns. The seconds of CPU
say the same where other programs keep the machine busy. Then one caller searches, first while nothing else happens, then while such messages are ingested one after the
other. The same for a message without words, of which only the beginning is embedded. Needs Python 3.9, nothing else.
"""

import argparse
import base64
import http.client
import json
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
sys.path.insert(0, str(HERE.parent / "corpus"))
import make  # noqa: E402
import running  # noqa: E402

MESSAGE_BYTES = 1 << 20
INGEST_PATIENCE = 600
RATIO_WANTED = 1.2
ADDED_MS_WANTED = 60
PROSE = "prose, 1 MiB"


class Prose:
    """Messages of sentences in paragraphs, none like another."""

    def __init__(self, seed):
        words = make.vocabulary(running.MODEL / "vocab.txt")
        self.corpus = make.Corpus(words, seed)

    def message(self):
        text = []
        size = 0
        while size < MESSAGE_BYTES:
            topic = self.corpus.random.choice(self.corpus.topics)
            sentences = [" ".join(self.corpus.text(topic)).capitalize() + "." for _ in range(6)]
            text.append(" ".join(sentences))
            size += len(text[-1]) + 2
        return "\n\n".join(text)[:MESSAGE_BYTES]


class Encoded:
    """Messages without words."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def message(self):
        text = base64.encodebytes(self.random.randbytes(MESSAGE_BYTES * 3 // 4)).decode()
        return text[:MESSAGE_BYTES]


def request_of(content):
    return json.dumps({"messages": [{"author_name": "Vera", "author_type": "user", "content": content}]}).encode()


def ingest(server, body):
    """Seconds, and the answer. On a connection of its own, for searches go on meanwhile."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=INGEST_PATIENCE)
    start = time.perf_counter()
    connection.request("POST", "/ingest", body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = json.loads(response.read())
    taken = time.perf_counter() - start
    connection.close()
    assert response.status == 201, (response.status, answer)
    return taken, answer


def chunk_texts(server, conversation):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=running.PATIENCE)
    connection.request("GET", f"/conversations/{conversation}")
    texts = [chunk["text"] for chunk in json.loads(connection.getresponse().read())["chunks"]]
    connection.close()
    return texts


class Ingesting:
    """Ingests message after message until it is told to stop, and tells what each took. The messages are made before: that
    takes time of the interpreter, which the searches need."""

    def __init__(self, server, bodies):
        self.server, self.bodies = server, iter(bodies)
        self.taken, self.failed = [], None
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run)

    def run(self):
        try:
            while not self.stop.is_set():  # StopIteration: too few were made.
                self.taken.append(ingest(self.server, next(self.bodies))[0])
        except Exception as error:  # Told in the thread that waits.
            self.failed = error

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join(INGEST_PATIENCE)
        assert not self.thread.is_alive(), "an ingest does not end"
        if self.failed:
            raise self.failed


def search(server, questions, count, pace):
    """Milliseconds of each search. `pace`: seconds between the begins of two, if the first is done by then."""
    if server.socket is not None:  # Nobody spoke on it for a while.
        server.socket.close()
        server.socket = None
    times = []
    for number in range(count):
        start = time.perf_counter()
        question = urllib.parse.quote_plus(questions[number % len(questions)])
        times.append(server.timed_get(f"/search?q={question}")[0])
        time.sleep(max(0.0, start + pace - time.perf_counter()))
    return times


def of(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def times_of_ingest(server, engine, options, prose):
    print("| message | chunks | ingest s | embedding alone s | ratio | ingest CPU s | embedding CPU s | ratio |\n"
          "|---|---|---|---|---|---|---|---|", flush=True)
    ratios, cpu_ratios = [], []
    for number in range(1, options.rounds + 1):
        body = request_of(prose.message())
        before = server.cpu_seconds()
        taken, answer = ingest(server, body)
        worked = server.cpu_seconds() - before
        texts = chunk_texts(server, answer["conversation_id"])
        assert len(texts) == answer["chunks"], answer
        before = engine.cpu_seconds()
        alone = engine.seconds_for(texts)
        worked_alone = engine.cpu_seconds() - before
        ratios.append(taken / alone)
        cpu_ratios.append(worked / worked_alone)
        print(f"| {number} | {len(texts):,} | {taken:.2f} | {alone:.2f} | {ratios[-1]:.3f} "
              f"| {worked:.2f} | {worked_alone:.2f} | {cpu_ratios[-1]:.3f} |", flush=True)
    print(f"| median | | | | **{statistics.median(ratios):.3f}** | | | {statistics.median(cpu_ratios):.3f} |\n", flush=True)
    return statistics.median(ratios) <= RATIO_WANTED


def times_of_searches(server, options, questions, makers):
    print("| meanwhile | searches | p50 ms | p90 ms | p99 ms | max ms | ingests | ingest s |\n|---|---|---|---|---|---|---|---|",
          flush=True)

    def row(name, times, taken):
        median = f"{statistics.median(taken):.2f}" if taken else ""
        print(f"| {name} | {len(times):,} | {of(times, .5):.2f} | {of(times, .9):.2f} | {of(times, .99):.2f} | {max(times):.2f} "
              f"| {len(taken) or ''} | {median} |", flush=True)

    search(server, questions, 200, 0)
    idle = search(server, questions, options.searches, options.pace)
    row("nothing", idle, [])
    kept = True
    for name, maker, count in makers:
        bodies = [request_of(maker.message()) for _ in range(count)]
        with Ingesting(server, bodies) as ingesting:
            time.sleep(0.2)  # Until the first is under way.
            times = search(server, questions, options.searches, options.pace)
        row(name, times, ingesting.taken)
        if name == PROSE:
            kept = of(times, .99) <= of(idle, .99) + ADDED_MS_WANTED
    row("nothing, afterwards", search(server, questions, options.searches // 2, options.pace), [])
    return kept


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=running.BINARY)
    parser.add_argument("--engine", type=pathlib.Path, default=running.ENGINE)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=2_000, help="what the store holds before")
    parser.add_argument("--searches", type=int, default=2_500, help="of each kind")
    parser.add_argument("--pace", type=float, default=0.0, help="seconds between the begins of two searches")
    options = parser.parse_args()
    running.need(options.binary, options.engine)

    with tempfile.TemporaryDirectory(prefix="mcp-backend-bench-") as folder:
        folder = pathlib.Path(folder)
        made, asked = folder / "conversations.jsonl", folder / "questions.jsonl"
        subprocess.run([HERE.parent / "corpus/make.py", "--messages", str(options.messages), made, asked], check=True)
        questions = [json.loads(line)["question"] for line in asked.read_text(encoding="utf-8").splitlines()]
        prose = Prose(seed=2)
        with running.Server(options.binary, folder / "data") as server:
            server.command("ingest", str(made))
            fast = True
            if options.rounds > 0:
                with running.Engine(options.engine) as engine:
                    fast = times_of_ingest(server, engine, options, prose)
            kept = True
            if options.searches > 0:
                # How many are ready: more than can be done meanwhile.
                makers = ((PROSE, prose, 8), ("base64, 1 MiB", Encoded(seed=3), 120))
                kept = times_of_searches(server, options, questions, makers)
            print(f"\nresident at most {server.resident_mb('VmHWM'):.0f} MB")
    print(f"ingest in {RATIO_WANTED} x the engine's time: {'yes' if fast else 'NO'}; "
          f"searches p99 within idle + {ADDED_MS_WANTED} ms: {'yes' if kept else 'NO'}")
    raise SystemExit(0 if fast and kept else 1)


if __name__ == "__main__":
    main()
