"""Conversations as twelve programs write them: messages, and what of each is to be read.

A row: the name, the messages as they are sent, and for each of them what is expected: content, and of the rest only
what is said here. Everything that was sent has to be found again, in a field or in the metadata."""

OPENAI_CHAT = [
    {"role": "system", "content": "You are terse."},
    {"role": "user", "content": [
        {"type": "text", "text": "What is on this photo?"},
        {"type": "image_url", "image_url": {"url": "https://example.org/heron.jpg", "detail": "low"}}]},
    {"role": "assistant", "content": None, "refusal": None, "tool_calls": [
        {"id": "call_1", "type": "function", "function": {"name": "lookup", "arguments": "{\"bird\":\"heron\"}"}}]},
    {"role": "tool", "tool_call_id": "call_1", "content": "Ardea cinerea"},
    {"role": "assistant", "content": "A grey heron.", "annotations": []},
]
OPENAI_CHAT_READ = [
    {"content": "You are terse.", "author_type": "system"},
    {"content": "What is on this photo?\n\n[image_url]", "author_type": "user"},
    {"content": "[tool call lookup] {\"bird\":\"heron\"}", "author_type": "assistant"},
    {"content": "Ardea cinerea", "author_type": "tool"},
    {"content": "A grey heron.", "author_type": "assistant"},
]

OPENAI_RESPONSES = [
    {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Is the ferry late?"}]},
    {"type": "reasoning", "id": "rs_1", "summary": [{"type": "summary_text", "text": "Look it up."}]},
    {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "ferry", "arguments": "{\"port\":\"Naxos\"}",
     "status": "completed"},
    {"type": "function_call_output", "call_id": "c1", "output": "{\"late\":true}"},
    {"type": "message", "id": "msg_1", "status": "completed", "role": "assistant",
     "content": [{"type": "output_text", "text": "Yes, by an hour.", "annotations": []}]},
]
OPENAI_RESPONSES_READ = [
    {"content": "Is the ferry late?", "author_type": "user"},
    {"content": "[reasoning] Look it up.", "external_id": "rs_1"},
    {"content": "[tool call ferry] {\"port\":\"Naxos\"}", "external_id": "fc_1", "author_type": "assistant"},
    {"content": "[function_call_output] {\"late\":true}", "author_type": "tool"},
    {"content": "Yes, by an hour.", "author_type": "assistant", "external_id": "msg_1"},
]

ANTHROPIC = [
    {"role": "user", "content": "Count the oars."},
    {"role": "assistant", "content": [
        {"type": "thinking", "thinking": "Use the tool.", "signature": "sig=="},
        {"type": "text", "text": "Let me count."},
        {"type": "tool_use", "id": "toolu_1", "name": "count", "input": {"what": "oars"}}]},
    {"role": "user", "content": [
        {"type": "tool_result", "tool_use_id": "toolu_1", "content": [{"type": "text", "text": "seven oars"}]}]},
    {"role": "assistant", "content": [{"type": "text", "text": "Seven."}], "stop_reason": "end_turn"},
]
ANTHROPIC_READ = [
    {"content": "Count the oars.", "author_type": "user"},
    {"content": "[thinking]\n\nLet me count.\n\n[tool_use]", "author_type": "assistant"},
    {"content": "[tool_result] seven oars", "author_type": "user"},
    {"content": "Seven.", "author_type": "assistant"},
]

GEMINI = [
    {"role": "user", "parts": [{"text": "Where is the tide table?"},
                               {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}}]},
    {"role": "model", "parts": [{"functionCall": {"name": "tides", "args": {"port": "Brest"}}}]},
    {"role": "function", "parts": [{"functionResponse": {"name": "tides", "response": {"low": "06:10"}}}]},
    {"role": "model", "parts": [{"text": "Low water is at ten past six."}]},
]
GEMINI_READ = [
    {"content": "Where is the tide table?\n\n[inlineData]", "author_type": "user"},
    {"content": "[functionCall]", "author_type": "model"},
    {"content": "[functionResponse] {\"name\":\"tides\",\"response\":{\"low\":\"06:10\"}}", "author_type": "function"},
    {"content": "Low water is at ten past six.", "author_type": "model"},
]

LANGCHAIN = [
    {"type": "human", "data": {"content": "Name a knot.", "additional_kwargs": {}, "type": "human", "name": None,
                               "id": "h1", "example": False}},
    {"type": "ai", "data": {"content": "", "additional_kwargs": {}, "type": "ai", "id": "a1", "tool_calls": [
        {"name": "knots", "args": {"count": 1}, "id": "k1", "type": "tool_call"}], "usage_metadata": {"total": 12}}},
    {"type": "tool", "data": {"content": "bowline", "tool_call_id": "k1", "type": "tool", "status": "success"}},
]
LANGCHAIN_READ = [
    {"content": "Name a knot.", "author_type": "human", "external_id": "h1"},
    {"content": "[tool call knots] {\"count\":1}", "author_type": "ai", "external_id": "a1"},
    {"content": "bowline", "author_type": "tool"},
]

SHAREGPT = [
    {"from": "system", "value": "Be kind."},
    {"from": "human", "value": "How deep is the lock?"},
    {"from": "gpt", "value": "Three metres.", "weight": 1},
]
SHAREGPT_READ = [
    {"content": "Be kind.", "author_type": "system"},
    {"content": "How deep is the lock?", "author_type": "human"},
    {"content": "Three metres.", "author_type": "gpt"},
]

CLAUDE_CODE = [
    {"parentUuid": None, "isSidechain": False, "userType": "external", "cwd": "/home/ana/boat", "sessionId": "s-1",
     "version": "1.0.60", "type": "user", "message": {"role": "user", "content": "Fix the bilge alarm"},
     "uuid": "u-1", "timestamp": "2025-07-01T10:20:30.123Z"},
    {"parentUuid": "u-1", "isSidechain": False, "sessionId": "s-1", "type": "assistant", "requestId": "req_1",
     "message": {"id": "msg_01", "type": "message", "role": "assistant", "model": "claude-x", "content": [
         {"type": "text", "text": "I read the log first."},
         {"type": "tool_use", "id": "toolu_9", "name": "Read", "input": {"file": "alarm.log"}}],
         "stop_reason": "tool_use", "usage": {"input_tokens": 4, "output_tokens": 30}},
     "uuid": "u-2", "timestamp": "2025-07-01T10:20:34.000Z"},
    {"parentUuid": "u-2", "sessionId": "s-1", "type": "user", "message": {"role": "user", "content": [
        {"tool_use_id": "toolu_9", "type": "tool_result", "content": "pump stuck", "is_error": False}]},
     "uuid": "u-3", "timestamp": "2025-07-01T10:20:35.000Z", "toolUseResult": {"lines": 1}},
]
CLAUDE_CODE_READ = [
    {"content": "Fix the bilge alarm", "author_type": "user", "timestamp": "2025-07-01T10:20:30.123Z"},
    {"content": "I read the log first.\n\n[tool_use]", "author_type": "assistant", "external_id": "msg_01"},
    {"content": "[tool_result] pump stuck", "author_type": "user"},
]

LIBRECHAT = [
    {"messageId": "m-1", "conversationId": "c-1", "parentMessageId": "00000000", "sender": "User",
     "text": "Which rope floats?", "isCreatedByUser": True, "error": False, "unfinished": False,
     "createdAt": "2025-03-04T05:06:07.890Z", "updatedAt": "2025-03-04T05:06:08.000Z", "tokenCount": 9},
    {"messageId": "m-2", "conversationId": "c-1", "parentMessageId": "m-1", "sender": "GPT-4o", "text": "",
     "content": [{"type": "text", "text": "Polypropylene does."}], "isCreatedByUser": False,
     "createdAt": "2025-03-04T05:06:10.000Z", "model": "gpt-4o", "endpoint": "openAI"},
]
LIBRECHAT_READ = [
    {"content": "Which rope floats?", "author_type": "User", "timestamp": "2025-03-04T05:06:07.890Z"},
    {"content": "Polypropylene does.", "author_name": "GPT-4o", "timestamp": "2025-03-04T05:06:10.000Z"},
]

OLLAMA = [
    {"role": "user", "content": "What is in the picture?", "images": ["iVBORw0KGgo="]},
    {"role": "assistant", "content": "", "thinking": "I should look.", "tool_calls": [
        {"function": {"name": "look", "arguments": {"at": "picture"}}}]},
    {"role": "tool", "tool_name": "look", "content": "a winch"},
]
OLLAMA_READ = [
    {"content": "What is in the picture?", "author_type": "user"},
    {"content": "[tool call look] {\"at\":\"picture\"}", "author_type": "assistant"},
    {"content": "a winch", "author_type": "tool"},
]

VERCEL = [
    {"id": "v1", "role": "user", "createdAt": "2025-05-05T08:00:00.000Z", "content": "Plan the crossing.",
     "parts": [{"type": "text", "text": "Plan the crossing."}]},
    {"id": "v2", "role": "assistant", "createdAt": "2025-05-05T08:00:05.000Z", "parts": [
        {"type": "step-start"}, {"type": "reasoning", "text": "Wind first."},
        {"type": "tool-weather", "toolCallId": "t1", "state": "output-available", "input": {"at": "Dover"},
         "output": {"wind": 4}},
        {"type": "text", "text": "Leave at dawn."}]},
]
VERCEL_READ = [
    {"content": "Plan the crossing.", "author_type": "user", "external_id": "v1",
     "timestamp": "2025-05-05T08:00:00.000Z"},
    {"content": "[step-start]\n\nWind first.\n\n[tool-weather] {\"wind\":4}\n\nLeave at dawn.",
     "author_type": "assistant", "external_id": "v2"},
]

SLACK = [
    {"type": "message", "user": "U024BE7LH", "text": "Who has the dinghy key?", "ts": "1735689600.000200",
     "team": "T1", "reactions": [{"name": "eyes", "users": ["U9"], "count": 1}]},
    {"type": "message", "subtype": "bot_message", "username": "keybot", "bot_id": "B1", "text": "Noor has it.",
     "ts": "1735689660.000300", "thread_ts": "1735689600.000200"},
]
SLACK_READ = [
    {"content": "Who has the dinghy key?", "timestamp": "2025-01-01T00:00:00.000Z"},
    {"content": "Noor has it.", "timestamp": "2025-01-01T00:01:00.000Z"},
]

PLAIN = [
    {"role": "user", "content": "Äpfel für 3 €? 👩‍🚀\r\n  two  spaces "},
    {"role": "assistant", "content": "Yes."},
]
PLAIN_READ = [
    {"content": "Äpfel für 3 €? 👩‍🚀\r\n  two  spaces ", "author_type": "user"},
    {"content": "Yes.", "author_type": "assistant"},
]

SHAPES = (
    ("OpenAI chat", OPENAI_CHAT, OPENAI_CHAT_READ),
    ("OpenAI responses", OPENAI_RESPONSES, OPENAI_RESPONSES_READ),
    ("Anthropic", ANTHROPIC, ANTHROPIC_READ),
    ("Gemini", GEMINI, GEMINI_READ),
    ("LangChain", LANGCHAIN, LANGCHAIN_READ),
    ("ShareGPT", SHAREGPT, SHAREGPT_READ),
    ("Claude Code", CLAUDE_CODE, CLAUDE_CODE_READ),
    ("LibreChat", LIBRECHAT, LIBRECHAT_READ),
    ("Ollama", OLLAMA, OLLAMA_READ),
    ("Vercel AI SDK", VERCEL, VERCEL_READ),
    ("Slack", SLACK, SLACK_READ),
    ("plain", PLAIN, PLAIN_READ),
)
