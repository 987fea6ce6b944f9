#include "application/passages.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "token_budget.hpp"

namespace rag {
namespace {

const Chunk& chunk_of(const SearchResult& hit) { return hit.chunk.stored.chunk; }

bool is_within(std::int64_t index, const Chunk& chunk) {
    return index >= chunk.message_start && index <= chunk.message_end;
}

/// Joins the second span to the first if nothing stands between them.
bool join(PassageSpan& first, const PassageSpan& second) {
    if (second.from > first.to + 1 || first.from > second.to + 1) return false;
    first.from = std::min(first.from, second.from);
    first.to = std::max(first.to, second.to);
    first.hits.insert(first.hits.end(), second.hits.begin(), second.hits.end());
    std::ranges::sort(first.hits);
    return true;
}

/// The chunk's text as it stands in the message, without the author before it.
std::string part_of(const Chunk& chunk, const std::string& content) {
    std::string part = chunk.text;
    if (chunk.author_name && part.starts_with(*chunk.author_name + ": ")) {
        part.erase(0, chunk.author_name->size() + 2);
    }
    return part.size() < content.size() && content.find(part) != std::string::npos ? part : "";
}

std::size_t cost_of_hits(const Passage& passage, const PassageCost& cost) {
    std::size_t tokens = cost.head(passage);
    for (const PassageMessage& message : passage.messages) {
        if (message.hit) tokens += cost.message(message);
    }
    return tokens;
}

void keep_hits(Passage& passage) {
    std::erase_if(passage.messages, [](const PassageMessage& message) { return !message.hit; });
}

/// How many messages away the nearest hit is.
std::vector<std::int64_t> distances(const std::vector<PassageMessage>& messages) {
    std::vector<std::int64_t> away(messages.size(), INT64_MAX);
    for (std::size_t at = 0; at < messages.size(); ++at) {
        for (const PassageMessage& hit : messages) {
            if (!hit.hit) continue;
            away[at] = std::min(away[at], std::abs(hit.index - messages[at].index));
        }
    }
    return away;
}

/// Keeps what fits of the context, the nearest first. False once something did not fit.
bool keep_near(Passage& passage, std::size_t& left, const PassageCost& cost) {
    const std::vector<std::int64_t> away = distances(passage.messages);
    std::vector<std::size_t> order(away.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [&away](std::size_t at) { return away[at]; });
    std::vector<bool> kept(away.size(), false);
    bool whole = true;
    for (const std::size_t at : order) {
        const PassageMessage& message = passage.messages[at];
        const std::size_t tokens = message.hit ? 0 : cost.message(message);
        whole = whole && tokens <= left;
        if (!whole && !message.hit) continue;
        left -= tokens;
        kept[at] = true;
    }
    std::size_t at = 0;
    std::erase_if(passage.messages, [&](const PassageMessage&) { return !kept[at++]; });
    return whole;
}

/// The only passage left, and its hits alone are over.
void shorten(Passage& passage, std::size_t max_tokens, const PassageCost& cost) {
    for (PassageMessage& message : passage.messages) {
        if (message.matched.empty()) continue;
        message.text = message.matched;
        message.text_truncated = true;
    }
    while (passage.messages.size() > 1 && cost_of_hits(passage, cost) > max_tokens) {
        passage.messages.pop_back();
    }
    if (passage.messages.empty() || cost_of_hits(passage, cost) <= max_tokens) return;
    PassageMessage& message = passage.messages.front();
    const std::string text = std::exchange(message.text, "");
    const std::size_t frame = cost_of_hits(passage, cost);
    const std::size_t room = max_tokens > frame ? max_tokens - frame : 1;
    message.text = std::string(longest_beginning(text, room, cost.text));
    message.text_truncated = true;
}

}  // namespace

std::vector<PassageSpan> passage_spans(const std::vector<SearchResult>& hits, std::size_t context) {
    const auto around = static_cast<std::int64_t>(context);
    std::vector<PassageSpan> spans;
    for (std::size_t place = 0; place < hits.size(); ++place) {
        const Chunk& chunk = chunk_of(hits[place]);
        PassageSpan span{
            {place},
            std::max<std::int64_t>(0, chunk.message_start - around),
            chunk.message_end + around};
        // A span may touch several that were apart before it.
        for (auto other = spans.begin(); other != spans.end();) {
            const bool same = hits[other->hits[0]].chunk.stored.conversation_id ==
                              hits[place].chunk.stored.conversation_id;
            other = same && join(span, *other) ? spans.erase(other) : std::next(other);
        }
        spans.push_back(std::move(span));
    }
    std::ranges::sort(spans, {}, [](const PassageSpan& span) { return span.hits[0]; });
    return spans;
}

Passage make_passage(
    const PassageSpan& span,
    const std::vector<SearchResult>& hits,
    std::vector<StoredMessage> messages
) {
    Passage passage{hits[span.hits[0]], {}};
    for (StoredMessage& stored : messages) {
        Message& said = stored.message;
        PassageMessage& message = passage.messages.emplace_back();
        message.index = stored.index;
        message.author = std::move(said.author_name);
        message.type = std::move(said.author_type);
        message.time = said.timestamp;
        message.text = std::move(said.content);
        for (const std::size_t place : span.hits) {
            const Chunk& chunk = chunk_of(hits[place]);
            if (!is_within(stored.index, chunk)) continue;
            if (!message.hit && chunk.message_start == chunk.message_end) {
                message.matched = part_of(chunk, message.text);
            }
            message.hit = true;
        }
    }
    return passage;
}

bool fit_passages(std::vector<Passage>& passages, std::size_t max_tokens, const PassageCost& cost) {
    if (passages.empty()) return false;
    std::size_t left = max_tokens;
    std::size_t kept = 0;
    for (; kept < passages.size(); ++kept) {
        const std::size_t tokens = cost_of_hits(passages[kept], cost);
        if (tokens > left) break;
        left -= tokens;
    }
    bool whole = kept == passages.size();
    passages.resize(std::max<std::size_t>(kept, 1));
    bool fits = whole;  // Where passages had to go, all context has gone before them.
    for (Passage& passage : passages) {
        if (fits) {
            fits = keep_near(passage, left, cost);
            whole = whole && fits;
        } else {
            keep_hits(passage);
        }
    }
    if (kept == 0) shorten(passages.front(), max_tokens, cost);
    return !whole;
}

}  // namespace rag
