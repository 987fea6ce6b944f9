"""Starts, asks and kills processes of mcp-backend on a data folder of their own."""

import atexit
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.parse

START_PATIENCE = 60
ANSWER_PATIENCE = 60
# Only these come from outside: nothing of the caller's own configuration.
KEPT_ENVIRONMENT = ("PATH", "HOME", "LANG", "LD_LIBRARY_PATH", "EMBEDDING_MODEL_PATH", "TMPDIR",
                    "ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS")


_started = []


@atexit.register
def end_all():
    """Whatever ends the harness, nothing that it started outlives it."""
    for process in _started:
        if process.poll() is None:
            process.kill()
            process.wait()


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Program:
    """The binary, the data folder, and how to run the one on the other."""

    def __init__(self, binary, folder):
        self.binary = str(pathlib.Path(binary).resolve())
        self.folder = pathlib.Path(folder)
        self.data = self.folder / "data"
        self.log = self.folder / "errors.log"

    def environment(self, **more):
        kept = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        ours = {"MCPB_PLAIN_NAMES": "true", "DATA_DIR": str(self.data), "LOG_LEVEL": "WARNING"}
        return kept | ours | more

    def start(self, *arguments, environment=None, **pipes):
        with open(self.log, "ab") as errors:
            process = subprocess.Popen([self.binary, *arguments], stderr=errors,
                                       env=environment or self.environment(), **pipes)
        _started[:] = [other for other in _started if other.poll() is None] + [process]
        return process

    def run(self, *arguments, text=None):
        """Runs a command to its end: exit code, what it printed."""
        process = self.start(*arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            output, _ = process.communicate(text.encode() if text else None, START_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise
        return process.returncode, output.decode()

    def owner_pid(self):
        """Of whoever owns the store, or did last; None if nobody ever has."""
        try:
            return int((self.data / "owner.lock").read_text().split()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None


class Server:
    """A running `serve`."""

    def __init__(self, program, **more):
        self.port = free_port()
        environment = program.environment(
            HOST="127.0.0.1", PORT=str(self.port), DRAIN_DELAY="0",
            LOG_FILE=str(program.folder / "serve.log"), **more)
        self.process = program.start("serve", environment=environment, stdout=subprocess.DEVNULL,
                                     stdin=subprocess.DEVNULL)

    def wait_until_ready(self):
        start = time.monotonic()
        while time.monotonic() - start < START_PATIENCE:
            if self.process.poll() is not None:
                raise RuntimeError(f"serve ended with exit code {self.process.returncode}")
            try:
                if Client(self.port).call("GET", "/readyz")[0] == 200:
                    return time.monotonic() - start
            except OSError:
                pass
            time.sleep(0.01)
        raise RuntimeError("serve did not become ready")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        """Ends it as an operator does; its exit code."""
        self.process.terminate()
        return self.process.wait(START_PATIENCE)


class Client:
    """One connection; reconnects by itself after a failure, which it raises as OSError."""

    def __init__(self, port):
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWER_PATIENCE)

    def call(self, method, path, body=None, headers=None):
        """Status, headers, parsed JSON (or None)."""
        headers = dict(headers or {})
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        try:
            self._connection.request(method, path, data, headers)
            response = self._connection.getresponse()
            text = response.read()
        except http.client.HTTPException as error:
            self._connection.close()
            raise ConnectionError(str(error)) from error
        except OSError:
            self._connection.close()
            raise
        is_json = "json" in response.headers.get("Content-Type", "")
        return response.status, response.headers, json.loads(text) if is_json and text else None

    def close(self):
        """The next call connects again."""
        self._connection.close()

    def search(self, **parameters):
        return self.call("GET", "/search?" + urllib.parse.urlencode(parameters))
