#include <algorithm>
#include <utility>

#include "application/compute.hpp"
#include "text_bytes.hpp"
#include "tool_call.hpp"
#include "transcript.hpp"
#include "wire/parse.hpp"
#include "wire/render.hpp"

/// The pair of tools that ChatGPT's connectors call; names and shapes are theirs.
namespace rag::mcp {
namespace {

constexpr std::size_t kConversations = 10;  // Shown.
constexpr std::size_t kTitleCharacters = 60;
constexpr std::size_t kSnippetCharacters = 300;

std::string beginning(std::string_view text, std::size_t characters_max) {
    const std::string_view first = first_characters(text, characters_max);
    return std::string(first) + (first.size() < text.size() ? "…" : "");
}

/// Enough to choose by: a title, or the first words of what was found, and what was found.
std::string row_json(const SearchResult& result) {
    const ConversationSummary& conversation = result.chunk.conversation;
    const std::string& text = result.chunk.stored.chunk.text;
    encoding::JsonWriter out;
    out.begin_object().id("id", conversation.id.value);
    const bool titled = has_title(conversation);
    out.member("title", titled ? title_of(conversation) : beginning(text, kTitleCharacters));
    out.member("url", url_of(conversation)).member("text", beginning(text, kSnippetCharacters));
    return out.end_object().take();
}

bool is_among(const std::vector<ConversationId>& ids, ConversationId id) {
    return std::ranges::find(ids, id) != ids.end();
}

struct FetchArguments {
    std::string id;
    ConversationId conversation;
    ReadPlace place;
};

/// "123", or "123@57": where the part before it ended.
Result<FetchArguments> read_fetch_arguments(const encoding::Value& arguments) {
    wire::FieldReader fields(arguments, "");
    FetchArguments read;
    std::optional<std::string> id = fields.string("id");
    if (!id) fields.refuse("id", "is missing: an id that search gave, a string");
    if (Result<void> valid = fields.finish(); !valid) {
        return tl::unexpected<Error>(std::move(valid.error()));
    }
    read.id = std::move(*id);
    const std::size_t at = read.id.find('@');
    Result<ConversationId> conversation = wire::parse_conversation_id(read.id.substr(0, at));
    std::optional<ReadPlace> place = ReadPlace{};
    if (at != std::string::npos) place = parse_place(read.id.substr(at + 1));
    if (!conversation || !place) {
        return fail(ErrorCode::invalid_argument, "is not an id that search gave", "/id");
    }
    read.conversation = *conversation;
    read.place = *place;
    return read;
}

std::string fetch_json(const FetchArguments& arguments, const Transcript& transcript) {
    const ConversationSummary& conversation = transcript.conversation;
    std::optional<std::string> next;
    if (transcript.next) {
        next = std::to_string(conversation.id.value) + "@" + format_place(*transcript.next);
    }
    encoding::JsonWriter out;
    out.begin_object().member("id", std::string_view(arguments.id));
    out.member("title", title_of(conversation)).member("text", std::string_view(transcript.text));
    out.member("url", url_of(conversation)).key("metadata").begin_object();
    out.member("created_at", format_timestamp(conversation.created_at));
    out.member("message_count", conversation.message_count).end_object();
    out.flag("truncated", next.has_value()).member("next_cursor", next);
    return out.end_object().take();
}

ToolOutput found_json(const std::vector<SearchResult>& results, const ResultBudget& budget) {
    std::vector<ConversationId> shown;
    encoding::JsonWriter out;
    out.begin_object().key("results").begin_array();
    constexpr std::size_t kFrame = 32;
    std::size_t used = kFrame;
    bool truncated = false;
    for (const SearchResult& result : results) {
        const ConversationSummary& conversation = result.chunk.conversation;
        if (shown.size() == kConversations) break;
        if (is_among(shown, conversation.id)) continue;
        const std::string row = row_json(result);
        used += budget.row_cost(row);
        truncated = used > budget.available();
        if (truncated) break;
        shown.push_back(conversation.id);
        out.raw(row);
    }
    out.end_array();
    if (truncated) out.flag("truncated", true);
    return out.end_object().take();
}

}  // namespace

Task<ToolOutput> search(const ServerContext& server, ToolCall call) {
    wire::FieldReader fields(call.arguments, "");
    std::optional<std::string> query = fields.string("query");
    if (!query) fields.refuse("query", "is missing: what to find, in plain words");
    if (Result<void> valid = fields.finish(); !valid) {
        co_return tl::unexpected<Error>(std::move(valid.error()));
    }
    SearchRequest request;
    request.query = std::move(*query);
    request.top_k = limits::kRowsDefault;  // Several of a conversation are among them.
    Result<SearchResponse> found =
        co_await server.use_cases.search.run(std::move(request), call.context);
    if (!found) co_return tl::unexpected<Error>(std::move(found.error()));

    std::size_t bytes = 0;
    for (const SearchResult& result : found->results) {
        bytes += text_bytes(result.chunk.conversation.header) + kSnippetCharacters;
    }
    auto job = [results = std::move(found->results), budget = call.budget] {
        return found_json(results, budget);
    };
    co_return co_await compute(server.work_pool, call.context, to_tokenize(bytes), std::move(job));
}

Task<ToolOutput> fetch(const ServerContext& server, ToolCall call) {
    Result<FetchArguments> read = read_fetch_arguments(call.arguments);
    if (!read) co_return tl::unexpected<Error>(std::move(read.error()));

    Result<ConversationSummary> summary =
        co_await server.use_cases.get.summary(read->conversation, call.context);
    if (!summary) co_return tl::unexpected<Error>(std::move(summary.error()));
    const Transcript longest{std::move(*summary), {}, ReadPlace{INT32_MAX, SIZE_MAX}};
    const std::size_t frame = call.budget.cost(fetch_json(*read, longest));
    const std::size_t available = call.budget.available();
    const std::size_t room = available > frame ? available - frame : 0;

    Result<Transcript> transcript = co_await read_transcript(
        server, read->conversation, read->place, room, call.budget, call.context
    );
    if (transcript) co_return fetch_json(*read, *transcript);
    Error error = std::move(transcript.error());
    if (error.code == ErrorCode::invalid_argument) error.pointer = "/id";
    co_return tl::unexpected<Error>(std::move(error));
}

}  // namespace rag::mcp
