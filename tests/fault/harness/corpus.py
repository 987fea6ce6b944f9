"""Conversations that can be told apart: each write holds a word that no other text holds."""

import hashlib
import random
from dataclasses import dataclass, field

WORDS = (
    "backup bucket release garden train coffee invoice window river engine meeting ticket "
    "winter holiday recipe camera bridge letter market doctor"
).split()
# What must come back byte for byte: spaces at the ends, line breaks, quotes, other scripts, emoji.
ODDITIES = ["  two spaces ", "a\nline\r\nbreak", '"quoted\\"', "Grüße", "日本語のメモ", "👩‍👩‍👧 ok", "e\u0301", "\t|"]


def unique_word(*parts):
    digest = hashlib.sha256(":".join(map(str, parts)).encode()).hexdigest()[:14]
    return "zq" + "".join(chr(ord("a") + int(digit, 16)) for digit in digest) + "xq"


@dataclass
class Write:
    """One write; repeated until it is acknowledged, always with the same key and content."""

    key: str
    word: str
    messages: list
    conversation: "Conversation"


@dataclass
class Conversation:
    title: str
    id: str = ""
    acknowledged: list = field(default_factory=list)  # Writes, in the order of the messages.
    pending: "Write | None" = None  # Sent, not answered: it may be there or not.


class Corpus:
    """Makes what one writer writes, the same for the same seed."""

    def __init__(self, seed, writer):
        self.writer = writer
        self.seed = seed
        self.random = random.Random(f"{seed}:{writer}")
        self.count = 0

    def new_conversation(self):
        conversation = Conversation(title=f"fault-{self.writer}-{self.count}")
        return self._write(conversation, self._size())

    def more_of(self, conversation):
        return self._write(conversation, self.random.randint(1, 3))

    def body(self, write):
        """What `POST /ingest` takes."""
        return {"scenario_title": write.conversation.title, "messages": write.messages}

    def _size(self):
        return self.random.choice([1, 1, 2, 3, 5, 8, 40])

    def _write(self, conversation, size):
        key = f"{self.seed}-{self.writer}-{self.count}"
        word = unique_word(key)
        self.count += 1
        messages = []
        for place in range(size):
            text = " ".join(self.random.choices(WORDS, k=self.random.randint(2, 12)))
            text += self.random.choice(ODDITIES)
            messages.append({
                "author_name": self.random.choice(["ana", "ben", "chloé"]),
                "author_type": "user",
                "content": (word + " " if place == 0 else "") + text,
            })
        return Write(key, word, messages, conversation)
