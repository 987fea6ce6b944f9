#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "application/ingest_conversation.hpp"
#include "domain/conversation.hpp"
#include "domain/time_zone.hpp"

namespace rag::wire {

/// Something that was understood in another way than it was written.
struct Note {
    std::string pointer;
    std::string note;
};

/// The first of them, and how many there are.
class Notes {
public:
    static constexpr std::size_t kToldMax = 20;

    Notes() = default;
    /// `within`: where the body stands in something larger.
    explicit Notes(std::string within) : within_(std::move(within)) {}

    /// `make` gives the note; it is only called for one that is told.
    template <class Make>
    void add(Make make) {
        if (total_++ < kToldMax) told_.push_back(make());
    }

    const std::string& within() const { return within_; }
    bool empty() const { return total_ == 0; }
    std::size_t total() const { return total_; }
    const std::vector<Note>& told() const { return told_; }

private:
    std::string within_;
    std::vector<Note> told_;
    std::size_t total_ = 0;
};

/// Fields that were sent by another name than ours, so that an error of the core names them as they
/// were sent.
class SentNames {
public:
    static constexpr std::int64_t kHeader = -1;

    /// `own`: our name of it, which outlives this; `sent`: where it stands in the message.
    void add(std::int64_t message, std::string_view own, std::string sent) {
        if (own != sent) fields_.push_back({message, own, std::move(sent)});
    }

    /// "/messages/3/role" of "/messages/3/author_type", if that is what was sent.
    std::string pointer(std::string of_core) const;

private:
    struct Field {
        std::int64_t message;
        std::string_view own;
        std::string sent;
    };
    std::vector<Field> fields_;
};

/// What a body says of its own writing.
struct WriteWishes {
    std::optional<IfExists> if_exists = {};
    std::optional<OnInvalid> on_invalid = {};
    std::optional<std::string> idempotency_key = {};
};

/// How bodies are read where they do not say.
struct ReadingRules {
    const TimeZone* zone = &utc_zone();  // Of times without one.
    std::optional<OnInvalid> on_invalid = {};
};

struct SentConversation {
    Conversation conversation;
    WriteWishes wishes;
    Notes notes;
    SentNames names;
};

struct SentMessages {
    std::vector<Message> messages;
    WriteWishes wishes;
    Notes notes;
    SentNames names;
};

/// An error of the core, with the field's name as it was sent.
inline Error as_sent(Error error, const SentNames& names) {
    error.pointer = names.pointer(std::move(error.pointer));
    return error;
}

/// What is wished beside a body and in it. `invalid_argument` at `pointer` where they differ.
template <class Wish>
Result<std::optional<Wish>> agreed(
    const std::optional<Wish>& beside, const std::optional<Wish>& inside, std::string pointer
) {
    if (beside && inside && *beside != *inside) {
        return fail(
            ErrorCode::invalid_argument,
            "is said twice, and not the same; say it once",
            std::move(pointer)
        );
    }
    return beside ? beside : inside;
}

}  // namespace rag::wire
