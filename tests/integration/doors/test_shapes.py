#!/usr/bin/env python3
"""Messages of twelve programs through five doors: accepted, the text verbatim, nothing lost, the same everywhere.
Needs Python 3.9, nothing else.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/doors/test_shapes.py
"""

import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "fault")]

from doors import DOORS, Client  # noqa: E402
from harness.backend import Program, Server  # noqa: E402
from shapes import SHAPES  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")


def leaves(value):
    """Every text, number and flag in it; null, empty and false say nothing that could be lost."""
    if isinstance(value, dict):
        return [leaf for inner in value.values() for leaf in leaves(inner)]
    if isinstance(value, list):
        return [leaf for inner in value for leaf in leaves(inner)]
    return [] if value is None or value == "" else [value]


def lost(sent, stored):
    """What was sent and is not found in the message that is stored."""
    there = leaves(stored)
    text = stored["content"]
    times = {"timestamp", "createdAt", "created_at", "ts", "date"}
    gone = []
    for name, value in sent.items():
        if name in times:  # Goes out as RFC 3339 in UTC.
            continue
        gone += [leaf for leaf in leaves(value)
                 if leaf not in there and not (isinstance(leaf, str) and leaf in text)]
    return gone


class Shapes(unittest.TestCase):
    def stored_by(self, door_class, messages):
        with tempfile.TemporaryDirectory(prefix="mcp-backend-doors-") as folder:
            program = Program(BINARY, folder)
            server = Server(program)
            server.wait_until_ready()
            door = None
            client = Client(server.port)
            try:
                door = door_class(program, server)
                outcomes = [door.send({"external_id": name, "messages": sent}) for name, sent in messages]
                stored = {}
                for name, _ in messages:
                    _, _, rows = client.call("GET", "/conversations?external_id=" + name.replace(" ", "%20"))
                    if rows:
                        path = f"/conversations/{rows[0]['id']}/messages"
                        stored[name] = client.call("GET", path)[2]["messages"]
                return outcomes, stored
            finally:
                client.close()
                if door is not None:
                    door.close()
                server.kill()

    def test_every_shape_through_every_door(self):
        first = None
        for door in DOORS:
            outcomes, stored = self.stored_by(door, [(name, sent) for name, sent, _ in SHAPES])
            for (name, sent, read), outcome in zip(SHAPES, outcomes):
                with self.subTest(door=door.name, shape=name):
                    self.assertTrue(outcome.taken, outcome)
                    self.assertEqual(len(stored[name]), len(sent))
                    for message, expected, was_sent in zip(stored[name], read, sent):
                        self.assertEqual({key: message[key] for key in expected}, expected)
                        self.assertEqual(lost(was_sent, message), [], message)
            for messages in stored.values():
                for message in messages:
                    message.pop("stored_at", None)
            first = first or stored
            self.assertEqual(stored, first, door.name + " stores something else than " + DOORS[0].name)

    def test_the_check_sees_what_is_lost(self):
        sent = {"role": "user", "content": "hi", "mood": {"of": ["calm"]}}
        self.assertEqual(lost(sent, {"content": "hi", "author_type": "user", "metadata": {}}), ["calm"])
        kept = {"content": "hi", "author_type": "user", "metadata": {"mood": {"of": ["calm"]}}}
        self.assertEqual(lost(sent, kept), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
