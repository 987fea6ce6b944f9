#include "known_conversation.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "application/compute.hpp"
#include "application/fingerprint.hpp"
#include "encoding/json.hpp"

namespace rag {
namespace {

/// Messages asked for at once, unless their text is too much.
constexpr std::int64_t kMessagesAtOnce = 512;

std::size_t bytes_of(const std::vector<StoredMessage>& messages) {
    std::size_t bytes = 0;
    for (const StoredMessage& one : messages) bytes += read_bytes(one.message);
    return bytes;
}

}  // namespace

Metadata with_canonical_form(Metadata metadata) {
    if (metadata.raw.empty()) return metadata;
    // Only an object of this name is read as metadata.
    const Result<encoding::Value> read =
        encoding::parse_json("{\"metadata\":" + metadata.raw + "}");
    const encoding::Value* value = read ? read->find("metadata") : nullptr;
    const encoding::OpaqueObject* object = value == nullptr ? nullptr : value->opaque();
    if (object != nullptr) metadata.canonical = object->canonical;
    return metadata;
}

Task<Result<std::vector<StoredMessage>>> KnownConversation::read_from(
    std::int64_t first, CallContext context
) const {
    std::int64_t count = kMessagesAtOnce;
    while (true) {
        const MessageRange range{first, first + count - 1};
        Result<std::vector<StoredMessage>> read =
            co_await repository_.messages(found_.id, range, limits::kReadBytesMax, context);
        const bool too_many = !read && read.error().code == ErrorCode::too_large && count > 1;
        if (!read && !too_many) co_return read;
        if (too_many) {
            count /= 8;
            continue;
        }
        const TextAmount text = to_hash(bytes_of(*read));
        auto job = [messages = std::move(*read)]() mutable -> Result<std::vector<StoredMessage>> {
            for (StoredMessage& one : messages) {
                one.message.metadata = with_canonical_form(std::move(one.message.metadata));
            }
            return std::move(messages);
        };
        co_return co_await compute(pool_, context, text, std::move(job));
    }
}

Task<Result<Comparison>> KnownConversation::compare(
    const std::vector<Message>& sent, CallContext context
) const {
    Comparison comparison;
    const std::size_t both = std::min(sent.size(), static_cast<std::size_t>(found_.message_count));
    for (std::size_t place = 0; place < both;) {
        Result<std::vector<StoredMessage>> read =
            co_await read_from(static_cast<std::int64_t>(place), context);
        if (!read) co_return tl::unexpected<Error>(std::move(read.error()));
        if (read->empty()) break;  // They went meanwhile: the change will be told.
        for (const StoredMessage& stored : *read) {
            if (place == both) break;
            const Message& now = sent[place];
            if (!is_same_message(stored.message, now)) {
                comparison.differs = place;
                co_return comparison;
            }
            if (std::optional<Message> changed = said_again(stored.message, now)) {
                comparison.changed.push_back({stored.index, std::move(*changed)});
            }
            ++place;
        }
    }
    co_return comparison;
}

Task<Result<encoding::Digest>> KnownConversation::fingerprint_with(
    const ConversationHeader& header,
    const std::vector<ChangedMessage>& changed,
    CallContext context
) const {
    encoding::Digest so_far = fingerprint(header);
    auto next = changed.begin();
    for (std::int64_t place = 0; place < found_.message_count;) {
        Result<std::vector<StoredMessage>> read = co_await read_from(place, context);
        if (!read) co_return tl::unexpected<Error>(std::move(read.error()));
        if (read->empty()) break;
        const TextAmount text = to_hash(bytes_of(*read));
        std::vector<Message> messages;
        for (StoredMessage& stored : *read) {
            const bool other = next != changed.end() && next->index == stored.index;
            messages.push_back(other ? (next++)->message : std::move(stored.message));
        }
        place += std::ssize(messages);
        auto job = [messages = std::move(messages), so_far]() -> Result<encoding::Digest> {
            return extended_fingerprint(so_far, messages);
        };
        Result<encoding::Digest> extended = co_await compute(pool_, context, text, std::move(job));
        if (!extended) co_return extended;
        so_far = *extended;
    }
    co_return so_far;
}

Task<Result<std::vector<bool>>> KnownConversation::has_external_ids(
    const std::vector<Message>& sent, CallContext context
) const {
    std::vector<bool> known(sent.size(), false);
    std::unordered_multimap<std::string_view, std::size_t> wanted;
    for (std::size_t index = 0; index < sent.size(); ++index) {
        if (sent[index].external_id) wanted.emplace(*sent[index].external_id, index);
    }
    for (std::int64_t place = 0; place < found_.message_count && !wanted.empty();) {
        Result<std::vector<StoredMessage>> read = co_await read_from(place, context);
        if (!read) co_return tl::unexpected<Error>(std::move(read.error()));
        if (read->empty()) break;
        for (const StoredMessage& stored : *read) {
            ++place;
            if (!stored.message.external_id) continue;
            const auto [begin, end] = wanted.equal_range(*stored.message.external_id);
            for (auto one = begin; one != end; ++one) known[one->second] = true;
            wanted.erase(begin, end);
        }
    }
    co_return known;
}

}  // namespace rag
