"""What a run found; nothing of it may happen."""

import threading


class Findings:
    KINDS = ("lost", "half-visible", "doubled", "unexpected")

    def __init__(self):
        self._lock = threading.Lock()
        self._found = {kind: [] for kind in self.KINDS}

    def add(self, kind, what):
        with self._lock:
            self._found[kind].append(what)

    def count(self, kind):
        with self._lock:
            return len(self._found[kind])

    def total(self):
        return sum(self.count(kind) for kind in self.KINDS)

    def summary(self):
        return ", ".join(f"{self.count(kind)} {kind}" for kind in self.KINDS)

    def print_details(self, most=10):
        for kind in self.KINDS:
            for what in self._found[kind][:most]:
                print(f"  {kind}: {what}")
