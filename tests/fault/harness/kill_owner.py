"""The owner of the data folder is killed while two stdio processes and commands write through it.

Calls of the processes that survive must all succeed, each once; what the killed one had not
answered is repeated with the same key.
"""

import json
import os
import pathlib
import random
import signal
import threading
import time

from . import checks
from .backend import Client, Program, Server
from .corpus import Corpus
from .ledger import Ledger
from .stdio import StdioGone, StdioProcess

TOOL = "ingest_conversation"
LINES_A_COMMAND = 3


class StdioWriter:
    """Writes through a stdio process of its own, and starts it again when it was killed."""

    def __init__(self, name, program, run):
        self.corpus = Corpus(run.seed, name)
        self.program = program
        self.run = run
        self.restarts = 0
        self.process = StdioProcess(program)

    def write(self, stop):
        while not stop.is_set():
            self._store(self.corpus.new_conversation())
        self.process.close()

    def _store(self, write):
        arguments = {"conversation_data": self.corpus.body(write), "idempotency_key": write.key}
        while True:
            try:
                result = self.process.call_tool(TOOL, arguments)
                break
            except StdioGone:
                self._replace_process(write)
        if result.get("isError"):
            self.run.findings.add("unexpected", f"{write.key}: {result['content']}")
            return
        answer = result["structuredContent"]
        if answer["duplicate"]:
            self.run.findings.add("doubled", f"{write.key}: came out as a duplicate of itself")
        self.run.ledger.acknowledge(write, answer["conversation_id"])

    def _replace_process(self, write):
        code = self.process.process.wait()
        if code != -signal.SIGKILL:
            self.run.findings.add("unexpected", f"{write.key}: the process ended with {code}")
        while True:
            try:
                self.restarts += 1
                self.process = StdioProcess(self.program)
                return
            except StdioGone:  # Killed again.
                self.process.process.wait()


class CommandWriter:
    """Writes by one command after another."""

    def __init__(self, name, program, run):
        self.corpus = Corpus(run.seed, name)
        self.program = program
        self.run = run
        self.killed = 0

    def write(self, stop):
        while not stop.is_set():
            self._store([self.corpus.new_conversation() for _ in range(LINES_A_COMMAND)])

    def _store(self, writes):
        lines = "".join(json.dumps(self.corpus.body(write)) + "\n" for write in writes)
        killed_before = False
        while True:
            code, output = self.program.run("ingest", "-", "--json", text=lines)
            if code != -signal.SIGKILL:
                break
            killed_before = True
            self.killed += 1
        if code != 0:
            self.run.findings.add("unexpected", f"{writes[0].key}: ingest ended with {code}")
            return
        duplicates = json.loads(output)["duplicates"]
        # A command has no key of its caller's: only one that was killed may find its own traces.
        if duplicates and not killed_before:
            self.run.findings.add("doubled", f"{writes[0].key}: {duplicates} duplicates of itself")
        for write in writes:
            self.run.ledger.acknowledge(write, "")


class Run:
    def __init__(self, seed, ledger, findings):
        self.seed = seed
        self.ledger = ledger
        self.findings = findings


def run(options, folder, findings):
    dice = random.Random(options.seed)
    program = Program(options.binary, folder)
    shared = Run(options.seed, Ledger(folder / "acknowledged.jsonl"), findings)
    writers = [StdioWriter("stdio0", program, shared), StdioWriter("stdio1", program, shared),
               CommandWriter("command", program, shared)]
    stop = threading.Event()
    threads = [threading.Thread(target=guarded, args=(writer, stop, findings))
               for writer in writers]
    for thread in threads:
        thread.start()
    kills = kill_owners(program, dice, options, shared)
    stop.set()
    for thread in threads:
        thread.join()

    checks.check_whole(program, findings)
    server = Server(program)
    server.wait_until_ready()
    client = Client(server.port)
    find_ids_of_commands(client, shared.ledger)
    checks.check_everything(client, shared.ledger, findings)
    server.stop()
    shared.ledger.close()
    restarts = sum(writer.restarts for writer in writers[:2])
    return (f"{kills} owners killed ({restarts} stdio processes, {writers[2].killed} commands), "
            f"{shared.ledger.count()} writes acknowledged")


def guarded(writer, stop, findings):
    try:
        writer.write(stop)
    except Exception as error:  # A thread that dies silently would pass for one that succeeded.
        findings.add("unexpected", f"{writer.corpus.writer}: {error!r}")


def kill_owners(program, dice, options, shared):
    kills = 0
    while kills < options.cycles:
        before = shared.ledger.count()
        time.sleep(dice.uniform(0.05, options.within))
        pid = program.owner_pid()
        if pid is None or not is_ours(pid, program):
            continue
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue  # It had ended, and nobody has taken its place yet.
        kills += 1
        wait_for_progress(shared, before)
        if options.verbose:
            print(f"kill {kills}: {shared.ledger.count()} acknowledged; "
                  f"{shared.findings.summary()}", flush=True)
    return kills


def is_ours(pid, program):
    """A pid in a file may long be another's: only a process on this data folder is killed."""
    try:
        environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return False
    return f"DATA_DIR={program.data}".encode() in environment.split(b"\0")


def wait_for_progress(shared, before, patience=60):
    """Somebody must write on after an owner is gone."""
    end = time.monotonic() + patience
    while shared.ledger.count() <= before + 1:
        if time.monotonic() > end:
            shared.findings.add("unexpected", "no write was acknowledged after the owner's end")
            return
        time.sleep(0.01)


def find_ids_of_commands(client, ledger):
    """A command prints totals only, so the ids of its conversations are found by their words."""
    for conversation in ledger.conversations:
        if not conversation.id:
            found = checks.ids_with(client, conversation.acknowledged[0].word)
            conversation.id = next(iter(found), "none")
