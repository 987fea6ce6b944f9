#!/usr/bin/env python3
"""The page /docs in a real Chromium: groups, search, deep links, requests that are sent, and one that asks first.
Skipped, with a line that says so, where there is no Chromium.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/http/test_docs_page.py
    SCREENSHOTS=folder: also keeps pictures, to look at
"""

import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "fault")]

from chromium import BROWSER, Chromium  # noqa: E402
from harness.backend import Client, Program, Server  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
SCREENSHOTS = os.environ.get("SCREENSHOTS")
SKIPPED = 77
WIDE, NARROW = 1300, 420


class DocsPage(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="mcp-backend-docs-", ignore_cleanup_errors=True)
        cls.program = Program(BINARY, cls.folder.name)
        cls.server = Server(cls.program)
        cls.server.wait_until_ready()
        cls.client = Client(cls.server.port)
        cls.browser = Chromium(cls.folder.name + "/browser")

    @classmethod
    def tearDownClass(cls):
        cls.browser.close()
        cls.client.close()
        cls.server.kill()
        cls.folder.cleanup()

    def setUp(self):
        self.browser.size(WIDE)
        self.browser.events.clear()
        self.open()

    def open(self, link=""):
        self.browser.open(f"http://127.0.0.1:{self.server.port}/docs{link}")
        self.browser.wait_for("document.querySelectorAll('details.shape').length > 0")

    def tearDown(self):
        self.assertEqual(self.browser.complaints(), [])

    def fill(self, operation, place, value):
        self.browser.run(f"""(() => {{ const input = document.querySelectorAll('#{operation} label input')[{place}];
            input.value = {value!r}; input.dispatchEvent(new Event('input', {{bubbles: true}})); }})()""")

    def press(self, operation, text="Send"):
        self.browser.run(f"""[...document.querySelectorAll('#{operation} button')].find(b => b.textContent === {text!r}).click()""")

    def answer(self, operation):
        output = f"document.querySelector('#{operation} pre[aria-live]').textContent"
        self.browser.wait_for(f"/ms\\n/.test({output}) || {output}.startsWith('The server')")
        return self.browser.run(output)

    def test_everything_stands_in_a_group(self):
        groups = self.browser.run("[...document.querySelectorAll('section h2')].map(h => h.textContent)")
        self.assertEqual(groups, ["conversations", "search", "assistants", "operations", "shapes"])
        routes = self.browser.run("document.querySelectorAll('details.operation').length")
        described = self.client.call("GET", "/openapi.json")[2]["paths"]
        self.assertEqual(routes, sum(len(operations) for operations in described.values()))
        empty = self.browser.run("[...document.querySelectorAll('details.shape')].filter(d => !d.querySelector('table')).map(d => d.id)")
        self.assertEqual(empty, [])

    def test_words_find_routes_and_fields(self):
        self.browser.run("(() => { const find = document.getElementById('find'); find.value = 'if_exists batch'; find.dispatchEvent(new Event('input')); })()")
        shown = self.browser.run("[...document.querySelectorAll('details.operation')].filter(d => !d.hidden).map(d => d.id)")
        self.assertEqual(shown, ["ingestBatch"])
        self.browser.run("(() => { const find = document.getElementById('find'); find.value = 'zzz'; find.dispatchEvent(new Event('input')); })()")
        self.assertFalse(self.browser.run("document.getElementById('nothing').hidden"))

    def test_a_link_opens_what_it_names(self):
        self.open("#appendMessages")
        self.assertTrue(self.browser.run("document.getElementById('appendMessages').open"))
        self.browser.run("document.querySelector('#ingest').open = true")
        self.browser.wait_for("location.hash === '#ingest'")

    def test_a_request_is_shown_and_sent(self):
        self.fill("listConversations", 1, "7")
        line = self.browser.run("document.querySelector('#listConversations pre.curl').textContent")
        self.assertIn("/conversations?limit=7'", line)
        self.press("listConversations")
        self.assertIn("200 OK", self.answer("listConversations"))
        self.press("ingest")
        self.assertIn("201 Created", self.answer("ingest"))
        self.press("ingestBatch")
        self.assertIn('"line":2', self.answer("ingestBatch").replace(" ", ""))
        self.press("mcp")
        self.assertIn("mcp-backend", self.answer("mcp"))

    def test_an_empty_id_is_not_sent(self):
        for operation in ("getConversation", "listMessages", "appendMessages", "deleteConversation", "updateConversation"):
            disabled = f"[...document.querySelectorAll('#{operation} button')].find(b => b.textContent === 'Send').disabled"
            self.assertTrue(self.browser.run(disabled), operation)
            self.fill(operation, 0, "1")
            self.assertFalse(self.browser.run(disabled), operation)

    def test_a_delete_asks(self):
        stored = self.client.call("POST", "/ingest", {"messages": [{"content": "to be deleted"}]})[2]["conversation_id"]
        self.fill("deleteConversation", 0, stored)
        self.press("deleteConversation")
        self.press("deleteConversation", "Keep it")
        self.assertEqual(self.client.call("GET", f"/conversations/{stored}")[0], 200)
        self.press("deleteConversation")
        self.press("deleteConversation", "Delete it")
        self.assertIn("200 OK", self.answer("deleteConversation"))
        self.assertEqual(self.client.call("GET", f"/conversations/{stored}")[0], 404)

    def test_nothing_stands_out_of_the_page(self):
        for width in (WIDE, NARROW):
            self.browser.size(width)
            self.browser.run("document.querySelectorAll('details').forEach(d => { d.open = true; })")
            self.assertLessEqual(self.browser.run("document.documentElement.scrollWidth"), width)

    @unittest.skipUnless(SCREENSHOTS, "only where somebody wants to look")
    def test_pictures(self):
        for scheme in ("light", "dark"):
            self.browser.scheme(scheme)
            for width in (WIDE, NARROW):
                self.browser.size(width, 1400)
                for link in ("", "#searchByBody", "#deleteConversation", "#Message"):
                    self.open(link)
                    if link == "#deleteConversation":
                        self.fill("deleteConversation", 0, "12")
                        self.press("deleteConversation")
                    self.browser.screenshot(f"{SCREENSHOTS}/{scheme}-{width}{link or '-top'}.png".replace("#", "-"))


if __name__ == "__main__":
    if BROWSER is None:
        print("skipped: there is no Chromium (apt-get install chromium)")
        sys.exit(SKIPPED)
    unittest.main(verbosity=1)
