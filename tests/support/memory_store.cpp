#include "support/memory_store.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "application/fingerprint.hpp"
#include "domain/limits.hpp"
#include "support/filter_match.hpp"
#include "support/plain_fetch.hpp"

namespace rag::test {
namespace {

tl::unexpected<Error> no_such_conversation() {
    return fail(ErrorCode::not_found, "There is no such conversation.");
}

}  // namespace

Timestamp MemoryStore::now() const {
    const auto now = std::chrono::system_clock::now().time_since_epoch() + passed_;
    return {std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

Result<std::optional<WriteAnswer>> MemoryStore::find_answer(const WriteContext& context) const {
    const Timestamp oldest{now().ms - limits::kAnswersKept.count()};
    for (const WriteKey& key : context.keys) {
        const auto found = answers_.find({key.scope, key.key});
        if (found == answers_.end() || found->second.stored_at < oldest) continue;
        const encoding::Digest& digest = found->second.digest;
        if (digest != context.request_digest && digest != context.former_digest) {
            return fail(ErrorCode::key_reused, "The idempotency key was used with another body.");
        }
        return WriteAnswer{found->second.outcome, true, std::nullopt};
    }
    return std::nullopt;
}

std::optional<WriteOutcome> MemoryStore::find_duplicate(const encoding::Digest& fingerprint) const {
    for (const auto& [id, stored] : conversations_) {
        if (stored.fingerprint != fingerprint) continue;
        WriteOutcome outcome = outcome_of(id, stored);
        outcome.duplicate = true;
        return outcome;
    }
    return std::nullopt;
}

Result<KnownWrite> MemoryStore::find_known(
    const WriteContext& context, const std::optional<encoding::Digest>& fingerprint
) const {
    Result<std::optional<WriteAnswer>> answer = find_answer(context);
    if (!answer) return tl::unexpected<Error>(answer.error());
    KnownWrite known{std::move(*answer), std::nullopt};
    if (!known.answer && fingerprint) known.duplicate = find_duplicate(*fingerprint);
    return known;
}

Result<WriteAnswer> MemoryStore::save(NewConversation made, const WriteContext& context) {
    auto known = find_known(context, made.fingerprint);
    if (!known) return tl::unexpected<Error>(known.error());
    if (known->answer) return *known->answer;
    if (known->duplicate) return answer(*known->duplicate, context);

    const std::int64_t id = ++last_conversation_;
    Stored& stored = conversations_[id];
    stored.header = std::move(made.conversation.header);
    stored.created_at = now();
    stored.fingerprint = made.fingerprint;
    stored.messages = std::move(made.conversation.messages);
    add_chunks(stored, std::move(made.chunks), 0);

    WriteOutcome outcome = outcome_of(id, stored);
    outcome.messages_written = outcome.messages_total;
    outcome.chunks_written = outcome.chunks_total;
    return answer(std::move(outcome), context);
}

Result<WriteAnswer> MemoryStore::save_duplicate(WriteOutcome outcome, const WriteContext& context) {
    auto known = find_answer(context);
    if (!known) return tl::unexpected<Error>(known.error());
    if (*known) return **known;
    auto stored = find(outcome.conversation_id);
    if (!stored) return tl::unexpected<Error>(stored.error());
    return answer(std::move(outcome), context);
}

Result<WriteAnswer> MemoryStore::append(
    NewMessages made, std::size_t max, const WriteContext& context
) {
    auto known = find_answer(context);
    if (!known) return tl::unexpected<Error>(known.error());
    if (*known) return **known;
    const auto found = conversations_.find(made.conversation_id.value);
    if (found == conversations_.end()) return no_such_conversation();
    Stored& stored = found->second;
    const std::size_t first = stored.messages.size();
    if (first + made.messages.size() > max) {
        return fail(
            ErrorCode::invalid_argument, "The conversation would be too long.", "/messages"
        );
    }

    stored.fingerprint = extended_fingerprint(stored.fingerprint, made.messages);
    const std::size_t messages = made.messages.size();
    const std::size_t chunks = made.chunks.size();
    std::ranges::move(made.messages, std::back_inserter(stored.messages));
    add_chunks(stored, std::move(made.chunks), first);

    WriteOutcome outcome = outcome_of(found->first, stored);
    outcome.messages_written = static_cast<std::int64_t>(messages);
    outcome.chunks_written = static_cast<std::int64_t>(chunks);
    return answer(std::move(outcome), context);
}

Result<WriteAnswer> MemoryStore::remove(ConversationId id, const WriteContext& context) {
    auto known = find_answer(context);
    if (!known) return tl::unexpected<Error>(known.error());
    if (*known) return **known;
    const auto found = find(id);
    if (!found) return tl::unexpected<Error>(found.error());

    WriteOutcome outcome = outcome_of(id.value, (*found)->second);
    outcome.chunks_deleted = std::exchange(outcome.chunks_total, 0);
    outcome.messages_total = 0;
    conversations_.erase(*found);
    return answer(std::move(outcome), context);
}

CandidateSet MemoryStore::candidates(const ChunkQuery& query) const {
    std::vector<BruteForceChunk> chunks;
    for (const auto& [id, stored] : conversations_) {
        const bool wanted = matches(query.filter, ConversationId{id}, stored.header);
        for (const StoredNewChunk& chunk : stored.chunks) {
            BruteForceChunk& row = chunks.emplace_back();
            row.id = chunk.id;
            row.conversation_id = ConversationId{id};
            row.data = &chunk.data;
            row.passes = wanted && matches(query.filter, chunk.data.chunk, stored.messages);
            row.has_vector = has_vector(chunk);
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
        row.conversation = {
            ConversationId{conversation}, stored.header, stored.created_at, 0, 0, {}};

        const auto reach = static_cast<std::int64_t>(context);
        const Chunk& span = chunk->data.chunk;
        for (std::int64_t index = 0; index < std::ssize(stored.messages); ++index) {
            const bool near =
                index >= span.message_start - reach && index <= span.message_end + reach;
            const bool inside = index >= span.message_start && index <= span.message_end;
            if (!near || inside) continue;
            row.context.push_back({index, stored.messages[static_cast<std::size_t>(index)]});
        }
        for (const StoredMessage& message : row.context) bytes += read_bytes(message.message);
        row.context_left_out = !row.context.empty() && bytes > bytes_max;
        if (row.context_left_out) row.context.clear();
    }
    return loaded;
}

ConversationPage MemoryStore::list(const ListQuery& query) const {
    ConversationPage page;
    std::int64_t skipped = 0;
    for (auto place = conversations_.rbegin(); place != conversations_.rend(); ++place) {
        const auto& [id, stored] = *place;
        if (query.before && id >= query.before->value) continue;
        if (!matches(query.filter, ConversationId{id}, stored.header)) continue;
        const auto matching = [&query](const Message& message) {
            return matches(query.filter, message);
        };
        if (std::ranges::none_of(stored.messages, matching)) continue;
        if (skipped++ < query.skip) continue;
        if (page.conversations.size() == query.limit) {
            page.more = true;
            break;
        }
        page.conversations.push_back(*get(ConversationId{id}));
    }
    return page;
}

Result<ConversationSummary> MemoryStore::get(ConversationId id) const {
    const auto found = find(id);
    if (!found) return tl::unexpected<Error>(found.error());
    const Stored& stored = (*found)->second;
    return ConversationSummary{
        id,
        stored.header,
        stored.created_at,
        std::ssize(stored.messages),
        std::ssize(stored.chunks),
        stored.fingerprint};
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
    const std::vector<Message>& all = (*found)->second.messages;
    std::vector<StoredMessage> messages;
    std::size_t bytes = 0;
    for (std::int64_t index = std::max<std::int64_t>(range.from, 0); index <= range.to; ++index) {
        if (index >= std::ssize(all)) break;
        const Message& message = all[static_cast<std::size_t>(index)];
        bytes += read_bytes(message);
        messages.push_back({index, message});
    }
    if (bytes > bytes_max) {
        return fail(ErrorCode::too_large, "These messages are too many at once.");
    }
    return messages;
}

void MemoryStore::use_space(const EmbeddingSpace& space) {
    const auto found = std::ranges::find(spaces_, space);
    space_ = static_cast<std::size_t>(found - spaces_.begin());
    if (found == spaces_.end()) spaces_.push_back(space);
}

StoreCounts MemoryStore::counts() const {
    StoreCounts counts;
    for (const auto& [id, stored] : conversations_) {
        ++counts.conversations;
        counts.messages += std::ssize(stored.messages);
        counts.chunks += std::ssize(stored.chunks);
        counts.chunks_without_embedding += std::ranges::count_if(
            stored.chunks, [this](const StoredNewChunk& chunk) { return !has_vector(chunk); }
        );
    }
    return counts;
}

VerifyReport MemoryStore::verify() const {
    VerifyReport report{counts(), {}};
    for (const auto& [id, stored] : conversations_) {
        std::int32_t expected = 0;
        for (const StoredNewChunk& chunk : stored.chunks) {
            if (chunk.data.chunk.order_index != expected++) {
                report.problems.push_back(
                    "Conversation " + std::to_string(id) + " has a gap between its chunks."
                );
            }
        }
    }
    return report;
}

Result<MemoryStore::Conversations::const_iterator> MemoryStore::find(ConversationId id) const {
    const auto found = conversations_.find(id.value);
    if (found == conversations_.end()) return no_such_conversation();
    return found;
}

WriteOutcome MemoryStore::outcome_of(std::int64_t id, const Stored& stored) const {
    WriteOutcome outcome;
    outcome.conversation_id = ConversationId{id};
    outcome.messages_total = std::ssize(stored.messages);
    outcome.chunks_total = std::ssize(stored.chunks);
    outcome.header = stored.header;
    outcome.created_at = stored.created_at;
    return outcome;
}

void MemoryStore::add_chunks(
    Stored& stored, std::vector<NewChunk> chunks, std::size_t first_message
) {
    const auto first_chunk = static_cast<std::int32_t>(stored.chunks.size());
    const auto shift = static_cast<std::int32_t>(first_message);
    for (NewChunk& chunk : chunks) {
        chunk.chunk.order_index += first_chunk;
        chunk.chunk.message_start += shift;
        chunk.chunk.message_end += shift;
        stored.chunks.push_back({ChunkId{++last_chunk_}, std::move(chunk), space_});
    }
}

WriteAnswer MemoryStore::answer(WriteOutcome outcome, const WriteContext& context) {
    for (const WriteKey& key : context.keys) {
        answers_[{key.scope, key.key}] = {context.request_digest, outcome, now()};
    }
    return {std::move(outcome), false, std::nullopt};
}

bool MemoryStore::has_vector(const StoredNewChunk& chunk) const {
    return chunk.space == space_ && !chunk.data.embedding.vector.empty();
}

}  // namespace rag::test
