"""Writers over HTTP: each writes one thing after another until its server is gone."""

import threading
import time

from .backend import Client
from .corpus import Corpus

APPEND_SHARE = 0.3


class Writer:
    """Writes with an Idempotency-Key; after a crash it first repeats what was not answered."""

    def __init__(self, name, seed, ledger, findings, control=None):
        self.corpus = Corpus(seed, name)
        self.ledger = ledger
        self.findings = findings
        self.control = control
        self.pending = None
        self.mine = []  # Conversations that are acknowledged.
        self.replayed = 0  # Repeated writes that had been stored before the crash.

    def write_until_gone(self, port, stop):
        """One thread's work during a cycle."""
        client = Client(port)
        while not stop.is_set():
            write = self.pending or self._next()
            try:
                self._send(client, write)
            except OSError:
                return

    def repeat_pending(self, client):
        """What the crash left unanswered, with the same key: stored once, now or before."""
        if not self.pending:
            return
        self._send(client, self.pending, repeated=True)

    def _next(self):
        if self.mine and self.corpus.random.random() < APPEND_SHARE:
            write = self.corpus.more_of(self.corpus.random.choice(self.mine))
        else:
            write = self.corpus.new_conversation()
        self.pending = write
        write.conversation.pending = write
        return write

    def _send(self, client, write, repeated=False):
        conversation = write.conversation
        is_new = not conversation.id
        path = "/ingest" if is_new else f"/conversations/{conversation.id}/messages"
        body = self.corpus.body(write) if is_new else {"messages": write.messages}
        if self.control == "acknowledge-early" and not is_new:
            self._acknowledged(write, conversation.id)  # A lie: nothing is stored yet.
        if self.control == "other-key" and not is_new:
            # A client that repeats without its key: stored twice.
            client.call("POST", path, body, {"Idempotency-Key": write.key + "-other"})
        status, headers, answer = client.call("POST", path, body, {"Idempotency-Key": write.key})
        if status == 503 and not repeated:
            time.sleep(0.01)  # Busy or starting: the same write comes again.
            return
        if status not in (200, 201):
            self.findings.add("unexpected", f"{write.key}: {status} {answer}")
            self.pending = conversation.pending = None
            return
        if answer["duplicate"]:
            self.findings.add("doubled", f"{write.key}: came out as a duplicate of itself")
        if headers.get("Idempotency-Replayed") == "true":
            self.replayed += 1
        if self.pending is write:
            self._acknowledged(write, answer["conversation_id"])

    def _acknowledged(self, write, conversation_id):
        is_new = not write.conversation.id
        self.ledger.acknowledge(write, conversation_id)
        self.pending = None
        if is_new:
            self.mine.append(write.conversation)


def run_writers(writers, port, stop):
    threads = [threading.Thread(target=writer.write_until_gone, args=(port, stop))
               for writer in writers]
    for thread in threads:
        thread.start()
    return threads
