#!/usr/bin/env python3
"""Some four hundred wrong inputs: each is refused, at the place that is wrong, with what to do; nothing of it is
stored. Needs Python 3.9, nothing else.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/doors/test_wrong_inputs.py
"""

import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "fault")]

from doors import DOORS, Client, File, Http, Stdio, of_tool  # noqa: E402
from harness.backend import Program, Server  # noqa: E402
from wrong_inputs import CONVERSATIONS, NO_JSON, REQUESTS, ROOM, TOOLS  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
LIMITS = {"MAX_MESSAGE_BYTES": "2000", "MAX_MESSAGES": "20"}
LEAST = 200
WRITING_MCP = (Stdio, Http)


class WrongInputs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="mcp-backend-wrong-")
        cls.program = Program(BINARY, cls.folder.name)
        cls.server = Server(cls.program, **LIMITS)
        cls.server.wait_until_ready()
        cls.client = Client(cls.server.port)
        cls.client.call("POST", "/ingest", {"messages": [{"content": "the only one"}]})
        cls.doors = {door: door(cls.program, cls.server) for door in DOORS}
        cls.tried = 0

    @classmethod
    def tearDownClass(cls):
        for door in cls.doors.values():
            door.close()
        cls.client.close()
        cls.server.kill()
        cls.folder.cleanup()

    def stored(self):
        return self.client.call("GET", "/conversations")[2]

    def check(self, outcome, pointer, cure):
        type(self).tried += 1
        self.assertFalse(outcome.taken, outcome)
        if pointer is not None:
            self.assertEqual(outcome.pointer, pointer, outcome)
        self.assertIn(cure, outcome.message, outcome)

    def test_1_conversations_on_every_door(self):
        before = self.stored()
        for door_class, door in self.doors.items():
            for why, conversation, pointer, cure in CONVERSATIONS:
                with self.subTest(door=door.name, why=why):
                    outcome = door.send(conversation)
                    self.check(outcome, pointer, cure)
                    if door_class not in (*WRITING_MCP, File):
                        self.assertEqual(outcome.status, 400)
        self.assertEqual(self.stored(), before)

    def test_2_texts_that_are_no_json(self):
        before = self.stored()
        for door_class, door in self.doors.items():
            for why, text, pointer, cure in NO_JSON:
                with self.subTest(door=door.name, why=why):
                    protocol = door_class in WRITING_MCP
                    self.check(door.send(text), None if protocol else pointer, "" if protocol else cure)
        self.assertEqual(self.stored(), before)

    def test_3_requests(self):
        before = self.stored()
        for method, path, body, status, pointer, cure in REQUESTS:
            with self.subTest(request=f"{method} {path[:60]}", body=str(body)[:80]):
                type(self).tried += 1
                seen, headers, answer = self.client.call(method, path, body)
                self.assertEqual(seen, status, answer)
                self.assertEqual(headers["Content-Type"], "application/problem+json")
                if pointer is not None:
                    self.assertEqual(answer["errors"][0]["pointer"], pointer, answer)
                self.assertIn(cure, answer["detail"], answer)
        self.assertEqual(self.stored(), before)

    def test_4_tools(self):
        before = self.stored()
        for tool, arguments, place, cure in TOOLS:
            with self.subTest(tool=tool, arguments=str(arguments)[:80]):
                type(self).tried += 1
                answer = self.doors[Stdio].call(tool, arguments)
                self.assertTrue(answer["result"].get("isError"), answer)
                text = answer["result"]["content"][0]["text"]
                self.assertTrue(text.startswith(place), text)
                self.assertIn(cure, text)
        self.assertEqual(self.stored(), before)

    def test_5_were_many(self):
        print("tried:", self.tried, file=sys.stderr)
        self.assertGreaterEqual(self.tried, LEAST)

    def test_6_what_is_right_is_taken_on_every_door(self):
        for number, door in enumerate(self.doors.values()):
            outcome = door.send({"external_id": f"right {number}", **ROOM})
            self.assertTrue(outcome.taken, outcome)
            with self.assertRaises(AssertionError):
                self.check(outcome, "/messages", "")


if __name__ == "__main__":
    unittest.main(verbosity=1)
