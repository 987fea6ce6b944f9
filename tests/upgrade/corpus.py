"""What is stored by the version before: small conversations, each with a word that only it holds."""

import collections
import random

WORDS = ("river bridge garden window letter train winter coffee market paper engine island bottle candle village doctor "
         "pencil mirror blanket forest harbour kitchen ladder museum needle orchard pocket quarter ribbon saddle").split()
AUTHORS = ("Ana", "ANA", "José", "Jose\u0301", "Zoë  Müller", "Łukasz", "Ｗｉｄｅ", "Чехов", "小林", None)
TITLES = ("Trip to Łódź", "TRIP TO ŁÓDŹ", "Straße  und Brücke", "Kitchen", "小さな旅", None)
TYPES = ("user", "assistant", "human", "tool", None)
TWICE, THRICE = 200, 100  # So many external_ids stand twice, thrice.
KEYS = 300

Keyed = collections.namedtuple("Keyed", "method path body key")


def word_of(number):
    """Letters alone, and no word of any language."""
    letters = ""
    for _ in range(4):
        number, digit = divmod(number, 20)
        letters += "bcdfghjklmnpqrstvwxz"[digit]
    return "zq" + letters


class Corpus:
    def __init__(self, count, seed):
        self.random = random.Random(seed)
        self.conversations = [self.conversation(number) for number in range(count)]
        self.name_some()

    def messages(self):
        return sum(len(each["messages"]) for each in self.conversations)

    def text(self, number, index):
        words = self.random.choices(WORDS, k=self.random.randint(2, 6))
        if index == 0:
            words.append(word_of(number))
        return " ".join(words) + self.random.choice((".", "?", "!\n", " – “so”", " \U0001f642"))

    def conversation(self, number):
        made = {"messages": [self.message(number, index) for index in range(self.random.randint(2, 3))]}
        for name, values in (("scenario_title", TITLES), ("original_title", ("Old name", None)),
                             ("url", ("https://example.com/a?b=1#c", None)),
                             ("metadata", ({"n": 12345678901234567890, "list": [1, 2.50, None]}, {"external_id": 7}, None))):
            value = self.random.choice(values)
            if value is not None:
                made[name] = value
        return made

    def message(self, number, index):
        made = {"content": self.text(number, index)}
        for name, values in (("author_name", AUTHORS), ("author_type", TYPES)):
            value = self.random.choice(values)
            if value is not None:
                made[name] = value
        if self.random.random() < 0.5:
            made["timestamp"] = f"20{self.random.randint(10, 25)}-0{self.random.randint(1, 9)}-17T08:{index:02}:00.125Z"
        if self.random.random() < 0.2:
            made["external_id"] = f"m{number}-{index}"
        if self.random.random() < 0.2:
            made["metadata"] = {"seen": True}
        return made

    def name_some(self):
        """Every second conversation has an external_id; some of those stand twice or thrice."""
        count = len(self.conversations)
        shared = min(2 * TWICE + 3 * THRICE, count // 4)
        numbers = self.random.sample(range(count), count // 2)
        for place, number in enumerate(numbers):
            if place < shared * 4 // 7:
                name = f"twice {place // 2}"
            elif place < shared:
                name = f"thrice {place // 3}"
            else:
                name = f"once {number}"
            self.conversations[number]["external_id"] = name

    def names(self, ids):
        """The external_id that each was sent with, by id."""
        named = zip(ids, self.conversations)
        return {number: each["external_id"] for number, each in named if "external_id" in each}

    def keyed_requests(self, ids):
        """Requests with a key, made after the batch: each kind of write."""
        for number in range(KEYS):
            yield Keyed("POST", "/ingest", self.conversation(len(self.conversations) + number), f"ingest-{number}")
        for number in range(KEYS // 3):
            body = {"messages": [{"author_name": "Ana", "content": f"appended {word_of(90_000 + number)}"}]}
            yield Keyed("POST", f"/conversations/{ids[number]}/messages", body, f"append-{number}")
        for number in range(KEYS // 3, KEYS // 2):
            yield Keyed("DELETE", f"/conversations/{ids[number]}", None, f"delete-{number}")

    @staticmethod
    def untouched():
        """The first conversation of the batch that no keyed request touches."""
        return KEYS // 2
