#include "catalog.hpp"

#include <array>

#include "application/get_conversation.hpp"
#include "application/list_conversations.hpp"
#include "application/search_conversations.hpp"
#include "encoding/json.hpp"
#include "wire/parameter_schema.hpp"

namespace rag::mcp {

const std::string_view kInstructions =
    "Long-term memory: conversations kept verbatim and found again by meaning and by exact words. "
    "Before you say that you do not know something about earlier conversations, call "
    "search_conversations with the question in plain words; narrow by author, title or date when "
    "the question names them, and set context to see what was said around a hit. Read whole "
    "conversations with get_conversation. Keep what is worth remembering with "
    "ingest_conversation: the messages as they were said, with author_name, author_type and "
    "timestamp; the same conversation twice is stored once. Results end at a token limit: where "
    "there is a next_cursor, call again with it as cursor (fetch: as id).";

namespace {

constexpr std::string_view kReadsOnly = R"({"readOnlyHint": true, "openWorldHint": false})";

constexpr Tool kSearchConversations{
    "search_conversations",
    search_conversations,
    "Find passages of stored conversations by meaning and by words, best first.",
    "",
    kReadsOnly,
    R"({"type": "object", "properties": {
        "results": {"type": "array", "items": {"type": "object"}},
        "degraded": {"type": "boolean"},
        "truncated": {"type": "boolean"},
        "next_cursor": {"type": ["string", "null"]}},
        "required": ["results", "truncated"]})",
    false,
    [] { return described(Door::tool, search_of_tools()); },
};

constexpr Tool kIngestConversation{
    "ingest_conversation",
    ingest_conversation,
    "Store a conversation verbatim; the next search finds it. The same content again is not "
    "stored twice: duplicate is true and the first id comes back.",
    R"({"type": "object", "properties": {
        "conversation_data": {"type": "object", "properties": {
            "scenario_title": {"type": "string"},
            "original_title": {"type": "string"},
            "url": {"type": "string"},
            "external_id": {"type": "string"},
            "metadata": {"type": "object"},
            "messages": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {
                "author_name": {"type": "string"},
                "author_type": {"enum": ["user", "human", "assistant", "ai", "bot", "system",
                                         "developer", "tool", "function"]},
                "content": {"type": "string"},
                "timestamp": {"type": "string", "format": "date-time"},
                "external_id": {"type": "string"},
                "metadata": {"type": "object"}},
                "required": ["content"], "additionalProperties": false}}},
            "required": ["messages"], "additionalProperties": false},
        "idempotency_key": {"type": "string",
                            "description": "Makes a retry safe: same key, same answer"}},
        "required": ["conversation_data"], "additionalProperties": false})",
    R"({"readOnlyHint": false, "destructiveHint": false, "idempotentHint": true,
        "openWorldHint": false})",
    R"({"type": "object", "properties": {
        "conversation_id": {"type": "string"},
        "duplicate": {"type": "boolean"}},
        "required": ["conversation_id"]})",
    true,
};

constexpr Tool kGetConversations{
    "get_conversations",
    get_conversations,
    "List stored conversations, newest first.",
    "",
    kReadsOnly,
    R"({"type": "object", "properties": {
        "conversations": {"type": "array", "items": {"type": "object"}},
        "truncated": {"type": "boolean"},
        "next_cursor": {"type": ["string", "null"]}},
        "required": ["conversations", "truncated"]})",
    false,
    [] { return described(Door::tool, ListRequest()); },
};

constexpr Tool kGetConversation{
    "get_conversation",
    get_conversation,
    "Read the messages of one conversation, verbatim. from and to are message indices, counted "
    "from 0, inclusive (as message_start and message_end of a search).",
    "",
    kReadsOnly,
    R"({"type": "object", "properties": {
        "messages": {"type": "array", "items": {"type": "object"}},
        "truncated": {"type": "boolean"},
        "next_cursor": {"type": ["string", "null"]}},
        "required": ["messages", "truncated"]})",
    false,
    [] { return described(Door::tool, MessagesRequest()); },
};

constexpr Tool kDeleteConversation{
    "delete_conversation",
    delete_conversation,
    "Delete a conversation for good.",
    R"({"type": "object", "properties": {
        "conversation_id": {"type": ["string", "integer"]}},
        "required": ["conversation_id"], "additionalProperties": false})",
    R"({"readOnlyHint": false, "destructiveHint": true, "idempotentHint": true,
        "openWorldHint": false})",
    R"({"type": "object", "properties": {
        "conversation_id": {"type": "string"},
        "chunks_deleted": {"type": "integer"}},
        "required": ["conversation_id"]})",
    true,
};

constexpr Tool kSearch{
    "search",
    search,
    "Find stored conversations that answer a question; read one with fetch.",
    R"({"type": "object", "properties": {"query": {"type": "string"}},
        "required": ["query"], "additionalProperties": false})",
    kReadsOnly,
    R"({"type": "object", "properties": {
        "results": {"type": "array", "items": {"type": "object", "properties": {
            "id": {"type": "string"}, "title": {"type": "string"}, "url": {"type": "string"}},
            "required": ["id", "title", "url"]}},
        "truncated": {"type": "boolean"}},
        "required": ["results"]})",
};

constexpr Tool kFetch{
    "fetch",
    fetch,
    "Read a conversation found by search. A long one comes in parts: fetch next_cursor as id.",
    R"({"type": "object", "properties": {"id": {"type": "string"}},
        "required": ["id"], "additionalProperties": false})",
    kReadsOnly,
    R"({"type": "object", "properties": {
        "id": {"type": "string"},
        "title": {"type": "string"},
        "text": {"type": "string"},
        "url": {"type": "string"},
        "metadata": {"type": "object"},
        "truncated": {"type": "boolean"},
        "next_cursor": {"type": ["string", "null"]}},
        "required": ["id", "title", "text", "url"]})",
};

constexpr Tool kHealthCheck{
    "health_check",
    health_check,
    "Tell whether the memory is ready to search and to store.",
    R"({"type": "object", "additionalProperties": false})",
    kReadsOnly,
    R"({"type": "object", "properties": {"status": {"type": "string"}}, "required": ["status"]})",
};

constexpr std::array<Tool, 8> kTools{
    kSearchConversations,
    kIngestConversation,
    kGetConversations,
    kGetConversation,
    kDeleteConversation,
    kSearch,
    kFetch,
    kHealthCheck};

/// The same JSON without white space between its tokens.
std::string compact(std::string_view json) {
    std::string out;
    out.reserve(json.size());
    bool in_string = false;
    for (std::size_t at = 0; at < json.size(); ++at) {
        const char character = json[at];
        if (in_string && character == '\\') {
            out += json.substr(at++, 2);
            continue;
        }
        if (character == '"') in_string = !in_string;
        const bool blank = character == ' ' || character == '\n';
        if (in_string || !blank) out += character;
    }
    return out;
}

void write_tool(encoding::JsonWriter& out, const Tool& tool, Revision revision) {
    out.begin_object();
    out.member("name", tool.name);
    out.member("description", tool.description);
    out.key("inputSchema");
    if (tool.parameters == nullptr) {
        out.raw(compact(tool.input_schema));
    } else {
        out.begin_object().member("type", std::string_view("object"));
        wire::write_object_schema(out, Door::tool, tool.parameters());
        out.end_object();
    }
    if (has_structured_content(revision)) out.key("outputSchema").raw(compact(tool.output_schema));
    if (has_annotations(revision)) out.key("annotations").raw(compact(tool.annotations));
    out.end_object();
}

}  // namespace

std::span<const Tool> tools() { return kTools; }

const Tool* find_tool(std::string_view name) {
    for (const Tool& tool : kTools) {
        if (tool.name == name) return &tool;
    }
    return nullptr;
}

void write_tools(encoding::JsonWriter& out, Revision revision) {
    out.key("tools").begin_array();
    for (const Tool& tool : kTools) write_tool(out, tool, revision);
    out.end_array();
}

}  // namespace rag::mcp
