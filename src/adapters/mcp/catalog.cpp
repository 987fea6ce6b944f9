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
    "search_conversations with the question in plain words; narrow by author, title or date only "
    "when the question names them. If nothing comes back, try other words or fewer filters before "
    "you say that it was never mentioned. Read on with get_conversation. Keep what is worth "
    "remembering with ingest_conversation: the messages as they were said, with author_name, "
    "author_type and timestamp; add later messages with append_messages. Results end at a token "
    "limit: where there is a next_cursor, call again with it as cursor (fetch: as id).";

namespace {

constexpr std::string_view kReadsOnly = R"({"readOnlyHint": true})";
constexpr std::string_view kWrites =
    R"({"readOnlyHint": false, "destructiveHint": false, "idempotentHint": true})";

constexpr Tool kSearchConversations{
    "search_conversations",
    search_conversations,
    "Search past conversations. Call it when the user refers to anything said, decided or planned "
    "before, or when you are about to say that you do not know. Answers passages, best first: the "
    "messages that matched (>) and context around them. Filters match whole names and titles in "
    "any case; use them only if sure. No results: nothing matches these words and filters; try "
    "other words, fewer filters, or the values in hints.",
    "",
    kReadsOnly,
    R"({"type": "object", "properties": {
        "results": {"type": "array"},
        "next_cursor": {"type": "string"}}})",
    false,
    [] { return described(Door::tool, search_of_tools()); },
};

/// The fields of a conversation may stand beside `conversation_data` or in its place.
constexpr std::array kIngestArguments{
    Argument{"conversation_data", ArgumentKind::object},
    Argument{"idempotency_key"},
    Argument{"messages", ArgumentKind::array},
    Argument{"scenario_title"},
    Argument{"original_title"},
    Argument{"url"},
    Argument{"external_id"},
    Argument{"metadata", ArgumentKind::object},
    Argument{"title"},
    Argument{"id"},
    Argument{"if_exists"},
    Argument{"on_invalid"},
    Argument{"embedding"},
};

constexpr Tool kIngestConversation{
    "ingest_conversation",
    ingest_conversation,
    "Remember a conversation word for word; the next search finds it. Call it when the user asks "
    "you to remember something, or a conversation worth keeping ends. The same content again is "
    "stored once. With an external_id, a longer version extends what is stored; other messages "
    "need if_exists=replace.",
    R"({"type": "object", "properties": {
        "conversation_data": {"type": "object", "properties": {
            "scenario_title": {"type": "string", "description": "Topic, project or group"},
            "original_title": {"type": "string", "description": "Title of this conversation"},
            "url": {"type": "string"},
            "external_id": {"type": "string", "description": "Its id where it came from"},
            "metadata": {"type": "object", "properties": {}},
            "messages": {"type": "array", "items": {"type": "object", "properties": {
                "author_name": {"type": "string"},
                "author_type": {"type": "string",
                                "description": "user, assistant, system or tool"},
                "content": {"type": "string"},
                "timestamp": {"type": "string", "description": "When it was said, RFC 3339"}},
                "required": ["content"], "additionalProperties": false}}},
            "required": ["messages"], "additionalProperties": false},
        "if_exists": {"type": "string", "enum": ["extend", "replace", "refuse", "new"]},
        "idempotency_key": {"type": "string",
                            "description": "Same key, same answer"}},
        "required": ["conversation_data"], "additionalProperties": false})",
    kWrites,
    R"({"type": "object", "properties": {
        "conversation_id": {"type": "string"}}})",
    true,
    nullptr,
    kIngestArguments,
};

constexpr std::array kAppendArguments{
    Argument{"conversation_id", ArgumentKind::id},
    Argument{"external_id"},
    Argument{"messages", ArgumentKind::array, true},
    Argument{"idempotency_key"},
    Argument{"on_invalid"},
};

constexpr Tool kAppendMessages{
    "append_messages",
    append_messages,
    "Add messages to the end of a stored conversation (by conversation_id or external_id): only "
    "the new ones, with an idempotency_key if you may have to retry, or they are stored twice.",
    R"({"type": "object", "properties": {
        "conversation_id": {"type": "string"},
        "external_id": {"type": "string"},
        "messages": {"type": "array", "items": {"type": "object", "properties": {
            "author_name": {"type": "string"},
            "author_type": {"type": "string"},
            "content": {"type": "string"},
            "timestamp": {"type": "string"}},
            "required": ["content"], "additionalProperties": false}},
        "idempotency_key": {"type": "string"}},
        "required": ["messages"], "additionalProperties": false})",
    R"({"readOnlyHint": false, "destructiveHint": false})",
    R"({"type": "object", "properties": {
        "conversation_id": {"type": "string"}}})",
    true,
    nullptr,
    kAppendArguments,
};

constexpr Tool kGetConversations{
    "get_conversations",
    get_conversations,
    "List conversations, newest first: id, titles, times, counts. For an overview and \"what was "
    "said last week\"; to find something use search_conversations.",
    "",
    kReadsOnly,
    R"({"type": "object", "properties": {
        "conversations": {"type": "array"},
        "next_cursor": {"type": "string"}}})",
    false,
    [] { return described(Door::tool, ListRequest()); },
};

constexpr Tool kGetConversation{
    "get_conversation",
    get_conversation,
    "Read the messages of one conversation, word for word. from and to: message indices from 0, "
    "inclusive, the numbers in brackets of a search, to read around a passage.",
    "",
    kReadsOnly,
    R"({"type": "object", "properties": {
        "messages": {"type": "array"},
        "next_cursor": {"type": "string"}}})",
    false,
    [] { return described(Door::tool, MessagesRequest()); },
};

constexpr std::array kUpdateArguments{
    Argument{"conversation_id", ArgumentKind::id, true},
    Argument{"scenario_title"},
    Argument{"original_title"},
    Argument{"url"},
    Argument{"metadata", ArgumentKind::object},
};

constexpr Tool kUpdateConversation{
    "update_conversation",
    update_conversation,
    "Correct titles, url or metadata (whole) of a conversation; the rest stays.",
    R"({"type": "object", "properties": {
        "conversation_id": {"type": "string"},
        "scenario_title": {"type": "string"},
        "original_title": {"type": "string"},
        "url": {"type": "string"},
        "metadata": {"type": "object", "properties": {}}},
        "required": ["conversation_id"], "additionalProperties": false})",
    kWrites,
    R"({"type": "object", "properties": {"id": {"type": "string"}}})",
    true,
    nullptr,
    kUpdateArguments,
};

constexpr std::array kDeleteArguments{Argument{"conversation_id", ArgumentKind::id, true}};

constexpr Tool kDeleteConversation{
    "delete_conversation",
    delete_conversation,
    "Delete a conversation for good. Only when the user asks for it.",
    R"({"type": "object", "properties": {"conversation_id": {"type": "string"}},
        "required": ["conversation_id"], "additionalProperties": false})",
    R"({"readOnlyHint": false, "destructiveHint": true, "idempotentHint": true})",
    R"({"type": "object", "properties": {
        "conversation_id": {"type": "string"}}})",
    true,
    nullptr,
    kDeleteArguments,
};

constexpr std::array kSearchArguments{Argument{"query", ArgumentKind::text, true}};

constexpr Tool kSearch{
    "search",
    search,
    "Find stored conversations that answer a question, best first, each with the words that "
    "matched; read one with fetch.",
    R"({"type": "object", "properties": {"query": {"type": "string"}},
        "required": ["query"], "additionalProperties": false})",
    kReadsOnly,
    R"({"type": "object", "properties": {
        "results": {"type": "array"}}})",
    false,
    nullptr,
    kSearchArguments,
};

constexpr std::array kFetchArguments{Argument{"id", ArgumentKind::id, true}};

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
        "next_cursor": {"type": "string"}}})",
    false,
    nullptr,
    kFetchArguments,
};

constexpr Tool kHealthCheck{
    "health_check",
    health_check,
    "Tell whether the memory is ready.",
    R"({"type": "object", "properties": {}, "additionalProperties": false})",
    kReadsOnly,
    R"({"type": "object", "properties": {"status": {"type": "string"}}})",
};

constexpr std::array<Tool, 10> kTools{
    kSearchConversations,
    kIngestConversation,
    kAppendMessages,
    kGetConversations,
    kGetConversation,
    kUpdateConversation,
    kDeleteConversation,
    kSearch,
    kFetch,
    kHealthCheck};

ArgumentKind kind_of(ParameterType type) {
    switch (type) {
        case ParameterType::integer:
            return ArgumentKind::integer;
        case ParameterType::number:
            return ArgumentKind::number;
        case ParameterType::flag:
            return ArgumentKind::flag;
        case ParameterType::id:
            return ArgumentKind::id;
        default:
            return ArgumentKind::text;
    }
}

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

std::vector<Argument> arguments_of(const Tool& tool) {
    std::vector<Argument> known(tool.arguments.begin(), tool.arguments.end());
    if (tool.parameters == nullptr) return known;
    for (const DescribedParameter& described : tool.parameters()) {
        const Parameter& parameter = *described.parameter;
        known.push_back(
            {parameter.names.at(Door::tool), kind_of(parameter.type), parameter.required}
        );
    }
    return known;
}

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
