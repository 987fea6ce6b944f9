#include "support/memory_store.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "application/fingerprint.hpp"
#include "domain/limits.hpp"

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
    constexpr std::int64_t kBegin = 1'765'000'000'000;  // 2025-12-06
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
    outcome.messages_without_words = std::move(made.messages_without_words);
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
    outcome.messages_without_words = std::move(made.messages_without_words);
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
    for (StoredNewChunk& chunk : stored.chunks) {
        const auto first = static_cast<std::size_t>(chunk.data.chunk.message_start);
        chunk.data.chunk.timestamp = stored.messages[first].message.timestamp;
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
