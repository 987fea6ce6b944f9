"""The official Python client against the real program: both generations of the protocol, over
stdio and over HTTP. Every tool is listed and called, and so are resources and prompts. The client
checks each result against the tool's output schema. Run by run_sdk_test.py."""

import asyncio
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "fault"))

from harness.backend import Program, Server  # noqa: E402
from mcp import Client, StdioServerParameters  # noqa: E402

BINARY = os.environ.get("MCP_BACKEND", "build/release/mcp-backend")
PATIENCE = 60
TOOLS = {"search_conversations", "ingest_conversation", "get_conversations", "get_conversation",
         "append_messages", "update_conversation", "delete_conversation", "search", "fetch",
         "health_check"}
# How the client negotiates, and the revision that must come of it.
MODES = {"legacy": "2025-11-25", "auto": "2026-07-28", "2026-07-28": "2026-07-28"}

CONVERSATION = {
    "scenario_title": "Winter trip",
    "metadata": {"source": "sdk"},
    "messages": [
        {"author_name": "Ana", "author_type": "user", "content": "We fly to Oslo on Friday.",
         "timestamp": "2025-11-07T14:30:45Z"},
        {"author_name": "Ben", "author_type": "user", "content": "I will bring the blue tent."},
    ],
}


class EveryTool(unittest.IsolatedAsyncioTestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="mcp-backend-sdk-")
        self.addCleanup(folder.cleanup)
        self.program = Program(BINARY, folder.name)

    def stdio(self):
        return StdioServerParameters(
            command=self.program.binary, args=["mcp"], env=self.program.environment())

    def url(self):
        server = Server(self.program)
        self.addCleanup(server.stop)
        server.wait_until_ready()
        return f"http://127.0.0.1:{server.port}/mcp"

    async def run_all(self, target):
        for mode, revision in MODES.items():
            with self.subTest(mode=mode):
                async with asyncio.timeout(PATIENCE):
                    async with Client(target, mode=mode) as client:
                        self.assertEqual(client.protocol_version, revision)
                        await self.call_every_tool(client)
                        await self.read_resources_and_prompts(client)

    async def call(self, client, tool, arguments):
        result = await client.call_tool(tool, arguments)
        self.assertFalse(result.is_error, result)
        self.called.add(tool)
        return result.structured_content

    async def call_every_tool(self, client):
        self.called = set()
        listed = {tool.name for tool in (await client.list_tools()).tools}
        self.assertEqual(listed, TOOLS)

        health = await self.call(client, "health_check", {})
        self.assertIn(health["status"], {"healthy", "starting"})
        stored = await self.call(client, "ingest_conversation", {"conversation_data": CONVERSATION})
        self.assertFalse(stored["duplicate"])
        identity = stored["conversation_id"]
        again = await self.call(client, "ingest_conversation", {"conversation_data": CONVERSATION})
        self.assertEqual((again["duplicate"], again["conversation_id"]), (True, identity))

        found = await self.call(client, "search_conversations", {
            "q": "where do we travel", "author_name": "Ana", "context": 1, "top_k": 3})
        self.assertTrue(any("Oslo" in message["text"] for message in found["results"][0]["messages"]))
        self.assertIn("I will bring the blue tent.", [message["text"] for message in found["results"][0]["messages"]])
        read = await self.call(client, "get_conversation", {"conversation_id": identity, "from": 1})
        self.assertEqual([message["content"] for message in read["messages"]],
                         ["I will bring the blue tent."])
        listing = await self.call(client, "get_conversations", {"limit": 10})
        self.assertEqual([row["id"] for row in listing["conversations"]], [identity])
        more = await self.call(client, "append_messages", {
            "conversation_id": identity, "messages": [{"author_name": "Ana", "content": "Pack socks."}]})
        self.assertEqual(more["messages"], 1)
        titled = await self.call(client, "update_conversation", {
            "conversation_id": identity, "original_title": "Packing"})
        self.assertEqual((titled["id"], titled["original_title"]), (identity, "Packing"))
        hits = await self.call(client, "search", {"query": "Oslo"})
        self.assertEqual(hits["results"][0]["id"], identity)
        whole = await self.call(client, "fetch", {"id": identity})
        self.assertIn("Ben: I will bring the blue tent.", whole["text"])

        wrong = await client.call_tool("search_conversations", {"q": "x", "top_k": 0})
        self.assertTrue(wrong.is_error)
        self.assertIn("top_k", wrong.content[0].text)
        self.identity = identity

    async def read_resources_and_prompts(self, client):
        uri = f"conversation://{self.identity}"
        resources = (await client.list_resources()).resources
        self.assertEqual([str(resource.uri) for resource in resources], [uri])
        templates = (await client.list_resource_templates()).resource_templates
        self.assertEqual(templates[0].uri_template, "conversation://{id}")
        contents = (await client.read_resource(uri)).contents
        self.assertIn("We fly to Oslo", contents[0].text)

        prompts = {prompt.name for prompt in (await client.list_prompts()).prompts}
        self.assertEqual(prompts, {"search_memory", "summarize_conversation"})
        prompt = await client.get_prompt("search_memory", {"question": "When do we fly?"})
        self.assertIn("When do we fly?", prompt.messages[0].content.text)
        summary = await client.get_prompt("summarize_conversation", {"conversation_id": self.identity})
        self.assertIn("We fly to Oslo", summary.messages[1].content.resource.text)

        gone = await self.call(client, "delete_conversation", {"conversation_id": self.identity})
        self.assertEqual(gone["conversation_id"], self.identity)
        self.assertEqual(self.called, TOOLS)

    async def test_over_stdio(self):
        await self.run_all(self.stdio())

    async def test_over_http(self):
        await self.run_all(self.url())

    async def test_over_stdio_beside_a_server(self):
        self.url()
        await self.run_all(self.stdio())


if __name__ == "__main__":
    unittest.main(verbosity=2, warnings="ignore")
