#!/usr/bin/env python3
"""Sixty calls as models write them: each is understood, or the model is told. Needs Python 3.9, nothing else.

    MCP_BACKEND=build/release/mcp-backend python3 tests/integration/doors/test_written_by_models.py
"""

import json
import os
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "fault")]

from doors import Client, Stdio  # noqa: E402
from harness.backend import Program, Server  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
LEAST = 60

TALK = {"scenario_title": "Pottery", "external_id": "pots", "messages": [
    {"author_name": "Marta", "author_type": "user", "content": "The kiln needs a thermocouple.",
     "timestamp": "2026-05-03T10:00:00Z"},
    {"author_name": "Bot", "author_type": "assistant", "content": "Order the long one.",
     "timestamp": "2026-05-03T10:01:00Z"}]}
SAID = {"messages": [{"role": "user", "content": "said once"}]}


def found(title="Pottery"):
    return lambda result: result["results"][0]["title"] == title


def nothing(result):
    return result["results"] == [] or "results" not in result


def ignored(*names):
    return lambda result: result["ignored_arguments"] == list(names)


def stored(result):
    return int(result["conversation_id"]) > 0


# Tool, arguments, and what is understood: a check of the result; or the beginning of what the model is told.
CALLS = (
    ("search_conversations", {"q": "kiln"}, found()),
    ("search_conversations", {"query": "kiln"}, found()),
    ("search_conversations", {"q": "kiln", "top_k": "3"}, found()),
    ("search_conversations", {"q": "kiln", "top_k": 3.0}, found()),
    ("search_conversations", {"q": "kiln", "top_k": "3.0"}, found()),
    ("search_conversations", {"q": "kiln", "topK": 3}, found()),
    ("search_conversations", {"q": "kiln", "topk": 3}, "topk: did you mean top_k"),
    ("search_conversations", {"q": "kiln", "limit": 3}, ignored("limit")),
    ("search_conversations", {"q": "kiln", "n_results": 2, "include_metadata": True}, ignored("n_results", "include_metadata")),
    ("search_conversations", {"q": "kiln", "top_k": None, "author_name": None, "cursor": None}, found()),
    ("search_conversations", {"q": "kiln", "author_name": "", "author_type": "", "date_from": "", "cursor": ""}, found()),
    ("search_conversations", {"q": "kiln", "top_k": ""}, found()),
    ("search_conversations", {"q": "kiln", "author_name": "marta"}, found()),
    ("search_conversations", {"q": "kiln", "authorName": "Marta"}, found()),
    ("search_conversations", {"q": "kiln", "author_name": "Martha"}, lambda r: r["hints"][0]["nearest"][0] == "Marta"),
    ("search_conversations", {"q": "kiln", "author_type": "Human"}, found()),
    ("search_conversations", {"q": "kiln", "author_type": "robot"}, lambda r: r["hints"][0]["filter"] == "author_type"),
    ("search_conversations", {"q": "kiln", "scenario_title": "POTTERY"}, found()),
    ("search_conversations", {"q": "kiln", "scenario_title": "Poetry"}, lambda r: r["hints"][0]["nearest"] == ["Pottery"]),
    ("search_conversations", {"q": "kiln", "conversation_id": 1}, found()),
    ("search_conversations", {"q": "kiln", "conversation_id": 1.0}, found()),
    ("search_conversations", {"q": "kiln", "date_from": "2026-05-03", "date_to": "2026-05-03"}, found()),
    ("search_conversations", {"q": "kiln", "date_from": "2026-05-03T10:00:00+00:00"}, found()),
    ("search_conversations", {"q": "kiln", "date_from": "last week"}, "date_from: must be a date"),
    ("search_conversations", {"q": "kiln", "dateFrom": "2026-05-03"}, found()),
    ("search_conversations", {"q": "kiln", "data_from": "2026-05-03"}, "data_from: did you mean date_from"),
    ("search_conversations", {"q": "kiln", "min_score": "0.1"}, found()),
    ("search_conversations", {"q": "kiln", "mode": "semantic"}, "mode: must be"),
    ("search_conversations", {"q": "kiln", "context": "1"}, found()),
    ("search_conversations", {"q": "kiln", "max_tokens": "500"}, found()),
    ("search_conversations", {"q": "kiln", "sort": "newest"}, found()),
    ("search_conversations", {"sort": "newest"}, found()),
    ("search_conversations", {"q": "*", "author_name": "Bot"}, found()),
    ("search_conversations", {"author_name": "Bot", "timezone": "Europe/Berlin", "date_from": "2026-05-03"}, found()),
    ("search_conversations", {"q": ""}, "q: must not be blank"),
    ("search_conversations", {"question": "kiln"}, "q: must not be blank"),
    ("search_conversations", {"q": ["kiln"]}, "q: must be a string"),
    ("search_conversations", {"q": "kiln", "filters": {"author_name": "Marta"}}, ignored("filters")),
    ("ingest_conversation", {"conversation_data": SAID}, stored),
    ("ingest_conversation", {"conversation_data": json.dumps(SAID)}, stored),
    ("ingest_conversation", SAID, stored),
    ("ingest_conversation", {"messages": json.dumps(SAID["messages"])}, stored),
    ("ingest_conversation", {"conversation_data": {"title": "Kiln", "messages": [{"role": "user", "text": "t"}]}}, stored),
    ("ingest_conversation", {"conversationData": SAID}, stored),
    ("ingest_conversation", {"conversation_data": SAID, "idempotencyKey": "k-1"}, stored),
    ("ingest_conversation", {"conversation_data": SAID, "if_exists": "", "idempotency_key": ""}, stored),
    ("ingest_conversation", {"conversation_data": {"messages": []}}, "conversation_data/messages: must hold"),
    ("ingest_conversation", {"conversation": SAID}, "conversation_data: is missing"),
    ("ingest_conversation", {"conversation_data": {"external_id": "pots", "messages": [
        {"role": "user", "content": "something else"}]}}, "conversation_data/messages/0: is another message"),
    ("append_messages", {"conversation_id": 1, "messages": [{"role": "user", "content": "ordered"}]}, stored),
    ("append_messages", {"external_id": "pots", "messages": [{"content": "it came"}]}, stored),
    ("append_messages", {"conversation_id": "1", "messages": json.dumps([{"content": "it fits"}])}, stored),
    ("append_messages", {"conversation_id": "1", "message": [{"content": "x"}]}, "message: did you mean messages"),
    ("append_messages", {"conversation_id": "1", "messages": {"content": "x"}}, "messages: must be an array"),
    ("get_conversations", {"limit": "10", "skip": "0"}, lambda r: len(r["conversations"]) > 1),
    ("get_conversations", {"author_name": "marta"}, lambda r: r["conversations"][0]["id"] == "1"),
    ("get_conversations", {"sort": "created", "limit": 1.0}, lambda r: len(r["conversations"]) == 1),
    ("get_conversations", {}, lambda r: len(r["conversations"]) > 1),
    ("get_conversation", {"conversation_id": 1, "from": "0", "to": "1"}, lambda r: len(r["messages"]) == 2),
    ("get_conversation", {"id": "1"}, "conversation_id: "),
    ("update_conversation", {"conversation_id": 1, "original_title": "Kiln"}, lambda r: r["original_title"] == "Kiln"),
    ("update_conversation", {"conversation_id": "1", "metadata": "{\"shelf\":2}"}, lambda r: r["id"] == "1"),
    ("search", {"query": "kiln"}, lambda r: r["results"][0]["id"] == "1"),
    ("search", {"q": "kiln"}, lambda r: r["results"][0]["id"] == "1"),
    ("fetch", {"id": 1}, lambda r: "thermocouple" in r["text"]),
    ("health_check", {}, lambda r: r["status"] == "healthy"),
    ("health_check", {"verbose": True}, ignored("verbose")),
    ("delete_conversation", {"conversation_id": 1}, lambda r: r["conversation_id"] == "1"),
)


class WrittenByModels(unittest.TestCase):
    def test_each_is_understood_or_told(self):
        self.assertGreaterEqual(len(CALLS), LEAST)
        with tempfile.TemporaryDirectory(prefix="mcp-backend-models-") as folder:
            program = Program(BINARY, folder)
            server = Server(program)
            server.wait_until_ready()
            client = Client(server.port)
            client.call("POST", "/ingest", TALK)
            client.close()
            door = Stdio(program, server)
            try:
                for tool, arguments, understood in CALLS:
                    with self.subTest(tool=tool, arguments=arguments):
                        result = door.call(tool, arguments)["result"]
                        text = result["content"][0]["text"]
                        if isinstance(understood, str):
                            self.assertTrue(result.get("isError"), text)
                            self.assertTrue(text.startswith(understood), text)
                        else:
                            self.assertFalse(result.get("isError"), text)
                            self.assertTrue(understood(result["structuredContent"]), result)
            finally:
                door.close()
                server.kill()


if __name__ == "__main__":
    unittest.main(verbosity=1)
