"""A running server, and the embedding engine alone, for the benches written in Python. Needs Python 3.9, nothing else."""

import contextlib
import http.client
import json
import os
import pathlib
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = ROOT / "build/release/mcp-backend"
ENGINE = ROOT / "build/release/benches/embedding/embedding_bench"
MODEL = ROOT / "models/all-MiniLM-L6-v2"
PATIENCE = 60


class Server:
    """`mcp-backend serve` on a port and a data folder of its own; ends with the `with` block."""

    def __init__(self, binary, data_dir):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        self.binary = binary
        self.socket = None
        self.environment = dict(os.environ, MCPB_PLAIN_NAMES="true", DATA_DIR=str(data_dir),
                                HOST="127.0.0.1", PORT=str(self.port),
                                DRAIN_DELAY="0", LOG_LEVEL="WARNING")

    def __enter__(self):
        self.process = subprocess.Popen([self.binary, "serve"], env=self.environment)
        give_up = time.monotonic() + PATIENCE
        while time.monotonic() < give_up and self.process.poll() is None:
            with contextlib.suppress(OSError):
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
                if self.get("/readyz", wanted=(200, 503))[0] == 200:
                    return self
            time.sleep(0.01)
        self.process.kill()
        raise SystemExit("the server did not become ready")

    def __exit__(self, *_):
        if self.socket is not None:
            self.socket.close()
        self.process.terminate()
        self.process.wait(PATIENCE)

    def get(self, target, wanted=(200,)):
        self.connection.request("GET", target)
        response = self.connection.getresponse()
        body = response.read()
        assert response.status in wanted, (target, response.status, body)
        return response.status, body, response.headers

    def timed_get(self, target):
        """Milliseconds from the first byte sent to the last one received, and the body. Without http.client, whose own work
        would be a tenth of what is measured."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        request = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n\r\n".encode()
        start = time.perf_counter()
        self.socket.sendall(request)
        answer = b""
        while (head_end := answer.find(b"\r\n\r\n")) < 0:
            answer += self.socket.recv(1 << 16)
        head = answer[:head_end].decode()
        length = int(head.lower().split("content-length:")[1].split("\r\n")[0])
        while len(answer) < head_end + 4 + length:
            answer += self.socket.recv(1 << 16)
        taken = (time.perf_counter() - start) * 1e3
        assert head.startswith("HTTP/1.1 200 "), head
        return taken, answer[head_end + 4:]

    def command(self, *arguments):
        """What a command beside the server prints as JSON."""
        printed = subprocess.run([self.binary, *arguments, "--json"], env=self.environment, check=True,
                                 stdout=subprocess.PIPE).stdout
        return json.loads(printed)

    def resident_mb(self, line="VmRSS"):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(status.split(f"{line}:")[1].split()[0]) / 1024

    def cpu_seconds(self):
        return cpu_seconds_of(self.process)


class Engine:
    """The embedding engine alone, in a process of its own that takes commands (benches/embedding/bench.cpp)."""

    def __init__(self, program, model=MODEL, threads=os.cpu_count()):
        self.process = subprocess.Popen([program, str(model), str(threads)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(PATIENCE)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise SystemExit("embedding_bench has ended")
        return answer.strip()

    def cpu_seconds(self):
        return cpu_seconds_of(self.process)

    def seconds_for(self, texts):
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"".join(text.encode() + b"\0" for text in texts))
            file.flush()
            return float(self.ask(f"chunks {file.name}"))

    def query_ms(self, question):
        return float(self.ask(f"queries 1 {question}"))


def cpu_seconds_of(process):
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rsplit(") ", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def need(*programs):
    for program in programs:
        if not pathlib.Path(program).exists():
            raise SystemExit(f"{program} is not there; build it with scripts/build.sh release")
