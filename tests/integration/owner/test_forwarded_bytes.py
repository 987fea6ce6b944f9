#!/usr/bin/env python3
"""Many bytes go through the owner's socket, and little memory is needed for them on either side.
Needs Python 3.9, nothing else.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/owner/test_forwarded_bytes.py
    FORWARDED_MIB=200: how much (the default)
"""

import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "fault"))

from harness.backend import Program, Server  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
MIB = int(os.environ.get("FORWARDED_MIB", "200"))
GROWTH_MAX_MIB = 8
LINE_BYTES = 32 << 10
PIECE_BYTES = 64 << 10
PATIENCE = 300


def peak_mib(pid):
    """The most memory that the process has had; None: it has ended."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return None


def forget_peak(pid):
    pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")


class ForwardedBytes(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mcp-backend-bytes-")
        self.addCleanup(folder.cleanup)
        self.program = Program(BINARY, folder.name)
        self.server = Server(self.program)
        self.addCleanup(self.server.kill)
        self.server.wait_until_ready()

    def ingest(self, line, count):
        """The peak of a command that sends so many lines, each refused for what is not in it."""
        told = tempfile.TemporaryFile()  # A file, because nobody reads a pipe meanwhile.
        self.addCleanup(told.close)
        command = self.program.start("ingest", "-", "--json", stdin=subprocess.PIPE, stdout=told)
        piece = line * (PIECE_BYTES // len(line) + 1)
        left = count * len(line)
        while left > 0:
            command.stdin.write(piece[:left])
            left -= min(left, len(piece))
        command.stdin.close()
        peak = 0
        while command.poll() is None:  # Answers come on until it ends.
            peak = max(peak, peak_mib(command.pid) or peak)
        told.seek(0)
        counts = json.loads(told.read())
        self.assertEqual(command.wait(PATIENCE), 1)
        self.assertEqual(counts["failed"], count)
        return peak

    def compare(self, line, few, many):
        small = self.ingest(line, few)
        forget_peak(self.server.process.pid)
        before = peak_mib(self.server.process.pid)

        large = self.ingest(line, many)

        after = peak_mib(self.server.process.pid)
        print(f"command {small:.1f} -> {large:.1f} MiB, server {before:.1f} -> {after:.1f} MiB", file=sys.stderr)
        self.assertLessEqual(large - small, GROWTH_MAX_MIB)
        self.assertLessEqual(after - before, GROWTH_MAX_MIB)

    def test_a_forwarded_batch_needs_little_memory_in_both_processes(self):
        line = json.dumps({"messages": [], "metadata": {"padding": "x" * LINE_BYTES}}).encode() + b"\n"
        self.compare(line, (8 << 20) // len(line), (MIB << 20) // len(line))

    def test_a_forwarded_large_answer_needs_little_memory_in_both_processes(self):
        line = b"{}\n"
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)
        self.addCleanup(connection.close)
        connection.request("POST", "/ingest/batch", line, {"Content-Type": "application/x-ndjson"})
        answer = connection.getresponse().read()
        self.assertIn(b'"status":400', answer)
        self.compare(line, (8 << 20) // len(answer), (MIB << 20) // len(answer))


if __name__ == "__main__":
    unittest.main(verbosity=2)
