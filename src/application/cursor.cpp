#include "cursor.hpp"

#include <array>
#include <bit>
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

}  // namespace

void ParameterDigest::add(std::string_view text) {
    add(std::uint64_t{text.size()});  // So that "ab", "c" is not "a", "bc".
    for (const char character : text) add_byte(static_cast<unsigned char>(character));
}

void ParameterDigest::add(std::uint64_t number) {
    for (int byte = 0; byte < 8; ++byte) add_byte(static_cast<unsigned char>(number >> (8 * byte)));
}

void ParameterDigest::add_value(const ParameterValue& value) {
    add(std::uint64_t{value.index()});  // So that an absent one is not an empty one.
    if (const bool* flag = std::get_if<bool>(&value)) add(std::uint64_t{*flag});
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        add(static_cast<std::uint64_t>(*number));
    }
    if (const auto* number = std::get_if<double>(&value))
        add(std::bit_cast<std::uint64_t>(*number));
    if (const auto* text = std::get_if<std::string>(&value)) add(std::string_view(*text));
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
