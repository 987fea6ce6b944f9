#!/usr/bin/env python3
"""A server starts while others are at work, and takes the store from them: every call made meanwhile
succeeds, and each write is stored once. Needs Python 3.9, nothing else.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/owner/test_handover.py
    HANDOVER_ROUNDS=100: rounds of each kind (default 4)
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "fault"))

from harness.backend import Client, Program, Server  # noqa: E402
from harness.stdio import StdioProcess  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
ROUNDS = int(os.environ.get("HANDOVER_ROUNDS", "4"))
LATEST = 0.5  # Seconds from the first call to the server's start.
PATIENCE = 60
CALLS = 12


def conversation(name):
    return {"scenario_title": name, "messages": [{"author_name": "ana", "content": f"the word is {name}"},
                                                 {"author_name": "ben", "content": "so it is " * 40}]}


def delays():
    """From 0 to LATEST, evenly."""
    return [LATEST * number / max(ROUNDS - 1, 1) for number in range(ROUNDS)]


class Handover(unittest.TestCase):
    def run_rounds(self, work):
        """`work` begins to call, says what to wait for, and gives the names that must be stored."""
        for delay in delays():
            with self.subTest(delay=delay), tempfile.TemporaryDirectory(prefix="mcp-backend-handover-") as folder:
                program = Program(BINARY, folder)
                finish = work(program)
                time.sleep(delay)  # The moment of the server's start is what a round is about.
                server = Server(program)
                try:
                    names = finish()
                    server.wait_until_ready()
                    self.assertEqual(self.stored(Client(server.port)), sorted(names))
                finally:
                    self.assertEqual(server.stop(), 0)

    def stored(self, client):
        """The names of all conversations, as often as each is stored."""
        found, path = [], "/conversations?limit=100"
        while path:
            status, headers, page = client.call("GET", path)
            self.assertEqual(status, 200)
            found += [row["scenario_title"] for row in page]
            link = headers.get("Link")
            path = link[link.index("<") + 1:link.index(">")] if link else None
        return sorted(found)

    def test_a_file_that_is_being_ingested_is_stored_once_and_whole(self):
        names = [f"line{number}" for number in range(CALLS * 10)]

        def work(program):
            file = program.folder / "lines.jsonl"
            file.write_text("".join(json.dumps(conversation(name)) + "\n" for name in names), encoding="utf-8")
            command = program.start("ingest", str(file), "--json", stdout=subprocess.PIPE)

            def finish():
                output, _ = command.communicate(timeout=PATIENCE)
                errors = program.log.read_text(encoding="utf-8")
                self.assertEqual(command.returncode, 0, (output, errors))
                counts = json.loads(output)
                self.assertEqual((counts["conversations"], counts["failed"]), (len(names), 0), counts)
                return names

            return finish

        self.run_rounds(work)

    def test_calls_of_a_stdio_process_all_succeed(self):
        def work(program):
            process = StdioProcess(program)
            ids = self.send_calls(process, CALLS)

            def finish():
                answers = self.read_answers(process, ids)
                for answer in answers.values():
                    self.assertNotIn("error", answer)
                    self.assertFalse(answer["result"].get("isError"), answer)
                # And once more, when the server has long been the owner.
                later = process.call_tool("ingest_conversation", {"conversation_data": conversation("later")})
                self.assertFalse(later.get("isError"), later)
                self.assertEqual(process.close(), 0)
                process.process.stdout.close()
                return [f"call{number}" for number in range(CALLS)] + ["later"]

            return finish

        self.run_rounds(work)

    def test_a_batch_of_a_stdio_process_succeeds_as_a_whole(self):
        def work(program):
            process = StdioProcess(program, "2025-03-26")
            batch = [self.call(f"b{number}", f"call{number}") for number in range(CALLS)]
            process.process.stdin.write(json.dumps(batch).encode() + b"\n")
            process.process.stdin.flush()

            def finish():
                answers = json.loads(process.process.stdout.readline())
                self.assertEqual([answer["id"] for answer in answers], [call["id"] for call in batch])
                for answer in answers:
                    self.assertFalse(answer["result"].get("isError"), answer)
                self.assertEqual(process.close(), 0)
                process.process.stdout.close()
                return [f"call{number}" for number in range(CALLS)]

            return finish

        self.run_rounds(work)

    def test_commands_one_after_the_other_all_succeed(self):
        def work(program):
            command = program.start("ingest", "-", "--json", stdin=subprocess.PIPE, stdout=subprocess.PIPE)

            def finish():
                line = json.dumps(conversation("first")) + "\n"
                output, _ = command.communicate(line.encode(), PATIENCE)
                self.assertEqual(command.returncode, 0, (output, program.log.read_text(encoding="utf-8")))
                for arguments in (("search", "word", "--json"), ("list", "--json"), ("verify",)):
                    code, output = program.run(*arguments)
                    self.assertEqual(code, 0, (arguments, output))
                return ["first"]

            return finish

        self.run_rounds(work)

    @staticmethod
    def call(identity, name):
        return {"jsonrpc": "2.0", "id": identity, "method": "tools/call",
                "params": {"name": "ingest_conversation", "arguments": {"conversation_data": conversation(name)}}}

    def send_calls(self, process, count):
        ids = [f"c{number}" for number in range(count)]
        for number, identity in enumerate(ids):
            process.process.stdin.write(json.dumps(self.call(identity, f"call{number}")).encode() + b"\n")
        process.process.stdin.flush()
        return ids

    @staticmethod
    def read_answers(process, ids):
        answers = {}
        while len(answers) < len(ids):
            answer = json.loads(process.process.stdout.readline())
            answers[answer["id"]] = answer
        return answers


if __name__ == "__main__":
    unittest.main(verbosity=2)
