#include "cursor.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <optional>
#include <system_error>

namespace rag {
namespace {

constexpr char kSeparator = '-';
constexpr char kKeyMark = '.';

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

std::string make_cursor(CursorPlace place, const ParameterDigest& parameters) {
    std::string text = to_hex(place.number);
    if (place.key != 0) text += kKeyMark + to_hex(place.key);
    return text + kSeparator + to_hex(parameters.value());
}

Result<CursorPlace> read_cursor(std::string_view cursor, const ParameterDigest& parameters) {
    const std::size_t separator = cursor.find(kSeparator);
    if (separator != std::string_view::npos) {
        const std::string_view place = cursor.substr(0, separator);
        const std::size_t mark = std::min(place.find(kKeyMark), place.size());
        const std::optional<std::uint64_t> number = from_hex(place.substr(0, mark));
        const std::optional<std::uint64_t> key =
            mark == place.size() ? 0 : from_hex(place.substr(mark + 1));
        const std::optional<std::uint64_t> digest = from_hex(cursor.substr(separator + 1));
        if (number && key && digest == parameters.value()) return CursorPlace{*number, *key};
    }
    return fail(
        ErrorCode::invalid_argument,
        "This cursor was not made for these parameters; repeat those of the page it came with.",
        "/cursor"
    );
}

}  // namespace rag
