#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "application/search_result.hpp"

/// What people and assistants read of a search: the messages themselves, each hit with what was
/// said around it.
namespace rag {

struct PassageMessage {
    std::int64_t index = 0;
    std::optional<std::string> author;
    std::optional<std::string> type;
    std::optional<Timestamp> time;
    std::string text;     // Verbatim.
    std::string matched;  // The part of a long message that was found; else empty.
    bool hit = false;
    bool text_truncated = false;  // The budget was too small for all of it.
};

struct Passage {
    SearchResult best;                     // The best of its hits.
    std::vector<PassageMessage> messages;  // In order.
};

/// Messages of one conversation to be shown together.
struct PassageSpan {
    std::vector<std::size_t> hits;  // Places among the results, best first.
    std::int64_t from = 0;
    std::int64_t to = 0;  // Inclusive; may be behind the last message.
};

/// Each hit with `context` messages to both sides; spans of a conversation that touch are one.
/// Ordered by the best hit of each.
std::vector<PassageSpan> passage_spans(const std::vector<SearchResult>& hits, std::size_t context);

/// The span with its messages, those that exist.
Passage make_passage(
    const PassageSpan& span,
    const std::vector<SearchResult>& hits,
    std::vector<StoredMessage> messages
);

/// What a passage costs its reader.
struct PassageCost {
    std::function<std::size_t(const Passage&)> head;
    std::function<std::size_t(const PassageMessage&)> message;
    std::function<std::size_t(const std::string&)> text;
};

/// Makes the passages fit: context goes first (of the last passage first, the farthest of a hit
/// first), then whole passages from the end. One always stays; of long messages it keeps the part
/// that was found, and is cut after a word if that is still over. True if anything was left out.
bool fit_passages(std::vector<Passage>& passages, std::size_t max_tokens, const PassageCost& cost);

}  // namespace rag
