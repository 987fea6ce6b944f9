#!/usr/bin/env python3
"""Every snippet of README.md, docs/api.md and docs/mcp.md is run, or it is said why not. Needs Python 3.9 and curl.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/documents/test_snippets.py
"""

import json
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tests" / "fault"))

from harness.backend import Program, Server  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
DOCUMENTS = ("README.md", "docs/api.md", "docs/mcp.md")
PATIENCE = 60
CONVERSATIONS = '{"messages":[{"role":"user","content":"one"}]}\n{"messages":[{"role":"user","content":"two"}]}\n'

# Lines that are not run: what they begin with, and why.
NOT_RUN = {
    "scripts/run.sh": "installs, builds and serves; the script is checked for its syntax",
    "scripts/test.sh": "runs this test; the script is checked for its syntax",
    "claude mcp add": "needs Claude Code",
}
ADDRESS = re.compile(r"(?:localhost|127\.0\.0\.1):8000")


def snippets(text):
    """Language and text of every fenced block."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def runnable(block):
    """The block without the lines that are not run; those."""
    kept, left = [], []
    for line in block.splitlines():
        (left if any(line.startswith(start) for start in NOT_RUN) else kept).append(line)
    return "\n".join(kept), left


class Snippets(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mcp-backend-snippets-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.program = Program(BINARY, folder.name)
        self.server = Server(self.program)
        self.addCleanup(self.server.kill)
        self.server.wait_until_ready()
        # What a reader has: the checkout, its build, and a file of conversations.
        (self.folder / "build" / "release").mkdir(parents=True)
        (self.folder / "build" / "release" / "mcp-backend").symlink_to(self.program.binary)
        shutil.copy(ROOT / "test-data.json", self.folder)
        (self.folder / "conversations.jsonl").write_text(CONVERSATIONS)
        # A refused request has to end the snippet.
        tools = self.folder / "tools"
        tools.mkdir()
        curl = tools / "curl"
        curl.write_text(f'#!/bin/sh\nexec {shutil.which("curl")} --fail-with-body -sS "$@"\n')
        curl.chmod(curl.stat().st_mode | stat.S_IEXEC)

    def run_shell(self, text):
        environment = self.program.environment()
        environment["PATH"] = str(self.folder / "tools") + ":" + environment["PATH"]
        # As it lies beside the build in a checkout.
        environment.setdefault("EMBEDDING_MODEL_PATH", str(ROOT / "models" / "all-MiniLM-L6-v2"))
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", ADDRESS.sub(f"127.0.0.1:{self.server.port}", text)],
            cwd=self.folder, env=environment, capture_output=True, text=True, timeout=PATIENCE)

    def check_left(self, lines):
        for line in lines:
            script = line.split()[0]
            if script.startswith("scripts/"):
                self.assertEqual(subprocess.run(["bash", "-n", ROOT / script]).returncode, 0, script)

    def check_clients(self, block):
        """A client's configuration: what it starts is there and speaks the protocol."""
        configuration = json.loads(block)
        servers = configuration.get("mcpServers") or configuration.get("servers")
        self.assertTrue(servers, block)
        for server in servers.values():
            self.assertTrue(server["command"].endswith("mcp-backend"), server)
            initialize = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
                "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}}
            process = self.program.start(*server["args"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
            output, _ = process.communicate(json.dumps(initialize).encode() + b"\n", PATIENCE)
            self.assertIn("serverInfo", json.loads(output)["result"])

    def check_document(self, name):
        blocks = snippets((ROOT / name).read_text())
        self.assertTrue(blocks)
        for language, block in blocks:
            with self.subTest(document=name, block=block[:60]):
                if language == "json":
                    self.check_clients(block)
                    continue
                self.assertEqual(language, "bash", "a kind of snippet that nobody checks")
                kept, left = runnable(block)
                self.check_left(left)
                done = self.run_shell(kept)
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_readme(self):
        self.check_document("README.md")

    def test_rest(self):
        self.check_document("docs/api.md")

    def test_mcp(self):
        self.check_document("docs/mcp.md")

    def test_a_broken_snippet_is_seen(self):
        self.assertNotEqual(self.run_shell("curl 'localhost:8000/search?q='").returncode, 0)
        self.assertNotEqual(self.run_shell("build/release/mcp-backend nonsense").returncode, 0)
        self.assertEqual(snippets("```bash\nls\n```\n"), [("bash", "ls\n")])

    def test_version_and_changelog_agree(self):
        _, said = self.program.run("--version")
        version = said.split()[-1]
        changelog = (ROOT / "CHANGELOG.md").read_text()
        released = re.findall(r"^## \[(\d[^\]]*)\]", changelog, re.MULTILINE)
        if released:
            self.assertEqual(version, released[0])
        else:
            self.assertIn("## [Unreleased]", changelog)


if __name__ == "__main__":
    if shutil.which("curl") is None:
        print("skipped: there is no curl")
        sys.exit(77)
    unittest.main(verbosity=1)
