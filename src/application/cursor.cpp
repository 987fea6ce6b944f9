#include "cursor.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <system_error>

namespace rag {
namespace {

constexpr char kSeparator = '-';

std::string to_hex(std::uint64_t number) {
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.begin(), digits.end(), number, 16).ptr;
    return {digits.begin(), end};
}

std::optional<std::uint64_t> from_hex(std::string_view text) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number, 16);
    if (error != std::errc() || stop != end) return std::nullopt;
    return number;
}

std::uint64_t bits_of(std::int64_t number) { return static_cast<std::uint64_t>(number); }

}  // namespace

void ParameterDigest::add(std::string_view text) {
    add(std::uint64_t{text.size()});  // So that "ab", "c" is not "a", "bc".
    for (const char character : text) add_byte(static_cast<unsigned char>(character));
}

void ParameterDigest::add(std::uint64_t number) {
    for (int byte = 0; byte < 8; ++byte) add_byte(static_cast<unsigned char>(number >> (8 * byte)));
}

void ParameterDigest::add(const Filter& filter) {
    const auto text = [this](const std::optional<std::string>& value) {
        add(std::uint64_t{value.has_value()});
        if (value) add(std::string_view(*value));
    };
    const auto number = [this](const auto& value, auto read) {
        add(std::uint64_t{value.has_value()});
        if (value) add(bits_of(read(*value)));
    };
    // Does not compile with another number of fields: a new one must be digested too, else its
    // pages get mixed.
    const auto& [author_name, author_class, scenario_title, conversation_id, date_from, date_to] =
        filter;
    text(author_name);
    number(author_class, [](AuthorClass value) { return static_cast<std::int64_t>(value); });
    text(scenario_title);
    number(conversation_id, [](ConversationId id) { return id.value; });
    number(date_from, [](Timestamp time) { return time.ms; });
    number(date_to, [](Timestamp time) { return time.ms; });
}

void ParameterDigest::add_byte(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3U; }

std::string make_cursor(std::uint64_t place, const ParameterDigest& parameters) {
    return to_hex(place) + kSeparator + to_hex(parameters.value());
}

Result<std::uint64_t> read_cursor(std::string_view cursor, const ParameterDigest& parameters) {
    const std::size_t separator = cursor.find(kSeparator);
    if (separator != std::string_view::npos) {
        const std::optional<std::uint64_t> place = from_hex(cursor.substr(0, separator));
        const std::optional<std::uint64_t> digest = from_hex(cursor.substr(separator + 1));
        if (place && digest == parameters.value()) return *place;
    }
    return fail(
        ErrorCode::invalid_argument,
        "This cursor was not made for these parameters; repeat those of the page it came with.",
        "/cursor"
    );
}

}  // namespace rag
