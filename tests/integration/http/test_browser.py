"""A real Chromium opens pages of other origins and calls the server from them: whoever is allowed
can call every kind of route and read every answer, errors too; anybody else can neither read nor
write. Skipped, with a line that says so, where there is no Chromium."""

import http.client
import http.server
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "fault"))

from harness.backend import Program, Server  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
               None)
PATIENCE = 60
SKIPPED = 77

# What the page does: each call by its name, with what a script of it gets to see.
PAGE = """<!doctype html><script>
const api = "API";
const seen = {};
async function call(name, path, options = {}) {
  try {
    const answer = await fetch(api + path, options);
    const text = await answer.text();
    seen[name] = {status: answer.status, text, link: answer.headers.get("Link"),
                  session: answer.headers.get("Mcp-Session-Id"),
                  replayed: answer.headers.get("Idempotency-Replayed")};
  } catch (error) {
    seen[name] = {blocked: String(error)};
  }
  return seen[name];
}
const json = {"Content-Type": "application/json"};
const rpc = (id, method, params) => JSON.stringify({jsonrpc: "2.0", id, method, params});
(async () => {
  const body = JSON.stringify({messages: [{role: "user", content: "written by a page"}]});
  const keyed = {method: "POST", headers: {...json, "Idempotency-Key": "page-1"}, body};
  const stored = await call("post", "/ingest", keyed);
  await call("repeated", "/ingest", keyed);
  await call("search", "/search?q=" + encodeURIComponent("page é"));
  await call("batch", "/ingest/batch", {method: "POST", body: body + "\\n",
                                        headers: {"Content-Type": "application/x-ndjson"}});
  await call("list", "/conversations?limit=1");
  await call("traced", "/conversations", {headers: {
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}});
  await call("probe", "/health");
  await call("invalid", "/search?top_k=0");
  await call("unknown", "/nowhere");
  await call("too_long", "/search?q=" + "a".repeat(9000));
  const opened = await call("initialize", "/mcp", {method: "POST",
      headers: {...json, Accept: "application/json, text/event-stream"},
      body: rpc(1, "initialize", {protocolVersion: "2025-06-18", capabilities: {},
                                  clientInfo: {name: "page", version: "1"}})});
  await call("tools", "/mcp", {method: "POST",
      headers: {...json, Accept: "application/json, text/event-stream",
                "Mcp-Session-Id": opened.session || "", "Mcp-Protocol-Version": "2025-06-18"},
      body: rpc(2, "tools/list", {})});
  const id = stored.text ? JSON.parse(stored.text).conversation_id : 1;
  await call("delete", "/conversations/" + id, {method: "DELETE"});
  await fetch("/seen", {method: "POST", body: JSON.stringify(seen)});
})();
</script>"""


class Page:
    """A web server with that one page, which tells it what it has seen."""

    def __init__(self):
        page = self
        self.api = ""
        self.seen = queue.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(PAGE.replace("API", page.api).encode())

            def do_POST(self):
                size = int(self.headers["Content-Length"])
                page.seen.put(json.loads(self.rfile.read(size)))
                self.answer(b"")

            def answer(self, body):
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class FromAnotherOrigin(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory(prefix="mcp-backend-browser-")
        self.addCleanup(self.folder.cleanup)
        self.page = Page()
        self.addCleanup(self.page.close)
        program = Program(BINARY, self.folder.name)
        allowed = f"http://app.example:{self.page.port}"
        self.server = Server(program, ALLOWED_ORIGINS=allowed)
        self.addCleanup(self.server.stop)
        self.server.wait_until_ready()
        self.page.api = f"http://127.0.0.1:{self.server.port}"

    def seen_by_a_page_of(self, name):
        """Names of hosts are the browser's alone: all of them are this machine."""
        profile = pathlib.Path(self.folder.name) / f"profile-{name}"
        with open(os.devnull, "wb") as nothing:
            browser = subprocess.Popen(
                [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                 "--disable-background-networking", "--remote-debugging-port=0",
                 f"--user-data-dir={profile}", "--host-resolver-rules=MAP * 127.0.0.1",
                 f"http://{name}:{self.page.port}/"],
                stdout=nothing, stderr=nothing)
        try:
            return self.page.seen.get(timeout=PATIENCE)
        finally:
            browser.terminate()
            browser.wait()

    def stored(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        connection.request("GET", "/conversations")
        listed = json.loads(connection.getresponse().read())
        connection.close()
        return len(listed)

    def test_an_allowed_page_calls_and_reads_everything(self):
        seen = self.seen_by_a_page_of("app.example")

        statuses = {name: answer.get("status", answer.get("blocked"))
                    for name, answer in seen.items()}
        self.assertEqual(statuses, {
            "post": 201, "repeated": 201, "search": 200, "batch": 200, "list": 200, "traced": 200,
            "probe": 200, "invalid": 400, "unknown": 404, "too_long": 414, "initialize": 200,
            "tools": 200, "delete": 200})
        self.assertEqual(seen["repeated"]["replayed"], "true")
        self.assertIn("trace_id", seen["invalid"]["text"])
        self.assertTrue(seen["initialize"]["session"])
        self.assertIn("search_conversations", seen["tools"]["text"])

    def test_a_page_of_this_machine_is_allowed(self):
        seen = self.seen_by_a_page_of("localhost")

        self.assertEqual(seen["post"].get("status"), 201)
        self.assertEqual(seen["delete"].get("status"), 200)

    def test_a_foreign_page_reads_and_writes_nothing(self):
        seen = self.seen_by_a_page_of("evil.example")

        for name, answer in seen.items():
            self.assertIn("blocked", answer, name)
        self.assertEqual(self.stored(), 0)


if __name__ == "__main__":
    if BROWSER is None:
        print("skipped: there is no Chromium here")
        sys.exit(SKIPPED)
    unittest.main(verbosity=2, warnings="ignore")
