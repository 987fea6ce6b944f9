#!/usr/bin/env python3
"""What a process says to whoever starts it, and how it ends. Needs Python 3.9, nothing else.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/process/test_process.py
"""

import json
import os
import pathlib
import pty
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "fault"))

from harness.backend import Program, free_port  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
PATIENCE = 60
CONVERSATION = json.dumps({"messages": [{"author_name": "ana", "content": "lunch at noon"}]}) + "\n"
PATIENCE_AT_THE_END = 25  # contract, "What happens when"
ROUNDS = 15


def stop_myself():
    """For a process that is about to be the program: a stop that has come already."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    os.kill(os.getpid(), signal.SIGTERM)


def has_signal(process, field):
    """Whether SIGTERM stands in a set of /proc/PID/status: SigBlk, SigCgt."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        bits = next(line.split()[1] for line in file if line.startswith(field))
    return bool(int(bits, 16) & 1 << (signal.SIGTERM - 1))


class OneProcess(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mcp-backend-process-")
        self.addCleanup(folder.cleanup)
        self.program = Program(BINARY, folder.name)

    def command(self, *arguments, text=None, **environment):
        """Runs a command to its end in an environment without LOG_LEVEL."""
        settings = self.program.environment()
        del settings["LOG_LEVEL"]
        return subprocess.run([self.program.binary, *arguments], env=settings | environment, input=text,
                              capture_output=True, encoding="utf-8", timeout=PATIENCE, check=False)

    def serve(self, stderr):
        """A `serve` that listens; its port."""
        port = free_port()
        environment = self.program.environment(PORT=str(port), DRAIN_DELAY="0", LOG_LEVEL="INFO")
        process = subprocess.Popen([self.program.binary, "serve"], env=environment, stderr=stderr,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8")
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait, PATIENCE)
        self.addCleanup(process.send_signal, signal.SIGTERM)
        while json.loads(process.stdout.readline())["message"] != "Server started":
            pass
        return port

    def test_serve_tells_a_person_at_a_terminal_where_it_is(self):
        ours, its = pty.openpty()
        self.addCleanup(os.close, ours)
        with open(its, "wb") as terminal:
            port = self.serve(terminal)
        with open(ours, "r", encoding="utf-8", closefd=False) as terminal:
            line = terminal.readline()
        self.assertIn(f"http://127.0.0.1:{port}/docs", line)
        self.assertIn(str(self.program.data), line)
        self.assertIn("Ctrl-C", line)

    def test_serve_tells_nobody_else(self):
        with open(self.program.folder / "stderr", "wb") as file:
            self.serve(file)
        self.assertEqual((self.program.folder / "stderr").read_bytes(), b"")

    def test_a_command_logs_what_it_is_asked_to(self):
        quiet = self.command("ingest", "-", text=CONVERSATION)
        self.assertEqual((quiet.returncode, quiet.stderr), (0, ""), quiet)
        told = self.command("ingest", "-", text=CONVERSATION.replace("noon", "one"), LOG_LEVEL="INFO")
        self.assertEqual(told.returncode, 0, told)
        self.assertIn("Conversation ingested successfully", told.stderr)

    def test_a_log_file_that_cannot_be_opened_is_a_mistake_of_the_configuration(self):
        file = self.program.folder / "missing" / "log"
        result = self.command("list", LOG_FILE=str(file))
        self.assertEqual(result.returncode, 2, result)
        self.assertIn(f"LOG_FILE: {file} cannot be opened: No such file or directory", result.stderr)

    def ends_after(self, command, send):
        """Starts a process that `send` is to stop; how it ended."""
        environment = self.program.environment(PORT="0", DRAIN_DELAY="0")
        process = subprocess.Popen([self.program.binary, command], env=environment, stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   preexec_fn=stop_myself if send is None else None)
        with process:
            self.addCleanup(process.kill)
            if send is not None:
                send(process)
            return process.wait(PATIENCE_AT_THE_END)

    def test_a_stop_that_waits_since_before_the_start_is_honoured(self):
        for command in ("serve", "mcp") * 3:
            self.assertEqual(self.ends_after(command, None), 0, command)

    def test_a_stop_in_the_first_milliseconds_is_honoured(self):
        held = []

        def stop_soon(process):
            while not (has_signal(process, "SigBlk") or has_signal(process, "SigCgt")):
                pass
            held.append(has_signal(process, "SigBlk"))
            time.sleep(2 * len(held) / 1000)
            process.send_signal(signal.SIGTERM)

        for command in ("serve", "mcp") * ROUNDS:
            self.assertEqual(self.ends_after(command, stop_soon), 0, (command, len(held)))
        # Control: without holding there is no such moment before the handler stands.
        self.assertGreater(sum(held), len(held) // 2)

    def test_a_command_ends_by_the_signal(self):
        silent = self.program.folder / "fifo"
        os.mkfifo(silent)
        process = subprocess.Popen([self.program.binary, "list", "--env-file", str(silent)],
                                   env=self.program.environment(), preexec_fn=stop_myself)
        with process:
            self.addCleanup(process.kill)
            self.assertEqual(process.wait(PATIENCE), -signal.SIGTERM)

    def test_keys_of_other_programs_in_the_environment_stop_nothing(self):
        result = self.command("list", OPENAI_API_KEY="sk-1", OPENAI_BASE_URL="https://x.example/v1")
        self.assertEqual(result.returncode, 0, result)


if __name__ == "__main__":
    unittest.main()
