#!/usr/bin/env python3
"""A thread that grows is imported again and again, by several callers at once, while the server is killed: it is
one conversation, and each message is there once. Needs Python 3.9, nothing else.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/server/test_known_conversations.py
    IMPORTS=50: how often the thread has grown (default 12)
"""

import os
import pathlib
import random
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "fault"))

from harness.backend import Client, Program, Server  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
IMPORTS = int(os.environ.get("IMPORTS", "12"))
CALLERS = 4
TIMES = 2  # That each caller sends the same state.
SEED = 20_261


class KnownConversations(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mcp-backend-known-")
        self.addCleanup(folder.cleanup)
        self.program = Program(BINARY, folder.name)
        self.server = None
        self.start()

    def start(self):
        self.server = Server(self.program)
        self.server.wait_until_ready()

    def tearDown(self):
        self.server.kill()

    def send(self, thread, statuses):
        client = Client(self.server.port)
        try:
            for _ in range(TIMES):
                statuses.append(client.call("POST", "/ingest", thread)[0])
        except OSError:  # The server was killed: the state is sent again with the next one.
            statuses.append(None)
        finally:
            client.close()

    def import_by_all(self, thread, kill):
        statuses = []
        callers = [threading.Thread(target=self.send, args=(thread, statuses)) for _ in range(CALLERS)]
        for caller in callers:
            caller.start()
        if kill:
            self.server.kill()
        for caller in callers:
            caller.join()
        if kill:
            self.start()
        return statuses

    def test_a_thread_that_grows_is_one_conversation_with_each_message_once(self):
        chosen = random.Random(SEED)
        thread = {"external_id": "thread", "scenario_title": "first", "messages": []}
        for number in range(IMPORTS):
            for _ in range(chosen.randint(1, 20)):
                content = f"message {len(thread['messages'])} says {chosen.getrandbits(32):x}"
                thread["messages"].append({"author_name": chosen.choice(["ana", "ben"]), "content": content})
            thread["scenario_title"] = f"state {number}"
            statuses = self.import_by_all(thread, kill=number % 5 == 4)
            self.assertLessEqual(set(statuses), {200, 201, None}, statuses)

        self.assertEqual(set(self.import_by_all(thread, kill=False)), {200})
        client = Client(self.server.port)
        self.addCleanup(client.close)
        rows = client.call("GET", "/conversations")[2]
        self.assertEqual([row["external_id"] for row in rows], ["thread"])
        self.assertEqual(rows[0]["scenario_title"], thread["scenario_title"])
        page = client.call("GET", f"/conversations/{rows[0]['id']}/messages?from=0&to=9999")[2]
        self.assertEqual([message["content"] for message in page["messages"]],
                         [message["content"] for message in thread["messages"]])
        last = thread["messages"][-1]["content"]
        found = client.search(q=last, top_k=1)[2]["results"][0]
        self.assertIn(last, found["text"])
        self.server.stop()
        code, output = self.program.run("verify")
        self.assertEqual(code, 0, output)


if __name__ == "__main__":
    unittest.main(verbosity=2)
