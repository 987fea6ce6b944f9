"""A client of `mcp-backend mcp`: JSON-RPC, a line each way."""

import json
import subprocess
import threading


class StdioGone(Exception):
    """The process ended before it answered."""


class StdioProcess:
    """One process of the program, with one call at a time."""

    def __init__(self, program, revision="2025-06-18"):
        self.process = program.start("mcp", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._next_id = 0
        self._lock = threading.Lock()
        self._ask("initialize", {
            "protocolVersion": revision, "capabilities": {},
            "clientInfo": {"name": "fault-test", "version": "1"}})
        self._write({"jsonrpc": "2.0", "method": "notifications/initialized"})

    def call_tool(self, name, arguments):
        """The tool's result, or raises StdioGone."""
        return self._ask("tools/call", {"name": name, "arguments": arguments})

    def close(self):
        self.process.stdin.close()
        return self.process.wait(60)

    def _write(self, message):
        try:
            self.process.stdin.write(json.dumps(message).encode() + b"\n")
            self.process.stdin.flush()
        except OSError as error:
            raise StdioGone from error

    def _ask(self, method, parameters):
        with self._lock:
            self._next_id += 1
            self._write({"jsonrpc": "2.0", "id": self._next_id, "method": method,
                         "params": parameters})
            while True:
                line = self.process.stdout.readline()
                if not line:
                    raise StdioGone
                answer = json.loads(line)
                if answer.get("id") == self._next_id:
                    break
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["result"]
