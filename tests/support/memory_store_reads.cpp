#include <algorithm>
#include <utility>

#include "support/filter_match.hpp"
#include "support/memory_store.hpp"
#include "support/plain_fetch.hpp"
#include "text/normalize.hpp"

namespace rag::test {

CandidateSet MemoryStore::candidates(const ChunkQuery& query) const {
    std::vector<BruteForceChunk> chunks;
    for (const auto& [id, stored] : conversations_) {
        const bool wanted = matches(query.filter, ConversationId{id}, stored.header);
        const std::vector<Message> messages = stored.plain_messages();
        for (const StoredNewChunk& chunk : stored.chunks) {
            BruteForceChunk& row = chunks.emplace_back();
            row.id = chunk.id;
            row.conversation_id = ConversationId{id};
            row.data = &chunk.data;
            row.passes = wanted && matches(query.filter, chunk.data.chunk, messages);
            row.has_vector = has_vector(chunk);
            const auto first = static_cast<std::size_t>(chunk.data.chunk.message_start);
            row.stored_at = stored.messages[first].stored_at;
        }
    }
    return assemble_candidates(fetch_plainly(chunks, query, overlook_each_), query.pool_size);
}

std::vector<LoadedChunk> MemoryStore::load(
    const std::vector<ChunkId>& ids, std::size_t context, std::size_t bytes_max
) const {
    std::map<ChunkId, std::pair<std::int64_t, const StoredNewChunk*>> places;
    for (const auto& [id, stored] : conversations_) {
        for (const StoredNewChunk& chunk : stored.chunks) places[chunk.id] = {id, &chunk};
    }
    std::vector<LoadedChunk> loaded;
    std::size_t bytes = 0;
    for (const ChunkId id : ids) {
        const auto place = places.find(id);
        if (place == places.end()) continue;
        const auto& [conversation, chunk] = place->second;
        const Stored& stored = conversations_.at(conversation);
        LoadedChunk& row = loaded.emplace_back();
        row.stored = {id, ConversationId{conversation}, chunk->data.chunk};
        row.tokens = chunk->data.traits.tokens;
        row.conversation = {ConversationId{conversation}, stored.header, stored.created_at, 0, 0};

        const auto reach = static_cast<std::int64_t>(context);
        const Chunk& span = chunk->data.chunk;
        for (std::int64_t index = 0; index < std::ssize(stored.messages); ++index) {
            const bool near =
                index >= span.message_start - reach && index <= span.message_end + reach;
            const bool inside = index >= span.message_start && index <= span.message_end;
            if (!near || inside) continue;
            row.context.push_back(stored.messages[static_cast<std::size_t>(index)]);
        }
        for (const StoredMessage& message : row.context) bytes += read_bytes(message.message);
        row.context_left_out = !row.context.empty() && bytes > bytes_max;
        if (row.context_left_out) row.context.clear();
    }
    return loaded;
}

std::vector<ChunkPlace> MemoryStore::timeline(const TimelineQuery& query) const {
    std::vector<ChunkPlace> places;
    for (const auto& [id, stored] : conversations_) {
        if (!matches(query.filter, ConversationId{id}, stored.header)) continue;
        const std::vector<Message> messages = stored.plain_messages();
        for (const StoredNewChunk& chunk : stored.chunks) {
            if (!matches(query.filter, chunk.data.chunk, messages)) continue;
            const auto first = static_cast<std::size_t>(chunk.data.chunk.message_start);
            const StoredMessage& message = stored.messages[first];
            const Timestamp time = message.message.timestamp.value_or(message.stored_at);
            places.push_back({chunk.id, ConversationId{id}, time});
        }
    }
    std::ranges::sort(places, [&query](const ChunkPlace& one, const ChunkPlace& other) {
        const auto a = std::pair(one.time, one.chunk_id);
        const auto b = std::pair(other.time, other.chunk_id);
        return query.newest_first ? b < a : a < b;
    });
    if (places.size() > query.limit) places.resize(query.limit);
    return places;
}

std::vector<FilterHint> MemoryStore::filter_hints(const Filter& filter) const {
    std::vector<FilterHint> hints;
    const Filter compared = text::comparison_form(filter);
    for (std::size_t at = 0; at < kFilterTexts.size(); ++at) {
        const std::optional<std::string>& wanted = compared.*kFilterTexts[at];
        if (!wanted) continue;
        std::map<std::string, std::string> values;  // By the form that filters compare.
        for (const auto& [id, stored] : conversations_) {
            for (const StoredNewChunk& chunk : stored.chunks) {
                Filter own;
                own.author_name = chunk.data.chunk.author_name;
                own.author_type = chunk.data.chunk.author_type;
                own.scenario_title = stored.header.scenario_title;
                const std::optional<std::string>& written = own.*kFilterTexts[at];
                if (!written) continue;
                values.emplace(*(text::comparison_form(own).*kFilterTexts[at]), *written);
            }
        }
        if (values.contains(*wanted)) continue;
        std::vector<std::string> forms;
        for (const auto& [form, written] : values) forms.push_back(form);
        FilterHint& hint = hints.emplace_back();
        hint.filter = kFilterTextNames[at];
        hint.value = *(filter.*kFilterTexts[at]);
        for (const std::size_t place : nearest_values(*wanted, forms)) {
            hint.nearest.push_back(values.at(forms[place]));
        }
    }
    return hints;
}

ConversationPage MemoryStore::list(const ListQuery& query) const {
    const auto key = [&query](const ConversationSummary& one) {
        const bool active = query.order == ListOrder::activity;
        return std::pair(active ? one.last_message_at : one.created_at, one.id);
    };
    std::vector<ConversationSummary> all;
    for (const auto& [id, stored] : conversations_) {
        const ConversationSummary summary = summary_of(id, stored);
        if (query.after && key(summary) >= std::pair(query.after->time, query.after->id)) continue;
        if (query.external_id && query.external_id != stored.header.external_id) continue;
        if (!matches(query.filter, ConversationId{id}, stored.header)) continue;
        const auto matching = [&query](const Message& message) {
            return matches(query.filter, message);
        };
        if (std::ranges::none_of(stored.plain_messages(), matching)) continue;
        all.push_back(summary);
    }
    std::ranges::sort(all, std::ranges::greater(), key);
    const auto skip = std::min<std::size_t>(static_cast<std::size_t>(query.skip), all.size());
    all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(skip));
    ConversationPage page;
    page.more = all.size() > query.limit;
    if (page.more) all.resize(query.limit);
    page.conversations = std::move(all);
    return page;
}

Result<ConversationSummary> MemoryStore::get(ConversationId id) const {
    const auto found = find(id);
    if (!found) return tl::unexpected<Error>(found.error());
    return summary_of(id.value, (*found)->second);
}

Result<std::vector<StoredChunk>> MemoryStore::chunks(ConversationId id, std::size_t bytes_max)
    const {
    const auto found = find(id);
    if (!found) return tl::unexpected<Error>(found.error());
    std::vector<StoredChunk> chunks;
    std::size_t bytes = 0;
    for (const StoredNewChunk& chunk : (*found)->second.chunks) {
        bytes += chunk.data.chunk.text.size();
        chunks.push_back({chunk.id, id, chunk.data.chunk});
    }
    if (bytes > bytes_max) return fail(ErrorCode::too_large, "These chunks are too many at once.");
    return chunks;
}

Result<std::vector<StoredMessage>> MemoryStore::messages(
    ConversationId id, MessageRange range, std::size_t bytes_max
) const {
    const auto found = find(id);
    if (!found) return tl::unexpected<Error>(found.error());
    const std::vector<StoredMessage>& all = (*found)->second.messages;
    std::vector<StoredMessage> messages;
    std::size_t bytes = 0;
    for (std::int64_t index = std::max<std::int64_t>(range.from, 0); index <= range.to; ++index) {
        if (index >= std::ssize(all)) break;
        messages.push_back(all[static_cast<std::size_t>(index)]);
        bytes += read_bytes(messages.back().message);
    }
    if (bytes > bytes_max) {
        return fail(ErrorCode::too_large, "These messages are too many at once.");
    }
    return messages;
}

}  // namespace rag::test
