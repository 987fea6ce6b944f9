"""Commands at a terminal: terminal_test.py PROGRAM MODEL_FOLDER. Exit code 77: there is no model."""

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unicodedata
import unittest

PROGRAM, MODEL = "", ""
PATIENCE = 60
MARKS = re.compile(r"\x1b\[[0-9;]*[mK]")
LONG = "The wheelbarrow near the greenhouse needs a replacement tyre before the harvest begins. " * 6


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


class Terminal(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "TZ": "Asia/Tokyo", "TERM": "xterm",
            "MCPB_EMBEDDING_MODEL_PATH": MODEL, "MCPB_DATA_DIR": os.path.join(self.folder, "data"),
        }
        talk = {"original_title": "Garden " * 20, "messages": [
            {"author_name": "Marta", "author_type": "user", "content": LONG, "timestamp": "2025-03-01T20:00:00Z"},
            {"author_name": "Sven", "author_type": "assistant", "content": "手推车在温室旁边。" * 20}]}
        self.file("one.json", json.dumps(talk))
        subprocess.run([PROGRAM, "ingest", self.path("one.json")], env=self.environment, check=True,
                       capture_output=True, timeout=PATIENCE)

    def path(self, name):
        return os.path.join(self.folder, name)

    def file(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)

    def start(self, *arguments, columns=80, **more):
        """A command whose streams are a terminal of this width: its pid, and our end."""
        pid, end = pty.fork()
        if pid == 0:
            fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            os.execve(PROGRAM, [PROGRAM, *arguments], self.environment | more)
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.addCleanup(os.close, end)
        return pid, end

    def read(self, end, until=None):
        """All that is written, or what is up to a text."""
        text, start = b"", time.monotonic()
        while until is None or until not in text:
            self.assertLess(time.monotonic() - start, PATIENCE, text)
            if not select.select([end], [], [], 1)[0]:
                continue
            try:
                piece = os.read(end, 65536)
            except OSError:  # The other end is closed.
                break
            if not piece:
                break
            text += piece
        return text.decode().replace("\r\n", "\n")

    def run_there(self, *arguments, **more):
        pid, end = self.start(*arguments, **more)
        text = self.read(end)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text

    def test_lines_fit_screens_of_80_and_140_columns_and_break_no_word(self):
        for columns in (80, 140):
            for command in (["search", "wheelbarrow", "tyre"], ["show", "1"], ["list"]):
                code, text = self.run_there(*command, columns=columns)
                self.assertEqual(code, 0, text)
                plain = MARKS.sub("", text)
                for line in plain.splitlines():
                    if not line.startswith("original_title:"):  # A title is one line, to be copied.
                        self.assertLessEqual(width(line), columns, line)
                for word in re.findall(r"\bwheel\w*|\bgreen\w*|\breplace\w*", plain):
                    self.assertIn(word, ("wheelbarrow", "greenhouse", "replacement"))

    def test_speaker_and_hit_stand_out_unless_no_color_is_set(self):
        _, text = self.run_there("search", "wheelbarrow")
        self.assertRegex(text, "\x1b\\[1m\\[0\\] Marta, [^:]*:[^:]*:\x1b\\[0m")
        self.assertIn("\x1b[1;33mwheelbarrow\x1b[0m", text)
        for more in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            _, text = self.run_there("search", "wheelbarrow", **more)
            self.assertNotIn("\x1b", text)

    def test_times_are_those_of_the_place(self):
        self.assertIn("(2025-03-02 05:00 JST)", self.run_there("show", "1", NO_COLOR="1")[1])
        self.assertIn("2025-03-02 05:00 JST", self.run_there("search", "wheelbarrow", NO_COLOR="1")[1])

    def test_delete_asks(self):
        for answer, code in ((b"n\n", 1), (b"y\n", 0)):
            pid, end = self.start("delete", "1")
            asked = self.read(end, until=b"[y/N] ")
            self.assertIn("2 messages", asked)
            self.assertIn(self.environment["MCPB_DATA_DIR"], asked)
            os.write(end, answer)
            text = self.read(end)
            self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), code, text)
        self.assertIn("deleted conversation 1", text)

    def test_ctrl_c_tells_what_is_stored(self):
        talks = ({"messages": [{"content": f"Number {i}: {LONG}"}]} for i in range(20_000))
        self.file("many.jsonl", "".join(json.dumps(talk) + "\n" for talk in talks))
        pid, end = self.start("ingest", self.path("many.jsonl"))
        self.read(end, until=b"messages/s")
        os.kill(pid, signal.SIGINT)
        text = self.read(end)
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 1, text)
        stored = int(re.search(r"stored (\d+) conversations", text)[1])
        self.assertRegex(text, rf"interrupted after {re.escape(self.path('many.jsonl'))}:{stored};")
        whole = subprocess.run([PROGRAM, "verify", "--json"], env=self.environment, check=True,
                               capture_output=True, timeout=PATIENCE)
        self.assertEqual(json.loads(whole.stdout)["conversations"], stored + 1)


if __name__ == "__main__":
    PROGRAM, MODEL = sys.argv[1:3]
    del sys.argv[1:3]
    if not os.path.exists(os.path.join(MODEL, "config.json")):
        sys.exit(77)
    unittest.main(verbosity=2)
