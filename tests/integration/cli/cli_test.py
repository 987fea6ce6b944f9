"""The command line of the real program, alone and beside a server:
cli_test.py MCP_BACKEND MODEL_FOLDER"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

SKIPPED = 77
PROGRAM, MODEL = "", ""

CHATS = [
    {"scenario_title": "ops", "original_title": "Backups", "external_id": "ops/1", "messages": [
        {"external_id": "m0", "author_name": "Ana", "author_type": "user",
         "content": "Where do the nightly backups go since the move?", "timestamp": "2025-03-01T10:00:00Z"},
        {"external_id": "m1", "author_name": "Bo", "author_type": "assistant",
         "content": "They go to the new bucket in Frankfurt.\n\n  Indented, and a tab:\t.",
         "timestamp": "2025-03-01T10:01:00Z"}]},
    {"scenario_title": "food", "messages": [
        {"external_id": "m0", "author_name": "Ana", "author_type": "user", "content": "Lunch at noon?"}]},
]


class Base(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="cli_test.")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "EMBEDDING_MODEL_PATH": MODEL,
            "DATA_DIR": os.path.join(self.folder, "data"), "DRAIN_DELAY": "0",
            "MCPB_PLAIN_NAMES": "true", "TZ": "UTC",
        }

    def run_program(self, *arguments, **more):
        environment = dict(self.environment, **more)
        return subprocess.run([PROGRAM, *arguments], env=environment, capture_output=True,
                              encoding="utf-8", stdin=subprocess.DEVNULL, timeout=60, check=False)

    def done(self, *arguments, **more):
        """Runs a command that must succeed; its output."""
        result = self.run_program(*arguments, **more)
        self.assertEqual((result.returncode, result.stderr), (0, ""), (arguments, result))
        return result.stdout

    def json_of(self, *arguments):
        return json.loads(self.done(*arguments, "--json"))

    def file(self, name, lines):
        path = os.path.join(self.folder, name)
        with open(path, "w", encoding="utf-8") as file:
            file.writelines(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines)
        return path


class Alone(Base):
    def test_stores_once_finds_shows_and_deletes(self):
        path = self.file("chats.jsonl", CHATS)
        self.assertEqual(self.json_of("ingest", path), {
            "conversations": 2, "messages": 3, "chunks": 3, "duplicates": 0, "failed": 0})
        self.assertEqual(self.json_of("ingest", path), {
            "conversations": 0, "messages": 0, "chunks": 0, "duplicates": 2, "failed": 0})

        found = self.json_of("search", "where", "are", "backups", "--top-k", "1", "--author-name", "Bo")
        self.assertEqual(found["total_results"], 1)
        row = found["results"][0]
        hits = [message["author"] for message in row["messages"] if message.get("hit")]
        self.assertEqual((hits, row["title"]), (["Bo"], "Backups"))
        rows = self.json_of("search", "where", "are", "backups", "--shape", "rows", "--author-name", "Bo")
        self.assertEqual(rows["results"][0]["author_name"], "Bo")

        page = self.json_of("show", row["conversation_id"], "--from", "1", "--to", "1")
        self.assertEqual(page["messages"][0]["content"], CHATS[0]["messages"][1]["content"])
        self.assertIn("[0] Ana (2025-03-01 10:00 UTC)\n    Where do", self.done("show", row["conversation_id"]))

        self.assertEqual(len(self.json_of("list")), 2)
        self.assertEqual([c["scenario_title"] for c in self.json_of("list", "--scenario-title", "food")], ["food"])
        self.assertTrue(self.json_of("verify")["whole"])
        deleted = self.run_program("delete", row["conversation_id"], "--json")
        self.assertEqual(json.loads(deleted.stdout)["conversation_id"], row["conversation_id"])
        self.assertIn("from the store in " + self.environment["DATA_DIR"], deleted.stderr)
        gone = self.run_program("show", row["conversation_id"])
        self.assertEqual((gone.returncode, gone.stdout), (1, ""))
        self.assertIn("mcp-backend: ", gone.stderr)

    def test_a_bad_line_spoils_no_other(self):
        path = self.file("chats.jsonl", [CHATS[0], '{"messages":[]}\n', "no json\n", CHATS[1]])
        result = self.run_program("ingest", path, "--json")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(json.loads(result.stdout)["conversations"], 2)
        self.assertEqual(json.loads(result.stdout)["failed"], 2)
        self.assertRegex(result.stderr, r"chats\.jsonl:2: .*messages")
        self.assertRegex(result.stderr, r"chats\.jsonl:3: ")

    def test_reads_json_documents(self):
        one = self.file("one.json", [json.dumps(CHATS[0], indent=2)])
        many = self.file("many.json", [json.dumps(CHATS, indent=2)])
        self.assertEqual(self.json_of("ingest", one)["conversations"], 1)
        self.assertEqual(self.json_of("ingest", many), {
            "conversations": 1, "messages": 1, "chunks": 1, "duplicates": 1, "failed": 0})

    def test_measures_retrieval(self):
        self.done("ingest", self.file("chats.jsonl", CHATS))
        questions = self.file("questions.jsonl", [
            {"sample": "ops", "question": "Which bucket holds the backups?", "evidence": ["m1"]},
            {"sample": "food", "question": "When is lunch?", "evidence": ["m0"]},
            {"sample": "food", "question": "What is not there?", "evidence": ["m7"]}])
        measured = self.json_of("eval", questions)
        self.assertEqual(measured["questions"], 3)
        for scope in ("scoped", "global"):
            self.assertEqual(set(measured[scope]), {"any@5", "any@10", "any@20", "all@10", "any@300tok", "any@1000tok"})
            self.assertEqual(measured[scope]["any@10"], 66.7)

    def test_exit_codes_and_streams(self):
        for arguments, code in (
            (["nonsense"], 2), (["search"], 2), (["search", " "], 2), (["search", "x", "--top-k", "0"], 2),
            (["search", "x", "--date-from", "yesterday"], 2), (["ingest", "missing.jsonl"], 1),
            (["show", "999"], 1), (["delete", "999"], 1), (["eval", "missing.jsonl"], 1), (["backup"], 2),
            (["healthcheck", "--port", "1"], 1), (["config", "check", "--env-file", "missing.env"], 1),
        ):
            result = self.run_program(*arguments)
            self.assertEqual(result.returncode, code, (arguments, result))
            self.assertNotEqual(result.stderr, "", arguments)
            if arguments[0] != "ingest":  # Its totals are a result, also where a file is missing.
                self.assertEqual(result.stdout, "", arguments)

    def test_what_is_not_built_is_refused_before_anything_is_made(self):
        for command in ("serve", "mcp", "list"):
            result = self.run_program(command, REDIS_URL="redis://:secret@cache", AUTH_MODE="api_key")
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn("REDIS_URL", result.stderr)
            self.assertIn("AUTH_MODE", result.stderr)
            self.assertNotIn("secret", result.stderr)
        self.assertFalse(os.path.exists(self.environment["DATA_DIR"]))

    def test_migrates_and_shows_its_configuration(self):
        self.assertRegex(self.done("migrate"), r"^schema version 0 -> [1-9]\d*\n$")
        self.assertRegex(self.done("migrate"), r"^schema version ([1-9]\d*) -> \1\n$")
        self.assertRegex(self.done("config", "show", "--port", "9"), r"(?m)^PORT=9 +# --port$")

    def test_the_script_for_operators_says_what_the_program_says(self):
        script = os.path.join(os.path.dirname(__file__), "../../../scripts/validate_config.py")
        for line in ("HOST=0.0.0.0\n", "PROT=1\n", "PORT=1\n"):
            file = self.file(".env", [line])
            told = self.run_program("config", "check", "--env-file", file)
            passed_on = subprocess.run(
                [sys.executable, script, "--env-file", file], capture_output=True, encoding="utf-8",
                env=dict(self.environment, MCP_BACKEND_BINARY=PROGRAM, PORT="nonsense"), check=False)
            self.assertEqual((passed_on.returncode, passed_on.stdout, passed_on.stderr),
                             (told.returncode, told.stdout, told.stderr))


class Server:
    """`serve` on a free port; its log lines are collected as they come."""

    def __init__(self, environment, log_file=None):
        environment = dict(environment, PORT="0")
        if log_file:
            environment["LOG_FILE"] = log_file
        self.log_file = log_file
        self.lines = []
        self.process = subprocess.Popen([PROGRAM, "serve"], env=environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stdout))
        self.reader.start()
        self.port = self.await_value(self.find_port)
        self.await_value(self.is_ready)

    def await_value(self, look, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = look()
            if value:
                return value
            if self.process.poll() is not None:
                raise AssertionError("serve ended: " + self.process.stderr.read())
            time.sleep(0.02)
        raise AssertionError("what was awaited did not come")

    def find_port(self):
        lines = list(self.lines)
        if self.log_file and os.path.exists(self.log_file):
            with open(self.log_file, encoding="utf-8") as file:
                lines = file.read().splitlines()
        for line in lines:
            found = re.search(r'"message":"Server started".*"port":(\d+)', line)
            if found:
                return int(found.group(1))
        return None

    def is_ready(self):
        try:
            return self.get("/readyz")[0] == 200
        except OSError:
            return False

    def get(self, path, **headers):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers=headers)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read().decode()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(30)
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code


class BesideAServer(Base):
    def serve(self, **more):
        server = Server(self.environment, **more)
        self.addCleanup(server.stop)
        return server

    def test_commands_go_through_the_server(self):
        server = self.serve()
        self.assertEqual(self.json_of("ingest", self.file("chats.jsonl", CHATS))["conversations"], 2)
        self.assertEqual(len(json.loads(server.get("/conversations")[1])), 2)
        self.assertEqual(self.json_of("search", "backups")["results"][0]["title"], "Backups")
        self.assertTrue(self.json_of("verify")["whole"])
        self.assertEqual(self.done("healthcheck", "--port", str(server.port)), "")
        self.assertEqual(self.run_program("migrate").returncode, 75)
        second = self.run_program("serve", "--port", "0")
        self.assertEqual(second.returncode, 75)
        self.assertIn(str(server.process.pid), second.stderr)
        self.assertEqual(server.stop(), 0)
        self.assertEqual(self.run_program("healthcheck", "--port", str(server.port)).returncode, 1)
        self.assertEqual(len(self.json_of("list")), 2)

    def test_logs_are_what_the_operations_guide_queries(self):
        server = self.serve()
        self.done("ingest", self.file("chats.jsonl", CHATS[:1]))
        self.done("search", "secret backups")
        server.stop()
        objects = [json.loads(line) for line in server.lines]
        for line, item in zip(server.lines, objects):
            self.assertEqual(list(item)[:4], ["timestamp", "level", "logger", "message"])
            self.assertEqual(line, json.dumps(item, separators=(",", ":"), ensure_ascii=False) + "\n")
            self.assertRegex(item["timestamp"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertIn(item["level"], ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
        stored = [item for item in objects if item["message"] == "Conversation ingested successfully"]
        self.assertEqual(len(stored), 1)
        self.assertEqual(stored[0]["logger"], "app.application.ingest_conversation")
        self.assertEqual(list(stored[0])[4:], ["conversation_id", "chunk_count", "duration_ms", "trace_id"])
        self.assertIsInstance(stored[0]["conversation_id"], str)
        text = "".join(server.lines)
        for private in ("Frankfurt", "Backups", "Ana", "secret"):
            self.assertNotIn(private, text)

    def test_sighup_reopens_the_log_file(self):
        log = os.path.join(self.folder, "server.log")
        server = self.serve(log_file=log)
        os.rename(log, log + ".1")
        server.process.send_signal(signal.SIGHUP)
        server.await_value(lambda: os.path.exists(log))
        self.done("ingest", self.file("chats.jsonl", CHATS[:1]))
        self.assertEqual(server.stop(), 0)
        with open(log, encoding="utf-8") as file:
            self.assertIn("Conversation ingested successfully", file.read())
        with open(log + ".1", encoding="utf-8") as file:
            self.assertNotIn("ingested", file.read())
        self.assertEqual(server.lines, [])

    def test_metrics_count_what_happened(self):
        server = self.serve()
        self.done("ingest", self.file("chats.jsonl", CHATS))
        server.get("/search?q=backups")
        scrape = server.get("/metrics")[1]
        for line in ('ingest_conversations_total{status="success"} 2',
                     'search_requests_total{mode="hybrid",status="success"} 1',
                     'http_requests_total{method="GET",route="/search",status="200"} 1',
                     'http_requests_total{method="GET",route="/search",status="500"} 0'):
            self.assertIn(line + "\n", scrape)
        self.assertRegex(scrape, r"(?m)^database_connections_active [1-9]")
        self.assertRegex(scrape, r"(?m)^database_connections_total [1-9]")
        self.assertTrue(server.get("/metrics", Accept="application/openmetrics-text")[1].endswith("# EOF\n"))
        if shutil.which("promtool"):
            said = subprocess.run(["promtool", "check", "metrics"], input=scrape, capture_output=True,
                                  encoding="utf-8", check=False)
            remarks = (said.stdout + said.stderr).strip().splitlines()
            self.assertEqual([line.split()[0] for line in remarks], ["database_connections_total"])


if __name__ == "__main__":
    PROGRAM, MODEL = sys.argv[1:3]
    if not os.path.exists(os.path.join(MODEL, "config.json")):
        print("the model is not there: skipped")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=2)
