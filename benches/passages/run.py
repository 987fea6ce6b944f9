#!/usr/bin/env python3
"""How often all that answers a question stands within so many tokens of a search's result, by context
and shape, and how much of what a model reads is what people said.

    benches/passages/run.py [--binary FILE] [--every N] FOLDER

FOLDER: a data set (conversations.jsonl, questions.jsonl). --every N: each Nth question.
"""

import argparse
import json
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

BUDGETS = (500, 1000, 2000)
HERE = pathlib.Path(__file__).resolve().parent


class Server:
    def __init__(self, binary, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [binary, "serve", "--data-dir", folder, "--port", str(self.port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(200):
            try:
                self.get("/readyz")
                break
            except OSError:
                time.sleep(0.1)
        self.session = None
        params = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "b", "version": "1"}}
        self.rpc("initialize", params)

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.read()

    def post(self, path, body):
        headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        if path == "/mcp" and self.session:
            headers["Mcp-Session-Id"] = self.session
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request) as answer:
            if path == "/mcp" and not self.session:
                self.session = answer.headers["Mcp-Session-Id"]
            return json.load(answer)

    def rpc(self, method, params):
        return self.post("/mcp", {"jsonrpc": "2.0", "id": 1, "method": method, "params": params})["result"]

    def tool(self, **arguments):
        return self.rpc("tools/call", {"name": "search_conversations", "arguments": arguments})


def shown_in_rows(results):
    return {(row["conversation_id"], index) for row in results
            for index in [*range(row["message_start"], row["message_end"] + 1),
                          *(message["index"] for message in row["context"])]}


def shown_in_passages(results):
    return {(passage["conversation_id"], message["index"]) for passage in results
            for message in passage["messages"]}


def measure(server, questions, ids, ask):
    """Percent of questions all of whose evidence is shown."""
    whole = 0
    for question in questions:
        wanted = {ids[question["sample"], name] for name in question["evidence"]}
        whole += wanted <= ask(question)
    return 100 * whole / len(questions)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default=str(HERE / "../../build/release/mcp-backend"))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--top-k", type=int, default=20)
    parser.add_argument("folder", type=pathlib.Path)
    given = parser.parse_args()
    if not (given.folder / "questions.jsonl").exists():
        sys.exit(f"passages: SKIPPED, no data set in {given.folder}; nothing was measured")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(given.binary, folder)
        try:
            report(server, given)
        finally:
            server.process.terminate()
            server.process.wait()


def report(server, given):
    ids = {}
    for line in open(given.folder / "conversations.jsonl"):
        body = json.loads(line)
        stored = server.post("/ingest", body)["conversation_id"]
        for index, message in enumerate(body["messages"]):
            ids[body["scenario_title"], message["external_id"]] = (stored, index)
    questions = [json.loads(line) for line in open(given.folder / "questions.jsonl")]
    questions = [q for q in questions if q["evidence"] and all((q["sample"], e) in ids for e in q["evidence"])]
    questions = questions[::given.every]

    def rest(shape, context, budget):
        read = shown_in_rows if shape == "rows" else shown_in_passages
        return lambda q: read(server.post("/search", {
            "query": q["question"], "filters": {"scenario_title": q["sample"]}, "shape": shape, "top_k": given.top_k,
            "context": context, "max_tokens": budget})["results"])

    def transcript(context, budget):
        return lambda q: shown_in_passages(server.tool(
            q=q["question"], scenario_title=q["sample"], top_k=given.top_k, context=context,
            max_tokens=budget)["structuredContent"]["results"])

    print(f"{len(questions)} questions, top_k {given.top_k}\n")
    print("shape | context | " + " | ".join(f"all@{budget}tok" for budget in BUDGETS))
    print("---|---|---|---|---")
    for name, ask in (("rows (their texts alone counted)", lambda c, b: rest("rows", c, b)),
                      ("passages (alike)", lambda c, b: rest("passages", c, b)),
                      ("transcript of the tool (as a whole)", transcript)):
        for context in range(5):
            figures = [measure(server, questions, ids, ask(context, budget)) for budget in BUDGETS]
            print(f"{name} | {context} | " + " | ".join(f"{figure:.1f}" for figure in figures), flush=True)

    said = read = structured = 0
    for question in questions:
        result = server.tool(q=question["question"], scenario_title=question["sample"])
        passages = result["structuredContent"]["results"]
        said += sum(len(m["text"].encode()) for p in passages for m in p["messages"])
        read += len(result["content"][0]["text"].encode())
        structured += len(json.dumps(result["structuredContent"], ensure_ascii=False, separators=(",", ":")).encode())
    print(f"\nWith the tool's defaults {100 * said / read:.1f} % of the text block is what people said "
          f"(of the same as JSON {100 * said / structured:.1f} %).")


if __name__ == "__main__":
    main()
