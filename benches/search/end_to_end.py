#!/usr/bin/env python3
"""How long GET /search takes end to end for one caller, beside embedding the same question and nothing else.

    benches/search/end_to_end.py [--messages 100000] [--questions 500] [--data FOLDER]

The conversations are made up (benches/corpus/make.py) and ingested first, some five minutes for 100,000. With --data they
are kept in that folder and used again. Question by question, the server and the engine alone take turns.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import running  # noqa: E402

FILTERS = (
    ("none", ""), ("50 %", "&author_type=user"), ("5 %", "&scenario_title=a+twentieth"), ("0.1 %", "&scenario_title=a+thousandth"),
    ("none, context and budget", "&context=2&max_tokens=1000"),
)


def of(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))]


def fill(options, folder):
    """Makes the store, once."""
    if (folder / "complete").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / "conversations.jsonl"
    subprocess.run([HERE.parent / "corpus/make.py", "--messages", str(options.messages), made, folder / "questions.jsonl"],
                   check=True)
    with running.Server(options.binary, folder / "data") as server:
        print("ingested:", server.command("ingest", str(made)), file=sys.stderr)
    made.unlink()
    (folder / "complete").touch()


def measure(server, engine, questions, parameters):
    """Milliseconds of each question: of the search, as the server itself took it, of the engine alone."""
    searches, inside, embeddings = [], [], []
    for question in questions:
        target = f"/search?q={urllib.parse.quote_plus(question)}{parameters}"
        taken, body = server.timed_get(target)
        searches.append(taken)
        inside.append(json.loads(body)["execution_time_ms"])
        embeddings.append(engine.query_ms(question))
    return searches, inside, embeddings


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=running.BINARY)
    parser.add_argument("--engine", type=pathlib.Path, default=running.ENGINE)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--data", type=pathlib.Path)
    options = parser.parse_args()
    running.need(options.binary, options.engine)

    with tempfile.TemporaryDirectory(prefix="mcp-backend-bench-") as temporary:
        folder = options.data or pathlib.Path(temporary)
        fill(options, folder)
        asked = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
        questions = [json.loads(line)["question"] for line in asked[:options.questions]]
        with running.Server(options.binary, folder / "data") as server, running.Engine(options.engine) as engine:
            chunks = json.loads(server.get("/health")[1])
            assert chunks["status"] == "healthy", chunks
            measure(server, engine, questions[:50], "")
            print(f"{len(questions)} questions a filter; resident {server.resident_mb():.0f} MB")
            print("filter | search p50 ms | p99 ms | p99 / p50 | inside the server p50 ms | embedding alone p50 ms | p99 ms | search / embedding")
            print("---|---|---|---|---|---|---|---", flush=True)
            for name, parameters in FILTERS:
                search, inside, alone = measure(server, engine, questions, parameters)
                print(f"{name} | {of(search, .5):.2f} | {of(search, .99):.2f} | {of(search, .99) / of(search, .5):.1f} "
                      f"| {of(inside, .5):.2f} | {of(alone, .5):.2f} | {of(alone, .99):.2f} | {of(search, .5) / of(alone, .5):.2f}",
                      flush=True)


if __name__ == "__main__":
    main()
