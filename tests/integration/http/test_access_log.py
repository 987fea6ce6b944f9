"""The log of a running server as an operator reads it: one access line a request, one line a tool
call, none of what was asked; and the three queries of the operations guide, run by jq itself."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "fault"))

from harness.backend import Client, Program, Server  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
SECRET = "halibut"
SLOW_SECONDS = 5.2
INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
    "protocolVersion": "2025-11-25", "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"}}}


def tool_call(identifier, tool, arguments):
    return {"jsonrpc": "2.0", "id": identifier, "method": "tools/call",
            "params": {"name": tool, "arguments": arguments}}


class TheLog(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mcp-backend-log-")
        self.addCleanup(folder.cleanup)
        self.program = Program(BINARY, folder.name)

    def serve(self):
        server = Server(self.program, LOG_LEVEL="INFO")
        self.addCleanup(server.stop)
        server.wait_until_ready()
        return server

    def client(self, server):
        client = Client(server.port)
        self.addCleanup(client.close)
        return client

    def log(self):
        return self.program.folder / "serve.log"

    def lines(self, logger):
        read = map(json.loads, self.log().read_text().splitlines())
        return [line for line in read if line["logger"] == logger]

    def query(self, command):
        """As the guide writes it, on a file named logs.json."""
        logs = self.program.folder / "logs.json"
        shutil.copy(self.log(), logs)
        done = subprocess.run(["bash", "-c", command], cwd=self.program.folder, check=False,
                              capture_output=True, text=True)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def send_slowly(self, server):
        body = json.dumps({"messages": [{"content": SECRET}]}).encode()
        with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
            connection.sendall(b"POST /ingest HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                               b"Content-Type: application/json\r\n"
                               b"Content-Length: %d\r\n\r\n" % len(body))
            time.sleep(SLOW_SECONDS)
            connection.sendall(body)
            while connection.recv(4096):
                pass

    def test_has_one_line_a_request_and_none_of_what_was_asked(self):
        server = self.serve()
        client = self.client(server)
        stored = {"messages": [{"author_name": SECRET, "content": f"a {SECRET} swims"}]}

        client.call("POST", "/ingest", stored)
        client.call("GET", f"/search?q={SECRET}")
        problem = client.call("GET", f"/conversations/{SECRET}")[2]
        client.call("GET", f"/{SECRET}")
        client.call("GET", "/conversations", headers={"Origin": f"http://{SECRET}.example"})
        client.call("GET", "/livez")
        client.call("GET", "/metrics")
        _, headers, _ = client.call("POST", "/mcp", INITIALIZE)
        session = {"Mcp-Session-Id": headers["Mcp-Session-Id"]}
        client.call("POST", "/mcp", tool_call(2, "search_conversations", {"q": SECRET}), session)

        lines = self.lines("app.http.access")
        told = [(line["method"], line["route"], line["status"]) for line in lines]
        self.assertEqual(told, [
            ("POST", "/ingest", 201), ("GET", "/search", 200), ("GET", "/conversations/{id}", 400),
            ("GET", "{unknown}", 404), ("GET", "/conversations", 403), ("POST", "/mcp", 200),
            ("POST", "/mcp", 200)])
        for line in lines:
            self.assertEqual((line["level"], line["message"]), ("INFO", "Request completed"))
            self.assertGreater(line["duration_ms"], 0)
        self.assertEqual(lines[2]["trace_id"], problem["trace_id"])
        self.assertEqual(lines[0]["bytes_in"], len(json.dumps(stored)))

        calls = self.lines("app.mcp.call")
        self.assertEqual([(call["tool"], call["status"]) for call in calls],
                         [("search_conversations", "success")])
        self.assertEqual(calls[0]["trace_id"], lines[-1]["trace_id"])
        self.assertNotIn(SECRET, self.log().read_text())

    def test_tells_of_tool_calls_over_stdio_and_keeps_quiet_beside_commands(self):
        log = self.program.folder / "mcp.log"
        messages = [INITIALIZE, {"jsonrpc": "2.0", "method": "notifications/initialized"},
                    tool_call(2, "health_check", {}), tool_call(3, "fetch", {"id": "77"})]
        environment = self.program.environment(LOG_LEVEL="INFO", LOG_FILE=str(log))
        session = self.program.start("mcp", environment=environment, stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE)
        session.communicate("".join(json.dumps(each) + "\n" for each in messages).encode(), 60)

        lines = list(map(json.loads, log.read_text().splitlines()))
        calls = {(line["tool"], line["status"]) for line in lines
                 if line["logger"] == "app.mcp.call"}
        self.assertEqual(calls, {("health_check", "success"), ("fetch", "error")})
        self.assertNotIn("app.http.access", {line["logger"] for line in lines})

        environment = self.program.environment()
        del environment["LOG_LEVEL"]
        done = subprocess.run([self.program.binary, "search", SECRET], env=environment,
                              capture_output=True, text=True, check=False)
        self.assertNotIn("app.", done.stderr)

    @unittest.skipUnless(shutil.which("jq"), "there is no jq here")
    def test_answers_the_queries_of_the_guide(self):
        server = self.serve()
        self.client(server).call("GET", "/conversations")
        self.send_slowly(server)

        slow = self.query("jq -c 'select(.duration_ms > 5000)' logs.json").splitlines()
        self.assertEqual(len(slow), 1)
        self.assertEqual(json.loads(slow[0])["route"], "/ingest")
        self.assertEqual(json.loads(slow[0])["status"], 201)
        errors = self.query("""grep '"level":"ERROR"' logs.json | jq -r '.message'""")
        self.assertEqual(errors, "")
        failed = self.query("""jq 'select(.message | contains("EmbeddingError"))' logs.json""")
        self.assertEqual(failed, "")
        # The control: the same query finds what is there.
        found = self.query("""jq -c 'select(.message | contains("Request completed"))' logs.json""")
        self.assertEqual(len(found.splitlines()), 2)


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
