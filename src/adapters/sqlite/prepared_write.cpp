#include "prepared_write.hpp"

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

PreparedChunk prepare(NewChunk chunk, std::span<const Message> messages) {
    PreparedChunk made;
    IndexedChunk& indexed = made.indexed;
    indexed.order_index = chunk.chunk.order_index;
    indexed.author_name = text::comparison_form(chunk.chunk.author_name);
    indexed.author_class = author_class_of(chunk.chunk.author_type);
    indexed.timestamp = chunk.chunk.timestamp;
    indexed.message_times = message_times(chunk.chunk, messages);
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

Result<PreparedMessages> prepare(
    std::vector<Message> messages, std::vector<NewChunk> chunks, std::size_t bytes
) {
    if (Result<void> valid = check_spans(chunks, messages.size()); !valid) {
        return tl::unexpected(std::move(valid.error()));
    }
    PreparedMessages made;
    made.bytes = bytes;
    made.chunks.reserve(chunks.size());
    for (NewChunk& chunk : chunks) {
        made.chunks.push_back(prepare(std::move(chunk), messages));
        made.bytes += encoded_bytes(made.chunks.back());
    }
    made.messages.reserve(messages.size());
    for (Message& message : messages) {
        PreparedMessage& one = made.messages.emplace_back();
        one.compared_author_name = text::comparison_form(message.author_name);
        one.author_class = author_class_of(message.author_type);
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

Result<PreparedConversation> prepare(NewConversation conversation) {
    const std::size_t bytes = bytes_of(conversation);
    Result<PreparedMessages> content = prepare(
        std::move(conversation.conversation.messages), std::move(conversation.chunks), bytes
    );
    if (!content) return tl::unexpected(std::move(content.error()));
    PreparedConversation made;
    made.header = std::move(conversation.conversation.header);
    made.compared = {.scenario_title = text::comparison_form(made.header.scenario_title)};
    made.fingerprint = conversation.fingerprint;
    made.content = std::move(*content);
    return made;
}

Result<PreparedAppend> prepare(NewMessages messages) {
    const std::size_t bytes = bytes_of(messages);
    Result<PreparedMessages> content =
        prepare(std::move(messages.messages), std::move(messages.chunks), bytes);
    if (!content) return tl::unexpected(std::move(content.error()));
    PreparedAppend made;
    made.conversation_id = messages.conversation_id;
    made.fingerprint_before = messages.fingerprint_before;
    made.fingerprint_after = messages.fingerprint_after;
    made.content = std::move(*content);
    return made;
}

}  // namespace rag::sqlite
