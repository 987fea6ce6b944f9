#include "domain/conversation.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "domain/limits.hpp"
#include "scan.hpp"

namespace rag {
namespace {

using AuthorTypeRow = std::pair<std::string_view, AuthorClass>;

constexpr std::array<AuthorTypeRow, 10> kAuthorTypes{{
    {"user", AuthorClass::user},
    {"human", AuthorClass::user},
    {"assistant", AuthorClass::assistant},
    {"ai", AuthorClass::assistant},
    {"bot", AuthorClass::assistant},
    {"model", AuthorClass::assistant},
    {"system", AuthorClass::system},
    {"developer", AuthorClass::system},
    {"tool", AuthorClass::tool},
    {"function", AuthorClass::tool},
}};

bool equal_ignoring_case(std::string_view lower, std::string_view text) {
    return std::equal(lower.begin(), lower.end(), text.begin(), text.end(), [](char a, char b) {
        return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
    });
}

Error invalid(std::string message, std::string pointer) {
    return Error{ErrorCode::invalid_argument, std::move(message), std::move(pointer)};
}

/// nullopt: fits.
std::optional<Error> check_characters(
    const std::optional<std::string>& text, std::size_t characters_max, std::string pointer
) {
    if (!text || count_characters(*text) <= characters_max) return std::nullopt;
    return invalid(
        "longer than " + std::to_string(characters_max) + " characters", std::move(pointer)
    );
}

std::optional<Error> check_message(
    const Message& message, const ConversationLimits& limits, const std::string& pointer
) {
    if (message.content.size() > limits.message_bytes_max) {
        return invalid(
            "longer than " + std::to_string(limits.message_bytes_max) + " bytes",
            pointer + "/content"
        );
    }
    const std::size_t type_max = limits::kAuthorTypeCharactersMax;
    if (auto error = check_characters(message.author_type, type_max, pointer + "/author_type")) {
        return error;
    }
    const std::size_t name_max = limits.name_characters_max;
    if (auto error = check_characters(message.author_name, name_max, pointer + "/author_name")) {
        return error;
    }
    return check_characters(message.external_id, name_max, pointer + "/external_id");
}

std::optional<Error> check_header(
    const ConversationHeader& header, const ConversationLimits& limits
) {
    const std::size_t name_max = limits.name_characters_max;
    if (auto error = check_characters(header.scenario_title, name_max, "/scenario_title")) {
        return error;
    }
    if (auto error = check_characters(header.original_title, name_max, "/original_title")) {
        return error;
    }
    if (auto error = check_characters(header.url, limits.url_characters_max, "/url")) return error;
    return check_characters(header.external_id, name_max, "/external_id");
}

/// Collects fields so that different ones can never give equal bytes: each says whether it is
/// there and how long it is.
class CanonicalWriter {
public:
    explicit CanonicalWriter(char kind) : bytes_(1, kind) {}

    void add(std::string_view text) {
        bytes_.push_back('\1');
        add_number(text.size());
        bytes_.append(text);
    }

    void add(const std::optional<std::string>& text) {
        if (text) {
            add(std::string_view(*text));
        } else {
            bytes_.push_back('\0');
        }
    }

    void add(const std::optional<Timestamp>& time) {
        bytes_.push_back(time ? '\1' : '\0');
        if (time) add_number(static_cast<std::uint64_t>(time->ms));
    }

    std::string take() { return std::move(bytes_); }

private:
    void add_number(std::uint64_t value) {
        for (unsigned shift = 0; shift < 64; shift += 8) {
            bytes_.push_back(static_cast<char>((value >> shift) & 0xFFU));
        }
    }

    std::string bytes_;
};

}  // namespace

std::optional<AuthorClass> author_class(std::string_view author_type) {
    const auto* found = std::find_if(
        kAuthorTypes.begin(),
        kAuthorTypes.end(),
        [author_type](const AuthorTypeRow& row) {
            return equal_ignoring_case(row.first, author_type);
        }
    );
    if (found == kAuthorTypes.end()) return std::nullopt;
    return found->second;
}

std::string author_word(std::string_view folded_type) {
    constexpr std::array<std::string_view, 5> kWords{"", "user", "assistant", "system", "tool"};
    const std::optional<AuthorClass> known = author_class(folded_type);
    return std::string(known ? kWords[static_cast<std::size_t>(*known)] : folded_type);
}

AuthorClass author_class_of(const std::optional<std::string>& author_type) {
    if (!author_type) return AuthorClass::none;
    return author_class(*author_type).value_or(AuthorClass::none);
}

std::size_t count_characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
        return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
    }));
}

bool is_blank(std::string_view text) {
    for (std::size_t place = 0; place < text.size();) {
        if (!scan::is_invisible(scan::next_code_point(text, place))) return false;
    }
    return true;
}

Result<void> validate(const Conversation& conversation, const ConversationLimits& limits) {
    if (Result<void> valid = validate(conversation.header, limits); !valid) return valid;
    return validate(conversation.messages, limits);
}

Result<void> validate(const ConversationHeader& header, const ConversationLimits& limits) {
    if (auto error = check_header(header, limits)) return tl::unexpected(*error);
    return {};
}

Result<void> validate(const std::vector<Message>& messages, const ConversationLimits& limits) {
    if (messages.empty()) {
        return fail(ErrorCode::invalid_argument, "must hold at least one message", "/messages");
    }
    if (messages.size() > limits.messages_max) {
        return fail(
            ErrorCode::invalid_argument,
            "holds more than " + std::to_string(limits.messages_max) + " messages",
            "/messages"
        );
    }
    const auto blank = [](const Message& message) { return is_blank(message.content); };
    if (std::all_of(messages.begin(), messages.end(), blank)) {
        return fail(
            ErrorCode::invalid_argument, "must hold a message that is not blank", "/messages"
        );
    }
    for (std::size_t index = 0; index < messages.size(); ++index) {
        const std::string pointer = "/messages/" + std::to_string(index);
        if (auto error = check_message(messages[index], limits, pointer)) {
            return tl::unexpected(*error);
        }
    }
    return {};
}

std::string canonical_bytes(const ConversationHeader& header) {
    CanonicalWriter writer('C');
    writer.add(header.scenario_title);
    writer.add(header.original_title);
    writer.add(header.url);
    writer.add(header.external_id);
    writer.add(std::string_view(header.metadata.canonical));
    return writer.take();
}

std::string canonical_bytes(const Message& message) {
    CanonicalWriter writer('M');
    writer.add(message.author_name);
    writer.add(message.author_type);
    writer.add(std::string_view(message.content));
    writer.add(message.timestamp);
    writer.add(message.external_id);
    writer.add(std::string_view(message.metadata.canonical));
    return writer.take();
}

}  // namespace rag
