#!/usr/bin/env python3
"""How long a start takes, and what the server holds in memory after searches. Needs Python 3.9, nothing else.

    benches/startup/run.py --binary build/release/mcp-backend [--data DATA_DIR] [--questions FILE] [--starts 11]

DATA_DIR is an existing data folder (nobody may be using it); without it an empty one is made.
FILE has one JSON object a line with a member "question"; without it the searches are left out.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.parse

PATIENCE = 60
INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
    "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}}}
DISCOVER = {"jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": {"_meta": {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}}}


def first_answer(binary, environment, message):
    start = time.monotonic()
    process = subprocess.Popen([binary, "mcp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, env=environment)
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    taken = time.monotonic() - start
    assert "result" in answer, answer
    process.stdin.close()
    process.wait(PATIENCE)
    return taken * 1000


def serve(binary, environment, port):
    """The running server, and the milliseconds until /readyz said 200."""
    start = time.monotonic()
    process = subprocess.Popen([binary, "serve"], stdout=subprocess.DEVNULL, env=environment)
    while time.monotonic() - start < PATIENCE:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return process, (time.monotonic() - start) * 1000
        except OSError:
            pass
        time.sleep(0.002)
    process.kill()
    raise SystemExit("the server did not become ready")


def search(port, questions, count):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    taken = []
    for number in range(count):
        target = "/search?" + urllib.parse.urlencode({"q": questions[number % len(questions)]})
        start = time.monotonic()
        connection.request("GET", target)
        response = connection.getresponse()
        response.read()
        assert response.status == 200, response.status
        taken.append((time.monotonic() - start) * 1000)
    return sorted(taken)


def show(what, values, unit="ms"):
    print(f"{what}: median {statistics.median(values):.1f}, max {max(values):.1f} {unit}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", default="build/release/mcp-backend")
    parser.add_argument("--data")
    parser.add_argument("--questions")
    parser.add_argument("--starts", type=int, default=11)
    parser.add_argument("--searches", type=int, default=1000)
    options = parser.parse_args()

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="mcp-backend-bench-") as empty:
        environment = dict(os.environ, MCPB_PLAIN_NAMES="true", DATA_DIR=options.data or empty,
                           HOST="127.0.0.1", PORT=str(port),
                           DRAIN_DELAY="0", LOG_LEVEL="WARNING")
        for name, message in (("exec to initialize", INITIALIZE), ("exec to server/discover", DISCOVER)):
            show(name, [first_answer(options.binary, environment, message) for _ in range(options.starts)])
        ready = []
        for number in range(options.starts):
            process, taken = serve(options.binary, environment, port)
            ready.append(taken)
            if options.questions and number == options.starts - 1:
                with open(options.questions, encoding="utf-8") as lines:
                    questions = [json.loads(line)["question"] for line in lines]
                taken = search(port, questions, options.searches)
                print(f"{options.searches} searches: p50 {taken[len(taken) // 2]:.1f}, "
                      f"p99 {taken[len(taken) * 99 // 100]:.1f} ms")
                with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
                    resident = next(line for line in status if line.startswith("VmRSS"))
                print(f"resident memory after them: {int(resident.split()[1]) / 1024:.0f} MB")
            process.terminate()
            process.wait(PATIENCE)
        show("exec to /readyz 200", ready)


if __name__ == "__main__":
    main()
