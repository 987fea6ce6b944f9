"""What other programs have in somebody's environment neither stops us nor leads us astray.

Each variable alone, and all at once: `mcp` answers `initialize`, a command lists its own store, and
`serve` beside them still reads what operators set."""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "fault" / "harness"))
from backend import Program  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
PATIENCE = 30
# The measured figure is 50 ms on an idle machine; tests run beside others.
INITIALIZE_MS_MAX = float(os.environ.get("INITIALIZE_MS_MAX", "500"))
INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
    "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}}

# As they stand in shells, CI jobs, containers, notebooks and other servers' .env files.
OF_OTHERS = {
    "DATABASE_URL": "postgresql://app:secret@db.example:5432/app", "REDIS_URL": "rediss://:secret@cache.example",
    "DB_PASSWORD": "secret", "DB_POOL_SIZE": "lots", "DB_MAX_OVERFLOW": "-1", "DB_POOL_TIMEOUT": "10s",
    "DB_POOL_RECYCLE": "1h", "DB_STATEMENT_TIMEOUT": "30000", "DATABASE_READ_URLS": "postgresql://replica/app",
    "HOST": "x86_64-conda-linux-gnu", "PORT": "tcp://10.0.0.1:80", "LOG_LEVEL": "verbose",
    "LOG_FILE": "/nowhere/at/all/app.log", "ENVIRONMENT": "line\nbreak", "APP_TITLE": "Shop \x01",
    "WORKERS": "auto", "DATA_DIR": "/var/lib/somebody-else", "REQUEST_TIMEOUT": "30s", "DRAIN_DELAY": "soon",
    "USE_NEW_ARCHITECTURE": "maybe", "AUTH_MODE": "saml", "ALLOWED_HOSTS": "*", "ALLOWED_ORIGINS": "null",
    "ALLOW_INSECURE_BIND": "perhaps", "RATE_LIMIT_PER_MINUTE": "60", "RATE_LIMIT_BURST": "20",
    "TLS_CERT_FILE": "/etc/ssl/app.pem", "TLS_KEY_FILE": "/etc/ssl/app.key", "MAX_CONNECTIONS": "0",
    "MAX_BODY_BYTES": "10mb", "CACHE_MAX_SIZE": "1g", "ENABLE_EMBEDDING_CACHE": "true",
    "EMBEDDING_PROVIDER": "openai", "EMBEDDING_MODEL": "text-embedding-3-small", "EMBEDDING_DIMENSION": "1536",
    "EMBEDDING_MODEL_PATH": "/models/of/others", "EMBEDDING_BATCH_SIZE": "512", "EMBEDDING_TIMEOUT": "60s",
    "CHUNK_MAX_CHARS": "1", "CHUNK_OVERLAP_CHARS": "99999", "VECTOR_SEARCH_TOP_K": "0", "TEXT_LANGUAGE": "klingon",
    "OPENAI_API_KEY": "sk-secret", "OPENAI_BASE_URL": "not a url",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4317", "OTEL_EXPORTER_OTLP_HEADERS": "api-key=secret",
    "OTEL_SERVICE_NAME": "shop", "OTEL_TRACES_SAMPLER": "always_on", "OTEL_TRACES_SAMPLER_ARG": "1",
    # What Kubernetes puts beside a service of our name.
    "MCP_BACKEND_PORT": "tcp://10.0.0.7:8000", "MCP_BACKEND_SERVICE_HOST": "10.0.0.7",
    "MCP_BACKEND_PORT_8000_TCP_ADDR": "10.0.0.7",
}


class EnvironmentTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.program = Program(BINARY, folder.name)
        self.own = {"PATH": os.environ["PATH"], "HOME": folder.name, "MCPB_DATA_DIR": str(self.program.data)}
        if "EMBEDDING_MODEL_PATH" in os.environ:
            self.own["MCPB_EMBEDDING_MODEL_PATH"] = os.environ["EMBEDDING_MODEL_PATH"]

    def initialize(self, others):
        """The milliseconds from exec to the answer, and what stood on stderr."""
        start = time.monotonic()
        with subprocess.Popen([self.program.binary, "mcp"], env=self.own | others, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            self.addCleanup(process.kill)
            process.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline()
            took = (time.monotonic() - start) * 1000
            _, told = process.communicate(timeout=PATIENCE)
        self.assertIn(b'"serverInfo"', answer, told)
        self.assertEqual(process.returncode, 0, told)
        return took, told.decode()

    def command(self, *arguments, **others):
        return subprocess.run([self.program.binary, *arguments], env=self.own | others, capture_output=True,
                              encoding="utf-8", timeout=PATIENCE, check=False)

    def test_each_alone_leaves_an_assistant_alone(self):
        for name, value in OF_OTHERS.items():
            with self.subTest(name):
                took, told = self.initialize({name: value})
                self.assertLess(took, INITIALIZE_MS_MAX)
                self.assertNotIn("secret", told)
                self.assertEqual("left unread" in told, name == "DATABASE_URL", told)

    def test_all_at_once_leave_an_assistant_and_a_shell_alone(self):
        took, told = self.initialize(OF_OTHERS)
        self.assertLess(took, INITIALIZE_MS_MAX)
        self.assertNotIn("secret", told)
        listed = self.command("list", "--json", **OF_OTHERS)
        self.assertEqual((listed.returncode, listed.stdout.strip()), (0, "[]"), listed)
        self.assertIn("MCPB_DATABASE_URL", listed.stderr)

    def test_operators_commands_and_everything_with_the_switch_read_them(self):
        wrong = {"DB_POOL_SIZE": "lots"}
        for line in (["verify"], ["migrate"], ["serve"], ["config", "check"]):
            told = self.command(*line, **wrong)
            self.assertEqual(told.returncode, 2, told)
            self.assertIn("environment: DB_POOL_SIZE", told.stderr)
        told = self.command("list", MCPB_PLAIN_NAMES="true", **wrong)
        self.assertEqual(told.returncode, 2, told)

    def test_a_plain_data_folder_counts_where_our_store_lies(self):
        self.assertEqual(self.command("list").returncode, 0)  # Makes it.
        del self.own["MCPB_DATA_DIR"]
        found = self.command("list", DATA_DIR=str(self.program.data))
        self.assertEqual(found.returncode, 0, found)
        self.assertIn("MCPB_DATA_DIR", found.stderr)
        self.assertFalse((self.program.folder / ".local").exists())


if __name__ == "__main__":
    unittest.main()
