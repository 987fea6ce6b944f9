#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/time.hpp"

namespace rag {

struct ConversationId {
    std::int64_t value = 0;
    friend auto operator<=>(const ConversationId&, const ConversationId&) = default;
};

struct ChunkId {
    std::int64_t value = 0;
    friend auto operator<=>(const ChunkId&, const ChunkId&) = default;
};

/// A JSON object that is kept and given back as it was sent. Only adapters parse it.
struct Metadata {
    std::string raw;  // Verbatim JSON text; empty: none was sent.
    std::string
        canonical;  // Keys sorted, no white space, RFC 8785-like: equal content, equal text.
};

struct Message {
    std::optional<std::string> author_name;
    std::optional<std::string> author_type;  // As it was sent; one of `kAuthorTypes`.
    std::string content;
    std::optional<Timestamp> timestamp;
    std::optional<std::string> external_id;
    Metadata metadata;
};

struct ConversationHeader {
    std::optional<std::string> scenario_title;
    std::optional<std::string> original_title;
    std::optional<std::string> url;
    std::optional<std::string> external_id;
    Metadata metadata;
};

struct Conversation {
    ConversationHeader header;
    std::vector<Message> messages;
};

/// What an author can be. Filters treat the members of one class alike.
enum class AuthorClass : std::uint8_t { none, user, assistant, system, tool };

/// nullopt: not an author type (`user`, `human`, `assistant`, `ai`, `bot`, `system`, `developer`,
/// `tool`, `function`).
std::optional<AuthorClass> author_class(std::string_view author_type);

/// As stores keep it; `none` where there is no author type.
AuthorClass author_class_of(const std::optional<std::string>& author_type);

/// The word by which filters compare a folded author type: one for each class; any other word is
/// compared as it is.
std::string author_word(std::string_view folded_type);

/// Code points of valid UTF-8.
std::size_t count_characters(std::string_view text);

/// True if there is no letter, digit, sign or symbol in it: only white space and format characters.
bool is_blank(std::string_view text);

/// What to do with a body that holds characters that no text can hold: NUL, half of a surrogate
/// pair, bytes that are no UTF-8.
enum class OnInvalid : std::uint8_t { refuse, replace };
inline constexpr std::array kOnInvalid{OnInvalid::refuse, OnInvalid::replace};
inline constexpr std::array<std::string_view, kOnInvalid.size()> kOnInvalidNames{
    "refuse", "replace"};
constexpr std::string_view name_of(OnInvalid what) {
    return kOnInvalidNames[static_cast<std::size_t>(what)];
}

struct ConversationLimits {
    std::size_t messages_max;
    std::size_t message_bytes_max;
    std::size_t name_characters_max;
    std::size_t url_characters_max;
};

/// `invalid_argument` with a pointer ("/messages/3/content") for empty messages, blank content,
/// an unknown author type, or anything over a limit. Text is valid UTF-8 without NUL already.
Result<void> validate(const Conversation& conversation, const ConversationLimits& limits);
Result<void> validate(const std::vector<Message>& messages, const ConversationLimits& limits);
Result<void> validate(const ConversationHeader& header, const ConversationLimits& limits);

/// Bytes that are equal exactly if the content is (contract: "Same content, same key"). What is
/// stored of a conversation is the digest of its header, then, message by message, the digest of
/// the digest so far and the message, so an append extends it.
std::string canonical_bytes(const ConversationHeader& header);
std::string canonical_bytes(const Message& message);

}  // namespace rag
