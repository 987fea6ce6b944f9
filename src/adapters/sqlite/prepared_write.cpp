#include "prepared_write.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "text/normalize.hpp"

namespace rag::sqlite {

namespace {

Result<void> check_spans(std::span<const NewChunk> chunks, std::size_t messages) {
    const auto count = static_cast<std::int64_t>(messages);
    for (const NewChunk& chunk : chunks) {
        const std::int64_t first = chunk.chunk.message_start;
        const std::int64_t last = chunk.chunk.message_end;
        if (first < 0 || first > last || last >= count) {
            return fail(ErrorCode::internal, "A chunk covers messages that are not there.");
        }
    }
    return {};
}

/// Of a chunk's messages, in order.
std::vector<Timestamp> times_of(
    const Chunk& chunk, std::span<const Message> messages, Timestamp stored_at
) {
    const auto first = static_cast<std::size_t>(chunk.message_start);
    const auto count = static_cast<std::size_t>(chunk.message_end) - first + 1;
    std::vector<Timestamp> times;
    times.reserve(count);
    for (const Message& message : messages.subspan(first, count)) {
        times.push_back(message.timestamp.value_or(stored_at));
    }
    return times;
}

PreparedChunk prepare(NewChunk chunk, std::span<const Message> messages, Timestamp stored_at) {
    PreparedChunk made;
    IndexedChunk& indexed = made.indexed;
    indexed.order_index = chunk.chunk.order_index;
    indexed.author_name = text::comparison_form(chunk.chunk.author_name);
    indexed.author_type = text::author_form(chunk.chunk.author_type);
    indexed.message_times = times_of(chunk.chunk, messages, stored_at);
    indexed.timestamp = indexed.message_times.front();
    indexed.traits = chunk.traits;
    indexed.terms = std::move(chunk.terms);
    indexed.length = chunk.length;
    indexed.embedding = std::move(chunk.embedding);
    made.message_times = encode_times(indexed.message_times);
    made.terms = encode_terms(indexed.terms);
    made.content_ids = encode_ids(indexed.embedding.pieces.content_ids);
    made.unique_ids = encode_ascending_ids(indexed.embedding.pieces.unique_ids);
    made.chunk = std::move(chunk.chunk);
    return made;
}

std::size_t bytes_of(const std::vector<Message>& messages) {
    std::size_t bytes = 0;
    for (const Message& message : messages) {
        bytes += sizeof(Message) + message.content.size() + message.metadata.raw.size() * 2;
    }
    return bytes;
}

std::size_t bytes_of(const std::vector<NewChunk>& chunks) {
    std::size_t bytes = 0;
    for (const NewChunk& chunk : chunks) {
        const PieceBits& pieces = chunk.embedding.pieces;
        bytes += sizeof(NewChunk) + chunk.chunk.text.size() + chunk.terms.size() * sizeof(Term) +
                 chunk.embedding.vector.size() * sizeof(float) + pieces.bits.size() +
                 (pieces.content_ids.size() + pieces.unique_ids.size()) * sizeof(std::int32_t);
    }
    return bytes;
}

std::size_t encoded_bytes(const PreparedChunk& chunk) {
    return chunk.message_times.size() + chunk.terms.size() + chunk.content_ids.size() +
           chunk.unique_ids.size();
}

IndexedHeader compared(const ConversationHeader& header) {
    return {.scenario_title = text::comparison_form(header.scenario_title)};
}

Result<PreparedMessages> prepare(
    std::vector<Message> messages, std::vector<NewChunk> chunks, std::size_t bytes, Timestamp now
) {
    if (Result<void> valid = check_spans(chunks, messages.size()); !valid) {
        return tl::unexpected(std::move(valid.error()));
    }
    PreparedMessages made;
    made.bytes = bytes;
    made.stored_at = now;
    if (!messages.empty()) made.first_at = made.last_at = messages.front().timestamp.value_or(now);
    made.chunks.reserve(chunks.size());
    for (NewChunk& chunk : chunks) {
        made.chunks.push_back(prepare(std::move(chunk), messages, now));
        made.bytes += encoded_bytes(made.chunks.back());
    }
    made.messages.reserve(messages.size());
    for (Message& message : messages) {
        PreparedMessage& one = made.messages.emplace_back();
        one.compared_author_name = text::comparison_form(message.author_name);
        one.author_class = author_class_of(text::author_form(message.author_type));
        const Timestamp time = message.timestamp.value_or(now);
        made.first_at = std::min(made.first_at, time);
        made.last_at = std::max(made.last_at, time);
        one.message = std::move(message);
    }
    return made;
}

}  // namespace

std::size_t bytes_of(const NewConversation& conversation) {
    return bytes_of(conversation.conversation.messages) + bytes_of(conversation.chunks);
}

std::size_t bytes_of(const NewMessages& messages) {
    return bytes_of(messages.messages) + bytes_of(messages.chunks);
}

std::size_t bytes_of(const ConversationChange& change) {
    std::size_t bytes = bytes_of(change.messages) + bytes_of(change.chunks);
    for (const ChangedMessage& one : change.changed) bytes += read_bytes(one.message);
    if (change.header) bytes += change.header->header.metadata.raw.size();
    return bytes;
}

Result<PreparedConversation> prepare(NewConversation conversation, Timestamp now) {
    const std::size_t bytes = bytes_of(conversation);
    Result<PreparedMessages> content = prepare(
        std::move(conversation.conversation.messages), std::move(conversation.chunks), bytes, now
    );
    if (!content) return tl::unexpected(std::move(content.error()));
    PreparedConversation made;
    made.header = std::move(conversation.conversation.header);
    made.compared = compared(made.header);
    made.fingerprint = conversation.fingerprint;
    made.content = std::move(*content);
    made.messages_without_words = std::move(conversation.messages_without_words);
    return made;
}

Result<PreparedAppend> prepare(NewMessages messages, Timestamp now) {
    const std::size_t bytes = bytes_of(messages);
    Result<PreparedMessages> content =
        prepare(std::move(messages.messages), std::move(messages.chunks), bytes, now);
    if (!content) return tl::unexpected(std::move(content.error()));
    PreparedAppend made;
    made.conversation_id = messages.conversation_id;
    made.fingerprint_before = messages.fingerprint_before;
    made.fingerprint_after = messages.fingerprint_after;
    made.content = std::move(*content);
    made.messages_without_words = std::move(messages.messages_without_words);
    return made;
}

Result<PreparedChange> prepare(ConversationChange change, Timestamp now) {
    const std::size_t bytes = bytes_of(change);
    Result<PreparedMessages> content =
        prepare(std::move(change.messages), std::move(change.chunks), bytes, now);
    if (!content) return tl::unexpected(std::move(content.error()));
    PreparedChange made;
    made.conversation_id = change.conversation_id;
    made.fingerprint_before = change.fingerprint_before;
    made.fingerprint_after = change.fingerprint_after;
    if (change.header) made.compared = compared(change.header->header);
    made.header = std::move(change.header);
    made.changed = std::move(change.changed);
    made.replaces = change.replaces;
    made.content = std::move(*content);
    made.outcome = std::move(change.outcome);
    return made;
}

}  // namespace rag::sqlite
