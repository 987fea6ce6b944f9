#!/usr/bin/env python3
"""What `degraded` and /health say while the embedding model is changed, and changed back, on the real program. Needs
Python 3.9, nothing else.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/server/test_degraded.py
"""

import os
import pathlib
import shutil
import tempfile
import time
import unittest

from test_health import BINARY, PATIENCE, Program, Started, conversation

ROOT = pathlib.Path(__file__).resolve().parents[3]
HEALTHY = (200, 200, 200, "healthy")
DEGRADED = (200, 200, 200, "degraded")


def other_model(folder):
    """The same model by another fingerprint, so that its vectors are of another space: a word of the vocabulary that no
    text has is renamed."""
    model = pathlib.Path(os.environ.get("EMBEDDING_MODEL_PATH", ROOT / "models/all-MiniLM-L6-v2"))
    shutil.copytree(model, folder)
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8")
    (folder / "vocab.txt").write_text(vocabulary.replace("[unused1]\n", "[other]\n", 1), encoding="utf-8")
    return str(folder)


class Degraded(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mcp-backend-degraded-")
        self.addCleanup(folder.cleanup)
        self.program = Program(BINARY, folder.name)
        self.other = other_model(pathlib.Path(folder.name) / "other-model")
        self.server = None

    def restart(self, expected, **environment):
        """Ends the server in order, and starts it anew."""
        if self.server is not None:
            self.server.process.terminate()
            self.assertEqual(self.server.process.wait(PATIENCE), 0)
        self.server = Started(self, self.program, **environment)
        self.await_health(expected)

    def with_former_model(self, expected):
        self.restart(expected)

    def with_other_model(self, expected):
        self.restart(expected, EMBEDDING_MODEL_PATH=self.other)

    def await_health(self, expected):
        end = time.monotonic() + PATIENCE
        while (seen := self.server.probes()) != expected:
            self.assertIsNone(self.server.process.poll(), "the server has ended")
            self.assertLess(time.monotonic(), end, f"{seen} instead of {expected}")
            time.sleep(0.02)

    def ingest(self, text):
        status, _, made = self.server.client.call("POST", "/ingest", conversation(text))
        self.assertEqual(status, 201, made)
        return made["conversation_id"]

    def search(self, **parameters):
        """Whether it was degraded, and the conversations that it found."""
        status, _, found = self.server.client.search(**parameters)
        self.assertEqual(status, 200, found)
        return found["degraded"], [row["conversation_id"] for row in found["results"]]

    def component(self):
        return self.server.client.call("GET", "/health")[2]["components"]["embedding_service"]

    def test_another_model_and_the_former_one_again(self):
        self.with_former_model(HEALTHY)
        zebra = self.ingest("a zebra at the lake")
        horse = self.ingest("a horse in the stable")
        self.assertEqual(self.search(q="zebra"), (False, [zebra, horse]))

        # What was stored before is found by its words, what comes by meaning too.
        self.with_other_model(DEGRADED)
        self.assertEqual(self.search(q="zebra"), (True, [zebra]))
        self.assertEqual(self.search(q="striped animal near water"), (True, []))
        okapi = self.ingest("an okapi in the forest")
        self.assertEqual(self.search(q="an animal in the woods", mode="dense"), (True, [okapi]))
        self.assertEqual(self.search(q="zebra")[1][0], zebra)
        self.assertEqual(self.search(q="zebra", mode="lexical"), (False, [zebra]))
        health = self.component()
        self.assertEqual((health["status"], health["provider"]), ("degraded", "local"))
        self.assertIn("2 of 3 chunks have no vector of this model", health["error"])
        self.assertIn("EMBEDDING_MODEL_PATH", health["error"])

        # The cure that is named: again with the model that it was stored with. Now the okapi waits.
        self.with_former_model(DEGRADED)
        self.assertIn("1 of 3 chunks have no vector of this model", self.component()["error"])
        degraded, found = self.search(q="striped animal near water", mode="dense")
        self.assertTrue(degraded)
        self.assertEqual((found[0], sorted(found)), (zebra, sorted([zebra, horse])))
        self.assertEqual(self.search(q="okapi")[1][0], okapi)

        # The other cure: it is deleted, and ingested again.
        self.assertEqual(self.server.client.call("DELETE", f"/conversations/{okapi}")[0], 200)
        self.await_health(HEALTHY)
        self.assertEqual(self.component(), {"status": "healthy", "provider": "local", "model": "all-MiniLM-L6-v2"})
        self.assertFalse(self.search(q="okapi")[0])
        again = self.ingest("an okapi in the forest")
        degraded, found = self.search(q="an animal in the woods", mode="dense")
        self.assertEqual((degraded, found[0]), (False, again))
        self.await_health(HEALTHY)
        self.assertEqual(self.program.run("verify")[0], 0)

    def test_a_model_that_nothing_was_stored_with_leaves_nothing_degraded(self):
        self.with_former_model(HEALTHY)
        zebra = self.ingest("a zebra at the lake")
        self.with_other_model(DEGRADED)
        self.assertTrue(self.search(q="zebra")[0])

        self.with_former_model(HEALTHY)

        self.assertEqual(self.search(q="striped animal near water", mode="dense"), (False, [zebra]))

    def test_an_empty_store_is_never_degraded(self):
        self.with_former_model(HEALTHY)
        self.with_other_model(HEALTHY)
        self.assertEqual(self.search(q="zebra"), (False, []))

    def test_one_that_is_appended_to_waits_in_part(self):
        self.with_former_model(HEALTHY)
        zebra = self.ingest("a zebra at the lake")
        self.with_other_model(DEGRADED)
        more = {"messages": [{"author_name": "bo", "content": "and an okapi in the forest"}]}
        self.assertEqual(self.server.client.call("POST", f"/conversations/{zebra}/messages", more)[0], 200)
        self.assertIn("1 of 2 chunks", self.component()["error"])

        self.with_former_model(DEGRADED)

        self.assertIn("1 of 2 chunks", self.component()["error"])
        self.assertTrue(self.search(q="zebra")[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
