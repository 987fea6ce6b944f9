"""What the server has acknowledged, kept outside of it."""

import json
import os
import threading


class Ledger:
    """A file of acknowledged writes, a JSON line each, on disk before anyone relies on it."""

    def __init__(self, path):
        self._file = open(path, "w", encoding="utf-8")
        self._lock = threading.Lock()
        self.conversations = []

    def acknowledge(self, write, conversation_id):
        conversation = write.conversation
        line = {"key": write.key, "conversation_id": conversation_id, "title": conversation.title,
                "messages": len(write.messages)}
        with self._lock:
            self._file.write(json.dumps(line) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
            if not conversation.acknowledged:
                conversation.id = conversation_id
                self.conversations.append(conversation)
            conversation.acknowledged.append(write)
            conversation.pending = None

    def count(self):
        with self._lock:
            return sum(len(conversation.acknowledged) for conversation in self.conversations)

    def close(self):
        self._file.close()
