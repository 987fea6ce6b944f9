"""The doors through which a conversation comes in, each as a function that says what became of it."""

import http.client
import json
import subprocess

PATIENCE = 60


class Client:
    """One connection, that sends bytes as they are."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def call(self, method, path, body=None, headers=None):
        """Status, headers, parsed JSON (or None)."""
        headers = {"Content-Type": "application/json", **(headers or {})}
        data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
        self.connection.request(method, path, data, headers)
        response = self.connection.getresponse()
        text = response.read()
        is_json = "json" in response.headers.get("Content-Type", "")
        return response.status, response.headers, json.loads(text) if is_json and text else None

    def close(self):
        self.connection.close()


class Outcome:
    """`taken`, or refused with a pointer ("/messages/0/content") and a message."""

    def __init__(self, taken, answer=None, pointer=None, message="", status=None):
        self.taken = taken
        self.answer = answer or {}
        self.pointer = pointer
        self.message = message
        self.status = status

    def __repr__(self):
        return f"taken {self.answer}" if self.taken else f"refused {self.status} at {self.pointer}: {self.message}"


def encoded(conversation):
    """A body as bytes: what is bytes or text already is sent as it is."""
    if isinstance(conversation, bytes):
        return conversation
    text = conversation if isinstance(conversation, str) else json.dumps(conversation, ensure_ascii=False)
    return text.encode()


def of_problem(status, problem):
    first = (problem.get("errors") or [{}])[0]
    return Outcome(False, problem, first.get("pointer"), first.get("message", problem.get("detail", "")), status)


class Rest:
    name = "REST"

    def __init__(self, program, server):
        self.client = Client(server.port)

    def send(self, conversation):
        status, _, answer = self.client.call("POST", "/ingest", encoded(conversation))
        return Outcome(True, answer, status=status) if status < 300 else of_problem(status, answer)

    def close(self):
        self.client.close()


class Batch(Rest):
    name = "batch"

    def send(self, conversation):
        body = encoded(conversation).replace(b"\n", b" ") + b"\n"
        status, _, answer = self.client.call(
            "POST", "/ingest/batch", body, headers={"Content-Type": "application/x-ndjson"})
        if status != 200:
            return of_problem(status, answer)
        line = answer if isinstance(answer, dict) else json.loads(answer)
        if "error" not in line:
            return Outcome(True, line, status=line["status"])
        return of_problem(line["status"], line["error"])


def of_tool(result):
    text = result["content"][0]["text"]
    if not result.get("isError"):
        return Outcome(True, result["structuredContent"])
    place, _, message = text.partition(": ")
    pointer = "/" + place if message and " " not in place else ""
    for prefix in ("/conversation_data",):
        if pointer.startswith(prefix):
            pointer = pointer[len(prefix):]
    return Outcome(False, result, pointer, text, "isError")


def tool_line(identity, conversation):
    # Text goes in as it stands, so that what is no JSON stays none.
    body = encoded(conversation).replace(b"\n", b" ")
    return (b'{"jsonrpc":"2.0","id":' + str(identity).encode() + b',"method":"tools/call","params":{"name":'
            b'"ingest_conversation","arguments":{"conversation_data":' + body + b"}}}")


def of_rpc(message):
    if "error" in message:
        return Outcome(False, message, "", message["error"]["message"], message["error"]["code"])
    return of_tool(message["result"])


INITIALIZE = {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
    "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "doors", "version": "1"}}}


class Stdio:
    name = "MCP stdio"

    def __init__(self, program, server):
        self.process = program.start("mcp", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.number = 0
        self.exchange(json.dumps(INITIALIZE).encode())
        self.process.stdin.write(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')

    def exchange(self, line):
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def send(self, conversation):
        self.number += 1
        return of_rpc(self.exchange(tool_line(self.number, conversation)))

    def call(self, tool, arguments):
        self.number += 1
        return self.exchange(json.dumps({
            "jsonrpc": "2.0", "id": self.number, "method": "tools/call",
            "params": {"name": tool, "arguments": arguments}}).encode())

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(PATIENCE)
        finally:
            self.process.kill()
            self.process.stdout.close()


class Http:
    name = "MCP HTTP"

    def __init__(self, program, server):
        self.client = Client(server.port)
        self.headers = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
        _, headers, _ = self.client.call("POST", "/mcp", INITIALIZE, headers=self.headers)
        session = {name.lower(): value for name, value in headers.items()}["mcp-session-id"]
        self.headers["Mcp-Session-Id"] = session
        self.number = 0

    def send(self, conversation):
        self.number += 1
        _, _, answer = self.client.call(
            "POST", "/mcp", tool_line(self.number, conversation), headers=self.headers)
        return of_rpc(answer)

    def close(self):
        self.client.close()


class File:
    name = "file"

    def __init__(self, program, server):
        self.program = program
        self.path = program.folder / "door.jsonl"

    def send(self, conversation):
        self.path.write_bytes(encoded(conversation).replace(b"\n", b" ") + b"\n")
        process = self.program.start(
            "ingest", "--json", str(self.path), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        output, _ = process.communicate(timeout=PATIENCE)
        answer = json.loads(output) if output else {}
        if process.returncode == 0:
            return Outcome(True, answer)
        failures = answer.get("failures", [])
        message = failures[0]["message"] if failures else ""
        place = message.rpartition(" (/")[2] if message.endswith(")") and " (/" in message else ""  # People are told the place last.
        return Outcome(False, answer, "/" + place[:-1] if place else "", message, process.returncode)

    def close(self):
        pass


DOORS = (Rest, Batch, Stdio, Http, File)
