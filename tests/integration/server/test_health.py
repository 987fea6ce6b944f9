#!/usr/bin/env python3
"""The health table of the real program, case by case, its log and its metrics. Needs Python 3.9, nothing else; the case
of a full disk mounts a small file system, which takes root, and says so where it is skipped.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/server/test_health.py
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "fault"))

from harness.backend import Client, Program, free_port  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
PATIENCE = 60
PROBES = ("/livez", "/readyz", "/health")


def conversation(text):
    return {"messages": [{"author_name": "ana", "content": text}]}


class Started:
    """`serve` with an environment of its own, until the test ends; and a client of it."""

    def __init__(self, test, program, **environment):
        self.port = free_port()
        self.log = program.folder / "serve.log"
        self.process = program.start(
            "serve", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            environment=program.environment(HOST="127.0.0.1", PORT=str(self.port), LOG_FILE=str(self.log),
                                            **{"LOG_LEVEL": "INFO", "DRAIN_DELAY": "0", **environment}))
        self.client = Client(self.port)
        test.addCleanup(self.end)

    def end(self):
        self.client.close()
        self.process.kill()
        self.process.wait()

    def ask(self, method, path, body=None, headers=None):
        """The answer as it is, on a connection of its own: status, headers, body."""
        with contextlib.closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)) as connection:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    def probes(self):
        """Status codes of the three probes, and what /health calls it; None while nobody listens."""
        with contextlib.suppress(OSError):
            answers = [self.client.call("GET", path) for path in PROBES]
            return (*(answer[0] for answer in answers), answers[2][2]["status"])
        return None


class Health(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mcp-backend-health-")
        self.addCleanup(folder.cleanup)
        self.program = Program(BINARY, folder.name)

    def serve(self, **environment):
        return Started(self, self.program, **environment)

    def wait_for(self, server, expected):
        end = time.monotonic() + PATIENCE
        while (seen := server.probes()) != expected:
            self.assertIsNone(server.process.poll(), "the server has ended")
            self.assertLess(time.monotonic(), end, f"{seen} instead of {expected}")
            time.sleep(0.02)

    def model_folder(self, without=None):
        """A copy of the model's folder; without one of its files it cannot be loaded."""
        model = pathlib.Path(os.environ.get("EMBEDDING_MODEL_PATH",
                                            pathlib.Path(__file__).resolve().parents[3] / "models/all-MiniLM-L6-v2"))
        copy = self.program.folder / "model"
        shutil.copytree(model, copy, ignore=shutil.ignore_patterns(without) if without else None)
        return copy

    def test_all_fine(self):
        server = self.serve()
        self.wait_for(server, (200, 200, 200, "healthy"))
        health = server.client.call("GET", "/health")[2]
        self.assertEqual(set(health), {"status", "timestamp", "version", "components"})
        parts = health["components"]
        self.assertEqual(set(parts["database"]), {"status", "latency_ms"})
        self.assertEqual(parts["embedding_service"],
                         {"status": "healthy", "provider": "local", "model": "all-MiniLM-L6-v2"})
        self.assertEqual(parts["di_container"], {"status": "healthy", "architecture": "new"})

    def test_rollback_flag(self):
        server = self.serve(USE_NEW_ARCHITECTURE="false")
        self.wait_for(server, (200, 200, 200, "healthy"))
        client = server.client
        self.assertEqual(client.call("GET", "/health")[2]["components"]["di_container"]["architecture"], "legacy")
        status, _, made = client.call("POST", "/ingest", conversation("the old pipeline"))
        self.assertEqual((status, made), (200, {"conversation_id": 1, "chunks": 1}))
        found = client.search(q="pipeline")[2]
        self.assertEqual(set(found), {"query", "total_results", "results"})
        self.assertEqual(set(found["results"][0]), {
            "id", "conversation_id", "order_index", "chunk_text", "author_name", "author_type", "timestamp",
            "scenario_title", "original_title", "url", "created_at", "relevance_score"})

    def test_without_its_model_it_finds_words_and_takes_nothing_in(self):
        server = self.serve()
        self.wait_for(server, (200, 200, 200, "healthy"))
        self.assertEqual(server.client.call("POST", "/ingest", conversation("a zebra at the lake"))[0], 201)
        server.process.terminate()
        server.process.wait(PATIENCE)

        server = self.serve(EMBEDDING_MODEL_PATH=str(self.model_folder(without="model.safetensors")))
        self.wait_for(server, (200, 200, 200, "degraded"))
        client = server.client
        status, _, found = client.search(q="zebra")
        self.assertEqual((status, found["degraded"], found["total_results"]), (200, True, 1))
        status, headers, problem = client.call("POST", "/ingest", conversation("another"))
        self.assertEqual((status, problem["status"]), (503, 503))
        self.assertTrue(headers["Retry-After"])
        self.assertEqual(client.call("GET", "/health?unhealthy_status=200")[0], 200)

    def test_with_another_model_than_the_stored_one_it_is_degraded(self):
        server = self.serve()
        self.wait_for(server, (200, 200, 200, "healthy"))
        self.assertEqual(server.client.call("POST", "/ingest", conversation("a zebra at the lake"))[0], 201)
        server.process.terminate()
        server.process.wait(PATIENCE)

        model = self.model_folder()
        vocabulary = (model / "vocab.txt").read_text(encoding="utf-8")
        (model / "vocab.txt").write_text(vocabulary.replace("[unused1]\n", "[other]\n", 1), encoding="utf-8")
        server = self.serve(EMBEDDING_MODEL_PATH=str(model))
        self.wait_for(server, (200, 200, 200, "degraded"))
        client = server.client
        found = client.search(q="zebra")[2]
        self.assertEqual((found["degraded"], found["total_results"]), (True, 1))
        self.assertEqual(client.call("POST", "/ingest", conversation("an okapi in the forest"))[0], 201)
        found = client.search(q="an animal in the woods", mode="dense")[2]
        self.assertEqual([row["conversation_id"] for row in found["results"]], ["2"])

    def test_starting_is_503_and_alive(self):
        server = self.serve()
        seen = set()
        while (now := server.probes()) != (200, 200, 200, "healthy"):
            self.assertIsNone(server.process.poll())
            seen.add(now)
        # How much of the start shows depends on the machine; what shows has to be one of these.
        self.assertLessEqual(seen, {None, (200, 503, 503, "starting"), (200, 503, 200, "healthy")})

    def test_draining(self):
        server = self.serve(DRAIN_DELAY="2")
        self.wait_for(server, (200, 200, 200, "healthy"))
        client = server.client
        self.assertEqual(client.call("GET", "/livez")[0], 200)
        began = time.monotonic()
        server.process.terminate()
        self.wait_for(server, (200, 503, 503, "draining"))
        status, headers, _ = client.call("POST", "/ingest", conversation("still taken in"))
        self.assertEqual((status, headers["Connection"]), (201, "close"))
        self.assertEqual(server.process.wait(PATIENCE), 0)
        self.assertLess(time.monotonic() - began, 25)

    def test_full_disk(self):
        self.program.data.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", "size=96m,mode=700", "tmpfs", self.program.data]
        if subprocess.run(mount, check=False).returncode != 0:
            self.skipTest("SKIPPED: a small file system cannot be mounted here (it takes root)")
        self.addCleanup(lambda: subprocess.run(["umount", "-l", self.program.data], check=True))
        server = self.serve()
        self.wait_for(server, (200, 200, 200, "healthy"))
        client = server.client
        self.assertEqual(client.call("POST", "/ingest", conversation("a zebra at the lake"))[0], 201)

        filler = self.program.data / "filler"
        filler.write_bytes(bytes(shutil.disk_usage(self.program.data).free - (4 << 20)))
        self.wait_for(server, (200, 200, 200, "degraded"))
        status, _, problem = client.call("POST", "/ingest", conversation("no room for it"))
        self.assertEqual((status, problem["status"]), (507, 507))
        self.assertEqual(client.search(q="zebra")[2]["total_results"], 1)

        filler.unlink()
        self.wait_for(server, (200, 200, 200, "healthy"))
        self.assertEqual(client.call("POST", "/ingest", conversation("room again"))[0], 201)

    def test_log_and_metrics(self):
        server = self.serve()
        self.wait_for(server, (200, 200, 200, "healthy"))
        client = server.client
        said = conversation("what nobody may read in a log")
        for _ in range(2):
            client.call("POST", "/ingest", said)
        client.search(q="nobody may read")
        client.call("GET", "/no/such/route")
        end = time.monotonic() + PATIENCE
        # What is stored is counted in the background.
        while "\nconversations 1\n" not in (metrics := server.ask("GET", "/metrics")[2].decode()):
            self.assertLess(time.monotonic(), end, metrics)
            time.sleep(0.02)
        for line in ('ingest_conversations_total{status="success"} 1', 'ingest_conversations_total{status="duplicate"} 1',
                     'search_requests_total{mode="hybrid",status="success"} 1', "chunks 1"):
            self.assertIn(f"\n{line}\n", metrics)
        self.assertRegex(metrics, r'http_requests_total\{method="GET",route="\{unknown\}",status="404"\} 1')

        before = server.log.read_bytes()
        moved = server.log.rename(server.log.with_suffix(".1"))
        server.process.send_signal(signal.SIGHUP)
        end = time.monotonic() + PATIENCE
        while not server.log.exists() and time.monotonic() < end:
            time.sleep(0.01)
        client.call("POST", "/ingest", conversation("after the log was turned over"))
        server.process.terminate()
        server.process.wait(PATIENCE)
        after = server.log.read_bytes()
        self.assertTrue(moved.read_bytes().startswith(before))

        lines = (moved.read_bytes() + after).decode().splitlines()
        events = [json.loads(line) for line in lines]
        for line, event in zip(lines, events):
            self.assertEqual(list(event)[:4], ["timestamp", "level", "logger", "message"], line)
            self.assertNotRegex(line.split('"message":')[0], r'": |, "')
        done = [event for event in events if event["message"] == "Conversation ingested successfully"]
        self.assertEqual(len(done), 2)
        self.assertEqual(done[0]["logger"], "app.application.ingest_conversation")
        self.assertLessEqual({"conversation_id", "chunk_count", "duration_ms", "trace_id"}, set(done[0]))
        self.assertEqual(len([event for event in events if event["message"] == "Conversation already known"]), 1)
        self.assertFalse([line for line in lines if "nobody" in line or "ana" in re.sub(r'"trace_id":"\w+"', "", line)])


class RawAnswers(unittest.TestCase):
    """What is refused before there is any JSON, on the real program."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mcp-backend-health-")
        self.addCleanup(folder.cleanup)
        self.server = Started(self, Program(BINARY, folder.name), HEADER_TIMEOUT="1", MAX_BODY_BYTES=str(1 << 20))
        end = time.monotonic() + PATIENCE
        while self.server.probes() != (200, 200, 200, "healthy") and time.monotonic() < end:
            time.sleep(0.02)

    def ask(self, method, path, body=None, content_type="application/json"):
        sent = {"Content-Type": content_type} if content_type else {}
        status, headers, text = self.server.ask(method, path, body, sent)
        self.assertEqual(headers.get("Content-Type"), "application/problem+json", (path, body, text))
        problem = json.loads(text)
        self.assertEqual(problem["status"], status)
        return status, [error["pointer"] for error in problem.get("errors", [])], headers

    def test_bad_input_names_the_field_and_stores_nothing(self):
        message = '{"content":"x"}'
        for body, status, pointer in (
            (b'{"messages":[', 400, None),
            (b"[]", 400, None),
            (b'{"messages":{}}', 400, "/messages"),
            (b'{"messages":[]}', 400, "/messages"),
            (b'{"messages":[{"content":5}]}', 400, "/messages/0/content"),
            (b'{"messages":[{"content":" "}]}', 400, "/messages"),
            (b'{"messages":[{"content":"x","text":"y"}]}', 400, "/messages/0/text"),
            (b'{"messages":[{"content":"x","timestmp":1}]}', 400, "/messages/0/timestmp"),
            (b'{"messages":[{"content":"x"}],"scenario_titel":"a"}', 400, "/scenario_titel"),
            (b'{"messages":[{"content":"x","timestamp":"yesterday"}]}', 400, "/messages/0/timestamp"),
            (b'{"messages":[{"content":"x","author_type":"' + b"r" * 65 + b'"}]}', 400, "/messages/0/author_type"),
            (b'{"messages":[{"content":"\xff"}]}', 400, None),
            (b'{"messages":[{"content":"a\\u0000b"}]}', 400, "/messages/0/content"),
            (b'{"messages":[{"content":"\\ud800"}]}', 400, None),
            (b'{"messages":[{"content":"x"}],"messages":[{"content":"x"}]}', 400, "/messages"),
            (b'{"messages":[{"content":"x"}],"metadata":{"a":1,"a":2}}', 400, "/metadata/a"),
            (b'{"messages":[{"content":"x"}],"metadata":{"a":1e400}}', 400, None),
            (b"[" * 100_000, 400, None),
            (b'{"messages":[{"content":"x"}],"metadata":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001, 400, None),
            (b'{"messages":[{"content":"' + b"x" * (1 << 20) + b'"}]}', 413, None),
        ):
            with self.subTest(body=body[:60]):
                seen, pointers, _ = self.ask("POST", "/ingest", body)
                self.assertEqual(seen, status)
                if pointer:
                    self.assertIn(pointer, pointers)
        for path, pointer in (("/search?q=", "/q"), ("/search", "/q"), ("/search?q=x&top_k=0", "/top_k"),
                              ("/search?q=x&top_k=101", "/top_k"), ("/search?q=x&colour=red", "/colour"),
                              ("/search?q=x&date_from=soon", "/date_from"), ("/search?q=x&cursor=abc", "/cursor"),
                              ("/search?q=%ff", "/q"), ("/search?q=a%00b", "/q"), ("/conversations?limit=0", "/limit")):
            with self.subTest(path=path):
                status, pointers, _ = self.ask("GET", path)
                self.assertEqual(status, 400)
                self.assertTrue(any(pointer.strip("/") in seen for seen in pointers), pointers)
        self.assertEqual(self.ask("POST", "/ingest", message, "text/plain")[0], 415)
        self.assertEqual(self.ask("POST", "/ingest", message, None)[0], 415)
        self.assertEqual(self.ask("GET", "/nowhere")[0], 404)
        status, _, headers = self.ask("PUT", "/search")
        self.assertEqual((status, set(headers["Allow"].split(", "))), (405, {"GET", "HEAD", "POST"}))
        self.assertEqual(self.ask("GET", "/conversations/12345")[0], 404)
        self.assertEqual(self.server.client.call("GET", "/conversations")[2], [])

    def test_slow_headers(self):
        answers = []

        def slow():
            with socket.create_connection(("127.0.0.1", self.server.port), PATIENCE) as connection:
                connection.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\nX-A: ")
                answers.append(connection.recv(4096))

        threads = [threading.Thread(target=slow) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual([answer.split(b" ", 2)[1] for answer in answers], [b"408"] * 8)


if __name__ == "__main__":
    unittest.main(verbosity=2)
