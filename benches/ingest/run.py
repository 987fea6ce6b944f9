#!/usr/bin/env python3
"""How fast a large corpus is taken in, beside embedding its chunks and nothing else.

    benches/ingest/run.py [--messages 20000 | --data conversations.jsonl] [--parts 5]

`mcp-backend ingest` sends the corpus to a running server part by part; after each part the engine alone embeds the very
chunks that came of it, so both meet the same noise. Without --data, benches/corpus/make.py makes the conversations up.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))
import running  # noqa: E402


def parts_of(lines, count):
    """Parts of about as many bytes each."""
    total, parts, size = sum(map(len, lines)), [[]], 0
    for line in lines:
        if size * count >= total * len(parts):
            parts.append([])
        parts[-1].append(line)
        size += len(line)
    return parts


def new_chunks(server, count):
    """Texts of the chunks of the `count` newest conversations."""
    texts = []
    for skip in range(0, count, 100):
        page = json.loads(server.get(f"/conversations?skip={skip}&limit={min(100, count - skip)}")[1])
        for conversation in page:
            chunks = json.loads(server.get(f"/conversations/{conversation['id']}")[1])["chunks"]
            texts += [chunk["text"] for chunk in chunks]
    return texts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=running.BINARY)
    parser.add_argument("--engine", type=pathlib.Path, default=running.ENGINE)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--parts", type=int, default=5)
    options = parser.parse_args()
    running.need(options.binary, options.engine)

    with tempfile.TemporaryDirectory(prefix="mcp-backend-bench-") as folder:
        folder = pathlib.Path(folder)
        data = options.data or folder / "made-up.jsonl"
        if not options.data:
            subprocess.run([HERE.parent / "corpus/make.py", "--messages", str(options.messages), data], check=True)
        parts = parts_of(data.read_bytes().splitlines(keepends=True), options.parts)
        print("part | messages | chunks | ingest chunks/s | embedding alone chunks/s | share | resident MB | at most MB")
        print("---|---|---|---|---|---|---|---", flush=True)
        messages = chunks = 0
        ingesting = embedding = 0.0
        with running.Server(options.binary, folder / "data") as server, running.Engine(options.engine) as engine:
            for number, part in enumerate(parts, 1):
                file = folder / "part.jsonl"
                file.write_bytes(b"".join(part))
                start = time.perf_counter()
                done = server.command("ingest", str(file))
                taken = time.perf_counter() - start
                assert done["failed"] == 0 and done["duplicates"] == 0, done
                texts = new_chunks(server, len(part))
                assert len(texts) == done["chunks"], (len(texts), done)
                alone = engine.seconds_for(texts)
                messages, chunks = messages + done["messages"], chunks + len(texts)
                ingesting, embedding = ingesting + taken, embedding + alone
                print(f"{number} | {done['messages']:,} | {len(texts):,} | {len(texts) / taken:.0f} | {len(texts) / alone:.0f} "
                      f"| {100 * alone / taken:.0f} % | {server.resident_mb():.0f} | {server.resident_mb('VmHWM'):.0f}", flush=True)
        print(f"all | {messages:,} | {chunks:,} | {chunks / ingesting:.0f} | {chunks / embedding:.0f} "
              f"| {100 * embedding / ingesting:.0f} % | |")


if __name__ == "__main__":
    main()
