#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "result_budget.hpp"
#include "server_context.hpp"
#include "text_cut.hpp"

/// A conversation as people read it, and its name.
namespace rag::mcp {

/// Where reading goes on: a message, and the byte of its content.
struct ReadPlace {
    std::int64_t index = 0;
    std::size_t offset = 0;
};

/// "57" or "57.1200"; nullopt: no such place.
std::optional<ReadPlace> parse_place(std::string_view text);
std::string format_place(ReadPlace place);

/// "conversation://123"
std::string conversation_uri(ConversationId id);
/// nullopt: not the address of a conversation.
std::optional<ConversationId> parse_conversation_uri(std::string_view uri);

bool has_title(const ConversationSummary& conversation);
/// The original title, else the scenario's, else "Conversation 123"; at most 200 characters.
std::string title_of(const ConversationSummary& conversation);
/// Where it came from, else its address here.
std::string url_of(const ConversationSummary& conversation);

struct Transcript {
    ConversationSummary conversation;
    std::string text;  // "Ana (2025-11-07T14:30:45.123Z): content", a blank line between.
    std::optional<ReadPlace> next;  // What did not fit begins there.
};

/// Reads as much of the conversation from `place` on as the tokens allow. `not_found`;
/// `invalid_argument`: there is no such place.
Task<Result<Transcript>> read_transcript(
    const ServerContext& server,
    ConversationId id,
    ReadPlace place,
    std::size_t tokens,
    ResultBudget budget,
    CallContext context
);

}  // namespace rag::mcp
