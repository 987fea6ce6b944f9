#!/usr/bin/env python3
"""Makes up conversations to measure with, and questions in plain words about them.

    benches/corpus/make.py --messages 20000 conversations.jsonl [questions.jsonl]

The words are those of the embedding model's vocabulary, which is sorted by how frequent they are, and are drawn by Zipf's
law: as in real talk, half of a message are stop words. Each conversation has one of 200 topics, from whose words three
content words in ten are taken, so embeddings lie in clusters. Half of the messages are the assistant's; one conversation
in twenty is entitled "a twentieth", one in a thousand "a thousandth": filters of 50, 5 and 0.1 %. The same seed makes the
same files. Needs Python 3.9, nothing else.
"""

import argparse
import datetime
import itertools
import json
import pathlib
import random

ROOT = pathlib.Path(__file__).resolve().parents[2]
STOP_WORDS = 120  # So many of the most frequent words carry no content.
TOPICS = 200
WORDS_PER_TOPIC = 60
AUTHORS = 300
MESSAGES_PER_CONVERSATION = 20
WORDS_PER_MESSAGE = 22
QUESTIONS_FROM = 50  # One message in so many is asked about.
TEMPLATES = (
    "What did {author} say about the {0} and the {1}?",
    "When did {author} talk about {0} {1} with {2}?",
    "Who was it that wanted to know how {0} and {1} are with {2}?",
    "Why does {author} think that {0} is better than {1}?",
    "How many of the {0} were there after the {1} {2} in {3}?",
)


def vocabulary(path):
    with open(path, encoding="utf-8") as lines:
        words = [line.strip() for line in lines]
    return [word for word in words[words.index("the"):] if word.isascii() and word.isalpha() and len(word) > 1]


class Corpus:
    def __init__(self, words, seed):
        self.random = random.Random(seed)
        self.words = words
        self.shares = list(itertools.accumulate(1 / (rank + 2.7) ** 1.05 for rank in range(1, len(words) + 1)))
        content = words[STOP_WORDS:]
        self.topics = [self.random.sample(content, WORDS_PER_TOPIC) for _ in range(TOPICS)]
        self.authors = [word.capitalize() for word in self.random.sample(content, AUTHORS)]
        self.stop_words = set(words[:STOP_WORDS])
        self.time = datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)

    def text(self, topic):
        length = max(2, round(self.random.gauss(WORDS_PER_MESSAGE, WORDS_PER_MESSAGE / 2)))
        words = self.random.choices(self.words, cum_weights=self.shares, k=length)
        return [
            self.random.choice(topic) if word not in self.stop_words and self.random.random() < 0.3 else word
            for word in words
        ]

    def conversation(self, number, length):
        kind = self.random.random()
        title = "a thousandth" if kind < 0.001 else "a twentieth" if kind < 0.051 else f"title {number % 100}"
        topic, author = self.random.choice(self.topics), self.random.choice(self.authors)
        self.time += datetime.timedelta(hours=1)
        messages, questions = [], []
        for place in range(length):
            words = self.text(topic)
            speaker = {"author_name": author, "author_type": "user"}
            if place % 2:
                speaker = {"author_name": "Assistant", "author_type": "assistant"}
            self.time += datetime.timedelta(minutes=1)
            messages.append({**speaker, "content": " ".join(words).capitalize() + ".", "timestamp": self.time.isoformat()})
            content = [word for word in words if word not in self.stop_words]
            if len(content) >= 4 and self.random.random() * QUESTIONS_FROM < 1:
                template = self.random.choice(TEMPLATES)
                asked = template.format(*self.random.sample(content, 4), author=speaker["author_name"])
                questions.append({"question": asked})
        return {"scenario_title": title, "original_title": f"made up {number}", "messages": messages}, questions


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--vocabulary", type=pathlib.Path, default=ROOT / "models/all-MiniLM-L6-v2/vocab.txt")
    parser.add_argument("conversations", type=pathlib.Path)
    parser.add_argument("questions", type=pathlib.Path, nargs="?")
    options = parser.parse_args()

    corpus = Corpus(vocabulary(options.vocabulary), options.seed)
    asked, left = [], options.messages
    with open(options.conversations, "w", encoding="utf-8") as out:
        for number in itertools.count(1):
            if left == 0:
                break
            length = min(left, 1 + int(corpus.random.expovariate(1 / MESSAGES_PER_CONVERSATION)))
            left -= length
            conversation, questions = corpus.conversation(number, length)
            out.write(json.dumps(conversation) + "\n")
            asked += questions
    corpus.random.shuffle(asked)
    if options.questions:
        options.questions.write_text("".join(json.dumps(question) + "\n" for question in asked), encoding="utf-8")


if __name__ == "__main__":
    main()
