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

WriteAnswer stale() {
    WriteAnswer answer;
    answer.stale = true;
    return answer;
}

}  // namespace

Timestamp MemoryStore::now() const {
    constexpr std::int64_t kBegin = 1'760'000'000'000;  // 2025-10-09
    return {kBegin + passed_.count()};
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
        return WriteAnswer{found->second.outcome, true, std::nullopt, false};
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
    const WriteContext& context, const std::optional<SoughtConversation>& sought
) const {
    Result<std::optional<WriteAnswer>> answer = find_answer(context);
    if (!answer) return tl::unexpected<Error>(answer.error());
    KnownWrite known{std::move(*answer), std::nullopt};
    if (known.answer || !sought) return known;
    known.duplicate = find_duplicate(sought->fingerprint);
    known.named = find_named(sought->external_id);
    return known;
}

Result<WriteAnswer> MemoryStore::save(NewConversation made, const WriteContext& context) {
    const SoughtConversation sought{made.fingerprint, made.conversation.header.external_id};
    auto known = find_known(context, sought);
    if (!known) return tl::unexpected<Error>(known.error());
    if (known->answer) return *known->answer;
    if (known->duplicate) return answer(*known->duplicate, context);
    if (known->named) return stale();

    const std::int64_t id = ++last_conversation_;
    Stored& stored = conversations_[id];
    stored.header = std::move(made.conversation.header);
    stored.created_at = now();
    stored.fingerprint = made.fingerprint;
    add_messages(stored, std::move(made.conversation.messages));
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
    add_messages(stored, std::move(made.messages));
    add_chunks(stored, std::move(made.chunks), first);

    WriteOutcome outcome = outcome_of(found->first, stored);
    outcome.messages_written = static_cast<std::int64_t>(messages);
    outcome.chunks_written = static_cast<std::int64_t>(chunks);
    return answer(std::move(outcome), context);
}

Result<WriteAnswer> MemoryStore::change(ConversationChange change, const WriteContext& context) {
    auto known = find_answer(context);
    if (!known) return tl::unexpected<Error>(known.error());
    if (*known) return **known;
    const auto found = conversations_.find(change.conversation_id.value);
    if (found == conversations_.end()) return stale();
    Stored& stored = found->second;
    if (stored.fingerprint != change.fingerprint_before) return stale();

    stored.fingerprint = change.fingerprint_after;
    if (change.header) {
        stored.header = std::move(change.header->header);
        stored.corrections = std::move(change.header->corrections);
    }
    for (ChangedMessage& one : change.changed) {
        stored.messages[static_cast<std::size_t>(one.index)].message = std::move(one.message);
    }
    if (change.replaces) {
        stored.messages.clear();
        stored.chunks.clear();
    }
    const std::size_t first = stored.messages.size();
    WriteOutcome outcome = change.outcome;
    outcome.messages_written = std::ssize(change.messages);
    outcome.chunks_written = std::ssize(change.chunks);
    add_messages(stored, std::move(change.messages));
    add_chunks(stored, std::move(change.chunks), first);
    fill(outcome, found->first, stored);
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

void MemoryStore::fill(WriteOutcome& outcome, std::int64_t id, const Stored& stored) const {
    const ConversationSummary summary = summary_of(id, stored);
    outcome.conversation_id = summary.id;
    outcome.messages_total = summary.message_count;
    outcome.chunks_total = summary.chunk_count;
    outcome.header = summary.header;
    outcome.created_at = summary.created_at;
    outcome.first_message_at = summary.first_message_at;
    outcome.last_message_at = summary.last_message_at;
}

WriteOutcome MemoryStore::outcome_of(std::int64_t id, const Stored& stored) const {
    WriteOutcome outcome;
    fill(outcome, id, stored);
    return outcome;
}

ConversationSummary MemoryStore::summary_of(std::int64_t id, const Stored& stored) const {
    ConversationSummary summary;
    summary.id = ConversationId{id};
    summary.header = stored.header;
    summary.created_at = stored.created_at;
    summary.message_count = std::ssize(stored.messages);
    summary.chunk_count = std::ssize(stored.chunks);
    summary.fingerprint = stored.fingerprint;
    summary.corrections = stored.corrections;
    summary.first_message_at = stored.time_of(stored.messages.front());
    summary.last_message_at = summary.first_message_at;
    for (const StoredMessage& one : stored.messages) {
        summary.first_message_at = std::min(summary.first_message_at, stored.time_of(one));
        summary.last_message_at = std::max(summary.last_message_at, stored.time_of(one));
    }
    return summary;
}

std::optional<ConversationSummary> MemoryStore::find_named(const std::optional<std::string>& name
) const {
    if (!name) return std::nullopt;
    for (const auto& [id, stored] : conversations_) {
        if (stored.header.external_id == name) return summary_of(id, stored);
    }
    return std::nullopt;
}

std::vector<Message> MemoryStore::Stored::plain_messages() const {
    std::vector<Message> plain;
    for (const StoredMessage& one : messages) {
        plain.push_back(one.message);
        plain.back().timestamp = time_of(one);
    }
    return plain;
}

void MemoryStore::add_messages(Stored& stored, std::vector<Message> messages) const {
    for (Message& message : messages) {
        const std::int64_t index = std::ssize(stored.messages);
        stored.messages.push_back({index, std::move(message), now()});
    }
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
    return {std::move(outcome), false, std::nullopt, false};
}

bool MemoryStore::has_vector(const StoredNewChunk& chunk) const {
    return chunk.space == space_ && !chunk.data.embedding.vector.empty();
}

}  // namespace rag::test
